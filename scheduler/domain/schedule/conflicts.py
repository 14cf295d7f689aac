"""Who or what is taken twice: overlaps among bookings, found in one sweep.

Pure. A booking holds one room or one person from one instant until another; the end is not part of it, so
that a meeting may begin when another ends. Bookings of the same occurrence never collide with each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    return list(_swept(sorted(bookings, key=_order)))


def overlaps_with(wanted: Iterable[Booking], standing: Iterable[Booking]) -> list[Overlap]:
    """The overlaps that concern what is wanted: with what stands already, and of the wanted with each other.

    What stands may overlap with itself (a coordinator overrode it) without being told again. A standing
    booking of an occurrence that is wanted anew is what it was before, and does not count.
    """
    new = list(wanted)
    occurrences = {booking.occurrence for booking in new}
    old = [booking for booking in standing if booking.occurrence not in occurrences]
    return [found for found in overlaps([*new, *old]) if not found.occurrences.isdisjoint(occurrences)]


def _order(booking: Booking) -> tuple[bool, int, datetime, datetime, int, Holder]:
    return (*booking.resource, booking.starts, booking.ends, booking.occurrence, booking.holder)


def _swept(ordered: list[Booking]) -> Iterator[Overlap]:
    """Walks bookings in order of resource and start, and keeps those that have not ended yet in a heap by
    their end.
    """
    running: list[tuple[datetime, int, Booking]] = []
    resource: tuple[bool, int] | None = None
    for place, booking in enumerate(ordered):
        if booking.resource != resource:
            running, resource = [], booking.resource
        while running and running[0][0] <= booking.starts:
            heappop(running)
        for _, _, earlier in sorted(running, key=lambda item: item[1]):
            if earlier.occurrence != booking.occurrence:
                yield Overlap(earlier, booking)
        heappush(running, (booking.ends, place, booking))
