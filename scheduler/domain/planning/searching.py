"""Asking the plan for a free place and time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.queries import members_by_occurrence, members_taken
from scheduler.domain.people.models import KeptApart
from scheduler.domain.places.queries import RoomView
from scheduler.domain.planning.falling_out import holidays_of
from scheduler.domain.planning.finding_place import Option, Reason, Wish, options, reasons
from scheduler.domain.planning.offering import rooms_closed
from scheduler.domain.roster.queries import facilitators_taken, leaders_by_occurrence
from scheduler.domain.schedule.diary import Diary
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.queries import rooms_taken
from scheduler.domain.schedule.wall_time import instant_of


@dataclass(frozen=True, slots=True)
class Found:
    """What is free, the best first, and why the rest fell out."""

    options: tuple[Option, ...]
    reasons: tuple[Reason, ...]


def find_place(
    session: Database,
    wish: Wish,
    *,
    kind: Kind,
    rooms: Sequence[RoomView],
    occurrence_id: int | None = None,
    now: datetime,
) -> Found:
    """The free places and times for a wish, among these rooms; `occurrence_id` is what is to move there.

    Closed rooms and holidays of the kind count as taken. Where two of the persons are kept apart nothing is
    offered, and no reason is told. Six statements.
    """
    weeks = timedelta(weeks=wish.weeks - 1)
    begin = instant_of(datetime.combine(wish.first, time.min), wish.zone)
    end = instant_of(datetime.combine(wish.last + timedelta(days=1), time.min) + weeks, wish.zone)
    alone = [room.id for room in rooms if not room.shared]
    found = rooms_taken(session, alone, begin, end)
    found += facilitators_taken(session, wish.persons, begin, end)
    found += members_taken(session, wish.persons, begin, end)
    found += rooms_closed(session, begin, end)
    found = [each for each in found if each.occurrence != occurrence_id]
    days = holidays_of(session, kind, wish.first, wish.last + weeks)
    told = reasons(wish, rooms, found, holidays=days)
    if _are_kept_apart(session, wish.persons):
        return Found((), told)
    return Found(options(wish, rooms, Diary(found), holidays=days, after=now), told)


def persons_of_occurrence(session: Database, occurrence_id: int) -> tuple[int, ...]:
    """Who leads it, and whom it expects. Two statements."""
    leads = leaders_by_occurrence(session, [occurrence_id]).get(occurrence_id, ())
    return tuple(
        dict.fromkeys((*leads, *members_by_occurrence(session, [occurrence_id]).get(occurrence_id, ())))
    )


def _are_kept_apart(session: Database, persons: Sequence[int]) -> bool:
    both = KeptApart.person_id.in_(persons) & KeptApart.other_id.in_(persons)
    return session.scalar(select(KeptApart.person_id).where(both).limit(1)) is not None
