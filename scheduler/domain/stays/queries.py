"""Stays, holds and programs as frozen values."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import aliased

from scheduler.domain.people.models import Identity
from scheduler.domain.places.models import Site
from scheduler.domain.stays.models import Hold, Program, Stay
from scheduler.domain.stays.programs import ProgramKind
from scheduler.domain.stays.reasons import DischargeReason, Places


def on_hold(person: Any, day: Any, *, freed: bool = False) -> ColumnElement[bool]:
    """Is the person of the enclosing query on hold on that local date? `freed`: with their places freed."""
    held = (Hold.person_id == person) & (Hold.from_date <= day)
    held &= or_(Hold.until_date.is_(None), Hold.until_date >= day)
    if freed:
        held &= Hold.places == Places.FREED.value
    return exists().where(held).correlate_except(Hold)


@dataclass(frozen=True, slots=True)
class StayView:
    """A stay; dates are local and included, `discharged_on` empty: it lasts.

    Names are empty where there is none; the counselor's is the short one. `reason` is set with the discharge.
    """

    id: int
    person_id: int
    program_id: int | None
    program: str
    site_id: int | None
    site: str
    counselor_id: int | None
    counselor: str
    kept_by: int | None
    admitted_on: date
    discharged_on: date | None
    reason: DischargeReason | None
    revision: int

    @property
    def is_open(self) -> bool:
        return self.discharged_on is None

    def holds(self, day: date) -> bool:
        """Does the stay last on that local date?"""
        return self.admitted_on <= day and (self.discharged_on is None or day <= self.discharged_on)


@dataclass(frozen=True, slots=True)
class HoldView:
    """A hold; dates are local and included, `until_date` empty: until somebody ends it.

    `made_by` is the short name of who made it, or empty.
    """

    id: int
    stay_id: int
    person_id: int
    from_date: date
    until_date: date | None
    places: Places
    made_at: datetime
    made_by: str
    revision: int


@dataclass(frozen=True, slots=True)
class ProgramView:
    """A program; `stays` counts those that last."""

    id: int
    name: str
    kind: ProgramKind
    archived: bool
    revision: int
    stays: int


def stays_of(session: Database, person_id: int) -> tuple[StayView, ...]:
    """All stays of a person, the latest first. One statement."""
    return _stays(session, Stay.person_id == person_id)


def with_stays(session: Database, persons: Collection[int]) -> set[int]:
    """Those of these persons who have a stay, past or present. One statement."""
    query = select(Stay.person_id).where(Stay.person_id.in_(persons)).distinct()
    return set(session.scalars(query)) if persons else set()


def discharged(session: Database, persons: Collection[int], *, on: date) -> set[int]:
    """Who of them has stays that are all over on a local date. One statement."""
    lasts = or_(Stay.discharged_on.is_(None), Stay.discharged_on >= on)
    query = select(Stay.person_id, func.max(case((lasts, 1), else_=0)))
    found = session.execute(query.where(Stay.person_id.in_(persons)).group_by(Stay.person_id))
    return {person_id for person_id, is_here in found if not is_here}


def holds_of(session: Database, person_id: int) -> tuple[HoldView, ...]:
    """All holds of a person, the latest first. One statement."""
    return _holds(session, Hold.person_id == person_id)


def hold_on(session: Database, person_id: int, day: date) -> HoldView | None:
    """The hold of a person on a local date, or none. One statement."""
    held = (Hold.from_date <= day) & or_(Hold.until_date.is_(None), Hold.until_date >= day)
    return next(iter(_holds(session, (Hold.person_id == person_id) & held)), None)


def programs(session: Database, *, archived: bool = False) -> tuple[ProgramView, ...]:
    """The programs that are offered (`archived`: those that are not any more), by name. One statement."""
    return _programs(session, Program.archived.is_(archived))


def program(session: Database, program_id: int) -> ProgramView | None:
    """One program, or none. One statement."""
    return next(iter(_programs(session, Program.id == program_id)), None)


def _stays(session: Database, condition: ColumnElement[bool]) -> tuple[StayView, ...]:
    query = (
        select(Stay, func.coalesce(Program.name, ""), func.coalesce(Site.name, ""))
        .add_columns(func.coalesce(Identity.short_name, ""))
        .outerjoin(Program, Program.id == Stay.program_id)
        .outerjoin(Site, Site.id == Stay.site_id)
        .outerjoin(Identity, Identity.person_id == Stay.counselor_id)
        .where(condition)
        .order_by(Stay.admitted_on.desc(), Stay.id.desc())
        .execution_options(populate_existing=True)
    )
    return tuple(
        StayView(
            id=row.id,
            person_id=row.person_id,
            program_id=row.program_id,
            program=program_name,
            site_id=row.site_id,
            site=site_name,
            counselor_id=row.counselor_id,
            counselor=counselor,
            kept_by=row.kept_by,
            admitted_on=row.admitted_on,
            discharged_on=row.discharged_on,
            reason=DischargeReason(row.reason) if row.reason else None,
            revision=row.revision,
        )
        for row, program_name, site_name, counselor in session.execute(query)
    )


def _holds(session: Database, condition: ColumnElement[bool]) -> tuple[HoldView, ...]:
    maker = aliased(Identity)
    query = (
        select(Hold, func.coalesce(maker.short_name, ""))
        .outerjoin(maker, maker.person_id == Hold.made_by)
        .where(condition)
        .order_by(Hold.from_date.desc(), Hold.id.desc())
        .execution_options(populate_existing=True)
    )
    return tuple(
        HoldView(
            id=row.id,
            stay_id=row.stay_id,
            person_id=row.person_id,
            from_date=row.from_date,
            until_date=row.until_date,
            places=Places(row.places),
            made_at=row.made_at,
            made_by=made_by,
            revision=row.revision,
        )
        for row, made_by in session.execute(query)
    )


def _programs(session: Database, condition: ColumnElement[bool]) -> tuple[ProgramView, ...]:
    lasting = select(func.count()).select_from(Stay)
    lasting = lasting.where(Stay.program_id == Program.id, Stay.discharged_on.is_(None)).correlate(Program)
    query = select(
        Program.id, Program.name, Program.kind, Program.archived, Program.revision, lasting.scalar_subquery()
    )
    found = session.execute(query.where(condition).order_by(func.lower(Program.name), Program.id))
    return tuple(ProgramView(row[0], row[1], ProgramKind(row[2]), *row[3:]) for row in found)
