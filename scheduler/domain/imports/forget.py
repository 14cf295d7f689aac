"""What lists kept about somebody, when they are erased or their record goes on as another one."""

from sqlalchemy import delete, null, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.imports.models import ImportBatch, ImportRow


def forget(session: Database, *, person_id: int) -> None:
    """Drop what a person was before an import, the tables they were read from, and those not applied yet.

    A table that was not applied has no rows yet, and may name anybody: whoever was at it uploads it again.
    """
    theirs = select(ImportRow.batch_id).where(ImportRow.person_id == person_id)
    session.execute(update(ImportRow).where(ImportRow.person_id == person_id).values(before=null()))
    kept = ImportBatch.source.is_not(None)
    session.execute(update(ImportBatch).where(kept, ImportBatch.id.in_(theirs)).values(source=None))
    session.execute(delete(ImportBatch).where(kept, ImportBatch.applied_at.is_(None)))
