"""What an address of the board asks for: a day or a span around it, by what, and narrowed to what."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final
from urllib.parse import parse_qsl

from flask import url_for

from scheduler.domain.planning.board import Shown
from scheduler.domain.schedule.kinds import Kind
from scheduler.errors import NotFound
from scheduler.web.coordinator.board import DAY, monday_of
from scheduler.web.forms import YEARS
from scheduler.web.numbers import whole

WEEK: Final = timedelta(weeks=1)
EVERYTHING: Final = Shown()
HIDDEN: Final = "hidden"


class Span(StrEnum):
    """How much of the plan."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class By(StrEnum):
    """What the columns or rows are."""

    ROOMS = "rooms"
    PEOPLE = "people"
    SITES = "sites"


@dataclass(frozen=True, slots=True)
class Asked:
    """An address, taken apart. ``first`` and ``days`` are what is drawn: of a month its whole weeks."""

    day: date
    span: Span = Span.DAY
    by: By = By.ROOMS
    shown: Shown = EVERYTHING
    in_use: bool = False
    """Only the columns or rows that hold something."""

    @property
    def first(self) -> date:
        """The first day that is drawn."""
        if self.span is Span.DAY:
            return self.day
        return monday_of(self.day if self.span is Span.WEEK else self.day.replace(day=1))

    @property
    def days(self) -> int:
        """How many are drawn."""
        if self.span is Span.MONTH:
            last = self.day.replace(day=calendar.monthrange(self.day.year, self.day.month)[1])
            return (monday_of(last) - self.first).days + 7
        return 7 if self.span is Span.WEEK else 1

    @property
    def before(self) -> Asked:
        """The span before."""
        first = self.day.replace(day=1)
        steps = {Span.DAY: self.day - DAY, Span.WEEK: self.day - WEEK, Span.MONTH: first - DAY}
        return replace(self, day=steps[self.span])

    @property
    def after(self) -> Asked:
        """The span after."""
        last = calendar.monthrange(self.day.year, self.day.month)[1]
        steps = {
            Span.DAY: self.day + DAY,
            Span.WEEK: self.day + WEEK,
            Span.MONTH: self.day.replace(day=last) + DAY,
        }
        return replace(self, day=steps[self.span])

    def showing(self, day: date) -> Asked:
        """The same, or the span that holds a day where this one does not."""
        return self if 0 <= (day - self.first).days < self.days else replace(self, day=day)

    def values(self) -> dict[str, Any]:
        """The values of the address; what is as usual is left out."""
        return {
            "date": self.day.isoformat(),
            "span": self.span.value if self.span is not Span.DAY else None,
            "by": self.by.value if self.by is not By.ROOMS else None,
            "empty": HIDDEN if self.in_use else None,
            **self.narrowed(),
        }

    def narrowed(self) -> dict[str, Any]:
        """Those of them that narrow it, which the list takes too."""
        return {"site": self.shown.site_id, "kind": self.shown.kind, "who": self.shown.person_id}

    def address(self, endpoint: str = "coordinator.board") -> str:
        """Where it is found, so that a view can be kept and passed on."""
        return url_for(endpoint, **self.values())


def asked_of(given: Mapping[str, str], today: date) -> Asked:
    """What the values of an address ask for, none needed. Raises NotFound for what is no date or choice."""
    try:
        return Asked(
            day=day_of(given.get("date"), today),
            span=Span(given.get("span") or Span.DAY),
            by=By(given.get("by") or By.ROOMS),
            shown=shown_of(given),
            in_use=given.get("empty") == HIDDEN,
        )
    except ValueError:
        raise NotFound from None


def asked_by(query: str, today: date) -> Asked:
    """What stands behind the question mark of an address asks for. Raises NotFound as :func:`asked_of`."""
    return asked_of(dict(parse_qsl(query)), today)


def shown_of(given: Mapping[str, str]) -> Shown:
    """What it is narrowed to. Raises NotFound for what is no kind or number."""
    try:
        kind = Kind(given["kind"]).value if given.get("kind") else None
    except ValueError:
        raise NotFound from None
    return Shown(_number(given.get("site")), kind, _number(given.get("who")))


def day_of(text: str | None, today: date) -> date:
    """A date of an address; today without one. Raises NotFound for what is none."""
    if not text:
        return today
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise NotFound from None
    if found.year not in YEARS:
        raise NotFound
    return found


def _number(text: str | None) -> int | None:
    if not text:
        return None
    number = whole(text)
    if number is None:
        raise NotFound
    return number
