"""How commands reach the database: the settings' own, in the form that this version expects."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
    engine = create_engine(settings.database, hide_parameters=True)  # errors must not carry people's values
    engines.prepare(engine)
    return engine


def form_of(engine: Engine) -> Form:
    """The form of the database; a file that is not there yet is empty, and is not made by asking."""
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
        return Form.EMPTY
    with engine.connect() as connection:
        return schema.form_of(connection)


def require_ready(engine: Engine) -> None:
    """Refuse with one line unless the database has exactly the expected form. Raises :class:`Refused`."""
    form = form_of(engine)
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
