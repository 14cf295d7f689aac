"""What was recorded of one member lately, for a person's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.models import Mark, Sheet
from scheduler.domain.attendance.statuses import Value
from scheduler.domain.attendance.writing import value_of
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import expects
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.models import Occurrence, Series


@dataclass(frozen=True, slots=True)
class Recorded:
    """A session that has begun, and what its sheet says of one member (no status: nothing yet).

    `local_start` is naive and in `timezone`, `submitted` whether the sheet is handed in,
    `not_met` whether nobody met.
    """

    occurrence_id: int
    title: str
    kind: Kind
    local_start: datetime
    timezone: str
    value: Value
    submitted: bool
    not_met: bool = False


def recorded_of(
    session: Database,
    person_id: int,
    begin: datetime,
    end: datetime,
    *,
    most: int,
    within: ColumnElement[bool] | None = None,
) -> tuple[Recorded, ...]:
    """What took place with a member between two instants, or expected them, the latest first. One statement.

    Not what is counted without names. `within`: only what is in somebody's reach.
    """
    expected = select(Enrollment.id).where(expects(), Enrollment.person_id == person_id)
    query = (
        select(
            *(Occurrence.id, Series.title, Series.kind, Occurrence.local_start, Series.timezone),
            *(Mark.status, Mark.late_minutes, Mark.left_minutes, Mark.excuse),
            Sheet.submitted_at.is_not(None),
            Sheet.not_met_at.is_not(None),
        )
        .select_from(Occurrence)
        .join(Series, Series.id == Occurrence.series_id)
        .outerjoin(Sheet, Sheet.occurrence_id == Occurrence.id)
        .outerjoin(Mark, (Mark.sheet_id == Sheet.id) & (Mark.person_id == person_id))
        .where(
            Occurrence.booked & Series.listed.is_(False) & (Series.counting != Counting.HEADS.value),
            Occurrence.starts_at >= begin,
            Occurrence.starts_at < end,
            Mark.status.is_not(None) | expected.correlate(Occurrence).exists(),
            true() if within is None else within,
        )
        .order_by(Occurrence.starts_at.desc(), Occurrence.id)
        .limit(most)
    )
    return tuple(
        Recorded(
            row[0], row[1], Kind(row[2]), row[3], row[4], value_of(*row[5:9]), bool(row[9]), bool(row[10])
        )
        for row in session.execute(query)
    )
