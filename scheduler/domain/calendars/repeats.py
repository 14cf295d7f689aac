"""Which rules a calendar can carry as they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from scheduler.domain.calendars.values import Repeats
from scheduler.domain.schedule.recurrence import MOST_AT_ONCE, Frequency, Rule, occurrences

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_IN_EVERY_MONTH = range(1, 29)


def repeats_of(rule: Rule) -> Repeats | None:
    """The rule as all readers understand it, or none: then its dates are shown one by one (docs/feeds.md,
    RRULE).

    Every day becomes a week of seven days. A date of the month needs no BYDAY, and is safe up to the 28th.
    """
    if rule.frequency is Frequency.DAILY and rule.interval == 1:
        return Repeats("WEEKLY", 1, _DAYS)
    if rule.frequency is Frequency.WEEKLY:
        return Repeats("WEEKLY", rule.interval, tuple(_DAYS[day] for day in rule.weekdays))
    if rule.frequency is Frequency.MONTHLY and rule.ordinal_weekdays:
        days = tuple(f"{day.ordinal}{_DAYS[day.weekday]}" for day in rule.ordinal_weekdays)
        return Repeats("MONTHLY", rule.interval, days)
    if len(rule.month_days) == 1 and rule.month_days[0] in _IN_EVERY_MONTH:
        return Repeats("MONTHLY", rule.interval, ())
    return None


def weekdays_of(rule: Rule) -> frozenset[int]:
    """The weekdays on which the rule may fall; 0 is Monday."""
    named = {*rule.weekdays, *(day.weekday for day in rule.ordinal_weekdays)}
    return frozenset(named or range(7))


def dates_of(rule: Rule, first: datetime, after: datetime, before: datetime) -> Iterator[datetime]:
    """All local starts with `after <= start < before`, however many: `occurrences` hands out 500 at a
    time.
    """
    anchor = _nearer(rule, first, after)
    while after < before:
        some = occurrences(rule, anchor, after, before)
        yield from some
        if len(some) < MOST_AT_ONCE:
            return
        after = some[-1] + timedelta(minutes=1)


def _nearer(rule: Rule, first: datetime, after: datetime) -> datetime:
    """A start by which the rule can be counted as well as by its first, so that years gone by cost
    nothing.
    """
    days = {Frequency.DAILY: 1, Frequency.WEEKLY: 7}.get(rule.frequency, 0) * rule.interval
    if not days or rule.count is not None or after <= first:
        return first
    return first + timedelta(days=(after - first).days // days * days)
