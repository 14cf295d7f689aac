"""Changes to persons and their roles, and what ends with them. How somebody signs in: ``domain/access``."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.people import names
from scheduler.domain.people.links import Purpose
from scheduler.domain.people.models import (
    Account,
    Device,
    Identity,
    OneTimeLink,
    Person,
    PersonRole,
    RoleSite,
    SignIn,
)
from scheduler.domain.people.roles import Actor, Role
from scheduler.errors import Invalid, NotFound, Refused
from scheduler.store.audit import record
from scheduler.store.base import require_revision
from scheduler.store.ledger import Ended, remember
from scheduler.store.locks import lock
from scheduler.store.revisions import CalendarRevision

TAKEN = "Another person has this e-mail address."
LAST = "Somebody must be able to manage accounts. Make another administrator first."
GONE = "Nobody stands behind this record any more."
DISABLED = "This person is disabled. Let them sign in again first."


def make_person(
    session: Database,
    *,
    actor: Actor,
    name: str,
    email: str | None,
    roles: Collection[Role],
    now: datetime,
    password_hash: str | None = None,
    confirmed: bool = False,
) -> int:
    """Make a person with these roles; without ``password_hash`` they cannot sign in by password yet.

    ``confirmed``: whoever makes them vouches that the address is theirs; otherwise it counts once they used
    a link that was sent there.

    Raises :class:`Invalid` for an empty or overlong name, and for an address that is none or that another
    person has.
    """
    name, address = _name(name), free_address(session, email)
    person = Person(created_at=now)
    session.add(person)
    session.flush()
    session.add(CalendarRevision(person_id=person.id, raised_at=now))
    short, search = names.short_name(name), names.search_name(name)
    identity = Identity(person_id=person.id, name=name, short_name=short, search_name=search, email=address)
    identity.email_confirmed_at = now if confirmed and address else None
    session.add(identity)
    session.add_all(PersonRole(person_id=person.id, role=role, given_at=now) for role in sorted(set(roles)))
    if password_hash:
        session.add(Account(person_id=person.id, password_hash=password_hash, changed_at=now))
    session.flush()
    note(session, actor, "person.made", person.id, now, roles=" ".join(sorted(set(roles))))
    return person.id


def rename(session: Database, *, actor: Actor, person_id: int, name: str, seen: int, now: datetime) -> None:
    """Change a name. Raises :class:`NotFound`, :class:`Invalid`, and :class:`Conflict` for a stale page."""
    person, name = locked(session, person_id), _name(name)
    require_revision(person, seen)
    identity = session.get_one(Identity, person_id)
    identity.name = name
    identity.short_name, identity.search_name = names.short_name(name), names.search_name(name)
    note(session, actor, "person.renamed", person_id, now)


def set_birth_year(
    session: Database, *, actor: Actor, person_id: int, year: int | None, seen: int, now: datetime
) -> None:
    """Set the year that somebody was born in, or none; it tells people of one name apart.

    Raises :class:`NotFound`, :class:`Invalid` for no such year, and :class:`Conflict` if the page is stale.
    """
    person = locked(session, person_id)
    require_revision(person, seen)
    session.get_one(Identity, person_id, populate_existing=True).birth_year = born_in(year, now)
    note(session, actor, "person.born_set", person_id, now)


def born_in(year: int | None, now: datetime) -> int | None:
    """The year, if somebody who is here can have been born in it. Raises :class:`Invalid`."""
    if year is not None and not now.year - 120 <= year <= now.year:
        raise Invalid("This is not the year that somebody was born in.", "birth_year")
    return year


def give_role(session: Database, *, actor: Actor, person_id: int, role: Role, now: datetime) -> None:
    """Give a role and end the person's sign-ins, so that the next one has it; twice is the same as once.

    Raises :class:`Refused` for who was erased, and for a record that goes on as another one.
    """
    person = locked(session, person_id)
    if person.erased_at or person.merged_into:
        raise Refused(GONE)
    if session.get(PersonRole, (person_id, role)):
        return
    session.add(PersonRole(person_id=person_id, role=role, given_at=now))
    person.revision += 1
    end_sign_ins(session, person_id=person_id, now=now)
    remember(session, what=Ended.ROLE_GIVEN, person_id=person_id, key=role, now=now)
    note(session, actor, "role.given", person_id, now, role=role)


def take_role(session: Database, *, actor: Actor, person_id: int, role: Role, now: datetime) -> bool:
    """Take a role and end the person's sign-ins; false if the person has not the role.

    Raises :class:`Refused` for the last administrator's.
    """
    if role is Role.ADMINISTRATOR:
        _require_another_administrator(session, person_id)
    person = locked(session, person_id)
    held = session.get(PersonRole, (person_id, role))
    if held is None:
        return False
    mine = (RoleSite.person_id == person_id, RoleSite.role == role)
    session.execute(delete(RoleSite).where(*mine))
    session.delete(held)
    person.revision += 1
    end_sign_ins(session, person_id=person_id, now=now)
    remember(session, what=Ended.ROLE_TAKEN, person_id=person_id, key=role, now=now)
    note(session, actor, "role.taken", person_id, now, role=role)
    return True


def disable(session: Database, *, actor: Actor, person_id: int, now: datetime) -> None:
    """Let a person sign in no more: ends their sign-ins, links and devices; their records stay.

    What they still lead or attend, and their feeds, are other packages'. Raises :class:`Refused` for
    the last administrator.
    """
    _require_another_administrator(session, person_id)
    person = locked(session, person_id)
    if person.disabled_at:
        return
    person.disabled_at = now
    person.revision += 1
    end_sign_ins(session, person_id=person_id, now=now)
    end_links(session, person_id=person_id, now=now)
    _end_devices(session, actor, person_id, now)
    remember(session, what=Ended.DISABLED, person_id=person_id, now=now)
    note(session, actor, "person.disabled", person_id, now)


def enable(session: Database, *, actor: Actor, person_id: int, now: datetime) -> None:
    """Let a disabled person sign in again, with the password they had; feeds stay ended.

    Raises :class:`Refused` for who was erased, and for a record that goes on as another one.
    """
    person = locked(session, person_id)
    if person.erased_at or person.merged_into:
        raise Refused(GONE)
    if person.disabled_at is None:
        return
    person.disabled_at = None
    person.revision += 1
    remember(session, what=Ended.ENABLED, person_id=person_id, now=now)
    note(session, actor, "person.enabled", person_id, now)


def end_sign_ins(session: Database, *, person_id: int, now: datetime, but: int | None = None) -> None:
    """End every sign-in of a person, except the one with the id ``but``."""
    mine = [SignIn.person_id == person_id]
    kept = session.scalar(select(SignIn.secret_hash).where(*mine, SignIn.id == but)) if but else None
    if kept:
        mine.append(SignIn.id != but)
    if ended := session.scalars(delete(SignIn).where(*mine).returning(SignIn.id)).all():
        stand_alone(session, person_id=person_id, sign_ins=ended)
        remember(session, what=Ended.SIGN_INS, person_id=person_id, key=kept or "", now=now)


def stand_alone(session: Database, *, person_id: int, sign_ins: Collection[int]) -> None:
    """Have no sign-in stand behind the devices of these ones, which somebody ended from elsewhere.

    Whoever has such a device need not be that person any more: what it sealed is kept aside until they sign
    in there anew. One whose sign-in was left by signing out, or is too old, is as good as before.
    """
    theirs = (Device.person_id == person_id, Device.sign_in_id.in_(sign_ins))
    session.execute(update(Device).where(*theirs).values(sign_in_id=None))


def end_links(session: Database, *, person_id: int, now: datetime, purpose: Purpose | None = None) -> None:
    """End a person's links, those for one purpose or all."""
    mine = [OneTimeLink.person_id == person_id, OneTimeLink.used_at.is_(None)]
    if purpose:
        mine.append(OneTimeLink.purpose == purpose)
    if session.execute(update(OneTimeLink).where(*mine).values(used_at=now).returning(OneTimeLink.id)).all():
        remember(session, what=Ended.LINKS, person_id=person_id, key=purpose or "", now=now)


