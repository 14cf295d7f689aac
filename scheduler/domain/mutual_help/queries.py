"""Listed meetings and hosted groups as frozen values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.models import Sheet
from scheduler.domain.attendance.policy import leads
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.mutual_help.comparing import Known
from scheduler.domain.mutual_help.models import ENDED, Conscience, ListedMeeting
from scheduler.domain.mutual_help.policy import is_hosted, serves
from scheduler.domain.people.roles import Actor
from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.models import Occurrence, Series

_TODAY = timedelta(hours=12)
"""A count may be made as early on the day of the meeting as that."""


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


@dataclass(frozen=True, slots=True)
class Settings:
    """What a hosted group decided for itself: whether an attendee who asks may have proof of having been
    there, and whether the center sees its headcount. ``revision`` is 0 as long as it decided nothing.
    """

    proof_of_attendance: bool = False
    share_headcount: bool = True
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """A hosted group as those see it who serve it."""

    series_id: int
    lineage_id: int
    title: str
    timezone: str
    settings: Settings


@dataclass(frozen=True, slots=True)
class Count:
    """One meeting of a group: what was counted, if it was. ``local_start`` is naive, in the group's zone.

    ``mine``: the sheet is this person's to take, who served already then.
    """

    occurrence_id: int
    local_start: datetime
    headcount: int | None
    submitted: bool
    mine: bool
    not_met: bool = False


def groups_of(session: Database, actor: Actor, *, now: datetime) -> tuple[Group, ...]:
    """The hosted groups whose chair or secretary this is today, by title. Two statements.

    Today is each group's own: a term ends at midnight where the group meets, wherever its chair is.
    """
    zones = session.scalars(select(Series.timezone).where(is_hosted()).distinct()).all()
    mine = [(Series.timezone == zone) & serves(actor, on=_today_in(zone, now)) for zone in zones]
    return _groups(session, or_(false(), *mine))


def conscience_of(session: Database, series_id: int) -> Settings | None:
    """What a hosted group decided; none for what is no such group. One statement."""
    found = _groups(session, (Series.id == series_id) & is_hosted())
    return found[0].settings if found else None


def met(session: Database, occurrence_id: int) -> bool:
    """Whether somebody handed in a count of this meeting, whatever it was. One statement."""
    submitted = select(Sheet.id).where(Sheet.occurrence_id == occurrence_id, Sheet.submitted_at.is_not(None))
    return session.scalar(submitted) is not None


def counts_of(
    session: Database, series_id: int, *, actor: Actor, now: datetime, most: int
) -> tuple[Count, ...]:
    """The last meetings of a group that took place, today's included, the latest first. One statement."""
    query = (
        select(
            Occurrence.id,
            Occurrence.local_start,
            Sheet.headcount,
            Sheet.submitted_at.is_not(None),
            leads(actor),
            Sheet.not_met_at.is_not(None),
        )
        .join(Series, Series.id == Occurrence.series_id)
        .outerjoin(Sheet, Sheet.occurrence_id == Occurrence.id)
        .where(Occurrence.series_id == series_id, Occurrence.booked, Occurrence.starts_at < now + _TODAY)
        .order_by(Occurrence.starts_at.desc())
        .limit(most)
    )
    return tuple(Count(*row[:3], *map(bool, row[3:])) for row in session.execute(query))


def _today_in(zone: str, now: datetime) -> date:
    return now.astimezone(zone_named(zone)).date()


def _groups(session: Database, condition: ColumnElement[bool]) -> tuple[Group, ...]:
    lineage = func.coalesce(Series.lineage_id, Series.id)
    query = (
        select(
            Series.id,
            lineage,
            Series.title,
            Series.timezone,
            Conscience.proof_of_attendance,
            Conscience.share_headcount,
            Conscience.revision,
        )
        .outerjoin(Conscience, Conscience.lineage_id == lineage)
        .where(condition)
        .order_by(func.lower(Series.title), Series.id)
    )
    return tuple(
        Group(*row[:4], Settings(row[4], row[5], row[6]) if row[6] else Settings())
        for row in session.execute(query)
    )


def listed_meetings(session: Database, *, on: date, fellowship: str = "") -> tuple[Listed, ...]:
    """All that still meet on that local date or later, of one fellowship or of all. One statement."""
    query = select(*_SHOWN).join(Series, Series.id == ListedMeeting.series_id)
    query = query.where(Series.listed, _still_meets(on), _IN_A_LIST)
    if fellowship:
        query = query.where(ListedMeeting.fellowship == fellowship)
    return tuple(_listed(row) for row in session.execute(query))


def listed_fellowships(session: Database) -> tuple[str, ...]:
    """The codes of the fellowships that have listed meetings. One statement."""
    query = select(ListedMeeting.fellowship).distinct().where(_IN_A_LIST).order_by(ListedMeeting.fellowship)
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


_IN_A_LIST = ListedMeeting.source != ENDED


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
