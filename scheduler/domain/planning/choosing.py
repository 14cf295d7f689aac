"""Members choose listed meetings for their own calendar, and take them out again. Nobody else is
concerned.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.service import change_last_date
from scheduler.domain.people.roles import Actor
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.concerned import load_series
from scheduler.domain.planning.membership import enroll
from scheduler.domain.schedule.models import Series
from scheduler.domain.schedule.wall_time import local_of
from scheduler.errors import NotFound, Refused
from scheduler.store.audit import record
from scheduler.store.locks import lock
from scheduler.store.revisions import raise_calendars

MOST_CHOSEN: Final = 30
"""Listed meetings in one member's calendar: four on every day of a week, and two more."""


def choose_listed(session: Database, *, actor: Actor, series_id: int, person_id: int, now: datetime) -> None:
    """A listed meeting stands in a member's calendar from today on, as it is in the meeting's zone.

    Doing it twice changes nothing. Raises NotFound for what is no listed meeting, Refused for one that ended
    and beyond the most that a calendar takes, Invalid for somebody who is no member.
    """
    series = _held(session, series_id, person_id)
    if _chosen(session, series_id, person_id) is None:
        if _how_many(session, person_id) >= MOST_CHOSEN:
            raise Refused(f"You have {MOST_CHOSEN} meetings in your calendar. Take one out first.")
        today = local_of(now, zone_named(series.timezone)).date()
        enroll(session, actor=actor, series_id=series_id, person_id=person_id, from_date=today, now=now)


def leave_listed(session: Database, *, actor: Actor, series_id: int, person_id: int, now: datetime) -> None:
    """It stands there until yesterday; chosen only today, it never did. Doing it twice changes nothing.

    Raises NotFound for what is no listed meeting.
    """
    series = _held(session, series_id, person_id)
    enrollment = _chosen(session, series_id, person_id)
    if enrollment is None:
        return
    yesterday = local_of(now, zone_named(series.timezone)).date() - timedelta(days=1)
    if enrollment.from_date > yesterday:
        session.delete(enrollment)
    else:
        change_last_date(session, enrollment=enrollment, series=series, until=yesterday, now=now)
    raise_calendars(session, [person_id], now=now)
    record(
        session,
        actor=actor,
        at=now,
        action="enrollment.ended",
        subject="series",
        subject_id=series_id,
        person_id=person_id,
        detail={
            "until_date": yesterday.isoformat(),
        },
    )


def _held(session: Database, series_id: int, person_id: int) -> Series:
    lock(session, persons=[person_id], series=[series_id])
    series = load_series(session, series_id)
    if not series.listed:
        raise NotFound("There is no such meeting.")
    return series


def _how_many(session: Database, person_id: int) -> int:
    query = (
        select(func.count())
        .select_from(Enrollment)
        .join(Series, Series.id == Enrollment.series_id)
        .where(Series.listed, Enrollment.person_id == person_id, Enrollment.until_date.is_(None))
    )
    return session.scalar(query) or 0


def _chosen(session: Database, series_id: int, person_id: int) -> Enrollment | None:
    query = select(Enrollment).where(
        Enrollment.series_id == series_id,
        Enrollment.person_id == person_id,
        Enrollment.until_date.is_(None),
    )
    return session.scalar(query.execution_options(populate_existing=True))
