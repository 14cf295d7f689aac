"""The same few people everywhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session as Database

from scheduler.domain.access.beginning import begin_sign_in
from scheduler.domain.people import service
from scheduler.domain.people.models import SignIn
from scheduler.domain.people.roles import SYSTEM, Actor, Role

LONG = timedelta(days=4000)
NAMES = {
    "member": ("Renee Tamm", Role.MEMBER),
    "other_member": ("Marcus Tull", Role.MEMBER),
    "facilitator": ("Dana Rowe", Role.FACILITATOR),
    "other_facilitator": ("Femi Adeyemi", Role.FACILITATOR),
    "coordinator": ("Odile Kern", Role.COORDINATOR),
    "administrator": ("Yusuf Brandt", Role.ADMINISTRATOR),
}


@dataclass(frozen=True, slots=True)
class Someone:
    """A person of the tests; ``secret`` is a live sign-in of theirs (empty for the outsider)."""

    id: int
    name: str
    email: str
    actor: Actor
    secret: str


@dataclass(frozen=True, slots=True)
class Everybody:
    """An outsider has no account at all."""

    outsider: None
    member: Someone
    other_member: Someone
    facilitator: Someone
    other_facilitator: Someone
    coordinator: Someone
    administrator: Someone


def make_everybody(session: Database, now: datetime) -> Everybody:
    """Make them, each signed in once."""
    made = {}
    for key, (name, role) in NAMES.items():
        email = f"{key.replace('_', '.')}@example.org"
        person_id = service.make_person(
            session, actor=SYSTEM, name=name, email=email, roles=[role], now=now, confirmed=True
        )
        secret = begin_sign_in(session, person_id=person_id, lasts=LONG, now=now)
        actor = Actor(person_id=person_id, sign_in_id=None, roles=frozenset({role}))
        made[key] = Someone(person_id, name, email, actor, secret)
    # Used just now whatever the clock of a test says: that idle sign-ins end is a test's of its own.
    session.execute(update(SignIn).values(seen_at=now + LONG))
    return Everybody(outsider=None, **made)
