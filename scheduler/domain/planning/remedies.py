"""What would end a conflict: another room, somebody else who leads, another time. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from scheduler.domain.places.queries import RoomView
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.grouping import Fact
from scheduler.domain.schedule.conflicts import Holder
from scheduler.domain.schedule.dates import Meeting, meeting_at
from scheduler.domain.schedule.diary import Diary

STEP: Final = 15
"""Minutes between the times that are tried."""
FURTHEST: Final = 180
"""Minutes that a session may be put off, to stay on its day for those who belong to it."""
_EARLIEST, _LATEST = 6, 22


class Does(StrEnum):
    """What a remedy does."""

    ROOM = "room"
    LEAD = "lead"
    LATER = "later"
    KEEP = "keep"
    TAKE_BACK = "take_back"


@dataclass(frozen=True, slots=True)
class Remedy:
    """`value` is the room, the person, or the minutes that it is put off (before: below zero)."""

    does: Does
    series_id: int
    value: int = 0


def by_fit(rooms: Iterable[RoomView], *, site_id: int | None, expected: int) -> list[RoomView]:
    """These rooms, the one that fits best first: that holds those expected, or whose size is unknown; at the
    same site; then not shared; then the smallest that is known, and last one of unknown size. Of those that
    are too small the largest comes first.
    """

    def key(room: RoomView) -> tuple[bool, bool, bool, bool, int, int]:
        size = room.capacity or 0
        fits = room.capacity is None or size >= expected
        unknown = room.capacity is None
        return not fits, room.site_id != site_id, room.shared, unknown, size if fits else -size, room.id

    return sorted(rooms, key=key)


def other_room(
    rooms: Iterable[RoomView], taken: Collection[int], *, site_id: int | None, expected: int
) -> RoomView | None:
    """The best of :func:`other_rooms`."""
    return next(iter(other_rooms(rooms, taken, site_id=site_id, expected=expected)), None)


def other_rooms(
    rooms: Iterable[RoomView], taken: Collection[int], *, site_id: int | None, expected: int
) -> list[RoomView]:
    """The free rooms that hold those expected, the best first. An online one only where it met online."""
    fitting = [
        room
        for room in rooms
        if room.id not in taken
        and (room.capacity is None or room.capacity >= expected)
        and (room.site_id is None) is (site_id is None)
    ]
    return by_fit(fitting, site_id=site_id, expected=expected)


def other_time(
    side: Sequence[Fact],
    diary: Diary,
    *,
    persons: Collection[int] = (),
    shared: Collection[int] = (),
    after: datetime,
) -> int | None:
    """The minutes, nearest first, by which all of a side could be put off on its day; none: nothing is free.

    Its room, those who lead and `persons` must be free. The later of two equally near comes first.
    """
    numbers = {fact.id for fact in side}
    for minutes in _shifts():
        tried = [(fact, _put_off(fact, minutes)) for fact in side]
        if all(
            meeting is not None
            and meeting.starts_at > after
            and all(
                diary.is_free(*who, meeting.starts_at, meeting.ends_at, but=numbers)
                for who in _wanted(fact, persons, shared)
            )
            for fact, meeting in tried
        ):
            return minutes
    return None


def _shifts() -> Iterator[int]:
    for minutes in range(STEP, FURTHEST + 1, STEP):
        yield from (minutes, -minutes)


def _put_off(fact: Fact, minutes: int) -> Meeting | None:
    """Where it would then stand; none on another day or at night."""
    local = fact.local_start + timedelta(minutes=minutes)
    if local.date() != fact.local_start.date() or not _EARLIEST <= local.hour < _LATEST:
        return None
    length = (fact.ends_at - fact.starts_at) // timedelta(minutes=1)
    return meeting_at(local, length, zone_named(fact.timezone))


def _wanted(fact: Fact, persons: Collection[int], shared: Collection[int]) -> Iterator[tuple[Holder, int]]:
    yield from ((Holder.FACILITATOR, duty.person_id) for duty in fact.duties)
    yield from ((Holder.MEMBER, person) for person in persons)
    if fact.room_id is not None and fact.room_id not in shared:
        yield Holder.ROOM, fact.room_id


def other_lead(people: Iterable[int], diary: Diary, side: Sequence[Fact]) -> int | None:
    """The first of these people who is free for all of a side and leads none of it."""
    leads = {duty.person_id for fact in side for duty in fact.duties}
    return next(
        (
            person
            for person in people
            if person not in leads
            and all(diary.is_free(Holder.FACILITATOR, person, f.starts_at, f.ends_at) for f in side)
        ),
        None,
    )
