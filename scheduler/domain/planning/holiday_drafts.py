"""Days on which nothing of some kinds meets, as they are typed or listed. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from scheduler.domain.people.names import clean
from scheduler.domain.schedule.kinds import Kind
from scheduler.errors import Invalid

MOST_AT_ONCE: Final = 200
LONGEST_NAME: Final = 80
FURTHEST: Final = timedelta(days=5 * 366)
_WRITTEN: Final = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b"),
    re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})\b"),
    re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})\b"),
)


@dataclass(frozen=True, slots=True, order=True)
class HolidayDraft:
    """A local date, the same in every zone, and what it is called."""

    day: date
    name: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list of days says; `passed_over` are lines without a date, and days that are over."""

    drafts: tuple[HolidayDraft, ...]
    passed_over: tuple[str, ...] = ()


def listed(text: str, *, today: date) -> Listed:
    """The days of a list with one on each line: a date, then its name.

    A date is 2026-12-25, 12/25/2026 or 25.12.2026. Raises Invalid on `days` for more than `MOST_AT_ONCE`.
    """
    lines = [line for line in map(clean, text.splitlines()) if line]
    if len(lines) > MOST_AT_ONCE:
        raise Invalid(f"At most {MOST_AT_ONCE} days at once.", field="days")
    read = [(line, _read(line)) for line in lines]
    to_come = {draft for _, draft in read if draft is not None and _is_near(draft.day, today)}
    over = tuple(line for line, draft in read if draft is None or not _is_near(draft.day, today))
    return Listed(tuple(sorted(to_come)), over)


def checked(
    drafts: Collection[HolidayDraft], kinds: Collection[Kind], *, today: date
) -> tuple[HolidayDraft, ...]:
    """The days in order, with clean names.

    Raises Invalid on `days` for none, too many, a day that is over or more than five years ahead, or a name
    that is missing or too long; on `kinds` without any.
    """
    found = sorted({HolidayDraft(draft.day, clean(draft.name)) for draft in drafts})
    wrong = dict(_wrong_with(found, today))
    if not kinds:
        wrong["kinds"] = "Choose what does not meet."
    if wrong:
        raise Invalid.many(wrong)
    return tuple(found)


def _wrong_with(drafts: Sequence[HolidayDraft], today: date) -> Iterator[tuple[str, str]]:
    if not drafts:
        yield "days", "Name at least one day that is still to come."
    if len(drafts) > MOST_AT_ONCE:
        yield "days", f"At most {MOST_AT_ONCE} days at once."
    for draft in drafts:
        if not _is_near(draft.day, today):
            yield "days", f"{draft.day.isoformat()} is over, or more than five years ahead."
        if not 1 <= len(draft.name) <= LONGEST_NAME:
            yield "days", f"Give each day a name of at most {LONGEST_NAME} letters."


def _is_near(day: date, today: date) -> bool:
    return today <= day <= today + FURTHEST


def _read(line: str) -> HolidayDraft | None:
    for pattern in _WRITTEN:
        found = pattern.match(line)
        if found:
            day, name = _day_of(found.groupdict()), clean(line[found.end() :].lstrip(" ,;:-\t"))
            return HolidayDraft(day, name[:LONGEST_NAME]) if day is not None and name else None
    return None


def _day_of(parts: Mapping[str, str]) -> date | None:
    try:
        return date(*(int(parts[part]) for part in ("year", "month", "day")))
    except ValueError:
        return None
