"""Uploaded lists as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.imports.judging import Outcome
from scheduler.domain.imports.mapping import ListKind
from scheduler.domain.imports.models import ColumnMeaning, ImportBatch, ImportedSeries, ImportRow
from scheduler.domain.people.finding import Sight
from scheduler.domain.people.models import Identity
from scheduler.domain.planning.reach import Reach
from scheduler.domain.schedule.models import Series

KEPT: Final = timedelta(days=1)
"""How long a list waits to be applied."""
UNDONE_WITHIN: Final = timedelta(days=7)
"""How long an import can be taken back: so long the old values of those it changed are kept."""
SHOWN: Final = 20


class State(StrEnum):
    """Where a list stands."""

    STAGED = "staged"
    LEFT = "left"
    APPLIED = "applied"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class BatchView:
    """An uploaded list; ``made_by`` is the short name of who uploaded it, empty for the command line."""

    id: int
    kind: str
    state: State
    made_at: datetime
    made_by: str
    applied_at: datetime | None
    mapping: Mapping[str, str]
    choices: Mapping[str, str]
    counts: Mapping[str, int]
    revision: int

    def can_be_undone(self, now: datetime) -> bool:
        """Is there still time to take it back?"""
        if self.state is not State.APPLIED or self.applied_at is None:
            return False
        return now < self.applied_at + UNDONE_WITHIN


@dataclass(frozen=True, slots=True)
class Made:
    """Somebody whom a list made, or a series with its title."""

    id: int
    name: str


def batch(session: Database, batch_id: int, *, reach: Reach) -> BatchView | None:
    """One list, or none; whoever is limited to sites finds their own only. One statement."""
    return next(iter(_batches(session, reach, batch_id=batch_id)), None)


def batches(session: Database, *, kind: ListKind, reach: Reach) -> tuple[BatchView, ...]:
    """The newest lists of one kind. One statement."""
    return _batches(session, reach, kind=kind)


def made_by(session: Database, batch_id: int, *, sight: Sight, most: int) -> tuple[Made, ...]:
    """Those whom an applied list made and the viewer may find, in its order. One statement."""
    query = (
        select(Identity.person_id, Identity.name)
        .join(ImportRow, ImportRow.person_id == Identity.person_id)
        .where(ImportRow.batch_id == batch_id, ImportRow.outcome == Outcome.NEW.value)
        .order_by(ImportRow.number)
        .limit(most)
    )
    if sight.among is not None:
        query = query.where(Identity.person_id.in_(sight.among))
    return tuple(Made(*row) for row in session.execute(query))


def series_made_by(session: Database, batch_id: int, *, reach: Reach, most: int) -> tuple[Made, ...]:
    """The series that an applied list made and that are within reach, in its order. One statement."""
    query = select(Series.id, Series.title).join(ImportedSeries, ImportedSeries.series_id == Series.id)
    query = query.where(ImportedSeries.batch_id == batch_id).order_by(ImportedSeries.number).limit(most)
    if (within := reach.of_series()) is not None:
        query = query.where(within)
    return tuple(Made(*row) for row in session.execute(query))


def remembered(session: Database, kind: ListKind) -> dict[str, str]:
    """What columns were taken for the last time, by folded heading. One statement."""
    query = select(ColumnMeaning.heading, ColumnMeaning.field).where(ColumnMeaning.kind == kind.name)
    return dict(session.execute(query).all())


def _batches(
    session: Database, reach: Reach, *, batch_id: int | None = None, kind: ListKind | None = None
) -> tuple[BatchView, ...]:
    query = (
        select(
            ImportBatch.id,
            ImportBatch.kind,
            ImportBatch.source.is_not(None),
            ImportBatch.undone_at,
            ImportBatch.made_at,
            func.coalesce(Identity.short_name, ""),
            ImportBatch.applied_at,
            ImportBatch.mapping,
            ImportBatch.choices,
            ImportBatch.counts,
            ImportBatch.revision,
        )
        .outerjoin(Identity, Identity.person_id == ImportBatch.made_by)
        .order_by(ImportBatch.id.desc())
        .limit(SHOWN)
    )
    if kind is not None:
        query = query.where(ImportBatch.kind == kind.name)
    if batch_id is not None:
        query = query.where(ImportBatch.id == batch_id)
    if reach.sites is not None:
        query = query.where(ImportBatch.made_by == reach.viewer.person_id)
    return tuple(_view(*row) for row in session.execute(query))


def _view(
    batch_id: int,
    kind: str,
    has_source: bool,  # noqa: FBT001 -- a column
    undone_at: datetime | None,
    *rest: Any,
) -> BatchView:
    applied_at: datetime | None = rest[2]
    state = State.STAGED if has_source else State.LEFT
    if applied_at is not None:
        state = State.UNDONE if undone_at else State.APPLIED
    return BatchView(batch_id, kind, state, *rest)
