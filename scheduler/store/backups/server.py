"""PostgreSQL's side of backups: a dump of one moment; a database made aside that takes another's place."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy.engine import URL

from scheduler.errors import Refused
from scheduler.store.backups.manifest import Rows

NAME = "aftercare.dump"
OPEN = "The database is in use. Stop `aftercare serve`, `aftercare worker` and everything else that uses it."
_AS_TEXT: tuple[LiteralString, ...] = (
    "SET client_encoding = 'UTF8'",
    "SET datestyle = 'ISO, YMD'",
    "SET timezone = 'UTC'",
    "SET bytea_output = 'hex'",
    "SET extra_float_digits = 1",
)
"""What the text of a value depends on, so that the same rows have the same hash everywhere."""
_KEYS = """
SELECT a.attname, a.attcollation <> 0
FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
  AND (i.indrelid IS NULL OR a.attnum = ANY (i.indkey))
ORDER BY array_position(i.indkey::int2[], a.attnum), a.attnum
"""


def dump(url: URL, target: Path) -> dict[str, Rows]:
    """Write the database as it is at this moment, and count and hash the rows of the same moment.

    Raises :class:`Refused` with what ``pg_dump`` says.
    """
    target.touch(mode=0o600)
    with closing(psycopg.connect(_words(url), autocommit=False)) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert snapshot is not None  # noqa: S101 -- a function without a table answers one row
        words = ["--format=custom", "--compress=0", "--no-owner", "--no-privileges"]
        with _running("pg_dump", url, *words, f"--snapshot={snapshot[0]}", f"--file={target}"):
            return _rows(connection)


def rows_of(url: URL) -> dict[str, Rows]:
    """Count and hash the rows of a database."""
    with closing(psycopg.connect(_words(url))) as connection:
        return _rows(connection)


def load(data: Path, url: URL) -> None:
    """Bring a dump into an empty database, whole or not at all. Raises :class:`Refused`."""
    with _running("pg_restore", url, "--single-transaction", "--no-owner", "--no-privileges", str(data)):
        pass


@contextmanager
def made_aside(url: URL, ending: str) -> Iterator[URL]:
    """An empty database beside that of ``url``, in its encoding and order; dropped at the end if still there.

    One that a killed run left is dropped first, with whatever program of that run still fills it. Raises
    :class:`Refused` while another run is at work, and without the right to make databases.
    """
    name = _beside(url, ending)
    with _admin(url) as admin:
        if admin.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [name]).fetchone() != (True,):
            raise Refused("Another restore or verification is at work on this server.")
        _drop(admin, name, force=True)
        _make(admin, name, url)
        try:
            yield url.set(database=name)
        finally:
            _drop(admin, name, force=True)


def _make(admin: psycopg.Connection[Any], name: str, url: URL) -> None:
    how = "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = %s"
    encoding, collate, ctype = admin.execute(how, [url.database]).fetchone() or ("UTF8", "C", "C")
    making = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {}")
    try:
        admin.execute(making.format(sql.Identifier(name), encoding, collate, ctype))
    except psycopg.errors.InsufficientPrivilege as error:
        raise Refused(
            f"The role {url.username} may not make databases, which this needs: ALTER ROLE … CREATEDB."
        ) from error


def put_in_place(new: URL, url: URL) -> str:
    """Let the database ``new`` take the name of the old, in one step; answers the name the old one keeps.

    Raises :class:`Refused` where somebody has one of them open.
    """
    kept = _beside(url, "before_restore")
    rename: LiteralString = "ALTER DATABASE {} RENAME TO {}"
    with _admin(url) as admin:
        _drop(admin, kept)
        try:
            with admin.transaction():
                for old, name in ((url.database, kept), (new.database, url.database)):
                    admin.execute(sql.SQL(rename).format(*map(sql.Identifier, (old or "", name or ""))))
        except psycopg.errors.ObjectInUse as error:
            raise Refused(OPEN) from error
    return kept


def require_unused(url: URL) -> None:
    """Refuse while somebody has the database open."""
    others = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = %s AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    with _admin(url) as admin:
        if (admin.execute(others, [url.database]).fetchone() or (0,))[0]:
            raise Refused(OPEN)


@contextmanager
def _admin(url: URL) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the server that is not to the database itself."""
    try:
        connection = psycopg.connect(_words(url.set(database="postgres")), autocommit=True)
    except psycopg.OperationalError:
        connection = psycopg.connect(_words(url.set(database="template1")), autocommit=True)
    with closing(connection):
        yield connection


def _drop(admin: psycopg.Connection[Any], name: str, *, force: bool = False) -> None:
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)" if force else "DROP DATABASE IF EXISTS {}")
    try:
        admin.execute(drop.format(sql.Identifier(name)))
    except psycopg.errors.ObjectInUse as error:
        raise Refused(f"The database {name} is in use.") from error


def _beside(url: URL, ending: str) -> str:
    return f"{(url.database or '')[: 62 - len(ending)]}_{ending}"


def _words(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def _running(name: str, url: URL, *words: str) -> Iterator[None]:
    """One of PostgreSQL's programs, at work beside the body. Its password is not among its words.

    Raises :class:`Refused` with the first line that it complains with.
    """
    known: dict[str, Any] = conninfo_to_dict(_words(url))
    password = known.pop("password", None)
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    command = [program(name), *words, f"--dbname={make_conninfo(**known)}"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as running:  # noqa: S603
        try:
            yield
            said = running.communicate()[1]
        except BaseException:
            running.kill()
            raise
    if running.returncode:
        raise Refused((said.strip() or f"{name} failed").partition("\n")[0])


def program(name: str) -> str:
    """The newest of the installed programs of this name. Raises :class:`Refused` where there is none."""
    places = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = sorted(places, key=lambda path: int("".join(filter(str.isdigit, path.parts[4])) or 0))
    found = str(newest[-1]) if newest else shutil.which(name)
    if found is None:
        raise Refused(f"{name} was not found. Install the client programs of PostgreSQL.")
    return found


def _rows(connection: psycopg.Connection[Any]) -> dict[str, Rows]:
    for setting in _AS_TEXT:
        connection.execute(setting)
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
    return {name: _table(connection, name) for (name,) in connection.execute(tables).fetchall()}


def _table(connection: psycopg.Connection[Any], name: str) -> Rows:
    table = sql.Identifier(name)
    keys = connection.execute(_KEYS, [table.as_string(connection)]).fetchall()
    # The order of texts is the server's own; that of bytes is the same everywhere.
    order = sql.SQL(", ").join(
        sql.SQL('{} COLLATE "C"' if is_text else "{}").format(sql.Identifier(column))
        for column, is_text in keys
    )
    reading = sql.SQL("COPY (SELECT * FROM {} ORDER BY {}) TO STDOUT").format(table, order)
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        with cursor.copy(reading) as rows:
            for row in rows:
                digest.update(row)
        return Rows(cursor.rowcount, digest.hexdigest())
