"""All conflicts ahead as a viewer may read them, and what else is left over in the plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.models import Identity
from scheduler.domain.places.models import Room, Site
from scheduler.domain.planning.colliding import collisions, meetings_apart
from scheduler.domain.planning.grouping import Fact, Group, Led, grouped
from scheduler.domain.planning.keeping import reasons_kept
from scheduler.domain.planning.reach import Reach
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.kinds import CauseType, Kind
from scheduler.domain.schedule.models import Cause, Occurrence, Series
from scheduler.domain.schedule.queries import KIND, LONGEST
from scheduler.store.asking import rows

AT_A_TIME: Final = 5_000
"""Occurrences that one statement asks for."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """Sessions of a series that nobody leads: how many, from when to when (local times)."""

    series_id: int
    title: str
    kind: Kind
    occurrence_id: int
    timezone: str
    first: datetime
    last: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Left:
    """A session that does not take place any more and waits for somebody to decide.

    `has_changed`: the rule of its series did; otherwise what stopped it is over, and it could not come back.
    """

    occurrence_id: int
    title: str
    kind: Kind
    local_start: datetime
    timezone: str
    has_changed: bool


def conflicts_ahead(
    session: Database, *, reach: Reach, now: datetime, series: Collection[int] = ()
) -> tuple[Group, ...]:
    """Everything that collides from now on and is the viewer's business, the nearest first.

    `series`: only what these have with each other.
    """
    found = collisions(session, now=now, series=series)
    met = meetings_apart(session, now=now, series=series)
    numbers = {number for overlap in found for number in overlap.occurrences}
    numbers |= {occurrence for _, _, occurrence in met}
    facts = {fact.id: fact for fact in _facts(session, sorted(numbers), reach)}
    is_any = met or any(each.only_warns for each in found)
    return grouped(found, met, facts, reasons_kept(session, now=now) if is_any else {})


def short_names(session: Database, persons: Collection[int], *, reach: Reach | None) -> Mapping[int, str]:
    """The short names of these persons by id; with `reach`, only of members whom the viewer may find."""
    query = select(Identity.person_id, Identity.short_name).where(Identity.person_id.in_(persons))
    sight = None if reach is None else reach.of_people()
    if sight is not None and sight.among is not None:
        query = query.where(Identity.person_id.in_(sight.among))
    if sight is not None and sight.private is not None:
        query = query.where(Identity.person_id.not_in(sight.private))
    return dict(iter(session.execute(query)))


def room_names(session: Database, numbers: Collection[int]) -> Mapping[int, str]:
    """ "Elm Street, Room 2" for each of these rooms."""
    query = select(Room.id, Room.name, Site.name).outerjoin(Site, Site.id == Room.site_id)
    found = session.execute(query.where(Room.id.in_(numbers)))
    return {number: f"{site}, {name}" if site else name for number, name, site in found}


def without_lead(session: Database, *, reach: Reach, now: datetime) -> tuple[Lacking, ...]:
    """The series of which something to come has nobody who leads it, the nearest first. One statement.

    A mutual-help meeting runs itself.
    """
    led = exists().where(Duty.occurrence_id == Occurrence.id)
    query = (
        select(
            Series.id,
            Series.title,
            KIND,
            func.min(Occurrence.id),
            Series.timezone,
            func.min(Occurrence.local_start),
            func.max(Occurrence.local_start),
            func.count(),
        )
        .join(Series, Series.id == Occurrence.series_id)
        .where(*_to_come(now), Occurrence.booked, Series.kind != Kind.MUTUAL_HELP.value, ~led)
        .where(_mine(reach))
        .group_by(Series.id, Series.title, Series.kind, Series.timezone)
        .order_by(func.min(Occurrence.starts_at), Series.id)
    )
    return tuple(Lacking(*row) for row in rows(session, query))


def left_over(session: Database, *, reach: Reach, now: datetime) -> tuple[Left, ...]:
    """What was stopped by a change of its rule, or could not come back when its closure or holiday was over.

    One statement.
    """
    changed = exists().where(Cause.occurrence_id == Occurrence.id, Cause.type == CauseType.CHANGED.value)
    taken = exists().where(Cause.occurrence_id == Occurrence.id, Cause.type == CauseType.TAKEN.value)
    query = (
        select(Occurrence.id, Series.title, KIND, Occurrence.local_start, Series.timezone, changed)
        .join(Series, Series.id == Occurrence.series_id)
        .where(*_to_come(now), Occurrence.booked.is_(False), or_(changed, taken), _mine(reach))
        .order_by(Occurrence.starts_at, Occurrence.id)
    )
    return tuple(Left(*row) for row in rows(session, query))


def _to_come(now: datetime) -> tuple[ColumnElement[bool], ...]:
    # The bound on the start is what an index serves; nothing is longer than a day.
    return Series.listed.is_(False), and_(Occurrence.starts_at > now - LONGEST, Occurrence.starts_at > now)


def _mine(reach: Reach) -> ColumnElement[bool]:
    within = reach.of_occurrences()
    return true() if within is None else within


def _facts(session: Database, numbers: list[int], reach: Reach) -> Iterator[Fact]:
    for place in range(0, len(numbers), AT_A_TIME):
        some = numbers[place : place + AT_A_TIME]
        duties = _duties(session, some)
        for row in rows(session, _fact_query(some, reach)):
            yield replace(Fact(*row), duties=tuple(duties[row[0]]))


def _fact_query(numbers: Collection[int], reach: Reach) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Occurrence.id,
            Occurrence.series_id,
            Occurrence.room_id,
            Room.site_id,
            Occurrence.starts_at,
            Occurrence.ends_at,
            Occurrence.local_start,
            Series.timezone,
            Occurrence.revision,
            Occurrence.override_reason,
            _mine(reach),
        )
        .join(Series, Series.id == Occurrence.series_id)
        .outerjoin(Room, Room.id == Occurrence.room_id)
        .where(Occurrence.id.in_(numbers))
    )


def _duties(session: Database, numbers: Collection[int]) -> defaultdict[int, list[Led]]:
    query = select(Duty.occurrence_id, Duty.id, Duty.person_id, Duty.revision, Duty.override_reason)
    found: defaultdict[int, list[Led]] = defaultdict(list)
    for occurrence, *duty in rows(session, query.where(Duty.occurrence_id.in_(numbers)).order_by(Duty.id)):
        found[occurrence].append(Led(*duty))
    return found
