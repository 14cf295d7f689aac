"""Transferring a member from one series to another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.admissions.belonging import Belonging, remember, take_hold
from scheduler.domain.admissions.outcome import Effect, Outcome, Verb, What
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import beside
from scheduler.domain.enrollment.service import add_enrollment, change_last_date
from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.concerned import load_series
from scheduler.domain.planning.membership import apart_of, warnings_of
from scheduler.domain.schedule.models import Series
from scheduler.domain.schedule.terms import Term
from scheduler.errors import Invalid, NotFound
from scheduler.store.audit import record
from scheduler.store.base import require_revision
from scheduler.store.revisions import raise_calendars

_DAY = timedelta(days=1)


def transfer(
    session: Database,
    *,
    actor: Actor,
    enrollment_id: int,
    revision: int,
    series_id: int,
    from_date: date,
    now: datetime,
) -> Outcome:
    """From a local date on the member belongs to another series in place of this one, for as long.

    Without a place there, nothing changes, and the old place stays theirs. Raises NotFound, Conflict where
    `revision` of the enrollment is not the newest and where there is no place, Invalid on `from_date` after
    the enrollment's end and on `series_id` for the same one, Refused for a closed or ended group.
    """
    person_id = _member_of(session, enrollment_id)
    held = take_hold(session, person_id, series=[series_id])
    old = next((each for each in held if each.enrollment.id == enrollment_id), None)
    if old is None:
        raise NotFound("There is no such enrollment.")
    require_revision(old.enrollment, revision)
    if series_id == old.series.id:
        raise Invalid("Choose another series.", field="series_id")
    if not old.term.holds_from(from_date):
        raise Invalid("They have left by then. Choose an earlier day.", field="from_date")
    series = load_series(session, series_id)
    if series.listed:
        raise NotFound("There is no such series.")
    stay_id = old.enrollment.stay_id
    with remember(session, Verb.TRANSFER, person_id=person_id, actor=actor, now=now) as memory:
        effects = tuple(_move(session, actor, old, series, from_date, now))
    raise_calendars(session, {person_id} | beside(session, [old.series.id, series_id]), now=now)
    record(
        session,
        actor=actor,
        at=now,
        action="enrollment.transferred",
        subject="series",
        subject_id=series_id,
        person_id=person_id,
        detail={
            "from_series": old.series.id,
            "from_date": from_date.isoformat(),
        },
    )
    return Outcome(memory.id, stay_id, effects)


def _move(
    session: Database, actor: Actor, old: Belonging, series: Series, from_date: date, now: datetime
) -> Iterator[Effect]:
    first, until = max(from_date, old.term.from_date), old.term.until_date
    person_id = old.enrollment.person_id
    term = Term(first, until)
    made = add_enrollment(session, series=series, person_id=person_id, term=term, now=now)
    yield Effect(What.ENROLLED, series.title, series.id, made.from_date, made.until_date)
    if first > old.term.from_date:
        yield old.effect(What.LEFT, day=first - _DAY)
        change_last_date(session, enrollment=old.enrollment, series=old.series, until=first - _DAY, now=now)
    else:
        yield old.effect(What.LEFT)
        session.delete(old.enrollment)
        session.flush()
    if busy := len(warnings_of(session, made, now)):
        yield Effect(What.BUSY_THEN, series.title, series.id, count=busy)
    if apart_of(session, made, actor=actor, now=now):
        yield Effect(What.KEPT_APART, series.title, series.id)


def _member_of(session: Database, enrollment_id: int) -> int:
    found = session.scalar(select(Enrollment.person_id).where(Enrollment.id == enrollment_id))
    if found is None:
        raise NotFound("There is no such enrollment.")
    return found
