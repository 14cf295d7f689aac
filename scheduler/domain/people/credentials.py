"""Credentials of those who lead: given, corrected and taken off, and what stood on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.models import Credential
from scheduler.domain.people.names import clean
from scheduler.domain.people.roles import Actor
from scheduler.domain.people.service import GONE, locked, note
from scheduler.errors import Conflict, Invalid, NotFound, Refused

LONGEST: Final = 60
"""Letters of a kind, and of a number."""
CHANGED: Final = "Somebody changed this credential meanwhile. Look at it again."


@dataclass(frozen=True, slots=True)
class Draft:
    """A credential as it is typed; dates are both included, none is open."""

    kind: str
    number: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class CredentialView:
    """A credential as it stands, or stood."""

    id: int
    person_id: int
    kind: str
    number: str
    valid_from: date | None
    valid_until: date | None

    def is_over(self, on: date) -> bool:
        """Whether its last day is past."""
        return self.valid_until is not None and self.valid_until < on


def checked(draft: Draft) -> Draft:
    """The draft with clean texts. Raises Invalid with every field that is wrong."""
    kind, number = clean(draft.kind), clean(draft.number)
    wrong = {}
    if not kind:
        wrong["kind"] = "Say what it is."
    for field, text in (("kind", kind), ("number", number)):
        if len(text) > LONGEST:
            wrong[field] = f"Use at most {LONGEST} letters."
    if draft.valid_from and draft.valid_until and draft.valid_until < draft.valid_from:
        wrong["valid_until"] = "The last day is before the first."
    if wrong:
        raise Invalid.many(wrong)
    return Draft(kind, number, draft.valid_from, draft.valid_until)


def give_credential(session: Database, *, actor: Actor, person_id: int, draft: Draft, now: datetime) -> int:
    """Add a credential, and answer its id. Raises NotFound, Invalid, and Refused for who was erased."""
    person, draft = locked(session, person_id), checked(draft)
    if person.erased_at or person.merged_into:
        raise Refused(GONE)
    made = _add(session, actor, person_id, draft, None, now)
    note(session, actor, "credential.given", person_id, now)
    return made


def correct_credential(
    session: Database, *, actor: Actor, person_id: int, credential_id: int, draft: Draft, now: datetime
) -> None:
    """Another row takes its place; what sheets kept of it stays. Saying the same again changes nothing.

    Raises NotFound for a credential that is not theirs, Invalid, and Conflict for one that is replaced.
    """
    draft = checked(draft)
    row = _held(session, person_id, credential_id)
    if draft == Draft(row.kind, row.number, row.valid_from, row.valid_until):
        return
    row.replaced_at = now
    _add(session, actor, person_id, draft, row.id, now)
    note(session, actor, "credential.corrected", person_id, now)


def take_credential(
    session: Database, *, actor: Actor, person_id: int, credential_id: int, now: datetime
) -> None:
    """Take off what should not stand there; sheets that named it go on doing so. Raises as above."""
    _held(session, person_id, credential_id).replaced_at = now
    note(session, actor, "credential.taken", person_id, now)


def credentials_of(session: Database, person_id: int) -> tuple[CredentialView, ...]:
    """What stands, that which lasts longest first. One statement."""
    query = select(*_COLUMNS).where(Credential.person_id == person_id, Credential.replaced_at.is_(None))
    found = [CredentialView(*row) for row in session.execute(query.order_by(Credential.id.desc()))]
    return tuple(sorted(found, key=lambda each: each.valid_until or date.max, reverse=True))


def valid_on(session: Database, persons: Collection[int], day: date) -> dict[int, tuple[CredentialView, ...]]:
    """By person what they held on a local date, as it stands now. One statement, or none for nobody."""
    if not persons:
        return {}
    query = select(*_COLUMNS).where(
        Credential.person_id.in_(persons),
        Credential.replaced_at.is_(None),
        or_(Credential.valid_from.is_(None), Credential.valid_from <= day),
        or_(Credential.valid_until.is_(None), Credential.valid_until >= day),
    )
    found: dict[int, list[CredentialView]] = defaultdict(list)
    for row in session.execute(query.order_by(Credential.kind, Credential.id)):
        found[row[1]].append(CredentialView(*row))
    return {person: tuple(held) for person, held in found.items()}


def _add(
    session: Database, actor: Actor, person_id: int, draft: Draft, replaces: int | None, now: datetime
) -> int:
    row = Credential(
        person_id=person_id,
        kind=draft.kind,
        number=draft.number,
        valid_from=draft.valid_from,
        valid_until=draft.valid_until,
        replaces_id=replaces,
        made_by=actor.person_id,
        made_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def _held(session: Database, person_id: int, credential_id: int) -> Credential:
    """The row, its person locked. Raises NotFound, and Conflict where another took its place."""
    locked(session, person_id)
    row = session.get(Credential, credential_id, populate_existing=True)
    if row is None or row.person_id != person_id:
        raise NotFound("There is no such credential.")
    if row.replaced_at is not None:
        raise Conflict(CHANGED)
    return row


_COLUMNS: Final = (
    Credential.id,
    Credential.person_id,
    Credential.kind,
    Credential.number,
    Credential.valid_from,
    Credential.valid_until,
)
