"""What a member belongs to, taken hold of, and what remembers a change of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.admissions.outcome import Effect, Verb, What
from scheduler.domain.calendars.models import Feed
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import covers
from scheduler.domain.enrollment.service import term_of
from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.concerned import CHANGED, leaders_of, rooms_of
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Cause, Occurrence, Series
from scheduler.domain.schedule.queries import ORIGINAL_DATE
from scheduler.domain.schedule.terms import Term
from scheduler.domain.stays.models import Hold, Stay
from scheduler.errors import Conflict
from scheduler.store.locks import lock
from scheduler.store.memory import Remembered, Scope, remembering


@dataclass(frozen=True, slots=True)
class Belonging:
    """An enrollment of a member with its series; a listed meeting of one's own choice is none."""

    enrollment: Enrollment
    series: Series

    @property
    def term(self) -> Term:
        return term_of(self.enrollment)

    @property
    def is_for_one(self) -> bool:
        return self.series.kind == Kind.INDIVIDUAL

    def effect(self, what: What, *, day: date | None = None, count: int = 0) -> Effect:
        return Effect(what, self.series.title, self.series.id, day, count=count)


def take_hold(
    session: Database,
    person_id: int,
    *,
    series: Collection[int] = (),
    planned: Collection[int] = (),
    persons: Collection[int] = (),
) -> tuple[Belonging, ...]:
    """Lock a member with every series that they belong to, and answer what they belong to.

    `series` are others that they are to belong to. Of `planned` series the plan itself is to change, so
    their rooms and those who lead are locked as well. Raises Conflict where somebody was faster.
    """
    wanted = _series_of(session, person_id) | set(series) | set(planned)
    rooms, leaders = rooms_of(session, *planned), leaders_of(session, *planned)
    lock(session, rooms=rooms, persons={person_id, *persons, *leaders}, series=wanted)
    late = rooms_of(session, *planned) - rooms or leaders_of(session, *planned) - leaders
    if late or not _series_of(session, person_id) <= wanted:
        raise Conflict(CHANGED)
    return belongings_of(session, person_id)


def belongings_of(session: Database, person_id: int) -> tuple[Belonging, ...]:
    """What a member belongs to, belonged to and will belong to, read anew, by first date."""
    query = (
        select(Enrollment, Series)
        .join(Series, Series.id == Enrollment.series_id)
        .where(Enrollment.person_id == person_id, Series.listed.is_(False))
        .order_by(Enrollment.from_date, Enrollment.id)
        .execution_options(populate_existing=True)
    )
    return tuple(Belonging(*row) for row in session.execute(query))


def remember(
    session: Database,
    verb: Verb,
    *,
    person_id: int,
    planned: Collection[int] = (),
    actor: Actor,
    now: datetime,
) -> AbstractContextManager[Remembered]:
    """Remember what the block does to a member's life, and to the plan of the `planned` series."""
    scopes = [*_life(person_id), *(_plan(planned) if planned else ())]
    return remembering(session, scopes, person_id=person_id, kind=verb.value, actor=actor, now=now)


def sessions_of(session: Database, belonging: Belonging, term: Term, *, now: datetime) -> int:
    """How many sessions to come an enrollment has on dates of `term`. One statement."""
    query = select(func.count()).select_from(Occurrence).join(Enrollment, covers(Enrollment))
    query = query.where(
        Enrollment.id == belonging.enrollment.id,
        Occurrence.booked,
        Occurrence.starts_at > now,
        ORIGINAL_DATE.between(term.from_date, term.until_date or date.max),
    )
    return session.scalar(query) or 0


def _series_of(session: Database, person_id: int) -> set[int]:
    query = select(Enrollment.series_id).where(Enrollment.person_id == person_id)
    return set(session.scalars(query))


def _life(person_id: int) -> Sequence[Scope]:
    return (
        Scope(Stay, Stay.person_id == person_id),
        Scope(Hold, Hold.person_id == person_id),
        Scope(Enrollment, Enrollment.person_id == person_id),
        Scope(Feed, Feed.person_id == person_id, ("revoked_at", "farewell_until", "revision")),
    )


def _plan(series: Collection[int]) -> Sequence[Scope]:
    """Without titles: what coordinators type there may name the member."""
    within = select(Occurrence.id).where(Occurrence.series_id.in_(series))
    stands = ("ends_on", "made_until", "sequence", "revision", "changed_at")
    return (
        Scope(Series, Series.id.in_(series), stands),
        Scope(Occurrence, Occurrence.series_id.in_(series)),
        Scope(Post, Post.series_id.in_(series)),
        Scope(Duty, Duty.occurrence_id.in_(within)),
        Scope(Cause, Cause.occurrence_id.in_(within)),
    )
