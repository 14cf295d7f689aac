"""What a center has that a list may name: persons, programs, sites and groups, as values. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from scheduler.domain.enrollment.capacity import most_within
from scheduler.domain.people.likeness import digits
from scheduler.domain.people.names import search_name
from scheduler.domain.schedule.terms import Term

CLOSED = "It is closed, and takes nobody new."
ENDED = "It ends before that date."
FULL = "It is full on some of these dates."


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is here already. ``keeps_email``: they confirmed the address, or sign in by it.

    One who ``is_taboo`` is none of the importer's business, or works here: never named, never changed. Their
    ``stays`` are local dates; ``is_member`` says whether they hold that role.
    """

    id: int
    name: str
    search: str
    birth_year: int | None
    email: str | None
    phone: str | None
    keeps_email: bool = False
    is_member: bool = True
    is_active: bool = True
    is_taboo: bool = False
    revision: int = 1
    stays: tuple[Term, ...] = ()


class Index:
    """Everybody who is here, by what a row could mean them by."""

    def __init__(self, people: Iterable[Known]) -> None:
        self.by_id: dict[int, Known] = {}
        self.by_email: dict[str, Known] = {}
        self._by_name: defaultdict[str, list[Known]] = defaultdict(list)
        self._by_phone: defaultdict[str, list[Known]] = defaultdict(list)
        for person in people:
            self.by_id[person.id] = person
            self._by_name[person.search].append(person)
            if person.email:
                self.by_email[person.email] = person
            if person.phone:
                self._by_phone[digits(person.phone)].append(person)

    def called(self, search: str) -> list[Known]:
        """Who has this folded name."""
        return self._by_name.get(search, [])

    def reached_at(self, phone: str) -> list[Known]:
        """Who has this phone number, however it is written."""
        return self._by_phone.get(digits(phone), [])


@dataclass(slots=True)
class Group:
    """A series that somebody may belong to. ``belonging`` are the terms by person, ``places`` those that take
    a place; both grow with the rows that are compared. A person who is only being made has a negative id.
    """

    series_id: int
    title: str
    closed: bool = False
    ends_on: date | None = None
    capacity: int | None = None
    belonging: defaultdict[int, list[Term]] = field(default_factory=lambda: defaultdict(list))
    places: list[Term] = field(default_factory=list)

    def has(self, person_id: int, term: Term) -> bool:
        """Does the person belong to it on one of these dates already?"""
        return any(own.overlaps(term) for own in self.belonging.get(person_id, ()))

    def refusal(self, term: Term) -> str:
        """Why nobody can be enrolled on these dates; empty where somebody can."""
        if self.closed:
            return CLOSED
        if self.ends_on is not None and term.from_date > self.ends_on:
            return ENDED
        if (
            self.capacity is not None
            and most_within(term.ended_by(self.ends_on), self.places) > self.capacity
        ):
            return FULL
        return ""

    def take(self, person_id: int, term: Term) -> None:
        """Somebody belongs to it from now on."""
        self.belonging[person_id].append(term)
        if self.capacity is not None:
            self.places.append(term.ended_by(self.ends_on))


@dataclass(frozen=True, slots=True)
class Around:
    """All of it. Programs, sites and groups are by folded name; a name may stand for several groups."""

    people: Index
    programs: Mapping[str, int]
    sites: Mapping[str, int]
    groups: Mapping[str, tuple[Group, ...]]
    today: date
    needs_site: bool = False
    """A list must name a site: whoever reads it is limited to some."""
    program_names: tuple[str, ...] = ()
    site_names: tuple[str, ...] = ()
    """As they are written."""


def by_name(named: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Ids by folded name."""
    return {search_name(name): each for name, each in named}
