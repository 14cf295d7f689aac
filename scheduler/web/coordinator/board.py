"""Days of the plan, put together for its pages. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.domain.places.queries import RoomView
from scheduler.domain.planning.board import Counts
from scheduler.domain.planning.planned import Planned, Twice

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """An occurrence with what it collides with."""

    planned: Planned
    twice: tuple[Twice, ...]


@dataclass(frozen=True, slots=True)
class PlanDay:
    """A day with its entries, in order of time."""

    date: date
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room by days; ``entries`` has a tuple for each day. ``room`` is none for what has no room."""

    room: RoomView | None
    entries: tuple[tuple[Entry, ...], ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Days, and the same by room; ``kinds`` are those that they hold, in order of their first entry."""

    first: date
    days: tuple[PlanDay, ...]
    rooms: tuple[RoomRow, ...]
    counts: Counts
    kinds: tuple[str, ...]


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def board_of(
    first: date,
    planned: Sequence[Planned],
    twice: Mapping[int, tuple[Twice, ...]],
    rooms: Iterable[RoomView] = (),
    *,
    days: int = 7,
) -> Board:
    """The days from ``first`` on, of what is planned on them and what of it is taken ``twice``; every room
    has a row, used or not.
    """
    entries = [Entry(each, twice.get(each.id, ())) for each in planned]
    dates = [first + DAY * number for number in range(days)]
    return Board(
        first=first,
        days=tuple(PlanDay(day, tuple(e for e in entries if e.planned.day == day)) for day in dates),
        rooms=_rows(entries, dates, rooms),
        counts=_counts(planned, twice),
        kinds=tuple(dict.fromkeys(each.kind.value for each in planned)),
    )


def _rows(entries: Sequence[Entry], dates: Sequence[date], rooms: Iterable[RoomView]) -> tuple[RoomRow, ...]:
    cells: dict[tuple[int | None, date], list[Entry]] = {}
    for entry in entries:
        cells.setdefault((entry.planned.room_id, entry.planned.day), []).append(entry)
    shown: list[RoomView | None] = list(rooms)
    if any(entry.planned.room_id is None for entry in entries):
        shown.append(None)
    return tuple(
        RoomRow(room, tuple(tuple(cells.get((room.id if room else None, day), ())) for day in dates))
        for room in shown
    )


def _counts(planned: Sequence[Planned], twice: Mapping[int, tuple[Twice, ...]]) -> Counts:
    return Counts(
        sessions=len(planned),
        twice=len(twice),
        lacking=sum(each.lacks_lead for each in planned),
        cancelled=sum(not each.takes_place for each in planned),
    )
