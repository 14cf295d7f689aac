"""When and where a demonstration is made, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from scheduler.demo.people import Cast
from scheduler.domain.people.roles import Actor
from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.wall_time import instant_of


@dataclass(frozen=True, slots=True)
class Setting:
    """``monday`` is that of the present week in ``timezone``, ``weekday`` today's, 0 for Monday."""

    now: datetime
    timezone: str
    monday: date
    weekday: int
    cast: Cast
    coordinator: Actor

    @property
    def planned_at(self) -> datetime:
        """When the plan was made: on Monday, before anything of this week."""
        return instant_of(datetime.combine(self.monday, time()), zone_named(self.timezone))
