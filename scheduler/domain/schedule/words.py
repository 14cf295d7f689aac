"""A rule as a sentence: "Every 2 weeks on Tuesday and Thursday, 7:00 to 8:30 PM, until December 17, not on
October 13."

Pure, and without a language of its own: the caller hands over a `Language`, which translates whole phrases
and writes dates and times as its readers do. `English` is the plain one, for commands and tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from scheduler.domain.schedule.recurrence import Frequency, Rule

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WORKDAYS = (0, 1, 2, 3, 4)
_WHOLE_WEEK = (0, 1, 2, 3, 4, 5, 6)


class Language(Protocol):
    """What words.py asks of a language. The first two are gettext's, with `%(name)s` for variables."""

    def gettext(self, message: str, **variables: object) -> str: ...

    def ngettext(self, one: str, many: str, number: int, **variables: object) -> str: ...

    def weekday(self, day: int) -> str:
        """The name of a day; 0 is Monday."""

    def date(self, day: date, *, year: bool) -> str:
        """A local date, with its year where it would be mistaken."""

    def times(self, start: time, end: time) -> str:
        """From one wall time to another."""

    def clock(self, at: time) -> str:
        """One wall time."""

    def month_day(self, day: int) -> str:
        """The 13th."""


def in_words(
    rule: Rule, first: datetime, minutes: int, language: Language, *, most: int | None = None
) -> str:
    """The whole sentence. `first` is the naive local start of the rule's first date, `minutes` the length.

    `most`: of the dates that are added, and of those skipped, only so many are named; the others are counted.
    """
    times = language.times(first.time(), (first + timedelta(minutes=minutes)).time())
    return _sentence([_repeats(rule, first, language), times, *_rest(rule, first, language, most)], language)


def dates_in_words(rule: Rule, first: datetime, language: Language) -> str:
    """The same without its times, as somebody would type it."""
    return _sentence([_repeats(rule, first, language), *_rest(rule, first, language, None)], language)[:-1]


def added_in_words(rule: Rule, first: datetime, language: Language) -> str:
    """The added dates alone: "Thursday, July 23 and Friday, July 31 at 6:00 PM"."""
    return _some([_added(at, first, language) for at in rule.added], None, language)


def skipped_in_words(rule: Rule, first: datetime, language: Language) -> str:
    """The skipped dates alone: "July 21 and August 4"."""
    return _some([_day(day, first, language) for day in rule.skipped], None, language)


def _sentence(parts: Sequence[str], language: Language) -> str:
    return language.gettext("%(parts)s.", parts=", ".join(part for part in parts if part))


def _rest(rule: Rule, first: datetime, language: Language, most: int | None) -> list[str]:
    """How it ends, and where it differs."""
    added = _some([_added(at, first, language) for at in rule.added], most, language)
    skipped = _some([_day(day, first, language) for day in rule.skipped], most, language)
    return [
        _end(rule, first, language),
        language.gettext("also on %(dates)s", dates=added) if added else "",
        language.gettext("not on %(dates)s", dates=skipped) if skipped else "",
    ]


def _added(at: datetime, first: datetime, language: Language) -> str:
    """With its hour where that is not the usual one."""
    said = {"weekday": language.weekday(at.weekday()), "date": _day(at.date(), first, language)}
    if at.time() == first.time():
        return language.gettext("%(weekday)s, %(date)s", **said)
    return language.gettext("%(weekday)s, %(date)s at %(time)s", time=language.clock(at.time()), **said)


def _day(day: date, first: datetime, language: Language) -> str:
    return language.date(day, year=day.year != first.year)


def _some(words: list[str], most: int | None, language: Language) -> str:
    if most is not None and len(words) > most + 1:
        more = language.ngettext("%(num)d more date", "%(num)d more dates", len(words) - most)
        words = [*words[:most], more]
    return _joined(words, language) if words else ""


