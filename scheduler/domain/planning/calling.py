"""Whom a closure concerns, how to reach them, and who was reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import aliased

from scheduler.domain.enrollment.queries import members_by_occurrence
from scheduler.domain.people.models import Identity
from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.reach import Reach
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.models import Closure, ClosureCall, ClosureEffect
from scheduler.domain.stays.policy import private_members
from scheduler.errors import NotFound
from scheduler.store.audit import record
from scheduler.store.locks import lock


class Part(StrEnum):
    """Why somebody is concerned by a session; those who would stand before a closed door come first."""

    MEMBER = "member"
    FACILITATOR = "facilitator"


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who expects a session. `reached_at` is when they were told, by whom; none: not yet.

    A `phone` or an `email` may be missing; without both somebody has to tell them in person. The name is
    the short one: the list is printed, and lies about.
    """

    person_id: int
    name: str
    part: Part
    phone: str
    email: str
    reached_at: datetime | None
    reached_by: str


@dataclass(frozen=True, slots=True)
class Calls:
    """Who is concerned, by occurrence. Of `untold` members in each it is not the viewer's business that they
    are: others have to tell them.
    """

    contacts: Mapping[int, tuple[Contact, ...]]
    untold: Mapping[int, int]

    @property
    def persons(self) -> frozenset[int]:
        return frozenset(each.person_id for contacts in self.contacts.values() for each in contacts)

    @property
    def reached(self) -> frozenset[int]:
        return frozenset(
            each.person_id
            for contacts in self.contacts.values()
            for each in contacts
            if each.reached_at is not None
        )


def calls_of(session: Database, closure_id: int, occurrences: Collection[int], *, reach: Reach) -> Calls:
    """Everybody who expects these occurrences, as the viewer may see them, members first, by name.

    Who was reached before the closure was lifted is to be called again. Six statements at most.
    """
    members = members_by_occurrence(session, occurrences)
    leads = _leaders(session, occurrences)
    hidden = _hidden(session, {person for each in members.values() for person in each}, reach)
    seen = {
        number: [(person, Part.MEMBER) for person in members.get(number, ()) if person not in hidden]
        + [(person, Part.FACILITATOR) for person in leads.get(number, ())]
        for number in occurrences
    }
    known = _identities(session, {person for each in seen.values() for person, _ in each})
    reached = _reached(session, closure_id)
    contacts = {
        number: tuple(_contact(person, part, known[person], reached.get(person)) for person, part in ordered)
        for number, ordered in ((number, _ordered(each, known)) for number, each in seen.items())
    }
    untold = {number: sum(person in hidden for person in members.get(number, ())) for number in occurrences}
    return Calls(contacts, untold)


def set_reached(
    session: Database,
    *,
    actor: Actor,
    closure_id: int,
    person_id: int,
    is_reached: bool,
    reach: Reach,
    now: datetime,
) -> None:
    """Somebody concerned was told, or was not after all. Two who tick at once leave the first one's tick.

    Raises NotFound for somebody who is not on the viewer's list.
    """
    lock(session, persons=[person_id])
    closure = session.get(Closure, closure_id, populate_existing=True)
    done = select(ClosureEffect.occurrence_id).where(ClosureEffect.closure_id == closure_id)
    calls = calls_of(session, closure_id, session.scalars(done).all(), reach=reach)
    if closure is None or person_id not in calls.persons:
        raise NotFound("There is nobody like that on this list.")
    if is_reached is (person_id in calls.reached):
        return
    call = session.get(ClosureCall, (closure_id, person_id), populate_existing=True)
    if not is_reached:
        session.delete(call)
    elif call is None:
        session.add(
            ClosureCall(
                closure_id=closure_id, person_id=person_id, reached_at=now, reached_by=actor.person_id
            )
        )
    else:  # before it was lifted
        call.reached_at, call.reached_by = now, actor.person_id
    session.flush()
    record(
        session,
        actor=actor,
        at=now,
        action="closure.reached" if is_reached else "closure.not_reached",
        subject="closure",
        subject_id=closure_id,
        person_id=person_id,
    )


def _leaders(session: Database, occurrences: Collection[int]) -> dict[int, list[int]]:
    query = select(Duty.occurrence_id, Duty.person_id).where(Duty.occurrence_id.in_(occurrences))
    found: dict[int, list[int]] = defaultdict(list)
    for occurrence, person in session.execute(query.order_by(Duty.id)):
        found[occurrence].append(person)
    return found


def _hidden(session: Database, members: Collection[int], reach: Reach) -> frozenset[int]:
    """Members who are colleagues, and whose member side is not the viewer's business (``stays.policy``)."""
    private = private_members(reach.viewer)
    if private is None:
        return frozenset()
    return frozenset(
        session.scalars(
            select(Identity.person_id).where(Identity.person_id.in_(members), Identity.person_id.in_(private))
        )
    )


def _identities(session: Database, persons: Collection[int]) -> dict[int, Identity]:
    query = select(Identity).where(Identity.person_id.in_(persons))
    return {each.person_id: each for each in session.scalars(query)}


def _reached(session: Database, closure_id: int) -> dict[int, tuple[datetime, str]]:
    by = aliased(Identity)
    query = (
        select(ClosureCall.person_id, ClosureCall.reached_at, by.short_name)
        .join(Closure, Closure.id == ClosureCall.closure_id)
        .outerjoin(by, by.person_id == ClosureCall.reached_by)
        .where(ClosureCall.closure_id == closure_id)
        .where(Closure.lifted_at.is_(None) | (ClosureCall.reached_at >= Closure.lifted_at))
    )
    return {person: (at, name or "") for person, at, name in session.execute(query)}


def _ordered(people: Sequence[tuple[int, Part]], known: Mapping[int, Identity]) -> list[tuple[int, Part]]:
    return sorted(people, key=lambda each: (each[1] is Part.FACILITATOR, known[each[0]].search_name, each[0]))


def _contact(person_id: int, part: Part, known: Identity, reached: tuple[datetime, str] | None) -> Contact:
    at, by = reached or (None, "")
    return Contact(person_id, known.short_name, part, known.phone or "", known.email or "", at, by)
