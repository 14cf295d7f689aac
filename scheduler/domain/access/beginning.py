"""Signing in: the row that a cookie names is made here, whatever opened the door."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.access.ending import end_sign_in
from scheduler.domain.access.trying import forget_tries
from scheduler.domain.people import sign_ins
from scheduler.domain.people.models import Account, Person, SignIn
from scheduler.domain.people.roles import Actor
from scheduler.domain.people.service import note
from scheduler.domain.people.sign_ins import Way

USUAL: Final = Way()


def begin_sign_in(
    session: Database, *, person_id: int, lasts: timedelta, now: datetime, way: Way = USUAL
) -> str:
    """Make a sign-in and answer its secret, which nobody can look up again."""
    secret = sign_ins.new_secret()
    row = SignIn(
        person_id=person_id,
        secret_hash=sign_ins.hash_of(secret),
        created_at=now,
        expires_at=now + lasts,
        method=way.method,
        device=way.device,
        second_step=way.second_step,
        seen_at=now,
    )
    session.add(row)
    session.flush()
    return secret


def begin(
    session: Database,
    *,
    person_id: int,
    way: Way,
    lasts: timedelta,
    now: datetime,
    key: str = "",
    password_hash: str = "",
    instead_of: int | None = None,
) -> str | None:
    """Begin a sign-in after somebody proved to be this person, and answer its secret.

    It forgets the tries under ``key``, and ends the sign-in ``instead_of``, whose place on the device it
    takes. None where the person is disabled, or the password is not any more the one of ``password_hash``:
    both may have happened while it was being compared.
    """
    active = select(Person.id).where(Person.id == person_id, Person.disabled_at.is_(None))
    if password_hash:
        active = active.join(Account).where(Account.password_hash == password_hash)
    if session.scalar(active.with_for_update()) is None:
        return None
    forget_tries(session, key=key)
    if instead_of is not None:
        end_sign_in(session, sign_in_id=instead_of, now=now)
    secret = begin_sign_in(session, person_id=person_id, lasts=lasts, now=now, way=way)
    note(session, Actor(person_id, None, frozenset()), "sign_in.begun", person_id, now, method=way.method)
    return secret
