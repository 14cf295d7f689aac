"""Marks of two records, and what was said beforehand: moved, and where there are both, made one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.models import AbsenceNotice, Mark, MarkChange, Sheet
from scheduler.domain.people.roles import Actor
from scheduler.domain.schedule.models import Occurrence, Series

VALUES = ("status", "late_minutes", "left_minutes", "excuse")


@dataclass(frozen=True, slots=True)
class MarkedTwice:
    """A sheet on which both were marked; ``local_start`` is on the session's own clock."""

    title: str
    local_start: datetime
    kept: str
    dropped: str


def move_marks(
    session: Database, first_id: int, second_id: int, *, actor: Actor, now: datetime
) -> tuple[int, tuple[MarkedTwice, ...]]:
    """Move the second's marks; answers how many, and the sheets on which both were marked.

    There the first's stays, and the second's is taken back as anybody would take it back, so that the sheet
    counts one human once.
    """
    theirs = session.scalars(select(Mark).where(Mark.person_id == second_id).order_by(Mark.id)).all()
    sheets = [mark.sheet_id for mark in theirs]
    own = select(Mark).where(Mark.person_id == first_id, Mark.sheet_id.in_(sheets))
    firsts = {mark.sheet_id: mark for mark in session.scalars(own)}
    twice = _twice(session, firsts, [mark for mark in theirs if mark.sheet_id in firsts])
    for mark in theirs:
        first = firsts.get(mark.sheet_id)
        if first is not None and mark.status is not None:
            if first.status is None:
                _write(session, first, [getattr(mark, name) for name in VALUES], actor, now)
            _write(session, mark, [None] * len(VALUES), actor, now)
    session.flush()
    alone = [mark.id for mark in theirs if mark.sheet_id not in firsts]
    moved = update(Mark).where(Mark.person_id == second_id, Mark.id.in_(alone)).values(person_id=first_id)
    session.execute(moved.execution_options(synchronize_session=False))
    return len(alone), twice


def move_notices(session: Database, first_id: int, second_id: int) -> None:
    """Move what was said of sessions beforehand; where both did, the last word stands."""
    own = select(AbsenceNotice).where(AbsenceNotice.person_id == first_id)
    firsts = {row.occurrence_id: row for row in session.scalars(own)}
    for row in session.scalars(select(AbsenceNotice).where(AbsenceNotice.person_id == second_id)).all():
        other = firsts.get(row.occurrence_id)
        if other is not None:
            older = min(row, other, key=lambda each: each.taken_back_at or each.said_at)
            session.delete(older)
            session.flush()
        if other is None or older is not row:
            row.person_id = first_id
    session.flush()


def _twice(session: Database, firsts: dict[int, Mark], seconds: list[Mark]) -> tuple[MarkedTwice, ...]:
    said = {mark.sheet_id: mark.status for mark in seconds if mark.status and firsts[mark.sheet_id].status}
    query = (
        select(Sheet.id, Series.title, Occurrence.local_start)
        .join(Occurrence, Occurrence.id == Sheet.occurrence_id)
        .join(Series, Series.id == Occurrence.series_id)
        .where(Sheet.id.in_(said))
        .order_by(Occurrence.starts_at, Sheet.id)
    )
    return tuple(
        MarkedTwice(title, at, firsts[sheet].status or "", said[sheet] or "")
        for sheet, title, at in session.execute(query)
    )


def _write(
    session: Database, mark: Mark, values: list[str | int | None], actor: Actor, now: datetime
) -> None:
    for name, value in zip(VALUES, values, strict=True):
        setattr(mark, name, value)
    mark.marked_by, mark.marked_at = actor.person_id, now
    mark.revision += 1
    change = {name: getattr(mark, name) for name in (*VALUES, "revision", "marked_by", "marked_at")}
    session.add(MarkChange(mark_id=mark.id, **change))
