"""What stands already when an occurrence is made or placed anew: causes that are for many at once.

Whatever makes an occurrence, or puts one where it was not before, calls `stand` once it is there: it may be
in a place that is closed then. Verbs that do so lock `spare_rooms` with all else that they hold.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.planning.closing_plan import Did
from scheduler.domain.planning.coming_back import Became
from scheduler.domain.planning.observing import ANY_HOLIDAY, ANY_TIME_ZONE, observe
from scheduler.domain.planning.reopening import effects_outside, reopen
from scheduler.domain.planning.shutting import (
    ANY_CLOSURE,
    befall,
    choices_of,
    closures_that_stand,
    spaces_for,
)
from scheduler.domain.schedule.models import Closure
from scheduler.store.asking import scalars
from scheduler.store.locks import lock, locks_rows

_ANYTHING: Final = select(or_(ANY_CLOSURE, ANY_HOLIDAY))


@dataclass(frozen=True, slots=True)
class Stood:
    """Those of the occurrences that do not take place by what stands, and those that were put elsewhere.

    `let_go`: what came of those that were stopped or elsewhere by something in whose place they are no more.
    """

    stopped: frozenset[int] = frozenset()
    moved: frozenset[int] = frozenset()
    let_go: Mapping[int, Became] = field(default_factory=dict)

    @property
    def concerned(self) -> frozenset[int]:
        return self.stopped | self.moved | self.let_go.keys()

    def __or__(self, other: Stood) -> Stood:
        return Stood(self.stopped | other.stopped, self.moved | other.moved, {**self.let_go, **other.let_go})


def spare_rooms(session: Database, *, beside: int | None = None, now: datetime) -> frozenset[int]:
    """The rooms into which closures that stand may put what is placed in a closed one; mostly none.

    `beside`: and this one, where a room is wanted. One statement while nothing is closed; on SQLite, where
    nothing is locked, none.
    """
    wanted = frozenset() if beside is None else frozenset((beside,))
    if not locks_rows(session):
        return wanted
    return wanted.union(*(rooms_of_closure(session, each) for each in closures_that_stand(session, now=now)))


def rooms_of_closure(session: Database, closure: Closure) -> frozenset[int]:
    """Where a closure may put sessions. Three statements at most."""
    choices = choices_of(session, closure.id).values()
    return frozenset(space.id for space in spaces_for(session, closure, choices))


def anything_stands(session: Database, *, now: datetime) -> bool:
    """Is there a closure, or a holiday to come, that may stop or move what is placed now? One statement."""
    return any(scalars(session, _ANYTHING, {"now": now, "since": now.date() - ANY_TIME_ZONE}))


def stand(session: Database, occurrences: Collection[int], *, now: datetime) -> Stood:
    """Give these occurrences the causes that stand where and when they now are. It never fails.

    They are flushed, and their series, rooms and those who lead are locked. One that has begun by `now` is
    left; so is what an occurrence has already. A closure lets go of those that are not in its place and time
    any more, a holiday of those that are not on its day. Calendars are the caller's to raise, for those
    concerned. One statement while nothing is closed and no holiday is to come.
    """
    stood = Stood()
    if not occurrences or not anything_stands(session, now=now):
        return stood
    closures = closures_that_stand(session, now=now)
    for closure in closures:
        outside = effects_outside(session, closure, among=occurrences, now=now)
        if outside:
            stood |= Stood(let_go=reopen(session, closure, among=outside, now=now))
    for closure in closures:
        stood |= _close(session, closure, occurrences, now)
    observed = observe(session, occurrences, now=now)
    stood |= Stood(stopped=observed.stopped, let_go=observed.back)
    for closure in closures if observed.back else ():  # what a holiday lets go may stand in a closed place
        stood |= _close(session, closure, observed.back.keys(), now)
    return stood


def _close(session: Database, closure: Closure, occurrences: Collection[int], now: datetime) -> Stood:
    """Rooms that a closure made just now may use are mostly locked already; what is, is not waited for."""
    lock(session, rooms=rooms_of_closure(session, closure))
    fates = befall(session, closure, among=occurrences, now=now)
    return Stood(
        stopped=frozenset(fate.occurrence for fate in fates if fate.did is Did.STOPPED),
        moved=frozenset(fate.occurrence for fate in fates if fate.did is Did.MOVED),
    )
