"""One change, one transaction, one commit; the only place that commits."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import scoped_session

from scheduler.errors import Conflict
from scheduler.store.engine import WRITE

TAKEN = "Somebody else took this a moment ago."
BUSY = "Too much happens at once. Nothing was changed; try again."
USED = "Something that this concerns was removed or put to use a moment ago. Nothing was changed; look again."

_POSTGRES = {"23P01": TAKEN, "23505": TAKEN, "23503": USED, "40P01": BUSY, "40001": BUSY, "55P03": BUSY}

_SQLITE = {
    "SQLITE_CONSTRAINT_UNIQUE": TAKEN,
    "SQLITE_CONSTRAINT_PRIMARYKEY": TAKEN,
    "SQLITE_CONSTRAINT_ROWID": TAKEN,
    "SQLITE_CONSTRAINT_FOREIGNKEY": USED,
}


def conflict_of(error: DBAPIError) -> Conflict | None:
    """The conflict that a driver's error stands for, or none where it is a mistake of ours."""
    cause: Any = error.orig
    if isinstance(cause, sqlite3.IntegrityError):
        said = _SQLITE.get(cause.sqlite_errorname)
        return Conflict(said) if said else None
    if isinstance(cause, sqlite3.OperationalError) and cause.sqlite_errorname.startswith("SQLITE_BUSY"):
        return Conflict(BUSY)
    said = _POSTGRES.get(getattr(cause, "sqlstate", None) or "")
    return Conflict(said) if said else None


AnySession = TypeVar("AnySession", bound=Database)


@contextmanager
def transaction(database: Database | scoped_session[AnySession]) -> Iterator[Database]:
    """Load, allow and do inside; commit at the end, or leave nothing behind.

    The reading transaction that the user loader may have opened is rolled back first: whatever was
    loaded before is loaded again, under the lock. Raises :class:`Conflict` for what the database
    itself refused (a taken room, a row that is referred to, a deadlock, a busy file).
    """
    session = database() if isinstance(database, scoped_session) else database
    session.rollback()
    try:
        connection = session.connection(execution_options={WRITE: True})
        yield session
        session.flush()
        if connection.dialect.name == "postgresql":
            session.connection().exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
        session.commit()
    except DBAPIError as error:
        session.rollback()
        raise conflict_of(error) or error from error
    except BaseException:
        session.rollback()
        raise
