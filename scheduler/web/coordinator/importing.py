"""People from a list: upload it, say what its columns hold, see what it does, apply it, take it back."""

from flask import abort, flash, redirect, render_template, url_for
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import SelectField

from scheduler import clock
from scheduler.domain.imports import review, stage
from scheduler.domain.imports.dates import Order
from scheduler.domain.imports.drafts import has_open_dates
from scheduler.domain.imports.mapping import Field, order_in, samples
from scheduler.domain.imports.queries import BatchView, State, batch, batches
from scheduler.domain.imports.table import Table
from scheduler.domain.people.roles import Role
from scheduler.extensions import db
from scheduler.formats.table_files import read_table
from scheduler.formats.tables import LARGEST_FILE
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.import_words import FIELDS, ORDERS, STATES
from scheduler.web.forms import Form, Needed, Revision, refusals_on, status_of
from scheduler.web.guard import actor, allow, reach, takes
from scheduler.web.language import gettext, lazy_gettext
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
    """Upload a list, or go on with one."""
    form = UploadForm()
    if form.validate_on_submit():
        with refusals_on(form):
            table = read_table(form.file.data.read(LARGEST_FILE + 1))  # outside: nobody waits for it
            with transaction(db.session) as session:
                made = stage.stage(session, actor=actor(), table=table, now=clock.now())
            return redirect(url_for("coordinator.import_columns", batch_id=made), code=303)
    lists = batches(db.session(), reach=reach())
    shown = render_template(
        "coordinator/import.html", form=form, lists=lists, states=STATES, megabytes=LARGEST_FILE // 2**20
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
    form = _columns_form(table, fields, order_in(found.mapping), found.revision)
    if form.validate_on_submit():
        chosen = [_field(form[f"column{column}"].data) for column in range(len(table.headings))]
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
        columns=columns,
        left_out=[field.label.text for field, _ in columns if not field.data],
        asks_order=has_open_dates(table),
        note=table.note,
    )
    return page, status_of(form)


@blueprint.post("/import/<int:batch_id>/leave")
@allow(Role.COORDINATOR)
def import_leave(batch_id: int) -> Answer:
    """Throw a list away."""
    load(batch_id)
    with transaction(db.session) as session:
        stage.leave(session, actor=actor(), batch_id=batch_id, now=clock.now())
    flash(gettext("The list is thrown away. Nobody was changed."))
    return redirect(url_for("coordinator.import_people"), code=303)


def load(batch_id: int) -> BatchView:
    """The list of this number; of one that is gone, or another's business, the page of lists says so."""
    found = batch(db.session(), batch_id, reach=reach())
    if found is None:
        flash(gettext(stage.GONE))
        abort(redirect(url_for("coordinator.import_people"), code=303))
    return found


def to_list(batch_id: int) -> Response:
    """The way to what a list does, or did."""
    return redirect(url_for("coordinator.import_list", batch_id=batch_id), code=303)


def _columns_form(table: Table, fields: tuple[Field | None, ...], order: Order | None, revision: int) -> Form:
    by_column = {"": gettext("As each column shows")}

    class ColumnsForm(Form):
        revision = Revision()
        order = SelectField(
            gettext("How to read dates such as 3/4/2026"),
            choices=offers(by_column | {each.value: str(word) for each, word in ORDERS.items()}),
        )

    offered = offers({"": gettext("Leave it out"), **{field.value: str(FIELDS[field]) for field in Field}})
    for column, heading in enumerate(table.headings):
        label = heading or gettext("Column %(number)d", number=column + 1)
        setattr(ColumnsForm, f"column{column}", SelectField(label, choices=offered))
    stands = {f"column{column}": field.value if field else "" for column, field in enumerate(fields)}
    order_stands = order.value if order else ""
    return ColumnsForm(data={"revision": str(revision), "order": order_stands, **stands})


def _field(chosen: str | None) -> Field | None:
    return Field(chosen) if chosen else None
