"""Which of a person's series could ever meet at once, told by their hours of the week. Pure.

What meets at once meets at the same hours of the week. So a look at the hours rules out nearly every two
series of nearly everybody without their dates; who is left is looked at by date.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

PIECE: Final = 5 * 60
"""Seconds that the week is cut into."""
_PIECES: Final = 7 * 24 * 60 * 60 // PIECE
_WEEK: Final = (1 << _PIECES) - 1
_DAY: Final = timedelta(days=1)


def seasons(zones: Iterable[ZoneInfo], begin: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """What lies between two instants, cut before and after each day on which a clock changes.

    Within one of them a series keeps its hours of the week in UTC; over a change each would have two sets of
    hours, and neighbors would seem to meet.
    """
    known = list(zones)
    days = [begin + number * _DAY for number in range((end - begin) // _DAY + 1)]
    offsets = [[day.astimezone(zone).utcoffset() for zone in known] for day in days]
    cuts = {begin, end}
    for number, (before, after) in enumerate(pairwise(offsets)):
        if before != after:
            cuts.update(days[number : number + 2])
    return list(pairwise(sorted(cuts)))


def hours_of(spans: Iterable[tuple[int, int]], season: int = 0) -> int:
    """The pieces of a week in which one of these spans takes place, as the bits of a number.

    A span is a start in seconds (any week, UTC) and a length of less than a week; a piece that it only
    touches counts. Each season, counted from 0, has bits of its own.
    """
    hours = 0
    for start, length in spans:
        first = start // PIECE
        pieces = -(-(start + length) // PIECE) - first
        bits = ((1 << pieces) - 1) << first % _PIECES
        hours |= bits & _WEEK | bits >> _PIECES
    return hours << season * _PIECES


def could_coincide(
    hours: Mapping[int, int], belongs: Mapping[int, Collection[int]]
) -> dict[int, frozenset[int]]:
    """For each person those of their series that share an hour of the week with another of theirs.

    `hours` are those of each series; one without is over. Who has none is left out.
    """
    found: dict[int, frozenset[int]] = {}
    for person, series in belongs.items():
        taken = twice = 0
        for each in series:
            mine = hours.get(each, 0)
            twice |= taken & mine
            taken |= mine
        if twice:
            found[person] = frozenset(each for each in series if hours.get(each, 0) & twice)
    return found
