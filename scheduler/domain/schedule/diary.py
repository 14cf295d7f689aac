"""When rooms and persons are taken, to be asked many times over. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from scheduler.domain.schedule.conflicts import Booking, Holder

_DAY: Final = timedelta(days=1)


class Diary:
    """When rooms and persons are taken."""

    def __init__(self, bookings: Iterable[Booking]) -> None:
        self._taken: defaultdict[tuple[bool, int], list[tuple[datetime, datetime, int]]] = defaultdict(list)
        for each in bookings:
            self._taken[each.resource].append((each.starts, each.ends, each.occurrence))
        for spans in self._taken.values():
            spans.sort()

    def in_the_way(
        self, holder: Holder, held: int, starts: datetime, ends: datetime, *, but: Collection[int] = ()
    ) -> Iterator[int]:
        """The occurrences that take it then, but for some. None is longer than a day."""
        spans = self._taken.get((holder is Holder.ROOM, held), [])
        place = bisect_left(spans, (starts - _DAY,))
        while place < len(spans) and spans[place][0] < ends:
            if spans[place][1] > starts and spans[place][2] not in but:
                yield spans[place][2]
            place += 1

    def is_free(
        self, holder: Holder, held: int, starts: datetime, ends: datetime, *, but: Collection[int] = ()
    ) -> bool:
        return next(self.in_the_way(holder, held, starts, ends, but=but), None) is None