def _repeats(rule: Rule, first: datetime, language: Language) -> str:
    if rule.frequency is Frequency.DAILY:
        return language.ngettext("Every day", "Every %(num)s days", rule.interval)
    if rule.frequency is Frequency.WEEKLY:
        return _weekly(rule, language)
    if rule.frequency is Frequency.MONTHLY:
        every = language.ngettext("every month", "every %(num)s months", rule.interval)
        return language.gettext(
            "The %(days)s of %(months)s", days=days_of_month(rule, language), months=every
        )
    day = {"weekday": language.weekday(first.weekday()), "date": language.date(first.date(), year=True)}
    return language.gettext("Once, on %(weekday)s, %(date)s", **day)


def _weekly(rule: Rule, language: Language) -> str:
    if rule.interval == 1 and rule.weekdays == _WHOLE_WEEK:
        return language.gettext("Every day")
    if rule.interval == 1 and rule.weekdays == _WORKDAYS:
        return language.gettext("Every day from Monday to Friday")
    days = _joined([language.weekday(day) for day in rule.weekdays], language)
    if rule.interval == 1:
        return language.gettext("Every %(days)s", days=days)
    return language.gettext("Every %(num)s weeks on %(days)s", num=rule.interval, days=days)


def days_of_month(rule: Rule, language: Language) -> str:
    """The days of a monthly rule alone: "second Friday and last Friday", "1st and 15th"."""
    named = [
        language.gettext(
            "%(nth)s %(weekday)s", nth=_nth(day.ordinal, language), weekday=language.weekday(day.weekday)
        )
        for day in sorted(rule.ordinal_weekdays, key=lambda day: (day.ordinal < 0, day))
    ]
    named += [_month_day(day, language) for day in sorted(rule.month_days, key=lambda day: (day < 0, day))]
    return _joined(named, language) if named else ""


def _nth(ordinal: int, language: Language) -> str:
    gettext = language.gettext
    return {
        1: gettext("first"),
        2: gettext("second"),
        3: gettext("third"),
        4: gettext("fourth"),
        5: gettext("fifth"),
        -1: gettext("last"),
        -2: gettext("second to last"),
        -3: gettext("third to last"),
        -4: gettext("fourth to last"),
        -5: gettext("fifth to last"),
    }[ordinal]


def _month_day(day: int, language: Language) -> str:
    if day == -1:
        return language.gettext("last day")
    if day < 0:
        return language.gettext("%(day)s day from the end", day=language.month_day(-day))
    return language.month_day(day)


def _end(rule: Rule, first: datetime, language: Language) -> str:
    if rule.until is not None:
        return language.gettext("until %(date)s", date=_day(rule.until, first, language))
    if rule.count is not None:
        return language.ngettext("%(num)s time", "%(num)s times", rule.count)
    return ""


def _joined(words: list[str], language: Language) -> str:
    if len(words) == 1:
        return words[0]
    return language.gettext("%(some)s and %(last)s", some=", ".join(words[:-1]), last=words[-1])


@dataclass(frozen=True, slots=True)
class English:
    """Plain American English, without a catalog."""

    def gettext(self, message: str, **variables: object) -> str:
        return message % variables

    def ngettext(self, one: str, many: str, number: int, **variables: object) -> str:
        return (one if number == 1 else many) % {"num": number, **variables}

    def weekday(self, day: int) -> str:
        return _WEEKDAYS[day]

    def date(self, day: date, *, year: bool) -> str:
        return f"{day:%B} {day.day}, {day.year}" if year else f"{day:%B} {day.day}"

    def times(self, start: time, end: time) -> str:
        same_half = (start.hour < 12) == (end.hour < 12)
        return (
            f"{_clock(start)} to {_clock(end)} {_half(end)}"
            if same_half
            else (f"{_clock(start)} {_half(start)} to {_clock(end)} {_half(end)}")
        )

    def clock(self, at: time) -> str:
        """One wall time: 7:00 PM."""
        return f"{_clock(at)} {_half(at)}"

    def month_day(self, day: int) -> str:
        ending = "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
        return f"{day}{ending}"


def _clock(at: time) -> str:
    return f"{(at.hour + 11) % 12 + 1}:{at.minute:02}"


def _half(at: time) -> str:
    return "AM" if at.hour < 12 else "PM"
