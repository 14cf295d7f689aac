"""Ending sign-ins: by signing out, one from the list, or all the others."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.models import SignIn
from scheduler.domain.people.roles import Actor
from scheduler.domain.people.service import end_sign_ins, note, stand_alone
from scheduler.errors import NotFound
from scheduler.store.ledger import Ended, remember


def end_sign_in(session: Database, *, sign_in_id: int, now: datetime) -> None:
    """End one sign-in; ending it twice is the same."""
    ended = delete(SignIn).where(SignIn.id == sign_in_id).returning(SignIn.secret_hash)
    secret_hash = session.scalar(ended)
    if secret_hash:
        remember(session, what=Ended.SIGN_IN, key=secret_hash, now=now)


def mark_seen(session: Database, *, sign_in_id: int, now: datetime) -> None:
    """Note that a sign-in was used; one that is over stays over."""
    session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=now))


def end_own(session: Database, *, actor: Actor, sign_in_id: int, now: datetime) -> None:
    """End one of one's own sign-ins. Raises :class:`NotFound` for another's, and for one that is over."""
    mine = (SignIn.id == sign_in_id, SignIn.person_id == actor.person_id)
    if actor.person_id is None or session.scalar(select(SignIn.id).where(*mine)) is None:
        raise NotFound
    end_sign_in(session, sign_in_id=sign_in_id, now=now)
    if sign_in_id != actor.sign_in_id:
        stand_alone(session, person_id=actor.person_id, sign_ins=[sign_in_id])
    note(session, actor, "sign_in.ended", actor.person_id, now)


def end_others(session: Database, *, actor: Actor, now: datetime) -> None:
    """End all of one's own sign-ins but the one that asks for it. Raises :class:`NotFound` for nobody."""
    if actor.person_id is None:
        raise NotFound
    end_sign_ins(session, person_id=actor.person_id, but=actor.sign_in_id, now=now)
    note(session, actor, "sign_in.others_ended", actor.person_id, now)
