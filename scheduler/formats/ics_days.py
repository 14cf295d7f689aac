"""The whole days of a calendar file: holidays, as a state or a school publishes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from icalendar import Calendar

from scheduler.domain.people.names import clean
from scheduler.domain.planning.holiday_drafts import (
    LONGEST_NAME,
    MOST_AT_ONCE,
    HolidayDraft,
    Listed,
    PassedOver,
    together,
    why_not,
)
from scheduler.errors import Invalid

LARGEST: Final = 1024 * 1024
MOST_EVENTS: Final = 5_000
LONGEST_SPAN: Final = 31
"""Days of one event; a longer one is no holiday."""
NO_NAME: Final = "It has no name."
NO_DAY: Final = "It has no day."
NOT_WHOLE: Final = "It has an hour, so that it is no whole day."
NO_CALENDAR: Final = "This is not a calendar file. It ends in .ics, and begins with BEGIN:VCALENDAR."


def days_in(data: bytes, *, today: date) -> Listed:
    """The days to come of a calendar's whole-day events, each once, those of every year for five years.

    What has an hour, or no name, is passed over. Raises Invalid on `file` for what is too large or no
    calendar, and for more than `MOST_AT_ONCE` days.
    """
    if len(data) > LARGEST:
        raise Invalid("The file is larger than 1 MB. Nothing was read.", field="file")
    found: set[HolidayDraft] = set()
    passed_over: list[PassedOver] = []
    for number, event in enumerate(_events(data)):
        if number >= MOST_EVENTS:
            raise Invalid(f"The file has more than {MOST_EVENTS:,} events.", field="file")
        name = clean(str(event.get("SUMMARY") or ""))[:LONGEST_NAME]
        days = list(_days(event, today))
        kept = {HolidayDraft(day, name) for day in days if name and not why_not(day, today)}
        found |= kept
        if not kept:
            passed_over.append(PassedOver(name or "?", _why_not(event, name, days, today)))
    if len(found) > MOST_AT_ONCE:
        raise Invalid(
            f"The file has more than {MOST_AT_ONCE} days to come. Take a shorter one.", field="file"
        )
    return together([*sorted(found), *passed_over])


def _why_not(event: Any, name: str, days: Sequence[date], today: date) -> str:
    if not days:
        return NO_DAY if event.get("DTSTART") is None else NOT_WHOLE
    return why_not(max(days), today) or (NO_NAME if not name else "")


def _events(data: bytes) -> Iterator[Any]:
    try:
        calendar = Calendar.from_ical(data)
        yield from calendar.walk("VEVENT")
    except Invalid:
        raise
    except Exception as error:  # a library of many readers; each kind of nonsense ends in another error
        raise Invalid(NO_CALENDAR, field="file") from error


def _days(event: Any, today: date) -> Iterator[date]:
    """The days of a whole-day event, in every year where it says so."""
    first = _date(event, "DTSTART")
    if first is None:
        return
    end = _date(event, "DTEND") or first + timedelta(days=1)
    length = min(max((end - first).days, 1), LONGEST_SPAN)
    for begins in _begins(event, first, today):
        yield from (begins + timedelta(days=each) for each in range(length))


def _begins(event: Any, first: date, today: date) -> Iterator[date]:
    yield first
    rule = event.get("RRULE")
    if not rule or rule.get("FREQ") != ["YEARLY"] or set(rule) - {"FREQ", "WKST"}:
        return
    for year in range(max(first.year + 1, today.year), today.year + 6):
        if not (first.month == 2 and first.day == 29 and year % 4):
            yield first.replace(year=year)


def _date(event: Any, name: str) -> date | None:
    """A whole day, or none for one with an hour."""
    value = getattr(event.get(name), "dt", None)
    return value if isinstance(value, date) and not isinstance(value, datetime) else None
