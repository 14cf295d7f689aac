"""What lists kept goes: with whoever is erased or goes on as another record, and in time."""

from datetime import datetime

from sqlalchemy import delete, null, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.imports.models import ImportBatch, ImportRow
from scheduler.domain.imports.queries import KEPT, UNDONE_WITHIN


def forget(session: Database, *, person_id: int) -> None:
    """Drop what a person was before an import, the tables they were read from, and those not applied yet.

    A table that was not applied has no rows yet, and may name anybody: whoever was at it uploads it again.
    So may the rows that were left out of any list.
    """
    theirs = select(ImportRow.batch_id).where(ImportRow.person_id == person_id)
    session.execute(update(ImportRow).where(ImportRow.person_id == person_id).values(before=null()))
    kept = ImportBatch.source.is_not(None)
    session.execute(update(ImportBatch).where(kept, ImportBatch.id.in_(theirs)).values(source=None))
    session.execute(delete(ImportBatch).where(kept, ImportBatch.applied_at.is_(None)))
    session.execute(update(ImportBatch).where(ImportBatch.left_out.is_not(None)).values(left_out=None))


def clean_up(session: Database, *, now: datetime) -> None:
    """Lists that nobody applied in a day go; what was before, and was left out, once none is taken back."""
    waits = (ImportBatch.source.is_not(None), ImportBatch.made_at < now - KEPT)
    left = update(ImportBatch).where(*waits)
    session.execute(left.values(source=None, choices={}, revision=ImportBatch.revision + 1))
    over = select(ImportBatch.id).where(ImportBatch.applied_at < now - UNDONE_WITHIN)
    kept = (ImportRow.batch_id.in_(over), ImportRow.before.is_not(None))
    session.execute(update(ImportRow).where(*kept).values(before=null()))
    late = (ImportBatch.applied_at < now - UNDONE_WITHIN, ImportBatch.left_out.is_not(None))
    session.execute(update(ImportBatch).where(*late).values(left_out=None))
