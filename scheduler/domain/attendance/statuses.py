"""What a mark may say, and what counts as having been in the room. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from scheduler.domain.schedule.wall_time import instants_around
from scheduler.errors import Invalid

LONGEST = 24 * 60
"""Minutes: more than any session lasts."""


class Status(StrEnum):
    """A person's attendance at one occurrence (DOMAIN, Words: Mark)."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    EXCUSED = "excused"
    ABSENT = "absent"


class Excuse(StrEnum):
    """Why somebody is excused, saying no more than is needed: an appointment is any, one at a court too."""

    UNWELL = "unwell"
    WORK = "work"
    FAMILY = "family"
    TRANSPORT = "transport"
    APPOINTMENT = "appointment"
    OTHER = "other"


IN_THE_ROOM = frozenset({Status.PRESENT, Status.LATE, Status.LEFT_EARLY})
"""Who was there, if not for all of it."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a mark says. No status: not marked, or taken back.

    ``late_minutes`` after the start belong to ``late``, ``left_minutes`` before the end to ``left_early``;
    ``excuse`` to ``excused``; each may stay unknown. Raises Invalid on field ``minutes`` or ``excuse`` for
    any other combination.
    """

    status: Status | None = None
    late_minutes: int | None = None
    left_minutes: int | None = None
    excuse: Excuse | None = None

    def __post_init__(self) -> None:
        for minutes, status in ((self.late_minutes, Status.LATE), (self.left_minutes, Status.LEFT_EARLY)):
            if minutes is None:
                continue
            if self.status is not status:
                raise Invalid("Minutes belong to somebody who was late or left early.", "minutes")
            if not 0 < minutes <= LONGEST:
                raise Invalid("Give the minutes as a number above 0.", "minutes")
        if self.excuse is not None and self.status is not Status.EXCUSED:
            raise Invalid("A reason belongs to somebody who is excused.", "excuse")

    @property
    def is_unmarked(self) -> bool:
        """Whether it says nothing."""
        return self.status is None

    @property
    def is_in_the_room(self) -> bool:
        """Whether the person was there, if not for all of it."""
        return self.status in IN_THE_ROOM


UNMARKED = Value()


def late_by_the_clock(starts_at: datetime, ends_at: datetime, now: datetime) -> int | None:
    """Minutes late of somebody who comes in now; unknown outside of the session's own hours."""
    return int((now - starts_at).total_seconds() // 60) or 1 if starts_at <= now < ends_at else None


def are_within(minutes: int, duration: int) -> bool:
    """Whether somebody late or gone by so many minutes was there at all, in a session of ``duration``."""
    return 0 < minutes < duration


def minutes_before_the_end(left_at: time, starts_at: datetime, ends_at: datetime, timezone: str) -> int:
    """The wall time in ``timezone`` at which somebody left a session, as the minutes before its end (in UTC).

    One that the session has twice, where the clocks change, is the first. Raises Invalid on field ``left``
    for a time that is not within the session.
    """
    for instant in instants_around(left_at, ends_at, timezone):
        if starts_at < instant < ends_at:
            return int((ends_at - instant).total_seconds() // 60)
    raise Invalid("That time is not within the session.", "left")
