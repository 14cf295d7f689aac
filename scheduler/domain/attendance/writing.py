"""Marks as rows: read under the lock of their sheet, and written with what each of them was."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.merging import Saved
from scheduler.domain.attendance.models import Correction, Mark, MarkChange
from scheduler.domain.attendance.statuses import Excuse, Status, Value
from scheduler.store.asking import executed, rows


@dataclass(frozen=True, slots=True)
class Standing:
    """The marks of some persons on one sheet: how each stands, and its row."""

    saved: dict[int, Saved]
    ids: dict[int, int]


@dataclass(frozen=True, slots=True)
class Write:
    """What a mark becomes, and the revision that it has then."""

    person_id: int
    value: Value
    revision: int


_STANDING: Final = select(
    Mark.person_id,
    Mark.id,
    *(Mark.status, Mark.late_minutes, Mark.left_minutes, Mark.excuse),
    *(Mark.revision, Mark.marked_by, Mark.marked_at),
).where(
    Mark.sheet_id == bindparam("sheet"),
    Mark.person_id.in_(bindparam("persons", expanding=True)),
)
_ADDED: Final = insert(Mark).returning(Mark.person_id, Mark.id)
_KEPT: Final = insert(MarkChange)
_CORRECTED: Final = insert(Correction)
_CHANGED: Final = update(Mark.__table__).where(Mark.__table__.c.id == bindparam("mark"))  # type: ignore[arg-type]


@lru_cache(maxsize=2000)
def value_of(
    status: str | None, late_minutes: int | None, left_minutes: int | None, excuse: str | None
) -> Value:
    """A mark's columns as what it says: a few things, said of very many."""
    why = Excuse(excuse) if excuse else None
    return Value(Status(status) if status else None, late_minutes, left_minutes, why)


def columns_of(value: Value) -> dict[str, Any]:
    """What a mark says as its columns: plain texts, which drivers take without looking what they are."""
    return {
        "status": value.status and str(value.status),
        "late_minutes": value.late_minutes,
        "left_minutes": value.left_minutes,
        "excuse": value.excuse and str(value.excuse),
    }


def standing(session: Database, sheet_id: int | None, persons: Collection[int]) -> Standing:
    """How the marks of these persons stand. One statement, none for a sheet that is not kept yet."""
    found = Standing({}, {})
    if sheet_id is None:
        return found
    for row in rows(session, _STANDING, {"sheet": sheet_id, "persons": list(persons)}):
        found.saved[row[0]] = Saved(value_of(*row[2:6]), *row[6:9])
        found.ids[row[0]] = row[1]
    return found


def write(
    session: Database,
    sheet_id: int,
    ids: dict[int, int],
    writes: Sequence[Write],
    *,
    by: int | None,
    now: datetime,
    reason: str = "",
) -> None:
    """Make the marks say this, one after the other, and keep what each became. At most four statements.

    ``ids`` are the rows that are there; those that are added come to them. A ``reason`` makes corrections.
    """
    if not writes:
        return
    marked = {"marked_by": by, "marked_at": now}
    last = {each.person_id: each for each in writes}
    states = [
        {"person_id": each.person_id, **columns_of(each.value), **marked, "revision": each.revision}
        for each in last.values()
    ]
    if added := [{"sheet_id": sheet_id, **state} for state in states if state["person_id"] not in ids]:
        ids.update((row[0], row[1]) for row in rows(session, _ADDED, added))
    new = {row["person_id"] for row in added}
    if changed := [
        {"mark": ids[state["person_id"]], **{name: state[name] for name in state if name != "person_id"}}
        for state in states
        if state["person_id"] not in new
    ]:
        executed(session, _CHANGED, changed)
    kept = [
        {"mark_id": ids[each.person_id], "revision": each.revision, **columns_of(each.value), **marked}
        for each in writes
    ]
    executed(session, _KEPT, kept)
    if reason:
        why = [{"mark_id": row["mark_id"], "revision": row["revision"], "reason": reason} for row in kept]
        executed(session, _CORRECTED, why)
