"""Somebody comes in who was not expected: written down with the name they give, changed, taken off."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.assembly import NAMED
from scheduler.domain.attendance.confirming import renew
from scheduler.domain.attendance.history import keep
from scheduler.domain.attendance.holding import Opened, begin, hold_sheet, note, reason_for, require_open
from scheduler.domain.attendance.models import WalkIn, WalkInName
from scheduler.domain.attendance.opening import LOCKS_AFTER
from scheduler.domain.attendance.statuses import UNMARKED, Value
from scheduler.domain.attendance.walk_ins import number_of, value_of_walk_in
from scheduler.domain.people.names import clean, short_name
from scheduler.domain.people.roles import Actor
from scheduler.domain.schedule.kinds import Kind
from scheduler.errors import Conflict, Invalid, NotFound, Refused
from scheduler.store.base import require_newest

MOST: Final = 200
"""Walk-ins with a row on one sheet."""
LONGEST_NAME: Final = 40
LONGEST_SENT: Final = 64
ONLY_COUNTED: Final = "People are only counted here, without names."


def first_and_initial(typed: str) -> str:
    """A name as it is kept: "Dana R.", also of somebody who typed all of it. Raises Invalid on ``name``."""
    name = short_name(clean(typed))
    if not name:
        raise Invalid("Type a first name and an initial.", "name")
    if len(name) > LONGEST_NAME:
        raise Invalid(f"A name has at most {LONGEST_NAME} letters here.", "name")
    return name


def takes_names(kind: Kind, *, by_heads: bool) -> bool:
    """Whether somebody who was not expected may be written down by name: in mutual help they are counted."""
    return not by_heads and kind is not Kind.MUTUAL_HELP


def add_walk_in(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    name: str,
    value: Value,
    now: datetime,
    sent_as: str = "",
    reason: str = "",
    locks: timedelta = LOCKS_AFTER,
) -> int:
    """Write somebody down who came and was not expected; answers the number of the row.

    Sent again under the same ``sent_as``, it is the row that it made. On a sheet that was handed in it is a
    correction. Raises NotFound for somebody who may not take this sheet; Refused where it is not open, has
    no names, and where too many are on it; Invalid on ``name``, ``status``, ``reason``.
    """
    name = first_and_initial(name)
    require_there(value)
    opened = hold_with_names(session, actor, occurrence_id, now, locks)
    begin(session, opened, now)
    sent = clean(sent_as)[:LONGEST_SENT]
    if sent and (found := _sent_as(session, opened.sheet.id, sent)):
        return found.id
    _require_place(session, opened)
    why = reason_for(opened, reason)
    return write_down(session, opened, actor=actor, sent_as=sent, name=name, value=value, now=now, reason=why)


def write_down(
    session: Database,
    opened: Opened,
    *,
    actor: Actor,
    sent_as: str,
    name: str,
    value: Value,
    now: datetime,
    reason: str = "",
) -> int:
    """The row of a walk-in on a sheet that is begun; the one that was made of the same before, if there is.

    ``name``: as `first_and_initial` makes it, or none that is known.
    """
    found = _sent_as(session, opened.sheet.id, sent_as)
    row = found or WalkIn(sheet_id=opened.sheet.id, sent_as=sent_as or None, revision=0)
    _write(row, value, actor, now)
    session.add(row)
    session.flush()
    if found is None and name:
        session.add(WalkInName(walk_in_id=row.id, name=name, written_at=now))
    _keep(session, opened, actor=actor, now=now, reason=reason)
    note(session, actor, "sheet.walked_in", opened.sheet.occurrence_id, now, {"walk_in": row.id})
    return row.id


def write_down_after_all(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    sent_as: str,
    value: Value,
    reason: str,
    now: datetime,
    locks: timedelta = LOCKS_AFTER,
) -> None:
    """Have a walk-in count that was kept aside, under the name if it is there. Raises as `add_walk_in`."""
    opened = hold_with_names(session, actor, occurrence_id, now, locks)
    begin(session, opened, now)
    _require_place(session, opened)
    why = reason_for(opened, reason)
    write_down(session, opened, actor=actor, sent_as=sent_as, name="", value=value, now=now, reason=why)


def change_walk_in(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    walk_in_id: int,
    value: Value,
    seen: int,
    now: datetime,
    reason: str = "",
    locks: timedelta = LOCKS_AFTER,
) -> None:
    """Say something else of a walk-in, over the revision that was seen; unmarked takes them and the name off.

    Raises as `add_walk_in`, NotFound for one that is not on this sheet any more, and Conflict where
    somebody changed it meanwhile.
    """
    if value != UNMARKED:
        require_there(value)
    opened = hold_with_names(session, actor, occurrence_id, now, locks)
    row = walk_in_on(session, opened, walk_in_id)
    if value_of_walk_in(row) == value:
        return
    require_newest(row, seen)
    why = reason_for(opened, reason)
    _write(row, value, actor, now)
    if value == UNMARKED:
        session.execute(delete(WalkInName).where(WalkInName.walk_in_id == row.id))
    session.flush()
    _keep(session, opened, actor=actor, now=now, reason=why)
    note(session, actor, "sheet.walk_in_changed", occurrence_id, now, {"walk_in": row.id})


def hold_with_names(
    session: Database, actor: Actor, occurrence_id: int, now: datetime, locks: timedelta, *persons: int
) -> Opened:
    """Hold a sheet on which walk-ins have names. Raises as `add_walk_in`."""
    opened = hold_sheet(session, actor, occurrence_id, persons)
    if not takes_names(opened.kind, by_heads=opened.by_heads):
        raise Refused(ONLY_COUNTED)
    require_open(opened, now, locks)
    return opened


def walk_in_on(session: Database, opened: Opened, walk_in_id: int) -> WalkIn:
    """A walk-in of a sheet that is held. Raises NotFound, and Conflict for one who was matched meanwhile."""
    row = session.get(WalkIn, walk_in_id, populate_existing=True)
    if opened.is_new or row is None or row.sheet_id != opened.sheet.id or row.status is None:
        raise NotFound("There is no such walk-in.")
    if row.person_id is not None:
        raise Conflict("Somebody matched this walk-in already.")
    return row


def _sent_as(session: Database, sheet_id: int, sent_as: str) -> WalkIn | None:
    if not sent_as:
        return None
    query = select(WalkIn).where(WalkIn.sheet_id == sheet_id, WalkIn.sent_as == sent_as)
    return session.scalar(query.execution_options(populate_existing=True))


def _require_place(session: Database, opened: Opened) -> None:
    if number_of(session, opened.sheet.id) >= MOST:
        raise Refused("There are too many walk-ins on this sheet. Count them without a name.")


def require_there(value: Value) -> None:
    """Raises Invalid on ``status`` for a mark of somebody who was not in the room."""
    if not value.is_in_the_room:
        raise Invalid("A walk-in was there: present, late, or left early.", "status")


def _write(row: WalkIn, value: Value, actor: Actor, now: datetime) -> None:
    row.status = value.status
    row.late_minutes, row.left_minutes = value.late_minutes, value.left_minutes
    row.marked_by, row.marked_at = actor.person_id, now
    row.revision += 1


def _keep(session: Database, opened: Opened, *, actor: Actor, now: datetime, reason: str) -> None:
    number = number_of(session, opened.sheet.id)
    keep(session, opened.sheet, NAMED, number, actor=actor, now=now, reason=reason)
    if reason:
        renew(session, opened, actor=actor, now=now, reason=reason)
