"""What a center has that a list of series may name: sites, rooms, facilitators, series. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final

from scheduler.domain.imports.mapping import folded
from scheduler.domain.people.names import clean_email, search_name
from scheduler.domain.places.queries import RoomView, SiteView
from scheduler.domain.roster.positions import Position
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.recurrence import Frequency, Rule

LEADING: Final = (Position.LEAD, Position.COUNSELOR, Position.CO_FACILITATOR)
"""The positions that a list tells of, in the order in which it names who holds them."""

Days = tuple[object, ...]
Meets = tuple[str, time, Days]
"""By what a row is the same as a series: folded title, wall time, days."""


@dataclass(frozen=True, slots=True)
class Leader:
    """A facilitator who may lead, by what a list may call them."""

    id: int
    name: str
    short_name: str
    email: str | None

    def is_called(self, text: str) -> bool:
        """Does the text mean them?"""
        wanted = search_name(text)
        named = wanted in {search_name(self.name), search_name(self.short_name)}
        return named or ("@" in text and clean_email(text) == self.email)


@dataclass(frozen=True, slots=True)
class Standing:
    """A series that is here: what a list says of it. ``leads`` are in the order of :data:`LEADING`."""

    id: int
    plan: Plan
    ends_on: date | None
    room_name: str
    site_name: str
    leads: tuple[Leader, ...] = ()

    @property
    def rule(self) -> Rule:
        """The rule, ended where the series was."""
        rule = self.plan.rule
        if self.ends_on is None or rule.is_single:
            return rule
        return replace(rule, count=None, until=min(self.ends_on, rule.until or self.ends_on))

    @property
    def place(self) -> str:
        return f"{self.site_name}, {self.room_name}" if self.site_name else self.room_name

    def is_at(self, site: str, room: str) -> bool:
        """Do these texts name its place? An empty one leaves it open."""
        wanted_site, wanted_room = folded(site), folded(room)
        at_site = wanted_site in {"", folded(self.site_name)}
        return at_site and wanted_room in {"", folded(self.room_name), folded(self.place)}


@dataclass(frozen=True, slots=True)
class SeriesAround:
    """All of it, as far as it is within reach.

    ``zone`` is that of a row without a place, ``today`` and ``now`` the date there and the instant.
    """

    sites: Mapping[str, SiteView]
    rooms: tuple[RoomView, ...]
    facilitators: tuple[Leader, ...]
    standing: tuple[Standing, ...]
    zone: str
    today: date
    now: datetime

    def rooms_called(self, text: str, site: SiteView | None) -> list[RoomView]:
        """The rooms that a text may mean, at the site if there is one; "Elm Street Room 1" needs no comma."""
        wanted = folded(text)
        return [
            room
            for room in self.rooms
            if wanted in {folded(room.name), folded(room.full_name)}
            and (site is None or room.site_id in {None, site.id})
        ]

    def facilitators_called(self, text: str) -> list[Leader]:
        """The facilitators whom a text may mean."""
        return [each for each in self.facilitators if each.is_called(text)]


def plainly(rule: Rule) -> Rule:
    """The same rule, as one that is read from words: all days of each week are every day."""
    if rule.frequency is Frequency.WEEKLY and rule.interval == 1 and len(rule.weekdays) == 7:
        return replace(rule, frequency=Frequency.DAILY, weekdays=())
    return rule


def days_of(rule: Rule, first: date) -> Days:
    """On which days something meets, however often."""
    if rule.is_single:
        return (first,)
    rule = plainly(rule)
    return rule.frequency, rule.weekdays, rule.ordinal_weekdays, rule.month_days


def by_meeting(standing: Iterable[Standing]) -> Mapping[Meets, list[Standing]]:
    """Series by when they meet under which title."""
    found: defaultdict[Meets, list[Standing]] = defaultdict(list)
    for each in standing:
        first = each.plan.first_start
        key = (search_name(each.plan.title), first.time(), days_of(each.plan.rule, first.date()))
        found[key].append(each)
    return found
