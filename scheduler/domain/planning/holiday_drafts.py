"""Days on which nothing of some kinds meets, as they are typed or listed. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from scheduler.domain.people.names import clean
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.recurrence import day_said
from scheduler.domain.schedule.written_dates import NO_DATE as NO_WRITTEN_DATE
from scheduler.domain.schedule.written_dates import Order, date_before, order_of
from scheduler.errors import Invalid

MOST_AT_ONCE: Final = 200
_BETWEEN: Final = " ,;:.-–—\t"
"""What may stand between a date and its name."""
LONGEST_NAME: Final = 80
FURTHEST: Final = timedelta(days=5 * 366)
NO_DATE: Final = "It begins with no date that can be read."
NO_NAME: Final = "Its name is missing: write it after the date."
OVER: Final = "It is over."
TOO_FAR: Final = "It is more than five years ahead."


@dataclass(frozen=True, slots=True, order=True)
class HolidayDraft:
    """A local date, the same in every zone, and what it is called."""

    day: date
    name: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A line of a list, or an entry of a file, that is not taken, and why."""

    said: str
    why: str


@dataclass(frozen=True, slots=True)
class Listed:
    """The days that a list says, in order and each once; and what is passed over."""

    drafts: tuple[HolidayDraft, ...]
    passed_over: tuple[PassedOver, ...] = ()


def listed(text: str, *, today: date) -> Listed:
    """The days of a list with one on each line: a date, then its name.

    Dates are read as :func:`date_before` reads them: 2026-12-25, 12/25/2026, December 25, Friday 12/25; one
    without a year is the next such day. Which of day and month comes first all lines together tell. Raises
    Invalid on `days` for more than `MOST_AT_ONCE`.
    """
    lines = [line for line in map(clean, text.splitlines()) if line]
    if len(lines) > MOST_AT_ONCE:
        raise Invalid(f"At most {MOST_AT_ONCE} days at once.", field="days")
    order, _ = order_of(line.split()[0].rstrip(_BETWEEN) for line in lines) or (Order.MONTH, False)
    return together([_read(line, order, today) for line in lines])


def together(found: Iterable[HolidayDraft | PassedOver]) -> Listed:
    """What was read, in order of days: of one that is named twice the first stands."""
    drafts: dict[date, HolidayDraft] = {}
    passed_over = []
    for each in found:
        if isinstance(each, PassedOver):
            passed_over.append(each)
        elif (first := drafts.setdefault(each.day, each)) is not each and first != each:
            passed_over.append(PassedOver(each.name, f"{day_said(each.day)} is in the list as {first.name}."))
    return Listed(tuple(sorted(drafts.values())), tuple(passed_over))


def why_not(day: date, today: date) -> str:
    """Why a day cannot be kept; empty where it can."""
    if day < today:
        return OVER
    return "" if day <= today + FURTHEST else TOO_FAR


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
        if why_not(draft.day, today):
            yield "days", f"{draft.day.isoformat()} is over, or more than five years ahead."
        if not 1 <= len(draft.name) <= LONGEST_NAME:
            yield "days", f"Give each day a name of at most {LONGEST_NAME} letters."


def _read(line: str, order: Order, today: date) -> HolidayDraft | PassedOver:
    try:
        day, rest = date_before(line, order, today)
    except Invalid as error:
        return PassedOver(line, NO_DATE if str(error) == NO_WRITTEN_DATE else str(error))
    name = clean(rest.lstrip(_BETWEEN))[:LONGEST_NAME]
    why = why_not(day, today) or (NO_NAME if not name else "")
    return PassedOver(line, why) if why else HolidayDraft(day, name)
