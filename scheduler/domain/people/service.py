"""Changes to persons and their roles."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people import names
from scheduler.domain.people.models import Account, Identity, Person, PersonRole
from scheduler.domain.people.roles import Actor, Role
from scheduler.errors import Invalid
from scheduler.store.audit import record
from scheduler.store.revisions import CalendarRevision


def make_person(
    session: Database,
    *,
    actor: Actor,
    name: str,
    email: str | None,
    roles: Collection[Role],
    now: datetime,
    password_hash: str | None = None,
) -> int:
    """Make a person with these roles; without ``password_hash`` they cannot sign in by password yet.

    Raises :class:`Invalid` for an empty or overlong name and an address that another person has.
    """
    name = names.clean(name)
    if not name or len(name) > names.LONGEST:
        raise Invalid("Give a name of at most 200 characters.", "name")
    address = names.clean_email(email or "") or None
    if address and session.scalar(select(Identity.person_id).where(Identity.email == address)):
        raise Invalid("Another person has this e-mail address.", "email")
    person = Person(created_at=now)
    session.add(person)
    session.flush()
    session.add(CalendarRevision(person_id=person.id, raised_at=now))
    session.add(
        Identity(
            person_id=person.id,
            name=name,
            short_name=names.short_name(name),
            search_name=names.search_name(name),
            email=address,
        )
    )
    session.add_all(PersonRole(person_id=person.id, role=role, given_at=now) for role in sorted(set(roles)))
    if password_hash:
        session.add(Account(person_id=person.id, password_hash=password_hash, changed_at=now))
    session.flush()
    record(
        session,
        at=now,
        actor=actor.person_id,
        sign_in=actor.sign_in_id,
        action="person.made",
        subject="person",
        subject_id=person.id,
        person_id=person.id,
        detail={"roles": " ".join(sorted(set(roles)))},
    )
    return person.id
