"""A person's calendar revision: raised by every change that their calendar would show."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ForeignKey, bindparam, select, update
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm import Session as Database

from scheduler.store.asking import executed, scalars, some_at_once
from scheduler.store.base import Base, Instant, UtcInstant


class CalendarRevision(Base):
    """One row a person, made with the person."""

    __tablename__ = "calendar_revision"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(default=1)
    raised_at: Mapped[Instant]


_CONCERNED: Final = CalendarRevision.person_id.in_(bindparam("ids", expanding=True))
_LOCKED: Final = (
    select(CalendarRevision.raised_at)
    .where(_CONCERNED)
    .order_by(CalendarRevision.person_id)
    .with_for_update()
)
_RAISED: Final = (
    update(CalendarRevision)
    .where(_CONCERNED)
    .values(revision=CalendarRevision.revision + 1, raised_at=bindparam("at", type_=UtcInstant()))
)


def raise_calendars(session: Database, person_ids: Iterable[int], *, now: datetime) -> None:
    """Make every stored calendar of these persons stale, in the transaction of the change.

    ``raised_at`` rises by at least a second each time: calendars show it, readers compare it, and some
    look at nothing else. The rows are locked in the database's own order by id: locking them in an
    order sorted elsewhere still deadlocked.
    """
    for some in some_at_once(person_ids):
        before = scalars(session, _LOCKED, {"ids": some})
        raised_at = max([now, *(at + timedelta(seconds=1) for at in before)])
        executed(session, _RAISED, {"ids": some, "at": raised_at})
