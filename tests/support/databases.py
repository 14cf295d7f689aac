"""Migrated databases, one for each test, copied from one that was migrated once."""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, delete, exists, literal_column, select, table, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from scheduler.store import engine as engines
from scheduler.store import schema

_numbers = itertools.count()


def engine_for(url: str) -> Engine:
    """An engine that behaves like the application's."""
    engine = create_engine(url, pool_size=20, max_overflow=80)
    engines.prepare(engine)
    return engine


def migrate(url: str) -> None:
    """Bring the database at ``url`` to the newest form."""
    engine = engine_for(url)
    schema.upgrade(engine)
    engine.dispose()


class SqliteDatabases:
    """Files copied from a migrated one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.sqlite3"
        migrate(f"sqlite:///{self._template}")

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The address of a new, migrated, empty database."""
        path = self._folder / f"test{next(_numbers)}.sqlite3"
        shutil.copyfile(self._template, path)
        yield f"sqlite:///{path}"
        for leftover in self._folder.glob(path.name + "*"):
            leftover.unlink()


class PostgresDatabases:
    """Databases made from a migrated template; emptied and used again, since making one takes long."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._admin = create_engine(
            address.format(name="postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool
        )
        self._run("CREATE DATABASE template_migrated")
        migrate(address.format(name="template_migrated"))
        self._clean: list[_Reused] = []

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a new database without any table."""
        name = f"test{next(_numbers)}"
        self._run(f"CREATE DATABASE {name}")
        yield self._address.format(name=name)
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The address of a migrated, empty database that nobody else has."""
        database = self._clean.pop() if self._clean else self._made()
        yield database.url
        try:
            database.clean()
        except (DBAPIError, Altered):  # also where the test took the database itself away
            self._run(f"DROP DATABASE IF EXISTS {database.name} WITH (FORCE)")
        else:
            self._clean.append(database)

    def _made(self) -> "_Reused":
        name = f"test{next(_numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE template_migrated STRATEGY file_copy")
        return _Reused(name, self._address.format(name=name))


class Altered(Exception):
    """A test changed the form of its database."""


FORM = text("""
    SELECT md5(string_agg(made, ',' ORDER BY made)) FROM (
        SELECT concat('c', oid, relname) FROM pg_class WHERE oid >= 16384 UNION ALL
        SELECT concat('k', oid, conname, condeferrable) FROM pg_constraint WHERE oid >= 16384 UNION ALL
        SELECT concat('t', oid, tgname, tgenabled) FROM pg_trigger WHERE oid >= 16384 UNION ALL
        SELECT concat('f', oid, proname, md5(prosrc)) FROM pg_proc WHERE oid >= 16384
    ) AS form (made)
""")
"""The tables, constraints, triggers and functions of a database: what no test leaves changed for the next."""


class _Reused:
    """A database and what it takes to empty it."""

    def __init__(self, name: str, url: str) -> None:
        self.name, self.url = name, url
        self._engine = create_engine(url, poolclass=NullPool)
        with self._engine.connect() as connection:
            self._form = connection.scalar(FORM)
            tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            names = [name for name in connection.scalars(text(tables)) if name != "alembic_version"]
        self._tables = [table(name) for name in names]

    def clean(self) -> None:
        """Put out whoever is still connected, and take all rows away. Raises Altered, DBAPIError."""
        with self._engine.begin() as connection:
            others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            connection.execute(text(f"SELECT pg_terminate_backend(pid, 5000) {others}"))
            if connection.scalar(FORM) != self._form:
                raise Altered
            # Neither triggers nor references are asked: rows that are only ever added go, too.
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            filled = select(*(exists(select(literal_column("1")).select_from(each)) for each in self._tables))
            for each, is_filled in zip(self._tables, connection.execute(filled).one(), strict=True):
                if is_filled:
                    connection.execute(delete(each))
            counters = "SELECT setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences"
            connection.execute(text(counters))
