"""People are put on the sheet of a session that nobody planned, from the groups of whoever started it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance import queries, service
from scheduler.domain.attendance.assembly import SheetPage
from scheduler.domain.attendance.merging import Wanted
from scheduler.domain.attendance.opening import LOCKS_AFTER
from scheduler.domain.attendance.statuses import Status, Value
from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.starting import members_led_by
from scheduler.errors import NotFound, Refused


def could_add(session: Database, *, actor: Actor, page: SheetPage, now: datetime) -> dict[int, str]:
    """Short names, by id, of members of what the actor leads who are not on the sheet; one statement."""
    if not page.head.unplanned or not page.head.is_led or page.head.is_by_heads:
        return {}
    there = {line.person_id for line in page.lines}
    found = members_led_by(session, actor.person_id or 0, now=now)
    return {person: name for person, name in found.items() if person not in there}


def add_people(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    persons: Collection[int],
    now: datetime,
    reason: str = "",
    locks: timedelta = LOCKS_AFTER,
) -> None:
    """Mark these members present who were not expected, on a session that nobody planned.

    A mark that stands stays. Raises NotFound for somebody who belongs to nothing that the actor leads,
    Refused for a session that was planned, and as `service.save_marks`.
    """
    head = queries.head_of(session, actor=actor, occurrence_id=occurrence_id)
    if not head.unplanned:
        raise Refused("This session was planned, so it has its people. Others are walk-ins.")
    if not set(persons) <= members_led_by(session, actor.person_id or 0, now=now).keys():
        raise NotFound("There is no such person.")
    present = Value(Status.PRESENT)
    service.save_marks(
        session,
        actor=actor,
        occurrence_id=occurrence_id,
        marks=[Wanted(person, present, only_if_unmarked=True) for person in sorted(set(persons))],
        now=now,
        reason=reason,
        locks=locks,
        came=persons,
    )
