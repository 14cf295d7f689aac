"""Taking in a list: what its columns hold, and what is decided of likely duplicates. Nothing is made yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.imports.judging import Choice
from scheduler.domain.imports.kinds import KINDS
from scheduler.domain.imports.mapping import (
    LENIENT,
    Fields,
    ListKind,
    as_stored,
    checked,
    folded,
    guess,
    with_headings,
)
from scheduler.domain.imports.models import ColumnMeaning, ImportBatch
from scheduler.domain.imports.people_columns import PEOPLE
from scheduler.domain.imports.queries import remembered
from scheduler.domain.imports.table import Table, headed_by, packed, unpacked
from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.looking import reason_of
from scheduler.domain.schedule.written_dates import Order
from scheduler.errors import NotFound, Refused
from scheduler.store.audit import record
from scheduler.store.base import require_revision

OVER = "This list was applied, or thrown away. Bring the file again."
GONE = "This list is gone. Bring the file again."
REASON: Final = "reason "
"""Before the number of a row: why it is taken although something stands in its way."""


def stage(session: Database, *, actor: Actor, table: Table, kind: ListKind = PEOPLE, now: datetime) -> int:
    """Keep a list until it is applied, with a guess of what its columns hold; answers its id.

    Raises Refused for one that is too long for what it is of.
    """
    table = with_headings(kind, table)
    if kind.most_rows is not None and len(table.rows) > kind.most_rows:
        raise Refused(f"This list has more than {kind.most_rows:,} rows. Split it.")
    batch = ImportBatch(
        kind=kind.name,
        made_at=now,
        made_by=actor.person_id,
        mapping=as_stored(guess(kind, table, remembered(session, kind))),
        choices={},
        source=packed(table),
        counts={"rows": len(table.rows)},
    )
    session.add(batch)
    session.flush()
    record(session, at=now, actor=actor, action="import.staged", subject="import", subject_id=batch.id)
    return batch.id


def head(session: Database, *, batch_id: int, revision: int, number: int) -> None:
    """Say in which row the headings stand; what the columns hold is guessed anew.

    Raises Conflict for a stale page, Invalid where there is no such row.
    """
    batch = hold(session, batch_id)
    require_revision(batch, revision)
    kind, table = KINDS[batch.kind], headed_by(unpacked(batch.source or b""), number)
    batch.source, batch.choices = packed(table), {}
    batch.mapping = as_stored(guess(kind, table, remembered(session, kind)))
    batch.counts = {"rows": len(table.rows)}


def map_columns(
    session: Database,
    *,
    batch_id: int,
    revision: int,
    fields: Fields,
    order: Order | None = None,
) -> None:
    """Say what each column holds; the next list with such headings is taken alike.

    ``order`` says how its dates are read; without it each column's own dates do.

    What was decided of rows is forgotten. Raises Conflict for a stale page, Invalid as ``mapping.checked``.
    """
    batch = hold(session, batch_id)
    require_revision(batch, revision)
    headings = unpacked(batch.source or b"").headings
    kept = {key: value for key, value in batch.mapping.items() if key == LENIENT}
    kind = KINDS[batch.kind]
    batch.mapping, batch.choices = as_stored(checked(kind, fields, headings), order) | kept, {}
    named = {folded(heading): field for heading, field in zip(headings, fields, strict=True)}
    named.pop("", None)
    mine = (ColumnMeaning.kind == kind.name, ColumnMeaning.heading.in_(named))
    session.execute(delete(ColumnMeaning).where(*mine))
    rows = [{"heading": name, "kind": kind.name, "field": field or ""} for name, field in named.items()]
    if rows:
        session.execute(insert(ColumnMeaning), rows)


def choose(
    session: Database,
    *,
    batch_id: int,
    revision: int,
    choices: Mapping[int, Choice],
    reasons: Mapping[int, str] | None = None,
) -> int:
    """Decide of likely duplicates, by the numbers of their rows; answers the revision of the list after it.

    ``reasons`` say why a row is taken although something stands in its way; an empty one: it is not.
    Raises Conflict for a stale page, Invalid for a reason that is too long.
    """
    batch = hold(session, batch_id)
    require_revision(batch, revision)
    batch.choices = {
        **batch.choices,
        **{str(number): choice.value for number, choice in choices.items()},
        **{f"{REASON}{number}": reason_of(text, field="") for number, text in (reasons or {}).items()},
    }
    return batch.revision


def be_lenient(session: Database, *, batch_id: int, revision: int, on: bool) -> None:
    """Take rows without the cells that cannot be taken, or refuse them. Raises Conflict for a stale page."""
    batch = hold(session, batch_id)
    require_revision(batch, revision)
    others = {key: value for key, value in batch.mapping.items() if key != LENIENT}
    batch.mapping = {**others, LENIENT: "yes"} if on else others


def decline(session: Database, *, batch_id: int) -> None:
    """Forget what is in a list, if it still waits."""
    waits = (ImportBatch.id == batch_id, ImportBatch.source.is_not(None))
    session.execute(update(ImportBatch).where(*waits).values(source=None, revision=ImportBatch.revision + 1))


def leave(session: Database, *, actor: Actor, batch_id: int, now: datetime) -> None:
    """Do nothing with a list, and forget what is in it."""
    batch = hold(session, batch_id)
    batch.source, batch.choices = None, {}
    batch.revision += 1
    record(session, at=now, actor=actor, action="import.left", subject="import", subject_id=batch.id)


def hold(session: Database, batch_id: int) -> ImportBatch:
    """The list that waits, locked and read anew. Raises NotFound, and Refused where it waits no more."""
    query = select(ImportBatch).where(ImportBatch.id == batch_id)
    batch = session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()
    if batch is None:
        raise NotFound(GONE)
    if batch.source is None:
        raise Refused(OVER)
    return batch
