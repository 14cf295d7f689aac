"""Who two records are, and how they sign in: of the second, the first takes what it lacks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.access.models import Challenge, Passkey, RecoveryCode, SecondFactor
from scheduler.domain.access.passkeys import forget
from scheduler.domain.people.models import Account, Identity, OneTimeLink, PersonRole, RoleSite
from scheduler.domain.people.names import JOINED
from scheduler.domain.people.roles import Role
from scheduler.domain.people.service import end_sign_ins
from scheduler.store.ledger import Ended, remember

WAYS = (Account, Passkey, SecondFactor, RecoveryCode)


def join_roles(session: Database, first_id: int, second_id: int, *, now: datetime) -> tuple[Role, ...]:
    """Give the first the roles that it lacks, with the sites they are for; answers them."""
    held = {
        row.role: row for row in session.scalars(select(PersonRole).where(PersonRole.person_id == first_id))
    }
    theirs = session.scalars(select(PersonRole).where(PersonRole.person_id == second_id)).all()
    sites = session.scalars(select(RoleSite).where(RoleSite.person_id == second_id)).all()
    new = sorted(row.role for row in theirs if row.role not in held)
    session.add_all(PersonRole(person_id=first_id, role=role, given_at=now) for role in new)
    session.flush()
    limits = [
        RoleSite(person_id=first_id, role=row.role, site_id=row.site_id) for row in sites if row.role in new
    ]
    session.add_all(limits)
    for role in new:
        remember(session, what=Ended.ROLE_GIVEN, person_id=first_id, key=role, now=now)
    for row in theirs:
        remember(session, what=Ended.ROLE_TAKEN, person_id=second_id, key=row.role, now=now)
    session.flush()
    session.execute(delete(RoleSite).where(RoleSite.person_id == second_id))
    session.execute(delete(PersonRole).where(PersonRole.person_id == second_id))
    return tuple(map(Role, new))


def join_sign_in(session: Database, first_id: int, second_id: int, *, now: datetime) -> bool:
    """End both's sign-ins; whether the first takes the second's way to sign in, having none of its own.

    What it takes goes on and is no line of the ledger, which would end it in the first's hands as well.
    """
    for number in (first_id, second_id):
        end_sign_ins(session, person_id=number, now=now)
    for of in (OneTimeLink, Challenge):
        session.execute(delete(of).where(of.person_id == second_id))
    takes = not any(_has(session, way, first_id) for way in WAYS)
    if not takes:
        _remember_ways(session, second_id, now)
    for way in WAYS:
        theirs = way.person_id == second_id
        session.execute(
            update(way).where(theirs).values(person_id=first_id) if takes else delete(way).where(theirs)
        )
    return takes


def join_identity(session: Database, first_id: int, second_id: int, *, now: datetime) -> bool:
    """Fill what the first lacks, and empty the second; whether an address of the second's own is gone."""
    first, second = session.get_one(Identity, first_id), session.get_one(Identity, second_id)
    email, confirmed_at, phone, born = (
        second.email,
        second.email_confirmed_at,
        second.phone,
        second.birth_year,
    )
    for key, channel in (("email", email), ("phone", phone)):
        if channel is not None:
            remember(session, what=Ended.CHANNEL, person_id=second_id, key=key, now=now)
    second.name = second.short_name = JOINED
    second.search_name = ""
    second.email = second.email_confirmed_at = second.pending_email = None
    second.phone = second.birth_year = None
    session.flush()  # an address is one person's: it must be free before it is given
    lost = email is not None and first.email is not None
    if first.email is None:
        first.email, first.email_confirmed_at = email, confirmed_at
    first.phone = first.phone or phone
    first.birth_year = first.birth_year or born
    session.flush()
    return lost


def _remember_ways(session: Database, person_id: int, now: datetime) -> None:
    """Have a restored backup end again every way to sign in that is about to be deleted."""
    for what, way in ((Ended.PASSWORD, Account), (Ended.SECOND_STEP, SecondFactor)):
        if _has(session, way, person_id):
            remember(session, what=what, person_id=person_id, now=now)
    for credential_id in session.scalars(
        select(Passkey.credential_id).where(Passkey.person_id == person_id)
    ).all():
        forget(session, credential_id, now)
    unused = (RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    for code_hash in session.scalars(select(RecoveryCode.code_hash).where(*unused)).all():
        remember(session, what=Ended.RECOVERY_CODE, key=code_hash, now=now)


def _has(
    session: Database, way: type[Account | Passkey | SecondFactor | RecoveryCode], person_id: int
) -> bool:
    return session.scalar(select(way.person_id).where(way.person_id == person_id).limit(1)) is not None
