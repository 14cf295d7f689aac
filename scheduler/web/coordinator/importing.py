"""People or series from a list: upload it, say what its columns hold, throw it away."""

from flask import abort, flash, redirect, render_template, url_for
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import SelectField

from scheduler import clock
from scheduler.domain.imports import review, stage
from scheduler.domain.imports.kinds import KINDS
from scheduler.domain.imports.mapping import HEADED_WITHIN, Fields, ListKind, order_in, samples
from scheduler.domain.imports.people_columns import PEOPLE
from scheduler.domain.imports.queries import BatchView, State, batch, batches
from scheduler.domain.imports.reading import has_open_dates
from scheduler.domain.imports.series_columns import SERIES
from scheduler.domain.imports.table import Table
from scheduler.domain.people.roles import Role
from scheduler.domain.schedule.written_dates import Order
from scheduler.errors import Invalid
from scheduler.extensions import db
from scheduler.formats.table_files import read_table
from scheduler.formats.tables import LARGEST_FILE, MOST_ROWS
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.import_words import FIELDS, ORDERS, STATES, WORDS
from scheduler.web.forms import Form, Needed, Revision, refusals_on, status_of
from scheduler.web.guard import actor, allow, reach, takes
from scheduler.web.language import gettext, lazy_gettext
from scheduler.web.navigation import stand_with
from scheduler.web.offers import offers

Answer = str | tuple[str, int] | Response


class UploadForm(Form):
    """A list."""

    file = FileField(
        lazy_gettext("The list"), [Needed(lazy_gettext("Choose a file."))], render_kw={"accept": ".csv,.xlsx"}
    )


@blueprint.route("/import", methods=["GET", "POST"])
@takes(LARGEST_FILE)
@allow(Role.COORDINATOR)
def import_people() -> Answer:
    """Upload a list of people, or go on with one."""
    return _bring(PEOPLE)


@blueprint.route("/import/series", methods=["GET", "POST"])
@takes(LARGEST_FILE)
@allow(Role.COORDINATOR)
def import_series() -> Answer:
    """Upload a list of series, or go on with one."""
    return _bring(SERIES)


def _bring(kind: ListKind) -> Answer:
    form = UploadForm()
    if form.validate_on_submit():
        with refusals_on(form):
            table = read_table(form.file.data.read(LARGEST_FILE + 1))  # outside: nobody waits for it
            with transaction(db.session) as session:
                made = stage.stage(session, actor=actor(), table=table, kind=kind, now=clock.now())
            return redirect(url_for("coordinator.import_columns", batch_id=made), code=303)
    shown = render_template(
        "coordinator/import.html",
        form=form,
        lists=batches(db.session(), kind=kind, reach=reach()),
        words=WORDS[kind.name],
        states=STATES,
        most=kind.most_rows or MOST_ROWS,
        megabytes=LARGEST_FILE // 2**20,
    )
    return shown, status_of(form)


@blueprint.route("/import/<int:batch_id>/columns", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def import_columns(batch_id: int) -> Answer:
    """Say what each column holds."""
    found = load(batch_id)
    if found.state is not State.STAGED:
        return to_list(batch_id)
    table, fields = review.table_and_fields(db.session(), batch_id)
    form = _columns_form(found, table, fields)
    if form.validate_on_submit():
        named = {field.value: field for field in KINDS[found.kind].fields}
        chosen = [named.get(form[f"column{column}"].data or "") for column in range(len(table.headings))]
        order = Order(form["order"].data) if form["order"].data else None
        with refusals_on(form):
            with transaction(db.session) as session:
                seen = form["revision"].seen
                stage.map_columns(session, batch_id=batch_id, revision=seen, fields=chosen, order=order)
            return to_list(batch_id)
    columns = [(form[f"column{column}"], samples(table, column)) for column in range(len(table.headings))]
    page = render_template(
        "coordinator/import_columns.html",
        form=form,
        batch=found,
        words=WORDS[found.kind],
        columns=columns,
        left_out=[field.label.text for field, _ in columns if not field.data],
        asks_order=has_open_dates(table),
        heading=_heading_form(found, table),
        above=[", ".join(filter(None, row.cells)) for row in table.above],
        note=table.note,
    )
    return page, status_of(form)


@blueprint.post("/import/<int:batch_id>/headings")
@allow(Role.COORDINATOR)
def import_headings(batch_id: int) -> Answer:
    """Say in which row the headings stand."""
    found = load(batch_id)
    if found.state is State.STAGED:
        table, _ = review.table_and_fields(db.session(), batch_id)
        form = _heading_form(found, table)
        if form.validate_on_submit():
            try:
                with transaction(db.session) as session:
                    seen, number = form["revision"].seen, int(form["number"].data)
                    stage.head(session, batch_id=batch_id, revision=seen, number=number)
            except Invalid as error:
                flash(gettext(str(error)))
    return redirect(url_for("coordinator.import_columns", batch_id=batch_id), code=303)


@blueprint.post("/import/<int:batch_id>/leave")
@allow(Role.COORDINATOR)
def import_leave(batch_id: int) -> Answer:
    """Throw a list away."""
    found = load(batch_id)
    with transaction(db.session) as session:
        stage.leave(session, actor=actor(), batch_id=batch_id, now=clock.now())
    flash(gettext("The list is thrown away. Nothing was changed."))
    return redirect(url_for(WORDS[found.kind].endpoint), code=303)


def load(batch_id: int) -> BatchView:
    """The list of this number, to whose kind the page belongs.

    Of one that is gone, or another's business, the page of lists says so.
    """
    found = batch(db.session(), batch_id, reach=reach())
    if found is None:
        flash(gettext(stage.GONE))
        abort(redirect(url_for("coordinator.import_people"), code=303))
    stand_with(WORDS[found.kind].endpoint)
    return found


def to_list(batch_id: int) -> Response:
    """The way to what a list does, or did."""
    return redirect(url_for("coordinator.import_list", batch_id=batch_id), code=303)


def _heading_form(found: BatchView, table: Table) -> Form:
    rows = {
        str(row.number): gettext(
            "Row %(number)d: %(cells)s", number=row.number, cells=", ".join(filter(None, row.cells))[:60]
        )
        for row in table.lines[:HEADED_WITHIN]
    }

    class HeadingForm(Form):
        revision = Revision()
        number = SelectField(gettext("The headings stand in"), choices=offers(rows))

    return HeadingForm(data={"revision": str(found.revision), "number": str(table.number)})


def _columns_form(found: BatchView, table: Table, fields: Fields) -> Form:
    by_column = {"": gettext("As each column shows")}

    class ColumnsForm(Form):
        revision = Revision()
        order = SelectField(
            gettext("How to read dates such as 3/4/2026"),
            choices=offers(by_column | {each.value: str(word) for each, word in ORDERS.items()}),
        )

    words = {field.value: str(word) for field, word in FIELDS[found.kind].items()}
    offered = offers({"": gettext("Leave it out"), **words})
    for column, heading in enumerate(table.headings):
        label = heading or gettext("Column %(number)d", number=column + 1)
        setattr(ColumnsForm, f"column{column}", SelectField(label, choices=offered))
    stands = {f"column{column}": field.value if field else "" for column, field in enumerate(fields)}
    order = order_in(found.mapping)
    return ColumnsForm(
        data={"revision": str(found.revision), "order": order.value if order else "", **stands}
    )
