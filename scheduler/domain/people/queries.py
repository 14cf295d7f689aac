"""Who somebody is, and what they can sign in with."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ScalarSelect, Select, String, bindparam, cast, func, or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people import names
from scheduler.domain.people.models import (
    Account,
    Identity,
    Person,
    PersonRole,
    RoleSite,
    SignIn,
)
from scheduler.domain.people.roles import STAFF, Actor, Role
from scheduler.store.asking import executed


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person behind a live sign-in, when it was last used, and whether it had a second step."""

    actor: Actor
    short_name: str
    seen_at: datetime
    second_step: bool


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person as administrators see them, and as they see themselves."""

    id: int
    name: str
    short_name: str
    email: str | None
    roles: frozenset[Role]
    can_sign_in: bool
    disabled_at: datetime | None
    revision: int
    erased_at: datetime | None = None
    merged_into: int | None = None

    @property
    def is_gone(self) -> bool:
        """Whether nobody stands behind this record any more: erased, or gone on as another one."""
        return self.erased_at is not None or self.merged_into is not None


@dataclass(frozen=True, slots=True)
class People:
    """Some of the persons that fit a search, in the order of their names, and how many do in all."""

    shown: tuple[PersonPage, ...]
    total: int


def signed_in(
    session: Database, *, secret_hash: str, now: datetime, idle: timedelta = timedelta.max
) -> SignedIn | None:
    """Who signed in with this secret, if the sign-in is live and the person not disabled. One statement.

    One of staff is over, too, when it was not used for as long as ``idle``.
    """
    asked = {"secret_hash": secret_hash, "now": now}
    found: Any = executed(session, _SIGNED_IN, asked).first()
    if found is None:
        return None
    sign_in_id, person_id, short_name, roles, limits, seen_at, second_step = found
    held = read_roles(roles)
    if is_idle(held, seen_at, idle=idle, now=now):
        return None
    actor = Actor(person_id, sign_in_id, held, _read_limits(limits))
    return SignedIn(actor, short_name, seen_at, second_step)


def acting_as(session: Database, person_id: int) -> Actor | None:
    """Somebody with the roles that they have, though not signed in; without any, once disabled.

    None for nobody. Of a record that goes on as another one it is that other one. One or two statements.
    """
    query = select(Person.disabled_at, Person.merged_into, roles_of(Person.id), _limits_of(Person.id)).where(
        Person.id == person_id
    )
    found = session.execute(query).first()
    if found is None:
        return None
    disabled_at, merged_into, roles, limits = found
    if merged_into is not None:
        return acting_as(session, merged_into)
    held = frozenset[Role]() if disabled_at else read_roles(roles)
    return Actor(person_id, None, held, _read_limits(limits))


def is_idle(roles: Collection[Role], seen_at: datetime, *, idle: timedelta, now: datetime) -> bool:
    """Whether a sign-in was not used for too long: staff see other people's records, members do not."""
    return not STAFF.isdisjoint(roles) and now - seen_at >= idle


def person_page(session: Database, person_id: int) -> PersonPage | None:
    """The person with this id, disabled or not; none where there is nobody."""
    found = session.execute(_pages().where(Person.id == person_id)).first()
    return _page(found) if found else None


def goes_on_as(session: Database, person_id: int) -> int | None:
    """The record that goes on in place of this one, or none. One statement."""
    return session.scalar(select(Person.merged_into).where(Person.id == person_id))


def person_of(session: Database, *, email: str) -> PersonPage | None:
    """The person with this address, disabled or not; none where it is unknown."""
    found = session.execute(_pages().where(Identity.email == names.clean_email(email))).first()
    return _page(found) if found else None


