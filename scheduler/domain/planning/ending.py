"""Ending a series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment import service as enrollment
from scheduler.domain.people.roles import Actor
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.changes import Change, remember
from scheduler.domain.planning.concerned import (
    hold_series,
    occurrences_in,
    persons_of_series,
)
from scheduler.domain.planning.going_on import NOBODY, Back, go_on, keep_last_dates
from scheduler.domain.planning.refitting import Refitted, refit
from scheduler.domain.planning.standing import spare_rooms
from scheduler.domain.roster import service as roster
from scheduler.domain.schedule.editing import day_of
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.service import touch
from scheduler.errors import Invalid
from scheduler.store.audit import record
from scheduler.store.base import require_revision
from scheduler.store.revisions import raise_calendars

FURTHEST_YEARS = 10


@dataclass(frozen=True, slots=True)
class Ended:
    """Occurrences by their ids: `stopped` ones have something hanging on them, and are to be looked at. Those
    that were `made` come back, where the end was put off.

    `members` and `posts` end with it, those of `never` would have begun later, `back` go on for longer. A
    `change_id` is what `undoing` takes back.
    """

    stopped: tuple[int, ...]
    deleted: tuple[int, ...]
    made: tuple[int, ...] = ()
    members: int = 0
    posts: int = 0
    never: int = 0
    back: Back = NOBODY
    change_id: int = 0


def end_series(
    session: Database, *, actor: Actor, series_id: int, revision: int, last: date, now: datetime
) -> Ended:
    """Nothing of the series takes place after a local date; enrollments and posts end with it.

    An end that is put off brings the dates back, and those who were to leave only because of it. Raises
    NotFound, Conflict where `revision` is not the newest, Invalid on `last` where it has met after that date
    or begins later, Refused where another series goes on in its place, Taken where dates that come back
    collide.
    """
    series = hold_series(session, series_id, rooms=spare_rooms(session, now=now))
    with remember(session, Change.END, series=[series_id], actor=actor, now=now) as remembered:
        ended = end(session, series, actor=actor, revision=revision, last=last, now=now)
    return replace(ended, change_id=remembered.id)


def end(
    session: Database, series: Series, *, actor: Actor, revision: int, last: date, now: datetime
) -> Ended:
    """End a locked series as `end_series` does, for a verb that remembers what it does."""
    require_revision(series, revision)
    rows = occurrences_in(session, series.id)
    _require_sensible(series, rows, last, now)
    concerned, was = persons_of_series(session, series.id), series.ends_on
    back = go_on(session, series, until=last, now=now) if was is not None and was < last else NOBODY
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
        viewer=actor,
    )
    members = enrollment.end_all(session, series=series, last=last, now=now)
    posts = roster.end_all(session, series=series, last=last, now=now)
    keep_last_dates(session, series, was=was, members=members, posts=posts, actor=actor, now=now)
    raise_calendars(session, concerned, now=now)
    _note(session, actor, series, refitted, now)
    return Ended(
        refitted.stopped,
        refitted.deleted,
        refitted.made,
        members=len(members.own),
        posts=len(posts.own),
        never=members.never + posts.never,
        back=back,
    )


def _require_sensible(series: Series, rows: Sequence[Occurrence], last: date, now: datetime) -> None:
    begun = [row.original_start.date() for row in rows if row.starts_at <= now]
    if last.year > now.year + FURTHEST_YEARS:
        raise Invalid("This date is too far away.", field="last")
    if begun and last < max(begun):
        raise Invalid("This series has met after that date.", field="last")
    if last < series.first_start.date():
        raise Invalid(_before_the_first(series.first_start), field="last")


def _note(session: Database, actor: Actor, series: Series, refitted: Refitted, now: datetime) -> None:
    record(
        session,
        actor=actor,
        at=now,
        action="series.ended",
        subject="series",
        subject_id=series.id,
        detail={
            "last": series.ends_on.isoformat() if series.ends_on else None,
            "stopped": len(refitted.stopped),
            "deleted": len(refitted.deleted),
        },
    )


def _before_the_first(first: datetime) -> str:
    return (
        f"The last day is before the first session, on {first:%B} {first.day}, {first.year}."
        " To call all of it off, end it on that day and cancel that session."
    )
