"""What becomes of each session in a place that is shut: stopped, put into another room, or left. Pure."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from scheduler.domain.schedule.conflicts import Booking
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.plans import LONGEST_MINUTES

LONGEST = timedelta(minutes=LONGEST_MINUTES)


class Does(StrEnum):
    """What a coordinator chose for sessions of a kind."""

    STOP = "stop"
    RELOCATE = "relocate"
    ONLINE = "online"
    KEEP = "keep"
    """They go on where they are: a dose is handed out at the door."""


class Did(StrEnum):
    """What became of one session."""

    STOPPED = "stopped"
    MOVED = "moved"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Choice:
    """For sessions of one kind. `room_id` is where they go; none: the best free room, or online room."""

    does: Does
    room_id: int | None = None

    @property
    def moves(self) -> bool:
        return self.does in {Does.RELOCATE, Does.ONLINE}


@dataclass(frozen=True, slots=True)
class Affected:
    """A session in a place that is shut then. Instants in UTC; `expected` is how many it needs places for.

    One that does not take place anyway is not `booked`: it may be stopped once more, and is not moved.
    """

    occurrence: int
    kind: Kind
    starts_at: datetime
    ends_at: datetime
    room_id: int
    site_id: int | None
    expected: int
    booked: bool = True


@dataclass(frozen=True, slots=True)
class Space:
    """A room that may take sessions; without a site it is an online one. No `capacity`: unknown."""

    id: int
    site_id: int | None
    capacity: int | None
    shared: bool


@dataclass(frozen=True, slots=True)
class Span:
    """From one instant to another, the end not included."""

    starts_at: datetime
    ends_at: datetime

    def meets(self, starts_at: datetime, ends_at: datetime) -> bool:
        return self.starts_at < ends_at and starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a session. `room_id` is where it goes.

    `is_for_want_of_room`: it was to be put elsewhere, but nothing was free, and so it is stopped. Not
    `was_booked`: it did not take place anyway.
    """

    occurrence: int
    did: Did
    room_id: int | None = None
    is_for_want_of_room: bool = False
    was_booked: bool = True


def decide(
    affected: Iterable[Affected],
    choices: Mapping[Kind, Choice],
    spaces: Sequence[Space],
    *,
    taken: Iterable[Booking] = (),
    shut: Mapping[int, Collection[Span]] = {},
) -> tuple[Fate, ...]:
    """The fate of each session, in order of time; of those at one time, the largest chooses first.

    `taken` is what stands in rooms that are not shared, `shut` when rooms are closed themselves. A kind
    without a choice is left. The best room is at the same site, not shared, the smallest that is known to
    hold those expected; then one of unknown size; then shared ones; then the same at other sites. No two
    are put into one room at one time, unless it is shared and holds both.
    """
    diary = _Diary(taken, shut)
    ordered = sorted(affected, key=lambda each: (each.starts_at, -each.expected, each.occurrence))
    return tuple(_fate(each, choices.get(each.kind), spaces, diary) for each in ordered)


def _fate(each: Affected, choice: Choice | None, spaces: Sequence[Space], diary: _Diary) -> Fate:
    if choice is None or choice.does is Does.KEEP or (choice.moves and not each.booked):
        return Fate(each.occurrence, Did.KEPT, was_booked=each.booked)
    if not choice.moves:
        return Fate(each.occurrence, Did.STOPPED, was_booked=each.booked)
    fitting = [space for space in spaces if _may_take(space, each, choice)]
    best = min(
        (space for space in fitting if diary.is_free(space, each, is_chosen=choice.room_id is not None)),
        key=lambda space: _preference(space, each),
        default=None,
    )
    if best is None:
        return Fate(each.occurrence, Did.STOPPED, is_for_want_of_room=True)
    diary.book(best, each)
    return Fate(each.occurrence, Did.MOVED, best.id)


def _may_take(space: Space, each: Affected, choice: Choice) -> bool:
    """A room that the coordinator chose need not be large enough: they know the room."""
    if space.id == each.room_id:
        return False
    if choice.room_id is not None:
        return space.id == choice.room_id
    is_online = space.site_id is None
    fits = space.capacity is None or space.capacity >= each.expected
    return fits and is_online is (choice.does is Does.ONLINE)


def _preference(space: Space, each: Affected) -> tuple[bool, bool, bool, int, int]:
    is_elsewhere = space.site_id != each.site_id
    return is_elsewhere, space.shared, space.capacity is None, space.capacity or 0, space.id


class _Diary:
    """When rooms are taken."""

    def __init__(self, taken: Iterable[Booking], shut: Mapping[int, Collection[Span]]) -> None:
        self._shut = shut
        self._taken: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
        self._guests: dict[int, list[tuple[datetime, datetime, int]]] = defaultdict(list)
        for booking in taken:
            self._taken[booking.held].append((booking.starts, booking.ends))
        for spans in self._taken.values():
            spans.sort()

    def is_free(self, space: Space, each: Affected, *, is_chosen: bool) -> bool:
        if any(span.meets(each.starts_at, each.ends_at) for span in self._shut.get(space.id, ())):
            return False
        if not space.shared:
            return not self._is_taken(space.id, each)
        is_large = is_chosen or space.capacity is None
        return is_large or self._beside(space.id, each) + each.expected <= (space.capacity or 0)

    def book(self, space: Space, each: Affected) -> None:
        if space.shared:
            self._guests[space.id].append((each.starts_at, each.ends_at, each.expected))
        else:
            insort(self._taken[space.id], (each.starts_at, each.ends_at))

    def _is_taken(self, room_id: int, each: Affected) -> bool:
        """No session is longer than a day, so that only those which began within one are looked at."""
        spans = self._taken[room_id]
        first = bisect_left(spans, (each.starts_at - LONGEST, each.starts_at - LONGEST))
        last = bisect_left(spans, (each.ends_at, each.ends_at - LONGEST))
        return any(ends > each.starts_at for _, ends in spans[first:last])

    def _beside(self, room_id: int, each: Affected) -> int:
        """How many others were put into a shared room for that time."""
        return sum(
            expected
            for starts, ends, expected in self._guests[room_id]
            if starts < each.ends_at and each.starts_at < ends
        )
