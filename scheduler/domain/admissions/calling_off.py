"""Sessions that were for one member alone, once that member has left: the counselor's calendar is free."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.admissions.outcome import Effect, What
from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.ending import end
from scheduler.domain.planning.stopping import cancel_occurrence
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.queries import ORIGINAL_DATE

NOT_NEEDED = "It is not needed any more."


def call_off(
    session: Database, series: Series, *, actor: Actor, last: date, now: datetime
) -> Iterator[Effect]:
    """Nothing of the series takes place after `last`, a local date; what has begun stays as it was.

    One whose only session is still to come has that session cancelled.
    """
    to_come = _to_come(session, series.id, now)
    met = select(func.max(Occurrence.original_start)).where(
        Occurrence.series_id == series.id, Occurrence.starts_at <= now
    )
    begun = session.scalar(met)
    first = series.first_start.date()
    final = max(last, begun.date()) if begun else last
    if series.ends_on is None or series.ends_on > max(final, first):
        end(
            session,
            series,
            actor=actor,
            revision=series.revision,
            last=max(final, first),
            now=now,
        )
    for occurrence in _after(session, series.id, final, now):
        cancel_occurrence(
            session,
            actor=actor,
            occurrence_id=occurrence.id,
            revision=occurrence.revision,
            reason=NOT_NEEDED,
            now=now,
        )
    if gone := to_come - _to_come(session, series.id, now):
        yield Effect(What.CALLED_OFF, series.title, series.id, count=gone)


def _after(session: Database, series_id: int, last: date, now: datetime) -> Sequence[Occurrence]:
    """What takes place after a local date although the series has ended: its first one, and moved ones."""
    query = select(Occurrence).where(
        Occurrence.series_id == series_id,
        Occurrence.booked,
        Occurrence.starts_at > now,
        last < ORIGINAL_DATE,
    )
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _to_come(session: Database, series_id: int, now: datetime) -> int:
    booked = (Occurrence.series_id == series_id, Occurrence.booked, Occurrence.starts_at > now)
    return session.scalar(select(func.count()).select_from(Occurrence).where(*booked)) or 0
