"""Somebody leaves: what they still lead and belong to, and settling all of it in one step."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import EnrollmentView, enrollments_of_person
from scheduler.domain.enrollment.service import leave_all
from scheduler.domain.people.eligible import require_role
from scheduler.domain.people.roles import SYSTEM, Actor, Role
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.looking import Look, Wanted, look, require_free
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.roster.queries import Led, PostView, duties_of_person, facilitators_of, posts_of_person
from scheduler.domain.roster.service import (
    drop_duties,
    duties_to_come,
    give_up_posts,
    hand_over,
    hand_over_posts,
)
from scheduler.domain.schedule.clashes import Clash
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.queries import ORIGINAL_DATE
from scheduler.domain.schedule.recurrence import FURTHEST_AHEAD
from scheduler.domain.schedule.wall_time import local_of
from scheduler.domain.stays.policy import private_members
from scheduler.errors import Invalid
from scheduler.store.audit import record
from scheduler.store.locks import lock
from scheduler.store.revisions import raise_calendars


@dataclass(frozen=True, slots=True)
class Commitments:
    """What a center knows that a person still has; the duties are those of their posts, and those that they
    took over. Listed meetings of a member's own choice are not among it.
    """

    posts: tuple[PostView, ...]
    duties: tuple[Led, ...]
    enrollments: tuple[EnrollmentView, ...]

    def __bool__(self) -> bool:
        return bool(self.posts or self.duties or self.enrollments)


@dataclass(frozen=True, slots=True)
class Released:
    """How many of each were handed over or ended, a member's own listed meetings not counted.

    `overridden`: what the other facilitator leads as well.
    """

    posts: int
    duties: int
    enrollments: int
    overridden: tuple[Clash, ...]
    warnings: tuple[Clash, ...]


def commitments_of(
    session: Database, person_id: int, *, now: datetime, viewer: Actor = SYSTEM
) -> Commitments:
    """What is still to come for a person, as far as it is this viewer's business. Three statements."""
    yesterday = (now - timedelta(days=1)).date()
    return Commitments(
        posts=posts_of_person(session, person_id, on=yesterday),
        duties=duties_of_person(session, person_id, now, now + FURTHEST_AHEAD),
        enrollments=enrollments_of_person(session, person_id, on=yesterday, private=private_members(viewer)),
    )


def release(
    session: Database,
    *,
    actor: Actor,
    person_id: int,
    hand_to: int | None = None,
    override: str = "",
    now: datetime,
) -> Released:
    """End all that a person still leads and belongs to; what they lead goes to `hand_to`, if to anybody.

    What has begun stays as it was. With nobody to take over, the occurrences go on without a leader. Raises
    Invalid on `hand_to` for somebody who is no facilitator, Taken where they lead something else then and
    `override` gives no reason.
    """
    if hand_to == person_id:
        raise Invalid("Choose somebody else.", field="hand_to")
    persons = {person_id} if hand_to is None else {person_id, hand_to}
    series = _series_of(session, person_id, now)
    lock(session, persons=persons, series=series)
    require_role(session, persons - {person_id}, Role.FACILITATOR, field="hand_to")
    first = _first_days(session, series, now)
    duties = duties_to_come(session, person_id, now=now)
    concerned = persons | facilitators_of(session, [duty.occurrence_id for duty in duties])
    found = _hand_duties_over(session, duties, hand_to, override, now)
    hand_over_posts(session, person_id=person_id, to=hand_to, first=first, now=now)
    posts = give_up_posts(session, person_id=person_id, first=first, now=now)
    enrollments = leave_all(session, person_id=person_id, first=first, now=now)
    raise_calendars(session, concerned, now=now)
    record(
        session,
        actor=actor,
        at=now,
        action="person.released",
        subject="person",
        subject_id=person_id,
        person_id=person_id,
        detail={
            "hand_to": hand_to,
            "posts": posts,
            "duties": len(duties),
            "enrollments": enrollments,
        },
    )
    return Released(posts, len(duties), enrollments, found.refused, found.warnings)


def _hand_duties_over(
    session: Database, duties: Sequence[Duty], to: int | None, override: str, now: datetime
) -> Look:
    """Give the duties to somebody else; where they lead already, or with nobody, there is one less."""
    if to is None:
        drop_duties(session, [duty.id for duty in duties])
        return look(session, [])
    led = _led_by(session, to, [duty.occurrence_id for duty in duties])
    given = [duty for duty in duties if duty.occurrence_id not in led]
    wanted = [
        Wanted(duty.occurrence_id, duty.starts_at, duty.ends_at, facilitators=(to,))
        for duty in given
        if duty.booked
    ]
    found = look(session, wanted, override=override)
    require_free(found)
    for duty in given:
        exclusive, reason = found.hold_on_person(duty.occurrence_id, to)
        duty.revision += 1
        hand_over(session, duty=duty, person_id=to, exclusive=exclusive, override_reason=reason, now=now)
    drop_duties(session, [duty.id for duty in duties if duty.occurrence_id in led])
    return found


def _led_by(session: Database, person_id: int, occurrences: Collection[int]) -> set[int]:
    query = select(Duty.occurrence_id).where(Duty.person_id == person_id, Duty.occurrence_id.in_(occurrences))
    return set(session.scalars(query))


def _series_of(session: Database, person_id: int, now: datetime) -> set[int]:
    posts = select(Post.series_id).where(Post.person_id == person_id)
    enrollments = select(Enrollment.series_id).where(Enrollment.person_id == person_id)
    duties = (
        select(Occurrence.series_id)
        .join(Duty, Duty.occurrence_id == Occurrence.id)
        .where(Duty.person_id == person_id, Duty.starts_at > now)
    )
    return set(session.scalars(posts.union(enrollments, duties)))


def _first_days(session: Database, series: Collection[int], now: datetime) -> dict[int, date]:
    """The first local date of each series on which nothing has begun, from today on."""
    begun = (
        select(func.coalesce(func.max(ORIGINAL_DATE), date.min))
        .where(Occurrence.series_id == Series.id, Occurrence.starts_at <= now)
        .correlate(Series)
        .scalar_subquery()
    )
    rows = session.execute(select(Series.id, Series.timezone, begun).where(Series.id.in_(series)))
    return {
        number: max(local_of(now, zone_named(timezone)).date(), last + timedelta(days=1))
        for number, timezone, last in rows
    }
