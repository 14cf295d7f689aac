"""``aftercare db``: the form of the database."""

import click

from scheduler import config
from scheduler.cli.database import engine_of
from scheduler.store import schema


@click.group()
def db() -> None:
    """Look after the form of the database."""


@db.command()
def upgrade() -> None:
    """Make the tables, or bring them to the form that this version expects. Doing it twice is harmless."""
    engine = engine_of(config.load())
    try:
        with engine.connect() as connection:
            before = schema.form_of(connection)
        if before is schema.Form.NEWER:
            raise click.ClickException("The database is of a newer version than this program.")
        schema.upgrade(engine)
    finally:
        engine.dispose()
    done = "was up to date already" if before is schema.Form.READY else "is up to date now"
    click.echo(f"The database {done}.")
