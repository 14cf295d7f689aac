"""Who or what is taken twice: overlaps among bookings, found in one sweep.

Pure. A booking holds one room or one person from one instant until another; the end is not part of it, so
that a meeting may begin when another ends. Bookings of the same occurrence never collide with each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from heapq import heappop, heappush


class Holder(StrEnum):
    """What a booking holds. A facilitator and a member are persons, and one person may be both."""

    ROOM = "room"
    FACILITATOR = "facilitator"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Booking:
    """`held` is the id of the room or of the person; `occurrence` is the id of what they are held for.

    `starts` and `ends` are instants in UTC. An occurrence that does not exist yet has a number below zero.
    """

    holder: Holder
    held: int
    starts: datetime
    ends: datetime
    occurrence: int

    @property
    def resource(self) -> tuple[bool, int]:
        """The same for two bookings that want the same room, or the same person in whatever part."""
        return self.holder is Holder.ROOM, self.held


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two bookings of the same room or person that share time; `first` starts no later than `second`."""

    first: Booking
    second: Booking

    @property
    def only_warns(self) -> bool:
        """A member's overlap warns; a room's or a facilitator's is refused."""
        return Holder.MEMBER in (self.first.holder, self.second.holder)

    @property
    def occurrences(self) -> frozenset[int]:
        return frozenset((self.first.occurrence, self.second.occurrence))


def overlaps(bookings: Iterable[Booking]) -> list[Overlap]:
    """All overlaps among these bookings: O(n log n) beside the overlaps themselves, by resource and start."""
    return list(_swept(sorted(bookings, key=_order), None))


def overlaps_with(wanted: Iterable[Booking], standing: Iterable[Booking]) -> list[Overlap]:
    """The overlaps that concern what is wanted: with what stands already, and of the wanted with each other.

    What stands may overlap with itself (a coordinator overrode it); that is neither told nor looked for. A
    standing booking of an occurrence that is wanted anew is what it was before, and does not count.
    """
    new = list(wanted)
    occurrences = {booking.occurrence for booking in new}
    old = [booking for booking in standing if booking.occurrence not in occurrences]
    return list(_swept(sorted([*new, *old], key=_order), occurrences))


def _order(booking: Booking) -> tuple[bool, int, datetime, datetime, int, Holder]:
    return (*booking.resource, booking.starts, booking.ends, booking.occurrence, booking.holder)


class _Running:
    """The bookings of one resource that have not ended yet, in a heap by their end."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Booking]] = []

    def at(self, instant: datetime) -> list[tuple[int, Booking]]:
        """Those that still run then, each with its place in the order; the others are forgotten."""
        while self._heap and self._heap[0][0] <= instant:
            heappop(self._heap)
        return [(place, booking) for _, place, booking in self._heap]

    def add(self, place: int, booking: Booking) -> None:
        heappush(self._heap, (booking.ends, place, booking))


def _swept(ordered: Sequence[Booking], wanted: Collection[int] | None) -> Iterator[Overlap]:
    """Walks bookings in order of resource and start; two that are both not `wanted` never meet."""
    resource: tuple[bool, int] | None = None
    new, old = _Running(), _Running()
    for place, booking in enumerate(ordered):
        if booking.resource != resource:
            new, old, resource = _Running(), _Running(), booking.resource
        is_new = wanted is None or booking.occurrence in wanted
        running = new.at(booking.starts) + (old.at(booking.starts) if is_new else [])
        for _, earlier in sorted(running, key=lambda item: item[0]):
            if earlier.occurrence != booking.occurrence:
                yield Overlap(earlier, booking)
        (new if is_new else old).add(place, booking)


def together(
    pairs: Iterable[tuple[int, int]], present: Iterable[Collection[int]]
) -> frozenset[tuple[int, int]]:
    """Those of the pairs of persons of whom both are present somewhere, each once, the smaller id as asked.

    `present` are the persons of each occurrence. The same pair the other way round is the same pair.
    """
    places = [frozenset(each) for each in present]
    found: dict[frozenset[int], tuple[int, int]] = {}
    for one, two in sorted(pairs):
        if any(one in place and two in place for place in places):
            found.setdefault(frozenset((one, two)), (one, two))
    return frozenset(found.values())
