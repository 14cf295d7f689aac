"""Passkeys: added, used, removed. A challenge is a row, and is answered once."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.access import ceremonies
from scheduler.domain.access.ceremonies import Answer, Asked, Party
from scheduler.domain.access.models import Challenge, Passkey
from scheduler.domain.people import names
from scheduler.domain.people.models import Identity, SignIn
from scheduler.domain.people.roles import Actor
from scheduler.domain.people.service import locked_active, note
from scheduler.errors import Invalid, NotFound, Refused
from scheduler.store.ledger import Ended, remember

LASTS: Final = timedelta(minutes=5)
"""How long a challenge can be answered."""
MOST: Final = 20
"""Passkeys of one person."""
LONGEST: Final = 60
NOT_TAKEN: Final = "The device’s answer did not hold. Try again."


def ask_for_new(session: Database, *, actor: Actor, party: Party, now: datetime) -> Asked:
    """Begin to add a passkey of one's own. Raises :class:`Refused` for too many."""
    person_id = actor.person_id or 0
    locked_active(session, person_id)
    mine = list(session.scalars(select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id)))
    if len(mine) >= MOST:
        raise Refused("There are many passkeys already. Remove one first.")
    asked = ceremonies.ask_for_new(
        party,
        handle=mine[0].user_handle if mine else ceremonies.new_handle(),
        name=session.get_one(Identity, person_id).short_name,
        known=tuple(key.credential_id for key in mine),
    )
    _keep(session, asked, person_id, now)
    return asked


def ask_for_any(session: Database, *, party: Party, now: datetime) -> Asked:
    """Begin to sign in by a passkey; nobody is named."""
    asked = ceremonies.ask_for_any(party)
    _keep(session, asked, None, now)
    return asked


def add(
    session: Database,
    *,
    actor: Actor,
    party: Party,
    name: str,
    answer: Answer,
    now: datetime,
) -> int:
    """Add the passkey that a device made for one's own challenge, and count it as this sign-in's second step.

    Raises :class:`Invalid` for a name that is none and for an answer that does not hold.
    """
    person_id = actor.person_id or 0
    locked_active(session, person_id)
    name = names.clean(name)
    if not name or len(name) > LONGEST:
        raise Invalid("Give it a name of at most 60 characters.", "name")
    made = ceremonies.new_key(answer, party)
    known = made and session.scalar(select(Passkey.id).where(Passkey.credential_id == made.credential_id))
    if made is None or known or not take_challenge(session, answer.challenge, person_id=person_id, now=now):
        raise Invalid(NOT_TAKEN)
    row = Passkey(
        person_id=person_id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        user_handle=ceremonies.handle_in(answer.challenge),
        sign_count=made.sign_count,
        name=name,
        made_at=now,
    )
    session.add(row)
    session.flush()
    mine = (SignIn.id == actor.sign_in_id, SignIn.person_id == person_id)
    session.execute(update(SignIn).where(*mine).values(second_step=True))
    note(session, actor, "passkey.added", person_id, now)
    return row.id


def remove(session: Database, *, actor: Actor, passkey_id: int, now: datetime) -> None:
    """Remove one of one's own passkeys. Raises :class:`NotFound` for another's."""
    person_id = actor.person_id or 0
    locked_active(session, person_id)
    mine = (Passkey.id == passkey_id, Passkey.person_id == person_id)
    credential_id = session.scalar(delete(Passkey).where(*mine).returning(Passkey.credential_id))
    if credential_id is None:
        raise NotFound
    forget(session, credential_id, now)
    note(session, actor, "passkey.removed", person_id, now)


def forget(session: Database, credential_id: bytes, now: datetime) -> None:
    """Have a restored backup remove it again."""
    remember(session, what=Ended.PASSKEY, key=hashlib.sha256(credential_id).hexdigest(), now=now)


def take_challenge(session: Database, challenge: bytes, *, person_id: int | None, now: datetime) -> bool:
    """Use a challenge up, and say whether it was live: of any number of answers at once, one is looked at."""
    row = Challenge.hash == ceremonies.hash_of(challenge)
    whose = Challenge.person_id.is_(None) if person_id is None else Challenge.person_id == person_id
    taken = delete(Challenge).where(row, whose, Challenge.expires_at > now).returning(Challenge.hash)
    return session.scalar(taken) is not None


def owner_of(session: Database, *, answer: Answer, party: Party, now: datetime) -> int | None:
    """Whose passkey gave this answer, which was counted on it; none where it does not hold.

    Commit it whatever the answer: the challenge is used up.
    """
    if not take_challenge(session, answer.challenge, person_id=None, now=now):
        return None
    mine = select(Passkey).where(Passkey.credential_id == answer.credential_id).with_for_update()
    key = session.scalar(mine)
    if key is None or answer.user_handle != key.user_handle:
        return None
    count = ceremonies.new_count(answer, party, public_key=key.public_key, sign_count=key.sign_count)
    if count is None:
        return None
    key.sign_count, key.used_at = count, now
    return key.person_id


def _keep(session: Database, asked: Asked, person_id: int | None, now: datetime) -> None:
    row = Challenge(hash=ceremonies.hash_of(asked.challenge), person_id=person_id, expires_at=now + LASTS)
    session.add(row)
    session.flush()
