"""Moving one occurrence, in time or to another room, and giving it a length of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session as Database

from scheduler.domain.people.roles import Actor
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.booking import book
from scheduler.domain.planning.changes import Change, remember
from scheduler.domain.planning.concerned import (
    hold_occurrence,
    load_room,
    persons_of,
    require_to_come,
)
from scheduler.domain.planning.looking import Look, reason_of
from scheduler.domain.planning.standing import spare_rooms
from scheduler.domain.roster.queries import facilitators_of
from scheduler.domain.schedule.clashes import Clash
from scheduler.domain.schedule.dates import Meeting, meeting_at
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.plans import LONGEST_MINUTES
from scheduler.domain.schedule.recurrence import FURTHEST_AHEAD
from scheduler.domain.schedule.service import touch
from scheduler.domain.schedule.wall_time import require_existing
from scheduler.errors import Invalid, Refused
from scheduler.store.audit import record
from scheduler.store.base import require_newest, require_revision
from scheduler.store.revisions import raise_calendars


@dataclass(frozen=True, slots=True)
class Moved:
    """Where the occurrence now stands; instants in UTC. `change_id` is what `undoing` takes back."""

    occurrence_id: int
    starts_at: datetime
    ends_at: datetime
    overridden: tuple[Clash, ...]
    warnings: tuple[Clash, ...]
    change_id: int


def move_occurrence(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    revision: int,
    local_start: datetime,
    room_id: int | None,
    reason: str,
    minutes: int | None = None,
    override: str = "",
    now: datetime,
) -> Moved:
    """Put an occurrence at a wall time (naive, in its series' zone) and into a room, for so many minutes.

    Time and room are always given; without `minutes` it keeps its length. Back at the original start, in the
    series' room and as long as the series says, it overrides nothing any more. Raises NotFound; Conflict
    where `revision` is not the newest; Refused once it has begun or while it is cancelled; Invalid on
    `local_start` for a skipped, past or very late time, on `minutes`, on `room_id`, and on `reason` without
    one; Taken where the room or somebody who leads is taken and `override` gives no reason.
    """
    rooms = spare_rooms(session, beside=room_id, now=now)
    series, occurrence = hold_occurrence(session, occurrence_id, rooms=rooms)
    require_newest(occurrence, revision)
    require_to_come(occurrence, now=now)
    if not occurrence.booked:
        raise Refused("This session is cancelled. Put it back first, then move it.")
    reason = reason_of(reason, field="reason", needed=True)
    if room_id != occurrence.room_id:
        load_room(session, room_id)
    length = length_of(series, occurrence) if minutes is None else checked_minutes(minutes)
    meeting = meeting_to_come(series, local_start, length, now)
    with remember(session, Change.MOVE, occurrences=[occurrence_id], actor=actor, now=now) as remembered:
        require_revision(occurrence, revision)
        place(series, occurrence, meeting, length, room_id, reason)
        touch(occurrence, now=now)
        found = book(session, occurrence, override=override, viewer=actor, now=now)
    raise_calendars(session, _shown_to(session, occurrence, found), now=now)
    record(
        session,
        actor=actor,
        at=now,
        action="occurrence.moved",
        subject="occurrence",
        subject_id=occurrence_id,
        detail={
            "to": f"{occurrence.local_start:%Y-%m-%dT%H:%M}",
            "room": room_id,
            "overridden": len(found.refused),
        },
    )
    stands = occurrence_id, occurrence.starts_at, occurrence.ends_at
    return Moved(*stands, found.refused, found.warnings, remembered.id)


def _shown_to(session: Database, occurrence: Occurrence, found: Look) -> set[int]:
    """Whose calendars show it; who is expected was read already where it takes place."""
    if not occurrence.booked:
        return persons_of(session, [occurrence.id])
    return found.expected | facilitators_of(session, [occurrence.id])


def length_of(series: Series, occurrence: Occurrence) -> int:
    """The elapsed minutes that it takes."""
    return occurrence.own_minutes or series.duration


def checked_minutes(minutes: int) -> int:
    """Raises Invalid on `minutes` for a length that no session has."""
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise Invalid(f"A session takes from 1 to {LONGEST_MINUTES} minutes.", field="minutes")
    return minutes


def meeting_to_come(series: Series, local_start: datetime, minutes: int, now: datetime) -> Meeting:
    """The span at a wall time. Raises Invalid on `local_start` for a skipped, past or very late one."""
    zone = zone_named(series.timezone)
    if not now.year - 2 < local_start.year < now.year + 4:
        raise Invalid("This date is too far away.", field="local_start")
    require_existing(local_start, zone, field="local_start")
    meeting = meeting_at(local_start, minutes, zone)
    if meeting.starts_at <= now:
        raise Invalid("This time is past.", field="local_start")
    if meeting.starts_at > now + FURTHEST_AHEAD:
        raise Invalid("This date is too far away.", field="local_start")
    return meeting


def place(
    series: Series, occurrence: Occurrence, meeting: Meeting, minutes: int, room_id: int | None, reason: str
) -> None:
    """Put it there; where a closure had moved it, that is over."""
    occurrence.local_start = meeting.local_start
    occurrence.starts_at, occurrence.ends_at = meeting.starts_at, meeting.ends_at
    occurrence.room_id, occurrence.closure_id = room_id, None
    occurrence.own_start = meeting.local_start != occurrence.original_start
    occurrence.own_room = room_id != series.room_id
    occurrence.own_minutes = None if minutes == series.duration else minutes
    is_own = occurrence.own_start or occurrence.own_room or occurrence.own_minutes is not None
    occurrence.move_reason = reason if is_own else ""
