"""Recording of a session that has begun that nobody met, and taking it back."""

from flask import flash
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.attendance.not_meeting import record_not_met, take_back_not_met
from scheduler.domain.people.roles import Role
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.occurrence import Answer, back, load, show
from scheduler.web.coordinator.occurrence_forms import MetForm, NotMetForm
from scheduler.web.forms import refusals_on
from scheduler.web.guard import actor, allow
from scheduler.web.language import gettext
from scheduler.web.sheet_locks import locks
from scheduler.web.undo import flash_with_undo


@blueprint.post("/occurrences/<int:occurrence_id>/not-met")
@allow(Role.COORDINATOR)
def occurrence_not_met(occurrence_id: int) -> Answer:
    """Say that nobody met, and why; a toast takes it back."""
    planned, form = load(occurrence_id), NotMetForm(prefix="notmet-")
    if form.validate_on_submit():
        reason = form.reason.data or ""
        with refusals_on(form):
            with transaction(db.session) as session:
                record_not_met(
                    session,
                    actor=actor(),
                    occurrence_id=occurrence_id,
                    reason=reason,
                    now=clock.now(),
                    locks=locks(),
                )
            said = gettext("Recorded: %(title)s did not meet.", title=planned.title)
            sends: dict[str, int | str] = {MetForm(prefix="met-").seen.name: reason}
            flash_with_undo(said, "coordinator.occurrence_met", sends=sends, occurrence_id=occurrence_id)
            return back(occurrence_id)
    return show(load(occurrence_id), not_met=form)


@blueprint.post("/occurrences/<int:occurrence_id>/met")
@allow(Role.COORDINATOR)
def occurrence_met(occurrence_id: int) -> Response | Answer:
    """Take it back: its sheet may be taken again."""
    load(occurrence_id)
    form = MetForm(prefix="met-")
    with refusals_on(form):
        with transaction(db.session) as session:
            take_back_not_met(
                session,
                actor=actor(),
                occurrence_id=occurrence_id,
                seen=form.seen.data or "",
                now=clock.now(),
                locks=locks(),
            )
        flash(gettext("Taken back. Its sheet can be taken."))
        return back(occurrence_id)
    return show(load(occurrence_id), met=form)
