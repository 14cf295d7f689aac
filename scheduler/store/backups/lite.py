"""SQLite's side of backups: a copy of one moment while others write; a file that takes another's place."""

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from scheduler.errors import Refused
from scheduler.store.backups.manifest import Rows
from scheduler.store.engine import read_only

NAME = "aftercare.sqlite3"
STEP = 2000
"""Pages copied at a time."""
AT_ONCE = 500
BESIDE = ("-wal", "-shm", "-journal")
KEPT = ".before-restore"
OPEN = "The database is in use. Stop `aftercare serve` and everything else that uses it, then restore."


def copy(database: Path, target: Path) -> dict[str, Rows]:
    """Copy the database as it is at this moment, and count and hash the rows of the same moment.

    A read transaction holds the moment: writers go on, and the copy need not begin again because of them.
    """
    target.touch(mode=0o600)
    with (
        closing(sqlite3.connect(read_only(database), uri=True, isolation_level=None)) as source,
        closing(sqlite3.connect(target, isolation_level=None)) as copied,
    ):
        source.execute("PRAGMA busy_timeout = 10000")
        copied.execute("PRAGMA synchronous = OFF")  # what is not finished is thrown away
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(copied, pages=STEP, sleep=0)
        return _rows(source)


def rows_of(database: Path) -> dict[str, Rows]:
    """Count and hash the rows of a file that nobody else uses. Raises :class:`Refused` for a damaged one."""
    try:
        with closing(sqlite3.connect(read_only(database), uri=True)) as connection:
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise Refused("The data of the backup is damaged.")
            return _rows(connection)
    except sqlite3.DatabaseError as error:
        raise Refused("The data of the backup is damaged.") from error


def settle(database: Path) -> None:
    """Make a database that nobody uses one file, on the disk, without anything beside it."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")
    with database.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def held(database: Path) -> Iterator[None]:
    """Nobody else has the database open, or begins to. Raises :class:`Refused` where somebody has.

    A file that is none, or damaged, is nobody's.
    """
    if not database.exists():
        yield
        return
    with closing(sqlite3.connect(database, isolation_level=None, timeout=1)) as connection:
        try:
            # Leaving the write-ahead log needs everybody else gone, and brings all that is in it home.
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                raise Refused(OPEN) from error
        except sqlite3.DatabaseError:  # no database at all: there is nothing to wait for
            pass
        yield
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")


def put_in_place(new: Path, database: Path) -> Path | None:
    """Let ``new`` be the database, in one step; answers where the old one is kept, if there was one.

    To be called while the database is :func:`held`. A power failure may undo it until the folder is synced.
    """
    kept = database.with_name(database.name + KEPT)
    for end in BESIDE:  # of a damaged one: it would be taken for the new one's
        Path(f"{database}{end}").unlink(missing_ok=True)
    existed = database.exists()
    if existed:
        kept.unlink(missing_ok=True)
        kept.hardlink_to(database)
    new.replace(database)
    return kept if existed else None


def _rows(connection: sqlite3.Connection) -> dict[str, Rows]:
    connection.text_factory = bytes
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return {name: _table(connection, name) for name in sorted(name.decode() for (name,) in names)}


def _table(connection: sqlite3.Connection, name: str) -> Rows:
    columns = [(row[5], row[1].decode()) for row in connection.execute(f'PRAGMA table_info("{name}")')]
    keys = sorted(each for each in columns if each[0]) or columns
    order = ", ".join(f'"{column}"' for _place, column in keys)
    cursor = connection.execute(f'SELECT * FROM "{name}" ORDER BY {order}')  # noqa: S608 -- the database's own names
    digest, count = hashlib.sha256(), 0
    while rows := cursor.fetchmany(AT_ONCE):
        digest.update("\n".join(map(repr, rows)).encode() + b"\n")
        count += len(rows)
    return Rows(count, digest.hexdigest())
