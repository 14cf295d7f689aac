"""The members as a list with the columns that a list is read by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.imports.people_columns import HEADINGS
from scheduler.domain.people.models import Identity, Person, PersonRole
from scheduler.domain.people.roles import STAFF, Actor, Role
from scheduler.domain.places.models import Site
from scheduler.domain.planning.reach import Reach
from scheduler.domain.schedule.models import Series
from scheduler.domain.stays.models import Program, Stay
from scheduler.domain.stays.policy import latest_stay
from scheduler.store.audit import record


@dataclass(frozen=True, slots=True)
class Exported:
    """A list of members, and whom it names."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    persons: tuple[int, ...]


def export(
    session: Database, *, actor: Actor, kind: str, reach: Reach, today: date, now: datetime
) -> Exported:
    """Every member within reach, with their latest stay and the groups they belong to; on record as exported.

    ``kind`` is the kind of file. Who works here is left out; so is who is disabled.
    """
    groups = _groups(session, reach, today)
    query = (
        select(
            Person.id,
            Identity.name,
            Identity.birth_year,
            Identity.email,
            Identity.phone,
            Program.name,
            Site.name,
            Stay.admitted_on,
            Stay.discharged_on,
        )
        .join(Identity, Identity.person_id == Person.id)
        .outerjoin(Stay, latest_stay(Person.id))
        .outerjoin(Program, Program.id == Stay.program_id)
        .outerjoin(Site, Site.id == Stay.site_id)
        .where(Person.disabled_at.is_(None), Person.erased_at.is_(None), Person.merged_into.is_(None))
        .where(Person.id.in_(select(PersonRole.person_id).where(PersonRole.role == Role.MEMBER.value)))
        .where(Person.id.not_in(select(PersonRole.person_id).where(PersonRole.role.in_(STAFF))))
        .order_by(Identity.search_name, Person.id)
    )
    among = reach.of_people().among
    found = session.execute(query if among is None else query.where(Person.id.in_(among))).all()
    rows = tuple(
        tuple("" if value is None else str(value) for value in (*row[1:], *groups.get(row[0], ("", ""))))
        for row in found
    )
    persons = tuple(row[0] for row in found)
    record(
        session,
        at=now,
        actor=actor,
        action="export",
        subject="people",
        persons=persons,
        detail={"kind": kind, "rows": len(rows)},
    )
    return Exported(tuple(HEADINGS.values()), rows, persons)


def _groups(session: Database, reach: Reach, today: date) -> dict[int, tuple[str, str]]:
    """The groups that somebody belongs to, and the first day in all of them."""
    query = (
        select(Enrollment.person_id, Series.title, Enrollment.from_date)
        .join(Series, Series.id == Enrollment.series_id)
        .where(
            Series.listed.is_(False),
            or_(Enrollment.until_date.is_(None), Enrollment.until_date >= today),
        )
        .order_by(Enrollment.person_id, Series.title, Enrollment.id)
    )
    within = reach.of_series()
    found: dict[int, tuple[str, str]] = {}
    for person_id, title, from_date in session.execute(query if within is None else query.where(within)):
        titles, first = found.get(person_id, ("", ""))
        found[person_id] = (f"{titles}; {title}".strip("; "), max(first, from_date.isoformat()))
    return found
