"""The plan as coordinators read it: a week, one occurrence, the occurrences of a series."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol, TypeVar

from sqlalchemy import ColumnElement, Date, case, column, false, func, literal, or_, select, table
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import aliased

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import expected_count
from scheduler.domain.people.models import Identity
from scheduler.domain.places.models import Room, Site
from scheduler.domain.places.queries import RoomView
from scheduler.domain.planning.offering import rooms_closed
from scheduler.domain.planning.planned import Belonging, Leading, Planned, Stopped, ToCome
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.roster.positions import Position
from scheduler.domain.schedule.kinds import CauseType
from scheduler.domain.schedule.models import Cause, Occurrence, Series
from scheduler.domain.schedule.queries import COUNTING, FURTHEST_OFFSET, KIND, rooms_taken
from scheduler.domain.stays.queries import on_hold
from scheduler.store.asking import rows

# What was recorded afterwards stands in a table of a later package: only its name is used.
SHEET = table("sheet", *map(column, ("occurrence_id", "not_met_at", "not_met_reason")))


def planned_between(
    session: Database, first: date, days: int = 7, *, within: ColumnElement[bool] | None = None
) -> tuple[Planned, ...]:
    """What stands on the local dates from `first` on, in order of time, listed meetings left out.

    Cancelled ones are in it; `within`: only those in somebody's reach. Three statements.
    """
    begin = datetime.combine(first, time.min)
    end = begin + timedelta(days=days)
    on_the_wall = (Occurrence.local_start >= begin) & (Occurrence.local_start < end)
    # The dates are local to each series, and the index is on the instant.
    earliest, latest = begin.replace(tzinfo=UTC) - FURTHEST_OFFSET, end.replace(tzinfo=UTC) + FURTHEST_OFFSET
    condition = on_the_wall & Occurrence.starts_at.between(earliest, latest)
    return _planned(session, condition if within is None else condition & within)


def planned_occurrence(session: Database, occurrence_id: int) -> Planned | None:
    """One occurrence, or none for what is not planned here. Three statements."""
    return next(iter(_planned(session, Occurrence.id == occurrence_id)), None)


def planned_among(
    session: Database, occurrences: Collection[int], *, within: ColumnElement[bool] | None = None
) -> tuple[Planned, ...]:
    """Those of the occurrences that are planned and in somebody's reach, by time. Three statements."""
    condition = Occurrence.id.in_(occurrences)
    return _planned(session, condition if within is None else condition & within)


def to_come(session: Database, series_id: int, *, now: datetime, most: int) -> tuple[Planned, ...]:
    """The next occurrences of a series, what takes place now included, by time. Three statements."""
    condition = (Occurrence.series_id == series_id) & (Occurrence.ends_at > now)
    return _planned(session, condition, most=most)


def days_to_come(session: Database, series: Collection[int], *, now: datetime) -> frozenset[date]:
    """The local dates on which these series meet yet, cancelled ones left out. One statement."""
    query = select(Occurrence.local_start).where(
        Occurrence.series_id.in_(series), Occurrence.booked, Occurrence.starts_at > now
    )
    return frozenset(start.date() for start in session.scalars(query))


def still_to_come(session: Database, planned: Planned, *, now: datetime) -> ToCome:
    """How many of its series are still to come, cancelled ones too. One statement."""
    following = case((Occurrence.original_start >= planned.original_start, 1))
    query = select(func.count(following), func.count()).where(
        Occurrence.series_id == planned.series_id, Occurrence.starts_at > now
    )
    return ToCome(*session.execute(query).one())


def gone_by(session: Database, series_id: int, *, now: datetime, most: int) -> tuple[Planned, ...]:
    """Its last ones, the latest first. Three statements."""
    condition = (Occurrence.series_id == series_id) & (Occurrence.ends_at <= now)
    return _planned(session, condition, most=most, latest_first=True)


def free_rooms(
    session: Database, rooms: Iterable[RoomView], begin: datetime, end: datetime, *, beside: int
) -> tuple[RoomView, ...]:
    """Those of the rooms that are open and free between two instants, but for what `beside` (its id) takes.

    Two statements.
    """
    offered = tuple(rooms)
    own = [room.id for room in offered if not room.shared]
    taken = {one.held for one in rooms_taken(session, own, begin, end) if one.occurrence != beside}
    closed = {one.held for one in rooms_closed(session, begin, end)}
    return tuple(room for room in offered if room.id not in taken | closed)


