"""Who belongs to what, and what a member is expected at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, column, func, or_, select, table
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.models import Identity
from scheduler.domain.places.models import Room, Site
from scheduler.domain.schedule.conflicts import Booking, Holder
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.queries import KIND, ORIGINAL_DATE, rows, within
from scheduler.store.base import Base

# The place of a listed meeting; its package stands above this one.
_LISTED = table("listed_meeting", *map(column, ("series_id", "place", "address", "online_link")))


def covers(term: type[Base]) -> ColumnElement[bool]:
    """Does a row of `term` (an enrollment; a post likewise) hold the original date of an Occurrence?"""
    columns = term.__table__.c
    return (
        (columns.series_id == Occurrence.series_id)
        & (columns.from_date <= ORIGINAL_DATE)
        & or_(columns.until_date.is_(None), columns.until_date >= ORIGINAL_DATE)
    )


def expected_count() -> ColumnElement[int]:
    """How many members an Occurrence of the enclosing query expects, as a subquery."""
    count = select(func.count()).select_from(Enrollment).where(covers(Enrollment))
    return count.correlate(Occurrence).scalar_subquery()


def members_of(session: Database, occurrences: Collection[int]) -> set[int]:
    """The persons whom at least one of these occurrences expects. One statement."""
    query = select(Enrollment.person_id).join(Occurrence, covers(Enrollment)).distinct()
    return set(session.scalars(query.where(Occurrence.id.in_(occurrences))))


def members_by_occurrence(session: Database, occurrences: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The same for each occurrence. One statement."""
    query = select(Occurrence.id, Enrollment.person_id).join(Enrollment, covers(Enrollment))
    found: dict[int, tuple[int, ...]] = {}
    for occurrence, person in session.execute(query.where(Occurrence.id.in_(occurrences))):
        found[occurrence] = (*found.get(occurrence, ()), person)
    return found


def members_taken(
    session: Database, persons: Collection[int], begin: datetime, end: datetime
) -> list[Booking]:
    """Where these persons are expected as members between two instants. One statement.

    Without listed meetings: planners would otherwise read in a warning where a member goes by themselves.
    """
    if not persons:
        return []
    query = (
        select(Enrollment.person_id, Occurrence.starts_at, Occurrence.ends_at, Occurrence.id)
        .join(Occurrence, covers(Enrollment))
        .join(Series, Series.id == Occurrence.series_id)
        .where(
            Enrollment.person_id.in_(persons),
            Series.listed.is_(False),
            Occurrence.booked,
            within(Occurrence.starts_at, Occurrence.ends_at, begin, end),
        )
    )
    return [Booking(Holder.MEMBER, *row) for row in rows(session, query)]


@dataclass(frozen=True, slots=True)
class EnrollmentView:
    """`until_date` empty: open. Dates are local to the series and included."""

    id: int
    series_id: int
    title: str
    kind: Kind
    person_id: int
    short_name: str
    from_date: date
    until_date: date | None
    revision: int


def enrollments_of_series(session: Database, series_id: int) -> tuple[EnrollmentView, ...]:
    """All who belong, belonged or will belong to a series, by first date and name. One statement."""
    return _views(session, Enrollment.series_id == series_id)


def enrollments_of_person(
    session: Database, person_id: int, *, on: date | None = None
) -> tuple[EnrollmentView, ...]:
    """What a center knows that a person belongs to; with `on`, only what lasts until then. One statement.

    Listed meetings that members put into their own calendars are their own business, and no staff's to read.
    """
    condition = (Enrollment.person_id == person_id) & Series.listed.is_(False)
    if on is not None:
        condition &= or_(Enrollment.until_date.is_(None), Enrollment.until_date >= on)
    return _views(session, condition)


def _views(session: Database, condition: ColumnElement[bool]) -> tuple[EnrollmentView, ...]:
    query = (
        select(
            Enrollment.id,
            Enrollment.series_id,
            Series.title,
            KIND,
            Enrollment.person_id,
            Identity.short_name,
            Enrollment.from_date,
            Enrollment.until_date,
            Enrollment.revision,
        )
        .join(Series, Series.id == Enrollment.series_id)
        .join(Identity, Identity.person_id == Enrollment.person_id)
        .where(condition)
        .order_by(Enrollment.from_date, Identity.search_name, Enrollment.id)
    )
    return tuple(EnrollmentView(*row) for row in rows(session, query))


@dataclass(frozen=True, slots=True)
class Attended:
    """An occurrence that a member is expected at, as their own pages show it.

    Local times are naive and in `timezone`; `local_start` is where it now stands, `original_start` where the
    rule has it. `takes_place` is false where it is cancelled. Names of a room and a site may be empty; a
    listed meeting's place stands as the room.
    """

    occurrence_id: int
    series_id: int
    kind: Kind
    title: str
    discreet_title: str
    original_start: datetime
    local_start: datetime
    starts_at: datetime
    ends_at: datetime
    timezone: str
    takes_place: bool
    room_name: str
    site_name: str
    address: str
    join_link: str

    @property
    def is_moved(self) -> bool:
        return self.local_start != self.original_start


def occurrences_of_member(
    session: Database, person_id: int, begin: datetime, end: datetime
) -> tuple[Attended, ...]:
    """What a member is expected at between two instants, also what is cancelled, by time. One statement."""
    query = (
        select(
            Occurrence.id,
            Occurrence.series_id,
            KIND,
            Series.title,
            Series.discreet_title,
            Occurrence.original_start,
            Occurrence.local_start,
            Occurrence.starts_at,
            Occurrence.ends_at,
            Series.timezone,
            Occurrence.booked,
            func.coalesce(Room.name, _LISTED.c.place, ""),
            func.coalesce(Site.name, ""),
            func.coalesce(Site.address, _LISTED.c.address, ""),
            func.coalesce(Room.join_link, _LISTED.c.online_link, ""),
        )
        .join(Enrollment, covers(Enrollment))
        .join(Series, Series.id == Occurrence.series_id)
        .outerjoin(Room, Room.id == Occurrence.room_id)
        .outerjoin(Site, Site.id == Room.site_id)
        .outerjoin(_LISTED, _LISTED.c.series_id == Series.id)
        .where(
            Enrollment.person_id == person_id, within(Occurrence.starts_at, Occurrence.ends_at, begin, end)
        )
        .order_by(Occurrence.starts_at, Occurrence.id)
    )
    return tuple(Attended(*row) for row in rows(session, query))
