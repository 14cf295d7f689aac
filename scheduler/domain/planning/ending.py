"""Ending a series."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment import service as enrollment
from scheduler.domain.people.roles import Actor
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.concerned import (
    hold_series,
    occurrences_in,
    persons_of_series,
)
from scheduler.domain.planning.refitting import refit
from scheduler.domain.planning.standing import spare_rooms
from scheduler.domain.roster import service as roster
from scheduler.domain.schedule.editing import day_of
from scheduler.domain.schedule.service import touch
from scheduler.errors import Invalid
from scheduler.store.audit import record
from scheduler.store.base import require_revision
from scheduler.store.revisions import raise_calendars

FURTHEST_YEARS = 10


@dataclass(frozen=True, slots=True)
class Ended:
    """Occurrences by their ids: `stopped` ones have something hanging on them, and are to be looked at."""

    stopped: tuple[int, ...]
    deleted: tuple[int, ...]


def end_series(
    session: Database, *, actor: Actor, series_id: int, revision: int, last: date, now: datetime
) -> Ended:
    """Nothing of the series takes place after a local date; enrollments and posts end with it.

    An end that is put off brings the dates back, but nobody who was to leave. Raises NotFound, Conflict where
    `revision` is not the newest, Invalid on `last` where it has met after that date or begins later, Taken
    where dates that come back collide.
    """
    series = hold_series(session, series_id, rooms=spare_rooms(session, now=now))
    require_revision(series, revision)
    rows = occurrences_in(session, series_id)
    begun = [row.original_start.date() for row in rows if row.starts_at <= now]
    if last.year > now.year + FURTHEST_YEARS:
        raise Invalid("This date is too far away.", field="last")
    if begun and last < max(begun):
        raise Invalid("This series has met after that date.", field="last")
    if last < series.first_start.date():
        raise Invalid(_before_the_first(series.first_start), field="last")
    concerned = persons_of_series(session, series_id)
    series.ends_on = last
    touch(series, now=now)
    refitted = refit(
        session,
        series=series,
        standing=[row for row in rows if row.starts_at > now],
        old_zone=zone_named(series.timezone),
        period=day_of,
        now=now,
        override="",
    )
    enrollment.end_all(session, series=series, last=last, now=now)
    roster.end_all(session, series=series, last=last, now=now)
    raise_calendars(session, concerned, now=now)
    record(
        session,
        actor=actor,
        at=now,
        action="series.ended",
        subject="series",
        subject_id=series_id,
        detail={
            "last": last.isoformat(),
            "stopped": len(refitted.stopped),
            "deleted": len(refitted.deleted),
        },
    )
    return Ended(refitted.stopped, refitted.deleted)


def _before_the_first(first: datetime) -> str:
    return (
        f"The last day is before the first session, on {first:%B} {first.day}, {first.year}."
        " To call all of it off, end it on that day and cancel that session."
    )
