"""Who was to lead a session, and who may be said to have led it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.models import Identity, Person, PersonRole, RoleSite
from scheduler.domain.people.roles import Role
from scheduler.domain.places.models import Room
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.models import Occurrence


@dataclass(frozen=True, slots=True)
class Leader:
    """A facilitator by the name that sheets show."""

    person_id: int
    short_name: str


def planned_leads(session: Database, occurrence_id: int) -> tuple[Leader, ...]:
    """Who has a duty there, in the order in which they got it. One statement."""
    query = (
        select(Duty.person_id, Identity.short_name)
        .join(Identity, Identity.person_id == Duty.person_id)
        .where(Duty.occurrence_id == occurrence_id)
        .order_by(Duty.id)
    )
    return tuple(dict.fromkeys(Leader(*row) for row in session.execute(query)))


def could_lead(session: Database, occurrence_id: int) -> tuple[Leader, ...]:
    """The facilitators whose role is for the session's site, or for all, by name. One statement."""
    site = (
        select(Room.site_id)
        .join(Occurrence, Occurrence.room_id == Room.id)
        .where(Occurrence.id == occurrence_id)
        .scalar_subquery()
    )
    query = (
        select(Identity.person_id, Identity.short_name)
        .join(Person, Person.id == Identity.person_id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(PersonRole.role == Role.FACILITATOR, Person.disabled_at.is_(None), _reaches(site))
        .order_by(Identity.search_name, Identity.person_id)
    )
    return tuple(Leader(*row) for row in session.execute(query))


def _reaches(site: ColumnElement[int | None]) -> ColumnElement[bool]:
    limits = select(RoleSite.site_id).where(
        RoleSite.person_id == PersonRole.person_id, RoleSite.role == PersonRole.role
    )
    here = limits.where(or_(RoleSite.site_id == site, site.is_(None)))
    return (true() & ~limits.exists()) | here.exists()
