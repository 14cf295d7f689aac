"""A place and a time for a session: what is free, the best first, and why the rest fell out. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from scheduler.domain.places.queries import RoomView
from scheduler.domain.schedule.conflicts import Booking, Holder
from scheduler.domain.schedule.dates import Meeting, meeting_at
from scheduler.domain.schedule.diary import Diary
from scheduler.domain.schedule.wall_time import local_of

STEP: Final = timedelta(minutes=15)
"""Between the starts that are tried."""
OFFERED: Final = 24
ROOMS_AT_A_TIME: Final = 3
"""So many rooms are offered for one start, to leave a choice of times."""
STARTS_A_DAY: Final = 4
"""So many starts are offered on one day, to leave a choice of days."""
APART: Final = timedelta(hours=1)
"""At least so far from each other are the starts of one day, to leave a choice of hours."""
TOLD: Final = 30
"""Reasons at most: beyond that nobody reads on."""
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for: a session of so many minutes for so many `places`, once or on `weeks` in a row.

    It begins on one of the local dates from `first` to `last`, not before `earliest` and over by `latest`
    (the same day), on one of the `weekdays` (0 is Monday; empty: any). `persons` must be free. `near` is
    where it stands now: then the nearest times come first, for the sake of those who have it in their day.
    """

    minutes: int
    places: int
    first: date
    last: date
    earliest: time
    latest: time
    zone: ZoneInfo
    weekdays: frozenset[int] = frozenset()
    site_id: int | None = None
    persons: tuple[int, ...] = ()
    weeks: int = 1
    near: datetime | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A free place and time; `local_start` is naive, and the first of its weeks."""

    local_start: datetime
    room: RoomView


class Why(StrEnum):
    """Why something fell out."""

    TOO_SMALL = "too_small"
    TAKEN = "taken"
    CLOSED = "closed"
    BUSY = "busy"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class Reason:
    """`held` is the room or the person; the span is in local time, and empty where it holds throughout.

    It is the first of them; `more` come later.
    """

    why: Why
    held: int = 0
    starts: datetime | None = None
    ends: datetime | None = None
    more: int = 0


def options(
    wish: Wish,
    rooms: Sequence[RoomView],
    diary: Diary,
    *,
    holidays: Collection[date] = (),
    after: datetime,
) -> tuple[Option, ...]:
    """What is free, at most `OFFERED`: at the wanted site first, then the soonest or the nearest time, then
    the room of the right size (not shared, its size known, the smallest), in a stable order. Starts of one
    day are `APART`.

    A room that several may share is free unless it is closed. Nothing begins before `after`.
    """
    fitting = sorted((room for room in rooms if _holds(room, wish)), key=lambda room: _preference(room, wish))
    here: list[Option] = []
    elsewhere: list[Option] = []
    offered: defaultdict[tuple[date, bool], list[datetime]] = defaultdict(list)
    for start in _starts(wish):
        meetings = _meetings(wish, start)
        if meetings[0].starts_at <= after or not _all_within_hours(wish, meetings):
            continue
        if not _all_free(wish, meetings, diary, holidays):
            continue
        free = (room for room in fitting if _is_free(room, meetings, diary))
        found = [Option(start, room) for room in islice(free, ROOMS_AT_A_TIME)]
        for is_wanted, kept in ((True, here), (False, elsewhere)):
            of_these = [each for each in found if _is_wanted(each.room, wish) is is_wanted]
            that_day = offered[start.date(), is_wanted]
            if of_these and len(that_day) < STARTS_A_DAY and _is_apart(start, that_day):
                that_day.append(start)
                kept.extend(of_these)
        if len(here) >= OFFERED:
            break
    return (*here, *elsewhere)[:OFFERED]


def reasons(
    wish: Wish,
    rooms: Sequence[RoomView],
    bookings: Iterable[Booking],
    *,
    holidays: Collection[date] = (),
) -> tuple[Reason, ...]:
    """Why the rest fell out, at most `TOLD`: people first, then holidays, then rooms.

    Of each person and room the first time is told, and how many more there are; spans that follow each other
    are one. A booking of no occurrence (0) is a closed room.
    """
    at_hand = {room.id for room in rooms if _holds(room, wish)}
    people, taken = [], []
    for each in bookings:
        if each.holder is not Holder.ROOM:
            people.append(_reason(Why.BUSY, each, wish))
        elif each.held in at_hand:
            taken.append(_reason(Why.TAKEN if each.occurrence else Why.CLOSED, each, wish))
    days = [Reason(Why.HOLIDAY, 0, datetime.combine(day, time.min)) for day in sorted(holidays)]
    small = [Reason(Why.TOO_SMALL, room.id) for room in rooms if not _holds(room, wish)]
    found = (*_first_of_each(_joined(people, wish)), *days, *small, *_first_of_each(_joined(taken, wish)))
    return found[:TOLD]


def _first_of_each(found: Iterable[Reason]) -> Iterator[Reason]:
    """One for each person or room and why, in order of time, with how many more there are."""
    told: defaultdict[tuple[Why, int], list[Reason]] = defaultdict(list)
    for each in found:
        told[each.why, each.held].append(each)
    for first, *later in told.values():
        yield replace(first, more=len(later))


def _is_apart(start: datetime, others: Iterable[datetime]) -> bool:
    return all(abs(start - other) >= APART for other in others)


def _is_wanted(room: RoomView, wish: Wish) -> bool:
    return wish.site_id is None or room.site_id == wish.site_id


def _holds(room: RoomView, wish: Wish) -> bool:
    return room.capacity is None or room.capacity >= wish.places


def _preference(room: RoomView, wish: Wish) -> tuple[bool, bool, bool, int, int]:
    """Of the wanted site, for one session alone, of known size, the smallest. Online rooms last."""
    elsewhere = room.site_id is None if wish.site_id is None else room.site_id != wish.site_id
    return elsewhere, room.shared, room.capacity is None, room.capacity or 0, room.id


def _starts(wish: Wish) -> list[datetime]:
    """All quarters of an hour that are looked at, naive, the soonest or the nearest first."""
    found = []
    for number in range((wish.last - wish.first).days + 1):
        day = wish.first + number * _DAY
        if wish.weekdays and day.weekday() not in wish.weekdays:
            continue
        start, latest = datetime.combine(day, wish.earliest), datetime.combine(day, wish.latest)
        while start < latest:
            found.append(start)
            start += STEP
    near = wish.near
    return found if near is None else sorted(found, key=lambda start: (abs(start - near), start))


def _meetings(wish: Wish, start: datetime) -> list[Meeting]:
    return [meeting_at(start + week * _WEEK, wish.minutes, wish.zone) for week in range(wish.weeks)]


def _all_within_hours(wish: Wish, meetings: Sequence[Meeting]) -> bool:
    """Does each begin at an hour that is there that day, and is it over in time by the clock on the wall?"""
    return all(
        local_of(each.starts_at, wish.zone) == each.local_start
        and local_of(each.ends_at, wish.zone) <= datetime.combine(each.local_start.date(), wish.latest)
        for each in meetings
    )


def _all_free(wish: Wish, meetings: Sequence[Meeting], diary: Diary, holidays: Collection[date]) -> bool:
    return all(
        meeting.local_start.date() not in holidays
        and all(diary.is_free(Holder.MEMBER, who, meeting.starts_at, meeting.ends_at) for who in wish.persons)
        for meeting in meetings
    )


def _is_free(room: RoomView, meetings: Sequence[Meeting], diary: Diary) -> bool:
    return all(diary.is_free(Holder.ROOM, room.id, each.starts_at, each.ends_at) for each in meetings)


def _reason(why: Why, booking: Booking, wish: Wish) -> Reason:
    return Reason(why, booking.held, local_of(booking.starts, wish.zone), local_of(booking.ends, wish.zone))


def _joined(found: Iterable[Reason], wish: Wish) -> Iterator[Reason]:
    """By who and time, those that touch as one; without what lies outside the days and hours asked for."""
    spans = [(one.held, one.why, one.starts, one.ends) for one in found if one.starts and one.ends]
    last: tuple[int, Why, datetime, datetime] | None = None
    for held, why, starts, ends in sorted(spans):
        if not _matters(wish, starts, ends):
            continue
        if last is not None and last[:2] == (held, why) and starts <= last[3]:
            last = (held, why, last[2], max(last[3], ends))
            continue
        if last is not None:
            yield Reason(last[1], last[0], *last[2:])
        last = (held, why, starts, ends)
    if last is not None:
        yield Reason(last[1], last[0], *last[2:])


def _matters(wish: Wish, starts: datetime, ends: datetime) -> bool:
    """Does it lie within the hours of a day that is asked for, or of one of its next weeks?"""
    day = max(starts.date(), wish.first)
    while day <= min(ends.date(), wish.last + (wish.weeks - 1) * _WEEK):
        begin, end = datetime.combine(day, wish.earliest), datetime.combine(day, wish.latest)
        asked = not wish.weekdays or day.weekday() in wish.weekdays
        if asked and starts < end and begin < ends:
            return True
        day += _DAY
    return False
