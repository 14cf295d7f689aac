"""One try to sign in: counted, compared, begun; each in a transaction of its own, the slow part in none."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from flask import current_app

from scheduler import clock
from scheduler.config import Settings
from scheduler.domain.people import lockout, passwords, service
from scheduler.domain.people.queries import Credentials, credentials
from scheduler.domain.people.roles import Role
from scheduler.domain.people.sign_ins import Lengths, is_kept, length_of
from scheduler.extensions import db
from scheduler.store.transaction import transaction


class Refusal(Enum):
    """Why nobody is signed in. Neither tells whether the address is known."""

    WRONG = "wrong"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in: the secret for the cookie, whether the device keeps it, and whose roles it carries."""

    secret: str
    kept: bool
    roles: frozenset[Role]


def settings() -> Settings:
    """The settings of this application."""
    found: Settings = current_app.extensions["settings"]
    return found


def may_try(email: str) -> bool:
    """Count a try of this address, and say whether it may be made. Committed before it is answered."""
    given = settings()
    limit = lockout.Limit(given.lockout_tries, timedelta(minutes=given.lockout_minutes))
    with transaction(db.session) as session:
        key = lockout.key_of(given.secret_key, email)
        return service.count_try(session, key=key, limit=limit, now=clock.now())


def right(email: str, password: str) -> Credentials | None:
    """What the address signs in with, if ``password`` is right. As slow for an address nobody has."""
    found = credentials(db.session(), email=email)
    db.session.rollback()  # nothing is held open while the hash is made
    same = passwords.matches(found.password_hash if found else None, password)
    return found if same else None


def sign_in(email: str, password: str, *, wished: bool, instead_of: int | None) -> Begun | Refusal:
    """Try to sign in; ``wished`` is whether this device shall stay signed in.

    ``instead_of`` is the sign-in that the device has now, which ends with it.
    """
    if not may_try(email):
        return Refusal.WAIT
    found = right(email, password)
    if found is None or found.password_hash is None:
        return Refusal.WRONG
    given = settings()
    lengths = Lengths(timedelta(hours=given.sign_in_hours), timedelta(days=given.keep_signed_in_days))
    with transaction(db.session) as session:
        secret = service.sign_in(
            session,
            person_id=found.person_id,
            password_hash=found.password_hash,
            key=lockout.key_of(given.secret_key, email),
            lasts=length_of(found.roles, lengths, wished=wished),
            now=clock.now(),
            instead_of=instead_of,
        )
    return Begun(secret, is_kept(found.roles, wished=wished), found.roles) if secret else Refusal.WRONG
