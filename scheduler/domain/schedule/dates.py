"""Dates of a series with the instants that follow from them, and how far ahead they are made. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.domain.schedule.recurrence import Rule, occurrences
from scheduler.domain.schedule.wall_time import instant_of, local_of

HORIZON = timedelta(weeks=26)
ALL_MADE = date.max
"""A series made until this date has no occurrence that is yet to be made."""
_DAY = timedelta(days=1)
_MIDNIGHT = datetime.min.time()


@dataclass(frozen=True, slots=True)
class Meeting:
    """One date of a series: its naive local start, and the span in UTC."""

    local_start: datetime
    starts_at: datetime
    ends_at: datetime


def meeting_at(local_start: datetime, minutes: int, zone: ZoneInfo) -> Meeting:
    """`minutes` are elapsed minutes: over a change of clock the wall shows another length."""
    starts_at = instant_of(local_start, zone)
    return Meeting(local_start, starts_at, starts_at + timedelta(minutes=minutes))


def meetings_at(starts: Iterable[datetime], minutes: int, zone: ZoneInfo) -> list[Meeting]:
    return [meeting_at(start, minutes, zone) for start in starts]


def horizon_of(now: datetime, zone: ZoneInfo) -> date:
    """The local date, included, up to which occurrences are made."""
    return local_of(now + HORIZON, zone).date()


def starts_until(
    rule: Rule, first: datetime, *, after: date | None, until: date, ends_on: date | None
) -> list[datetime]:
    """The naive local starts after the date `after`, up to `until`, and never later than `ends_on`."""
    last = min(until, ends_on or until)
    begins = None if after is None else datetime.combine(after, _MIDNIGHT) + _DAY
    return occurrences(rule, first, begins, datetime.combine(last, _MIDNIGHT) + _DAY)


def made_until(rule: Rule, first: datetime, *, until: date, ends_on: date | None) -> date:
    """What `made_until` of a series is when all up to `until` are made: ALL_MADE where none comes after."""
    if ends_on is not None and ends_on <= until:
        return ALL_MADE
    goes_on = not rule.is_single and rule.until is None and rule.count is None
    begins = datetime.combine(until, _MIDNIGHT) + _DAY
    return until if goes_on or occurrences(rule, first, begins, limit=1) else ALL_MADE
