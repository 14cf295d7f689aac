"""What a list does, before it is applied; and what it did, with the way back."""

from collections.abc import Mapping
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.imports import stage
from scheduler.domain.imports.extract import Extract, Wish
from scheduler.domain.imports.judging import Choice, Judged, Outcome
from scheduler.domain.imports.left_out import export_left_out, left_out
from scheduler.domain.imports.people_columns import PEOPLE
from scheduler.domain.imports.queries import BatchView, Made, State, made_by, series_made_by
from scheduler.domain.imports.series_judging import JudgedSeries
from scheduler.domain.imports.undo import hindrances
from scheduler.domain.people.roles import Role
from scheduler.errors import Refused
from scheduler.extensions import db
from scheduler.formats.list_json import Act, Answer
from scheduler.formats.table_files import FileKind
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.exporting import file_answer
from scheduler.web.coordinator.import_apart import work_on
from scheduler.web.coordinator.import_words import CHANGES, ORDERS, WORDS, outcomes_of
from scheduler.web.coordinator.importing import Answer as Page
from scheduler.web.coordinator.importing import load, to_list
from scheduler.web.coordinator.telling import told_apart
from scheduler.web.forms import Form, Revision
from scheduler.web.guard import actor, allow, log_read, reach
from scheduler.web.language import gettext, ngettext
from scheduler.web.numbers import page_of, whole
from scheduler.web.rule_words import rule_in_words

PAGE: Final = 100
"""Rows on a page."""
IN_THE_WAY: Final = 20
SHOWN: Final = 50
"""Those new, and rows left out, that the page about an applied list names."""


class SeenForm(Form):
    """The state of a list that a page was made from."""

    revision = Revision()


