"""How commands reach the database: the settings' own, in the form that this version expects."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.config import Settings
from scheduler.domain import tables
from scheduler.errors import Refused
from scheduler.store import engine as engines
from scheduler.store import schema
from scheduler.store.schema import Form

assert tables.__all__  # noqa: S101 -- importing the tables is what fills the metadata

REFUSED = {
    Form.EMPTY: "The database is empty. Run: aftercare db upgrade",
    Form.BEHIND: "The database is of an older version. Run: aftercare db upgrade",
    Form.NEWER: "The database is of a newer version than this program. Install that version.",
}


def engine_of(settings: Settings) -> Engine:
    """An engine for the settings' database; makes the instance folder for a file to lie in."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    engine = create_engine(settings.database)
    engines.prepare(engine)
    return engine


def require_ready(engine: Engine) -> None:
    """Refuse with one line unless the database has exactly the expected form. Raises :class:`Refused`."""
    with engine.connect() as connection:
        form = schema.form_of(connection)
    if form is not Form.READY:
        raise Refused(REFUSED[form])


@contextmanager
def opened(settings: Settings) -> Iterator[sessionmaker[Database]]:
    """Sessions on the settings' database, if it is ready. Raises :class:`Refused`."""
    engine = engine_of(settings)
    try:
        require_ready(engine)
        yield sessionmaker(engine, expire_on_commit=False)
    finally:
        engine.dispose()
