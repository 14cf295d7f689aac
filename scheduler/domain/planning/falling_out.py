"""Which dates of a plan fall out before they are made: holidays of its kind, and closed places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.places.models import Room
from scheduler.domain.planning.closing_plan import Does
from scheduler.domain.schedule.dates import Meeting
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Closure, ClosureChoice, Holiday, HolidayKind
from scheduler.domain.schedule.plans import Plan


@dataclass(frozen=True, slots=True)
class FallingOut:
    """Dates that will not take place, and those that will not be in their room, by place in the order."""

    stopped: frozenset[int] = frozenset()
    elsewhere: frozenset[int] = frozenset()


def holidays_of(session: Database, kind: Kind, first: date, last: date) -> frozenset[date]:
    """The days of this span on which a kind does not meet. One statement."""
    query = select(Holiday.day).join(HolidayKind, HolidayKind.holiday_id == Holiday.id)
    found = session.scalars(query.where(HolidayKind.kind == kind.value, Holiday.day.between(first, last)))
    return frozenset(found)


def falling_out(session: Database, plan: Plan, meetings: Sequence[Meeting]) -> FallingOut:
    """What becomes of these dates by what stands already. Two statements, one without a room.

    A kind that nobody was asked about stays in a closed place, as one that goes on at the door.
    """
    if not meetings:
        return FallingOut()
    days = holidays_of(session, plan.kind, meetings[0].local_start.date(), meetings[-1].local_start.date())
    stopped = {place for place, each in enumerate(meetings) if each.local_start.date() in days}
    elsewhere: set[int] = set()
    for starts_at, ends_at, does in _closures(session, plan, meetings) if plan.room_id is not None else ():
        shut = {n for n, each in enumerate(meetings) if each.starts_at < ends_at and each.ends_at > starts_at}
        (stopped if does == Does.STOP.value else elsewhere).update(shut)
    return FallingOut(frozenset(stopped), frozenset(elsewhere))


def _closures(session: Database, plan: Plan, meetings: Sequence[Meeting]) -> Sequence[Any]:
    query = (
        select(Closure.starts_at, Closure.ends_at, ClosureChoice.does)
        .join(
            Room,
            or_(Closure.room_id == Room.id, Closure.room_id.is_(None) & (Closure.site_id == Room.site_id)),
        )
        .join(ClosureChoice, ClosureChoice.closure_id == Closure.id)
        .where(Room.id == plan.room_id, ClosureChoice.kind == plan.kind.value)
        .where(ClosureChoice.does != Does.KEEP.value, Closure.lifted_at.is_(None))
        .where(Closure.starts_at < meetings[-1].ends_at, Closure.ends_at > meetings[0].starts_at)
    )
    return session.execute(query).all()
