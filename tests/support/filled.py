"""A database with rows in every table, whatever tables it has: what migrations must not lose.

The tables are read from the database itself, so that each form of it, old or new, can be filled.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    func,
    select,
)
from sqlalchemy.types import JSON

BEGIN = datetime(2026, 7, 15, 20, tzinfo=UTC)
ROWS = 3
"""In each table: more than one, so that keys and references can be mixed up."""


def tables_of(connection: Connection) -> list[Table]:
    """The tables of the database, each after those it refers to."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def fill(connection: Connection) -> None:
    """Put :data:`ROWS` rows into every table; each refers to the rows of its own number.

    What refers to two of a kind has the next one as its `other_id`.
    """
    made: dict[str, list[dict[str, Any]]] = {}
    for table in tables_of(connection):
        made[table.name] = [_row(table, number, made) for number in range(1, ROWS + 1)]
        connection.execute(table.insert(), made[table.name])


def counts(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in tables_of(connection)
    }


def _row(table: Table, number: int, made: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    row = {column.name: _value(column, number) for column in table.columns}
    for reference in table.foreign_keys:
        to, name = reference.column, reference.parent.name
        of = number % ROWS if name == "other_id" else number - 1
        row[name] = row[to.name] if to.table is table else made[to.table.name][of][to.name]
    return row


def _value(column: Column[Any], number: int) -> Any:
    kind, later = column.type, timedelta(days=number, hours=column.name in {"ends_at", "until_date"})
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, Integer):
        return number
    if isinstance(kind, DateTime):
        return BEGIN.replace(tzinfo=None if not kind.timezone else UTC) + later
    if isinstance(kind, Date):
        return date(2026, 7, 15) + timedelta(days=number)
    if isinstance(kind, LargeBinary):
        return b"body %d" % number
    return {"number": number} if isinstance(kind, JSON) else f"{column.name} {number}"
