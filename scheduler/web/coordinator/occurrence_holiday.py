"""Letting a session meet although it stands on a holiday, and taking that back."""

from flask import flash
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.people.roles import Role
from scheduler.domain.planning.holidays import keep_the_holiday, meet_all_the_same
from scheduler.domain.planning.planned import Planned
from scheduler.domain.planning.stopping import Restored
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.coordinator.occurrence import Answer, back, load, show
from scheduler.web.coordinator.occurrence_forms import keep_form, restore_form
from scheduler.web.coordinator.saying import warn_of_members
from scheduler.web.forms import refusals_on
from scheduler.web.guard import actor, allow
from scheduler.web.language import gettext
from scheduler.web.undo import flash_with_undo


@blueprint.post("/occurrences/<int:occurrence_id>/meet-anyway")
@allow(Role.COORDINATOR)
def occurrence_meet_anyway(occurrence_id: int) -> Answer:
    """Let it meet although it stands on a holiday; a toast takes it back."""
    form = restore_form(load(occurrence_id))
    if form.validate_on_submit():
        with refusals_on(form, override="override_reason"):
            with transaction(db.session) as session:
                restored = meet_all_the_same(
                    session,
                    actor=actor(),
                    occurrence_id=occurrence_id,
                    revision=form.revision.seen,
                    override=form.override_reason.data or "",
                    now=clock.now(),
                )
            _say(load(occurrence_id), restored)
            warn_of_members(restored.warnings)
            return back(occurrence_id)
    return show(load(occurrence_id), restore=form)


@blueprint.post("/occurrences/<int:occurrence_id>/keep-holiday")
@allow(Role.COORDINATOR)
def occurrence_keep_holiday(occurrence_id: int) -> Response | Answer:
    """Take it back: the holiday is kept here as well."""
    form = keep_form(load(occurrence_id))
    if form.validate_on_submit():
        with refusals_on(form):
            with transaction(db.session) as session:
                stops = keep_the_holiday(
                    session,
                    actor=actor(),
                    occurrence_id=occurrence_id,
                    revision=form.revision.seen,
                    now=clock.now(),
                )
            flash(gettext("Taken back. It does not meet.") if stops else gettext("Taken back."))
            return back(occurrence_id)
    return show(load(occurrence_id), keep=form)


def _say(after: Planned, restored: Restored) -> None:
    text = (
        gettext("%(title)s takes place.", title=after.title)
        if restored.takes_place
        else gettext("The holiday does not stop %(title)s any more.", title=after.title)
    )
    sends: dict[str, int | str] = {keep_form(after).revision.name: after.revision}
    flash_with_undo(text, "coordinator.occurrence_keep_holiday", sends=sends, occurrence_id=after.id)
