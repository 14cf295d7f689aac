"""Dates as lists write them, and which of day and month comes first in a column. Pure; English."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from scheduler.domain.schedule.recurrence import day_said
from scheduler.domain.schedule.spoken_dates import CENTURY, date_of, first_from, starts_date
from scheduler.domain.schedule.spoken_words import DAY_NAMES, WEEKDAYS, Cursor
from scheduler.errors import Invalid

NO_DATE: Final = "This is not a date. Write it like 2026-07-14."
NO_YEAR: Final = "Write the year with four digits, like 2026-07-14."
"""Where a date may lie before or after today, a shorter one says too little."""

_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00[\d:.]*)?")
_DOTTED: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_OTHER: Final = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d{2})|(\d{1,2})/(\d{1,2})")
_ENDS: Final = r"(?![\w/.-]*\d)"
"""Behind a date no more of it stands: 12/25/202 is none, and not the 12/25 of some year."""
_STARTING: Final = tuple(re.compile(f"(?:{each.pattern}){_ENDS}") for each in (_ISO, _DOTTED, _OTHER))
_WEEKDAY: Final = re.compile(r"([^\W\d_]{2,9})\b\.?,?\s*(?=\d)")
_LEAP: Final = 2000


class Order(StrEnum):
    """What comes first in a date such as 3/4/2026."""

    MONTH = "month"
    DAY = "day"

    @property
    def other(self) -> Order:
        return Order.DAY if self is Order.MONTH else Order.MONTH


WRITTEN: Final = {Order.MONTH: "month/day/year", Order.DAY: "day/month/year"}


@dataclass(frozen=True, slots=True)
class ColumnDates:
    """How a column's dates are read. ``is_mixed``: some of them can be read in the other order only."""

    heading: str
    order: Order
    is_mixed: bool = False


def order_of(cells: Iterable[str], chosen: Order | None = None) -> tuple[Order, bool] | None:
    """In which order these dates are written, and whether some fit the other order only.

    None where no date leaves it open. A date counts if it is one in a single order: 32/1/2026 says nothing.
    Without a choice the month comes first, unless more dates fit day first only than month first only.
    """
    open_ones = [cell for cell in cells if is_open(cell)]
    if not open_ones:
        return None
    fits = {order: {cell for cell in open_ones if _fits(cell, order)} for order in Order}
    only = {order: sum(cell in fits[order] - fits[order.other] for cell in open_ones) for order in Order}
    order = chosen or (Order.DAY if only[Order.DAY] > only[Order.MONTH] else Order.MONTH)
    return order, only[order.other] > 0


def is_open(cell: str) -> bool:
    """Is this written so that it could be read in two orders?"""
    return _OTHER.fullmatch(cell) is not None


def read_date(text: str, order: Order, near: date | None = None) -> date:
    """The date that a cell says, as :func:`date_before`. Raises Invalid, also where more stands in it."""
    found, rest = date_before(text, order, near)
    if rest:
        raise Invalid(NO_DATE)
    return found


def date_before(text: str, order: Order, near: date | None = None) -> tuple[date, str]:
    """The date with which a text begins, and what stands behind it: 2026-12-25, 25.12.2026, 12/25/2026.

    With a local date to be ``near`` also in words (Friday, December 25), with a year of two digits, which is
    one from 2000 on, or with none: then it is the first such day from ``near`` on. Raises Invalid, also for
    one that fits the other order only, or stands on another day of the week than it says.
    """
    weekday = _WEEKDAY.match(text) if near else None
    named = WEEKDAYS.get(weekday[1].lower()) if weekday else None
    begins = weekday.end() if weekday and named is not None else 0
    written = next(filter(None, (pattern.match(text, begins) for pattern in _STARTING)), None)
    if written is not None:
        found = _day_in(written[0], order, near)
        if named not in (None, found.weekday()):
            raise Invalid(f"{day_said(found)} is a {DAY_NAMES[found.weekday()]}.")
        return found, text[written.end() :].strip()
    if near is None:
        raise Invalid(NO_DATE)
    words = Cursor(text)
    if not starts_date(words):
        raise Invalid(NO_DATE)
    found, rest = date_of(words, near), text[words.end :]
    if rest[:1].isalnum():
        raise Invalid(NO_DATE)
    return found, rest.strip()


def _day_in(text: str, order: Order, near: date | None) -> date:
    """The date that is written in digits. Raises Invalid."""
    iso, dotted = _ISO.fullmatch(text), _DOTTED.fullmatch(text)
    if iso:
        found = _made(iso[1], iso[2], iso[3])
    elif dotted:
        found = _made(dotted[3], dotted[2], dotted[1])
    else:
        found = _in_order(text, order, near)
        if found is None and _in_order(text, order.other, near):
            raise Invalid(f"The dates of this column are read as {WRITTEN[order]}, and this is none.")
    if found is None:
        raise Invalid(NO_YEAR if near is None and _fits_any(text) else NO_DATE)
    return found


def _fits_any(cell: str) -> bool:
    return any(_fits(cell, order) for order in Order)


def _fits(cell: str, order: Order) -> bool:
    """Is there such a day in some year?"""
    return _in_order(cell, order, date(_LEAP, 1, 1)) is not None


def _in_order(text: str, order: Order, near: date | None) -> date | None:
    parts = _OTHER.fullmatch(text)
    if parts is None:
        return None
    one, _, other, year, first, second = parts.groups()
    month, day = (one or first, other or second)[:: 1 if order is Order.MONTH else -1]
    if year and len(year) == 4:
        return _made(year, month, day)
    if near is None:
        return None
    if year:
        return _made(str(CENTURY + int(year)), month, day)
    try:
        return first_from(int(month), int(day), near)
    except Invalid:
        return None


def _made(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
