"""Stays, holds and enrollments of two records: moved, and where they overlap made one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.privacy.spans import last_of, overlapping
from scheduler.domain.stays.models import Hold, Stay
from scheduler.domain.stays.reasons import Places
from scheduler.store.base import Base
from scheduler.store.rising import risen


@dataclass(frozen=True, slots=True)
class Joined:
    """How many rows went to the first record, and how many others became part of one that went on."""

    moved: int
    joined: int


AnyRow = TypeVar("AnyRow", Stay, Hold, Enrollment)


@dataclass(frozen=True, slots=True)
class _Span:
    row: Any
    first: date
    last: date | None


def join_stays(session: Database, first_id: int, second_id: int, now: datetime) -> Joined:
    """Move the stays. One that overlaps one of the first's becomes part of it, with what belongs to it."""
    rows = _rows(session, Stay, first_id, second_id)
    spans = [_Span(row, row.admitted_on, row.discharged_on) for row in rows]
    gone: list[Base] = []
    for group in overlapping(spans):
        kept, others = _keeper([span.row for span in group], first_id)
        ending = max(group, key=lambda span: span.last or date.max).row
        kept.admitted_on, kept.discharged_on, kept.reason = group[0].first, last_of(group), ending.reason
        for other in others:
            for name in ("program_id", "site_id", "counselor_id", "kept_by"):
                setattr(kept, name, getattr(kept, name) or getattr(other, name))
            session.flush()
            _hang_on(session, "stay", other.id, kept.id)
            session.delete(other)
        gone += others
        if others or kept.person_id == second_id:
            kept.revision += 1
            kept.changed_at = risen(now, kept.changed_at)
    return _moved(session, rows, first_id, second_id, gone)


def join_holds(session: Database, first_id: int, second_id: int) -> Joined:
    """Move the holds; of two that overlap places are kept where one of them keeps them."""
    rows = _rows(session, Hold, first_id, second_id)
    gone: list[Base] = []
    for group in overlapping([_Span(row, row.from_date, row.until_date) for row in rows]):
        kept, others = _keeper([span.row for span in group], first_id)
        kept.from_date, kept.until_date = group[0].first, last_of(group)
        if Places.KEPT in {span.row.places for span in group}:
            kept.places = Places.KEPT.value
        gone += _let_go(session, kept, others)
    return _moved(session, rows, first_id, second_id, gone)


def join_enrollments(session: Database, first_id: int, second_id: int, now: datetime) -> Joined:
    """Move the enrollments; of two in the same series that overlap one goes on, over the dates of both."""
    rows = _rows(session, Enrollment, first_id, second_id)
    gone: list[Base] = []
    for _series_id, own in groupby(sorted(rows, key=lambda row: row.series_id), lambda row: row.series_id):
        for group in overlapping([_Span(row, row.from_date, row.until_date) for row in own]):
            kept, others = _keeper([span.row for span in group], first_id)
            kept.from_date, kept.until_date = group[0].first, last_of(group)
            kept.sequence += 1
            kept.changed_at = risen(now, kept.changed_at)
            gone += _let_go(session, kept, others)
    return _moved(session, rows, first_id, second_id, gone)


def _rows(session: Database, model: type[AnyRow], first_id: int, second_id: int) -> Sequence[AnyRow]:
    query = select(model).where(model.person_id.in_((first_id, second_id))).order_by(model.id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _keeper(rows: Sequence[AnyRow], first_id: int) -> tuple[AnyRow, list[AnyRow]]:
    """The row that goes on, one of the first's where there is one, and those that become part of it."""
    kept = next((row for row in rows if row.person_id == first_id), rows[0])
    return kept, [row for row in rows if row is not kept]


def _let_go(session: Database, kept: Hold | Enrollment, others: Sequence[AnyRow]) -> Sequence[AnyRow]:
    for other in others:
        session.delete(other)
    kept.revision += 1
    return others


def _moved(
    session: Database, rows: Sequence[AnyRow], first_id: int, second_id: int, gone: Sequence[Base]
) -> Joined:
    theirs = [row for row in rows if row.person_id == second_id and not any(row is each for each in gone)]
    for row in theirs:
        row.person_id = first_id
    session.flush()
    return Joined(len(theirs), len(gone))


def _hang_on(session: Database, name: str, old: int, new: int) -> None:
    """Whatever refers to a row refers to another one from now on."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column.table.name == name for key in column.foreign_keys):
                session.execute(update(table).where(column == old).values({column.name: new}))
