"""Everything held about a person: found by walking the tables, so that no new one can be forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Column, LargeBinary, Select, Table, func, or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.models import Person
from scheduler.domain.people.roles import Actor
from scheduler.domain.privacy.held import Held, Row, Value
from scheduler.domain.privacy.naming import with_names
from scheduler.domain.privacy.readers import EXPORTED, one_record
from scheduler.errors import NotFound
from scheduler.store.audit import record
from scheduler.store.base import Base

ABOUT: Final = "person_id"
"""The column by which a row is about a person."""
ITSELF: Final = "person"
BY: Final = frozenset(
    {
        *("made_by", "taken_by", "marked_by", "counted_by", "submitted_by", "changed_by"),
        *("lifted_by", "reached_by", "not_met_by", "sent_by", "settled_by", "ended_by"),
        *("said_by", "taken_back_by", "matched_by"),
        *("counselor_id", "kept_by", "other_id", "merged_into"),
    }
)
"""Columns that name a person too, in rows that are about somebody or something else."""
AUDIT: Final = frozenset({"audit_entry", "audit_person"})
"""What concerns a person is in either; both together are one list."""
THROUGH: Final = {
    "mark_change": "mark",
    "correction": "mark",
    "attended": "mark",
    "feed_kind": "feed",
    "device_sheet": "device",
    "walk_in_name": "walk_in",
}
"""Tables whose rows are about a person through the row of that other table which they belong to."""
LEFT_OUT: Final = {
    "kept_apart": "it is about somebody else as well, who must not be found by it",
    "kept_together": "it is about somebody else as well, who must not be found by it",
    "challenge": "random numbers, for some minutes",
}
"""Tables that are about a person and are not handed out, and why."""
APART: Final = "apart."
"""Actions about pairs that are kept apart, which are not handed out either."""
SECRET: Final = frozenset({"password_hash", "secret_hash", "token_hash", "code_hash", "sealed_secret"})
"""Columns that open something. Bytes are not handed out either: keys of devices, packed calendars."""


def export(session: Database, *, actor: Actor, person_id: int, form: str, now: datetime) -> Held:
    """Everything held about a person, and on record that it was handed out as ``form``.

    Records that were merged into theirs are part of it. Raises :class:`NotFound`.
    """
    if session.get(Person, person_id) is None:
        raise NotFound
    record(
        session,
        at=now,
        actor=actor,
        action=EXPORTED,
        subject="person",
        subject_id=person_id,
        person_id=person_id,
        detail={"form": form},
    )
    session.flush()
    return held_about(session, person_id, now=now)


def held_about(session: Database, person_id: int, *, now: datetime) -> Held:
    """Everything held about a person; three statements for each table at most."""
    theirs = one_record(session, person_id)
    tables = {name: _rows(session, query) for name, query in _queries(theirs)}
    found = {name: rows for name, rows in tables.items() if rows}
    return Held(now, person_id, with_names(session, found), _acts(session, theirs))


def tables_about() -> dict[str, Table]:
    """The tables with rows about a person, by name; those that are not handed out are among them."""
    tables = {table.name: table for table in Base.metadata.sorted_tables}
    return {
        name: table
        for name, table in tables.items()
        if ABOUT in table.columns or name in THROUGH or name == ITSELF or name in AUDIT
    }


def _queries(theirs: Collection[int]) -> Iterator[tuple[str, Select[Any]]]:
    tables = tables_about()
    for name, table in tables.items():
        if name in LEFT_OUT or name in AUDIT:
            continue
        query = select(*_open(table)).order_by(*table.primary_key)
        if name in THROUGH:
            of = tables[THROUGH[name]]
            query = query.join_from(table, of).where(of.c[ABOUT].in_(theirs))
        else:
            query = query.where(table.c["id" if name == ITSELF else ABOUT].in_(theirs))
        yield name, query
    entry, among = tables["audit_entry"], tables["audit_person"]
    concerned = select(among.c.entry_id).where(among.c.person_id.in_(theirs))
    query = select(*_open(entry)).where(or_(entry.c.person_id.in_(theirs), entry.c.id.in_(concerned)))
    query = query.where(~entry.c.action.startswith(APART))
    yield "audit_entry", query.order_by(entry.c.at, entry.c.id)


def _open(table: Table) -> list[Column[Any]]:
    return [
        column
        for column in table.columns
        if column.name not in SECRET and not isinstance(column.type, LargeBinary)
    ]


def _rows(session: Database, query: Select[Any]) -> tuple[Row, ...]:
    return tuple(
        {name: _plain(value) for name, value in row.items()} for row in session.execute(query).mappings()
    )


def _plain(value: Any) -> Value:
    if isinstance(value, datetime | date):
        return value.isoformat()
    found: Value = value
    return found


def _acts(session: Database, theirs: Sequence[int]) -> dict[str, int]:
    counts = {}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.name in BY - {"other_id", "merged_into"}:
                query = select(func.count()).select_from(table).where(column.in_(theirs))
                counts[f"{table.name}.{column.name}"] = session.scalar(query) or 0
    return {name: count for name, count in counts.items() if count}
