"""An occurrence as those who plan see it: who leads, how full it is, and what is wrong with it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from scheduler.domain.schedule.conflicts import Holder
from scheduler.domain.schedule.kinds import CauseType, Counting, Kind


@dataclass(frozen=True, slots=True)
class Leading:
    """A duty: who leads, in which position, and whom they cover for (an empty name: nobody)."""

    duty_id: int
    occurrence_id: int
    person_id: int
    short_name: str
    position: str
    covers_for: str
    override_reason: str
    revision: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why it does not take place, and who decided so (an empty name: nobody in particular).

    `closure_id` is the closure of its place, where that stops it.
    """

    occurrence_id: int
    type: CauseType
    reason: str
    made_by: str
    made_at: datetime
    closure_id: int | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """An occurrence in the plan.

    Local times are naive and in `timezone`; instants are in UTC. `expected` counts the members who belong on
    its date and are not on hold. Names of a room and a site may be empty. `series_room_id` is where the
    series meets otherwise. `not_met`: it was recorded afterwards that nobody came together, and why.
    `unplanned`: a facilitator started it on the spot.
    """

    id: int
    series_id: int
    revision: int
    kind: Kind
    counting: Counting
    title: str
    capacity: int | None
    original_start: datetime
    local_start: datetime
    starts_at: datetime
    ends_at: datetime
    timezone: str
    room_id: int | None
    series_room_id: int | None
    room_name: str
    site_name: str
    room_is_shared: bool
    takes_place: bool
    override_reason: str
    move_reason: str
    expected: int
    not_met: bool = False
    not_met_reason: str = ""
    unplanned: bool = False
    leading: tuple[Leading, ...] = ()
    causes: tuple[Stopped, ...] = ()

    @property
    def place(self) -> str:
        """ "Elm Street, Room 2"; empty without a room."""
        return f"{self.site_name}, {self.room_name}" if self.site_name else self.room_name

    @property
    def day(self) -> date:
        return self.local_start.date()

    @property
    def is_moved(self) -> bool:
        """In time; another room alone is `is_elsewhere`."""
        return self.local_start != self.original_start

    @property
    def is_elsewhere(self) -> bool:
        return self.room_id != self.series_room_id

    @property
    def lacks_lead(self) -> bool:
        """A mutual-help meeting runs itself."""
        return (
            self.takes_place and not self.not_met and not self.leading and self.kind is not Kind.MUTUAL_HELP
        )


@dataclass(frozen=True, slots=True)
class ToCome:
    """How many occurrences of a series have not begun: from one of them on, and in all."""

    following: int
    all: int


@dataclass(frozen=True, slots=True)
class Belonging:
    """How many places of a series are taken on a date, and the short names of those who lead it, the lead
    first.
    """

    members: int = 0
    leads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Twice:
    """A room or somebody who leads is taken twice. `name` is the room's or the person's; `reason` says why a
    coordinator wanted it so, and is empty where nobody did. `others` are the occurrences it collides with,
    as far as the viewer sees them: where they see none of them, it is only busy.
    """

    holder: Holder
    name: str
    reason: str
    others: tuple[int, ...]
