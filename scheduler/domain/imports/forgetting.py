"""What lists leave behind goes: in time, and with whoever is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.imports.models import ImportBatch, ImportRow
from scheduler.domain.imports.queries import KEPT, UNDONE_WITHIN

_LEFT: Final[dict[str, Any]] = {"source": None, "choices": {}, "revision": ImportBatch.revision + 1}


def forget(session: Database, person_id: int) -> None:
    """Nothing that lists said of a person stays: old values go, and lists that wait, which may name them."""
    session.execute(update(ImportRow).where(ImportRow.person_id == person_id).values(before=None))
    session.execute(update(ImportBatch).where(ImportBatch.source.is_not(None)).values(_LEFT))


def clean_up(session: Database, *, now: datetime) -> None:
    """Lists that nobody applied in a day go, and old values once an import can no longer be taken back."""
    waits = ImportBatch.source.is_not(None)
    session.execute(update(ImportBatch).where(waits, ImportBatch.made_at < now - KEPT).values(_LEFT))
    over = select(ImportBatch.id).where(ImportBatch.applied_at < now - UNDONE_WITHIN)
    kept = (ImportRow.batch_id.in_(over), ImportRow.before.is_not(None))
    session.execute(update(ImportRow).where(*kept).values(before=None))
