"""Erasing a person: what identifies them goes for good; what was recorded stays, and carries no name.

Marks, counts, stays and the audit name a person by a number only, and the law has them kept. So the
row of the person stays as well, and everything that joins to it: the identity is emptied.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.access.models import Challenge, Passkey, RecoveryCode, SecondFactor
from scheduler.domain.attendance.models import AbsenceNotice
from scheduler.domain.attendance.walk_ins import forget_called
from scheduler.domain.calendars.keeping import forget_bodies
from scheduler.domain.calendars.models import Feed, FeedKind
from scheduler.domain.imports.forget import forget as forget_imports
from scheduler.domain.people import lockout, service
from scheduler.domain.people.models import (
    Account,
    Credential,
    Device,
    Identity,
    KeptApart,
    Lockout,
    OneTimeLink,
    Person,
    PersonRole,
    RoleSite,
    SignIn,
)
from scheduler.domain.people.names import ERASED
from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.keeping import forget_kept
from scheduler.domain.planning.leaving import release
from scheduler.domain.privacy.models import Erasure, Inquiry, Review
from scheduler.domain.privacy.titles import empty_titles
from scheduler.domain.stays.models import Stay
from scheduler.domain.stays.reasons import DischargeReason
from scheduler.domain.stays.service import end_stay
from scheduler.errors import NotFound
from scheduler.store import outbox
from scheduler.store.audit import record
from scheduler.store.ledger import Ended, remember
from scheduler.store.locks import lock
from scheduler.store.memory import ENDED, Memory

FORGET_MAIL: Final = "forget_mail"
"""The task that removes the message files of an erased person."""

MEANS: Final = (
    *(OneTimeLink, SignIn, Account, Challenge, Passkey, SecondFactor, RecoveryCode, RoleSite, PersonRole),
    *(Memory, AbsenceNotice),
)
"""Tables whose rows of an erased person go; each has a ``person_id``. Sites of roles go before roles.

