"""Links by mail with six digits beside them: made by the worker, typed or opened once."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, exists, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.access import digits
from scheduler.domain.access.beginning import begin
from scheduler.domain.access.linking import make_link, take_link
from scheduler.domain.access.queries import has_app
from scheduler.domain.people import names
from scheduler.domain.people.links import Purpose
from scheduler.domain.people.models import Identity, OneTimeLink, Person, PersonRole
from scheduler.domain.people.roles import STAFF
from scheduler.domain.people.sign_ins import Way
from scheduler.errors import NotFound
from scheduler.store.outbox import enqueue

TO_SIGN_IN: Final = frozenset({Purpose.SIGN_IN})


@dataclass(frozen=True, slots=True)
class Made:
    """A link and the digits beside it, as they go into a message, this once."""

    link_id: int
    digits: str


def ask_code(session: Database, *, email: str, scope: str, now: datetime) -> None:
    """Ask for a link and a code to sign in; ``scope`` marks the browser, which alone may type the code.

    The same reads and writes whether the address is known, confirmed, of staff, or nobody's.
    """
    person_id = session.scalar(_eligible(Identity.email == names.clean_email(email)))
    enqueue(session, kind=Purpose.SIGN_IN, payload={"person_id": person_id or 0, "scope": scope}, now=now)


def may_sign_in_by_code(session: Database, person_id: int) -> bool:
    """Whether a mailbox is enough for this person: it is confirmed, and they are neither staff nor disabled.

    Whoever has an authenticator app signs in with it.
    """
    return session.scalar(_eligible(Identity.person_id == person_id)) is not None


def _eligible(who: ColumnElement[bool]) -> Select[int]:
    works_here = exists().where(PersonRole.person_id == Identity.person_id, PersonRole.role.in_(STAFF))
    return (
        select(Identity.person_id)
        .join(Person, Person.id == Identity.person_id)
        .where(who, Identity.email_confirmed_at.is_not(None), Person.disabled_at.is_(None))
        .where(~works_here, ~has_app(Identity.person_id))
    )


def make_code(
    session: Database,
    *,
    person_id: int,
    purpose: Purpose,
    scope: str,
    secret_key: str,
    lasts: timedelta,
    now: datetime,
) -> Made:
    """Make a link with digits, and end the person's earlier ones for this purpose.

    Raises :class:`NotFound`, and :class:`Refused` for a disabled person.
    """
    link_id = make_link(session, person_id=person_id, purpose=purpose, lasts=lasts, now=now)
    made = Made(link_id, digits.new_digits())
    session.get_one(OneTimeLink, link_id).code_hash = digits.kept(secret_key, scope, link_id, made.digits)
    session.flush()
    return made


def guess(
    session: Database, *, purpose: Purpose, scope: str, typed: str, secret_key: str, now: datetime
) -> int | None:
    """The link that these digits stand for, which is not used up by it; none for wrong ones.

    Counted before it is compared, in one statement, the same where there is nothing to guess at: commit it
    whatever the answer.
    """
    mark = digits.mark_of(secret_key, scope)
    live = (
        OneTimeLink.code_hash >= mark,
        OneTimeLink.code_hash < mark + "g",  # after all hexadecimal digits
        OneTimeLink.purpose == purpose,
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > now,
        OneTimeLink.tries < digits.TRIES,
    )
    counted = update(OneTimeLink).where(*live).values(tries=OneTimeLink.tries + 1)
    rows = session.execute(counted.returning(OneTimeLink.id, OneTimeLink.code_hash)).all()
    found = digits.read(typed) or ""
    right = [
        int(row.id)
        for row in rows
        if hmac.compare_digest(row.code_hash, digits.kept(secret_key, scope, row.id, found))
    ]
    return right[0] if right else None


def sign_in_by_link(
    session: Database,
    *,
    link_id: int,
    way: Way,
    lasts: timedelta,
    now: datetime,
    key: str = "",
    instead_of: int | None = None,
) -> str | None:
    """Begin a sign-in by a link, which has done its work then, and answer the secret.

    None where the link is used, late or for something else, and where its owner needs more than a mailbox
    by now.
    """
    try:
        person_id = take_link(session, link_id=link_id, purposes=TO_SIGN_IN, now=now)
    except NotFound:
        return None
    if not may_sign_in_by_code(session, person_id):
        return None
    return begin(session, person_id=person_id, way=way, lasts=lasts, key=key, instead_of=instead_of, now=now)
