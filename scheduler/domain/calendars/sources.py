"""What a calendar is made from: small values, read from the tables by queries.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from scheduler.domain.schedule.recurrence import Rule


class Titles(StrEnum):
    """How the entries of a feed read."""

    PLAIN = "plain"
    DISCREET = "discreet"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Plan:
    """A series, as far as a calendar shows it.

    `first` is the naive local start of the rule's first date in `zone`; `made_until` the local date up to
    which meetings were made (later ones follow from the rule), `ends_on` the last local date, if it has one.
    """

    id: int
    zone: str
    rule: Rule
    first: datetime
    minutes: int
    title: str
    discreet_title: str
    place: str = ""
    link: str = ""
    ends_on: date | None = None
    made_until: date | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """One occurrence: its original and its present start (naive, in the plan's zone), its elapsed minutes.

    `stopped`: it does not take place, or (in the calendar of the usual facilitator) another one leads it.
    """

    original: datetime
    start: datetime
    minutes: int
    stopped: bool = False
    place: str = ""
    link: str = ""

    @property
    def is_moved(self) -> bool:
        return self.start != self.original


@dataclass(frozen=True, slots=True)
class Run:
    """An unbroken time that a person belongs to a plan: an enrollment or a post, both dates included.

    `meetings` are those made, by original start; `uid` names the run in calendars.
    """

    uid: str
    plan: Plan
    from_date: date
    until_date: date | None
    meetings: tuple[Meeting, ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """One meeting that a facilitator leads in place of another."""

    uid: str
    plan: Plan
    meeting: Meeting


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the owner of a feed chose; `begins` is the Monday at which their calendar begins."""

    titles: Titles
    show_place: bool
    show_link: bool
    alarm_minutes: int | None
    begins: date


@dataclass(frozen=True, slots=True)
class Wording:
    """The installation's neutral words: the name of every calendar, and the title where nothing more is
    said.
    """

    calendar_name: str = "Calendar"
    plain_title: str = "Appointment"
