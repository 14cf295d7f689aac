"""Sign-ins as rows: the cookie holds a secret, the row its hash. Deleting the row ends it."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.models import SignIn


def hash_of(secret: str) -> str:
    """What the row keeps of a secret of 256 random bits; a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def begin(session: Database, *, person_id: int, lasts: timedelta, now: datetime) -> str:
    """Make a sign-in and answer its secret, which nobody can look up again."""
    secret = secrets.token_urlsafe(32)
    row = SignIn(person_id=person_id, secret_hash=hash_of(secret), created_at=now, expires_at=now + lasts)
    session.add(row)
    session.flush()
    return secret


def end(session: Database, *, sign_in_id: int) -> None:
    """End one sign-in; ending it twice is the same."""
    session.execute(delete(SignIn).where(SignIn.id == sign_in_id))


def end_all(session: Database, *, person_id: int, but: int | None = None) -> None:
    """End every sign-in of a person, except the one with the id ``but``."""
    kept = SignIn.id != but if but is not None else SignIn.id.is_not(None)
    session.execute(delete(SignIn).where(SignIn.person_id == person_id, kept))
