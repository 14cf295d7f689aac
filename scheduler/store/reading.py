"""A thread's own driver connection that can only read, for the one look-up that polls cost.

SQLAlchemy's Core costs several times the driver for a query of one row; everything else uses the
ordinary sessions.
"""

import sqlite3
import threading
import weakref
from collections.abc import Sequence
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

Row = Sequence[Any]


class Reader:
    """Answers single-row queries on a read-only connection per thread, made when first needed."""

    def __init__(self, database: str) -> None:
        self._url = make_url(database)
        self._own = threading.local()

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``: the two spell placeholders differently."""
        return self._url.get_backend_name()

    def row(self, sql: str, values: Sequence[object]) -> Row | None:
        """The first row of ``sql``, or none. A broken connection is replaced once."""
        try:
            return self._row(sql, values)
        except (sqlite3.OperationalError, psycopg.OperationalError):
            self.close()
            return self._row(sql, values)

    def close(self) -> None:
        """Give back this thread's connection."""
        connection = getattr(self._own, "connection", None)
        self._own.connection = None
        if connection is not None:
            connection.close()

    def _row(self, sql: str, values: Sequence[object]) -> Row | None:
        connection = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = self._connect()
            weakref.finalize(threading.current_thread(), connection.close)  # the thread may end first
        row: Row | None = connection.execute(sql, values).fetchone()
        return row

    def _connect(self) -> Any:
        if self.dialect == "sqlite":
            address = f"file:{self._url.database}?mode=ro"
            # Only its own thread uses it; another may close it.
            connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA busy_timeout = 10000")
            return connection
        plain = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        server = psycopg.connect(plain, autocommit=True, prepare_threshold=1)
        # The connection's own `read_only` means nothing where no transaction is begun.
        server.execute("SET default_transaction_read_only = on")
        return server
