"""New databases to measure on, like the application's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from scheduler.domain import tables
from scheduler.store.base import Base
from tests.support import databases

assert tables.__all__


@contextmanager
def fresh(address: str, name: str) -> Iterator[Engine]:
    """A migrated, empty database called ``name``; ``address`` has ``{name}`` in it."""
    url = address.format(name=name)
    if not url.startswith("sqlite"):
        admin = create_engine(
            address.format(name="postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool
        )
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    databases.migrate(url)
    engine = databases.engine_for(url)
    try:
        yield engine
    finally:
        engine.dispose()


_WITHOUT: Final = {
    "sqlite": ("PRAGMA foreign_keys = OFF", "PRAGMA journal_mode = OFF", "PRAGMA cache_size = -400000"),
    "postgresql": ("SET session_replication_role = replica", "SET synchronous_commit = off"),
}
_AS_EVER: Final = {
    "sqlite": ("PRAGMA foreign_keys = ON", "PRAGMA journal_mode = WAL", "PRAGMA cache_size = -2000"),
    "postgresql": ("RESET session_replication_role", "RESET synchronous_commit"),
}


@contextmanager
def filling(engine: Engine, *models: type[Base]) -> Iterator[Connection]:
    """A transaction for millions of rows, right by their making: nobody looks after what they refer to.

    The database makes them itself, out of what is there, and the indexes of their tables at the end.
    """
    dialect = engine.dialect.name
    indexes = [index for model in models for index in Base.metadata.tables[model.__tablename__].indexes]
    with engine.connect() as connection:
        _say(connection, _WITHOUT[dialect])
        with connection.begin():
            for index in indexes:
                index.drop(connection)
            yield connection
            for index in indexes:
                index.create(connection)
        _say(connection, _AS_EVER[dialect])


def _say(connection: Connection, settings: tuple[str, ...]) -> None:
    """To the driver: SQLite hears none of them within a transaction, which SQLAlchemy begins by itself."""
    driver: Any = connection.connection.driver_connection
    for setting in settings:
        driver.execute(setting)
    driver.commit()


def analyze(engine: Engine) -> None:
    """Let the database look at its tables, as it does by itself on a server that lives for long."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
