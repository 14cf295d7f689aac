"""A thread's own driver connection that can only read, for the one look-up that polls cost.

SQLAlchemy's Core costs several times the driver for a query of one row; everything else uses the
ordinary sessions.
"""

import sqlite3
import threading
import weakref
from collections.abc import Sequence
from typing import Any, Protocol

import psycopg
from psycopg.adapt import Transformer
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGresult
from sqlalchemy.engine import URL, make_url

from scheduler.store.engine import read_only

Row = Sequence[Any]


class _Connection(Protocol):
    def row(self, sql: str, values: Sequence[object]) -> Row | None: ...
    def close(self) -> None: ...


class Reader:
    """Answers single-row queries on a read-only connection per thread, made when first needed."""

    def __init__(self, database: str) -> None:
        self._url = make_url(database)
        self._own = threading.local()
        self.dialect = self._url.get_backend_name()
        """``sqlite`` or ``postgresql``: the two spell placeholders differently, ``?`` and ``$1``."""

    def row(self, sql: str, values: Sequence[object]) -> Row | None:
        """The first row of ``sql``, or none. A broken connection is replaced once."""
        try:
            return self._connection().row(sql, values)
        except (sqlite3.OperationalError, psycopg.OperationalError):
            self.close()
            return self._connection().row(sql, values)

    def close(self) -> None:
        """Give back this thread's connection."""
        connection: _Connection | None = getattr(self._own, "connection", None)
        if connection is not None:
            self._own.connection = None
            connection.close()

    def _connection(self) -> _Connection:
        connection: _Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = _File(self._url) if self.dialect == "sqlite" else _Server(self._url)
            self._own.connection = connection
            weakref.finalize(threading.current_thread(), connection.close)  # the thread may end first
        return connection


class _File:
    """SQLite's. Only its own thread uses it; another may close it."""

    def __init__(self, url: URL) -> None:
        address = read_only(url.database or "")
        self._driver = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
        self._driver.execute("PRAGMA busy_timeout = 10000")
        self.close = self._driver.close

    def row(self, sql: str, values: Sequence[object]) -> Row | None:
        row: Row | None = self._driver.execute(sql, values).fetchone()
        return row


class _Server:
    """PostgreSQL's, by the lower half of its driver: prepared once, then one message and one answer.

    A cursor waits in several steps, and at each of them every other thread wants to go on first.
    """

    def __init__(self, url: URL) -> None:
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._driver = psycopg.connect(plain, autocommit=True)
        # The connection's own `read_only` means nothing where no transaction is begun.
        self._driver.execute("SET default_transaction_read_only = on")
        self._prepared: dict[str, bytes] = {}
        self._loading = Transformer(self._driver)
        self.close = self._driver.close

    def row(self, sql: str, values: Sequence[object]) -> Row | None:
        """Values are texts."""
        name = self._prepared.get(sql) or self._prepare(sql)
        asked = [str(value).encode() for value in values]
        result = self._driver.pgconn.exec_prepared(name, asked, result_format=Format.BINARY)
        self._require(result, ExecStatus.TUPLES_OK)
        if result.ntuples == 0:
            return None
        self._loading.set_pgresult(result)
        row: Row = self._loading.load_row(0, tuple)
        return row

    def _prepare(self, sql: str) -> bytes:
        name = f"asked_{len(self._prepared)}".encode()
        self._require(self._driver.pgconn.prepare(name, sql.encode()), ExecStatus.COMMAND_OK)
        self._prepared[sql] = name
        return name

    def _require(self, result: PGresult, status: ExecStatus) -> None:
        if self._driver.pgconn.status != ConnStatus.OK:
            raise psycopg.OperationalError("The database went away.")
        if result.status != status:
            raise psycopg.errors.error_from_result(result)
