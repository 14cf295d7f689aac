"""What a calendar contains, as plain values: no rows, no bytes.

Local times are naive and belong to the `zone` beside them; where `zone` is empty, times are aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Details:
    """What an entry says. Empty text: nothing is said. `link` is the address to join at.

    `alarm_minutes` before the start the device reminds (empty: never). A `quiet` entry leaves its hours free
    for others: a window, not an appointment.
    """

    title: str
    place: str = ""
    link: str = ""
    alarm_minutes: int | None = None
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Repeats:
    """The parts of an RRULE that all readers agree about: `frequency` is WEEKLY or MONTHLY, `days` as in
    BYDAY.
    """

    frequency: str
    interval: int
    days: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Override:
    """One instance of a master that differs from it, named by its original start; `stopped`: it does not
    take place.
    """

    original: datetime
    start: datetime
    end: datetime
    stopped: bool
    details: Details

    def differs(self, length: timedelta, details: Details) -> bool:
        """Does it say anything that a master of this length and these details does not?"""
        plain = (self.original, self.original + length, False, details)
        return (self.start, self.end, self.stopped, self.details) != plain


@dataclass(frozen=True, slots=True)
class Master:
    """A recurring entry. `until` is the start of its last instance, in UTC; empty: it stays open.

    `exclusions` are original starts that are not this person's, `overrides` those that differ; none is in
    both.
    """

    uid: str
    zone: str
    start: datetime
    end: datetime
    repeats: Repeats
    until: datetime | None
    exclusions: tuple[datetime, ...]
    overrides: tuple[Override, ...]
    details: Details
    series_id: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Single:
    """An entry on its own. `series_id` stands in no byte: it names what could not be written."""

    uid: str
    zone: str
    start: datetime
    end: datetime
    stopped: bool
    details: Details
    series_id: int = field(default=0, compare=False)


Entry = Master | Single


@dataclass(frozen=True, slots=True)
class Stamp:
    """How new a calendar is: SEQUENCE, and DTSTAMP with LAST-MODIFIED, of all that it contains.

    One stamp for the whole calendar, from its owner's revision: the greatest stamp of several rows would
    not rise when two of them change within a second, and some readers look at nothing else.
    """

    sequence: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class CalendarContent:
    """A whole calendar. `begins` is the Monday at which it begins; `cancelled` stands before the title of an
    entry that does not take place.

    `missing` are the series of which something could not be shown, one for each time: one bad record never
    breaks a calendar.
    """

    name: str
    begins: date
    stamp: Stamp
    entries: tuple[Entry, ...]
    cancelled: str = "Cancelled: "
    missing: tuple[int, ...] = ()

    @property
    def left_out(self) -> int:
        """How many times something could not be shown."""
        return len(self.missing)
