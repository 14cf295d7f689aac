"""Dates and times within a rule that is typed in words. Pure; English."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time

from scheduler.domain.schedule.recurrence import day_said
from scheduler.domain.schedule.spoken_words import DAY_NAMES, FIELD, MONTHS, WEEKDAYS, Cursor, number, ordinal
from scheduler.errors import Invalid

YEARS = range(1990, 2101)
CENTURY = 2000
"""Of a year with two digits."""
_NUMERIC = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})|([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}|[0-9]{2}))?"
)
_AFTER_A_DAY = frozenset({"", ",", "and", "at", "but", "not", "except", "also", "plus"})
_TO = ("to", "-", "until", "through")


@dataclass(frozen=True, slots=True)
class Hours:
    """From when until when, as wall times; the end may be left out."""

    start: time
    end: time | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A date with its own time, where one was said."""

    day: date
    at: time | None = None


def starts_date(words: Cursor) -> bool:
    """Does a date stand here?"""
    place = 0
    if words.ahead() in WEEKDAYS:
        place = 2 if words.ahead(1) == "," else 1
    place += words.ahead(place) == "the"
    word, following = words.ahead(place), words.ahead(place + 1)
    if word in MONTHS or _NUMERIC.fullmatch(word):
        return True
    is_day = number(word) is not None or ordinal(word) is not None
    return is_day and (following in MONTHS or (following == "of" and words.ahead(place + 2) in MONTHS))


def date_of(words: Cursor, near: date) -> date:
    """One date; without a year it is the first from `near` on. Raises Invalid on `words`."""
    weekday = WEEKDAYS.get(words.ahead())
    if weekday is not None:
        words.pop()
        words.take(",")
    words.take("the")
    found = _date(words, near)
    if weekday is not None and found.weekday() != weekday:
        raise Invalid(f"{day_said(found)} is a {DAY_NAMES[found.weekday()]}.", field=FIELD)
    return found


def dates_of(words: Cursor, near: date) -> list[Said]:
    """One date or more, each perhaps with a time of its own: "July 21 and 28, and August 4 at 6 PM"."""
    found = [_said(date_of(words, near), words)]
    while True:
        mark = words.place
        while words.take(",", "and"):
            pass
        if starts_date(words):
            found.append(_said(date_of(words, near), words))
        elif words.place > mark and _is_day_alone(words):
            last = found[-1].day
            day = _day(words, last.month, str(last.year), near)
            found.append(_said(day, words))
        else:
            words.place = mark
            return found


def hours_of(words: Cursor) -> Hours | None:
    """A time, or from one until another; none where there is none. Raises Invalid on `words`."""
    mark = words.place
    words.take("at", "from")
    first = _clock(words)
    if first is None:
        words.place = mark
        return None
    if words.ahead() in _TO:
        before = words.place
        words.pop()
        if (last := _clock(words)) is not None:
            return _between(first, last)
        words.place = before
    return Hours(_alone(first))


def starts_hours(words: Cursor) -> bool:
    """Does a time stand here? A number alone is none."""
    word, following = words.ahead(), words.ahead(1)
    if ":" in word or word in {"noon", "midnight", "at"}:
        return True
    if number(word) is None:
        return False
    return following in {"am", "pm"} or (following in _TO and bool(words.ahead(2)))


@dataclass(frozen=True, slots=True)
class _Clock:
    """What was typed of a time; `half` is am, pm or unknown, `is_plain` a time of a clock with 24 hours."""

    hour: int
    minute: int
    half: str
    is_plain: bool

    def at(self, half: str) -> time:
        if self.is_plain:
            return time(self.hour, self.minute)
        return time(self.hour % 12 + (12 if half == "pm" else 0), self.minute)


def _clock(words: Cursor) -> _Clock | None:
    word = words.ahead()
    if word in {"noon", "midnight"}:
        words.pop()
        return _Clock(12 if word == "noon" else 0, 0, "", is_plain=True)
    hour, _, minutes = word.partition(":")
    found, minute = number(hour), number(minutes or "0")
    if found is None or minute is None:
        return None
    words.pop()
    half = words.pop() if words.ahead() in {"am", "pm"} else ""
    if minute > 59 or found > 23 or (half and not 1 <= found <= 12):
        raise Invalid(f"“{word}” is not a time.", field=FIELD)
    is_plain = not half and bool(minutes) and (found > 12 or hour.startswith("0"))
    return _Clock(found, minute, half, is_plain)


