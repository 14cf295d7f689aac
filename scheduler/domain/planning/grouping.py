"""Overlaps as coordinators read them: what collides week after week is told once, in their reach. Pure."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from scheduler.domain.schedule.conflicts import Holder, Overlap

Reasons = Mapping[tuple[frozenset[int], frozenset[int]], str]
"""Why a coordinator keeps what only warns, by the persons and the occurrences that it is about."""


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


class Warned(NamedTuple):
    """A member at two occurrences at once, or two persons kept apart at one (then the other id is the same).

    `occurrence_id` is one that is told.
    """

    person_id: int
    other_id: int
    occurrence_id: int
    beside_id: int

    @property
    def about(self) -> tuple[frozenset[int], frozenset[int]]:
        """As it is looked up, whichever of two was told."""
        return frozenset((self.person_id, self.other_id)), frozenset((self.occurrence_id, self.beside_id))


@dataclass(frozen=True, slots=True)
class Group:
    """The same series colliding once or many times.

    `held` is the room or who leads (0 otherwise); `times` have an occurrence of each of the `series`, which
    is one alone where the other is nobody's business here, or where it is about `persons` kept apart.
    `reason` is why a coordinator wanted it so; empty: nobody did. `warned` is what that is kept for, one by
    one, where it only warns.
    """

    trouble: Trouble
    held: int
    series: tuple[int, ...]
    reason: str
    times: tuple[tuple[Fact, ...], ...]
    persons: tuple[int, ...] = ()
    warned: tuple[Warned, ...] = ()

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
    def can_be_taken_back(self) -> bool:
        """It was kept without a change of any session, so that nothing else hangs on that."""
        return self.only_warns and not self.is_open

    def warned_after(self, now: datetime) -> tuple[Warned, ...]:
        """What it is kept for of sessions that have not begun, by time."""
        starts = {fact.id: fact.starts_at for time in self.times for fact in time if fact.starts_at > now}
        found = (each for each in self.warned if each.occurrence_id in starts)
        return tuple(sorted(found, key=lambda each: (starts[each.occurrence_id], each)))

    @property
    def seen(self) -> str:
        """The same as long as nothing of it was changed, decided, or nobody else came to it."""
        stands: list[object] = [self.reason, self.persons]
        stands += [
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
    kept: Reasons,
) -> tuple[Group, ...]:
    """All that is somebody's business, the nearest first; `facts` are of every occurrence in it.

    What is overridden or `kept` is told apart from what is open, and by its reason.
    """
    times: defaultdict[_About, dict[tuple[int, ...], tuple[Fact, ...]]] = defaultdict(dict)
    persons: defaultdict[_About, set[int]] = defaultdict(set)
    warned: defaultdict[_About, set[Warned]] = defaultdict(set)
    for overlap in overlaps:
        pair = (facts[overlap.first.occurrence], facts[overlap.second.occurrence])
        sides = sorted(pair, key=lambda fact: (fact.series_id, fact.id))
        trouble, told, who = _told(overlap, sides)
        if told:
            held = 0 if trouble is Trouble.MEMBER else overlap.first.held
            series = tuple(fact.series_id for fact in told)
            one = _warned(overlap, told[-1]) if who else None
            reason = kept.get(one.about, "") if one else _reason(trouble, held, sides)
            about = _About(trouble, held, series, reason, only_warns=one is not None)
            times[about][tuple(fact.id for fact in told)] = told
            persons[about].update(who)
            warned[about].update([one] if one else ())
    for person, other, occurrence in met:
        fact, both = facts[occurrence], Warned(person, other, occurrence, occurrence)
        if fact.is_mine:
            reason = kept.get(both.about, "")
            about = _About(Trouble.APART, 0, (fact.series_id,), reason, (person, other))
            times[about][fact.id,] = (fact,)
            persons[about].update((person, other))
            warned[about].add(both)
    groups = [_group(about, times[about].values(), persons[about], warned[about]) for about in times]
    return tuple(sorted(groups, key=lambda each: (each.starts_at, each.key, each.reason)))


@dataclass(frozen=True, slots=True)
class _About:
    """What makes overlaps one group."""

    trouble: Trouble
    held: int
    series: tuple[int, ...]
    reason: str
    apart: tuple[int, ...] = ()
    only_warns: bool = False


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


def _warned(overlap: Overlap, told: Fact) -> Warned:
    person, (beside,) = overlap.first.held, overlap.occurrences - {told.id}
    return Warned(person, person, told.id, beside)


def _reason(trouble: Trouble, held: int, sides: Iterable[Fact]) -> str:
    if trouble is Trouble.ROOM:
        return next((fact.reason for fact in sides if fact.reason), "")
    if trouble is Trouble.FACILITATOR:
        return next((reason for fact in sides if (reason := fact.reason_of(held))), "")
    return ""


def _group(
    about: _About, times: Iterable[tuple[Fact, ...]], persons: Iterable[int], warned: Iterable[Warned]
) -> Group:
    ordered = sorted(times, key=lambda time: (min(fact.starts_at for fact in time), time[0].id))
    who = tuple(sorted(persons))
    one_by_one = tuple(sorted(warned))
    return Group(about.trouble, about.held, about.series, about.reason, tuple(ordered), who, one_by_one)
