"""How long a session lasted, and how much of it counts for each who was there. Pure.

What counts are clinical minutes: breaks do not (9 CCR 9854), and mutual help never does (DOMAIN, Groups).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from scheduler.domain.attendance.statuses import Value
from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.wall_time import instants_around, local_of
from scheduler.errors import Invalid

LONGEST_SPAN: Final = timedelta(hours=24)


class Way(StrEnum):
    """How somebody was there."""

    ROOM = "room"
    VIDEO = "video"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, in UTC, and the minutes of breaks in it.

    Raises Invalid on ``ends`` and ``breaks`` for what cannot be.
    """

    starts_at: datetime
    ends_at: datetime
    breaks: int = 0

    def __post_init__(self) -> None:
        if not timedelta(0) < self.ends_at - self.starts_at <= LONGEST_SPAN:
            raise Invalid("The end is before the start.", "ends")
        if not 0 <= self.breaks <= self.elapsed:
            raise Invalid("The breaks are longer than the session.", "breaks")

    @property
    def elapsed(self) -> int:
        """Whole minutes from start to end."""
        return _minutes(self.starts_at, self.ends_at)

    @property
    def minutes(self) -> int:
        """The same less breaks."""
        return self.elapsed - self.breaks


def is_recorded(kind: Kind, counting: Counting) -> bool:
    """Whether a submitted sheet makes a record of who led, how long and how: not a number without names, and
    not mutual help, which keeps no such thing.
    """
    return counting is not Counting.HEADS and kind is not Kind.MUTUAL_HELP


def is_counted(kind: Kind, counting: Counting) -> bool:
    """Whether the minutes of those who were there count."""
    return counting is Counting.MINUTES and kind is not Kind.MUTUAL_HELP


def there_of(planned: Span, actual: Span, value: Value) -> tuple[datetime, datetime] | None:
    """From when to when somebody was there; none for who was not.

    Minutes late are after the planned start, minutes left before the planned end, as the sheet takes them by
    the clock. Who came before the session really began did not miss what was before that.
    """
    if not value.is_in_the_room:
        return None
    came = planned.starts_at + timedelta(minutes=value.late_minutes or 0)
    left = planned.ends_at - timedelta(minutes=value.left_minutes or 0)
    came = max(actual.starts_at, came) if value.late_minutes else actual.starts_at
    left = min(actual.ends_at, left) if value.left_minutes else actual.ends_at
    return came, max(came, left)


def counted_minutes(planned: Span, actual: Span, value: Value) -> int:
    """How many minutes count for somebody: while they were there, less all breaks, and never less than 0."""
    there = there_of(planned, actual, value)
    return max(0, _minutes(*there) - actual.breaks) if there else 0


def moment_at(at: time, near: datetime, timezone: str) -> datetime:
    """The instant (UTC) of a wall time in ``timezone`` that is nearest to another instant, which it is where
    that has the same wall time.
    """
    zone = zone_named(timezone)
    local = local_of(near, zone)
    if (local.hour, local.minute) == (at.hour, at.minute):
        return near
    return min(instants_around(at, near, timezone), key=lambda instant: abs(instant - near))


def way_of_all(ways: Collection[Way]) -> Way:
    """How somebody was there of whom nobody says it: as all others were, or in the room."""
    return next(iter(ways)) if len(set(ways)) == 1 else Way.ROOM


def _minutes(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds() // 60)
