"""``aftercare feed``: make a calendar for somebody, list calendars, say what is in one, turn them off."""

from collections.abc import Mapping
from datetime import UTC, timedelta

import click

from scheduler import clock, config
from scheduler.cli.database import opened
from scheduler.cli.feed_show import TITLES, show
from scheduler.cli.person import writing
from scheduler.cli.record import known
from scheduler.config import Settings
from scheduler.domain.calendars import queries, service
from scheduler.domain.calendars.languages import ENGLISH, LANGUAGES
from scheduler.domain.calendars.queries import ListedFeed
from scheduler.domain.calendars.service import Choices
from scheduler.domain.calendars.sources import OfKind, Titles
from scheduler.domain.calendars.standing import Ending, standing
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.schedule.kinds import Kind

KIND = click.Choice([kind.value for kind in Kind])
LANGUAGE = click.Choice([language.code for language in LANGUAGES])
NAME = "Calendar"
WHO = "EMAIL|NUMBER"
HEADING = ("id", "owner", "name", "titles", "state", "last fetched (UTC)", "by")


@click.group()
def feed() -> None:
    """Make, list, explain and turn off calendars."""


@feed.command()
@click.argument("who", metavar=WHO)
@click.option(
    "--titles", type=TITLES, default=Titles.PLAIN.value, show_default=True, help="How entries read."
)
@click.option("--place", is_flag=True, help="Say the place.")
@click.option("--link", is_flag=True, help="Say the link to join online.")
@click.option("--alarm", type=int, help="Minutes before the start; none by default.")
@click.option("--kind", "only", multiple=True, type=KIND, help="Only this kind; may be given several times.")
@click.option("--daily-dosing", is_flag=True, help="Show the hours of a daily dose too.")
@click.option(
    "--language", type=LANGUAGE, default=ENGLISH.code, show_default=True, help="Of the words in it."
)
@click.option("--name", default=NAME, show_default=True, help="What its owner calls it.")
def create(
    *,
    who: str,
    titles: str,
    place: bool,
    link: bool,
    alarm: int | None,
    only: tuple[str, ...],
    daily_dosing: bool,
    language: str,
    name: str,
) -> None:
    """Make a calendar for a person, and print its address as the last line: nobody can look it up again."""
    shown = {kind.value: OfKind(not only or kind in only, alarm) for kind in Kind}
    choices = Choices(name, Titles(titles), place, link, shown, daily_dosing, language)
    with writing() as writes:
        person_id = known(writes.session, who).id
        token = service.make_feed(
            writes.session, actor=SYSTEM, person_id=person_id, choices=choices, now=clock.now()
        )
    click.echo(f"{writes.settings.base_url.rstrip('/')}/feeds/{token}/calendar.ics")


@feed.command("list")
@click.argument("who", required=False, metavar=f"[{WHO}]")
def list_(who: str | None) -> None:
    """List a person's calendars, or everybody's, below a line that names the columns.

    The owner is an address, or the number of somebody who has none. A fetch is noted once an hour.
    """
    settings = config.load()
    with opened(settings) as sessions, sessions() as session:
        found = queries.all_feeds(session, now=clock.now(), farewell=_farewell(settings))
        owners = queries.owners_of(session, found)
        only = known(session, who).id if who else None
    listed = [each for each in found if only in (None, each.person_id)]
    for columns in (HEADING, *(_columns(each, owners) for each in listed)) if listed else ():
        click.echo("\t".join(columns))
    if not listed:
        click.echo("No calendars.")


@feed.command()
@click.argument("feed_id", type=int)
@click.option("--now", "at_once", is_flag=True, help="End the address at once: devices may keep old entries.")
def revoke(feed_id: int, at_once: bool) -> None:
    """Turn a calendar off: its entries leave the devices first, unless --now."""
    ending = Ending.NOW if at_once else Ending.FAREWELL
    with writing() as writes:
        owner = queries.owned(writes.session, feed_id).person_id
        service.revoke_feed(
            writes.session,
            actor=SYSTEM,
            feed_id=feed_id,
            person_id=owner,
            ending=ending,
            farewell=_farewell(writes.settings),
            now=clock.now(),
        )
    click.echo("Turned off." if at_once else "Turned off. It is empty from the next fetch on.")


@feed.command()
@click.argument("who", required=False, metavar=f"[{WHO}]")
def confirm(who: str | None) -> None:
    """Let calendars answer again that a restore without a ledger suspended: a person's, or everybody's."""
    with writing() as writes:
        person_id = known(writes.session, who).id if who else None
        count = service.confirm_feeds(writes.session, actor=SYSTEM, person_id=person_id, now=clock.now())
    click.echo(f"Confirmed calendars: {count}.")


feed.add_command(show)


def _farewell(settings: Settings) -> timedelta:
    return timedelta(days=settings.feed_farewell_days)


def _columns(each: ListedFeed, owners: Mapping[int, str]) -> tuple[str, ...]:
    fetched = f"{each.fetched_at.astimezone(UTC):%Y-%m-%d %H:%M}" if each.fetched_at else "never"
    state = standing(each.end, clock.now()).value
    owner = owners.get(each.person_id, str(each.person_id))
    return (str(each.id), owner, each.name, each.wishes.titles.value, state, fetched, each.fetched_by or "-")
