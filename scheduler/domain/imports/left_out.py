"""The rows of an applied list that were not taken, and why: kept while the list can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.imports.judging import Choice
from scheduler.domain.imports.models import ImportBatch
from scheduler.domain.imports.reviewed import AnyJudged
from scheduler.domain.imports.table import Row, Table, packed, unpacked
from scheduler.domain.people.roles import Actor
from scheduler.errors import NotFound
from scheduler.store.audit import record

UNDECIDED: Final = "Likely here already. Nobody decided."
TWICE: Final = "Likely the same as another row of this list. Nobody decided."
BY_CHOICE: Final = "It was left out by choice."
ROW, WHY = "Row", "Left out because"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row as it was read, with the name in it and why it was not taken; ``number`` as in spreadsheets."""

    number: int
    name: str
    reasons: str
    cells: tuple[str, ...]


def why(row: AnyJudged) -> str:
    """Why a row was not taken. Pure; it names nobody but who stands in the row."""
    if row.effect.reasons:
        return " ".join(row.effect.reasons)
    if row.choice is Choice.OUT:
        return BY_CHOICE
    return UNDECIDED if row.twin is None else TWICE


def as_kept(source: bytes, rows: Sequence[AnyJudged]) -> bytes | None:
    """These rows of a list as a batch keeps them; none where there are none."""
    if not rows:
        return None
    table = unpacked(source)
    cells = {row.number: row.cells for row in table.rows}
    kept = (Row(row.draft.number, (row.draft.name, why(row), *cells[row.draft.number])) for row in rows)
    return packed(Table(table.headings, tuple(kept)))


def left_out(session: Database, batch_id: int) -> tuple[LeftOut, ...]:
    """The rows of this list that were left out, while they are kept. One statement."""
    return _read(session, batch_id)[1]


def export_left_out(
    session: Database, *, actor: Actor, batch_id: int, now: datetime
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Heading and rows of a file with them, to be mended and brought again; on record as exported.

    Raises NotFound where none are kept.
    """
    headings, rows = _read(session, batch_id)
    if not rows:
        raise NotFound("No rows are kept.")
    detail: dict[str, int | str | bool | None] = {"kind": "csv", "rows": len(rows)}
    record(
        session, at=now, actor=actor, action="export", subject="import", subject_id=batch_id, detail=detail
    )
    # Cells beyond the heading are left behind: the row was refused for them.
    filled = ((str(row.number), *row.cells[: len(headings)], row.reasons) for row in rows)
    return (ROW, *headings, WHY), tuple(filled)


def _read(session: Database, batch_id: int) -> tuple[tuple[str, ...], tuple[LeftOut, ...]]:
    kept = session.scalar(select(ImportBatch.left_out).where(ImportBatch.id == batch_id))
    if kept is None:
        return (), ()
    table = unpacked(kept)
    return table.headings, tuple(_told(row) for row in table.rows)


def _told(row: Row) -> LeftOut:
    name, reasons, *cells = row.cells
    return LeftOut(row.number, name, reasons, tuple(cells))
