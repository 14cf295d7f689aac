"""What closures that stand do to the sessions in their places, when they are made and ever after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, bindparam, delete, exists, insert, or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.queries import expected_count
from scheduler.domain.people.models import RoleSite
from scheduler.domain.people.roles import Role
from scheduler.domain.places.models import Room
from scheduler.domain.planning.closing_plan import Affected, Choice, Did, Does, Fate, Space, Span, decide
from scheduler.domain.schedule.kinds import CauseType, Counting, Kind
from scheduler.domain.schedule.models import (
    Cause,
    Closure,
    ClosureChoice,
    ClosureEffect,
    Occurrence,
    Series,
)
from scheduler.domain.schedule.queries import between, rooms_taken, within
from scheduler.domain.schedule.service import stop_all, touch
from scheduler.store.base import UtcInstant

_STANDS: Final = Closure.lifted_at.is_(None) & (Closure.ends_at > bindparam("now", type_=UtcInstant()))
ANY_CLOSURE: Final = exists().where(_STANDS)
"""Is there a closure that is neither lifted nor over by ``now``?"""
_STANDING: Final = (
    select(Closure).where(_STANDS).order_by(Closure.id).execution_options(populate_existing=True)
)


def closures_that_stand(session: Database, *, now: datetime) -> Sequence[Closure]:
    """Those that are not lifted and not over, in the order of their making, read anew. One statement."""
    return session.scalars(_STANDING, {"now": now}).all()


def choices_of(session: Database, closure_id: int) -> dict[Kind, Choice]:
    """What a closure does with each kind. One statement."""
    query = select(ClosureChoice).where(ClosureChoice.closure_id == closure_id)
    return {Kind(row.kind): Choice(Does(row.does), row.room_id) for row in session.scalars(query)}


def is_its_room(closure: Closure) -> ColumnElement[bool]:
    """The condition that a Room is shut by this closure."""
    return Room.site_id == closure.site_id if closure.room_id is None else Room.id == closure.room_id


def rooms_shut(session: Database, closure: Closure) -> frozenset[int]:
    """The rooms in the place that it shuts. One statement."""
    return frozenset(session.scalars(select(Room.id).where(is_its_room(closure))))


def spaces_for(session: Database, closure: Closure, choices: Iterable[Choice]) -> tuple[Space, ...]:
    """Where the closure may put sessions: chosen rooms, and all in reach of who made it if the best is asked.

    Two statements at most.
    """
    moving = [choice for choice in choices if choice.moves]
    chosen = {choice.room_id for choice in moving if choice.room_id is not None}
    condition: ColumnElement[bool] = Room.id.in_(chosen)
    if any(choice.room_id is None for choice in moving):
        condition |= _within_reach(session, closure.made_by)
    elif not chosen:
        return ()
    query = select(Room.id, Room.site_id, Room.capacity, Room.shared).where(condition).order_by(Room.id)
    return tuple(Space(*row) for row in session.execute(query))


def befall(
    session: Database, closure: Closure, *, among: Collection[int] | None = None, now: datetime
) -> tuple[Fate, ...]:
    """Do what the closure does to all in its place that it has not done yet, or to those `among` some.

    What has begun by `now` is left. All rooms that it may use are locked.
    """
    rows = {row.id: (row, each) for row, each in _affected(session, closure, among, now)}
    if not rows:
        return ()
    choices = choices_of(session, closure.id)
    affected = [each for _, each in rows.values()]
    spaces = spaces_for(session, closure, choices.values())
    begin, end = min(each.starts_at for each in affected), max(each.ends_at for each in affected)
    exclusive = [space.id for space in spaces if not space.shared]
    taken = rooms_taken(session, exclusive, begin, end)
    fates = decide(affected, choices, spaces, taken=taken, shut=_shut(session, begin, end) if spaces else {})
    _write(session, closure, fates, {number: row for number, (row, _) in rows.items()}, spaces, now)
    return fates


def _within_reach(session: Database, made_by: int | None) -> ColumnElement[bool]:
    """Rooms of the sites to which the coordinator who made it is limited; online rooms are in all reach."""
    query = select(RoleSite.site_id).where(
        RoleSite.person_id == made_by, RoleSite.role == Role.COORDINATOR.value
    )
    sites = session.scalars(query).all() if made_by is not None else ()
    if not sites:
        return Room.id.is_not(None)
    return or_(Room.site_id.is_(None), Room.site_id.in_(sites))


def _affected(
    session: Database, closure: Closure, among: Collection[int] | None, now: datetime
) -> list[tuple[Occurrence, Affected]]:
    query = standing_in(closure, now=now).add_columns(
        Series.kind, Series.counting, Series.capacity, Room.site_id, expected_count()
    )
    if among is not None:
        query = query.where(Occurrence.id.in_(among))
    stopped = exists().where(Cause.occurrence_id == Occurrence.id, Cause.closure_id == closure.id)
    found = session.execute(
        query.where(~stopped).order_by(Occurrence.id).execution_options(populate_existing=True)
    )
    return [(row[0], _value(*row)) for row in found]


def standing_in(closure: Closure, *, now: datetime) -> Select[Occurrence]:
    """The planned occurrences in its place and time that have not begun, taking place or not."""
    return (
        select(Occurrence)
        .join(Series, Series.id == Occurrence.series_id)
        .join(Room, Room.id == Occurrence.room_id)
        .where(
            is_its_room(closure),
            Series.listed.is_(False),
            Occurrence.starts_at > now,
            within(Occurrence.starts_at, Occurrence.ends_at),
        )
        .params(between(closure.starts_at, closure.ends_at))
    )


def _value(
    row: Occurrence, kind: str, counting: str, capacity: int | None, site_id: int | None, expected: int
) -> Affected:
    """Where heads are counted nobody is enrolled: its places are those that it needs."""
    is_counted = Counting(counting) is Counting.HEADS
    return Affected(
        occurrence=row.id,
        kind=Kind(kind),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        room_id=row.room_id or 0,
        site_id=site_id,
        expected=max(expected, capacity or 0) if is_counted else expected,
        booked=row.booked,
    )


def _shut(session: Database, begin: datetime, end: datetime) -> dict[int, list[Span]]:
    """When rooms are closed between two instants, by any closure. One statement."""
    query = (
        select(Room.id, Closure.starts_at, Closure.ends_at)
        .join(
            Closure,
            or_(Closure.room_id == Room.id, Closure.room_id.is_(None) & (Closure.site_id == Room.site_id)),
        )
        .where(Closure.lifted_at.is_(None), Closure.starts_at < end, Closure.ends_at > begin)
    )
    found: dict[int, list[Span]] = defaultdict(list)
    for room, starts, ends in session.execute(query):
        found[room].append(Span(starts, ends))
    return found


def _write(
    session: Database,
    closure: Closure,
    fates: Sequence[Fate],
    rows: Mapping[int, Occurrence],
    spaces: Sequence[Space],
    now: datetime,
) -> None:
    done = [(fate, rows[fate.occurrence]) for fate in fates if fate.did is not Did.KEPT]
    _remember(session, closure, done)
    homes = _homes(session, done)
    shared = {space.id for space in spaces if space.shared}
    for fate, row in done:
        row.revision += 1
        if fate.did is Did.MOVED:
            row.room_id, row.own_room = fate.room_id, fate.room_id != homes[row.series_id]
            row.exclusive, row.override_reason = fate.room_id not in shared, ""
            row.move_reason, row.closure_id = closure.reason, closure.id
            touch(row, now=now)
    stop_all(
        session,
        [row for fate, row in done if fate.did is Did.STOPPED],
        cause=CauseType.CLOSURE,
        reason=closure.reason,
        made_by=closure.made_by,
        closure_id=closure.id,
        now=now,
    )


def _remember(session: Database, closure: Closure, done: Sequence[tuple[Fate, Occurrence]]) -> None:
    """What each was before. What the closure once did to it, and is over, is forgotten."""
    ids = [row.id for _, row in done]
    over = ClosureEffect.occurrence_id.in_(ids) & (ClosureEffect.closure_id == closure.id)
    session.execute(delete(ClosureEffect).where(over))
    if done:
        session.execute(insert(ClosureEffect), [_effect(closure, fate, row) for fate, row in done])


def _effect(closure: Closure, fate: Fate, row: Occurrence) -> dict[str, object]:
    return {
        "closure_id": closure.id,
        "occurrence_id": row.id,
        "did": fate.did.value,
        "was_booked": fate.was_booked,
        "for_want_of_room": fate.is_for_want_of_room,
        "from_room_id": row.room_id,
        "from_own_room": row.own_room,
        "from_exclusive": row.exclusive,
        "from_override_reason": row.override_reason,
        "from_move_reason": row.move_reason,
        "from_closure_id": row.closure_id,
        "to_room_id": fate.room_id,
    }


def _homes(session: Database, done: Sequence[tuple[Fate, Occurrence]]) -> dict[int, int | None]:
    ids = {row.series_id for _, row in done}
    found = session.execute(select(Series.id, Series.room_id).where(Series.id.in_(ids)))
    return {row.id: row.room_id for row in found}
