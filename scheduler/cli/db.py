"""``aftercare db``: the form of the database."""

from pathlib import Path

import click
from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker

from scheduler import clock, config
from scheduler.cli.database import REFUSED, engine_of, form_of, require_ready
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.stays.service import make_default_programs
from scheduler.store import schema
from scheduler.store.transaction import transaction


@click.group()
def db() -> None:
    """Look after the form of the database."""


@db.command()
def upgrade() -> None:
    """Make the tables, or bring them to the form that this version expects. Doing it twice is harmless.

    Where there are no programs yet, the four to begin with are made.
    """
    engine = engine_of(config.load())
    try:
        before = form_of(engine)
        if before is schema.Form.NEWER:
            raise click.ClickException(REFUSED[before])
        _keep_private(engine)
        schema.upgrade(engine)
        with sessionmaker(engine)() as session, transaction(session):
            make_default_programs(session, actor=SYSTEM, now=clock.now())
    finally:
        engine.dispose()
    done = "was up to date already" if before is schema.Form.READY else "is up to date now"
    click.echo(f"The database {done}.")


def _keep_private(engine: Engine) -> None:
    """Make a new file readable to its owner only; what lies beside it while it is written follows."""
    if engine.dialect.name == "sqlite":
        Path(engine.url.database or "").touch(mode=0o600)


@db.command()
def check() -> None:
    """Say whether the database has the form that this version expects; exits non-zero where it has not."""
    engine = engine_of(config.load())
    try:
        require_ready(engine)
    finally:
        engine.dispose()
    click.echo("The database is ready.")
