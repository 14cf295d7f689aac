"""Marks that came from devices and were kept aside: looked through, and settled one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.domain.attendance import kept
from scheduler.domain.people.roles import Role
from scheduler.errors import Conflict, Invalid, Refused
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web.coordinator.blueprint import blueprint
from scheduler.web.facilitator.rows import whole_word_of
from scheduler.web.guard import actor, allow, log_read
from scheduler.web.language import gettext
from scheduler.web.numbers import whole
from scheduler.web.sheet_locks import locks

Answer = Response | tuple[str, int]


@blueprint.get("/kept-marks")
@allow(Role.COORDINATOR)
def kept_marks() -> str:
    """What waits for a coordinator, the oldest session first."""
    return _page()


@blueprint.post("/occurrences/<int:occurrence_id>/kept-marks/apply")
@allow(Role.COORDINATOR)
def kept_marks_apply(occurrence_id: int) -> Answer:
    """Save one as it was made, over what the page said that stands."""

    def settle(session: Any, uid: str, reason: str) -> None:
        kept.apply_kept(
            session,
            actor=actor(),
            occurrence_id=occurrence_id,
            uid=uid,
            seen=whole(request.form.get("seen")),
            reason=reason,
            now=clock.now(),
            locks=locks(),
        )

    return _settled(settle, gettext("It stands on the sheet now."))


@blueprint.post("/occurrences/<int:occurrence_id>/kept-marks/set-aside")
@allow(Role.COORDINATOR)
def kept_marks_set_aside(occurrence_id: int) -> Answer:
    """Have one never be applied, with a reason; it stays on record."""

    def settle(session: Any, uid: str, reason: str) -> None:
        kept.set_aside(
            session, actor=actor(), occurrence_id=occurrence_id, uid=uid, reason=reason, now=clock.now()
        )

    return _settled(settle, gettext("It is set aside for good, and stays on record."))


def _settled(settle: Callable[[Any, str, str], None], done: str) -> Answer:
    uid, reason = request.form.get("uid", ""), request.form.get("reason", "")
    try:
        with transaction(db.session) as session:
            settle(session, uid, reason)
    except (Invalid, Refused) as error:
        return _page(uid, reason, gettext(str(error))), 422
    except Conflict as error:
        return _page(uid, reason, gettext(str(error))), 409
    flash(done)
    return redirect(url_for("coordinator.kept_marks"), code=303)


def _page(uid: str = "", reason: str = "", error: str = "") -> str:
    """The page, with what was refused beside the one that it is about. The read is put on record."""
    waiting = kept.waiting(db.session(), actor=actor())
    log_read(subject="kept_marks", persons={each.person_id for each in waiting if each.person_id})
    lines = [(each, whole_word_of(each.value, each), whole_word_of(each.stands, each)) for each in waiting]
    return render_template("coordinator/kept_marks.html", lines=lines, uid=uid, reason=reason, error=error)
