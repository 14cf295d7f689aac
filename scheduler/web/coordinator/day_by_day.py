"""A long list of sessions in order of time, divided by day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final, Protocol

from scheduler.web.coordinator.blueprint import blueprint

SHORT: Final = 12
"""So many lines are read at one look, each with its day."""


class Line(Protocol):
    """Something at a wall time."""

    @property
    def local_start(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class OfDay:
    """The lines of a day, whose time heads them; none where all are one list."""

    day: datetime | None
    lines: tuple[Line, ...]


def by_day(lines: Iterable[Line]) -> list[OfDay]:
    """One list as it comes; or where it is long and of several days one for each."""
    found = tuple(lines)
    days = [
        OfDay(some[0].local_start, some)
        for _, group in groupby(found, key=lambda one: one.local_start.date())
        if (some := tuple(group))
    ]
    return days if len(found) > SHORT and len(days) > 1 else [OfDay(None, found)]


blueprint.add_app_template_filter(by_day, "by_day")
