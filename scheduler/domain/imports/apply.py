"""Taking a list over: everything or nothing, in a few statements however long it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.imports.judging import Choice, Outcome
from scheduler.domain.imports.left_out import as_kept
from scheduler.domain.imports.models import ImportBatch
from scheduler.domain.imports.people_columns import PEOPLE
from scheduler.domain.imports.review import reviewed
from scheduler.domain.imports.reviewed import AnyJudged, Prepared, Reviewed
from scheduler.domain.imports.series_writing import write_series
from scheduler.domain.imports.stage import hold
from scheduler.domain.imports.writing import write
from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.reach import Reach
from scheduler.errors import Conflict, Refused
from scheduler.store.audit import record
from scheduler.store.base import require_revision
from scheduler.store.locks import lock

NOTHING = "There is nothing to do: nothing is new, and nothing has changed."
CHANGED = "Something was changed meanwhile. Look at the list again."


@dataclass(frozen=True, slots=True)
class Applied:
    """How many were made and changed, and the rows that were left out: likely duplicates, and refused."""

    new: int
    changed: int
    left_out: tuple[AnyJudged, ...]


def apply(
    session: Database,
    *,
    actor: Actor,
    batch_id: int,
    prepared: Prepared,
    seen: Reviewed[Any],
    reach: Reach,
    today: date,
    now: datetime,
) -> Applied:
    """Make and change the persons of a list, with their stays and groups; or make its series.

    ``prepared`` and ``seen`` were made before the transaction began, so that it need not wait for them; what
    the rows mean is looked at again in it. Raises Conflict where the list or who is in it was changed since,
    Refused where it waits no more or nothing is to be done.
    """
    _one_at_a_time(session)
    batch = hold(session, batch_id)
    require_revision(batch, prepared.revision)
    lock(session, rooms=seen.held.rooms, persons=seen.held.persons, series=seen.held.series)
    found: Reviewed[Any] = reviewed(session, prepared, reach=reach, today=today)
    if not found.held.is_within(seen.held):
        raise Conflict(CHANGED)
    done = [row for row in found.rows if row.does is not Outcome.SAME]
    if not done:
        raise Refused(NOTHING)
    if prepared.kind == PEOPLE.name:
        persons = write(session, done, batch_id=batch.id, now=now)
    else:
        persons = write_series(session, done, actor=actor, batch_id=batch.id, now=now)
    left_out = tuple(
        row
        for row in found.rows
        if row.does is Outcome.SAME and row.outcome is not Outcome.SAME and row.choice is not Choice.SAME
    )
    new = sum(row.does is Outcome.NEW for row in done)
    batch.left_out = as_kept(batch.source or b"", left_out)
    batch.source, batch.choices, batch.applied_at = None, {}, now
    counts = {"new": new, "changed": len(done) - new, "left_out": len(left_out)}
    batch.counts = {"rows": len(found.rows), **counts}
    record(
        session,
        at=now,
        actor=actor,
        action="import.applied",
        subject="import",
        subject_id=batch.id,
        persons=persons,
        detail=dict(batch.counts),
    )
    return Applied(new, len(done) - new, left_out)


def _one_at_a_time(session: Database) -> None:
    """Two lists with the same rows wait for each other here: the second finds those of the first."""
    waiting = select(ImportBatch.id).where(ImportBatch.source.is_not(None)).order_by(ImportBatch.id)
    session.execute(waiting.with_for_update()).all()
