"""Everything held about a person is in the export: each table, each row, no secret, nothing of another's."""

import json
from datetime import datetime

import pytest
from sqlalchemy import ForeignKey, LargeBinary, Table, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.models import Person
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.privacy.export import (
    ABOUT,
    AUDIT,
    BY,
    ITSELF,
    LEFT_OUT,
    SECRET,
    THROUGH,
    export,
    held_about,
    tables_about,
)
from scheduler.errors import NotFound
from scheduler.store.audit import AuditEntry
from scheduler.store.base import Base
from tests.support.filled import fill
from tests.support.people import Everybody

NO_PERSON = {"person_id": {"erasure", "memory", "import_row", "audit_entry", "audit_person"}}
"""Numbers of persons that no foreign key tells of."""


def references(table: Table) -> set[str]:
    """The columns of a table that name a person."""
    keys: set[ForeignKey] = set(table.foreign_keys)
    named = {key.parent.name for key in keys if key.column.table.name == "person"}
    return named | ({"person_id", "other_id", "actor"} & set(table.columns.keys()))


@pytest.mark.parametrize("table", Base.metadata.sorted_tables, ids=str)
def test_every_column_that_names_a_person_is_exported_by_or_says_who_acted(table: Table) -> None:
    """A new table or column with a person in it fails here until somebody decides which it is."""
    assert references(table) <= {ABOUT, "actor", *BY}


def test_what_belongs_to_a_row_about_a_person_is_exported_with_it_or_is_nothing_of_theirs() -> None:
    about = set(tables_about()) - {ITSELF}
    hanging = {
        table.name: {key.column.table.name for key in table.foreign_keys} & about
        for table in Base.metadata.sorted_tables
        if table.name not in about
    }
    # A packed calendar says again what the rows say, and what it could not say is no row of anybody; the
    # trail of a list is the rows of it.
    assert {name for name, to in hanging.items() if to} == {"feed_body", "feed_missing"}


def test_every_table_about_a_person_has_its_row_in_the_export(session: Database, now: datetime) -> None:
    """Three persons with a row in every table; the export of the second has theirs and no other's."""
    session.rollback()
    connection = session.connection()
    fill(connection)
    held = held_about(session, 2, now=now)
    expected = set(tables_about()) - LEFT_OUT.keys() - {"audit_person"}
    assert set(held.tables) == expected
    for name in expected - AUDIT - THROUGH.keys() - {ITSELF}:
        assert {row["person_id"] for row in held.tables[name]} == {2}, name
    assert [row["id"] for row in held.tables["mark_change"]] == [2]
    assert [row["feed_id"] for row in held.tables["feed_kind"]] == [2]
    assert [row["id"] for row in held.tables["person"]] == [2]
    assert held.acts["mark.marked_by"] == 1
    session.rollback()


def test_no_secret_is_exported(session: Database, now: datetime) -> None:
    session.rollback()
    fill(session.connection())
    text = json.dumps(held_about(session, 2, now=now).as_value())
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.name in SECRET:
                assert f"{column.name} 2" not in text
            if isinstance(column.type, LargeBinary):
                assert "body 2" not in text
    session.rollback()


def test_names_stand_beside_numbers(session: Database, now: datetime) -> None:
    session.rollback()
    fill(session.connection())
    held = held_about(session, 2, now=now)
    enrollment, mark, stay = (held.tables[name][0] for name in ("enrollment", "mark", "stay"))
    assert enrollment["series"] == mark["session"] == "title 2"
    assert (stay["program"], stay["site"], stay["counselor"]) == ("name 2", "name 2", "short_name 2")
    session.rollback()


def test_an_export_is_on_record_and_part_of_itself(
    people: Everybody, session: Database, now: datetime
) -> None:
    renee, yusuf = people.member.id, people.administrator
    held = export(session, actor=yusuf.actor, person_id=renee, form="json", now=now)
    noted = select(AuditEntry.actor, AuditEntry.person_id, AuditEntry.detail)
    rows = session.execute(noted.where(AuditEntry.action == "person.exported")).all()
    assert [tuple(row) for row in rows] == [(yusuf.id, renee, {"form": "json"})]
    assert held.tables["audit_entry"][-1]["action"] == "person.exported"
    assert held.tables["identity"][0]["name"] == "Renee Tamm"
    assert "Marcus" not in json.dumps(held.as_value())


def test_a_record_that_goes_on_as_another_is_part_of_it(
    people: Everybody, session: Database, now: datetime
) -> None:
    session.get_one(Person, people.member.id).merged_into = people.other_member.id
    session.flush()
    held = held_about(session, people.other_member.id, now=now)
    assert [row["id"] for row in held.tables["person"]] == [people.member.id, people.other_member.id]


def test_of_nobody_there_is_no_export(session: Database, now: datetime) -> None:
    with pytest.raises(NotFound):
        export(session, actor=SYSTEM, person_id=10_000, form="json", now=now)
