"""Devices that keep sheets: who they are, which sheets they held, and how they are ended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, bindparam, insert, or_, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.access.digits import keyed
from scheduler.domain.access.ending import end_sign_in
from scheduler.domain.attendance.models import DeviceSheet
from scheduler.domain.attendance.tickets import Ticket
from scheduler.domain.people.models import Device, SignIn
from scheduler.domain.people.roles import Actor
from scheduler.domain.people.sign_ins import hash_of
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.errors import NotFound
from scheduler.store.adding import add_once
from scheduler.store.asking import rows
from scheduler.store.audit import record
from scheduler.store.ledger import Ended, remember

BEFORE: Final = timedelta(hours=12)
AHEAD: Final = timedelta(hours=48)
"""A device keeps the sheets of what takes place so long before now, and so long after."""
KEPT: Final = timedelta(hours=72)
"""So long it keeps them without another contact."""


@dataclass(frozen=True, slots=True)
class Known:
    """A device that is there; ``is_ended``: it gets no names, and what it sends is kept aside.

    ``is_revoked``: the sign-in by which it was last in contact was ended from elsewhere.
    """

    id: int
    person_id: int
    is_ended: bool
    is_revoked: bool
    first_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """A sheet that a device held; ``local_start`` is naive and in ``timezone``, the instants are in UTC."""

    occurrence_id: int
    title: str
    local_start: datetime
    timezone: str
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class OfPerson:
    """A device as its owner and administrators see it, with the sheets it held, the latest session first."""

    id: int
    program: str
    first_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    sheets: tuple[Held, ...]


_KNOWN: Final = select(
    *(Device.id, Device.person_id, Device.ended_at, Device.sign_in_id, Device.first_at, Device.seen_at)
).where(Device.secret_hash == bindparam("secret"))


def known_by(session: Database, ticket: Ticket | None) -> Known | None:
    """The device that a ticket names; none for one that is not there. One statement."""
    if ticket is None:
        return None
    for device_id, person_id, ended_at, by, *was in rows(session, _KNOWN, {"secret": hash_of(ticket.secret)}):
        return Known(device_id, person_id, ended_at is not None, by is None, *was)
    return None


def ticket_for(session: Database, actor: Actor, *, secret_key: str) -> Ticket:
    """The ticket of the one device that a sign-in has, however often a browser without one asks for it.

    Its secret is a keyed hash of the sign-in's own. Raises NotFound for a sign-in that is over.
    """
    sign_in = session.scalar(select(SignIn.secret_hash).where(SignIn.id == actor.sign_in_id))
    if sign_in is None or actor.person_id is None:
        raise NotFound
    return Ticket(keyed(secret_key, "device", str(actor.person_id), sign_in), actor.person_id)


def welcome(session: Database, *, actor: Actor, ticket: Ticket, program: str, now: datetime) -> Known:
    """Make the device of this ticket; one that another request made at the same time is the same."""
    fields = {
        "person_id": ticket.person_id,
        "secret_hash": hash_of(ticket.secret),
        "program": program,
        "first_at": now,
        "seen_at": now,
        "sign_in_id": actor.sign_in_id,
    }
    add_once(session, Device, fields, key="secret_hash")
    known = known_by(session, ticket)
    if known is None:
        raise NotFound
    return known


def seen(session: Database, device_id: int, *, actor: Actor, now: datetime) -> None:
    """Note that a device was in contact, and by which sign-in: none where that is ended at this moment."""
    by = select(SignIn.id).where(SignIn.id == actor.sign_in_id).with_for_update(read=True, key_share=True)
    here = update(Device).where(Device.id == device_id)
    session.execute(here.values(seen_at=now, sign_in_id=session.scalar(by)))


def hand_out(session: Database, device_id: int, occurrences: Collection[int], *, now: datetime) -> None:
    """Note that a device holds these sheets from now on, or still."""
    mine = DeviceSheet.device_id == device_id
    held = set(session.scalars(select(DeviceSheet.occurrence_id).where(mine)))
    again = held.intersection(occurrences)
    session.execute(update(DeviceSheet).where(mine, DeviceSheet.occurrence_id.in_(again)).values(last_at=now))
    new = [
        {"device_id": device_id, "occurrence_id": number, "first_at": now, "last_at": now}
        for number in sorted(set(occurrences) - held)
    ]
    if new:
        session.execute(insert(DeviceSheet), new)


def has_held(session: Database, person_id: int, occurrence_id: int) -> bool:
    """Whether a device of this person ever held the sheet."""
    query = select(DeviceSheet.device_id).join(Device, Device.id == DeviceSheet.device_id)
    theirs = query.where(Device.person_id == person_id, DeviceSheet.occurrence_id == occurrence_id)
    return session.scalar(theirs.limit(1)) is not None


def duties_around(session: Database, person_id: int, now: datetime) -> tuple[int, ...]:
    """The occurrences with a duty of this person that a device keeps now, by time. One statement."""
    query = (
        select(Occurrence.id)
        .join(Duty, Duty.occurrence_id == Occurrence.id)
        .join(Series, Series.id == Occurrence.series_id)
        .where(
            Duty.person_id == person_id,
            Duty.starts_at < now + AHEAD,
            Duty.ends_at > now - BEFORE,
            Series.listed.is_(False),
        )
        .order_by(Occurrence.starts_at, Occurrence.id)
        .distinct()
    )
    return tuple(session.scalars(query.add_columns(Occurrence.starts_at)))


def devices_of(session: Database, person_id: int) -> tuple[OfPerson, ...]:
    """All devices of a person, the last in contact first. Two statements."""
    mine = select(Device).where(Device.person_id == person_id).order_by(Device.seen_at.desc(), Device.id)
    found = session.scalars(mine).all()
    query = (
        select(
            DeviceSheet.device_id,
            *(Occurrence.id, Series.title, Occurrence.local_start, Series.timezone),
            *(DeviceSheet.first_at, DeviceSheet.last_at),
        )
        .join(Occurrence, Occurrence.id == DeviceSheet.occurrence_id)
        .join(Series, Series.id == Occurrence.series_id)
        .where(DeviceSheet.device_id.in_([each.id for each in found]))
        .order_by(Occurrence.starts_at.desc(), Occurrence.id)
    )
    sheets: dict[int, tuple[Held, ...]] = {}
    for device_id, *held in rows(session, query):
        sheets[device_id] = (*sheets.get(device_id, ()), Held(*held))
    return tuple(
        OfPerson(each.id, each.program, each.first_at, each.seen_at, each.ended_at, sheets.get(each.id, ()))
        for each in found
    )


def end(session: Database, *, actor: Actor, person_id: int, device_id: int, now: datetime) -> None:
    """End a device of this person, and the sign-in by which it was last in contact.

    So its browser gets no names without a new one. What else that sign-in made, it made in the same browser.
    Ended already, it stays so. Raises NotFound for another's.
    """
    query = select(Device).where(Device.id == device_id, Device.person_id == person_id).with_for_update()
    device = session.scalar(query.execution_options(populate_existing=True))
    if device is None:
        raise NotFound("There is no such device.")
    if device.ended_at is not None:
        return
    for each in _of_one_browser(session, device):
        each.ended_at, each.ended_by = now, actor.person_id
        remember(session, what=Ended.DEVICE, key=each.secret_hash, now=now)
    theirs = select(SignIn.id).where(SignIn.id == device.sign_in_id, SignIn.person_id == person_id)
    sign_in_id = session.scalar(theirs)  # a number may be another's by now
    if sign_in_id is not None:
        end_sign_in(session, sign_in_id=sign_in_id, now=now)
    record(
        session,
        at=now,
        actor=actor,
        action="device.ended",
        subject="device",
        subject_id=device_id,
        person_id=person_id,
    )


def _of_one_browser(session: Database, device: Device) -> Sequence[Device]:
    """This one, and all that were last in contact by the same sign-in: a browser may lose its ticket."""
    same = (Device.person_id == device.person_id, Device.sign_in_id == device.sign_in_id)
    by_it = and_(Device.sign_in_id.is_not(None), *same)
    live = select(Device).where(Device.ended_at.is_(None), or_(Device.id == device.id, by_it))
    return session.scalars(live.order_by(Device.id).with_for_update()).all()
