"""Dates as lists write them, and which of day and month comes first in a column. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from scheduler.errors import Invalid

NO_DATE: Final = "This is not a date. Write it like 2026-07-14."

_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00.*)?")
_DOTTED: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_OTHER: Final = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4})")


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
    fits = {order: {cell for cell in open_ones if _in_order(cell, order)} for order in Order}
    only = {order: sum(cell in fits[order] - fits[order.other] for cell in open_ones) for order in Order}
    order = chosen or (Order.DAY if only[Order.DAY] > only[Order.MONTH] else Order.MONTH)
    return order, only[order.other] > 0


def is_open(cell: str) -> bool:
    """Is this written so that it could be read in two orders?"""
    return _OTHER.fullmatch(cell) is not None


def read_date(text: str, order: Order) -> date:
    """The date that a cell says. Raises Invalid, also for one that fits the other order only."""
    iso, dotted = _ISO.fullmatch(text), _DOTTED.fullmatch(text)
    found: date | None = None
    if iso:
        found = _made(iso[1], iso[2], iso[3])
    elif dotted:
        found = _made(dotted[3], dotted[2], dotted[1])
    elif is_open(text):
        found = _in_order(text, order)
        if found is None and _in_order(text, order.other):
            raise Invalid(f"The dates of this column are read as {WRITTEN[order]}, and this is none.")
    if found is None:
        raise Invalid(NO_DATE)
    return found


def _in_order(text: str, order: Order) -> date | None:
    parts = _OTHER.fullmatch(text)
    if parts is None:
        return None
    month, day = (parts[1], parts[3]) if order is Order.MONTH else (parts[3], parts[1])
    return _made(parts[4], month, day)


def _made(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
