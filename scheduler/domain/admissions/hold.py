"""Pausing what is expected of a member."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session as Database

from scheduler.domain.admissions.belonging import Belonging, remember, sessions_of, take_hold
from scheduler.domain.admissions.outcome import Effect, Outcome, Verb, What
from scheduler.domain.people.roles import Actor
from scheduler.domain.schedule.terms import Term
from scheduler.domain.stays.models import Hold
from scheduler.domain.stays.reasons import Places
from scheduler.domain.stays.service import add_hold, load_stay
from scheduler.errors import Invalid
from scheduler.store.audit import record
from scheduler.store.base import require_revision
from scheduler.store.revisions import raise_calendars


def hold(
    session: Database,
    *,
    actor: Actor,
    stay_id: int,
    revision: int,
    from_date: date,
    until_date: date | None,
    places: Places,
    now: datetime,
) -> Outcome:
    """Nothing is expected of the member between two local dates, both included; none: until welcomed back.

    Enrollments stay as they are; with `places` freed, others may have theirs meanwhile. Raises NotFound,
    Conflict where `revision` of the stay is not the newest, Invalid on `from_date` and `until_date` for dates
    in the wrong order or outside the stay, Refused where another hold has one of them.
    """
    stay = load_stay(session, stay_id)
    held = take_hold(session, stay.person_id)
    stay = load_stay(session, stay_id)
    require_revision(stay, revision)
    if stay.discharged_on is not None:
        raise Invalid("This stay has ended.", field="from_date")
    with remember(session, Verb.HOLD, person_id=stay.person_id, actor=actor, now=now) as memory:
        made = add_hold(
            session,
            actor=actor,
            stay=stay,
            from_date=from_date,
            until_date=until_date,
            places=places,
            now=now,
        )
        effects = tuple(_effects(session, made, held, now))
    raise_calendars(session, [stay.person_id], now=now)
    record(
        session,
        actor=actor,
        at=now,
        action="hold.made",
        subject="stay",
        subject_id=stay_id,
        person_id=stay.person_id,
        detail={
            "from_date": from_date.isoformat(),
            "until_date": until_date.isoformat() if until_date else None,
            "places": places.value,
        },
    )
    return Outcome(memory.id, stay_id, effects)


def _effects(session: Database, made: Hold, held: Sequence[Belonging], now: datetime) -> Iterator[Effect]:
    paused = Term(made.from_date, made.until_date)
    during = [each for each in held if each.term.overlaps(paused)]
    counts = [sessions_of(session, each, paused, now=now) for each in during]
    yield Effect(What.PAUSED, day=made.from_date, until=made.until_date, count=sum(counts))
    kept = What.PLACE_KEPT if made.places == Places.KEPT else What.PLACE_FREED
    for each, count in zip(during, counts, strict=True):
        if not each.is_for_one:
            yield each.effect(kept)
        elif count:
            yield each.effect(What.NOBODY_COMES, count=count)
