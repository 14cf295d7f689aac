"""Members come and go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import beside, expects
from scheduler.domain.enrollment.service import add_enrollment, change_last_date
from scheduler.domain.people.models import PersonRole
from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.apart import Apart, would_meet
from scheduler.domain.planning.concerned import load_series
from scheduler.domain.planning.looking import Wanted, look
from scheduler.domain.schedule.clashes import Clash
from scheduler.domain.schedule.models import Occurrence
from scheduler.domain.schedule.terms import Term
from scheduler.domain.stays.policy import private_members
from scheduler.errors import Invalid, NotFound
from scheduler.store.audit import record
from scheduler.store.base import require_revision
from scheduler.store.locks import lock
from scheduler.store.revisions import raise_calendars


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The enrollment, what of the member's own calendar its sessions collide with, and whom they would meet
    there though they are kept apart.
    """

    enrollment_id: int
    warnings: tuple[Clash, ...]
    apart: tuple[Apart, ...] = ()


def enroll(
    session: Database,
    *,
    actor: Actor,
    series_id: int,
    person_id: int,
    from_date: date,
    until_date: date | None = None,
    now: datetime,
) -> Enrolled:
    """A member belongs to the series from a local date until a local date, both included.

    Raises NotFound for an unknown series, Invalid on `until_date` before `from_date` and on `person_id` for
    somebody who is no member, Refused for a closed or ended group and for somebody who has stays, but none on
    the first date; Conflict without a place on every date and for somebody who belongs to it already.
    """
    term = Term(from_date, until_date)
    lock(session, persons=[person_id], series=[series_id])
    series = load_series(session, series_id)
    _require_business(session, actor, person_id)
    enrollment = add_enrollment(session, series=series, person_id=person_id, term=term, now=now)
    raise_calendars(session, {person_id} | beside(session, [series_id]), now=now)
    record(
        session,
        actor=actor,
        at=now,
        action="enrollment.made",
        subject="series",
        subject_id=series_id,
        person_id=person_id,
        detail={
            "from_date": from_date.isoformat(),
            "until_date": until_date.isoformat() if until_date else None,
        },
    )
    apart = apart_of(session, enrollment, actor=actor, now=now)
    return Enrolled(enrollment.id, warnings_of(session, enrollment, now), apart)


def end_enrollment(
    session: Database,
    *,
    actor: Actor,
    enrollment_id: int,
    revision: int,
    until_date: date | None,
    now: datetime,
) -> None:
    """Set the last local date of an enrollment, included; none opens it again.

    Raises NotFound, Conflict where `revision` is not the newest, Invalid on `until_date` before the first
    date, Conflict where a later end finds no place.
    """
    found = select(Enrollment.series_id, Enrollment.person_id).where(Enrollment.id == enrollment_id)
    row = session.execute(found).first()
    if row is None:
        raise NotFound("There is no such enrollment.")
    series_id, person_id = row
    lock(session, persons=[person_id], series=[series_id])
    enrollment = session.get_one(Enrollment, enrollment_id, populate_existing=True)
    require_revision(enrollment, revision)
    series = load_series(session, series_id)
    change_last_date(session, enrollment=enrollment, series=series, until=until_date, now=now)
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
            "until_date": until_date.isoformat() if until_date else None,
        },
    )


def _require_business(session: Database, actor: Actor, person_id: int) -> None:
    """Refuse a colleague whose member side is not the actor's business as somebody who is no member."""
    private = private_members(actor)
    if private is not None and session.scalar(private.where(PersonRole.person_id == person_id)) is not None:
        raise Invalid("Choose somebody who is a member.", field="person_id")


def apart_of(session: Database, enrollment: Enrollment, *, actor: Actor, now: datetime) -> tuple[Apart, ...]:
    """Whom the member would meet by this enrollment though they are kept apart; see `planning.apart`."""
    query = (
        select(Occurrence.id)
        .join(Enrollment, expects())
        .where(Enrollment.id == enrollment.id, Occurrence.booked, Occurrence.starts_at > now)
    )
    persons = [enrollment.person_id]
    return would_meet(
        session, actor=actor, occurrences=session.scalars(query).all(), persons=persons, now=now
    )


def warnings_of(session: Database, enrollment: Enrollment, now: datetime) -> tuple[Clash, ...]:
    """What else the member has at the time of the sessions to come that an enrollment expects them at."""
    query = (
        select(Occurrence.id, Occurrence.starts_at, Occurrence.ends_at)
        .join(Enrollment, expects())
        .where(Enrollment.id == enrollment.id, Occurrence.booked, Occurrence.starts_at > now)
    )
    wanted = [
        Wanted(occurrence, starts_at, ends_at, members=(enrollment.person_id,))
        for occurrence, starts_at, ends_at in session.execute(query)
    ]
    return look(session, wanted).warnings
