"""An auditor or payer reads the submitted sheets of a span of days, until a date, after an undertaking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.assembly import SheetPage
from scheduler.domain.attendance.models import Sheet
from scheduler.domain.attendance.policy import is_shared
from scheduler.domain.attendance.queries import is_done, submitted_sheet
from scheduler.domain.people.eligible import require_role
from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.planning.reach import occurrences_at
from scheduler.domain.privacy.models import Review
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.queries import KIND
from scheduler.errors import Invalid, NotFound
from scheduler.store.asking import rows
from scheduler.store.audit import record
from scheduler.store.ledger import Ended, remember
from scheduler.store.locks import lock

LONGEST_ACCESS: Final = timedelta(days=366)
"""A review may be read for so long at most; then it is made anew."""


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review: local dates, both included; ``accepted_at`` empty: the undertaking is not accepted yet."""

    id: int
    person_id: int
    span_from: date
    span_until: date
    access_until: date
    accepted_at: datetime | None
    ended_at: datetime | None

    def is_open(self, today: date) -> bool:
        """Whether it may still be read, once the undertaking is accepted."""
        return self.ended_at is None and today <= self.access_until


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A session in the span whose sheet was submitted, or that nobody met at; ``local_start`` is naive, in
    ``timezone``.
    """

    occurrence_id: int
    title: str
    kind: Kind
    local_start: datetime
    timezone: str
    not_met: bool = False


@dataclass(frozen=True, slots=True)
class ReviewedSessions:
    """Some of the sessions of a review in order of time, and how many there are in all."""

    shown: tuple[Reviewed, ...]
    total: int


def make_review(
    session: Database,
    *,
    actor: Actor,
    person_id: int,
    span_from: date,
    span_until: date,
    access_until: date,
    today: date,
    now: datetime,
) -> int:
    """Let a reviewer read a span of days until a date; answers the review's id.

    Raises Invalid on ``span_until`` and ``access_until`` for dates out of order or too late, and on
    ``person_id`` for somebody who is no reviewer.
    """
    lock(session, persons=[person_id])
    require_role(session, [person_id], Role.REVIEWER)
    if span_until < span_from:
        raise Invalid("The last day is before the first.", field="span_until")
    if not today <= access_until <= today + LONGEST_ACCESS:
        raise Invalid("Choose a day from today on, a year ahead at most.", field="access_until")
    review = Review(
        person_id=person_id,
        span_from=span_from,
        span_until=span_until,
        access_until=access_until,
        made_by=actor.person_id,
        made_at=now,
    )
    session.add(review)
    session.flush()
    _note(session, actor, "review.made", review, now)
    return review.id


def end_review(session: Database, *, actor: Actor, person_id: int, review_id: int, now: datetime) -> None:
    """Nobody reads it any more; ending it again changes nothing. Raises NotFound."""
    lock(session, persons=[person_id])
    review = session.get(Review, review_id, populate_existing=True)
    if review is None or review.person_id != person_id:
        raise NotFound
    if review.ended_at is None:
        review.ended_at = now
        remember(session, what=Ended.REVIEW, key=str(review.id), made_at=review.made_at, now=now)
        _note(session, actor, "review.ended", review, now)


def accept(session: Database, *, actor: Actor, review_id: int, today: date, now: datetime) -> None:
    """Its reviewer accepts the undertaking; accepting it again changes nothing. Raises NotFound."""
    lock(session, persons=[actor.person_id or 0])
    mine = review_of(session, actor=actor, review_id=review_id, today=today)
    review = session.get_one(Review, mine.id, populate_existing=True)
    if review.accepted_at is None:
        review.accepted_at = now
        _note(session, actor, "review.accepted", review, now)


def reviews_of(session: Database, person_id: int) -> tuple[ReviewView, ...]:
    """All reviews of a reviewer, the newest first. One statement."""
    return _views(session, select(Review).where(Review.person_id == person_id).order_by(Review.id.desc()))


def review_of(session: Database, *, actor: Actor, review_id: int, today: date) -> ReviewView:
    """One's own review while it is open. Raises NotFound for any other."""
    mine = select(Review).where(Review.id == review_id, Review.person_id == actor.person_id)
    found = [each for each in _views(session, mine) if each.is_open(today)]
    if not found:
        raise NotFound("There is no such review.")
    return found[0]


def reviewed_sessions(
    session: Database, *, actor: Actor, review_id: int, today: date, limit: int, skip: int
) -> ReviewedSessions:
    """The sessions of the span whose sheets were submitted, or at which nobody met, by time.

    Three statements. Raises NotFound where the review is another's, over, or its undertaking not accepted.
    """
    allowed = _allowed(actor, _accepted(session, actor, review_id, today))
    query = (
        select(
            Occurrence.id,
            Series.title,
            KIND,
            Occurrence.local_start,
            Series.timezone,
            Sheet.not_met_at.is_not(None),
        )
        .join(Series, Series.id == Occurrence.series_id)
        .join(Sheet, Sheet.occurrence_id == Occurrence.id)
        .where(allowed, is_done())
    )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(Occurrence.local_start, Occurrence.id).limit(limit).offset(skip)
    return ReviewedSessions(tuple(Reviewed(*row) for row in rows(session, ordered)), total)


def reviewed_sheet(
    session: Database, *, actor: Actor, review_id: int, occurrence_id: int, today: date
) -> SheetPage:
    """One of these sheets. Three statements. Raises NotFound as `reviewed_sessions`, and outside the span."""
    review = _accepted(session, actor, review_id, today)
    allowed = _allowed(actor, review)
    return submitted_sheet(session, actor=actor, occurrence_id=occurrence_id, allowed=allowed)


def _accepted(session: Database, actor: Actor, review_id: int, today: date) -> ReviewView:
    review = review_of(session, actor=actor, review_id=review_id, today=today)
    if review.accepted_at is None:
        raise NotFound("There is no such review.")
    return review


def _allowed(actor: Actor, review: ReviewView) -> ColumnElement[bool]:
    """The condition that an Occurrence of its Series is in the span, within reach, and its count shared."""
    begin = datetime.combine(review.span_from, time.min)
    end = datetime.combine(review.span_until, time.min) + timedelta(days=1)
    in_span = (Occurrence.local_start >= begin) & (Occurrence.local_start < end)
    condition = in_span & Series.listed.is_(False) & is_shared()
    sites = actor.sites_as(Role.REVIEWER)
    return condition if sites is None else condition & occurrences_at(sites)


def _views(session: Database, query: Select[Review]) -> tuple[ReviewView, ...]:
    fresh = session.scalars(query.execution_options(populate_existing=True))
    return tuple(
        ReviewView(
            each.id,
            each.person_id,
            each.span_from,
            each.span_until,
            each.access_until,
            each.accepted_at,
            each.ended_at,
        )
        for each in fresh
    )


def _note(session: Database, actor: Actor, action: str, review: Review, now: datetime) -> None:
    detail = {"from": review.span_from.isoformat(), "until": review.span_until.isoformat()}
    record(
        session,
        at=now,
        actor=actor,
        action=action,
        subject="review",
        subject_id=review.id,
        person_id=review.person_id,
        detail=detail,
    )
