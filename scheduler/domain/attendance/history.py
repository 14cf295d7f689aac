"""What the numbers of a sheet were before, and when it was opened again: kept, and read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.assembly import Entry
from scheduler.domain.attendance.models import Sheet, SheetChange
from scheduler.domain.people.models import Identity
from scheduler.domain.people.roles import Actor


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
