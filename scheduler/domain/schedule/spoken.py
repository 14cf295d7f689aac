"""A rule that somebody types in words: "every 2 weeks on Tuesday and Thursday until December 17".

Pure; English. It understands what `words` says, and the usual ways to say the same. What it does not
understand it names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from scheduler.domain.schedule.recurrence import SINGLE, Frequency, Rule
from scheduler.domain.schedule.spoken_dates import (
    Hours,
    Said,
    date_of,
    dates_of,
    hours_of,
    read_whole,
    starts_date,
    starts_hours,
)
from scheduler.domain.schedule.spoken_days import Days, days_of, starts_days
from scheduler.domain.schedule.spoken_words import FIELD, Cursor, number, ordinal
from scheduler.errors import Invalid

_UNITS = {
    word: unit
    for words, unit in (
        (("day", "days"), Frequency.DAILY),
        (("week", "weeks"), Frequency.WEEKLY),
        (("month", "months"), Frequency.MONTHLY),
    )
    for word in words
}
_ADVERBS = {
    "daily": (Frequency.DAILY, 1),
    "weekly": (Frequency.WEEKLY, 1),
    "biweekly": (Frequency.WEEKLY, 2),
    "fortnightly": (Frequency.WEEKLY, 2),
    "monthly": (Frequency.MONTHLY, 1),
    "quarterly": (Frequency.MONTHLY, 3),
}
_TIMES = frozenset({"time", "times", "session", "sessions", "meeting", "meetings", "date", "dates"})
_UNTIL = ("until", "through", "up to", "ending on", "ending", "ends on", "ends", "end on")
_OPEN = ("until further notice", "stays open", "open ended", "open", "no end", "without end", "forever")
_ALSO = ("also on", "also", "plus on", "plus")
_NOT = ("not on", "not", "except on", "except for", "except", "excluding", "without", "skipping", "skip")
_FROM = ("starting on", "starting", "starts on", "starts", "beginning on", "beginning", "from")


@dataclass(frozen=True, slots=True)
class Spoken:
    """The rule, and what else was said: the first date, and from when until when."""

    rule: Rule
    first_day: date | None = None
    hours: Hours | None = None


def spoken(text: str, first: datetime, *, near: date | None = None) -> Spoken:
    """What the words say of a series whose first date and wall time is `first`.

    Days that are not named are those of `first`, and an added date without a time of its own has its time. A
    date without a year is the first from `near` on, else from `first` on. Raises Invalid on `words`, naming
    what is not understood.
    """
    words = Cursor(text)
    said = _Said(near or first.date())
    while not words.is_over():
        if not words.take(",", "and", "but", "then"):
            _clause(words, said)
    try:
        return said.spoken(first)
    except Invalid as error:
        raise Invalid(str(error), field=FIELD) from None


def spoken_dates(text: str, near: date) -> list[Said]:
    """Dates as a line by itself: "July 23 and July 30 at 6 PM"; none for an empty one. Raises Invalid on
    `words`.
    """
    return read_whole(text, lambda words: dates_of(words, near)) if text.strip() else []


@dataclass(slots=True)
class _Said:
    """What was understood so far; each thing once."""

    near: date
    once: bool = False
    every: tuple[Frequency, int] | None = None
    days: Days | None = None
    in_month: bool = False
    until: date | None = None
    count: int | None = None
    is_open: bool = False
    hours: Hours | None = None
    first_day: date | None = None
    added: list[Said] = field(default_factory=list)
    skipped: list[Said] = field(default_factory=list)

    def put(self, name: str, value: object) -> None:
        """Raises Invalid where the same was said before."""
        if getattr(self, name):
            raise Invalid(f"{_NAMES[name]}: say that once.", field=FIELD)
        setattr(self, name, value)

    def spoken(self, first: datetime) -> Spoken:
        """Raises Invalid where the parts make no rule."""
        start = self.hours.start if self.hours else first.time()
        if self.is_open and (self.until or self.count):
            raise Invalid("It stays open, or it ends: say one of both.", field=FIELD)
        if any(each.at for each in self.skipped):
            raise Invalid("Of what is left out, say the date only.", field=FIELD)
        rule = replace(
            _repeating(self, self.first_day or first.date()),
            until=self.until,
            count=self.count,
            added=tuple(datetime.combine(each.day, each.at or start) for each in self.added),
            skipped=tuple(each.day for each in self.skipped),
        )
        return Spoken(rule, self.first_day, self.hours)


def _repeating(said: _Said, first: date) -> Rule:
    """How it repeats; what was left out is taken from the first date."""
    if said.once and (said.every or said.days):
        raise Invalid("Once, or repeated? Say one of both.", field=FIELD)
    if said.once:
        return SINGLE
    if not (said.every or said.days):
        raise Invalid("Say on which days it meets, like “every Tuesday”.", field=FIELD)
    days = said.days or Days()
    of_month = bool(days.ordinal_weekdays or days.month_days)
    usual = Frequency.MONTHLY if of_month or said.in_month else Frequency.WEEKLY
    frequency, interval = said.every or (usual, 1)
    if frequency is Frequency.MONTHLY:
        return _monthly(interval, days, first)
    if of_month or said.in_month:
        raise Invalid("Days of a month go with months only.", field=FIELD)
    if frequency is Frequency.DAILY and not days.weekdays:
        return Rule(Frequency.DAILY, interval)
    if frequency is Frequency.DAILY and interval > 1:
        raise Invalid("Say the days of the week, or a number of days.", field=FIELD)
    return Rule(Frequency.WEEKLY, interval, weekdays=tuple(days.weekdays or (first.weekday(),)))


def _monthly(interval: int, days: Days, first: date) -> Rule:
    if days.weekdays:
        raise Invalid("Which one of the month? Say “the first Tuesday”.", field=FIELD)
    if not days.ordinal_weekdays and not days.month_days:
        return Rule(Frequency.MONTHLY, interval, month_days=(first.day,))
    return Rule(
        Frequency.MONTHLY,
        interval,
        ordinal_weekdays=tuple(days.ordinal_weekdays),
        month_days=tuple(days.month_days),
    )


def _clause(words: Cursor, said: _Said) -> None:
    mark = words.place
    for understands in _CLAUSES:
        if understands(words, said):
            return
        words.place = mark
    raise words.not_understood()


def _once(words: Cursor, said: _Said) -> bool:
    if not words.take("only once", "just once", "once"):
        return False
    said.put("once", True)
    mark = words.place
    words.take(",")
    words.take("on")
    if starts_date(words):
        said.put("first_day", date_of(words, said.near))
    else:
        words.place = mark
    return True


def _open(words: Cursor, said: _Said) -> bool:
    if words.take(*_OPEN):
        said.put("is_open", True)
        return True
    return False


def _count(words: Cursor, said: _Said) -> bool:
    words.take("ends after", "after", "for")
    found = number(words.ahead())
    if found is None or words.ahead(1) not in _TIMES:
        return False
    words.place += 2
    if found == 0:
        raise Invalid("0 times is never.", field=FIELD)
    said.put("count", found)
    return True


def _until(words: Cursor, said: _Said) -> bool:
    if not words.take(*_UNTIL):
        return False
    said.put("until", date_of(words, said.near))
    return True


def _added(words: Cursor, said: _Said) -> bool:
    if not words.take(*_ALSO):
        return False
    said.put("added", dates_of(words, said.near))
    return True


def _skipped(words: Cursor, said: _Said) -> bool:
    if not words.take(*_NOT):
        return False
    said.put("skipped", dates_of(words, said.near))
    return True


def _starting(words: Cursor, said: _Said) -> bool:
    if not words.take(*_FROM) or not starts_date(words):
        return False
    said.put("first_day", date_of(words, said.near))
    return True


def _hours(words: Cursor, said: _Said) -> bool:
    words.take("from")
    found = hours_of(words) if starts_hours(words) else None
    if found is None:
        return False
    said.put("hours", found)
    return True


def _every(words: Cursor, said: _Said) -> bool:
    """ "Every 2 weeks", "monthly", "every other Tuesday", "every Tuesday"."""
    adverb = _ADVERBS.get(words.ahead())
    if adverb is not None:
        words.pop()
        said.put("every", adverb)
        return True
    if not words.take("every"):
        return False
    interval = _interval(words)
    if words.ahead() in _UNITS:
        said.put("every", (_UNITS[words.pop()], interval))
        return True
    if interval > 1:
        said.put("every", (Frequency.WEEKLY, interval))
    if not _days(words, said, is_every=True):
        raise words.not_understood()
    return True


def _interval(words: Cursor) -> int:
    """What stands between "every" and its unit; 1 for nothing."""
    word = words.ahead()
    found = 2 if word == "other" else number(word)
    if found is None and words.ahead(1) in _UNITS:
        found = ordinal(word)
    if found is None or found < 0:
        return 1
    words.pop()
    if found == 0:
        raise Invalid("Every 0 is never.", field=FIELD)
    return found


def _month(words: Cursor, said: _Said) -> bool:
    """ "Of the month", "of every 3 months"."""
    if words.take("of the month", "in the month", "in a month", "of a month", "of the week"):
        said.in_month = said.in_month or words.ahead(-1) == "month"
        return True
    return words.take("of", "in") and words.ahead() == "every" and _every(words, said)


def _days(words: Cursor, said: _Said, *, is_every: bool = False) -> bool:
    while words.take("on", "the", "from"):
        pass
    if not starts_days(words):
        return False
    days = days_of(words)
    named = [*(day.ordinal for day in days.ordinal_weekdays), *days.month_days]
    if is_every and len(named) == 1 and named[0] > 1 and words.ahead() not in {"of", "in"}:
        raise Invalid(_two_meanings(named[0]), field=FIELD)
    said.put("days", days)
    return True


def _two_meanings(nth: int) -> str:
    return f"This can mean two things. Say “every {nth} weeks”, or add “of the month”."


_NAMES = {
    "once": "“Once”",
    "every": "How often",
    "days": "The days",
    "until": "The last date",
    "count": "The number of times",
    "is_open": "“Open”",
    "hours": "The time",
    "first_day": "The first date",
    "added": "“Also on”",
    "skipped": "“Not on”",
}
_CLAUSES: tuple[Callable[[Cursor, _Said], bool], ...] = (
    _once,
    _open,
    _count,
    _until,
    _added,
    _skipped,
    _starting,
    _hours,
    _every,
    _month,
    _days,
)
