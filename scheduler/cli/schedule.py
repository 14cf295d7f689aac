"""``aftercare schedule``: the plan as a whole."""

import click

from scheduler import clock, config
from scheduler.cli.database import opened


@click.group()
def schedule() -> None:
    """Extend the plan."""


@schedule.command()
def extend() -> None:
    """Plan every series 26 weeks ahead. The worker does it each night; doing it twice is harmless."""
    from scheduler.jobs.daily import extend as extend_all

    with opened(config.load()) as sessions:
        done = extend_all(sessions, clock.now())
    click.echo(f"Occurrences made: {done.occurrences}.")
    if done.clashes:
        click.echo(f"Collisions to be solved by a coordinator: {done.clashes}.")
