"""Somebody says beforehand that they can't make it, and that they can after all; and who did.

It proposes *excused*, and marks nothing: whoever leads the session decides. It stops nothing else either. One
person's word never calls off a group.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.assembly import Absence
from scheduler.domain.attendance.holding import hold_sheet
from scheduler.domain.attendance.models import AbsenceNotice
from scheduler.domain.attendance.statuses import Excuse
from scheduler.domain.enrollment.queries import members_of
from scheduler.domain.people.models import Person
from scheduler.domain.people.roles import Actor
from scheduler.domain.schedule.kinds import Counting
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.errors import NotFound, Refused
from scheduler.store.asking import rows
from scheduler.store.audit import record


def say_absent(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    person_id: int,
    reason: Excuse | None = None,
    now: datetime,
) -> None:
    """Note that this person can't make it. Said again, only another ``reason`` changes something.

    Members say it of themselves, whoever may take the sheet on their behalf. A mark that stands already stays
    as it is. Raises NotFound for somebody else, somebody not expected, and a session without names; Refused
    once it has begun, or is cancelled.
    """
    _require_to_come(session, actor, occurrence_id, person_id, now)
    row = _row_of(session, occurrence_id, person_id)
    if row is None:
        row = AbsenceNotice(occurrence_id=occurrence_id, person_id=person_id)
        session.add(row)
    elif row.taken_back_at is None and reason in (None, row.reason):
        return
    row.reason, row.said_by, row.said_at = reason, actor.person_id, now
    row.taken_back_by = row.taken_back_at = None
    _note(session, actor, "absence.said", occurrence_id, person_id, now)


def say_coming(session: Database, *, actor: Actor, occurrence_id: int, person_id: int, now: datetime) -> None:
    """Take that back: they can make it after all. Nothing to take back is fine. Raises as `say_absent`."""
    _require_to_come(session, actor, occurrence_id, person_id, now)
    row = _row_of(session, occurrence_id, person_id)
    if row is None or row.taken_back_at is not None:
        return
    row.taken_back_by, row.taken_back_at = actor.person_id, now
    _note(session, actor, "absence.taken_back", occurrence_id, person_id, now)


def absences_of(
    session: Database, person_id: int, occurrences: Collection[int], *, now: datetime
) -> dict[int, Absence | None]:
    """Those of these occurrences to which somebody can still say so, and whether they did. One statement."""
    query = (
        select(Occurrence.id, AbsenceNotice.id, AbsenceNotice.reason)
        .join(Series, Series.id == Occurrence.series_id)
        .outerjoin(AbsenceNotice, says_so(Occurrence.id, person_id))
        .where(
            Occurrence.id.in_(occurrences),
            Occurrence.booked,
            Occurrence.starts_at > now,
            Series.listed.is_(False),
            Series.counting != Counting.HEADS,
        )
    )
    return {occurrence: absence_of(*said) for occurrence, *said in rows(session, query)}


def saying_so(session: Database, occurrence_id: int, persons: Collection[int]) -> set[int]:
    """Those of these persons who say that they can't make it. One statement, or none for nobody."""
    if not persons:
        return set()
    notices = select(AbsenceNotice.person_id).where(says_so(occurrence_id, AbsenceNotice.person_id))
    return set(session.scalars(notices.where(AbsenceNotice.person_id.in_(persons))))


def all_saying_so(session: Database, occurrence_id: int) -> set[int]:
    """Everybody who says so of an occurrence, expected or not. One statement."""
    notices = select(AbsenceNotice.person_id).where(says_so(occurrence_id, AbsenceNotice.person_id))
    return set(session.scalars(notices))


def says_so(occurrence: Any, person: Any) -> ColumnElement[bool]:
    """The condition that an AbsenceNotice is what this person (a column or an id) says of an occurrence."""
    return and_(
        AbsenceNotice.occurrence_id == occurrence,
        AbsenceNotice.person_id == person,
        AbsenceNotice.taken_back_at.is_(None),
    )


def absence_of(notice_id: int | None, reason: str | None) -> Absence | None:
    """A notice's columns as what it says; none without a notice."""
    if notice_id is None:
        return None
    return Absence(Excuse(reason) if reason else None)


def _require_to_come(
    session: Database, actor: Actor, occurrence_id: int, person_id: int, now: datetime
) -> None:
    """Hold the sheet, so that nobody fills the gap at this moment. Raises as `say_absent`."""
    own = true() if person_id == actor.person_id else None
    opened = hold_sheet(session, actor, occurrence_id, [person_id], allowed=own)
    expected = members_of(session, [occurrence_id])
    if own is None and opened.private is not None:
        hidden = select(Person.id).where(Person.id == person_id, Person.id.in_(opened.private))
        expected -= set(session.scalars(hidden))
    if opened.by_heads or person_id not in expected:
        raise NotFound("They are not expected there.")
    if not opened.booked:
        raise Refused("This session is cancelled.")
    if now >= opened.starts_at:
        raise Refused("This session has begun.")


def _row_of(session: Database, occurrence_id: int, person_id: int) -> AbsenceNotice | None:
    theirs = (AbsenceNotice.occurrence_id == occurrence_id, AbsenceNotice.person_id == person_id)
    return session.scalar(select(AbsenceNotice).where(*theirs).execution_options(populate_existing=True))


def _note(
    session: Database, actor: Actor, action: str, occurrence_id: int, person_id: int, now: datetime
) -> None:
    record(
        session,
        at=now,
        actor=actor,
        action=action,
        subject="occurrence",
        subject_id=occurrence_id,
        person_id=person_id,
    )
