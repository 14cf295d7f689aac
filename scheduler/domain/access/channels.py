"""How a person is reached: an address counts once its owner confirmed it, and the one before until then."""

import re
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.access.linking import take_link
from scheduler.domain.people import names
from scheduler.domain.people.links import Purpose
from scheduler.domain.people.models import Identity, OneTimeLink, PersonRole
from scheduler.domain.people.roles import STAFF, Actor, Role
from scheduler.domain.people.service import (
    GONE,
    end_links,
    end_sign_ins,
    free_address,
    locked_active,
    note,
)
from scheduler.errors import Invalid, NotFound, Refused
from scheduler.store.base import require_revision
from scheduler.store.ledger import Ended, remember
from scheduler.store.outbox import enqueue

MESSAGES: Final = 5
"""Messages to confirm an address that one person may have sent in an hour, to whatever address."""
TOO_MANY: Final = "There were many messages already. Wait an hour, or call us."
TO_CONFIRM: Final = frozenset({Purpose.CONFIRM})
_PHONE: Final = re.compile(r"\+?[0-9(][0-9 ().\-/]{3,28}[0-9](?: ?(?:x|ext\.?) ?[0-9]{1,6})?", re.IGNORECASE)


def ask_change(session: Database, *, actor: Actor, email: str, now: datetime) -> None:
    """Ask for another address of one's own: it waits until it is confirmed by what is sent there.

    The same whether somebody else has it. Raises :class:`Invalid` for what is none and for the one that
    counts already, and :class:`Refused` after too many messages.
    """
    person_id = actor.person_id or 0
    locked_active(session, person_id)
    identity = session.get_one(Identity, person_id, populate_existing=True)
    if not names.is_email(email.strip()):
        raise Invalid("This is not an e-mail address.", "email")
    address = names.clean_email(email)
    if address == identity.email and identity.email_confirmed_at:
        raise Invalid("This is your address already.", "email")
    identity.pending_email = None if address == identity.email else address
    end_links(session, person_id=person_id, purpose=Purpose.CONFIRM, now=now)  # they went to another address
    _send(session, actor, person_id, now)


def set_phone(session: Database, *, actor: Actor, phone: str, now: datetime) -> None:
    """Set one's own phone number, or none. Raises :class:`Invalid` for what is none."""
    person_id = actor.person_id or 0
    locked_active(session, person_id)
    identity = session.get_one(Identity, person_id, populate_existing=True)
    _set_phone(session, actor, identity, clean_phone(phone), now)


def set_channels(
    session: Database, *, actor: Actor, person_id: int, email: str, phone: str, seen: int, now: datetime
) -> None:
    """Set the address and the phone number of a member, or none, on their behalf.

    Beside an address that counts, another one waits to be confirmed; an address that is taken away ends
    their sign-ins and links at once. Raises :class:`NotFound`, :class:`Invalid` for what is none or another
    person's, :class:`Conflict` for a stale page, and :class:`Refused` for staff, whose address opens more.
    """
    person = locked_active(session, person_id)
    require_role_of_member(session, person_id)
    require_revision(person, seen)
    identity = session.get_one(Identity, person_id, populate_existing=True)
    _set_phone(session, actor, identity, clean_phone(phone), now)
    address = names.clean_email(email)
    if address == (identity.pending_email or identity.email or ""):
        return
    end_links(session, person_id=person_id, purpose=Purpose.CONFIRM, now=now)  # they went to another address
    if address == identity.email:
        identity.pending_email = None
    elif address and identity.email_confirmed_at:
        identity.pending_email = free_address(session, email)
    else:
        new = free_address(session, email)
        drop_email(session, identity, now)
        identity.email = new
    note(session, actor, "channel.set", person_id, now, channel="email")


def give_email(session: Database, *, actor: Actor, person_id: int, email: str, now: datetime) -> None:
    """Give an address to somebody of whatever role who has none, or one that nobody confirmed yet.

    It counts once its owner used a link that was sent there. Raises :class:`NotFound`, :class:`Invalid` for
    what is none or another person's, and :class:`Refused` beside one that is confirmed, for who is disabled
    and for who is gone.
    """
    person = locked_active(session, person_id)
    if person.erased_at or person.merged_into:
        raise Refused(GONE)
    identity = session.get_one(Identity, person_id, populate_existing=True)
    if identity.email_confirmed_at:
        raise Refused("They confirmed their address: only they change it.")
    if not names.is_email(email.strip()):
        raise Invalid("This is not an e-mail address.", "email")
    if names.clean_email(email) == identity.email:
        return
    new = free_address(session, email)
    drop_email(session, identity, now)
    identity.email = new
    person.revision += 1
    note(session, actor, "channel.set", person_id, now, channel="email")


