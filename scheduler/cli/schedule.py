"""``aftercare schedule``: the plan as a whole."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from scheduler import clock, config
from scheduler.cli.database import opened

if TYPE_CHECKING:
    from scheduler.jobs.rebuilding import Rebuilt


@click.group()
def schedule() -> None:
    """Extend the plan, or set it right."""


@schedule.command()
def extend() -> None:
    """Plan every series 26 weeks ahead. The worker does it each night; doing it twice is harmless."""
    from scheduler.jobs.daily import extend as extend_all

    with opened(config.load()) as sessions:
        done = extend_all(sessions, clock.now())
    click.echo(f"Occurrences made: {done.occurrences}.")
    if done.clashes:
        click.echo(f"Collisions to be solved by a coordinator: {done.clashes}.")


@schedule.command()
@click.option("--dry-run", is_flag=True, help="Say what would be set right, and change nothing.")
def rebuild(dry_run: bool) -> None:
    """Keep the wall times of what is to come, after an update of time zone data.

    Every session to come stays at the hour on its wall; the instants follow the new rules. What has begun
    stays as it was. Doing it twice is harmless.
    """
    from scheduler.jobs import rebuilding

    with opened(config.load()) as sessions:
        done = (rebuilding.foresee if dry_run else rebuilding.rebuild)(sessions, clock.now())
    for line in _told(done, is_dry=dry_run):
        click.echo(line)


def _told(done: "Rebuilt", *, is_dry: bool) -> Iterator[str]:
    for drift in done.drifts:
        days = f"{drift.first}" if drift.first == drift.last else f"{drift.first} to {drift.last}"
        yield f"Series {drift.series_id} ({drift.timezone}): {drift.occurrences}, {days}."
    for clash in done.clashes:
        pair = f"{clash.wanted} and {clash.occurrence_id}"
        yield f"Sessions {pair} collide: the same {clash.holder.value}."
    if is_dry:
        yield f"Occurrences that would be set right: {sum(each.occurrences for each in done.drifts)}."
        yield f"Closures that would be set right: {done.closures}."
        return
    yield f"Occurrences set right: {sum(each.occurrences for each in done.drifts)}."
    yield f"Closures set right: {done.closures}."
    if done.clashes:
        yield f"Collisions to be solved by a coordinator: {len(done.clashes)}."
