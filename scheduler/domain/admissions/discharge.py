"""The end of a stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.access.slips import end_slips
from scheduler.domain.admissions.belonging import Belonging, belongings_of, remember, take_hold
from scheduler.domain.admissions.calling_off import call_off
from scheduler.domain.admissions.outcome import Effect, Outcome, Verb, What
from scheduler.domain.calendars.service import revoke_all
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import beside
from scheduler.domain.enrollment.service import change_last_date
from scheduler.domain.people.roles import Actor
from scheduler.domain.schedule.models import Series
from scheduler.domain.stays.models import Stay
from scheduler.domain.stays.reasons import DischargeReason
from scheduler.domain.stays.service import end_stay, load_stay
from scheduler.store.audit import record
from scheduler.store.base import require_revision
from scheduler.store.revisions import raise_calendars

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Leaving:
    """The last local date, included, why, and what becomes of the member's feeds.

    `farewell` is how long an emptied feed says goodbye; none: feeds go on, without what is after that date.
    """

    last_day: date
    reason: DischargeReason
    farewell: timedelta | None


def discharge(
    session: Database, *, actor: Actor, stay_id: int, revision: int, leaving: Leaving, now: datetime
) -> Outcome:
    """The stay ends, and with it what the member belongs to, their pauses, and sessions for them alone.

    Groups go on as they are. A slip that nobody used is over. Raises NotFound, Conflict where `revision` of
    the stay is not the newest or somebody was faster, Refused for one that has ended, Invalid on
    `discharged_on` before the admission.
    """
    person_id = load_stay(session, stay_id).person_id
    alone = set(_theirs(session, belongings_of(session, person_id), leaving.last_day))
    held = take_hold(session, person_id, planned=alone)
    stay = load_stay(session, stay_id)
    require_revision(stay, revision)
    theirs = _theirs(session, [each for each in held if each.series.id in alone], leaving.last_day)
    with remember(
        session, Verb.DISCHARGE, person_id=person_id, planned=alone, actor=actor, now=now
    ) as memory:
        effects = list(_end(session, stay, leaving, held, now))
        for series in theirs.values():
            effects += call_off(session, series, actor=actor, last=leaving.last_day, now=now)
        effects += _quiet_feeds(session, actor, person_id, leaving, now)
    end_slips(session, person_id=person_id, now=now)
    ids = {each.series.id for each in held}
    raise_calendars(session, {person_id} | beside(session, ids), now=now)
    record(
        session,
        actor=actor,
        at=now,
        action="stay.ended",
        subject="stay",
        subject_id=stay_id,
        person_id=person_id,
        detail={
            "last_day": leaving.last_day.isoformat(),
            "reason": leaving.reason.value,
        },
    )
    return Outcome(memory.id, stay_id, tuple(effects))


def _theirs(session: Database, held: Sequence[Belonging], last: date) -> dict[int, Series]:
    """The series for one that have this member after `last`, and nobody else then. By id."""
    own = {
        each.series.id: each.series for each in held if each.is_for_one and each.term.holds_from(last + _DAY)
    }
    mine = {each.enrollment.id for each in held}
    shared = select(Enrollment.series_id).where(
        Enrollment.series_id.in_(own),
        Enrollment.id.not_in(mine),
        Enrollment.until_date.is_(None) | (Enrollment.until_date > last),
    )
    return {key: own[key] for key in own.keys() - set(session.scalars(shared))}


def _end(
    session: Database, stay: Stay, leaving: Leaving, held: Sequence[Belonging], now: datetime
) -> Iterator[Effect]:
    holds = end_stay(session, stay=stay, discharged_on=leaving.last_day, reason=leaving.reason, now=now)
    yield Effect(What.STAY_ENDS, day=leaving.last_day)
    for each in held:
        if each.term.holds_from(leaving.last_day + _DAY):
            yield _left(session, each, leaving.last_day, now)
    if holds:
        yield Effect(What.HOLDS_END, count=len(holds))


def _left(session: Database, each: Belonging, last: date, now: datetime) -> Effect:
    row = each.enrollment
    if row.from_date > last:
        session.delete(row)
        session.flush()
        return each.effect(What.LEFT)
    row.revision += 1
    change_last_date(session, enrollment=row, series=each.series, until=last, now=now)
    return each.effect(What.LEFT, day=last)


def _quiet_feeds(
    session: Database, actor: Actor, person_id: int, leaving: Leaving, now: datetime
) -> Iterator[Effect]:
    if leaving.farewell is None:
        yield Effect(What.FEEDS_STAY, day=leaving.last_day)
        return
    count = revoke_all(session, actor=actor, person_id=person_id, farewell=leaving.farewell, now=now)
    session.flush()
    if count:
        yield Effect(What.FEEDS_EMPTIED, count=count)
