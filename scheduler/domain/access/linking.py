"""Links by mail that set a password: asked for, made, used."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.access.models import Challenge
from scheduler.domain.access.trying import forget_tries
from scheduler.domain.people import names
from scheduler.domain.people.links import TO_A_PASSWORD, Purpose
from scheduler.domain.people.models import Account, Identity, Lockout, OneTimeLink, Person, SignIn
from scheduler.domain.people.roles import Actor
from scheduler.domain.people.service import end_links, end_sign_ins, locked_active, note
from scheduler.errors import NotFound, Refused
from scheduler.store.ledger import Ended, remember
from scheduler.store.outbox import enqueue


def ask_reset(session: Database, *, email: str, now: datetime) -> None:
    """Ask for a link to a new password. The same reads and writes whether the address is known or not."""
    known = select(Person.id).join(Identity).where(Person.disabled_at.is_(None))
    person_id = session.scalar(known.where(Identity.email == names.clean_email(email)))
    enqueue(session, kind=Purpose.RESET, payload={"person_id": person_id or 0}, now=now)


def invite(session: Database, *, actor: Actor, person_id: int, now: datetime) -> None:
    """Have an invitation sent by mail. Raises :class:`Refused` for one who is disabled or has no address."""
    locked_active(session, person_id)
    if session.get_one(Identity, person_id).email is None:
        raise Refused("There is no e-mail address to send it to.")
    enqueue(session, kind=Purpose.INVITATION, payload={"person_id": person_id}, now=now)
    note(session, actor, "person.invited", person_id, now)


def make_link(session: Database, *, person_id: int, purpose: Purpose, lasts: timedelta, now: datetime) -> int:
    """Make a link that can be used once, and end the person's earlier ones for this purpose; answers its id.

    An invitation outlives a reset, which anybody may ask for. Raises :class:`NotFound`, and :class:`Refused`
    for a disabled person.
    """
    locked_active(session, person_id)
    end_links(session, person_id=person_id, purpose=purpose, now=now)
    link = OneTimeLink(person_id=person_id, purpose=purpose, created_at=now, expires_at=now + lasts)
    session.add(link)
    session.flush()
    return link.id


def take_link(session: Database, *, link_id: int, purposes: frozenset[Purpose], now: datetime) -> int:
    """Use a link up, and answer whose it was: of any number at once, one takes it.

    Raises :class:`NotFound` where it was used, has expired, is for something else, or the person is disabled.
    """
    live = (OneTimeLink.id == link_id, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now)
    active = OneTimeLink.person_id.in_(select(Person.id).where(Person.disabled_at.is_(None)))
    ours = OneTimeLink.purpose.in_(purposes)
    used = update(OneTimeLink).where(*live, active, ours).values(used_at=now)
    taken = session.execute(used.returning(OneTimeLink.person_id, OneTimeLink.created_at)).first()
    if taken is None:
        raise NotFound
    remember(session, what=Ended.LINK, key=str(link_id), made_at=taken.created_at, now=now)
    return int(taken.person_id)


def use_link(session: Database, *, link_id: int, password_hash: str, key: str, now: datetime) -> None:
    """Set a password by a link, and end the link, all sign-ins, and the wait of ``key`` after wrong tries.

    Whoever has the link reads the mail of the address, which counts from now on. Raises :class:`NotFound`
    where the link was used, has expired, or the person is disabled.
    """
    person_id = take_link(session, link_id=link_id, purposes=TO_A_PASSWORD, now=now)
    forget_tries(session, key=key)
    identity = session.get_one(Identity, person_id)
    identity.email_confirmed_at = identity.email_confirmed_at or now
    me = Actor(person_id=person_id, sign_in_id=None, roles=frozenset())
    set_password(session, actor=me, person_id=person_id, password_hash=password_hash, now=now)


def set_password(
    session: Database, *, actor: Actor, person_id: int, password_hash: str, now: datetime
) -> None:
    """Set a person's password, and end all their links, and all their sign-ins but the one that does it."""
    account = session.get(Account, person_id)
    if account:
        account.password_hash, account.changed_at = password_hash, now
    else:
        session.add(Account(person_id=person_id, password_hash=password_hash, changed_at=now))
    end_sign_ins(session, person_id=person_id, but=actor.sign_in_id, now=now)
    end_links(session, person_id=person_id, now=now)
    remember(session, what=Ended.PASSWORD, person_id=person_id, now=now)
    note(session, actor, "password.set", person_id, now)


def clean_up(session: Database, *, now: datetime) -> None:
    """Remove what has been over for long: sign-ins, links, challenges, and counts of wrong tries."""
    session.execute(delete(SignIn).where(SignIn.expires_at < now))
    session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < now - timedelta(days=30)))
    session.execute(delete(Challenge).where(Challenge.expires_at < now))
    session.execute(delete(Lockout).where(Lockout.last_failure_at < now - timedelta(days=1)))
