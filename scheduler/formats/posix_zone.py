"""The yearly rule of a zone: the POSIX footer of its file in tzdata (RFC 9636, 3.3), such as
`EST5EDT,M3.2.0,M11.1.0`.

Where the footer names no two ordinal weekdays with an hour within the day, there is no such rule: what
iCalendar's BYDAY can tell is exactly that.
"""

from __future__ import annotations

import re
import zoneinfo
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from pathlib import Path

_NAME = r"(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)"
_OFFSET = r"[+-]?\d{1,3}(?::\d\d){0,2}"
_TURN = rf"M(\d\d?)\.([1-5])\.([0-6])(?:/({_OFFSET}))?"
_RULE = re.compile(rf"{_NAME}{_OFFSET}{_NAME}(?:{_OFFSET})?,{_TURN},{_TURN}")
_DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_WITHIN_A_DAY = range(24 * 3600)


@dataclass(frozen=True, slots=True)
class Turn:
    """When clocks change each year: the `week`th `weekday` (0 is Sunday; week 5 the last) of a month, at a
    wall time in seconds of that day."""

    month: int
    week: int
    weekday: int
    seconds: int

    @property
    def ordinal_day(self) -> str:
        """As in BYDAY: 2SU, -1SU."""
        return f"{-1 if self.week == 5 else self.week}{_DAYS[self.weekday]}"

    def in_year(self, year: int) -> datetime:
        """The naive wall time, before the change, at which it happens."""
        first, length = date(year, self.month, 1), monthrange(year, self.month)[1]
        day = 1 + (self.weekday - first.isoweekday()) % 7 + 7 * (self.week - 1)
        midnight = datetime(year, self.month, day if day <= length else day - 7)
        return midnight + timedelta(seconds=self.seconds)


def yearly_turns(zone: str) -> tuple[Turn, Turn] | None:
    """Both changes of a zone's year in the footer's order, or none where BYDAY cannot tell them."""
    found = _RULE.fullmatch(_footer(zone))
    if found is None:
        return None
    turns = tuple(_turn(found.groups()[at : at + 4]) for at in (0, 4))
    return (turns[0], turns[1]) if all(turn.seconds in _WITHIN_A_DAY for turn in turns) else None


def _turn(parts: tuple[str | None, ...]) -> Turn:
    month, week, weekday = (int(part or 0) for part in parts[:3])
    return Turn(month, week, weekday, _seconds(parts[3] or "2"))


def _seconds(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    hours, minutes, seconds = ([int(part) for part in text.lstrip("+-").split(":")] + [0, 0])[:3]
    return sign * (hours * 3600 + minutes * 60 + seconds)


@cache
def _footer(zone: str) -> str:
    """The last line of the zone's file, from where `zoneinfo` itself takes it: the system, or the package."""
    for root in zoneinfo.TZPATH:
        file = Path(root, zone)
        if file.is_file():
            return _last_line(file.read_bytes())
    return _last_line(resources.files("tzdata").joinpath("zoneinfo", *zone.split("/")).read_bytes())


def _last_line(content: bytes) -> str:
    return content.rstrip(b"\n").rpartition(b"\n")[2].decode("ascii", "replace")
