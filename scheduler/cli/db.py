"""``aftercare db``: the form of the database."""

import click

from scheduler import config
from scheduler.cli.database import engine_of, require_ready
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


@db.command()
def check() -> None:
    """Say whether the database has the form that this version expects; exits non-zero where it has not."""
    engine = engine_of(config.load())
    try:
        require_ready(engine)
    finally:
        engine.dispose()
    click.echo("The database is ready.")