def people(
    session: Database,
    *,
    typed: str = "",
    role: Role | None = None,
    limit: int,
    skip: int,
    private: Select[int] | None = None,
) -> People:
    """``limit`` persons after the first ``skip`` whose name or address has words that begin so.

    Nothing typed finds everybody; accents and capitals do not matter; disabled persons come too, but for
    those who were erased, and records that go on as another one. The ``private`` are colleagues whom the
    viewer must not see as members (see ``stays.policy``).
    """
    query = _pages(private).where(Person.erased_at.is_(None), Person.merged_into.is_(None))
    if words := names.search_name(names.clean(typed)).split():
        query = query.where(Person.id.in_(called(words, or_email=True)))
    if role:
        query = query.where(Person.id.in_(select(PersonRole.person_id).where(PersonRole.role == role)))
    if role is Role.MEMBER and private is not None:
        query = query.where(Person.id.not_in(private))
    counted = query.with_only_columns(Person.id).subquery()
    total = session.scalar(select(func.count()).select_from(counted)) or 0
    found = session.execute(query.order_by(Identity.search_name, Person.id).limit(limit).offset(skip))
    return People(tuple(map(_page, found)), total)


def called(words: Iterable[str], *, or_email: bool = False) -> Select[int]:
    """The ids of who has names (``or_email``: or an address) that begin with each of these folded words.

    Looked for by itself, before anything is joined: the planner would otherwise walk everybody in the order
    of their names and look up each of them.
    """
    query = select(Identity.person_id)
    for word in words:
        ways = [
            Identity.search_name.startswith(word, autoescape=True),
            Identity.search_name.contains(f" {word}", autoescape=True),
        ]
        if or_email:
            ways.append(Identity.email.startswith(word, autoescape=True))
        query = query.where(or_(*ways))
    found = query.cte("called").prefix_with("MATERIALIZED")
    return select(found.c.person_id)


def roles_of(person: object, private: Select[int] | None = None) -> ScalarSelect[str]:
    """The roles of the person with the id in this column, joined; :func:`read_roles` takes them apart.

    Without that of a member for those who are ``private``.
    """
    query = select(func.aggregate_strings(PersonRole.role, ","))
    if private is not None:
        query = query.where(or_(PersonRole.role != Role.MEMBER, PersonRole.person_id.not_in(private)))
    return query.where(PersonRole.person_id == person).scalar_subquery()


def _limits_of(person: object) -> ScalarSelect[str]:
    pairs = RoleSite.role + ":" + cast(RoleSite.site_id, String)
    query = select(func.aggregate_strings(pairs, ","))
    return query.where(RoleSite.person_id == person).scalar_subquery()


_SIGNED_IN: Final = (
    select(
        SignIn.id,
        SignIn.person_id,
        Identity.short_name,
        roles_of(SignIn.person_id),
        _limits_of(SignIn.person_id),
        func.coalesce(SignIn.seen_at, SignIn.created_at),
        SignIn.second_step,
    )
    .join(Person, Person.id == SignIn.person_id)
    .join(Identity, Identity.person_id == SignIn.person_id)
    .where(
        SignIn.secret_hash == bindparam("secret_hash"),
        SignIn.expires_at > bindparam("now"),
        Person.disabled_at.is_(None),
    )
)


def _read_limits(pairs: str | None) -> frozenset[tuple[Role, int]]:
    each = (pair.partition(":") for pair in (pairs or "").split(",") if pair)
    return frozenset((Role(role), int(site_id)) for role, _, site_id in each)


def read_roles(roles: str | None) -> frozenset[Role]:
    """What :func:`roles_of` found."""
    return frozenset(Role(name) for name in (roles or "").split(",") if name)


def _pages(private: Select[int] | None = None) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Person.id,
            Identity.name,
            Identity.short_name,
            Identity.email,
            roles_of(Person.id, private),
            Account.person_id.is_not(None),
            Person.disabled_at,
            Person.revision,
            Person.erased_at,
            Person.merged_into,
        )
        .join(Identity, Identity.person_id == Person.id)
        .outerjoin(Account, Account.person_id == Person.id)
    )


def _page(row: Any) -> PersonPage:
    person_id, name, short_name, email, roles, *rest = row
    return PersonPage(person_id, name, short_name, email, read_roles(roles), *rest)
