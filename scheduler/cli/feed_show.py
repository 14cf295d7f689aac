"""``aftercare feed show``: what somebody's calendar contains, and why each entry is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import click
from sqlalchemy.orm import Session as Database

from scheduler import clock
from scheduler.cli.person import writing
from scheduler.cli.record import known
from scheduler.config import Settings
from scheduler.domain.calendars import queries, service
from scheduler.domain.calendars.background import background_of
from scheduler.domain.calendars.queries import ListedFeed
from scheduler.domain.calendars.reasons import Reason, reasons
from scheduler.domain.calendars.source_queries import sources_of
from scheduler.domain.calendars.sources import Titles, Wishes, Wording
from scheduler.domain.calendars.standing import End, Standing, standing
from scheduler.domain.people.roles import SYSTEM

_UNITS: Final = (("day", 24 * 60), ("hour", 60), ("minute", 1))
TITLES = click.Choice([titles.value for titles in Titles])


@click.command()
@click.argument("who", metavar="EMAIL|NUMBER")
@click.option(
    "--feed",
    "feed_id",
    type=int,
    help="With the choices of this calendar; the newest by default, rather one that is on.",
)
@click.option("--titles", type=TITLES, help="As if entries read so.")
def show(who: str, feed_id: int | None, titles: str | None) -> None:
    """Print what a person's calendar contains, and why each entry is there; it is put on record.

    Of somebody without a calendar, what a new one would contain. No address and no link is printed.
    """
    now = clock.now()
    with writing() as writes:
        session, person_id = writes.session, known(writes.session, who).id
        feed = _chosen(session, writes.settings, person_id, feed_id, now)
        wishes = feed.wishes if feed else Wishes(Titles.PLAIN, False, False, service.span_from(now))
        wishes = replace(wishes, titles=Titles(titles)) if titles else wishes
        wording = Wording(writes.settings.calendar_name, writes.settings.plain_title)
        sources = sources_of(session, person_id, wishes.begins)
        series = {source.plan.id for source in sources}
        background = background_of(session, person_id, series, wishes.begins)
        found = reasons(sources, wishes, wording, background)
        service.note_shown(session, actor=SYSTEM, person_id=person_id, now=now)
    for line in (*_head(feed, wishes, now), *_lines(found)):
        click.echo(line)


def _chosen(
    session: Database, settings: Settings, person_id: int, feed_id: int | None, now: datetime
) -> ListedFeed | None:
    """The calendar that was asked for, or the newest, one that lives first. Raises NotFound for another's."""
    farewell = timedelta(days=settings.feed_farewell_days)
    if feed_id is not None:
        return queries.feed(session, feed_id, person_id=person_id, farewell=farewell)
    found = queries.feeds_of(session, person_id, now=now, farewell=farewell)
    return min(found, key=lambda feed: feed.end is not None, default=None)


def _head(feed: ListedFeed | None, wishes: Wishes, now: datetime) -> Iterator[str]:
    which = f"Calendar {feed.id} ({feed.name})" if feed else "No calendar; a new one"
    yield f"{which}: {wishes.titles.value} titles, from {wishes.begins}, {wishes.language}."
    if feed and feed.end:
        yield _off(feed.end, now)


def _off(end: End, now: datetime) -> str:
    """What the address answers in truth, before what would stand there."""
    until = end.farewell_until
    if until is not None and standing(end, now) is Standing.FAREWELL:
        answers = f"It is empty until {_at(until)}, then it is gone."
    else:
        answers = "Its address does not answer."
    return f"It is off since {_at(end.at)}. {answers} This would stand in it:"


def _at(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _lines(found: Iterable[Reason]) -> Iterator[str]:
    count = 0
    for reason in found:
        yield ""
        if reason.entry is None:
            yield f"Left out: series {reason.series_id}, {reason.kind}. {reason.why}"
            continue
        count += 1
        details = reason.entry.details
        yield ", ".join(part for part in (details.title, details.place) if part)
        yield f"  {reason.when}"
        yield f"  {reason.why} (series {reason.series_id}, {reason.kind})"
        if details.alarm_minutes is not None:
            yield f"  Reminds {_before(details.alarm_minutes)}."
        for note in reason.notes:
            yield f"  {note[0].upper()}{note[1:]}."
    yield ""
    yield f"Entries: {count}."


def _before(minutes: int) -> str:
    """``1 day before``, ``2 hours before``, ``90 minutes before``: in the largest unit that is whole."""
    if minutes == 0:
        return "at the start"
    unit, size = next((name, size) for name, size in _UNITS if minutes % size == 0)
    count = minutes // size
    return f"{count} {unit}{'' if count == 1 else 's'} before"
