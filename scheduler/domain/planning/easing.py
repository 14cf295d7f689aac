"""What would free a plan of what stands in its way: another room, or another hour for all of its dates."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.places.queries import RoomView
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.falling_out import falling_out
from scheduler.domain.planning.grouping import Fact, Led
from scheduler.domain.planning.offering import rooms_closed
from scheduler.domain.planning.remedies import other_rooms, other_time
from scheduler.domain.roster.queries import facilitators_taken
from scheduler.domain.schedule.clashes import Clash
from scheduler.domain.schedule.conflicts import Holder
from scheduler.domain.schedule.dates import horizon_of, meetings_at, starts_until
from scheduler.domain.schedule.diary import Diary
from scheduler.domain.schedule.models import Occurrence
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.queries import LONGEST, rooms_taken

MOST_ROOMS: Final = 3


@dataclass(frozen=True, slots=True)
class Easing:
    """Rooms that are free on every date, the best first, and by how many minutes all of them could be put off
    (below zero: earlier; none: nothing is free).
    """

    rooms: tuple[RoomView, ...] = ()
    minutes: int | None = None


def easing(
    session: Database,
    *,
    plan: Plan,
    clashes: Collection[Clash],
    leads: Collection[int] = (),
    rooms: Sequence[RoomView] = (),
    series_id: int | None = None,
    now: datetime,
) -> Easing:
    """What would end these clashes; nothing, and no statement, where there are none. Seven statements.

    `rooms` may be offered, `series_id` is what is changed: its own dates are in nobody's way. Where somebody
    who leads is taken no other room helps.
    """
    if not clashes:
        return Easing()
    shared = {room.id for room in rooms if room.shared}
    side = _side(session, plan, leads, now)
    if not side:
        return Easing()
    own = set(session.scalars(select(Occurrence.id).where(Occurrence.series_id == series_id)))
    begin, end = side[0].starts_at - LONGEST, side[-1].ends_at + LONGEST
    taken = rooms_taken(session, {room.id for room in rooms} - shared, begin, end)
    taken += facilitators_taken(session, leads, begin, end)
    diary = Diary(
        [*(each for each in taken if each.occurrence not in own), *rooms_closed(session, begin, end)]
    )
    minutes = other_time(side, diary, shared=shared, after=now)
    if any(clash.holder is not Holder.ROOM for clash in clashes):
        return Easing(minutes=minutes)
    busy = {room.id for room in rooms if not _is_free(room, side, diary)}
    site_id = next((room.site_id for room in rooms if room.id == plan.room_id), None)
    found = other_rooms(rooms, busy, site_id=site_id, expected=plan.capacity or 0)
    return Easing(tuple(found[:MOST_ROOMS]), minutes)


def _side(session: Database, plan: Plan, leads: Collection[int], now: datetime) -> list[Fact]:
    """Its dates to come that take place, as what would collide."""
    zone = zone_named(plan.timezone)
    until = horizon_of(now, zone)
    starts = starts_until(plan.rule, plan.first_start, after=None, until=until, ends_on=None)
    meetings = [each for each in meetings_at(starts, plan.minutes, zone) if each.starts_at > now]
    out = falling_out(session, plan, meetings)
    return [
        Fact(
            id=-1 - number,
            series_id=0,
            room_id=None if number in out.elsewhere else plan.room_id,
            site_id=None,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            local_start=meeting.local_start,
            timezone=plan.timezone,
            revision=0,
            reason="",
            is_mine=True,
            duties=tuple(Led(0, person, 0, "") for person in leads),
        )
        for number, meeting in enumerate(meetings)
        if number not in out.stopped
    ]


def _is_free(room: RoomView, side: Sequence[Fact], diary: Diary) -> bool:
    return all(diary.is_free(Holder.ROOM, room.id, each.starts_at, each.ends_at) for each in side)
