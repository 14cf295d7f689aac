"""What the marks and numbers of a sheet were before, and when it was opened again: kept, and read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Integer, Select, bindparam, func, select, true
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import aliased

from scheduler.domain.attendance.assembly import Change, Entry
from scheduler.domain.attendance.models import Correction, Mark, MarkChange, Sheet, SheetChange
from scheduler.domain.attendance.writing import value_of
from scheduler.domain.people.models import Identity
from scheduler.domain.people.roles import Actor
from scheduler.store.asking import rows


def keep(
    session: Database,
    sheet: Sheet,
    what: str,
    number: int | None,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
) -> None:
    """Add to what is kept of a sheet."""
    row = SheetChange(
        sheet_id=sheet.id,
        what=what,
        number=number,
        changed_by=actor.person_id,
        changed_at=now,
        reason=reason,
    )
    session.add(row)


def entries_of(session: Database, occurrence_id: int, *, most: int) -> tuple[Entry, ...]:
    """What was done to a sheet after it was handed in, or locked; the newest first. One statement."""
    same = (SheetChange.sheet_id, SheetChange.what)
    of_it = select(Sheet.id).where(Sheet.occurrence_id == occurrence_id).scalar_subquery()
    kept = (
        select(
            *(SheetChange.id, SheetChange.what, SheetChange.number, SheetChange.changed_by),
            *(SheetChange.changed_at, SheetChange.reason),
            func.lag(SheetChange.number).over(partition_by=same, order_by=SheetChange.id).label("before"),
        )
        .where(SheetChange.sheet_id == of_it)
        .subquery()
    ).c
    query = (
        select(kept.what, kept.number, kept.before, Identity.short_name, kept.changed_at, kept.reason)
        .outerjoin(Identity, Identity.person_id == kept.changed_by)
        .where(kept.reason != "")
        .order_by(kept.id.desc())
        .limit(most)
    )
    return tuple(Entry(*row) for row in session.execute(query))


def changes_of(
    session: Database,
    occurrence_id: int,
    private: Select[int] | None,
    names: Mapping[int, str],
    *,
    most: int,
) -> tuple[Change, ...]:
    """What its marks became, the newest first; not those of `private` persons. One statement.

    `names` are those that its sheet says.
    """
    query = _CHANGES if private is None else _changes(private)
    found = rows(session, query, {"occurrence": occurrence_id, "most": most})
    return tuple(_as_change(row, names) for row in found)


def _changes(private: Select[int] | None) -> Select[*tuple[Any, ...]]:
    marker, before = aliased(Identity), aliased(MarkChange)
    return (
        select(
            Identity.short_name,
            MarkChange.status,
            MarkChange.late_minutes,
            MarkChange.left_minutes,
            MarkChange.excuse,
            marker.short_name,
            MarkChange.marked_at,
            func.coalesce(Correction.reason, ""),
            before.status,
            before.late_minutes,
            before.left_minutes,
            before.excuse,
            Mark.person_id,
        )
        .select_from(MarkChange)
        .join(Mark, Mark.id == MarkChange.mark_id)
        .join(Sheet, Sheet.id == Mark.sheet_id)
        .join(Identity, Identity.person_id == Mark.person_id)
        .outerjoin(marker, marker.person_id == MarkChange.marked_by)
        .outerjoin(
            Correction,
            (Correction.mark_id == MarkChange.mark_id) & (Correction.revision == MarkChange.revision),
        )
        .outerjoin(
            before, (before.mark_id == Correction.mark_id) & (before.revision == Correction.revision - 1)
        )
        .where(Sheet.occurrence_id == bindparam("occurrence"))
        .where(true() if private is None else Mark.person_id.not_in(private))
        .order_by(MarkChange.marked_at.desc(), MarkChange.id.desc())
        .limit(bindparam("most", type_=Integer))
    )


_CHANGES: Final = _changes(None)


def _as_change(row: Any, names: Mapping[int, str]) -> Change:
    by, at, reason = row[5:8]
    name = names.get(row[12], row[0])
    return Change(name, value_of(*row[1:5]), by, at, reason, before=value_of(*row[8:12]))
