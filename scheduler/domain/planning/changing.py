"""Changing a session as it is dropped on the board: when, where and who leads, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session as Database

from scheduler.domain.people.eligible import require_role
from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.planning.changes import Change, remember
from scheduler.domain.planning.concerned import hold_occurrence, persons_of
from scheduler.domain.planning.consequences import Consequences
from scheduler.domain.planning.handing import lead
from scheduler.domain.planning.moves import HowFar, move
from scheduler.domain.planning.moving import length_of
from scheduler.domain.planning.standing import spare_rooms
from scheduler.domain.roster.models import Duty
from scheduler.domain.roster.service import duties_in, hand_over
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.errors import Conflict, NotFound, Refused
from scheduler.store.audit import record
from scheduler.store.base import require_newest, require_revision
from scheduler.store.revisions import raise_calendars


@dataclass(frozen=True, slots=True)
class Handed:
    """A duty that somebody else takes; `revision` is that of the duty."""

    duty_id: int
    revision: int
    person_id: int


@dataclass(frozen=True, slots=True)
class Wish:
    """Where an occurrence is to stand (a wall time, naive, in the zone of its series), for how many minutes
    (none: as long as it is), who is to lead it, and how many of its series go with it.
    """

    occurrence_id: int
    revision: int
    how_far: HowFar
    local_start: datetime
    room_id: int | None
    minutes: int | None = None
    handed: Handed | None = None
    reason: str = ""
    override: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """What it came to, how many calendars show it, and what `undoing` takes back."""

    consequences: Consequences
    calendars: int
    change_id: int


def change_occurrence(session: Database, *, actor: Actor, wish: Wish, now: datetime) -> Changed:
    """Put an occurrence at a wall time and into a room, and let somebody else lead it.

    Whoever leads is looked at where it will stand, not where it stood. Raises what `move` and `lead` raise;
    a reason is needed where one alone is moved. Refused where time or room and who leads are to be changed
    together for more than one.
    """
    rooms = spare_rooms(session, beside=wish.room_id, now=now)
    persons = [] if wish.handed is None else [wish.handed.person_id]
    series, occurrence = hold_occurrence(session, wish.occurrence_id, rooms=rooms, persons=persons)
    before = persons_of(session, [occurrence.id])
    if wish.handed is None:
        change_id, told = _move(session, actor, wish, now)
    elif _stays(series, occurrence, wish):
        require_newest(occurrence, wish.revision)
        change_id, told = _lead(session, actor, wish, wish.handed, now)
    else:
        change_id, told = _both(session, actor, occurrence, wish, wish.handed, now)
    raise_calendars(session, before, now=now)
    concerned = before | persons_of(session, [occurrence.id])
    return Changed(told, len(concerned), change_id)


def _stays(series: Series, occurrence: Occurrence, wish: Wish) -> bool:
    stands = occurrence.local_start, occurrence.room_id, length_of(series, occurrence)
    return stands == (wish.local_start, wish.room_id, wish.minutes or stands[2])


def _move(session: Database, actor: Actor, wish: Wish, now: datetime) -> tuple[int, Consequences]:
    done = move(
        session,
        actor=actor,
        occurrence_id=wish.occurrence_id,
        revision=wish.revision,
        how_far=wish.how_far,
        local_start=wish.local_start,
        room_id=wish.room_id,
        minutes=wish.minutes,
        reason=wish.reason,
        override=wish.override,
        now=now,
    )
    return done.change_id, done.consequences


def _lead(
    session: Database, actor: Actor, wish: Wish, handed: Handed, now: datetime
) -> tuple[int, Consequences]:
    done = lead(
        session,
        actor=actor,
        duty_id=handed.duty_id,
        revision=handed.revision,
        how_far=wish.how_far,
        person_id=handed.person_id,
        override=wish.override,
        now=now,
    )
    return done.change_id, done.consequences


def _both(
    session: Database, actor: Actor, occurrence: Occurrence, wish: Wish, handed: Handed, now: datetime
) -> tuple[int, Consequences]:
    if wish.how_far is not HowFar.ONE:
        raise Refused("Move them first, then change who leads.")
    with remember(session, Change.MOVE, occurrences=[occurrence.id], actor=actor, now=now) as remembered:
        _hand_over(session, actor, occurrence, handed, now)
        _, told = _move(session, actor, wish, now)
    return remembered.id, told


def _hand_over(
    session: Database, actor: Actor, occurrence: Occurrence, handed: Handed, now: datetime
) -> None:
    """Without a look: the move that follows looks at all who lead."""
    duty = session.get(Duty, handed.duty_id, populate_existing=True)
    if duty is None or duty.occurrence_id != occurrence.id:
        raise NotFound("There is no such duty.")
    require_revision(duty, handed.revision)
    if any(other.person_id == handed.person_id for other in duties_in(session, [occurrence.id])):
        raise Conflict("This facilitator leads it already.")
    require_role(session, [handed.person_id], Role.FACILITATOR)
    record(
        session,
        actor=actor,
        at=now,
        action="duty.handed_over",
        subject="occurrence",
        subject_id=occurrence.id,
        person_id=handed.person_id,
        detail={
            "before": duty.person_id,
        },
    )
    hand_over(session, duty=duty, person_id=handed.person_id, exclusive=False, override_reason="", now=now)
