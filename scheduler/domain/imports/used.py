"""Who of an import is in use by now: signed in, enrolled, marked, changed, or named by anything since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import Column, Select, or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.models import Mark
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.imports.judging import Outcome
from scheduler.domain.imports.models import ImportRow
from scheduler.domain.people.models import Identity, Person, PersonRole, SignIn
from scheduler.domain.people.roles import Role
from scheduler.domain.stays.models import Stay
from scheduler.store.audit import AuditEntry, AuditPerson
from scheduler.store.base import Base

OWN: Final = frozenset(
    {
        "person",
        "identity",
        "person_role",
        "calendar_revision",
        "stay",
        "enrollment",
        "import_row",
        "audit_entry",
        "audit_person",
    }
)
"""Tables that an import writes itself, or that only say what happened; each is looked at in its own way."""

AT_ONCE: Final = 5_000
AnyValue = TypeVar("AnyValue", int, str)
LOOKING: Final = ("read", "export")
"""Acts of the audit that use nobody: somebody was seen."""


def used_since(session: Database, rows: Sequence[ImportRow], *, since: datetime) -> set[int]:
    """The persons of these rows of one import that anything was built on after it."""
    batch = {row.batch_id for row in rows}
    made = select(ImportRow.person_id).where(
        ImportRow.batch_id.in_(batch), ImportRow.outcome == Outcome.NEW.value
    )
    everybody = select(ImportRow.person_id).where(ImportRow.batch_id.in_(batch))
    found: set[int] = set(_changed(session, rows, everybody))
    for query in (*_of_made(made), *_of_all(everybody, batch, since)):
        found |= set(session.scalars(query))
    return found | set(_moved_on(session, rows, everybody))


def without_address(session: Database, rows: Sequence[ImportRow]) -> set[int]:
    """The persons of these rows whose address of before somebody else has by now."""
    before = {
        str(row.before["email"]): row.person_id for row in rows if row.before and row.before.get("email")
    }
    found: set[int] = set()
    for addresses in in_parts([*before]):
        holders = select(Identity.email, Identity.person_id).where(Identity.email.in_(addresses))
        found |= {
            before[email] for email, holder in session.execute(holders) if email and before[email] != holder
        }
    return found


def _changed(session: Database, rows: Sequence[ImportRow], everybody: Select[int]) -> Iterator[int]:
    """Whose record is another than the import left."""
    query = select(Person.id, Person.revision).where(Person.id.in_(everybody))
    revisions = dict(session.execute(query).all())
    yield from (row.person_id for row in rows if revisions.get(row.person_id) != row.revision_after)


def _of_made(made: Select[int]) -> Iterator[Select[Any]]:
    """Those who were made and are named by any table by now: also by one that is yet to be thought of."""
    for column in _naming_persons():
        yield select(column).where(column.in_(made))
    roles = select(PersonRole.person_id).where(PersonRole.role != Role.MEMBER.value)
    yield roles.where(PersonRole.person_id.in_(made))
    yield select(Person.merged_into).where(Person.merged_into.in_(made))
    confirmed = or_(Identity.email_confirmed_at.is_not(None), Identity.pending_email.is_not(None))
    yield select(Identity.person_id).where(Identity.person_id.in_(made), confirmed)


def _naming_persons() -> Iterator[Column[Any]]:
    for table in Base.metadata.tables.values():
        for column in table.columns:
            refers = any(key.column.table.name == "person" for key in column.foreign_keys)
            if (refers or column.name == "person_id") and table.name not in OWN:
                yield column


def _of_all(everybody: Select[int], batch: set[int], since: datetime) -> Iterator[Select[Any]]:
    """Those who signed in, were marked, were imported again, or about whom the audit says anything since."""
    yield select(SignIn.person_id).where(SignIn.person_id.in_(everybody), SignIn.created_at >= since)
    yield select(Mark.person_id).where(Mark.person_id.in_(everybody), Mark.marked_at >= since)
    again = select(ImportRow.person_id).where(ImportRow.batch_id > max(batch, default=0))
    yield again.where(ImportRow.person_id.in_(everybody))
    acts = (AuditEntry.at > since, AuditEntry.action.not_in(LOOKING))
    yield select(AuditEntry.person_id).where(AuditEntry.person_id.in_(everybody), *acts)
    listed = select(AuditPerson.person_id).join(AuditEntry, AuditEntry.id == AuditPerson.entry_id)
    yield listed.where(AuditPerson.person_id.in_(everybody), *acts)


def _moved_on(session: Database, rows: Sequence[ImportRow], everybody: Select[int]) -> Iterator[int]:
    """Those with other enrollments and stays than the import left."""
    stays = _there(session, Stay, everybody)
    enrollments = _there(session, Enrollment, everybody)
    of_stay = select(Enrollment.id, Enrollment.stay_id).where(Enrollment.person_id.in_(everybody))
    stay_of = dict(session.execute(of_stay).all())
    for row in rows:
        begun, enrolled, adopted = (set(_of(row, name)) for name in ("stay", "enrollments", "adopted"))
        mine, others = stays.get(row.person_id, {}), enrollments.get(row.person_id, {})
        built_on = {each for each in others if stay_of[each] in begun} - enrolled - adopted
        if built_on or _differs(begun, mine, row) or _differs(enrolled, others, row):
            yield row.person_id


def _differs(own: set[int], there: Mapping[int, int], row: ImportRow) -> bool:
    """Were rows that the import made changed or removed, or others added to somebody whom it made?"""
    touched = any(there.get(each) != 1 for each in own)
    return touched or (row.outcome == Outcome.NEW and not set(there) <= own)


def _there(
    session: Database, table: type[Stay | Enrollment], everybody: Select[int]
) -> dict[int, dict[int, int]]:
    """The revisions of rows by their ids, by person."""
    found: dict[int, dict[int, int]] = {}
    query = select(table.person_id, table.id, table.revision).where(table.person_id.in_(everybody))
    for person_id, each, revision in session.execute(query):
        found.setdefault(person_id, {})[each] = revision
    return found


def in_parts(values: Sequence[AnyValue]) -> Iterator[Sequence[AnyValue]]:
    """The same some at a time: a statement takes only so many values."""
    return (values[first : first + AT_ONCE] for first in range(0, len(values), AT_ONCE))


def ids_in(rows: Sequence[ImportRow], name: str) -> list[int]:
    """The ids that these rows remember under a name."""
    return [each for row in rows for each in _of(row, name)]


def _of(row: ImportRow, name: str) -> list[int]:
    return [int(each) for each in str((row.before or {}).get(name) or "").split()]
