"""Days of the week and of the month within a rule that is typed in words. Pure; English."""

from __future__ import annotations

from dataclasses import dataclass, field

from scheduler.domain.schedule.recurrence import OrdinalWeekday
from scheduler.domain.schedule.spoken_dates import starts_date
from scheduler.domain.schedule.spoken_words import FIELD, WEEKDAYS, Cursor, number, ordinal
from scheduler.errors import Invalid

WORKDAYS = (0, 1, 2, 3, 4)
WEEKEND = (5, 6)
_WORKDAY = ("weekday", "weekdays", "workday", "workdays", "working day", "business day", "business days")
_AND = (",", "and", "on", "the")
_TO = ("to", "-", "through", "until")


@dataclass(slots=True)
class Days:
    """What was said of days. `hanging` ordinals wait for the weekday that they belong to: "second and last
    Friday"; without one they are dates of the month.
    """

    weekdays: list[int] = field(default_factory=list)
    ordinal_weekdays: list[OrdinalWeekday] = field(default_factory=list)
    month_days: list[int] = field(default_factory=list)
    hanging: list[int] = field(default_factory=list)
    applied: list[int] = field(default_factory=list)

    def add_weekday(self, day: int) -> None:
        """The first and third Monday and Thursday: both ordinals are those of both days."""
        self.applied = self.hanging or self.applied
        self.hanging = []
        if self.applied:
            self.ordinal_weekdays += [OrdinalWeekday(nth, day) for nth in self.applied]
        else:
            self.weekdays.append(day)

    def settle(self) -> None:
        """What still hangs are dates of the month."""
        self.month_days += self.hanging
        self.hanging = []


def starts_days(words: Cursor) -> bool:
    """Do days stand here?"""
    word = words.ahead()
    is_workday = any(word == phrase.split()[0] for phrase in _WORKDAY)
    named = word in WEEKDAYS or word in {"weekend", "weekends"} or is_workday
    return (named or ordinal(word) is not None) and (word in WEEKDAYS or not starts_date(words))


def days_of(words: Cursor) -> Days:
    """All days that stand here, one at least. Raises Invalid on `words`."""
    days = Days()
    _item(words, days)
    while True:
        mark = words.place
        while words.take(*_AND):
            pass
        if not starts_days(words) or (words.place == mark and not days.hanging):
            words.place = mark
            days.settle()
            return days
        _item(words, days)


def month_days_of(text: str) -> tuple[int, ...]:
    """The dates of a month as a line by itself: "1 and 15", "last". Raises Invalid on `month_days`."""
    try:
        days = _line(Cursor(text))
    except Invalid as error:
        raise Invalid(str(error), field="month_days") from None
    if days.ordinal_weekdays or days.weekdays:
        raise Invalid("Type dates like 1 and 15, or last.", field="month_days")
    return tuple(days.month_days)


def _line(words: Cursor) -> Days:
    days = Days()
    while not words.is_over():
        plain = number(words.ahead())
        if plain is not None:
            words.pop()
            days.month_days.append(plain)
        elif not words.take(*_AND):
            _item(words, days)
    days.settle()
    return days


def _item(words: Cursor, days: Days) -> None:
    word = words.ahead()
    if words.take(*_WORKDAY):
        _require_no_ordinal(days, word)
        days.weekdays += WORKDAYS
    elif words.take("weekends", "weekend"):
        _require_no_ordinal(days, word)
        days.weekdays += WEEKEND
    elif word in WEEKDAYS:
        words.pop()
        _weekdays(words, WEEKDAYS[word], days)
    else:
        _nth(words, days)


def _weekdays(words: Cursor, first: int, days: Days) -> None:
    """One, or all from one to another."""
    if words.ahead() in _TO and words.ahead(1) in WEEKDAYS:
        words.pop()
        last = WEEKDAYS[words.pop()]
        _require_no_ordinal(days, words.ahead())
        days.weekdays += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    else:
        days.add_weekday(first)


def _nth(words: Cursor, days: Days) -> None:
    """ "Second", "last", "second to last", "2nd day from the end"."""
    nth = ordinal(words.pop())
    if nth is None:
        words.place -= 1
        raise words.not_understood()
    if words.take("to last", "to the last", "from last"):
        nth = -nth
    if words.take("day from the end", "from the end"):
        days.month_days.append(-nth)
    elif words.take("day", "days", "date"):
        days.month_days += [*days.hanging, nth]
        days.hanging = []
    else:
        days.hanging.append(nth)
        days.applied = []


def _require_no_ordinal(days: Days, word: str) -> None:
    if days.hanging or days.applied:
        raise Invalid(f"“{word[:30]}” cannot be counted within a month.", field=FIELD)
