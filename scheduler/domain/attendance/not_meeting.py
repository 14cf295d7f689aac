"""That nobody met, as it is recorded afterwards: the plan stays as it was, and nobody missed anything."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.holding import begin, hold_sheet, note, require_unlocked
from scheduler.domain.attendance.models import Mark, Sheet
from scheduler.domain.attendance.opening import LOCKS_AFTER
from scheduler.domain.attendance.walk_ins import number_of
from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.looking import reason_of
from scheduler.errors import Conflict, Refused


def record_not_met(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    reason: str,
    now: datetime,
    locks: timedelta = LOCKS_AFTER,
) -> None:
    """Record that nobody came together, and why. Sent again by the same person, it changes nothing.

    It is no cause: the occurrence stays booked, and no calendar changes. Raises NotFound for who may not take
    the sheet; Invalid on ``reason`` for one that is empty or too long; Refused for what was cancelled or has
    not begun, and while something else is recorded: marks, people counted, or that the sheet was handed in,
    and where the sheet is locked (``locks`` after the end); Conflict where somebody recorded it with another
    reason.
    """
    reason = reason_of(reason, field="reason", needed=True)
    opened = hold_sheet(session, actor, occurrence_id)
    sheet = opened.sheet
    if not opened.booked:
        raise Refused("This session was cancelled.")
    if now < opened.starts_at:
        raise Refused("It has not begun yet. Cancel it, if it will not take place.")
    if sheet.not_met_at is not None:
        if (sheet.not_met_by, sheet.not_met_reason) != (actor.person_id, reason):
            raise Conflict(f"Somebody recorded this already: {sheet.not_met_reason}")
        return
    require_unlocked(opened, now, locks)
    if not opened.is_new:
        _require_nothing_recorded(session, sheet)
    begin(session, opened, now)
    sheet.not_met_at, sheet.not_met_by, sheet.not_met_reason = now, actor.person_id, reason
    note(session, actor, "sheet.not_met", occurrence_id, now, {})


def take_back_not_met(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    seen: str,
    now: datetime,
    locks: timedelta = LOCKS_AFTER,
) -> None:
    """They met after all: the sheet may be taken again. Taken back already, it changes nothing.

    ``seen`` is the reason that was shown. Raises NotFound for who may not take the sheet, Refused where
    the sheet is locked, and Conflict where another reason stands there by now.
    """
    opened = hold_sheet(session, actor, occurrence_id)
    sheet = opened.sheet
    if sheet.not_met_at is None:
        return
    if sheet.not_met_reason != seen:
        raise Conflict(f"Somebody recorded another reason: {sheet.not_met_reason}")
    require_unlocked(opened, now, locks)
    sheet.not_met_at, sheet.not_met_by, sheet.not_met_reason = None, None, ""
    note(session, actor, "sheet.not_met_taken_back", occurrence_id, now, {})


def _require_nothing_recorded(session: Database, sheet: Sheet) -> None:
    """A headcount of 0 says the same; any other number, and every mark that stands, says that they met."""
    if sheet.submitted_at is not None:
        raise Refused("The sheet was handed in, so it stays as it is.")
    marked = select(Mark.id).where(Mark.sheet_id == sheet.id, Mark.status.is_not(None)).limit(1)
    if session.scalar(marked) is not None:
        raise Refused("Marks were recorded. Take them back first.")
    if number_of(session, sheet.id):
        raise Refused("Walk-ins were written down. Take them off first.")
    if sheet.headcount or sheet.walk_ins:
        raise Refused("People were counted. Set the number to 0 first.")
