"""Admitting somebody, for the first time or again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.admissions.belonging import Belonging, belongings_of, remember, take_hold
from scheduler.domain.admissions.outcome import Effect, Outcome, Verb, What
from scheduler.domain.enrollment.queries import beside
from scheduler.domain.enrollment.service import add_enrollment
from scheduler.domain.people.models import PersonRole
from scheduler.domain.people.roles import STAFF, Actor
from scheduler.domain.planning.concerned import load_series
from scheduler.domain.planning.membership import apart_of, warnings_of
from scheduler.domain.schedule.models import Series
from scheduler.domain.schedule.terms import Term
from scheduler.domain.stays.models import Stay
from scheduler.domain.stays.service import begin_stay
from scheduler.errors import Conflict, Refused
from scheduler.store.audit import record
from scheduler.store.revisions import raise_calendars


@dataclass(frozen=True, slots=True)
class Admission:
    """Into which program, at which site, with which counselor, from which local date on."""

    admitted_on: date
    program_id: int | None = None
    site_id: int | None = None
    counselor_id: int | None = None


def admit(session: Database, *, actor: Actor, person_id: int, admission: Admission, now: datetime) -> Outcome:
    """A stay begins; what the member belongs to on that day or later, and to no stay yet, belongs to it.

    Raises Invalid on `person_id`, `program_id`, `site_id` and `counselor_id` for what is not there, Refused
    where a stay of theirs lasts, Conflict where somebody was faster.
    """
    return _begin(
        session,
        verb=Verb.ADMIT,
        actor=actor,
        person_id=person_id,
        admission=admission,
        series=(),
        now=now,
    )


def readmit(
    session: Database,
    *,
    actor: Actor,
    person_id: int,
    admission: Admission,
    series: Collection[int] = (),
    now: datetime,
) -> Outcome:
    """A new stay of somebody who was here before; they belong to these series again where there is a place.

    Where there is none, the outcome says so, and the rest is done. Raises as `admit`, and NotFound for a
    series that is not there.
    """
    return _begin(
        session,
        verb=Verb.READMIT,
        actor=actor,
        person_id=person_id,
        admission=admission,
        series=series,
        now=now,
    )


def left_behind(session: Database, person_id: int, *, on: date) -> tuple[Series, ...]:
    """The series that the member belonged to when their last stay ended, as they go on now: those to offer.

    A series that was split goes on as another one of its lineage.
    """
    query = select(Stay).where(Stay.person_id == person_id, Stay.discharged_on.is_not(None))
    stay = session.scalars(query.order_by(Stay.discharged_on.desc()).limit(1)).first()
    if stay is None:
        return ()
    own = belongings_of(session, person_id)
    until_the_end = [each for each in own if each.enrollment.stay_id == stay.id]
    lineages = {
        each.series.lineage_id for each in until_the_end if each.enrollment.until_date == stay.discharged_on
    }
    goes_on = Series.ends_on.is_(None) | (Series.ends_on >= on)
    found = select(Series).where(Series.lineage_id.in_(lineages), goes_on, Series.closed.is_(False))
    newest = {each.lineage_id: each for each in session.scalars(found.order_by(Series.id))}
    return tuple(sorted(newest.values(), key=lambda each: (each.title, each.id)))


def _begin(
    session: Database,
    *,
    verb: Verb,
    actor: Actor,
    person_id: int,
    admission: Admission,
    series: Collection[int],
    now: datetime,
) -> Outcome:
    counselors = [] if admission.counselor_id is None else [admission.counselor_id]
    held = take_hold(session, person_id, series=series, persons=counselors)
    with remember(session, verb, person_id=person_id, actor=actor, now=now) as memory:
        stay = begin_stay(
            session,
            person_id=person_id,
            admitted_on=admission.admitted_on,
            program_id=admission.program_id,
            site_id=admission.site_id,
            counselor_id=admission.counselor_id,
            kept_by=actor.person_id if _is_colleague(session, person_id) else None,
            now=now,
        )
        effects = [Effect(What.STAY_BEGINS, day=admission.admitted_on), *_adopt(held, stay)]
        for series_id in sorted(set(series)):
            effects += _enroll(session, actor, series_id, stay, now)
        session.flush()
    raise_calendars(session, {person_id} | beside(session, series), now=now)
    enrolled = sum(effect.what is What.ENROLLED for effect in effects)
    _note(session, verb, actor, stay, enrolled, now)
    return Outcome(memory.id, stay.id, tuple(effects))


def _is_colleague(session: Database, person_id: int) -> bool:
    """Whether the stay is a colleague's, and so the business of who made it alone."""
    staff = [role.value for role in STAFF]
    query = select(func.count()).where(PersonRole.person_id == person_id, PersonRole.role.in_(staff))
    return bool(session.scalar(query))


def _adopt(held: Sequence[Belonging], stay: Stay) -> Iterator[Effect]:
    for each in held:
        if each.enrollment.stay_id is None and each.term.holds_from(stay.admitted_on):
            each.enrollment.stay_id = stay.id
            yield each.effect(What.ADOPTED)


def _enroll(session: Database, actor: Actor, series_id: int, stay: Stay, now: datetime) -> Iterator[Effect]:
    series = load_series(session, series_id)
    first = max(stay.admitted_on, series.first_start.date())
    try:
        made = add_enrollment(session, series=series, person_id=stay.person_id, term=Term(first), now=now)
    except (Conflict, Refused):
        yield Effect(What.NO_PLACE, series.title, series.id)
        return
    yield Effect(What.ENROLLED, series.title, series.id, made.from_date)
    if busy := len(warnings_of(session, made, now)):
        yield Effect(What.BUSY_THEN, series.title, series.id, count=busy)
    if apart_of(session, made, actor=actor, now=now):
        yield Effect(What.KEPT_APART, series.title, series.id)


def _note(session: Database, verb: Verb, actor: Actor, stay: Stay, enrolled: int, now: datetime) -> None:
    record(
        session,
        actor=actor,
        at=now,
        action="stay.begun",
        subject="stay",
        subject_id=stay.id,
        person_id=stay.person_id,
        detail={
            "again": verb is Verb.READMIT,
            "admitted_on": stay.admitted_on.isoformat(),
            "enrolled": enrolled,
        },
    )
