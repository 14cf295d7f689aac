"""Where a zone changes its clock, and which meetings that touches.

Found by asking the zone, not by reading its file: what counts is what this program itself computes with.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Change:
    """At the UTC instant `at`, the offset from UTC goes from `before` to `after`."""

    at: datetime
    before: timedelta
    after: timedelta

    @property
    def touched(self) -> tuple[datetime, datetime]:
        """The naive wall times that it skips or repeats: from the first, up to the second."""
        walls = [(self.at + offset).replace(tzinfo=None) for offset in (self.before, self.after)]
        return min(walls), max(walls)


@lru_cache(maxsize=512)
def changes(zone: ZoneInfo, begin: date, end: date) -> tuple[Change, ...]:
    """Every change from `begin` to `end` (days in UTC), in order; no zone changes twice within a day."""
    found = []
    day, last = datetime.combine(begin, time.min, UTC), datetime.combine(end, time.min, UTC)
    while day < last:
        before, after = offset_at(zone, day), offset_at(zone, day + DAY)
        if before != after:
            found.append(Change(_between(zone, day, day + DAY), before, after))
        day += DAY
    return tuple(found)


def offset_at(zone: ZoneInfo, instant: datetime) -> timedelta:
    """The zone's offset from UTC at an aware instant."""
    return instant.astimezone(zone).utcoffset() or timedelta(0)


def _between(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    old = offset_at(zone, low)
    while high - low > _SECOND:
        middle = (low + (high - low) / 2).replace(microsecond=0)
        low, high = (middle, high) if offset_at(zone, middle) == old else (low, middle)
    return high


def is_touched(start: datetime, length: timedelta, changed: Iterable[Change]) -> bool:
    """Does a meeting, by its naive wall times, begin or end in a skipped or repeated hour, or run across one?

    Ending just where such an hour begins counts as well: the clock shows that end twice, or never.
    """
    return any(start < high and start + length >= low for low, high in (change.touched for change in changed))


def may_be_touched(at: time, length: timedelta, weekdays: frozenset[int], changed: Iterable[Change]) -> bool:
    """The same for meetings at wall time `at` on any date of these weekdays, 0 being Monday."""
    for change in changed:
        low, high = change.touched
        day = (low - length).date()
        while day <= high.date():
            if day.weekday() in weekdays and is_touched(datetime.combine(day, at), length, (change,)):
                return True
            day += DAY
    return False
