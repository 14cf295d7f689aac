"""Which moved meetings a recurring entry cannot carry.

Outlook refuses to show an instance moved onto the day of another, or past its neighbor; such a one is
excluded from its master and shown on its own (docs/feeds.md, Events).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime


def apart(instances: Sequence[datetime], starts: Mapping[datetime, datetime]) -> frozenset[datetime]:
    """The original starts of those that must stand alone.

    `instances` are all original starts of the master in order, with one more after its last if it goes on;
    `starts` says where each that was moved now stands.
    """
    days = [_days(original, starts) for original in instances]
    alone = set()
    for index, original in enumerate(instances):
        now = starts.get(original, original).date()
        follows = index == 0 or max(days[index - 1]) < now
        precedes = index + 1 == len(instances) or now < min(days[index + 1])
        if now != original.date() and not (follows and precedes):
            alone.add(original)
    return frozenset(alone)


def _days(original: datetime, starts: Mapping[datetime, datetime]) -> tuple[date, date]:
    return original.date(), starts.get(original, original).date()