@blueprint.route("/import/<int:batch_id>", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def import_list(batch_id: int) -> Page:
    """What applying a list does, by rows; decisions of likely duplicates. Applied: what it did."""
    found = load(batch_id)
    if found.state is not State.STAGED:
        return _result(found)
    if not found.mapping:
        return redirect(url_for("coordinator.import_columns", batch_id=batch_id), code=303)
    if request.method == "POST":
        _decide(batch_id, SeenForm().revision.seen)
        return _back_to_rows(batch_id)
    looked = work_on(batch_id, Act.LOOK, wish=_wish(request.args))
    if looked.page is not None:
        return _people_page(found, looked.page)
    return _series_page(found, looked.series) if looked.series else to_list(batch_id)


@blueprint.post("/import/<int:batch_id>/apply")
@allow(Role.COORDINATOR)
def import_apply(batch_id: int) -> Page:
    """Make and change all of it, with what is chosen on the page; what nobody decided is left out."""
    found = load(batch_id)
    if found.state is State.APPLIED:
        return to_list(batch_id)  # the form was sent twice
    try:
        done = work_on(batch_id, Act.APPLY, revision=_keep(batch_id, SeenForm().revision.seen))
        flash(_told_of(found.kind, done))
    except Refused as error:
        flash(gettext(str(error)))
    return to_list(batch_id)


@blueprint.post("/import/<int:batch_id>/undo")
@allow(Role.COORDINATOR)
def import_undo(batch_id: int) -> Page:
    """Take back an import that nobody has used."""
    kind = load(batch_id).kind
    try:
        count = work_on(batch_id, Act.UNDO, revision=SeenForm().revision.seen).taken_back
        if kind == PEOPLE.name:
            flash(ngettext("Taken back: %(num)d person.", "Taken back: %(num)d people.", count))
        else:
            flash(ngettext("Taken back: %(num)d series.", "Taken back: %(num)d series.", count))
    except Refused as error:
        found = hindrances(db.session(), batch_id, reach=reach())
        if any(not each.is_elsewhere for each in found):
            flash(gettext("It is in use."))
        else:  # of what is out of reach not even that is told
            flash(gettext("You cannot take this back.") if found else gettext(str(error)))
    return to_list(batch_id)


@blueprint.post("/import/<int:batch_id>/left-out")
@allow(Role.COORDINATOR)
def import_left_out(batch_id: int) -> Response:
    """The rows that were left out as a file, to be mended and brought again; on record before it is sent."""
    load(batch_id)
    with transaction(db.session) as session:
        headings, rows = export_left_out(session, actor=actor(), batch_id=batch_id, now=clock.now())
    return file_answer(FileKind.CSV, headings, rows)


def _decide(batch_id: int, revision: int) -> None:
    """What is chosen and typed on the page is kept, also where the button is about unreadable cells."""
    kept, lenient = _keep(batch_id, revision), request.form.get("lenient")
    if lenient is not None:
        with transaction(db.session) as session:
            stage.be_lenient(session, batch_id=batch_id, revision=kept, on=lenient == "yes")


def _keep(batch_id: int, revision: int) -> int:
    """Keep what is chosen on the page, if anything is; answers the revision of the list after it."""
    chosen, reasons = _chosen(), _reasons()
    if not chosen and not reasons:
        return revision
    with transaction(db.session) as session:
        return stage.choose(session, batch_id=batch_id, revision=revision, choices=chosen, reasons=reasons)


def _back_to_rows(batch_id: int) -> Response:
    """To the rows that the pressed button names, or to those that were looked at."""
    asked = request.form if "show" in request.form else {**request.args, **request.form}
    to = _wish(asked)
    show = to.show.value if to.show else None
    address = url_for("coordinator.import_list", batch_id=batch_id, show=show, page=to.page, _anchor="rows")
    return redirect(address, code=303)


def _wish(asked: Mapping[str, str]) -> Wish:
    """What is asked for; nonsense asks for the first page of what asks for attention."""
    show = asked.get("show", "")
    return Wish(
        show=Outcome(show) if show in set(Outcome) else None,
        page=page_of(asked.get("page")),
        size=PAGE,
    )


def _numbers() -> list[int]:
    """The rows that a page asked about."""
    typed = [*dict.fromkeys(request.form.getlist("number"))][:PAGE]
    return [number for each in typed if (number := whole(each)) is not None]


def _chosen() -> dict[int, Choice]:
    """What was decided on a page, of single rows or of all that it shows."""
    for_all = request.form.get("all", "")
    chosen = {number: for_all or request.form.get(f"choice-{number}", "") for number in _numbers()}
    return {number: Choice(choice) for number, choice in chosen.items() if choice in set(Choice)}


def _reasons() -> dict[int, str]:
    """Why rows are taken although something stands in their way, as it was typed."""
    typed = {number: request.form.get(f"reason-{number}") for number in _numbers()}
    return {number: reason for number, reason in typed.items() if reason is not None}


def _told_of(kind: str, done: Answer) -> str:
    """What was done, in a line."""
    if kind == PEOPLE.name:
        return gettext("Done: %(new)d new, %(changed)d changed.", new=done.new, changed=done.changed)
    return gettext("Done: %(new)d new.", new=done.new)


def _people_page(found: BatchView, page: Extract[Judged]) -> str:
    persons = {row.person_id for row in page.rows if row.person_id is not None}
    log_read(subject="import", subject_id=found.id, persons=persons)
    told = told_apart(persons) if page.show is Outcome.DUPLICATE else {}
    return _page("coordinator/import_people_list.html", found, page, told=told)


def _series_page(found: BatchView, page: Extract[JudgedSeries]) -> str:
    sentences = {
        row.draft.number: rule_in_words(making.plan.rule, making.plan.first_start, making.plan.minutes)
        for row in page.rows
        if (making := row.effect.making) is not None
    }
    return _page("coordinator/import_series_list.html", found, page, sentences=sentences)


def _page(template: str, found: BatchView, page: Extract[Any], **more: object) -> str:
    return render_template(
        template,
        batch=found,
        words=WORDS[found.kind],
        page=page,
        outcomes=outcomes_of(found.kind),
        changes=CHANGES,
        can_be_same=any(row.known is not None for row in page.rows),
        orders=ORDERS,
        **more,
    )


def _result(found: BatchView) -> str:
    in_the_way = hindrances(db.session(), found.id, reach=reach()) if found.can_be_undone(clock.now()) else ()
    new, dropped = _new(found), left_out(db.session(), found.id)
    if found.kind == PEOPLE.name:
        named = {*(each.id for each in in_the_way), *(each.id for each in new)}
        if named or dropped:
            log_read(subject="import", subject_id=found.id, persons=named)
    return render_template(
        f"coordinator/import_{found.kind}_result.html",
        batch=found,
        words=WORDS[found.kind],
        in_time=found.can_be_undone(clock.now()),
        in_the_way=in_the_way[:IN_THE_WAY],
        more=max(0, sum(not each.is_elsewhere for each in in_the_way) - IN_THE_WAY),
        new=new,
        left_out=dropped[:SHOWN],
        more_left_out=max(0, len(dropped) - SHOWN),
    )


def _new(found: BatchView) -> tuple[Made, ...]:
    """The first of what a list made, while it can be taken back."""
    if not found.can_be_undone(clock.now()):
        return ()
    if found.kind == PEOPLE.name:
        return made_by(db.session(), found.id, sight=reach().of_people(), most=SHOWN)
    return series_made_by(db.session(), found.id, reach=reach(), most=SHOWN)
