"""Who came to a session and was not expected, as long as nobody knows who they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.assembly import WalkInLine
from scheduler.domain.attendance.models import Sheet, WalkIn, WalkInName
from scheduler.domain.attendance.policy import may_take
from scheduler.domain.attendance.statuses import Status, Value
from scheduler.domain.people.models import Identity
from scheduler.domain.people.names import search_name
from scheduler.domain.people.roles import Actor
from scheduler.domain.schedule.models import Occurrence, Series

MOST_LISTED: Final = 200
NAMES_STAY: Final = timedelta(days=14)
"""How long the name of somebody whom nobody matched is kept, where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A walk-in with a name that nobody matched yet, and the session; ``local_start`` is naive, in
    ``timezone``."""

    walk_in_id: int
    name: str
    value: Value
    occurrence_id: int
    title: str
    local_start: datetime
    timezone: str


def counts() -> ColumnElement[bool]:
    """Whether a WalkIn is counted by itself: it was not taken off, and nobody's mark says it."""
    return WalkIn.status.is_not(None) & WalkIn.person_id.is_(None)


def walked_in() -> ColumnElement[int]:
    """How many WalkIns of a Sheet are counted by themselves."""
    of_it = select(func.count()).where(WalkIn.sheet_id == Sheet.id, counts())
    return of_it.correlate(Sheet).scalar_subquery()


def value_of_walk_in(row: WalkIn) -> Value:
    """What it says."""
    return Value(Status(row.status) if row.status else None, row.late_minutes, row.left_minutes)


def walk_ins_of(session: Database, occurrence_id: int) -> tuple[WalkInLine, ...]:
    """Those of a sheet in the order in which they came. One statement."""
    query = (
        select(WalkIn, WalkInName.name, Identity.short_name)
        .join(Sheet, Sheet.id == WalkIn.sheet_id)
        .outerjoin(WalkInName, WalkInName.walk_in_id == WalkIn.id)
        .outerjoin(Identity, Identity.person_id == WalkIn.marked_by)
        .where(Sheet.occurrence_id == occurrence_id, counts())
        .order_by(WalkIn.id)
    )
    return tuple(
        WalkInLine(row.id, name, value_of_walk_in(row), row.revision, by, row.marked_at)
        for row, name, by in session.execute(query)
    )


def number_of(session: Database, sheet_id: int) -> int:
    """How many of a sheet are counted. One statement."""
    query = select(func.count()).select_from(WalkIn).where(WalkIn.sheet_id == sheet_id, counts())
    return session.scalar(query) or 0


def unmatched(session: Database, actor: Actor) -> tuple[Unmatched, ...]:
    """Those with a name, on sheets that this actor may take, the latest sessions first. One statement."""
    query = (
        select(WalkIn, WalkInName.name, Occurrence.id, Series.title, Occurrence.local_start, Series.timezone)
        .join(WalkInName, WalkInName.walk_in_id == WalkIn.id)
        .join(Sheet, Sheet.id == WalkIn.sheet_id)
        .join(Occurrence, Occurrence.id == Sheet.occurrence_id)
        .join(Series, Series.id == Occurrence.series_id)
        .where(counts(), may_take(actor))
        .order_by(Occurrence.starts_at.desc(), WalkIn.id)
        .limit(MOST_LISTED)
    )
    return tuple(
        Unmatched(row.id, name, value_of_walk_in(row), number, title, at, zone)
        for row, name, number, title, at, zone in session.execute(query)
    )


def forget_names(session: Database, *, now: datetime, after: timedelta = NAMES_STAY) -> None:
    """Remove the names of whom nobody matched so long after it was written down, from whatever sheet."""
    _forget(session, WalkInName.written_at < now - after)


def forget_called(session: Database, *names: str) -> None:
    """Remove the names that read like one of these: they may be of somebody who is erased."""
    wanted = {search_name(name) for name in names}
    found = session.execute(select(WalkInName.walk_in_id, WalkInName.name))
    theirs = [number for number, name in found if search_name(name) in wanted]
    _forget(session, WalkInName.walk_in_id.in_(theirs))


def _forget(session: Database, which: Any) -> None:
    session.execute(delete(WalkInName).where(which).execution_options(synchronize_session=False))
