"""Finding a person by the beginnings of their names."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import ColumnElement, Row, Select, func, literal, or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people import names
from scheduler.domain.people.models import Identity, Person, PersonRole
from scheduler.domain.people.queries import called
from scheduler.domain.people.roles import Role

MOST = 50
"""Answers at a time: whoever sees more than these types another letter."""


@dataclass(frozen=True, slots=True)
class Found:
    """A person as coordinators see them; ``active`` is false for somebody disabled."""

    id: int
    name: str
    short_name: str
    email: str | None
    roles: frozenset[Role]
    active: bool


@dataclass(frozen=True, slots=True)
class Sight:
    """Whom a viewer may find: persons ``among`` these ids (none: everybody).

    The ``private`` are colleagues whose member side is not the viewer's business (none: nobody's): they are
    found as those who work here, and not as members.
    """

    among: Select[int] | None = None
    private: Select[int] | None = None


EVERYBODY: Final = Sight()


def found_by(
    session: Database, typed: str, *, role: Role | None = None, most: int = MOST, sight: Sight = EVERYBODY
) -> list[Found]:
    """Who has names that begin with every word typed, accents and case aside, in order of their names.

    With a ``role``, only who holds it and is not disabled. Nothing typed finds nobody.
    """
    words = names.search_name(names.clean(typed)).split()
    if not words:
        return []
    query = (
        _seen(sight).where(Person.id.in_(called(words))).order_by(Identity.search_name, Person.id).limit(most)
    )
    if role is not None:
        query = query.where(Person.disabled_at.is_(None), _holds(role, sight))
    return [_found(row) for row in session.execute(query)]


def called_exactly(session: Database, typed: str, *, role: Role, sight: Sight = EVERYBODY) -> list[Found]:
    """Who has exactly this full name, accents and case aside, holds the role and is not disabled.

    Two at most: whoever finds more than one has not found anybody.
    """
    name = names.search_name(names.clean(typed))
    query = _seen(sight).where(
        Identity.search_name == name, Person.disabled_at.is_(None), _holds(role, sight)
    )
    return [_found(row) for row in session.execute(query.order_by(Person.id).limit(2))] if name else []


def person_of(session: Database, person_id: int, *, sight: Sight = EVERYBODY) -> Found | None:
    """The person with this id, or none."""
    row = session.execute(_seen(sight).where(Person.id == person_id)).first()
    return _found(row) if row else None


def holders_of(session: Database, role: Role, *, sight: Sight = EVERYBODY) -> list[Found]:
    """Everybody who holds a role and is not disabled, by name, each told apart by ``short_name``.

    Two with the same short name have their full one there. Of their roles only this one is told: to look up
    the others of each, and who may know of them, would take far longer than the list itself.
    """
    only = literal(role.value)
    query = _seen(sight, roles=only).where(Person.disabled_at.is_(None), _holds(role, sight))
    return told_apart(_found(row) for row in session.execute(query.order_by(Identity.search_name)))


def told_apart(people: Iterable[Found]) -> list[Found]:
    """The same people, with the full name as ``short_name`` where two would read alike."""
    listed = list(people)
    times = Counter(person.short_name for person in listed)
    return [
        replace(person, short_name=person.name) if times[person.short_name] > 1 else person
        for person in listed
    ]


def _seen(
    sight: Sight, *, roles: ColumnElement[str] | None = None
) -> Select[int, str, str, str | None, str, bool]:
    query = select(
        Person.id,
        Identity.name,
        Identity.short_name,
        Identity.email,
        _roles(sight) if roles is None else roles,
        Person.disabled_at.is_(None),
    ).join(Identity, Identity.person_id == Person.id)
    return query if sight.among is None else query.where(Person.id.in_(sight.among))


def _roles(sight: Sight) -> ColumnElement[str]:
    """The roles of a Person that may be told, with commas between them."""
    held = select(func.coalesce(func.aggregate_strings(PersonRole.role, ","), ""))
    held = held.where(PersonRole.person_id == Person.id)
    if sight.private is not None:
        held = held.where(or_(PersonRole.role != Role.MEMBER, Person.id.not_in(sight.private)))
    return held.correlate(Person).scalar_subquery()


def _holds(role: Role, sight: Sight) -> ColumnElement[bool]:
    held = Person.id.in_(select(PersonRole.person_id).where(PersonRole.role == role))
    if role is Role.MEMBER and sight.private is not None:
        return held & Person.id.not_in(sight.private)
    return held


def _found(row: Row[int, str, str, str | None, str, bool]) -> Found:
    person_id, name, short_name, email, roles, active = row
    return Found(
        person_id, name, short_name, email, frozenset(map(Role, filter(None, roles.split(",")))), active
    )
