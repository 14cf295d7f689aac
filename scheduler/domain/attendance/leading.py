"""What somebody leads, as frozen values."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import aliased

from scheduler.domain.attendance.absences import says_so
from scheduler.domain.attendance.agenda import Led
from scheduler.domain.attendance.models import AbsenceNotice, Mark, Sheet
from scheduler.domain.attendance.queries import PLACE, typed_of
from scheduler.domain.attendance.statuses import IN_THE_ROOM
from scheduler.domain.attendance.walk_ins import walked_in
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import expected_count, expects
from scheduler.domain.people.models import Identity
from scheduler.domain.places.models import Room, Site
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Occurrence, Series


def led_by(session: Database, person_id: int, begin: datetime, end: datetime) -> tuple[Led, ...]:
    """What a person has a duty at that starts between two instants (UTC), by time. One statement.

    Also what was before, where its sheet was opened again since ``begin``.
    """
    holder = aliased(Identity)
    query = (
        select(
            *_LED_COLUMNS,
            holder.short_name.label("holder"),
            holder.person_id.label("holder_id"),
        )
        .select_from(Occurrence)
        .join(Duty, Duty.occurrence_id == Occurrence.id)
        .join(Post, Post.id == Duty.post_id)
        .join(holder, holder.person_id == Post.person_id)
        .join(Series, Series.id == Occurrence.series_id)
        .outerjoin(Room, Room.id == Occurrence.room_id)
        .outerjoin(Site, Site.id == Room.site_id)
        .outerjoin(Sheet, Sheet.occurrence_id == Occurrence.id)
        .where(
            Duty.person_id == person_id,
            or_(Duty.starts_at >= begin, Sheet.reopened_at >= begin),
            Duty.starts_at < end,
        )
        .order_by(Occurrence.starts_at, Occurrence.id)
    )
    return tuple(_led(row, person_id) for row in session.execute(query).mappings())


def _marks(*conditions: ColumnElement[bool]) -> Select[Any]:
    return select(Mark.id).where(Mark.sheet_id == Sheet.id, *conditions).correlate(Sheet)


def _count_of(query: Select[Any]) -> ColumnElement[int]:
    return query.with_only_columns(func.count()).scalar_subquery()


def _unmarked() -> ColumnElement[int]:
    marked = _marks(Mark.status.is_not(None)).correlate(Sheet, Enrollment)
    missing = select(Enrollment.id).where(
        expects(), ~marked.where(Mark.person_id == Enrollment.person_id).exists()
    )
    return _count_of(missing.correlate(Occurrence, Sheet))


def _say_absent() -> ColumnElement[int]:
    """How many of those without a mark say that they can't make it."""
    marked = _marks(Mark.status.is_not(None), Mark.person_id == Enrollment.person_id)
    saying = (
        select(Enrollment.id)
        .join(AbsenceNotice, says_so(Occurrence.id, Enrollment.person_id))
        .where(expects(), ~marked.correlate(Sheet, Enrollment).exists())
    )
    return _count_of(saying.correlate(Occurrence, Sheet))


def _others() -> ColumnElement[str | None]:
    other, name = aliased(Duty), aliased(Identity)
    query = (
        select(func.aggregate_strings(name.short_name, "\n"))
        .join(other, other.person_id == name.person_id)
        .where(other.occurrence_id == Occurrence.id, other.person_id != Duty.person_id)
    )
    return query.correlate(Occurrence, Duty).scalar_subquery()


def _members() -> ColumnElement[str | None]:
    names = (
        select(func.aggregate_strings(Identity.short_name, "\n"))
        .join(Enrollment, Enrollment.person_id == Identity.person_id)
        .where(expects())
        .correlate(Occurrence)
        .scalar_subquery()
    )
    return case((Series.kind == Kind.INDIVIDUAL, names), else_=None)


def _led(row: Any, person_id: int) -> Led:
    found = typed_of(row)
    holder, holder_id = found.pop("holder"), found.pop("holder_id")
    found["covers"] = holder if holder_id != person_id else None
    for names in ("others", "members"):
        found[names] = tuple(sorted(set((found[names] or "").split("\n")) - {""}))
    return Led(**found)


_LED_COLUMNS = (
    Occurrence.id.label("occurrence_id"),
    Series.title,
    Series.kind,
    Series.counting,
    Series.timezone,
    Occurrence.original_start,
    Occurrence.local_start,
    Occurrence.starts_at,
    Occurrence.ends_at,
    Occurrence.booked,
    Duty.position,
    _others().label("others"),
    _members().label("members"),
    *PLACE,
    func.coalesce(Room.join_link, "").label("join_link"),
    expected_count().label("expected"),
    _unmarked().label("unmarked"),
    _say_absent().label("say_absent"),
    (_count_of(_marks(Mark.status.in_(IN_THE_ROOM))) + walked_in()).label("here"),
    Sheet.headcount,
    Sheet.submitted_at,
    Sheet.not_met_at,
    Sheet.reopened_at,
)
