"""Taking back what was last done to a member, while nothing was built on it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.admissions.belonging import belongings_of, take_hold
from scheduler.domain.admissions.outcome import Verb
from scheduler.domain.attendance.models import Mark, Sheet
from scheduler.domain.calendars.service import note_live_again
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import beside
from scheduler.domain.enrollment.service import without_place
from scheduler.domain.people.models import Person
from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.concerned import persons_of_series
from scheduler.domain.planning.undoing import require_still_free
from scheduler.domain.schedule.models import Occurrence
from scheduler.domain.schedule.terms import Term
from scheduler.domain.stays.models import Hold, Stay
from scheduler.errors import Conflict, NotFound, Refused
from scheduler.store.audit import record
from scheduler.store.memory import CLOSED, BuiltUpon, Memory, Step, latest, load, steps_of, take_back
from scheduler.store.revisions import raise_calendars

CHANGED = {
    "stay": "The stay was changed since.",
    "hold": "The pause was changed since.",
    "enrollment": "What they belong to was changed since.",
    "feed": "One of their calendars was changed since.",
}
PLAN_CHANGED = "A session that was for them was changed since."
JOINED = "Two records of them were joined since: what was done before cannot be undone."
TWO_AT_ONCE = "They would have two stays or two pauses on the same day. Nothing was undone."


def undo(session: Database, *, actor: Actor, person_id: int, memory_id: int, now: datetime) -> Verb:
    """Everything is as it was before; answers what was taken back. Calendars see it as one more change.

    Raises NotFound for what is not this person's; Refused where something was built on it: another step was
    taken since, a row was changed, something was recorded, a session that was called off should have begun,
    another record was joined with theirs, two stays or holds would share a day; Conflict where somebody else
    has a place, a room or the counselor's hour by now.
    """
    memory = load(session, memory_id)
    if memory.person_id != person_id or memory.kind not in set(Verb):
        raise NotFound("There is nothing to undo.")
    steps = steps_of(memory)
    planned = _keys(steps, "series")
    joined = _series_of(session, steps) - planned
    take_hold(session, person_id, series=joined, planned=planned)
    memory = load(session, memory_id)
    _require_not_joined(session, person_id)
    _require_nobody_joined(session, steps)
    _require_nothing_recorded(session, memory, joined | planned)
    try:
        take_back(session, memory, now=now)
    except BuiltUpon as built:
        raise Refused(CHANGED.get(built.table, PLAN_CHANGED)) from built
    note_live_again(session, feeds=_keys(steps, "feed"), now=now)
    _require_one_at_a_time(session, person_id)
    _require_places(session, person_id, now)
    _require_free_hours(session, _keys(steps, "occurrence"), now)
    concerned = persons_of_series(session, *planned) if planned else set()
    raise_calendars(session, {person_id, *concerned} | beside(session, joined), now=now)
    record(
        session,
        actor=actor,
        at=now,
        action="life.undone",
        subject="person",
        subject_id=person_id,
        person_id=person_id,
        detail={
            "what": memory.kind,
            "memory": memory.id,
        },
    )
    return Verb(memory.kind)


def last_done(session: Database, person_id: int) -> tuple[int, Verb, datetime] | None:
    """What could be taken back: the memory's id, what was done and when; none: nothing. One statement."""
    memory = latest(session, person_id)
    return (memory.id, Verb(memory.kind), memory.made_at) if memory and memory.kind in set(Verb) else None


def _keys(steps: Sequence[Step], table: str) -> set[int]:
    return {step.key for step in steps if step.table == table}


def _series_of(session: Database, steps: Sequence[Step]) -> set[int]:
    """The series of the enrollments that these steps touch, those that are gone included."""
    query = select(Enrollment.series_id).where(Enrollment.id.in_(_keys(steps, "enrollment")))
    standing = set(session.scalars(query))
    rows = [step.before for step in steps if step.table == "enrollment"]
    return standing | {row["series_id"] for row in rows if row and "series_id" in row}


def _require_not_joined(session: Database, person_id: int) -> None:
    """What a step remembers knows nothing of the stays and holds that came from another record."""
    newest = latest(session, person_id)
    if newest is not None and newest.kind == CLOSED:
        raise Refused(JOINED)


def _require_nobody_joined(session: Database, steps: Sequence[Step]) -> None:
    """Who led, or looked after them, is not put back under a number that leads to another record by now."""
    named = {(step.before or {}).get(name) for step in steps for name in ("person_id", "counselor_id")}
    gone = select(Person.id).where(Person.id.in_(named - {None}), Person.merged_into.is_not(None))
    if session.scalar(gone.limit(1)) is not None:
        raise Refused(PLAN_CHANGED)


def _require_one_at_a_time(session: Database, person_id: int) -> None:
    stays = select(Stay.admitted_on, Stay.discharged_on).where(Stay.person_id == person_id)
    holds = select(Hold.from_date, Hold.until_date).where(Hold.person_id == person_id)
    for query in (stays.order_by(Stay.admitted_on), holds.order_by(Hold.from_date)):
        for (_, last), (first, _) in pairwise(session.execute(query).all()):
            if last is None or last >= first:
                raise Refused(TWO_AT_ONCE)


def _require_nothing_recorded(session: Database, memory: Memory, series: Collection[int]) -> None:
    query = (
        select(Mark.id)
        .join(Sheet, Sheet.id == Mark.sheet_id)
        .join(Occurrence, Occurrence.id == Sheet.occurrence_id)
        .where(
            Mark.person_id == memory.person_id,
            Mark.marked_at > memory.made_at,
            Occurrence.series_id.in_(series),
        )
    )
    if session.scalar(query.limit(1)) is not None:
        raise Refused("Something was recorded of them there since.")


def _require_places(session: Database, person_id: int, now: datetime) -> None:
    """Raises Conflict where somebody else has a place by now."""
    lost = without_place(session, person_id=person_id, on=Term(now.date()))
    for each in belongings_of(session, person_id) if lost else ():
        if each.enrollment.id in lost:
            raise Conflict(f"Somebody else has the place in {each.series.title} by now.")


def _require_free_hours(session: Database, occurrences: Collection[int], now: datetime) -> None:
    """Raises Refused for a session that should have begun, Taken for a room or a leader who is not free."""
    begun = select(Occurrence.id).where(
        Occurrence.id.in_(occurrences), Occurrence.booked, Occurrence.starts_at <= now
    )
    if session.scalar(begun.limit(1)) is not None:
        raise Refused("A session that was called off should have begun by now.")
    require_still_free(session, occurrences)
