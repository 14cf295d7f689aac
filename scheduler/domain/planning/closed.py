"""Closures and what they did, as pages tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import aliased

from scheduler.domain.people.models import Identity
from scheduler.domain.places.models import Room, Site
from scheduler.domain.planning.closing_plan import Choice, Did
from scheduler.domain.planning.coming_back import Became
from scheduler.domain.planning.shutting import choices_of, standing_in
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Closure, ClosureEffect, Occurrence, Series
from scheduler.domain.schedule.queries import KIND
from scheduler.store.asking import rows


@dataclass(frozen=True, slots=True)
class ClosureView:
    """A closure of a site, or of one room. Local times are naive, in `timezone`; the end is left out."""

    id: int
    site_id: int | None
    room_id: int | None
    site_name: str
    room_name: str
    reason: str
    local_start: datetime
    local_end: datetime
    timezone: str
    starts_at: datetime
    ends_at: datetime
    made_by: str
    made_at: datetime
    lifted_at: datetime | None
    revision: int

    @property
    def place(self) -> str:
        """ "Elm Street", or "Elm Street, room 2"."""
        return ", ".join(name for name in (self.site_name, self.room_name) if name)

    @property
    def is_online(self) -> bool:
        """Of an online room, which has no site."""
        return not self.site_name

    def is_over(self, now: datetime) -> bool:
        return self.lifted_at is not None or self.ends_at <= now

    def is_on(self, now: datetime) -> bool:
        return self.starts_at <= now and not self.is_over(now)


@dataclass(frozen=True, slots=True)
class Touched:
    """One session of those in the place. `to_place` is where it was put, if it was.

    `became`: what came of it when the closure was lifted.
    """

    occurrence_id: int
    series_id: int
    kind: Kind
    title: str
    local_start: datetime
    starts_at: datetime
    ends_at: datetime
    timezone: str
    takes_place: bool
    did: Did
    for_want_of_room: bool
    became: Became | None
    from_place: str
    to_place: str


def closures(session: Database, *, within: ColumnElement[bool] | None = None) -> tuple[ClosureView, ...]:
    """All closures, the latest end first, or those `within` somebody's reach. One statement."""
    query = _closures().order_by(Closure.ends_at.desc(), Closure.id.desc())
    query = query if within is None else query.where(within)
    return tuple(ClosureView(*row) for row in rows(session, query))


def closure_view(session: Database, closure_id: int) -> ClosureView | None:
    """One closure, or none. One statement."""
    return next(
        (ClosureView(*row) for row in rows(session, _closures().where(Closure.id == closure_id))), None
    )


def choices(session: Database, closure_id: int) -> Mapping[Kind, Choice]:
    """What it does with each kind. One statement."""
    return choices_of(session, closure_id)


def touched_by(session: Database, closure_id: int) -> tuple[Touched, ...]:
    """What a closure did, by time; without what did not take place anyway. One statement."""
    from_room, to_room = aliased(Room), aliased(Room)
    from_site, to_site = aliased(Site), aliased(Site)
    query = (
        select(
            *_OCCURRENCE,
            ClosureEffect.did,
            ClosureEffect.for_want_of_room,
            ClosureEffect.became,
            from_site.name,
            from_room.name,
            to_site.name,
            to_room.name,
        )
        .join(Occurrence, Occurrence.id == ClosureEffect.occurrence_id)
        .join(Series, Series.id == Occurrence.series_id)
        .outerjoin(from_room, from_room.id == ClosureEffect.from_room_id)
        .outerjoin(from_site, from_site.id == from_room.site_id)
        .outerjoin(to_room, to_room.id == ClosureEffect.to_room_id)
        .outerjoin(to_site, to_site.id == to_room.site_id)
        .where(ClosureEffect.closure_id == closure_id)
        .where(ClosureEffect.was_booked | (ClosureEffect.became == Became.RESTORED.value))
        .order_by(Occurrence.starts_at, Occurrence.id)
    )
    return tuple(_touched(*row) for row in rows(session, query))


def going_on_in(session: Database, closure_id: int, *, now: datetime) -> tuple[Touched, ...]:
    """What takes place in the closed place all the same: nobody chose otherwise. Two statements."""
    closure = session.get_one(Closure, closure_id)
    query = (
        standing_in(closure, now=now)
        .with_only_columns(*_OCCURRENCE, Room.name)
        .where(Occurrence.booked)
        .order_by(Occurrence.starts_at, Occurrence.id)
    )
    return tuple(
        _touched(*row[:-1], Did.KEPT.value, False, "", None, row[-1], None, None)
        for row in rows(session, query)
    )


_OCCURRENCE: Any = (
    Occurrence.id,
    Occurrence.series_id,
    KIND,
    Series.title,
    Occurrence.local_start,
    Occurrence.starts_at,
    Occurrence.ends_at,
    Series.timezone,
    Occurrence.booked,
)


def _touched(*row: Any) -> Touched:
    did, wanted, became, from_site, from_room, to_site, to_room = row[9:]
    places = (_place(from_site, from_room), _place(to_site, to_room))
    told = (Did(did), wanted, Became(became) if became else None, *places)
    return Touched(*(row[:9] + told))


def _place(site: str | None, room: str | None) -> str:
    return ", ".join(name for name in (site, room) if name)


def _closures() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Closure.id,
            Closure.site_id,
            Closure.room_id,
            func.coalesce(Site.name, ""),
            func.coalesce(Room.name, ""),
            Closure.reason,
            Closure.local_start,
            Closure.local_end,
            Closure.timezone,
            Closure.starts_at,
            Closure.ends_at,
            func.coalesce(Identity.short_name, ""),
            Closure.made_at,
            Closure.lifted_at,
            Closure.revision,
        )
        .outerjoin(Room, Room.id == Closure.room_id)
        .outerjoin(Site, Site.id == func.coalesce(Closure.site_id, Room.site_id))
        .outerjoin(Identity, Identity.person_id == Closure.made_by)
    )
