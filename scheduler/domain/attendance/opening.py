"""When a sheet may be taken. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from scheduler.domain.attendance.door import OPENS
from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.wall_time import instant_of

LOCKS_AFTER: Final = timedelta(days=14)
"""How long after its end a sheet locks, where nobody says otherwise."""


class Phase(StrEnum):
    """Whether marks may be saved on a sheet."""

    NOT_YET = "not_yet"
    """Its day has not begun, on the clock of its series, nor is it half an hour before its start."""
    OPEN = "open"
    CLOSED = "closed"
    """It was handed in: what is changed now is a correction, and needs a reason."""
    LOCKED = "locked"
    """Too long ago: nothing is changed any more, unless a coordinator opens it again."""
    STOPPED = "stopped"
    """It does not take place."""
    NOT_MET = "not_met"
    """It was recorded that nobody met."""


def locks_at(ends_at: datetime, reopened_at: datetime | None, after: timedelta) -> datetime:
    """When a sheet locks, in UTC: so long after the end of its session, or after it was opened again."""
    return max(ends_at, reopened_at or ends_at) + after


def opens_at(local_start: datetime, timezone: str) -> datetime:
    """When the sheet of what starts at this naive wall time opens, in UTC: at the beginning of its day.

    That of a session soon after midnight opens as people come to its door.
    """
    return _opens_at(local_start, zone_named(timezone))


def _opens_at(local_start: datetime, zone: ZoneInfo) -> datetime:
    midnight = datetime.combine(local_start.date(), time())
    return min(instant_of(midnight, zone), instant_of(local_start, zone) - OPENS)


def phase_of(
    local_start: datetime,
    zone: ZoneInfo,
    *,
    booked: bool,
    not_met: bool = False,
    submitted: bool = False,
    locks: datetime | None = None,
    now: datetime,
) -> Phase:
    """``local_start`` is the naive wall time in ``zone`` where the occurrence now stands, ``now`` in UTC.

    ``locks``: from that instant on nothing is changed (none: never).
    """
    if not booked:
        return Phase.STOPPED
    if not_met:
        return Phase.NOT_MET
    if now < _opens_at(local_start, zone):
        return Phase.NOT_YET
    if locks is not None and now >= locks:
        return Phase.LOCKED
    return Phase.CLOSED if submitted else Phase.OPEN
