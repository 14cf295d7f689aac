"""When a sheet may be taken. Pure."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from scheduler.domain.schedule.wall_time import local_of


class Phase(StrEnum):
    """Whether marks may be saved on a sheet."""

    NOT_YET = "not_yet"
    """Its day has not begun, on the clock of its series."""
    OPEN = "open"
    STOPPED = "stopped"
    """It does not take place."""
    NOT_MET = "not_met"
    """It was recorded that nobody met."""


def phase_of(
    local_start: datetime, zone: ZoneInfo, *, booked: bool, not_met: bool = False, now: datetime
) -> Phase:
    """``local_start`` is the naive wall time in ``zone`` where the occurrence now stands, ``now`` in UTC."""
    if not booked:
        return Phase.STOPPED
    if not_met:
        return Phase.NOT_MET
    return Phase.OPEN if local_of(now, zone).date() >= local_start.date() else Phase.NOT_YET
