"""Two people who must not meet here: who they are, and a warning where a plan would bring them together.

Why is not stored. Only coordinators and administrators are warned; who the other one is they read only where
both are within their reach.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.queries import members_by_occurrence
from scheduler.domain.people.models import Identity, KeptApart, Person
from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.planning.reach import Reach
from scheduler.domain.roster.queries import leaders_by_occurrence
from scheduler.domain.schedule.conflicts import together
from scheduler.errors import Invalid, NotFound
from scheduler.store.audit import record
from scheduler.store.locks import lock

WARNED: Final = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Apart:
    """Two people who are kept apart, by id and short name; no name: somebody out of the viewer's reach."""

    person_id: int
    name: str
    other_id: int
    other: str


def keep_apart(session: Database, *, actor: Actor, person_id: int, other_id: int, now: datetime) -> None:
    """Keep two people apart; twice is the same as once. What stands in the plan stays.

    Raises NotFound for nobody, Invalid on ``other_id`` for the same person.
    """
    _require_two(session, person_id, other_id)
    if session.get(KeptApart, (person_id, other_id)) is not None:
        return
    for one, two in ((person_id, other_id), (other_id, person_id)):
        session.add(KeptApart(person_id=one, other_id=two, made_at=now, made_by=actor.person_id))
    session.flush()
    _note(session, actor, "apart.made", person_id, other_id, now)


def lift_apart(session: Database, *, actor: Actor, person_id: int, other_id: int, now: datetime) -> None:
    """They may meet again; twice is the same as once. Raises as `keep_apart`."""
    _require_two(session, person_id, other_id)
    both = KeptApart.person_id.in_([person_id, other_id]) & KeptApart.other_id.in_([person_id, other_id])
    if session.execute(delete(KeptApart).where(both).returning(KeptApart.person_id)).all():
        _note(session, actor, "apart.lifted", person_id, other_id, now)


def kept_apart_from(session: Database, person_id: int, *, reach: Reach) -> tuple[Apart, ...]:
    """Whom this person is kept apart from, those first whose names the viewer may read. Two statements."""
    others = session.scalars(select(KeptApart.other_id).where(KeptApart.person_id == person_id)).all()
    found = _named(session, {(person_id, other) for other in others}, reach)
    return tuple(sorted(found, key=lambda apart: (not apart.other, apart.other, apart.other_id)))


def would_meet(
    session: Database, *, actor: Actor, occurrences: Collection[int], persons: Collection[int], now: datetime
) -> tuple[Apart, ...]:
    """Which of these ``persons`` would meet at one of the occurrences whom they are kept apart from.

    To be asked after the change, which may be a rehearsal. One statement where nobody is kept apart from
    anybody, else five at most.
    """
    if not actor.has(*WARNED) or not persons or not occurrences:
        return ()
    query = select(KeptApart.person_id, KeptApart.other_id).where(KeptApart.person_id.in_(persons))
    pairs = {(one, two) for one, two in session.execute(query)}
    if not pairs:
        return ()
    members = members_by_occurrence(session, occurrences)
    leaders = leaders_by_occurrence(session, occurrences)
    present = [{*members.get(each, ()), *leaders.get(each, ())} for each in occurrences]
    led = {person for each in leaders.values() for person in each}
    reach = Reach(actor, actor.reach_as(WARNED), on=now.date())
    return _named(session, together(pairs, present), reach, led)


def _named(
    session: Database, pairs: Collection[tuple[int, int]], reach: Reach, seen: Collection[int] | None = None
) -> tuple[Apart, ...]:
    """With names, but for whom the viewer must not find: by reach, or, where they are told as being there,
    as a member who is a colleague. Those ``seen`` lead.
    """
    if not pairs:
        return ()
    sight = reach.of_people()
    query = select(Identity.person_id, Identity.short_name).where(
        Identity.person_id.in_({person for pair in pairs for person in pair})
    )
    if sight.among is not None:
        query = query.where(Identity.person_id.in_(sight.among))
    if sight.private is not None and seen is not None:
        query = query.where(Identity.person_id.in_(seen) | Identity.person_id.not_in(sight.private))
    names = dict(session.execute(query).all())
    return tuple(Apart(one, names.get(one, ""), two, names.get(two, "")) for one, two in sorted(pairs))


def _require_two(session: Database, person_id: int, other_id: int) -> None:
    if person_id == other_id:
        raise Invalid("Choose somebody else.", field="other_id")
    lock(session, persons=[person_id, other_id])
    there = session.scalars(select(Person.id).where(Person.id.in_([person_id, other_id]))).all()
    if len(there) != 2:
        raise NotFound("There is no such person.")


def _note(session: Database, actor: Actor, action: str, person_id: int, other_id: int, now: datetime) -> None:
    """An entry for each of them: whoever asks about one must find it."""
    for each in (person_id, other_id):
        record(
            session,
            actor=actor,
            at=now,
            action=action,
            subject="person",
            subject_id=each,
            person_id=each,
        )
