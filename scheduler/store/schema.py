"""Bringing a database to the form that this version expects, and asking which form it has."""

from enum import StrEnum
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from scheduler.errors import Refused
from scheduler.store.engine import WRITE

SCRIPTS = Path(__file__).parent / "migrations"


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's settings: our scripts, and the connection to use."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config


def current(connection: Connection) -> str | None:
    """The name of the last migration that was run here; none for an empty database."""
    return MigrationContext.configure(connection).get_current_revision()


class Form(StrEnum):
    """How a database relates to what this version expects."""

    READY = "ready"
    EMPTY = "empty"
    BEHIND = "behind"
    NEWER = "newer"


def form_of(connection: Connection) -> Form:
    """Which form the database has. One made by a later version is ``NEWER``: nothing here may touch it."""
    found, known = current(connection), known_forms()
    if found is None:
        return Form.EMPTY
    if found not in known:
        return Form.NEWER
    return Form.READY if found == known[0] else Form.BEHIND


@cache
def known_forms() -> tuple[str, ...]:
    """The names of the migrations that this version knows, the newest first."""
    scripts = ScriptDirectory.from_config(alembic_config())
    return tuple(script.revision for script in scripts.walk_revisions())


def upgrade(engine: Engine, to: str = "head") -> None:
    """Run what is missing, in one transaction; on SQLite without foreign keys, and checked after.

    A batch change replaces a table; with foreign keys on, that would empty the tables that refer to
    it. Raises :class:`Refused` if a reference would dangle, and leaves everything as it was.
    """
    with engine.connect().execution_options(**{WRITE: True}) as connection:
        lite = engine.dialect.name == "sqlite"
        if lite:
            _foreign_keys(connection, on=False)
        try:
            with connection.begin():
                command.upgrade(alembic_config(connection), to)
                if lite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise Refused("After the migration a row would refer to one that is not there.")
        finally:
            if lite:
                _foreign_keys(connection, on=True)


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    raw = connection.connection.driver_connection  # outside a transaction, or SQLite ignores it
    if raw is not None:
        raw.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")
