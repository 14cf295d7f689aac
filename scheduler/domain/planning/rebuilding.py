"""Instants made anew from wall times, after the rules of a zone have changed.

A wall time with its zone is the authority, and stays; what was derived from it under older rules does not.
What has begun stays as it was. Nobody is asked, and it never fails: what collides now is kept, not exclusive.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.roles import Actor
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.booking import shared_among, wanted_of
from scheduler.domain.planning.concerned import hold_all, persons_of
from scheduler.domain.planning.looking import look
from scheduler.domain.planning.shutting import closures_that_stand, rooms_shut
from scheduler.domain.planning.standing import spare_rooms, stand
from scheduler.domain.roster.models import Duty
from scheduler.domain.roster.service import duties_in
from scheduler.domain.schedule.clashes import Clash
from scheduler.domain.schedule.conflicts import Holder
from scheduler.domain.schedule.models import Closure, Occurrence, Series
from scheduler.domain.schedule.service import touch
from scheduler.domain.schedule.wall_time import instant_of
from scheduler.errors import Invalid
from scheduler.store.asking import rows
from scheduler.store.audit import record
from scheduler.store.locks import lock
from scheduler.store.revisions import raise_calendars

Span = tuple[datetime, datetime]
Hold = tuple[Holder, int, int]
"""A room or a facilitator (their id), held by an occurrence."""


@dataclass(frozen=True, slots=True)
class Drift:
    """Occurrences of a series whose instants are not what their wall times say any more: how many, and the
    local dates of the first and the last.
    """

    series_id: int
    timezone: str
    occurrences: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was set right in some series; `loosened` are the holds that are exclusive no more, as it looked
    while other series had yet to follow.
    """

    drifts: tuple[Drift, ...]
    loosened: frozenset[Hold]


@dataclass(frozen=True, slots=True)
class Retimed:
    """A closure that was set right; `edges` are the spans in UTC that it takes in now, or no more."""

    closure_id: int
    edges: tuple[Span, ...]


def drifted(session: Database, *, now: datetime) -> tuple[Drift, ...]:
    """The series of which something to come stands at another instant than its wall time says. One statement.

    Listed meetings too. A series whose zone cannot be read is left out.
    """
    query = (
        select(Series.id, Series.timezone, Occurrence.local_start, Occurrence.starts_at)
        .join(Occurrence, Occurrence.series_id == Series.id)
        .where(Occurrence.starts_at > now)
        .order_by(Series.id, Occurrence.local_start)
    )
    return tuple(
        _drifts(
            (series_id, zone, local_start.date())
            for series_id, zone, local_start, starts_at in rows(session, query)
            if _has_drifted(local_start, starts_at, zone)
        )
    )


def drifted_closures(session: Database, *, now: datetime) -> tuple[int, ...]:
    """The closures that stand and are not where their wall times say. One statement."""
    return tuple(each.id for each in closures_that_stand(session, now=now) if _edges(each, now))


def rebuild_closures(session: Database, *, actor: Actor, now: datetime) -> tuple[Retimed, ...]:
    """Give the closures that stand their instants anew; one that has begun keeps its beginning.

    Before any occurrence, so that what moves along with a closure stays in it. What else is at its edges is
    for :func:`stand_at_edges`, afterwards.
    """
    standing = closures_that_stand(session, now=now)
    shut = frozenset[int]().union(*(rooms_shut(session, each) for each in standing))
    lock(session, rooms=shut | spare_rooms(session, now=now))
    retimed = []
    for closure in closures_that_stand(session, now=now):
        edges = _edges(closure, now)
        if edges:
            closure.starts_at, closure.ends_at = _span_of(closure, now)
            closure.revision += 1  # a form that shows the old span is stale
            retimed.append(Retimed(closure.id, edges))
    if retimed:
        _note(session, actor, "closure", now, closures=len(retimed))
    return tuple(retimed)


def rebuild_series(session: Database, *, actor: Actor, series: Collection[int], now: datetime) -> Rebuilt:
    """Give what is to come of these series its instants anew; duties follow, identities never change.

    Calendars of everybody concerned are raised once. Raises Conflict where somebody changes one of the series
    at this moment.
    """
    hold_all(session, series, rooms=spare_rooms(session, now=now))
    moved = _drifted_rows(session, series, now)
    for row, zone in moved:
        length = row.ends_at - row.starts_at
        row.starts_at = instant_of(row.local_start, zone_named(zone))
        row.ends_at = row.starts_at + length
        row.revision += 1
        touch(row, now=now)
    session.flush()
    numbers = [row.id for row, _ in moved]
    stood = stand(session, numbers, now=now)
    loosened, _ = _loosen(session, [row for row, _ in moved])
    raise_calendars(session, persons_of(session, {*numbers, *stood.concerned}), now=now)
    drifts = tuple(_drifts((row.series_id, zone, row.local_start.date()) for row, zone in moved))
    if drifts:
        _note(session, actor, "series", now, series=len(drifts), occurrences=len(moved))
    return Rebuilt(drifts, loosened)


def stand_at_edges(session: Database, *, retimed: Sequence[Retimed], now: datetime) -> None:
    """Stop or bring back what did not move itself, and is now in a closure that did, or not any more.

    Raises Conflict as :func:`rebuild_series`.
    """
    edges = [edge for each in retimed for edge in each.edges]
    overlaps = [(Occurrence.starts_at < end) & (Occurrence.ends_at > begin) for begin, end in edges]
    query = select(Occurrence.id, Occurrence.series_id).where(Occurrence.starts_at > now, or_(*overlaps))
    found = list(rows(session, query)) if overlaps else []
    hold_all(session, {series for _, series in found}, rooms=spare_rooms(session, now=now))
    stood = stand(session, [number for number, _ in found], now=now)
    session.flush()
    raise_calendars(session, persons_of(session, stood.concerned), now=now)


