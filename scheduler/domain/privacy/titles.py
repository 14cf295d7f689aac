"""Words typed about one person's own sessions and marks, which may name them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, union, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.models import (
    Correction,
    Mark,
    RecordLead,
    SentMark,
    Sheet,
    SheetChange,
    SheetRecord,
)
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.names import ERASED
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.schedule.kinds import OF_ONE_MEMBER
from scheduler.domain.schedule.models import Cause, Occurrence, Series
from scheduler.store.revisions import raise_calendars
from scheduler.store.rising import risen

NEUTRAL: Final = "Session"
"""The title in place of one that may name somebody who was erased."""


@dataclass(frozen=True, slots=True)
class Typed:
    """How many titles of series are about sessions that only this person had, and how many reasons.

    Those of corrections of their marks, and of marks that were kept aside, count among the reasons.
    """

    titles: int
    reasons: int


def typed_about(session: Database, person_id: int) -> Typed:
    """What :func:`empty_titles` would empty."""
    own = own_series(session, person_id)
    occurrences = select(Occurrence.id).where(Occurrence.series_id.in_(own))
    reasons = (
        select(func.count())
        .select_from(Occurrence)
        .where(
            Occurrence.series_id.in_(own),
            or_(Occurrence.move_reason != "", Occurrence.override_reason != ""),
        ),
        select(func.count())
        .select_from(Cause)
        .where(Cause.occurrence_id.in_(occurrences), Cause.reason != ""),
        select(func.count()).select_from(Correction).where(_of_their_marks(person_id)),
        select(func.count()).select_from(SheetChange).where(_of_sheets(occurrences)),
        select(func.count()).select_from(SentMark).where(_settled(person_id, occurrences)),
        select(func.count()).select_from(SheetRecord).where(_of_their_records(person_id)),
    )
    return Typed(len(own), sum(session.scalar(query) or 0 for query in reasons))


def empty_titles(session: Database, person_id: int, *, now: datetime) -> None:
    """Make titles and reasons of sessions that only this person had say nothing, and those of corrections.

    That something was corrected stays: its reason is another word.
    """
    own = own_series(session, person_id)
    for series in session.scalars(select(Series).where(Series.id.in_(own)).order_by(Series.id)):
        series.title, series.discreet_title = NEUTRAL, ""
        series.sequence += 1
        series.revision += 1
        series.changed_at = risen(now, series.changed_at)
    occurrences = select(Occurrence.id).where(Occurrence.series_id.in_(own))
    emptied = (
        update(Occurrence).where(Occurrence.series_id.in_(own)).values(move_reason="", override_reason=""),
        update(Cause).where(Cause.occurrence_id.in_(occurrences)).values(reason=""),
        update(Duty).where(Duty.occurrence_id.in_(occurrences)).values(override_reason=""),
        update(Duty).where(Duty.person_id == person_id).values(override_reason=""),
        update(Correction).where(_of_their_marks(person_id)).values(reason=ERASED),
        update(SheetChange).where(_of_sheets(occurrences)).values(reason=ERASED),
        update(SentMark).where(_settled(person_id, occurrences)).values(reason=ERASED),
        update(SheetRecord).where(_of_their_records(person_id)).values(reason=ERASED),
    )
    for statement in emptied:
        session.execute(statement.execution_options(synchronize_session=False))
    raise_calendars(session, _leading(session, own), now=now)


def own_series(session: Database, person_id: int) -> list[int]:
    """The series about one member that nobody else was ever enrolled or marked in, in order."""
    of_one = (Series.kind.in_(OF_ONE_MEMBER), Series.listed.is_(False))
    mine = union(
        _enrolled().where(Enrollment.person_id == person_id), _marked().where(Mark.person_id == person_id)
    )
    others = exists().where(Enrollment.series_id == Series.id, Enrollment.person_id != person_id)
    marked = _marked().where(Mark.person_id != person_id, Occurrence.series_id == Series.id).correlate(Series)
    query = select(Series.id).where(*of_one, Series.id.in_(mine), ~others, ~marked.exists())
    return list(session.scalars(query.order_by(Series.id)))


def _of_their_marks(person_id: int) -> ColumnElement[bool]:
    marks = select(Mark.id).where(Mark.person_id == person_id)
    return Correction.mark_id.in_(marks)


def _of_sheets(occurrences: Select[int]) -> ColumnElement[bool]:
    sheets = select(Sheet.id).where(Sheet.occurrence_id.in_(occurrences))
    return SheetChange.sheet_id.in_(sheets) & (SheetChange.reason != "")


def _settled(person_id: int, occurrences: Select[int]) -> ColumnElement[bool]:
    theirs = or_(SentMark.person_id == person_id, SentMark.occurrence_id.in_(occurrences))
    return theirs & (SentMark.reason != "")


def _of_their_records(person_id: int) -> ColumnElement[bool]:
    """Reasons of corrections of what they were there for, or led: the same words as those of their marks."""
    led = select(RecordLead.record_id).where(RecordLead.person_id == person_id)
    of_them = SheetRecord.sheet_id.in_(select(Mark.sheet_id).where(Mark.person_id == person_id))
    named = of_them | SheetRecord.id.in_(led)
    return named & (SheetRecord.reason != "")


def _enrolled() -> Select[Any]:
    return select(Enrollment.series_id)


def _marked() -> Select[Any]:
    return (
        select(Occurrence.series_id)
        .join(Sheet, Sheet.occurrence_id == Occurrence.id)
        .join(Mark, Mark.sheet_id == Sheet.id)
    )


def _leading(session: Database, series: list[int]) -> set[int]:
    posts = select(Post.person_id).where(Post.series_id.in_(series))
    duties = (
        select(Duty.person_id)
        .join(Occurrence, Occurrence.id == Duty.occurrence_id)
        .where(Occurrence.series_id.in_(series))
    )
    return set(session.scalars(posts.union(duties)))
