"""How often a calendar changed."""

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.store.revisions import CalendarRevision


def revision_of(session: Database, person_id: int) -> int:
    """The person's calendar revision, as the database has it."""
    query = select(CalendarRevision.revision).where(CalendarRevision.person_id == person_id)
    return session.scalars(query).one()
