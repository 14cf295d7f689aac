"""Migrations: on a filled database, from every form that there ever was, and to the models' form."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateSchema

from scheduler.domain import tables
from scheduler.domain.schedule.kinds import Kind
from scheduler.errors import Refused
from scheduler.store import schema
from scheduler.store.base import Base
from scheduler.store.schema import Form, form_of, upgrade
from tests.support import databases
from tests.support.filled import ROWS, counts, fill, tables_of

assert tables.__all__

EVERY_FORM = [
    script.revision for script in ScriptDirectory.from_config(schema.alembic_config()).walk_revisions()
]
REBUILD = '''
"""Rebuilds the tables that most others refer to, as a change of a column does on SQLite."""
from alembic import op
revision = "9999"
down_revision = "{head}"
def upgrade():
    for table in ("person", "series", "occurrence", "sheet"):
        with op.batch_alter_table(table, recreate="always"):
            pass
'''
DANGLE = '''
"""Loses rows that others refer to."""
from alembic import op
revision = "9999"
down_revision = "{head}"
def upgrade():
    op.execute("DELETE FROM series")
'''


@pytest.fixture
def empty(request: pytest.FixtureRequest, dialect: str, tmp_path: Path) -> Iterator[Engine]:
    """A database without any table."""
    if dialect == "sqlite":
        engine = databases.engine_for(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
        yield engine
        engine.dispose()
        return
    with request.getfixturevalue("postgres_databases").empty() as url:
        engine = databases.engine_for(url)
        yield engine
        engine.dispose()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Adds a migration after the newest, as a later version of the program has it."""

    def add(script: str) -> None:
        folder = tmp_path / "migrations"
        shutil.copytree(schema.SCRIPTS, folder)
        (folder / "versions" / "9999_later.py").write_text(script.format(head=EVERY_FORM[0]))
        monkeypatch.setattr(schema, "SCRIPTS", folder)
        schema.known_forms.cache_clear()

    yield add
    monkeypatch.undo()
    schema.known_forms.cache_clear()


def filled(engine: Engine) -> dict[str, int]:
    with engine.begin() as connection:
        fill(connection)
    with engine.connect() as connection:
        return counts(connection)


def require_whole(connection: Connection) -> None:
    """Every reference leads somewhere."""
    if connection.dialect.name == "sqlite":
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@pytest.mark.parametrize("form", EVERY_FORM)
def test_a_filled_database_of_any_form_reaches_the_newest_without_loss(empty: Engine, form: str) -> None:
    upgrade(empty, form)
    before = filled(empty)
    assert set(before.values()) == {ROWS}
    upgrade(empty)
    with empty.connect() as connection:
        after = counts(connection)
        assert {name: after.get(name) for name in before} == before
        assert form_of(connection) is Form.READY
        require_whole(connection)


def test_the_alarm_of_a_feed_becomes_that_of_each_kind(empty: Engine) -> None:
    upgrade(empty, "0003")
    filled(empty)
    with empty.begin() as connection:
        connection.execute(text("UPDATE feed SET alarm_minutes = NULL WHERE id = 2"))
    upgrade(empty)
    with empty.connect() as connection:
        kinds = connection.execute(text("SELECT feed_id, kind, shown, alarm_minutes FROM feed_kind"))
        assert {tuple(row) for row in kinds} == {
            (feed, kind.value, True, feed) for feed in (1, 3) for kind in Kind
        }
        feeds = connection.execute(text("SELECT id, daily_dosing, language FROM feed ORDER BY id"))
        assert [tuple(row) for row in feeds] == [(feed, False, "en") for feed in (1, 2, 3)]
        stale = connection.execute(text("SELECT DISTINCT calendar_revision FROM feed_body"))
        assert [tuple(row) for row in stale] == [(0,)]


@pytest.mark.databases("sqlite")
def test_rebuilding_a_table_loses_nothing_that_refers_to_it(empty: Engine, later: Any) -> None:
    upgrade(empty)
    before = filled(empty)
    later(REBUILD)
    upgrade(empty)
    with empty.connect() as connection:
        assert counts(connection) == before
        require_whole(connection)


@pytest.mark.databases("sqlite")
def test_with_foreign_keys_on_it_would(empty: Engine, later: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: SQLite empties a table before it drops it, and asks the references."""
    upgrade(empty)
    before = filled(empty)
    later(REBUILD)
    monkeypatch.setattr(schema, "_foreign_keys", lambda _connection, **_on: None)
    with pytest.raises(IntegrityError, match="FOREIGN KEY constraint failed"):
        upgrade(empty)
    with empty.connect() as connection:
        assert counts(connection) == before


@pytest.mark.databases("sqlite")
def test_a_migration_that_leaves_a_reference_to_nothing_is_undone(empty: Engine, later: Any) -> None:
    upgrade(empty)
    before = filled(empty)
    later(DANGLE)
    with pytest.raises(Refused):
        upgrade(empty)
    with empty.connect() as connection:
        assert counts(connection) == before
        assert form_of(connection) is Form.BEHIND
        require_whole(connection)


def test_doing_it_twice_changes_nothing(empty: Engine) -> None:
    upgrade(empty)
    before = filled(empty)
    upgrade(empty)
    with empty.connect() as connection:
        assert counts(connection) == before


def test_a_database_says_which_form_it_has(empty: Engine, later: Any) -> None:
    with empty.connect() as connection:
        assert form_of(connection) is Form.EMPTY
    upgrade(empty)
    with empty.begin() as connection:
        assert form_of(connection) is Form.READY
        connection.execute(text("UPDATE alembic_version SET version_num = 'from the future'"))
        assert form_of(connection) is Form.NEWER
        connection.execute(text("UPDATE alembic_version SET version_num = :form"), {"form": EVERY_FORM[0]})
    later(REBUILD)
    with empty.connect() as connection:
        assert form_of(connection) is Form.BEHIND


def test_the_migrations_make_what_the_models_say(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []
        assert {table.name for table in tables_of(connection)} == set(Base.metadata.tables)


CONSTRAINTS = """
    SELECT rel.relname, con.conname, pg_get_constraintdef(con.oid), con.condeferrable, con.condeferred
    FROM pg_constraint con JOIN pg_class rel ON rel.oid = con.conrelid
    JOIN pg_namespace space ON space.oid = rel.relnamespace
    WHERE space.nspname = :space AND rel.relname <> 'alembic_version' ORDER BY 1, 2
"""
INDEXES = """
    SELECT tablename, indexname, replace(indexdef, :space || '.', '') FROM pg_indexes
    WHERE schemaname = :space AND tablename <> 'alembic_version' ORDER BY 1, 2
"""


@pytest.mark.databases("postgresql")
@pytest.mark.parametrize("what", [CONSTRAINTS, INDEXES], ids=["constraints", "indexes"])
def test_so_do_constraints_and_indexes_to_the_letter(engine: Engine, what: str) -> None:
    """What the comparison above does not look at: checks, exclusions, what is deferred, names."""
    with engine.begin() as connection:
        connection.execute(CreateSchema("models"))
        connection.execute(text("SET search_path TO models, public"))
        Base.metadata.create_all(connection, checkfirst=False)
        connection.execute(text("SET search_path TO public, models"))
        by_migrations, by_models = (
            [
                tuple(str(value).replace("models.", "") for value in row)
                for row in connection.execute(text(what), {"space": space})
            ]
            for space in ("public", "models")
        )
    assert by_models
    assert by_migrations == by_models
