"""Migrated databases, one for each test, copied from one that was migrated once."""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, text
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
    """Databases made from a migrated template."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._admin = create_engine(
            address.format(name="postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool
        )
        self._run("CREATE DATABASE template_migrated")
        migrate(address.format(name="template_migrated"))

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
        """The address of a new, migrated, empty database."""
        name = f"test{next(_numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE template_migrated STRATEGY file_copy")
        yield self._address.format(name=name)
        self._run(f"DROP DATABASE {name} WITH (FORCE)")
