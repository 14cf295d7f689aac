"""The audit: rows that are only ever added."""

from datetime import datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.attendance.models import Mark, MarkChange, Sheet
from scheduler.domain.people.roles import SYSTEM
from scheduler.errors import Refused
from scheduler.store.audit import AuditEntry, record
from scheduler.store.transaction import transaction
from tests.support import factories

Sessions = sessionmaker[Database]


def write(session: Database, at: datetime) -> None:
    record(session, at=at, actor=SYSTEM, action="made", subject="site", persons=[7], detail={"rooms": 3})


def mark(session: Database, at: datetime) -> None:
    """A mark with its first change."""
    person_id = factories.member(session, "Renee Tamm")
    sheet = Sheet(occurrence_id=factories.occurrence(session, factories.series(session)), opened_at=at)
    session.add(sheet)
    session.flush()
    made = Mark(sheet_id=sheet.id, person_id=person_id, marked_at=at)
    session.add(made)
    session.flush()
    session.add(MarkChange(mark_id=made.id, revision=1, marked_at=at))


def refused(sessions: Sessions, statement: str) -> str:
    with sessions() as session, pytest.raises(DatabaseError) as refusal:
        session.execute(text(statement))
    return str(refusal.value.orig)


@pytest.mark.parametrize("table", ["audit_entry", "audit_person", "mark_change"])
@pytest.mark.parametrize("act", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_remove(
    sessions: Sessions, now: datetime, table: str, act: str
) -> None:
    with sessions() as session, transaction(session):
        write(session, now)
        mark(session, now)
    column = "entry_id" if table == "audit_person" else "id"
    assert f"{table} is only added to" in refused(sessions, act.format(table, column))


@pytest.mark.databases("postgresql")
@pytest.mark.parametrize("table", ["audit_entry", "audit_person", "mark_change"])
def test_it_cannot_be_emptied_either(sessions: Sessions, table: str) -> None:
    assert f"{table} is only added to" in refused(sessions, f"TRUNCATE {table} CASCADE")


def write_and_fail(sessions: Sessions, at: datetime) -> None:
    with sessions() as session, transaction(session):
        write(session, at)
        raise Refused


def test_an_entry_stands_and_falls_with_the_change_it_speaks_of(sessions: Sessions, now: datetime) -> None:
    with pytest.raises(Refused):
        write_and_fail(sessions, now)
    with sessions() as session, transaction(session):
        write(session, now)
    with sessions() as session:
        found = session.scalars(select(AuditEntry)).one()
    values = (
        found.at,
        found.actor,
        found.sign_in,
        found.action,
        found.subject,
        found.subject_id,
        found.detail,
    )
    assert values == (now, None, None, "made", "site", None, {"rooms": 3})
