"""Opening a locked sheet again."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.assembly import REOPENED
from scheduler.domain.attendance.history import keep
from scheduler.domain.attendance.holding import begin, hold_sheet, note
from scheduler.domain.attendance.opening import LOCKS_AFTER
from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.looking import reason_of
from scheduler.errors import NotFound, Refused


def reopen(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    reason: str,
    now: datetime,
    locks: timedelta = LOCKS_AFTER,
) -> None:
    """Open a locked sheet for as long as it was open at first (``locks``); what is on it stays as it is.

    Raises NotFound for who is no coordinator in whose reach it is; Invalid on ``reason`` for one that is
    empty or too long; Refused for a sheet that is not locked, or whose session was cancelled.
    """
    reason = reason_of(reason, field="reason", needed=True)
    opened = hold_sheet(session, actor, occurrence_id)
    if not opened.may_reopen:
        raise NotFound("There is no such sheet.")
    if not opened.booked:
        raise Refused("This session was cancelled.")
    if not opened.is_locked(now, locks):
        raise Refused("This sheet is not locked.")
    begin(session, opened, now)
    opened.sheet.reopened_at = now
    keep(session, opened.sheet, REOPENED, None, actor=actor, now=now, reason=reason)
    note(session, actor, "sheet.reopened", occurrence_id, now, {})
