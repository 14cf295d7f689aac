"""Overlaps as coordinators read them: what collides week after week is told once, in their reach. Pure."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scheduler.domain.schedule.conflicts import Holder, Overlap


class Trouble(StrEnum):
    """What is wrong, the gravest first. The last two only warn."""

    ROOM = "room"
    FACILITATOR = "facilitator"
    MEMBER = "member"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Led:
    """A duty: who has it, and why they lead something else then (empty: nobody decided that)."""

    duty_id: int
    person_id: int
    revision: int
    reason: str


@dataclass(frozen=True, slots=True)
class Fact:
    """An occurrence that collides. Instants in UTC, `local_start` naive in `timezone`.

    `reason` is why its room is shared on purpose; `is_mine`: it is the viewer's business.
    """

    id: int
    series_id: int
    room_id: int | None
    site_id: int | None
    starts_at: datetime
    ends_at: datetime
    local_start: datetime
    timezone: str
    revision: int
    reason: str
    is_mine: bool
    duties: tuple[Led, ...] = ()

    def reason_of(self, person_id: int) -> str:
        """Why this person leads something else at the same time."""
        return next((duty.reason for duty in self.duties if duty.person_id == person_id), "")


@dataclass(frozen=True, slots=True)
class Group:
    """The same series colliding once or many times.

    `held` is the room or who leads (0 otherwise); `times` have an occurrence of each of the `series`, which
    is one alone where the other is nobody's business here, or where it is about `persons` kept apart.
    `reason` is why a coordinator wanted it so; empty: nobody did.
    """

    trouble: Trouble
    held: int
    series: tuple[int, ...]
    reason: str
    times: tuple[tuple[Fact, ...], ...]
    persons: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        """Names it in a form, whatever its times are by now."""
        who = self.persons if self.trouble is Trouble.APART else (self.held,)
        return "-".join((self.trouble.value, *map(str, who), *map(str, self.series)))

    @property
    def starts_at(self) -> datetime:
        return min(fact.starts_at for fact in self.times[0])

    @property
    def is_open(self) -> bool:
        return not self.reason

    @property
    def only_warns(self) -> bool:
        """Nothing is refused because of it."""
        is_busy = self.trouble is Trouble.FACILITATOR and bool(self.persons)
        return is_busy or self.trouble in {Trouble.MEMBER, Trouble.APART}

    @property
    def seen(self) -> str:
        """The same as long as nothing of it was changed."""
        stands = [
            (fact.id, fact.revision, [(duty.duty_id, duty.revision) for duty in fact.duties])
            for time in self.times
            for fact in time
        ]
        return hashlib.sha256(repr(stands).encode()).hexdigest()[:24]

    def is_at(self, site_id: int) -> bool:
        return any(fact.site_id == site_id for time in self.times for fact in time)

    def side(self, series_id: int, *, after: datetime) -> tuple[Fact, ...]:
        """The occurrences of one of its series that have not begun, by time."""
        found = (fact for time in self.times for fact in time if fact.series_id == series_id)
        return tuple({fact.id: fact for fact in found if fact.starts_at > after}.values())


def grouped(
    overlaps: Iterable[Overlap],
    met: Iterable[tuple[int, int, int]],
    facts: Mapping[int, Fact],
) -> tuple[Group, ...]:
    """All that is somebody's business, the nearest first; `facts` are of every occurrence in it.

    What is overridden is told apart from what is open, and by its reason.
    """
    times: defaultdict[_About, dict[tuple[int, ...], tuple[Fact, ...]]] = defaultdict(dict)
    persons: defaultdict[_About, set[int]] = defaultdict(set)
    for overlap in overlaps:
        pair = (facts[overlap.first.occurrence], facts[overlap.second.occurrence])
        sides = sorted(pair, key=lambda fact: (fact.series_id, fact.id))
        trouble, told, who = _told(overlap, sides)
        if told:
            held = 0 if trouble is Trouble.MEMBER else overlap.first.held
            series = tuple(fact.series_id for fact in told)
            about = _About(trouble, held, series, _reason(trouble, held, sides))
            times[about][tuple(fact.id for fact in told)] = told
            persons[about].update(who)
    for one, other, occurrence in met:
        fact = facts[occurrence]
        if fact.is_mine:
            about = _About(Trouble.APART, 0, (fact.series_id,), "", (one, other))
            times[about][fact.id,] = (fact,)
            persons[about].update((one, other))
    groups = [_group(about, times[about].values(), persons[about]) for about in times]
    return tuple(sorted(groups, key=lambda each: (each.starts_at, each.key, each.reason)))


@dataclass(frozen=True, slots=True)
class _About:
    """What makes overlaps one group."""

    trouble: Trouble
    held: int
    series: tuple[int, ...]
    reason: str
    apart: tuple[int, ...] = ()


def _told(overlap: Overlap, sides: Iterable[Fact]) -> tuple[Trouble, tuple[Fact, ...], tuple[int, ...]]:
    """What is wrong, the sides that are told, and the members concerned.

    What a facilitator attends as a member is nobody's business; nor is what a member leads.
    """
    mine = tuple(fact for fact in sides if fact.is_mine)
    holders = {overlap.first.holder, overlap.second.holder}
    member = (overlap.first.held,)
    if holders == {Holder.ROOM}:
        return Trouble.ROOM, mine, ()
    if holders == {Holder.FACILITATOR}:
        return Trouble.FACILITATOR, mine, ()
    if holders == {Holder.MEMBER}:
        return Trouble.MEMBER, mine, member
    leads = overlap.first if overlap.first.holder is Holder.FACILITATOR else overlap.second
    led = tuple(fact for fact in mine if fact.id == leads.occurrence)
    return (Trouble.FACILITATOR, led, member) if led else (Trouble.MEMBER, mine, member)


def _reason(trouble: Trouble, held: int, sides: Iterable[Fact]) -> str:
    if trouble is Trouble.ROOM:
        return next((fact.reason for fact in sides if fact.reason), "")
    if trouble is Trouble.FACILITATOR:
        return next((reason for fact in sides if (reason := fact.reason_of(held))), "")
    return ""


def _group(about: _About, times: Iterable[tuple[Fact, ...]], persons: Iterable[int]) -> Group:
    ordered = sorted(times, key=lambda time: (min(fact.starts_at for fact in time), time[0].id))
    who = tuple(sorted(persons))
    return Group(about.trouble, about.held, about.series, about.reason, tuple(ordered), who)
