"""Listed meetings as frozen values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.mutual_help.comparing import Known
from scheduler.domain.mutual_help.models import ListedMeeting
from scheduler.domain.schedule.models import Series


@dataclass(frozen=True, slots=True)
class Listed:
    """A listed meeting as anybody may see it. ``weekday`` is 0 for Monday; ``starts`` the wall time in
    ``timezone``.

    ``anchor`` stays the same when the meeting moves to another hour, ``series_id`` may not.
    """

    series_id: int
    anchor: int
    name: str
    fellowship: str
    weekday: int
    starts: time
    minutes: int
    end_assumed: bool
    timezone: str
    types: tuple[str, ...]
    place: str
    address: str
    region: str
    place_notes: str
    notes: str
    online_link: str
    online_phone: str

    def starts_at(self, on: date) -> datetime:
        """Its naive local start on a date."""
        return datetime.combine(on, self.starts)

    def ends_at(self, on: date) -> datetime:
        """Its naive local end; a change of clock in between is not looked at."""
        return self.starts_at(on) + timedelta(minutes=self.minutes)

    @property
    def is_online(self) -> bool:
        return bool(self.online_link or self.online_phone)


def listed_meetings(session: Database, *, on: date, fellowship: str = "") -> tuple[Listed, ...]:
    """All that still meet on that local date or later, of one fellowship or of all. One statement."""
    query = select(*_SHOWN).join(Series, Series.id == ListedMeeting.series_id)
    query = query.where(Series.listed, _still_meets(on))
    if fellowship:
        query = query.where(ListedMeeting.fellowship == fellowship)
    return tuple(_listed(row) for row in session.execute(query))


def listed_fellowships(session: Database) -> tuple[str, ...]:
    """The codes of the fellowships that have listed meetings. One statement."""
    query = select(ListedMeeting.fellowship).distinct().order_by(ListedMeeting.fellowship)
    return tuple(session.scalars(query))


def chosen_meetings(session: Database, *, person_id: int) -> frozenset[int]:
    """The series ids of the listed meetings that stand in a person's calendar. One
    statement.
    """
    query = (
        select(Enrollment.series_id)
        .join(Series, Series.id == Enrollment.series_id)
        .where(Series.listed, Enrollment.person_id == person_id)
        .where(Enrollment.until_date.is_(None))
    )
    return frozenset(session.scalars(query))


def known_meetings(session: Database, *, source: str) -> Mapping[str, Known]:
    """What a source has given so far, by its keys. One statement."""
    query = (
        select(ListedMeeting.source_key, ListedMeeting.series_id, ListedMeeting.row_hash, Series.title)
        .join(Series, Series.id == ListedMeeting.series_id)
        .where(ListedMeeting.source == source)
    )
    rows = session.execute(query)
    return {key: Known(series_id, row_hash, name) for key, series_id, row_hash, name in rows}


def _still_meets(on: date) -> ColumnElement[bool]:
    return or_(Series.ends_on.is_(None), Series.ends_on >= on)


# Single columns: reading whole rows of both tables takes several times as long, and this page is for anybody.
_SHOWN: tuple[Any, ...] = (
    Series.id,
    Series.lineage_id,
    Series.title,
    ListedMeeting.fellowship,
    Series.first_start,
    Series.duration,
    ListedMeeting.end_assumed,
    Series.timezone,
    ListedMeeting.types,
    ListedMeeting.place,
    ListedMeeting.address,
    ListedMeeting.region,
    ListedMeeting.place_notes,
    ListedMeeting.notes,
    ListedMeeting.online_link,
    ListedMeeting.online_phone,
)


def _listed(row: Sequence[Any]) -> Listed:
    series_id, lineage_id, name, fellowship, first_start, minutes, end_assumed, timezone, types, *texts = row
    return Listed(
        series_id,
        lineage_id or series_id,
        name,
        fellowship,
        first_start.weekday(),
        first_start.time(),
        minutes,
        end_assumed,
        timezone,
        tuple(types),
        *texts,
    )
