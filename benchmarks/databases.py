"""New databases to measure on, like the application's own."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from scheduler.domain import tables
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


def analyze(engine: Engine) -> None:
    """Let the database look at its tables, as it does by itself on a server that lives for long."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
