"""A row of a list as the plan of a weekly series. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from scheduler.domain.mutual_help.rows import MeetingRow
from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.recurrence import Frequency, Rule
from scheduler.domain.schedule.wall_time import local_of

DISCREET_TITLE = "Meeting"


def plan_of(row: MeetingRow, *, now: datetime) -> Plan:
    """Weekly from the first such day on or after today, as it is in the meeting's own zone."""
    today = local_of(now, zone_named(row.timezone)).date()
    first = today + timedelta(days=(row.weekday - today.weekday()) % 7)
    return Plan(
        kind=Kind.MUTUAL_HELP,
        title=row.name,
        first_start=datetime.combine(first, row.starts),
        minutes=row.minutes,
        timezone=row.timezone,
        rule=Rule(Frequency.WEEKLY, weekdays=(row.weekday,)),
        discreet_title=DISCREET_TITLE,
        counting=Counting.HEADS,
        fellowship=row.fellowship,
    )
