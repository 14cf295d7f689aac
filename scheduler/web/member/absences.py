"""*I can't make it*, and *I can come after all*: one press each, of one's own sessions, until they begin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.attendance.absences import say_absent, say_coming
from scheduler.domain.attendance.statuses import Excuse
from scheduler.domain.people.roles import Role
from scheduler.errors import Refused
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import guard
from scheduler.web.language import gettext, lazy_gettext
from scheduler.web.member.blueprint import blueprint
from scheduler.web.undo import flash_with_undo

TOO_LATE: Final = lazy_gettext("Not saved: it has begun, or it is cancelled. Call the front desk.")


@blueprint.post("/sessions/<int:occurrence_id>/absent")
@guard.allow(Role.MEMBER)
def absent(occurrence_id: int) -> Response:
    """They can't make it; with ``reason``, one of the codes of an excuse, also why."""
    sent = request.form.get("reason", "")
    reason = Excuse(sent) if sent in set(Excuse) else None
    if _saved(lambda **given: say_absent(reason=reason, **given), occurrence_id):
        text = gettext("Whoever leads it can see that you can’t make it.")
        flash_with_undo(text, "member.coming", sends={}, occurrence_id=occurrence_id)
    return _back()


@blueprint.post("/sessions/<int:occurrence_id>/coming")
@guard.allow(Role.MEMBER)
def coming(occurrence_id: int) -> Response:
    """They can make it after all."""
    if _saved(say_coming, occurrence_id):
        flash(gettext("Good. You are expected."))
    return _back()


def _saved(say: Callable[..., None], occurrence_id: int) -> bool:
    """Whether it was saved; what came too late is told on the next page."""
    actor = guard.actor()
    try:
        with transaction(db.session) as session:
            say(
                session=session,
                actor=actor,
                occurrence_id=occurrence_id,
                person_id=actor.person_id or 0,
                now=clock.now(),
            )
    except Refused:
        flash(str(TOO_LATE))
        return False
    return True


def _back() -> Response:
    """Where the button stood."""
    return redirect(guard.safe_next(request.form.get("back")) or url_for("member.week"), code=303)