What somebody said beforehand goes, since it records nothing that took place: the marks do, and stay.
"""


@dataclass(frozen=True, slots=True)
class Erased:
    """Who was erased when, and until which date the nameless rest is kept."""

    person_id: int
    at: datetime
    kept_until: date


def kept_until(session: Database, person_id: int, *, years: int, today: date) -> date:
    """``years`` after the end of the last stay; of one that lasts, or without any, after ``today``."""
    stays = select(func.coalesce(Stay.discharged_on, today)).where(Stay.person_id == person_id)
    last = max(session.scalars(stays), default=today)
    try:
        return last.replace(year=last.year + years)
    except ValueError:  # a 29th of February
        return last.replace(year=last.year + years, day=28)


def erase(
    session: Database,
    *,
    actor: Actor,
    person_id: int,
    now: datetime,
    kept_until: date,
    secret_key: str = "",
    force: bool = False,
) -> Erased:
    """Empty all that identifies a person, end what they have, and note until when the rest is kept.

    Erasing again empties again, and keeps the first date. ``secret_key`` is what wrong passwords are counted
    under. Raises :class:`NotFound`, and :class:`Refused` for the last administrator, unless by ``force``: a
    restored database may know no other yet.
    """
    lock(session, persons=[person_id])
    person = session.get(Person, person_id, populate_existing=True)
    if person is None:
        raise NotFound
    if force:
        person.disabled_at = person.disabled_at or now
        session.flush()
    service.disable(session, actor=actor, person_id=person_id, now=now)
    release(session, actor=actor, person_id=person_id, now=now)
    _end_stays(session, person_id, now)
    empty_titles(session, person_id, now=now)
    _forget_tries(session, person_id, secret_key)
    _forget_walk_ins(session, person_id)
    _empty_identity(session, person_id)
    _end_feeds(session, person_id, now)
    session.execute(update(Device).where(Device.person_id == person_id).values(program=""))
    _remove(session, person_id)
    _forget_tasks(session, person_id, now)
    person.erased_at = person.erased_at or now
    kept = _note(session, actor, person_id, now, kept_until)
    return Erased(person_id, kept.at, kept.kept_until)


def _end_stays(session: Database, person_id: int, now: datetime) -> None:
    stays = select(Stay).where(Stay.person_id == person_id, Stay.discharged_on.is_(None))
    for stay in session.scalars(stays).all():
        last = max(stay.admitted_on, now.date())
        end_stay(session, stay=stay, discharged_on=last, reason=DischargeReason.OTHER, now=now)


def _forget_tries(session: Database, person_id: int, secret_key: str) -> None:
    identity = session.get_one(Identity, person_id)
    known: Collection[str | None] = (identity.email, identity.pending_email, identity.phone)
    keys = [lockout.key_of(secret_key, channel) for channel in known if channel]
    session.execute(delete(Lockout).where(Lockout.key.in_(keys)))


def _forget_walk_ins(session: Database, person_id: int) -> None:
    """Whoever walked in under their name may have been them, and is counted without one from now on."""
    identity = session.get_one(Identity, person_id)
    forget_called(session, identity.name, identity.short_name)


def _empty_identity(session: Database, person_id: int) -> None:
    identity = session.get_one(Identity, person_id)
    identity.name = identity.short_name = ERASED
    identity.search_name = ""
    identity.email = identity.email_confirmed_at = identity.pending_email = None
    identity.phone = identity.birth_year = identity.distinction = None


def _end_feeds(session: Database, person_id: int, now: datetime) -> None:
    """The addresses are gone: a random token never has the hash that is put in place of theirs."""
    theirs = select(Feed.id).where(Feed.person_id == person_id)
    session.execute(delete(FeedKind).where(FeedKind.feed_id.in_(theirs)))
    forget_bodies(session, Feed.person_id == person_id)
    for feed in session.scalars(select(Feed).where(Feed.person_id == person_id)):
        feed.name, feed.token_hash = "", f"erased {feed.id}"
        feed.fetched_at, feed.fetched_by = None, ""
        feed.revoked_at, feed.farewell_until, feed.suspended_at = feed.revoked_at or now, None, None
        feed.revision += 1


def _remove(session: Database, person_id: int) -> None:
    for table in MEANS:
        session.execute(delete(table).where(table.person_id == person_id))
    changes = delete(Memory).where(Memory.person_id.is_(None), Memory.kind != ENDED)
    session.execute(changes)  # changes of the plan name who leads
    pairs = (KeptApart.person_id == person_id) | (KeptApart.other_id == person_id)
    session.execute(delete(KeptApart).where(pairs))
    forget_kept(session, person_id)
    session.execute(update(Credential).where(Credential.person_id == person_id).values(number=""))
    session.execute(update(Inquiry).where(Inquiry.person_id == person_id).values(asker=""))


def _forget_tasks(session: Database, person_id: int, now: datetime) -> None:
    outbox.drop(session, person_id=person_id)
    forget_imports(session, person_id=person_id)
    # Twice: a worker may be handing on a message at this moment, and has that long for it.
    for at in (now, now + outbox.LEASE):
        outbox.enqueue(session, kind=FORGET_MAIL, payload={"person_id": person_id}, now=now, run_at=at)


def _note(session: Database, actor: Actor, person_id: int, now: datetime, kept_until: date) -> Erasure:
    session.execute(
        update(Review).where(Review.person_id == person_id, Review.ended_at.is_(None)).values(ended_at=now)
    )
    kept = session.get(Erasure, person_id)
    if kept is None:
        kept = Erasure(person_id=person_id, at=now, made_by=actor.person_id, kept_until=kept_until)
        session.add(kept)
        record(
            session,
            at=now,
            actor=actor,
            action="person.erased",
            subject="person",
            subject_id=person_id,
            person_id=person_id,
            detail={"kept_until": kept_until.isoformat()},
        )
        until = datetime.combine(kept_until, time(), UTC)
        remember(session, what=Ended.ERASED, person_id=person_id, until=until, now=now)
    session.flush()
    return kept
