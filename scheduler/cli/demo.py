"""``aftercare demo``: a center to look at."""

import sys

import click

from scheduler import clock, config
from scheduler.cli.database import opened
from scheduler.demo.accounts import ACCOUNTS
from scheduler.demo.center import make_center, require_nobody
from scheduler.domain.people.passwords import hashed
from scheduler.store.transaction import transaction


@click.command()
def demo() -> None:
    """Make the demonstration center in an empty database, and print its accounts."""
    settings = config.load()
    if settings.production:
        raise click.ClickException(
            "The passwords of the demonstration are known to everybody: not in production."
        )
    with opened(settings) as sessions, sessions() as session:
        require_nobody(session)
        session.rollback()
        hashes = {account.email: hashed(account.password) for account in ACCOUNTS}
        if sys.stderr.isatty():
            click.echo("Making the demonstration center. This takes a few seconds.", err=True)
        with transaction(session):
            make_center(session, hashes=hashes, timezone=settings.timezone, now=clock.now())
    click.echo("The demonstration center is made. Sign in as one of:")
    for account in ACCOUNTS:
        click.echo(f"  {account.email:<26} {account.password}")
