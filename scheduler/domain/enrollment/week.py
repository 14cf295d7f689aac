"""What a member is expected at, as their own pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, case, column, func, select, table
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import expects, passed_on
from scheduler.domain.places.models import Room, Site
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.queries import FURTHEST_OFFSET, KIND, between, within
from scheduler.store.asking import rows

# What was recorded afterwards, and the place of a listed meeting: their packages stand above this one.
_SHEET = table("sheet", *map(column, ("occurrence_id", "not_met_at")))
_LISTED = table("listed_meeting", *map(column, ("series_id", "place", "address", "online_link")))


@dataclass(frozen=True, slots=True)
class Attended:
    """An occurrence that a member is expected at, as their own pages show it.

    Local times are naive and in `timezone`; `local_start` is where it now stands, `original_start` where the
    rule has it. `takes_place` is false where it is cancelled. Names of a room and a site may be empty; a
    listed meeting's place stands as the room. `not_met`: it was recorded that nobody came together. `title`
    is empty where it is not for the member to read.
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
    not_met: bool = False

    @property
    def is_moved(self) -> bool:
        return self.local_start != self.original_start

    @property
    def said(self) -> str:
        """What a member reads of it; may be empty."""
        return self.title or self.discreet_title


def occurrences_of_member(
    session: Database,
    person_id: int,
    begin: datetime,
    end: datetime,
    *,
    planned: ColumnElement[bool] | None = None,
) -> tuple[Attended, ...]:
    """What a member is expected at between two instants, also what is cancelled, by time. One statement.

    With `planned`, a condition on Occurrence, only what a center runs and it allows: what staff may read.
    Without, for the member's own eyes: no title that may name another one (see `passed_on`).
    """
    title = Series.title if planned is not None else case((passed_on(person_id), ""), else_=Series.title)
    condition = (Enrollment.person_id == person_id) & within(Occurrence.starts_at, Occurrence.ends_at)
    if planned is not None:
        condition &= Series.listed.is_(False) & planned
    query = (
        select(
            Occurrence.id,
            Occurrence.series_id,
            KIND,
            title,
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
            _SHEET.c.not_met_at.is_not(None),
        )
        .select_from(Occurrence)
        .join(Enrollment, expects())
        .join(Series, Series.id == Occurrence.series_id)
        .outerjoin(Room, Room.id == Occurrence.room_id)
        .outerjoin(Site, Site.id == Room.site_id)
        .outerjoin(_LISTED, _LISTED.c.series_id == Series.id)
        .outerjoin(_SHEET, _SHEET.c.occurrence_id == Occurrence.id)
        .where(condition)
        .order_by(Occurrence.starts_at, Occurrence.id)
    )
    return tuple(Attended(*row) for row in rows(session, query, between(begin, end)))


def week_of_member(
    session: Database, person_id: int, monday: date, *, planned: ColumnElement[bool] | None = None
) -> tuple[Attended, ...]:
    """The same for the seven local dates from `monday` on, by the clock of each series. One statement."""
    begin = datetime.combine(monday, time.min, UTC)
    end = begin + timedelta(weeks=1)
    found = occurrences_of_member(
        session, person_id, begin - FURTHEST_OFFSET, end + FURTHEST_OFFSET, planned=planned
    )
    return tuple(one for one in found if monday <= one.local_start.date() < end.date())
