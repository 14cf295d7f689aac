"""When a series meets: rules of recurrence, and the dates that follow from them.

Pure, and on naive local time throughout: a group at 19:00 is at 19:00 in every week, and `wall_time` gives
each date its instant afterwards. The rules are the subset of RFC 5545 that docs/architecture.md names;
anything else is refused, since a rule by the second hangs a worker.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from heapq import merge
from itertools import islice, takewhile
from typing import Literal

from dateutil import rrule

from scheduler.errors import Invalid

MOST_AT_ONCE = 500
MOST_EXCEPTIONS = 100
"""So many dates may be added to a rule, and so many skipped: more than that is another rule."""
FURTHEST_AHEAD = timedelta(days=731)
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Frequency(StrEnum):
    SINGLE = "single"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


_MOST_INTERVAL = {Frequency.SINGLE: 1, Frequency.DAILY: 366, Frequency.WEEKLY: 104, Frequency.MONTHLY: 24}
_DATEUTIL: dict[Frequency, Literal[1, 2, 3]] = {
    Frequency.DAILY: rrule.DAILY,
    Frequency.WEEKLY: rrule.WEEKLY,
    Frequency.MONTHLY: rrule.MONTHLY,
}


@dataclass(frozen=True, slots=True, order=True)
class OrdinalWeekday:
    """The nth weekday of a month: `ordinal` is 1 to 5 or, from its end, -1 to -5; Monday is 0."""

    ordinal: int
    weekday: int


@dataclass(frozen=True, slots=True)
class Rule:
    """How a series repeats. Days are kept in order and without doubles, so that equal rules are equal values.

    Weekly rules name `weekdays` (0 is Monday; weeks begin on Monday); monthly ones name either
    `ordinal_weekdays` or `month_days` (1 to 31, or -1 to -31 from the end). `until` is a local date and
    included. With neither `until` nor `count` it stays open. `added` are naive local starts beside the
    rule's own, wherever it ends; on the local dates that are `skipped` it does not meet, and a count counts
    them all the same (RFC 5545, 3.8.5). Raises Invalid, on the field that is wrong.
    """

    frequency: Frequency
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    ordinal_weekdays: tuple[OrdinalWeekday, ...] = ()
    month_days: tuple[int, ...] = ()
    until: date | None = None
    count: int | None = None
    added: tuple[datetime, ...] = ()
    skipped: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        for name in ("weekdays", "ordinal_weekdays", "month_days", "added", "skipped"):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))
        _check_numbers(self)
        _check_days(self)
        _check_exceptions(self)

    @property
    def is_single(self) -> bool:
        return self.frequency is Frequency.SINGLE

    @property
    def bare(self) -> Rule:
        """The same without added and skipped dates."""
        return replace(self, added=(), skipped=()) if self.added or self.skipped else self

    def excepting(self, first: date = date.min, last: date = date.max) -> Rule:
        """The same with only those of its added and skipped dates that lie from `first` to `last`."""
        return replace(
            self,
            added=tuple(at for at in self.added if first <= at.date() <= last),
            skipped=tuple(day for day in self.skipped if first <= day <= last),
        )


def _check_numbers(rule: Rule) -> None:
    if not 1 <= rule.interval <= _MOST_INTERVAL[rule.frequency]:
        most = _MOST_INTERVAL[rule.frequency]
        raise Invalid(f"The number must be from 1 to {most}.", field="interval")
    if rule.until is not None and rule.count is not None:
        raise Invalid("Choose one end: a date or a number of times.", field="until")
    if rule.count is not None and not 1 <= rule.count <= MOST_AT_ONCE:
        raise Invalid(f"The number of times must be from 1 to {MOST_AT_ONCE}.", field="count")
    if rule.is_single and (rule.until is not None or rule.count is not None):
        raise Invalid("What happens once has no last date.", field="until")


def _check_days(rule: Rule) -> None:
    if bool(rule.weekdays) != (rule.frequency is Frequency.WEEKLY):
        raise Invalid("Choose the days of the week.", field="weekdays")
    named = bool(rule.ordinal_weekdays) + bool(rule.month_days)
    if named != (rule.frequency is Frequency.MONTHLY):
        raise Invalid("Choose the days of the month, by weekday or by date.", field="month_days")
    if not all(0 <= day <= 6 for day in (*rule.weekdays, *(d.weekday for d in rule.ordinal_weekdays))):
        raise Invalid("There is no such day of the week.", field="weekdays")
    if not all(1 <= abs(day.ordinal) <= 5 for day in rule.ordinal_weekdays):
        raise Invalid("A month has at most five of each weekday.", field="ordinal_weekdays")
    if not all(1 <= abs(day) <= 31 for day in rule.month_days):
        raise Invalid("A month has at most 31 days.", field="month_days")


def _check_exceptions(rule: Rule) -> None:
    """A series meets once on a day, so that a date is enough to name what is skipped."""
    for name in ("added", "skipped"):
        if len(getattr(rule, name)) > MOST_EXCEPTIONS:
            raise Invalid(f"At most {MOST_EXCEPTIONS} dates.", field=name)
    days = [at.date() for at in rule.added]
    twice = {day for day in days if days.count(day) > 1}
    if twice:
        raise Invalid(f"{day_said(min(twice))} is there twice.", field="added")
    if both := set(days).intersection(rule.skipped):
        raise Invalid(f"{day_said(min(both))} is added and left out.", field="skipped")
    if rule.is_single and rule.skipped:
        raise Invalid("What happens once has no dates to leave out.", field="skipped")


def day_said(day: date) -> str:
    """A date as it stands in what is refused: July 23, 2026."""
    return f"{day:%B} {day.day}, {day.year}"


SINGLE = Rule(Frequency.SINGLE)


def first_start(rule: Rule, typed: datetime) -> datetime:
    """The rule's own first date on or after the one that was typed, at the same wall time; a series begins
    there, even if that date is skipped.

    Raises Invalid on field `first_start` if there is none: the rule ends before it, its dates never exist
    (every February 30), or the first lies more than two years ahead.
    """
    found = next(iter(occurrences(rule.bare, typed, limit=1)), None)
    if found is None:
        raise Invalid("No date fits this rule in the next two years.", field="first_start")
    return found


def occurrences(
    rule: Rule,
    first: datetime,
    after: datetime | None = None,
    before: datetime | None = None,
    limit: int = MOST_AT_ONCE,
) -> list[datetime]:
    """The naive local starts with `after <= start < before`, in order; `first` anchors the rule and gives its
    hour. Added dates are among them, skipped ones are not.

    Never more than `limit` nor 500 of them, and none more than two years past the later of `first` and
    `after` (docs/security.md). A date that a skipped hour falls on is kept: `wall_time.instant_of` resolves
    it.
    """
    earliest = min((first, *rule.added[:1]))
    start = earliest if after is None else max(earliest, after)
    end = start + FURTHEST_AHEAD if before is None else min(before, start + FURTHEST_AHEAD)
    skipped = frozenset(rule.skipped)
    own = (at for at in _starts(rule, first, end) if at.date() not in skipped)
    wanted = takewhile(lambda at: at < end, (at for at in merge(own, rule.added) if at >= start))
    return list(islice(wanted, min(limit, MOST_AT_ONCE)))


def ends_alike(one: Rule, other: Rule) -> bool:
    """Do both rules end on the same date, after the same number of times, or not at all?"""
    return (one.until, one.count) == (other.until, other.count)


def _starts(rule: Rule, first: datetime, end: datetime) -> Iterator[datetime]:
    if rule.is_single:
        return iter((first,))
    if not _can_occur(rule, first):
        return iter(())
    last = end if rule.until is None else min(end, datetime.combine(rule.until, time.max))
    return iter(
        rrule.rrule(
            _DATEUTIL[rule.frequency],
            dtstart=first,
            interval=rule.interval,
            wkst=rrule.MO,
            until=None if rule.count else last,
            count=rule.count,
            byweekday=_byweekday(rule),
            bymonthday=rule.month_days or None,
        )
    )


def _byweekday(rule: Rule) -> list[rrule.weekday] | None:
    days = [rrule.weekday(day) for day in rule.weekdays]
    days += [rrule.weekday(day.weekday, day.ordinal) for day in rule.ordinal_weekdays]
    return days or None


def _can_occur(rule: Rule, first: datetime) -> bool:
    """Is one of the month days in one of the months that the rule reaches? dateutil would look until the year
    9999.
    """
    if not rule.month_days:
        return True
    months = {(first.month - 1 + step * rule.interval) % 12 for step in range(12)}
    return min(map(abs, rule.month_days)) <= max(_LONGEST_MONTHS[month] for month in months)
