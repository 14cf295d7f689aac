"""Taking a list over: everything or nothing, in a few statements however long it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.imports.judging import Judged, Outcome
from scheduler.domain.imports.left_out import as_kept
from scheduler.domain.imports.models import ImportBatch, ImportRow
from scheduler.domain.imports.review import Prepared, Reviewed, reviewed
from scheduler.domain.imports.stage import hold
from scheduler.domain.imports.writing import Trace, write
from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.reach import Reach
from scheduler.errors import Conflict, Refused
from scheduler.store.audit import record
from scheduler.store.base import require_revision
from scheduler.store.locks import lock

NOTHING = "There is nothing to do: nobody is new, and nothing has changed."
CHANGED = "Somebody was changed meanwhile. Look at the list again."


@dataclass(frozen=True, slots=True)
class Applied:
    """How many were made and changed, and the rows that were left out: likely duplicates, and refused."""

    new: int
    changed: int
    left_out: tuple[Judged, ...]


def apply(
    session: Database,
    *,
    actor: Actor,
    batch_id: int,
    prepared: Prepared,
    seen: Reviewed,
    reach: Reach,
    today: date,
    now: datetime,
) -> Applied:
    """Make and change the persons of a list, with their stays and groups.

    ``prepared`` and ``seen`` were made before the transaction began, so that it need not wait for them; what
    the rows mean is looked at again in it. Raises Conflict where the list or who is in it was changed since,
    Refused where it waits no more or nothing is to be done.
    """
    _one_at_a_time(session)
    batch = hold(session, batch_id)
    require_revision(batch, prepared.revision)
    lock(session, persons=seen.persons, series=seen.series)
    found = reviewed(session, prepared, reach=reach, today=today)
    if not (found.persons <= seen.persons and found.series <= seen.series):
        raise Conflict(CHANGED)
    done = [row for row in found.rows if row.does is not Outcome.SAME]
    if not done:
        raise Refused(NOTHING)
    traces = write(session, done, now=now)
    _remember(session, batch.id, done, traces)
    left_out = tuple(
        row for row in found.rows if row.does is Outcome.SAME and row.outcome is not Outcome.SAME
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
        persons=[trace.person_id for trace in traces],
        detail=dict(batch.counts),
    )
    return Applied(new, len(done) - new, left_out)


def _one_at_a_time(session: Database) -> None:
    """Two lists with the same people wait for each other here: the second finds those of the first."""
    waiting = select(ImportBatch.id).where(ImportBatch.source.is_not(None)).order_by(ImportBatch.id)
    session.execute(waiting.with_for_update()).all()


def _remember(session: Database, batch_id: int, done: Sequence[Judged], traces: Sequence[Trace]) -> None:
    rows = [
        {
            "batch_id": batch_id,
            "number": row.draft.number,
            "person_id": trace.person_id,
            "outcome": row.does.value,
            "revision_after": trace.revision,
            "before": trace.before,
        }
        for row, trace in zip(done, traces, strict=True)
    ]
    session.execute(insert(ImportRow), rows)
