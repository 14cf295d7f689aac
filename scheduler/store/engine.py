"""How connections behave: SQLite's pragmas, and who begins which kind of transaction."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

WRITE = "aftercare_write"
"""The execution option of a connection whose transaction will write."""

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 10000",
    "PRAGMA secure_delete = ON",  # what is erased leaves the file as well, and so every copy of it
)


def read_only(database: str | Path) -> str:
    """The address of a SQLite file for those who only read it, whatever its name has in it."""
    return f"file:{quote(str(database))}?mode=ro"


def _on_connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    raw: Any = connection
    raw.isolation_level = None  # the driver would begin transactions of its own, and too late
    cursor = raw.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _on_begin(connection: Connection) -> None:
    # A transaction that reads first and asks for the write lock later fails at once with
    # "database is locked", whatever the timeout; so a writing one asks at its beginning.
    writes = connection.get_execution_options().get(WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def prepare(engine: Engine) -> None:
    """Make ``engine`` behave as the transactions of this project expect; once per engine."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
