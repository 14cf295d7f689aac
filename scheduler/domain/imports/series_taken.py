"""What is taken when a row of a list wants it: by what stands, and by the rows before it. Pure.

Row by row, so that a row that is refused takes nothing from those after it, and so that many rows that want
one room cost no more than as many rows that want many.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from scheduler.domain.schedule.conflicts import Booking, Overlap
from scheduler.domain.schedule.plans import LONGEST_MINUTES

_LONGEST = timedelta(minutes=LONGEST_MINUTES)


class Taken:
    """Bookings by what they hold, in order of time."""

    def __init__(self, standing: Iterable[Booking]) -> None:
        self._held: defaultdict[tuple[bool, int], list[Booking]] = defaultdict(list)
        for booking in sorted(standing, key=_starts):
            self._held[booking.resource].append(booking)

    def in_the_way(self, wanted: Sequence[Booking], most: int) -> tuple[Overlap, ...]:
        """The first overlaps of these with what is taken and is more than a warning."""
        return tuple(islice(self._overlaps(wanted), most))

    def take(self, wanted: Iterable[Booking]) -> None:
        """They are taken from now on."""
        for booking in wanted:
            insort(self._held[booking.resource], booking, key=_starts)

    def _overlaps(self, wanted: Iterable[Booking]) -> Iterator[Overlap]:
        for booking in wanted:
            held = self._held.get(booking.resource, [])
            first = bisect_right(held, booking.starts - _LONGEST, key=_starts)
            last = bisect_left(held, booking.ends, key=_starts)
            for place in range(first, last):
                overlap = Overlap(held[place], booking)
                if held[place].ends > booking.starts and not overlap.only_warns:
                    yield overlap


def _starts(booking: Booking) -> datetime:
    return booking.starts