def belonging(session: Database, *, on: date) -> Mapping[int, Belonging]:
    """How many places are taken in each planned series on a date, and who leads it then; of one that begins
    later, on its first date. Two statements.

    A member on a hold that frees their places takes none.
    """
    first = func.date(Series.first_start, type_=Date)
    day: ColumnElement[date] = case((first > on, first), else_=literal(on, Date))
    members = (
        select(Enrollment.series_id, func.count())
        .join(Series, Series.id == Enrollment.series_id)
        .where(_holds(Enrollment, day), ~on_hold(Enrollment.person_id, day, freed=True))
        .group_by(Enrollment.series_id)
    )
    leads = (
        select(Post.series_id, Identity.short_name)
        .join(Identity, Identity.person_id == Post.person_id)
        .join(Series, Series.id == Post.series_id)
        .where(_holds(Post, day))
        .order_by(Post.position != Position.LEAD, Post.id)
    )
    found = {series: Belonging(number) for series, number in session.execute(members)}
    for series, name in session.execute(leads):
        one = found.get(series, Belonging())
        found[series] = replace(one, leads=(*one.leads, name))
    return found


def _holds(term: type[Enrollment | Post], on: ColumnElement[date]) -> ColumnElement[bool]:
    return (term.from_date <= on) & or_(term.until_date.is_(None), term.until_date >= on)


def _planned(
    session: Database, condition: ColumnElement[bool], *, most: int | None = None, latest_first: bool = False
) -> tuple[Planned, ...]:
    order = Occurrence.starts_at.desc() if latest_first else Occurrence.starts_at
    query = (
        select(
            Occurrence.id,
            Occurrence.series_id,
            Occurrence.revision,
            KIND,
            COUNTING,
            Series.title,
            Series.capacity,
            Occurrence.original_start,
            Occurrence.local_start,
            Occurrence.starts_at,
            Occurrence.ends_at,
            Series.timezone,
            Occurrence.room_id,
            Series.room_id,
            func.coalesce(Room.name, ""),
            func.coalesce(Site.name, ""),
            func.coalesce(Room.shared, false()),
            Occurrence.booked,
            Occurrence.override_reason,
            Occurrence.move_reason,
            expected_count(),
            SHEET.c.not_met_at.is_not(None),
            func.coalesce(SHEET.c.not_met_reason, ""),
            Series.unplanned_at.is_not(None),
        )
        .join(Series, Series.id == Occurrence.series_id)
        .outerjoin(Room, Room.id == Occurrence.room_id)
        .outerjoin(Site, Site.id == Room.site_id)
        .outerjoin(SHEET, SHEET.c.occurrence_id == Occurrence.id)
        .where(Series.listed.is_(False), condition)
        .order_by(order, Occurrence.id)
        .limit(most)
    )
    found = [Planned(*row) for row in rows(session, query)]
    ids = [each.id for each in found]
    leading, causes = _leading(session, ids), _causes(session, ids)
    return tuple(
        replace(each, leading=leading.get(each.id, ()), causes=causes.get(each.id, ())) for each in found
    )


def _leading(session: Database, occurrences: Collection[int]) -> dict[int, tuple[Leading, ...]]:
    usual = aliased(Identity)
    query = (
        select(
            Duty.id,
            Duty.occurrence_id,
            Duty.person_id,
            Identity.short_name,
            Duty.position,
            func.coalesce(usual.short_name, ""),
            Duty.override_reason,
            Duty.revision,
        )
        .join(Identity, Identity.person_id == Duty.person_id)
        .join(Post, Post.id == Duty.post_id)
        .outerjoin(usual, (usual.person_id == Post.person_id) & (Post.person_id != Duty.person_id))
        .where(Duty.occurrence_id.in_(occurrences))
        .order_by(Duty.position != Position.LEAD, Duty.id)
    )
    return _grouped(Leading(*row) for row in rows(session, query))


def _causes(session: Database, occurrences: Collection[int]) -> dict[int, tuple[Stopped, ...]]:
    query = (
        select(
            Cause.occurrence_id,
            Cause.type,
            Cause.reason,
            func.coalesce(Identity.short_name, ""),
            Cause.made_at,
            Cause.closure_id,
        )
        .outerjoin(Identity, Identity.person_id == Cause.made_by)
        .where(Cause.occurrence_id.in_(occurrences))
        .order_by(Cause.id)
    )
    return _grouped(Stopped(row[0], CauseType(row[1]), *row[2:]) for row in rows(session, query))


class _Part(Protocol):
    @property
    def occurrence_id(self) -> int: ...


Part = TypeVar("Part", bound=_Part)


def _grouped(parts: Iterable[Part]) -> dict[int, tuple[Part, ...]]:
    groups: dict[int, tuple[Part, ...]] = {}
    for part in parts:
        groups[part.occurrence_id] = (*groups.get(part.occurrence_id, ()), part)
    return groups
