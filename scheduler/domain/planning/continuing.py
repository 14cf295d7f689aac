"""Where a series that has begun goes on as another one. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.editing import continued, period_of
from scheduler.domain.schedule.models import Occurrence
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.wall_time import local_of
from scheduler.errors import Invalid, Refused


@dataclass(frozen=True, slots=True)
class Continuation:
    """The plan from its next occurrence on; `standing` are the occurrences that it takes over, by original
    start, matched within each `period`.
    """

    plan: Plan
    standing: tuple[Occurrence, ...]
    period: Callable[[datetime], date]


def has_begun(rows: Sequence[Occurrence], *, now: datetime) -> bool:
    """Has the series met, or does it meet now?"""
    return any(row.starts_at <= now for row in rows)


def continuation(old: Plan, new: Plan, rows: Sequence[Occurrence], *, now: datetime) -> Continuation:
    """How a series with these occurrences, of which one has begun at least, goes on.

    The next occurrence is the first after the last that has begun; one that was put off from before it stays
    where it is, in the old series. Raises Invalid on `first_start` with another date than the series has, on
    `until` where no date is left, and Refused where nothing is to come.
    """
    if new.first_start.date() != old.first_start.date():
        raise Invalid("This series has begun. Its first date stays.", field="first_start")
    begun = max(row.original_start for row in rows if row.starts_at <= now)
    standing = tuple(row for row in rows if row.original_start > begun)
    if not standing:
        raise Refused("Nothing of this series is to come.")
    period = period_of(old.rule, new.rule)
    plan = continued(
        new,
        old=old.rule,
        next_start=_next_own(old, new, standing, begun),
        met=[row.original_start for row in rows if row.original_start <= begun],
        now=local_of(now, zone_named(new.timezone)),
        period=period,
    )
    return Continuation(plan, standing, period)


def _next_own(old: Plan, new: Plan, standing: Sequence[Occurrence], begun: datetime) -> datetime:
    """The next date that the old rule makes itself, one that is not skipped any more included."""
    hour = old.first_start.time()
    restored = {datetime.combine(day, hour) for day in {*old.rule.skipped} - {*new.rule.skipped}}
    own = {row.original_start for row in standing if row.original_start not in old.rule.added}
    return min((start for start in own | restored if start > begun), default=standing[0].original_start)
