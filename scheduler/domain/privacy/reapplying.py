"""The ledger applied to a restored database: what was ended since the backup was made ends again.

It only takes away. A line that speaks of somebody or something that the backup does not know does nothing,
and doing it all twice is the same as once.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.access.models import Passkey, RecoveryCode, SecondFactor
from scheduler.domain.calendars.models import Feed
from scheduler.domain.people.models import (
    Account,
    Device,
    Identity,
    OneTimeLink,
    Person,
    PersonRole,
    RoleSite,
    SignIn,
)
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.privacy.erase import erase
from scheduler.domain.privacy.models import Review
from scheduler.store.ledger import Ended, Line

AT_ONCE: Final = 500
ROLES: Final = frozenset({Ended.ROLE_TAKEN, Ended.ROLE_GIVEN, Ended.ROLE_LIMITED})
STANDING: Final = frozenset({Ended.DISABLED, Ended.ENABLED})
FEEDS: Final = frozenset({Ended.FEED, Ended.FEED_BACK})
OVER: Final = frozenset({Ended.FEED_BACK, Ended.ROLE_GIVEN, Ended.ENABLED})
"""What says that an earlier line is over."""


def reapply(session: Database, lines: Iterable[Line]) -> None:
    """End again what these lines say was ended."""
    born = dict(session.execute(select(Person.id, Person.created_at)).all())
    known = [line for line in lines if line.person_id is None or born.get(line.person_id) == line.made_at]
    # Of one step the line that takes away comes last, in whichever order they were copied.
    known.sort(key=lambda line: (line.at, line.what not in OVER))
    for what, apply in APPLIED.items():
        apply(session, [line for line in known if line.what is what])
    _feeds(session, [line for line in known if line.what in FEEDS])
    _stand(session, [line for line in known if line.what in STANDING])
    _roles(session, [line for line in known if line.what in ROLES])
    for line in known:
        if line.what is Ended.ERASED and line.person_id is not None:
            kept_until = (line.until or line.at).date()
            erase(
                session,
                actor=SYSTEM,
                person_id=line.person_id,
                now=line.at,
                kept_until=kept_until,
                force=True,
            )


def _feeds(session: Database, lines: Sequence[Line]) -> None:
    """What ended a calendar counts from the last time on that it was taken back."""
    standing: dict[str, list[Line]] = {}
    for line in lines:
        before = [] if line.what is Ended.FEED_BACK else standing.get(line.key, [])
        standing[line.key] = before if line.what is Ended.FEED_BACK else [*before, line]
    for line in chain.from_iterable(standing.values()):
        feed = session.scalar(select(Feed).where(Feed.token_hash == line.key))
        if feed is not None:
            _turn_off(feed, line)


def _turn_off(feed: Feed, line: Line) -> None:
    """Never longer alive than it is: what says farewell may be ended, and what is ended stays so."""
    known = feed.farewell_until
    if feed.revoked_at is None:
        feed.revoked_at, feed.farewell_until = line.at, line.until
    elif known is not None:
        feed.farewell_until = min(known, line.until) if line.until else None
    feed.revision += 1


def _sign_ins(session: Database, lines: Sequence[Line]) -> None:
    keys = [line.key for line in lines]
    for start in range(0, len(keys), AT_ONCE):
        session.execute(delete(SignIn).where(SignIn.secret_hash.in_(keys[start : start + AT_ONCE])))


def _all_sign_ins(session: Database, lines: Sequence[Line]) -> None:
    for line in lines:
        then = (SignIn.person_id == line.person_id, SignIn.created_at <= line.at)
        session.execute(delete(SignIn).where(*then, SignIn.secret_hash != line.key))
        kept = select(SignIn.id).where(SignIn.person_id == line.person_id, SignIn.secret_hash == line.key)
        theirs = (
            Device.person_id == line.person_id,
            Device.seen_at <= line.at,
            Device.sign_in_id.not_in(kept),
        )
        session.execute(update(Device).where(*theirs).values(sign_in_id=None))


def _links(session: Database, lines: Sequence[Line]) -> None:
    for line in lines:
        same = (OneTimeLink.id == int(line.key), OneTimeLink.created_at == line.made_at)
        session.execute(
            update(OneTimeLink).where(*same, OneTimeLink.used_at.is_(None)).values(used_at=line.at)
        )


def _all_links(session: Database, lines: Sequence[Line]) -> None:
    for line in lines:
        theirs = [OneTimeLink.person_id == line.person_id, OneTimeLink.created_at <= line.at]
        if line.key:
            theirs.append(OneTimeLink.purpose == line.key)
        session.execute(
            update(OneTimeLink).where(*theirs, OneTimeLink.used_at.is_(None)).values(used_at=line.at)
        )


def _passwords(session: Database, lines: Sequence[Line]) -> None:
    for line in lines:
        older = (Account.person_id == line.person_id, Account.changed_at < line.at)
        session.execute(delete(Account).where(*older))


def _channels(session: Database, lines: Sequence[Line]) -> None:
    """An address that was confirmed before it was changed counts no longer; a telephone never counted."""
    for line in lines:
        if line.key == "email":
            older = (Identity.person_id == line.person_id, Identity.email_confirmed_at < line.at)
            session.execute(
                update(Identity).where(*older).values(email_confirmed_at=None, pending_email=None)
            )


def _passkeys(session: Database, lines: Sequence[Line]) -> None:
    removed = {line.key for line in lines}
    gone = [
        each
        for each, credential in session.execute(select(Passkey.id, Passkey.credential_id))
        if removed and hashlib.sha256(credential).hexdigest() in removed
    ]
    session.execute(delete(Passkey).where(Passkey.id.in_(gone)))


def _second_steps(session: Database, lines: Sequence[Line]) -> None:
    for line in lines:
        older = (SecondFactor.person_id == line.person_id, SecondFactor.made_at < line.at)
        session.execute(delete(SecondFactor).where(*older))


def _recovery_codes(session: Database, lines: Sequence[Line]) -> None:
    for line in lines:
        same = (RecoveryCode.code_hash == line.key, RecoveryCode.used_at.is_(None))
        session.execute(update(RecoveryCode).where(*same).values(used_at=line.at))


def _devices(session: Database, lines: Sequence[Line]) -> None:
    for line in lines:
        same = (Device.secret_hash == line.key, Device.ended_at.is_(None))
        session.execute(update(Device).where(*same).values(ended_at=line.at))


def _reviews(session: Database, lines: Sequence[Line]) -> None:
    for line in lines:
        same = (Review.id == int(line.key), Review.made_at == line.made_at, Review.ended_at.is_(None))
        session.execute(update(Review).where(*same).values(ended_at=line.at))


APPLIED: Final[dict[Ended, Callable[[Database, Sequence[Line]], None]]] = {
    Ended.SIGN_IN: _sign_ins,
    Ended.SIGN_INS: _all_sign_ins,
    Ended.LINK: _links,
    Ended.LINKS: _all_links,
    Ended.PASSWORD: _passwords,
    Ended.CHANNEL: _channels,
    Ended.PASSKEY: _passkeys,
    Ended.SECOND_STEP: _second_steps,
    Ended.RECOVERY_CODE: _recovery_codes,
    Ended.DEVICE: _devices,
    Ended.REVIEW: _reviews,
}
"""What each kind of line does. Calendars, persons and roles go by the last line about them, and erasures come
last."""


def _stand(session: Database, lines: Sequence[Line]) -> None:
    """Disable whoever was disabled last; somebody disabled and enabled again stays as the backup has them."""
    for person_id, line in {line.person_id: line for line in lines}.items():
        if line.what is Ended.DISABLED:
            active = (Person.id == person_id, Person.disabled_at.is_(None))
            session.execute(
                update(Person).where(*active).values(disabled_at=line.at, revision=Person.revision + 1)
            )
            theirs = (Device.person_id == person_id, Device.ended_at.is_(None), Device.first_at <= line.at)
            session.execute(update(Device).where(*theirs).values(ended_at=line.at))


def _roles(session: Database, lines: Sequence[Line]) -> None:
    for (person_id, role), line in {
        (line.person_id, line.key.partition(":")[0]): line for line in lines
    }.items():
        held = session.get(PersonRole, (person_id, role))
        if held is None or line.what is Ended.ROLE_GIVEN or held.given_at > line.at:
            continue
        mine = (RoleSite.person_id == person_id, RoleSite.role == role)
        before = set(session.scalars(select(RoleSite.site_id).where(*mine)))
        allowed = {int(site) for site in line.key.partition(":")[2].split(",") if site}
        if line.what is Ended.ROLE_LIMITED and not allowed:
            continue  # for all sites: a restore gives nobody more than the backup does
        kept = set() if line.what is Ended.ROLE_TAKEN else (before & allowed if before else allowed)
        session.execute(delete(RoleSite).where(*mine))
        if kept:
            session.add_all(RoleSite(person_id=person_id, role=role, site_id=site) for site in sorted(kept))
        else:
            session.delete(held)
        session.flush()