def settle(session: Database, *, loosened: Collection[Hold], now: datetime) -> tuple[Clash, ...]:
    """Look again at what collided when only some had their new instants; answers what still does.

    What does not is exclusive again, as it was before. Raises Conflict as :func:`rebuild_series`.
    """
    numbers = {number for _, _, number in loosened}
    hold_all(session, set(session.scalars(select(Occurrence.series_id).where(Occurrence.id.in_(numbers)))))
    query = select(Occurrence).where(Occurrence.id.in_(numbers), Occurrence.starts_at > now)
    standing = session.scalars(query.execution_options(populate_existing=True)).all()
    _hold(session, standing, loosened, exclusive=True)
    return _loosen(session, standing)[1]


def _has_drifted(local_start: datetime, starts_at: datetime, timezone: str) -> bool:
    try:
        return instant_of(local_start, zone_named(timezone)) != starts_at
    except Invalid:
        return False


def _drifted_rows(session: Database, series: Collection[int], now: datetime) -> list[tuple[Occurrence, str]]:
    """With the names of their zones, by series and time, read anew under the lock."""
    query = (
        select(Occurrence, Series.timezone)
        .join(Series, Series.id == Occurrence.series_id)
        .where(Occurrence.series_id.in_(series), Occurrence.starts_at > now)
        .order_by(Series.id, Occurrence.local_start)
        .execution_options(populate_existing=True)
    )
    return [
        (row, zone)
        for row, zone in session.execute(query)
        if _has_drifted(row.local_start, row.starts_at, zone)
    ]


def _drifts(found: Iterable[tuple[int, str, date]]) -> Iterator[Drift]:
    """From series, zone and day, in order of the days of each series."""
    days: defaultdict[tuple[int, str], list[date]] = defaultdict(list)
    for series_id, zone, day in found:
        days[series_id, zone].append(day)
    return (Drift(*series, len(among), among[0], among[-1]) for series, among in days.items())


def _span_of(closure: Closure, now: datetime) -> Span:
    """Where its wall times say it is; what is past of it stays."""
    zone = zone_named(closure.timezone)
    starts_at = closure.starts_at if closure.starts_at <= now else instant_of(closure.local_start, zone)
    return starts_at, instant_of(closure.local_end, zone)


def _edges(closure: Closure, now: datetime) -> tuple[Span, ...]:
    """Between where its instants are and where they should be."""
    pairs = zip((closure.starts_at, closure.ends_at), _span_of(closure, now), strict=True)
    return tuple((min(pair), max(pair)) for pair in pairs if pair[0] != pair[1])


def _loosen(session: Database, standing: Sequence[Occurrence]) -> tuple[frozenset[Hold], tuple[Clash, ...]]:
    """Where two hold the same alone, these give way: exclusive no more, and without a reason, so that it is
    told apart from what a coordinator overrode. Answers the holds, and what they collide with.
    """
    booked = [row for row in standing if row.booked]
    duties: dict[int, list[Duty]] = {row.id: [] for row in booked}
    for duty in duties_in(session, duties):
        duties[duty.occurrence_id].append(duty)
    shared = shared_among(session, {row.room_id for row in booked})
    found = look(session, [wanted_of(row, shared, duties, {}) for row in booked]).refused
    alone = _held_alone(session, {n for clash in found for n in (clash.wanted, clash.occurrence_id or 0)})
    told, loosened = [], set()
    for clash in found:
        mine, theirs = ((clash.holder, clash.held, n) for n in (clash.wanted, clash.occurrence_id or 0))
        if mine in alone and theirs in alone:
            alone.discard(mine)
            loosened.add(mine)
            told.append(clash)
    _hold(session, booked, loosened, exclusive=False)
    return frozenset(loosened), tuple(told)


def _held_alone(session: Database, occurrences: Collection[int]) -> set[Hold]:
    """What these occurrences hold exclusively. Two statements."""
    rooms = select(Occurrence.room_id, Occurrence.id).where(Occurrence.exclusive)
    leads = select(Duty.person_id, Duty.occurrence_id).where(Duty.exclusive)
    in_rooms = rows(session, rooms.where(Occurrence.id.in_(occurrences)))
    led = rows(session, leads.where(Duty.occurrence_id.in_(occurrences)))
    return {(Holder.ROOM, *pair) for pair in in_rooms} | {(Holder.FACILITATOR, *pair) for pair in led}


def _hold(
    session: Database, standing: Iterable[Occurrence], holds: Collection[Hold], *, exclusive: bool
) -> None:
    numbers = [row.id for row in standing]
    for row in standing:
        if (Holder.ROOM, row.room_id, row.id) in holds:
            row.exclusive = exclusive
    for duty in duties_in(session, numbers):
        if (Holder.FACILITATOR, duty.person_id, duty.occurrence_id) in holds:
            duty.exclusive = exclusive
    session.flush()


def _note(session: Database, actor: Actor, subject: str, now: datetime, **detail: int) -> None:
    record(session, at=now, actor=actor, action="schedule.rebuilt", subject=subject, detail=detail)
