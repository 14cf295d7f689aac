"""Occurrences are made 26 weeks ahead; this makes the next ones. It never fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.roles import Actor
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.concerned import persons_of
from scheduler.domain.planning.filling import fill
from scheduler.domain.planning.standing import spare_rooms
from scheduler.domain.roster.models import Post
from scheduler.domain.schedule.clashes import Clash
from scheduler.domain.schedule.dates import HORIZON, horizon_of
from scheduler.domain.schedule.models import Series
from scheduler.errors import Invalid
from scheduler.store.audit import record
from scheduler.store.locks import lock
from scheduler.store.revisions import raise_calendars


@dataclass(frozen=True, slots=True)
class Extended:
    """How many series and occurrences; `clashes` are in the plan now, not exclusive, and to be solved.

    `broken` are series that could not be read, and were left out. `more`: another call makes more.
    """

    series: int
    occurrences: int
    clashes: tuple[Clash, ...]
    more: bool
    broken: tuple[int, ...] = ()


def extend_horizon(session: Database, *, actor: Actor, now: datetime, most: int = 50) -> Extended:
    """Make the occurrences up to 26 weeks from `now` for at most so many series, listed meetings too.

    What collides is made all the same: not exclusive, and without a reason, so that it can be told apart from
    what a coordinator overrode. A series that somebody else changes at this moment waits for the next call.
    A calendar follows the rule after the last meeting made, so that more change nothing in it: only those are
    raised that have a session which does not meet, or meets elsewhere, by what stands already.
    """
    held = _due(session, now, most)
    rooms, persons = _held(session, held)
    lock(session, rooms=rooms | spare_rooms(session, now=now), persons=persons, series=held)
    made: list[int] = []
    clashes: list[Clash] = []
    broken: list[int] = []
    concerned: set[int] = set()
    for series in _unchanged(session, held, rooms, persons):
        try:
            until = horizon_of(now, zone_named(series.timezone))
            filled = fill(session, series=series, until=until, now=now, lenient=True)
        except Invalid:
            broken.append(series.id)
            continue
        made += filled.occurrences
        clashes += filled.found.refused
        concerned |= filled.stood.concerned
    session.flush()
    raise_calendars(session, persons_of(session, concerned), now=now)
    if made:
        record(
            session,
            at=now,
            actor=actor,
            action="horizon.extended",
            subject="series",
            detail={"series": len(held), "occurrences": len(made), "clashes": len(clashes)},
        )
    more = bool(made) and bool(_due(session, now, 1))
    return Extended(len(held), len(made), tuple(clashes), more=more, broken=tuple(broken))


def _due(session: Database, now: datetime, most: int) -> list[int]:
    """Series that want more, those that are shortest first. No zone is a day or more from UTC."""
    until = (now + HORIZON - timedelta(days=1)).date()
    query = select(Series.id).where(or_(Series.made_until.is_(None), Series.made_until < until))
    return list(session.scalars(query.order_by(Series.made_until, Series.id).limit(most)))


def _held(session: Database, series: Sequence[int]) -> tuple[set[int], set[int]]:
    """The rooms and the persons that new occurrences of these series would hold."""
    rooms = session.scalars(select(Series.room_id).where(Series.id.in_(series)))
    persons = session.scalars(select(Post.person_id).where(Post.series_id.in_(series)))
    return {room for room in rooms if room is not None}, set(persons)


def _unchanged(session: Database, series: Sequence[int], rooms: set[int], persons: set[int]) -> list[Series]:
    """The series, read anew under the lock, without those that want now what is not locked."""
    query = select(Series).where(Series.id.in_(series)).order_by(Series.id)
    rows = session.scalars(query.execution_options(populate_existing=True)).all()
    return [
        row
        for row in rows
        if (row.room_id is None or row.room_id in rooms) and _held(session, [row.id])[1] <= persons
    ]
