"""One try to sign in: counted, compared, begun; each in a transaction of its own, the slow part in none."""

from datetime import timedelta
from enum import Enum

from scheduler import clock
from scheduler.domain.access import beginning, trying
from scheduler.domain.access.queries import Credentials, credentials
from scheduler.domain.people import lockout, passwords
from scheduler.domain.people.sign_ins import Way
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web.auth.carrying import Begun, begun_with, device, lasting, settings


class Refusal(Enum):
    """Why nobody is signed in. Neither tells whether the address is known."""

    WRONG = "wrong"
    WAIT = "wait"


def key_of(email: str) -> str:
    """What the tries of this address are counted under."""
    return lockout.key_of(settings().secret_key, email)


def may_try(key: str) -> bool:
    """Count a try under this key, and say whether it may be made. Committed before it is answered."""
    given = settings()
    limit = lockout.Limit(given.lockout_tries, timedelta(minutes=given.lockout_minutes))
    with transaction(db.session) as session:
        return trying.count_try(session, key=key, limit=limit, now=clock.now())


def right(email: str, password: str) -> Credentials | None:
    """What the address signs in with, if ``password`` is right. As slow for an address nobody has."""
    found = credentials(db.session(), email=email)
    db.session.rollback()  # nothing is held open while the hash is made
    same = passwords.matches(found.password_hash if found else None, password)
    return found if same else None


def sign_in(
    email: str, password: str, *, wished: bool, instead_of: int | None
) -> Begun | Credentials | Refusal:
    """Try to sign in; ``wished`` is whether this device shall stay signed in.

    ``instead_of`` is the sign-in that the device has now, which ends with it. Where the password is right
    and a second step is needed, the answer is the credentials, and nobody is signed in.
    """
    if not may_try(key_of(email)):
        return Refusal.WAIT
    found = right(email, password)
    if found is None or found.password_hash is None:
        return Refusal.WRONG
    if found.needs_second_step:
        return found
    with transaction(db.session) as session:
        secret = beginning.begin(
            session,
            person_id=found.person_id,
            way=Way(device=device()),
            lasts=lasting(found.roles, wished=wished),
            key=key_of(email),
            password_hash=found.password_hash,
            instead_of=instead_of,
            now=clock.now(),
        )
    return begun_with(secret, found.roles, wished=wished) or Refusal.WRONG