def _between(first: _Clock, last: _Clock) -> Hours:
    """ "7:00 to 8:30 PM" is in the evening, "11:00 to 1:00 PM" over noon."""
    half = last.half or first.half
    if not half and not (first.is_plain and last.is_plain):
        raise _which_half(first)
    end = last.at(half)
    start = first.at(first.half or half)
    if not first.half and not first.is_plain and start >= end:
        start = first.at("am" if half == "pm" else "pm")
    return Hours(start, end)


def _alone(found: _Clock) -> time:
    if not found.half and not found.is_plain:
        raise _which_half(found)
    return found.at(found.half)


def _which_half(found: _Clock) -> Invalid:
    return Invalid(f"{found.hour}:{found.minute:02}: add AM or PM.", field=FIELD)


def _said(day: date, words: Cursor) -> Said:
    mark = words.place
    if words.take("at") and (hours := hours_of(words)) is not None:
        return Said(day, hours.start)
    words.place = mark
    return Said(day)


def _is_day_alone(words: Cursor) -> bool:
    """A day of the month that was named before: "July 21 and 28"."""
    day = number(words.ahead()) or ordinal(words.ahead())
    return day is not None and 1 <= day <= 31 and words.ahead(1) in _AFTER_A_DAY


def _date(words: Cursor, near: date) -> date:
    word = words.pop()
    if (numeric := _NUMERIC.fullmatch(word)) is not None:
        iso_year, iso_month, iso_day, month, day, year = numeric.groups()
        return _in_year(int(iso_month or month), int(iso_day or day), iso_year or year or "", near)
    if word in MONTHS:
        return _day(words, MONTHS[word], "", near)
    named = number(word) or ordinal(word)
    words.take("of")
    if named is None or words.ahead() not in MONTHS:
        words.place -= 1 if named is None else 0
        raise words.not_understood()
    return _in_year(MONTHS[words.pop()], named, _year(words), near)


def _day(words: Cursor, month: int, year: str, near: date) -> date:
    """The day after the name of its month, perhaps with a year."""
    day = number(words.ahead()) or ordinal(words.ahead())
    if day is None:
        raise words.not_understood()
    words.pop()
    return _in_year(month, day, _year(words) or year, near)


def _year(words: Cursor) -> str:
    """A year that stands here, perhaps after a comma."""
    ahead = 1 if words.ahead() == "," else 0
    word = words.ahead(ahead)
    if not (word.isascii() and word.isdigit() and len(word) == 4):
        return ""
    words.place += ahead + 1
    return word


def _in_year(month: int, day: int, year: str, near: date) -> date:
    if not year:
        return first_from(month, day, near)
    return _existing(int(year) + (CENTURY if len(year) == 2 else 0), month, day)


def first_from(month: int, day: int, near: date) -> date:
    """The first such day from `near` on, in that year or the next. Raises Invalid on `words`."""
    found = _existing(near.year, month, day)
    return found if found >= near else _existing(near.year + 1, month, day)


def _existing(year: int, month: int, day: int) -> date:
    if year not in YEARS:
        raise Invalid(f"The year {year} is too far away.", field=FIELD)
    try:
        return date(year, month, day)
    except ValueError:
        pass
    if not 1 <= month <= 12:
        raise Invalid(f"There is no month {month}.", field=FIELD)
    raise Invalid(f"{date(2000, month, 1):%B} {day}, {year} does not exist.", field=FIELD)


def read_whole(text: str, read: Callable[[Cursor], list[Said]]) -> list[Said]:
    """What a whole line says, and nothing after it. Raises Invalid on `words`."""
    words = Cursor(text)
    words.take("also on", "not on", "on")
    found = read(words)
    while words.take(",", "and"):
        pass
    if not words.is_over():
        raise words.not_understood()
    return found
