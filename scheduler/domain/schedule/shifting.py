"""Where the dates of a rule go when one of them is put on another day or hour, and all others with it. Pure.

A weekly rule of one day goes as many days on as the one that was moved; of several days only that weekday
goes, and the others keep theirs. "The second Tuesday" becomes what the new date is in its month, and so does
"the 15th". The hour is the same for all dates of a rule. What cannot be said by one rule is refused.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from scheduler.domain.schedule.recurrence import Frequency, OrdinalWeekday, Rule, occurrences
from scheduler.errors import Refused

NOWHERE: Final = datetime.combine(date.max, time.min)
"""Where a date goes for which the new rule has none: a fifth Friday in a month of four."""
_LOOKED_BACK: Final = timedelta(days=400)
_WEEK: Final = timedelta(weeks=1)
NOT_OF_THE_RULE: Final = "This one is not on a day of its series. Move only this one."
MEETS_THEN: Final = "It meets on that day already. Move only this one, or change the rule."

Goes = Callable[[date], date | None]


@dataclass(frozen=True, slots=True)
class Shift:
    """`rule` is the new rule and `at` its wall time; `goes` tells where a date of the `old` rule goes, which
    begins at `first`.
    """

    rule: Rule
    at: time
    goes: Goes
    old: Rule
    first: datetime

    def of(self, start: datetime) -> datetime:
        """Where a start of the old rule goes; NOWHERE where the new one has no date for it. What was
        added stays.
        """
        if start in self.old.added:
            return start
        day = self.goes(start.date())
        return NOWHERE if day is None else datetime.combine(day, self.at)

    def last(self, end: date | None) -> date | None:
        """Where the date goes after which nothing takes place: to that of the last one up to it."""
        if end is None:
            return None
        midnight = datetime.combine(end, time.min)
        endless = replace(self.old.bare, until=None, count=None)
        before = occurrences(endless, self.first, midnight - _LOOKED_BACK, midnight + timedelta(days=1))
        gone = [day for start in before if (day := self.goes(start.date())) is not None]
        return max(gone, default=end)


def same_days(rule: Rule, at: time, old: Rule, first: datetime) -> Shift:
    """Every date stays; the wall time may be another, and the end of the rule."""
    return Shift(rule, at, lambda day: day, old, first)


def shift_of(rule: Rule, first: datetime, original: datetime, to: datetime) -> Shift:
    """What becomes of a rule that begins at `first` when its date `original` is put at `to`; naive times.

    Raises Refused, with what to do instead, where no one rule says that.
    """
    if original in rule.added:
        raise Refused(NOT_OF_THE_RULE)
    if to.date() == original.date():
        return same_days(rule, to.time(), rule, first)
    changed, goes = _BY_FREQUENCY[rule.frequency](rule, original.date(), to.date())
    skipped = tuple(day for each in rule.skipped if (day := goes(each)) is not None)
    shift = Shift(changed, to.time(), goes, rule, first)
    return replace(shift, rule=replace(changed, until=shift.last(rule.until), skipped=skipped))


def _single(rule: Rule, day: date, to: date) -> tuple[Rule, Goes]:
    return rule, lambda each: each + (to - day)


def _daily(rule: Rule, day: date, to: date) -> tuple[Rule, Goes]:
    if rule.interval == 1:
        raise Refused("It meets every day, so only its hour can change for all. Move only this one.")
    return rule, lambda each: each + (to - day)


def _weekly(rule: Rule, day: date, to: date) -> tuple[Rule, Goes]:
    if day.weekday() not in rule.weekdays:
        raise Refused(NOT_OF_THE_RULE)
    others = [each for each in rule.weekdays if each != day.weekday()]
    if to.weekday() in others:
        raise Refused(MEETS_THEN)
    if others and rule.interval > 1 and _monday(day) != _monday(to):
        raise Refused("One of several days of the week cannot go to another week. Move only this one.")
    changed = replace(rule, weekdays=(*others, to.weekday()))
    return changed, lambda each: each + (to - day) if each.weekday() == day.weekday() else each


def _monthly(rule: Rule, day: date, to: date) -> tuple[Rule, Goes]:
    if (day.year, day.month) != (to.year, to.month):
        raise Refused("That is in another month. Move only this one, or change the rule.")
    if rule.month_days:
        return _by_date(rule, day, to)
    old = next((each for each in rule.ordinal_weekdays if _nth(each, day) == day), None)
    if old is None:
        raise Refused(NOT_OF_THE_RULE)
    new = _ordinal_of(to, from_end=old.ordinal < 0)
    others = [each for each in rule.ordinal_weekdays if each != old]
    if any(_nth(each, to) == to for each in others):
        raise Refused(MEETS_THEN)
    changed = replace(rule, ordinal_weekdays=(*others, new))
    return changed, lambda each: _nth(new, each) if _nth(old, each) == each else each


def _by_date(rule: Rule, day: date, to: date) -> tuple[Rule, Goes]:
    old = next((each for each in rule.month_days if _dated(each, day) == day), None)
    if old is None:
        raise Refused(NOT_OF_THE_RULE)
    new = to.day if old > 0 else to.day - _days_in(to) - 1
    others = [each for each in rule.month_days if each != old]
    if any(_dated(each, to) == to for each in others):
        raise Refused(MEETS_THEN)
    changed = replace(rule, month_days=(*others, new))
    return changed, lambda each: _dated(new, each) if _dated(old, each) == each else each


_BY_FREQUENCY: Final[dict[Frequency, Callable[[Rule, date, date], tuple[Rule, Goes]]]] = {
    Frequency.SINGLE: _single,
    Frequency.DAILY: _daily,
    Frequency.WEEKLY: _weekly,
    Frequency.MONTHLY: _monthly,
}


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _days_in(month: date) -> int:
    return monthrange(month.year, month.month)[1]


def _ordinal_of(day: date, *, from_end: bool) -> OrdinalWeekday:
    """Which weekday of its month it is; a fifth one is the last, which every month has."""
    ordinal = (day.day - 1) // 7 + 1
    if from_end or ordinal == 5:
        ordinal = -((_days_in(day) - day.day) // 7 + 1)
    return OrdinalWeekday(ordinal, day.weekday())


def _nth(wanted: OrdinalWeekday, month: date) -> date | None:
    """That weekday in the month of a date."""
    first = month.replace(day=1)
    found = first + timedelta(days=(wanted.weekday - first.weekday()) % 7) + (wanted.ordinal - 1) * _WEEK
    if wanted.ordinal < 0:
        last = month.replace(day=_days_in(month))
        back = timedelta(days=(last.weekday() - wanted.weekday) % 7)
        found = last - back + (wanted.ordinal + 1) * _WEEK
    return found if found.month == month.month else None


def _dated(number: int, month: date) -> date | None:
    """That day in the month of a date, from its end below zero."""
    days = _days_in(month)
    number = number if number > 0 else days + number + 1
    return month.replace(day=number) if 1 <= number <= days else None
