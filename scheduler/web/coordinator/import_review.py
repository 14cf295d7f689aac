"""What a list does, before it is applied; and what it did, with the way back."""

from typing import Final

from flask import flash, redirect, render_template, request, url_for

from scheduler import clock
from scheduler.domain.imports import stage
from scheduler.domain.imports.extract import Extract, Wish
from scheduler.domain.imports.judging import Choice, Outcome
from scheduler.domain.imports.queries import BatchView, State
from scheduler.domain.imports.undo import hindrances
from scheduler.domain.people.roles import Role
from scheduler.errors import Refused
from scheduler.extensions import db
from scheduler.formats.list_json import Act
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.import_apart import work_on
from scheduler.web.coordinator.import_words import CHANGES, ORDERS, OUTCOMES
from scheduler.web.coordinator.importing import Answer, load, to_list
from scheduler.web.forms import Form, Revision
from scheduler.web.guard import allow, log_read
from scheduler.web.language import gettext, ngettext

PAGE: Final = 100
"""Rows on a page."""
IN_THE_WAY: Final = 20


class SeenForm(Form):
    """The state of a list that a page was made from."""

    revision = Revision()


@blueprint.route("/import/<int:batch_id>", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def import_list(batch_id: int) -> Answer:
    """What applying a list does, by rows; decisions of likely duplicates. Applied: what it did."""
    found = load(batch_id)
    if found.state is not State.STAGED:
        return _result(found)
    if not found.mapping:
        return redirect(url_for("coordinator.import_columns", batch_id=batch_id), code=303)
    if request.method == "POST":
        _decide(batch_id, SeenForm().revision.seen)
        return redirect(request.full_path, code=303)
    page = work_on(batch_id, Act.LOOK, wish=_wish()).page
    return _page(found, page) if page else to_list(batch_id)


@blueprint.post("/import/<int:batch_id>/apply")
@allow(Role.COORDINATOR)
def import_apply(batch_id: int) -> Answer:
    """Make and change everybody; likely duplicates of whom nothing was decided are left out."""
    if load(batch_id).state is State.APPLIED:
        return to_list(batch_id)  # the form was sent twice
    try:
        done = work_on(batch_id, Act.APPLY, revision=SeenForm().revision.seen)
        flash(gettext("Done: %(new)d new, %(changed)d changed.", new=done.new, changed=done.changed))
    except Refused as error:
        flash(gettext(str(error)))
    return to_list(batch_id)


@blueprint.post("/import/<int:batch_id>/undo")
@allow(Role.COORDINATOR)
def import_undo(batch_id: int) -> Answer:
    """Take back an import that nobody has used."""
    load(batch_id)
    try:
        count = work_on(batch_id, Act.UNDO, revision=SeenForm().revision.seen).taken_back
        flash(ngettext("Taken back: %(num)d person.", "Taken back: %(num)d people.", count))
    except Refused as error:
        flash(gettext(str(error)) if not hindrances(db.session(), batch_id) else gettext("It is in use."))
    return to_list(batch_id)


def _decide(batch_id: int, revision: int) -> None:
    """Of rows with cells that cannot be read, or of likely duplicates."""
    lenient = request.form.get("lenient")
    with transaction(db.session) as session:
        if lenient is None:
            stage.choose(session, batch_id=batch_id, revision=revision, choices=_chosen())
        else:
            stage.be_lenient(session, batch_id=batch_id, revision=revision, on=lenient == "yes")


def _wish() -> Wish:
    """What the address asks for; nonsense asks for the first page of what asks for attention."""
    show, page = request.args.get("show", ""), request.args.get("page", "")
    return Wish(
        show=Outcome(show) if show in set(Outcome) else None,
        page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
        size=PAGE,
    )


def _chosen() -> dict[int, Choice]:
    """What was decided on a page, of single rows or of all that it shows."""
    typed = request.form.getlist("number")[:PAGE]
    numbers = [int(each) for each in typed if each.isascii() and each.isdigit() and len(each) < 8]
    for_all = request.form.get("all", "")
    chosen = {number: for_all or request.form.get(f"choice-{number}", "") for number in numbers}
    return {number: Choice(choice) for number, choice in chosen.items() if choice in set(Choice)}


def _page(found: BatchView, page: Extract) -> str:
    log_read(subject="import", subject_id=found.id, persons=page.persons)
    return render_template(
        "coordinator/import_list.html",
        batch=found,
        page=page,
        outcomes=OUTCOMES,
        changes=CHANGES,
        can_be_same=any(row.person_id is not None for row in page.rows),
        orders=ORDERS,
    )


def _result(found: BatchView) -> str:
    in_the_way = hindrances(db.session(), found.id) if found.can_be_undone(clock.now()) else ()
    if in_the_way:
        log_read(subject="import", subject_id=found.id, persons=[each.person_id for each in in_the_way])
    return render_template(
        "coordinator/import_result.html",
        batch=found,
        in_time=found.can_be_undone(clock.now()),
        in_the_way=in_the_way[:IN_THE_WAY],
        more=max(0, len(in_the_way) - IN_THE_WAY),
    )
