"""Who did what, and who saw whom: the audit, in one question."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true, union
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import aliased

from scheduler.domain.people.models import Identity, Person, PersonRole, SignIn
from scheduler.domain.people.roles import Role
from scheduler.store.audit import AuditEntry, AuditPerson

READ: Final = "read"
EXPORTED: Final = "person.exported"
NEWEST: Final = (AuditEntry.at.desc(), AuditEntry.id.desc())
EACH: Final = 1000
"""Entries fetched at a time where all are wanted."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which entries: about a person, by an actor, of one action, between two instants (the second not
    included). What is none is not asked for.

    ``reads``: only reads, or only what is none; ``not_by`` leaves one actor out.
    """

    person_id: int | None = None
    actor: int | None = None
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None
    reads: bool | None = None
    not_by: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One act or one read. ``by`` is the short name of who did it, empty for the command line and the worker.

    ``sign_in`` is the number of the sign-in it was done from, ``device`` what that was, while it lasts.
    ``persons`` counts all whom it concerns.
    """

    id: int
    at: datetime
    actor: int | None
    by: str
    roles: frozenset[Role]
    sign_in: int | None
    device: str
    action: str
    subject: str
    subject_id: int | None
    person_id: int | None
    person: str
    persons: int
    detail: Mapping[str, int | str | bool | None]


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, the newest first; ``older`` is where the next page begins, or none."""

    entries: tuple[Entry, ...]
    older: int | None


def entries(session: Database, wish: Wish, *, most: int, before: int | None = None) -> Page:
    """At most ``most`` entries older than the entry ``before``. Three statements at most."""
    asked = _conditions(session, wish, before)
    found = [_entry(row) for row in session.execute(_query(session, wish, asked, most + 1)).mappings()]
    shown = tuple(found[:most])
    return Page(shown, shown[-1].id if len(found) > most else None)


def all_entries(session: Database, wish: Wish) -> Iterator[Entry]:
    """Every entry, the newest first, fetched some at a time."""
    before = None
    while True:
        page = entries(session, wish, most=EACH, before=before)
        yield from page.entries
        if page.older is None:
            return
        before = page.older


def actions(session: Database) -> tuple[str, ...]:
    """Every action that is on record, in order. Each is one look into an index."""
    first = select(func.min(AuditEntry.action).label("action")).cte("known", recursive=True)
    following = (
        select(func.min(AuditEntry.action))
        .where(AuditEntry.action > first.c.action)
        .correlate(first)
        .scalar_subquery()
    )
    known = first.union_all(select(following).where(first.c.action.is_not(None)))
    return tuple(session.scalars(select(known.c.action).where(known.c.action.is_not(None))))


def one_record(session: Database, person_id: int) -> tuple[int, ...]:
    """The number of a person, and those of the records that were merged into theirs."""
    merged = session.scalars(select(Person.id).where(Person.merged_into == person_id).order_by(Person.id))
    return (person_id, *merged)


def _query(session: Database, wish: Wish, asked: ColumnElement[bool], most: int) -> Select[Any]:
    actor, person = aliased(Identity), aliased(Identity)
    others = select(func.count()).where(AuditPerson.entry_id == AuditEntry.id).scalar_subquery()
    held = select(func.aggregate_strings(PersonRole.role, ","))
    query = (
        select(
            AuditEntry.id,
            AuditEntry.at,
            AuditEntry.actor,
            func.coalesce(actor.short_name, "").label("by"),
            held.where(PersonRole.person_id == AuditEntry.actor).scalar_subquery().label("roles"),
            AuditEntry.sign_in,
            func.coalesce(SignIn.device, "").label("device"),
            AuditEntry.action,
            AuditEntry.subject,
            AuditEntry.subject_id,
            AuditEntry.person_id,
            func.coalesce(person.short_name, "").label("person"),
            others.label("persons"),
            AuditEntry.detail,
        )
        .outerjoin(actor, actor.person_id == AuditEntry.actor)
        .outerjoin(person, person.person_id == AuditEntry.person_id)
        .outerjoin(SignIn, SignIn.id == AuditEntry.sign_in)
        .order_by(*NEWEST)
        .limit(most)
    )
    if wish.person_id is None:
        return query.where(asked)
    return query.where(_concerns(one_record(session, wish.person_id), asked, most))


def _concerns(theirs: Collection[int], asked: ColumnElement[bool], most: int) -> ColumnElement[bool]:
    # Each half goes along its own index; one condition with "or" would look at every entry.
    about = select(AuditEntry.id).where(AuditEntry.person_id.in_(theirs), asked)
    among = select(AuditEntry.id).join(AuditPerson, AuditPerson.entry_id == AuditEntry.id)
    among = among.where(AuditPerson.person_id.in_(theirs), asked)
    newest = [half.order_by(*NEWEST).limit(most).subquery() for half in (about, among)]
    return AuditEntry.id.in_(union(*(select(half.c.id) for half in newest)))


def _conditions(session: Database, wish: Wish, before: int | None) -> ColumnElement[bool]:
    asked: ColumnElement[bool] = true()
    if wish.actor is not None:
        asked &= AuditEntry.actor == wish.actor
    if wish.action:
        asked &= AuditEntry.action == wish.action
    if wish.reads is not None:
        asked &= AuditEntry.action == READ if wish.reads else AuditEntry.action != READ
    if wish.not_by is not None:
        asked &= AuditEntry.actor.is_distinct_from(wish.not_by)
    if wish.since is not None:
        asked &= AuditEntry.at >= wish.since
    if wish.until is not None:
        asked &= AuditEntry.at < wish.until
    at = session.scalar(select(AuditEntry.at).where(AuditEntry.id == before)) if before is not None else None
    if at is not None:
        asked &= or_(AuditEntry.at < at, and_(AuditEntry.at == at, AuditEntry.id < before))
    return asked


def _entry(row: Any) -> Entry:
    roles = frozenset(Role(name) for name in (row["roles"] or "").split(",") if name)
    return Entry(**{**row, "roles": roles, "persons": row["persons"] or int(row["person_id"] is not None)})