def ask_to_confirm(session: Database, *, actor: Actor, person_id: int, now: datetime) -> None:
    """Have the message sent that asks its owner to confirm the address that waits.

    Raises :class:`NotFound`, and :class:`Refused` where nothing waits, and after too many messages.
    """
    locked_active(session, person_id)
    identity = session.get_one(Identity, person_id, populate_existing=True)
    if identity.pending_email is None and (identity.email is None or identity.email_confirmed_at):
        raise Refused("There is no address to confirm.")
    _send(session, actor, person_id, now)


def confirm(session: Database, *, link_id: int, kept: int | None, now: datetime) -> None:
    """Put the address in place that the link was sent to; ends the person's other sign-ins and all links.

    ``kept`` is the sign-in that does it. Raises :class:`NotFound` where the link was used or is late, and
    where another person has the address by now.
    """
    person_id = take_link(session, link_id=link_id, purposes=TO_CONFIRM, now=now)
    person = locked_active(session, person_id)
    identity = session.get_one(Identity, person_id, populate_existing=True)
    if identity.pending_email:
        theirs = select(Identity.person_id).where(Identity.email == identity.pending_email)
        if session.scalar(theirs) is not None:
            raise NotFound
        identity.email, identity.pending_email = identity.pending_email, None
        end_sign_ins(session, person_id=person_id, but=kept, now=now)
        remember(session, what=Ended.CHANNEL, person_id=person_id, key="email", now=now)
    identity.email_confirmed_at = now
    person.revision += 1
    end_links(session, person_id=person_id, now=now)
    me = Actor(person_id=person_id, sign_in_id=kept, roles=frozenset())
    note(session, me, "channel.confirmed", person_id, now, channel="email")


def clean_phone(typed: str) -> str | None:
    """A phone number as it is kept, none for nothing typed. Raises :class:`Invalid` for what is none."""
    number = names.clean(typed)
    if number and not _PHONE.fullmatch(number):
        raise Invalid("This is not a phone number.", "phone")
    return number or None


def require_role_of_member(session: Database, person_id: int) -> None:
    """Refuse anybody but members who are not staff."""
    held = set(session.scalars(select(PersonRole.role).where(PersonRole.person_id == person_id)))
    if Role.MEMBER not in held or held & STAFF:
        raise Refused("Whoever works here changes their own address.")


def _set_phone(
    session: Database, actor: Actor, identity: Identity, number: str | None, now: datetime
) -> None:
    if number == identity.phone:
        return
    if identity.phone:
        remember(session, what=Ended.CHANNEL, person_id=identity.person_id, key="phone", now=now)
    identity.phone = number
    note(session, actor, "channel.set", identity.person_id, now, channel="phone")


def drop_email(session: Database, identity: Identity, now: datetime) -> None:
    """What stood on the address that was there is over; nobody at a mistyped one may ask for a link again."""
    identity.email = identity.email_confirmed_at = identity.pending_email = None
    end_sign_ins(session, person_id=identity.person_id, now=now)
    end_links(session, person_id=identity.person_id, now=now)
    mine = (OneTimeLink.person_id == identity.person_id, OneTimeLink.purpose == Purpose.INVITATION)
    session.execute(delete(OneTimeLink).where(*mine))
    remember(session, what=Ended.CHANNEL, person_id=identity.person_id, key="email", now=now)
    session.flush()


def _send(session: Database, actor: Actor, person_id: int, now: datetime) -> None:
    mine = (OneTimeLink.person_id == person_id, OneTimeLink.purpose == Purpose.CONFIRM)
    lately = select(func.count()).where(*mine, OneTimeLink.created_at > now - timedelta(hours=1))
    if (session.scalar(lately) or 0) >= MESSAGES:
        raise Refused(TOO_MANY)
    end_links(session, person_id=person_id, purpose=Purpose.CONFIRM, now=now)
    enqueue(session, kind=Purpose.CONFIRM, payload={"person_id": person_id}, now=now)
    note(session, actor, "channel.asked", person_id, now, channel="email")
