"""Who somebody is."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.models import Identity, Person, PersonRole, SignIn
from scheduler.domain.people.roles import Actor, Role


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person behind a live sign-in."""

    actor: Actor
    short_name: str


def signed_in(session: Database, *, secret_hash: str, now: datetime) -> SignedIn | None:
    """Who signed in with this secret, if the sign-in is live and the person not disabled. One statement."""
    roles = (
        select(func.aggregate_strings(PersonRole.role, ","))
        .where(PersonRole.person_id == SignIn.person_id)
        .scalar_subquery()
    )
    query = (
        select(SignIn.id, SignIn.person_id, Identity.short_name, roles)
        .join(Person, Person.id == SignIn.person_id)
        .join(Identity, Identity.person_id == SignIn.person_id)
        .where(SignIn.secret_hash == secret_hash, SignIn.expires_at > now, Person.disabled_at.is_(None))
    )
    found = session.execute(query).first()
    if found is None:
        return None
    sign_in_id, person_id, short_name, names = found
    held = frozenset(Role(name) for name in (names or "").split(",") if name)
    return SignedIn(Actor(person_id=person_id, sign_in_id=sign_in_id, roles=held), short_name)
