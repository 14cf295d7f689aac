"""Printed slips: made by staff for a member, used once by whoever holds the paper."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Date, Integer, column, exists, or_, select, table
from sqlalchemy.orm import Session as Database

from scheduler.domain.access import slip_codes
from scheduler.domain.access.beginning import begin
from scheduler.domain.access.linking import make_link, take_link
from scheduler.domain.people.links import Purpose
from scheduler.domain.people.models import OneTimeLink, Person, PersonRole
from scheduler.domain.people.roles import STAFF, Actor, Role
from scheduler.domain.people.service import end_links
from scheduler.domain.people.sign_ins import Method, Way
from scheduler.errors import NotFound, Refused
from scheduler.store.audit import record
from scheduler.store.locks import lock

# What a discharge leaves; its package stands above this one.
_STAY = table("stay", column("person_id", Integer), column("discharged_on", Date))
_SLIPS = frozenset({Purpose.SLIP})
OVER = "Their stay is over. A slip is for somebody who is here."
NOT_FOR_STAFF = "A slip is for members only: staff see other people’s records."


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip as it is printed, this once; ``expires_at`` is an instant."""

    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Arrived:
    """Whose slip was used, and the secret of the sign-in that it began."""

    person_id: int
    secret: str


def make_slip(
    session: Database, *, actor: Actor, person_id: int, secret_key: str, lasts: timedelta, now: datetime
) -> Slip:
    """Make a slip and end the person's earlier ones; nobody can look its code up again.

    Raises NotFound, and Refused for somebody who is disabled, staff, no member, or whose stay is over.
    """
    link_id = make_link(session, person_id=person_id, purpose=Purpose.SLIP, lasts=lasts, now=now)
    if not session.scalar(select(_is_member(person_id) & ~_is_staff(person_id))):
        raise Refused(NOT_FOR_STAFF)
    if not session.scalar(select(_is_here(person_id, now.date()))):
        raise Refused(OVER)
    code = slip_codes.new_code()
    link = session.get_one(OneTimeLink, link_id)
    link.code_hash = slip_codes.kept(secret_key, code)
    session.flush()
    _note(session, actor, "slip.made", link_id, person_id, now)
    return Slip(code, link.expires_at)


def use_slip(
    session: Database,
    *,
    code: str,
    secret_key: str,
    lasts: timedelta,
    now: datetime,
    device: str = "",
    key: str = "",
    instead_of: int | None = None,
) -> Arrived | None:
    """Begin a sign-in by the code on a slip, which has done its work then.

    None for a code that is wrong, used or late, and for one of somebody who is disabled, erased, staff or
    discharged by now: nobody learns which. ``device`` is the device in words, ``instead_of`` the sign-in that
    it had; the tries under ``key`` are forgotten.
    """
    code_hash = slip_codes.kept(secret_key, code)
    mine = select(OneTimeLink.id, OneTimeLink.person_id).where(OneTimeLink.code_hash == code_hash)
    found = session.execute(mine).first()
    if found is None:
        return None
    link_id, person_id = found
    lock(session, persons=[person_id])  # nobody disables or discharges them between the look and the sign-in
    if not session.scalar(select(_may_have(person_id, now))):
        return None
    try:
        take_link(session, link_id=link_id, purposes=_SLIPS, now=now)
    except NotFound:
        return None
    way = Way(Method.SLIP, device)
    secret = begin(
        session, person_id=person_id, way=way, lasts=lasts, now=now, instead_of=instead_of, key=key
    )
    if secret is None:
        return None
    _note(session, Actor(person_id, None, frozenset()), "slip.used", link_id, person_id, now)
    return Arrived(person_id, secret)


def end_slips(session: Database, *, person_id: int, now: datetime) -> None:
    """End every slip of a person; what was used stays as it was."""
    end_links(session, person_id=person_id, purpose=Purpose.SLIP, now=now)


def _may_have(person_id: int, now: datetime) -> ColumnElement[bool]:
    return _is_member(person_id) & ~_is_staff(person_id) & _is_here(person_id, now.date())


def _is_member(person_id: int) -> ColumnElement[bool]:
    held = exists().where(PersonRole.person_id == person_id, PersonRole.role == Role.MEMBER)
    present = (Person.disabled_at.is_(None), Person.erased_at.is_(None), Person.merged_into.is_(None))
    return held & exists().where(Person.id == person_id, *present)


def _is_staff(person_id: int) -> ColumnElement[bool]:
    return exists().where(PersonRole.person_id == person_id, PersonRole.role.in_(STAFF))


def _is_here(person_id: int, today: date) -> ColumnElement[bool]:
    """A stay lasts, or nothing is known of any; yesterday by UTC is still today in some zone."""
    mine = _STAY.c.person_id == person_id
    ends = _STAY.c.discharged_on
    lasting = exists().where(mine, or_(ends.is_(None), ends >= today - timedelta(days=1)))
    return lasting | ~exists().where(mine)


def _note(session: Database, actor: Actor, action: str, link_id: int, person_id: int, now: datetime) -> None:
    record(
        session,
        at=now,
        actor=actor,
        action=action,
        subject="slip",
        subject_id=link_id,
        person_id=person_id,
    )