def _end_devices(session: Database, actor: Actor, person_id: int, now: datetime) -> None:
    """They get no more names, and what they send is kept aside, also once the person is enabled again."""
    live = (Device.person_id == person_id, Device.ended_at.is_(None))
    session.execute(update(Device).where(*live).values(ended_at=now, ended_by=actor.person_id))


def _name(typed: str) -> str:
    name = names.clean(typed)
    if not name or len(name) > names.LONGEST:
        raise Invalid("Give a name of at most 200 characters.", "name")
    return name


def free_address(session: Database, typed: str | None) -> str | None:
    """The address as it is stored, none for nothing typed.

    Raises :class:`Invalid` for what is none, and for one that another person has.
    """
    given = (typed or "").strip()
    if given and not names.is_email(given):  # before it is folded: "ß" and "ss" are not the same mailbox
        raise Invalid("This is not an e-mail address.", "email")
    address = names.clean_email(given) or None
    if address and session.scalar(select(Identity.person_id).where(Identity.email == address)):
        raise Invalid(TAKEN, "email")
    return address


def locked(session: Database, person_id: int) -> Person:
    """The person, locked and as they are now. Raises :class:`NotFound`."""
    lock(session, persons=[person_id])
    person = session.get(Person, person_id, populate_existing=True)
    if person is None:
        raise NotFound
    return person


def locked_active(session: Database, person_id: int) -> Person:
    """The same. Raises :class:`Refused`, too, for a disabled person."""
    person = locked(session, person_id)
    if person.disabled_at:
        raise Refused(DISABLED)
    return person


def _require_another_administrator(session: Database, person_id: int) -> None:
    """Refuse where this is the only administrator; all are locked, so that two cannot leave at once."""
    active = (
        select(Person.id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(PersonRole.role == Role.ADMINISTRATOR, Person.disabled_at.is_(None))
    )
    lock(session, persons=[person_id, *session.scalars(active)])
    if list(session.scalars(active)) == [person_id]:
        raise Refused(LAST)


def note(session: Database, actor: Actor, action: str, person_id: int, now: datetime, **detail: str) -> None:
    """Put on record what was done to a person."""
    record(
        session,
        at=now,
        actor=actor,
        action=action,
        subject="person",
        subject_id=person_id,
        person_id=person_id,
        detail=detail,
    )
