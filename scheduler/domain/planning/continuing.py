"""Where a series that has begun goes on as another one. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.editing import Period, continued, period_of
from scheduler.domain.schedule.exceptions import effective
from scheduler.domain.schedule.models import Occurrence
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.recurrence import Rule
from scheduler.domain.schedule.shifting import NOWHERE, Shift, same_days
from scheduler.domain.schedule.wall_time import local_of
from scheduler.errors import Invalid, Refused

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Continuation:
    """The plan that goes on; `standing` are the occurrences that it takes over, by original start, each where
    `shift` puts it, or matched within each `period`.
    """

    plan: Plan
    standing: tuple[Occurrence, ...]
    period: Period
    shift: Shift | None


def has_begun(rows: Sequence[Occurrence], *, now: datetime) -> bool:
    """Has the series met, or does it meet now?"""
    return any(row.starts_at <= now for row in rows)


def next_of(rows: Sequence[Occurrence], *, now: datetime) -> tuple[Occurrence, ...]:
    """The occurrences from the next one on, the first after the last that has begun: what was put off from
    before that is not among them. Raises Refused where nothing is to come.
    """
    begun = [row.original_start for row in rows if row.starts_at <= now]
    standing = tuple(row for row in rows if not begun or row.original_start > max(begun))
    if not standing:
        raise Refused("Nothing of this series is to come.")
    return standing


def continuation(
    old: Plan,
    new: Plan,
    rows: Sequence[Occurrence],
    *,
    since: datetime | None = None,
    shift: Shift | None = None,
    now: datetime,
) -> Continuation:
    """How a series with these occurrences goes on from the one with the original start `since` on (none: from
    the next one); those before it stay where they are, in the old series.

    Raises Invalid on `first_start` with another date than the series has, on `until` where no date is left,
    and Refused where nothing is to come, or would come before what stays.
    """
    standing = tuple(row for row in next_of(rows, now=now) if since is None or row.original_start >= since)
    met = [row.original_start for row in rows if row.original_start < standing[0].original_start]
    begins = since.date() if since else max((start.date() + _DAY for start in met), default=date.min)
    local_now = local_of(now, zone_named(new.timezone))
    if shift is None and new.first_start.date() != old.first_start.date():
        raise Invalid("This series has begun. Its first date stays.", field="first_start")
    if shift is None and _unending(old.rule) == _unending(new.rule):
        shift = same_days(new.rule, new.first_start.time(), old.rule, old.first_start)
    period = period_of(old.rule, new.rule)
    if shift is not None:
        plan = _shifted(new, shift, standing, met, is_from_next=since is None, now=local_now)
        return Continuation(plan, standing, period, shift)
    plan = continued(
        new,
        old=old.rule,
        next_start=_next_own(old, new, standing, begins),
        met=met,
        now=local_now,
        period=period,
    )
    return Continuation(plan, standing, period, None)


def _next_own(old: Plan, new: Plan, standing: Sequence[Occurrence], begins: date) -> datetime:
    """The next date that the old rule makes itself, one that is not skipped any more included."""
    hour = old.first_start.time()
    restored = {datetime.combine(day, hour) for day in {*old.rule.skipped} - {*new.rule.skipped}}
    own = {row.original_start for row in standing if row.original_start not in old.rule.added}
    possible = (start for start in own | restored if start.date() >= begins)
    return min(possible, default=standing[0].original_start)


def _shifted(
    plan: Plan,
    shift: Shift,
    standing: Sequence[Occurrence],
    met: Sequence[datetime],
    *,
    is_from_next: bool,
    now: datetime,
) -> Plan:
    """The plan with the first date that the shift gives; a count is of all, those that stay too."""
    earliest = max((start.date() + _DAY for start in met), default=date.min)
    own = [row.original_start for row in standing if row.original_start not in shift.old.added]
    starts = [start for each in own if (start := shift.of(each)) != NOWHERE]
    possible = [start for start in starts if start > now and start.date() >= earliest]
    if len(possible) < len(starts) and not is_from_next:
        raise Refused("That is before a session that stays. Move only this one, or all that are to come.")
    passed = {start.date() for start in met if start not in shift.old.added}
    passed |= {day for day in shift.old.skipped if day < min(own, default=now).date()}
    left = None if plan.rule.count is None else plan.rule.count - len(passed)
    is_over = left is not None and left < 1
    if is_over or not possible or min(possible).date() > (plan.rule.until or date.max):
        raise Invalid("No date is left of this.", field="until")
    rule = effective(replace(plan.rule, count=left), min(possible))
    return replace(plan, first_start=min(possible), rule=rule.excepting(earliest))


def _unending(rule: Rule) -> Rule:
    return replace(rule, until=None, count=None)
