"""Reads: what stands behind a person's calendar and not in it, for those who ask why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.calendars.reasons import Background
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.roster.models import Post
from scheduler.domain.schedule.kinds import CauseType
from scheduler.domain.schedule.models import Cause, Occurrence, Series
from scheduler.store.asking import rows


def background_of(session: Database, person_id: int, series_ids: Collection[int], begins: date) -> Background:
    """All of it, of these series, from `begins` on. Four statements."""
    return Background(
        causes_of(session, series_ids, begins),
        relocated(session, series_ids, begins),
        begun(session, person_id),
    )


def causes_of(
    session: Database, series_ids: Collection[int], begins: date
) -> dict[tuple[int, datetime], frozenset[CauseType]]:
    """Why meetings of these series do not take place, by series and original start; from `begins` on."""
    query = (
        select(Occurrence.series_id, Occurrence.original_start, Cause.type)
        .join(Cause, Cause.occurrence_id == Occurrence.id)
        .where(Occurrence.series_id.in_(series_ids))
        .where(Occurrence.original_start >= datetime.combine(begins, time.min))
    )
    found: defaultdict[tuple[int, datetime], set[CauseType]] = defaultdict(set)
    for series_id, original, cause in rows(session, query):
        found[series_id, original].add(CauseType(cause))
    return {key: frozenset(causes) for key, causes in found.items()}


def relocated(session: Database, series_ids: Collection[int], begins: date) -> set[tuple[int, datetime]]:
    """The meetings of these series that a closure put elsewhere, by series and original start."""
    query = (
        select(Occurrence.series_id, Occurrence.original_start)
        .where(Occurrence.series_id.in_(series_ids), Occurrence.closure_id.is_not(None))
        .where(Occurrence.original_start >= datetime.combine(begins, time.min))
    )
    return {(series_id, original) for series_id, original in rows(session, query)}


def begun(session: Database, person_id: int) -> dict[tuple[int, date], date]:
    """Since when a person belongs to what each series continues, without a gap, by the series and the first
    date of that enrollment or post.
    """
    found: dict[tuple[int, date], date] = {}
    for belongs in (Enrollment, Post):
        since: dict[tuple[int, date], date] = {}
        query = (
            select(belongs.series_id, Series.lineage_id, belongs.from_date, belongs.until_date)
            .join(Series, Series.id == belongs.series_id)
            .where(belongs.person_id == person_id)
            .order_by(belongs.from_date)
        )
        for series_id, lineage_id, first, last in rows(session, query):
            whole = lineage_id or series_id
            found[series_id, first] = since.get((whole, first), first)
            if last is not None:
                since[whole, last + timedelta(days=1)] = found[series_id, first]
    return found
