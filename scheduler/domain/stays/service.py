"""Changing stays, holds and programs.

Stays and holds are changed by `admissions` only, which locks the person first, works out what follows, raises
the calendars and writes the audit entry. Programs are changed by administrators as they stand here.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.eligible import require_role
from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.places.models import Site
from scheduler.domain.stays.models import Hold, Program, Stay
from scheduler.domain.stays.programs import DEFAULT_PROGRAMS, ProgramDraft, checked
from scheduler.domain.stays.reasons import DischargeReason, Places
from scheduler.errors import Invalid, NotFound, Refused
from scheduler.store.audit import record
from scheduler.store.base import require_revision
from scheduler.store.rising import risen


def begin_stay(
    session: Database,
    *,
    person_id: int,
    admitted_on: date,
    program_id: int | None = None,
    site_id: int | None = None,
    counselor_id: int | None = None,
    kept_by: int | None = None,
    now: datetime,
) -> Stay:
    """A member is admitted on a local date; the stay lasts. Readmission is the same act.

    Raises Invalid on `person_id` for somebody who is no member, on `program_id`, `site_id` and `counselor_id`
    for what is not there; Refused where another stay lasts on that date or later.
    """
    require_role(session, [person_id], Role.MEMBER)
    _require_sound(session, program_id=program_id, site_id=site_id, counselor_id=counselor_id)
    _require_apart(session, person_id, admitted_on)
    stay = Stay(
        person_id=person_id,
        program_id=program_id,
        site_id=site_id,
        counselor_id=counselor_id,
        kept_by=kept_by,
        admitted_on=admitted_on,
        discharged_on=None,
        reason=None,
        changed_at=now,
    )
    session.add(stay)
    session.flush()
    return stay


def change_stay(
    session: Database,
    *,
    stay: Stay,
    program_id: int | None,
    site_id: int | None,
    counselor_id: int | None,
    now: datetime,
) -> None:
    """Another program, site or counselor within the same stay. Raises as `begin_stay`.

    What the stay has already may be kept, archived or not.
    """
    _require_sound(
        session,
        program_id=program_id if program_id != stay.program_id else None,
        site_id=site_id if site_id != stay.site_id else None,
        counselor_id=counselor_id if counselor_id != stay.counselor_id else None,
    )
    stay.program_id, stay.site_id, stay.counselor_id = program_id, site_id, counselor_id
    _touch(session, stay, now)


def end_stay(
    session: Database, *, stay: Stay, discharged_on: date, reason: DischargeReason, now: datetime
) -> tuple[int, ...]:
    """The stay ends with a local date, included; its holds end with it, and later ones never were.

    Answers the ids of the holds that this shortened or removed. Raises Refused for a stay that has ended,
    Invalid on `discharged_on` before its first date.
    """
    if stay.discharged_on is not None:
        raise Refused("This stay has ended already.")
    if discharged_on < stay.admitted_on:
        raise Invalid("The last day is before the day of admission.", field="discharged_on")
    longer = select(Hold).where(
        Hold.stay_id == stay.id, _reaches(Hold.until_date, discharged_on, beyond=True)
    )
    holds = session.scalars(longer.order_by(Hold.id).execution_options(populate_existing=True)).all()
    touched = tuple(hold.id for hold in holds)
    for hold in holds:
        _shorten(session, hold, discharged_on)
    stay.discharged_on, stay.reason = discharged_on, reason.value
    _touch(session, stay, now)
    return touched


def add_hold(
    session: Database,
    *,
    actor: Actor,
    stay: Stay,
    from_date: date,
    until_date: date | None,
    places: Places,
    now: datetime,
) -> Hold:
    """Pause what is expected between two local dates, both included; no `until_date`: until it is ended.

    Raises Invalid on `until_date` before `from_date`, on either outside the stay, Refused where another hold
    has one of these dates.
    """
    _require_hold(session, stay, from_date, until_date, None)
    hold = Hold(
        stay_id=stay.id,
        person_id=stay.person_id,
        from_date=from_date,
        until_date=until_date,
        places=places.value,
        made_at=now,
        made_by=actor.person_id,
    )
    session.add(hold)
    session.flush()
    return hold


def end_hold(session: Database, *, hold: Hold, last: date | None) -> bool:
    """The last local date of a hold, included; none: until it is ended. Answers whether it is still there.

    A last date before its first one takes it away, as if it had never been. Raises as `add_hold`.
    """
    if last is not None and last < hold.from_date:
        session.delete(hold)
        session.flush()
        return False
    stay = session.get_one(Stay, hold.stay_id, populate_existing=True)
    _require_hold(session, stay, hold.from_date, last, hold.id)
    hold.until_date = last
    hold.revision += 1
    session.flush()
    return True


def load_stay(session: Database, stay_id: int) -> Stay:
    """The stay, read anew. Raises NotFound."""
    stay = session.get(Stay, stay_id, populate_existing=True)
    if stay is None:
        raise NotFound("There is no such stay.")
    return stay


def load_hold(session: Database, hold_id: int) -> Hold:
    """The hold, read anew. Raises NotFound."""
    hold = session.get(Hold, hold_id, populate_existing=True)
    if hold is None:
        raise NotFound("There is no such hold.")
    return hold


def make_program(session: Database, *, actor: Actor, program: ProgramDraft, now: datetime) -> int:
    """A new program; answers its id. Raises Invalid on `name` for a bad one, or one that another has."""
    program = checked(program)
    _require_new_name(session, program.name, None)
    row = Program(name=program.name, kind=program.kind.value)
    session.add(row)
    session.flush()
    record(session, at=now, actor=actor, action="program.made", subject="program", subject_id=row.id)
    return row.id


def change_program(
    session: Database, *, actor: Actor, program_id: int, revision: int, program: ProgramDraft, now: datetime
) -> None:
    """Another name or kind. Raises Invalid as `make_program`, NotFound, Conflict where `revision` is old."""
    row = _program(session, program_id)
    program = checked(program)
    require_revision(row, revision)
    _require_new_name(session, program.name, program_id)
    row.name, row.kind = program.name, program.kind.value
    session.flush()
    record(session, at=now, actor=actor, action="program.changed", subject="program", subject_id=program_id)


def archive_program(
    session: Database, *, actor: Actor, program_id: int, revision: int, archived: bool, now: datetime
) -> None:
    """Offer a program no longer, or again; the stays in it stay. Raises NotFound, Conflict."""
    row = _program(session, program_id)
    require_revision(row, revision)
    row.archived = archived
    session.flush()
    record(
        session,
        at=now,
        actor=actor,
        action="program.archived" if archived else "program.restored",
        subject="program",
        subject_id=program_id,
    )


def make_default_programs(session: Database, *, actor: Actor, now: datetime) -> int:
    """The four programs to begin with, where there is none at all; answers how many were made."""
    if session.scalar(select(Program.id).limit(1)) is not None:
        return 0
    for program in DEFAULT_PROGRAMS:
        make_program(session, actor=actor, program=program, now=now)
    return len(DEFAULT_PROGRAMS)


def _require_sound(
    session: Database, *, program_id: int | None, site_id: int | None, counselor_id: int | None
) -> None:
    program = session.get(Program, program_id, populate_existing=True) if program_id is not None else None
    if program_id is not None and (program is None or program.archived):
        raise Invalid("Choose one of the programs.", field="program_id")
    if site_id is not None and session.get(Site, site_id) is None:
        raise Invalid("Choose one of the sites.", field="site_id")
    if counselor_id is not None:
        require_role(session, [counselor_id], Role.FACILITATOR, field="counselor_id")


def _require_apart(session: Database, person_id: int, first: date) -> None:
    """A stay without an end is the last one: no other may last on its first date or later."""
    later = select(Stay.id).where(Stay.person_id == person_id).where(_reaches(Stay.discharged_on, first))
    if session.scalar(later.limit(1)) is not None:
        raise Refused("Another stay has not ended before that day.")


def _require_hold(
    session: Database, stay: Stay, from_date: date, until_date: date | None, own: int | None
) -> None:
    if until_date is not None and until_date < from_date:
        raise Invalid("The last date is before the first.", field="until_date")
    if from_date < stay.admitted_on:
        raise Invalid("The stay begins later.", field="from_date")
    if stay.discharged_on is not None and (until_date is None or until_date > stay.discharged_on):
        raise Invalid("The stay ends before that.", field="until_date")
    other = (
        select(Hold.from_date, Hold.until_date)
        .where(Hold.person_id == stay.person_id, Hold.id != (own or 0))
        .where(Hold.from_date <= (until_date or date.max), _reaches(Hold.until_date, from_date))
    )
    found = session.execute(other.order_by(Hold.from_date).limit(1)).first()
    if found is not None:
        raise Refused(f"There is a pause already: {_in_words(*found)}.")


def _in_words(first: date, last: date | None) -> str:
    """ "December 10 to 20", "from December 10 on"."""
    if last is None:
        return f"from {first:%B} {first.day} on"
    same_month = (first.year, first.month) == (last.year, last.month)
    return f"{first:%B} {first.day} to {last.day if same_month else f'{last:%B} {last.day}'}"


def _reaches(column: Any, day: date, *, beyond: bool = False) -> ColumnElement[bool]:
    """Does a term with this last date hold `day` or a later one (`beyond`: a later one)?"""
    return or_(column.is_(None), column > day if beyond else column >= day)


def _shorten(session: Database, hold: Hold, last: date) -> None:
    if hold.from_date > last:
        session.delete(hold)
    else:
        hold.until_date = last
        hold.revision += 1


def _touch(session: Database, stay: Stay, now: datetime) -> None:
    stay.changed_at = risen(now, stay.changed_at)
    stay.revision += 1
    session.flush()


def _program(session: Database, program_id: int) -> Program:
    row = session.get(Program, program_id, populate_existing=True)
    if row is None:
        raise NotFound("There is no such program.")
    return row


def _require_new_name(session: Database, name: str, own: int | None) -> None:
    if session.scalar(select(Program.id).where(Program.name == name, Program.id != (own or 0))):
        raise Invalid("Another program has this name.", field="name")
