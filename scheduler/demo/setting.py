"""When and where a demonstration is made, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from scheduler.demo.people import Cast
from scheduler.domain.people.roles import Actor


@dataclass(frozen=True, slots=True)
class Setting:
    """``monday`` is that of the present week in ``timezone``, ``weekday`` today's, 0 for Monday."""

    now: datetime
    timezone: str
    monday: date
    weekday: int
    cast: Cast
    coordinator: Actor
