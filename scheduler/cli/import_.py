"""``aftercare import``: lists of people, and lists that others publish."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from scheduler import clock, config
from scheduler.cli.database import opened
from scheduler.cli.import_lists import people, series
from scheduler.domain.mutual_help import service
from scheduler.domain.mutual_help.comparing import Comparison
from scheduler.domain.mutual_help.fellowships import FELLOWSHIPS, fellowship_named
from scheduler.domain.mutual_help.rows import MeetingList
from scheduler.formats.json_list import require_size
from scheduler.formats.meeting_guide import read_meeting_guide
from scheduler.store.transaction import transaction

_EDITION = re.compile(r"(?:[\W_]*20\d\d(?:[\W_]?\d\d){0,2}|[\W_]*\(\d+\))+$")
"""A date, or the number that a browser gives to a second copy. Other numbers name districts and areas."""


@click.group("import")
def import_() -> None:
    """Read lists of people, and lists of meetings that others publish."""


import_.add_command(people)
import_.add_command(series)


@import_.command("meeting-guide")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--fellowship", required=True, metavar="CODE", help=f"One of {', '.join(FELLOWSHIPS)}.")
@click.option("--timezone", metavar="ZONE", help="Zone of the rows that name none, such as America/Denver.")
@click.option("--source", metavar="NAME", help="Name of the list. Default: the file's name without its date.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
def meeting_guide(
    file: Path, fellowship: str, timezone: str | None, source: str | None, dry_run: bool
) -> None:
    """Read FILE, a Meeting Guide JSON list, as meetings to be listed.

    Reading the same list again changes only what the list has changed.
    """
    found = fellowship_named(fellowship)
    require_size(file.stat().st_size)
    with file.open("rb") as stream:
        meetings = read_meeting_guide(stream, fellowship=found, timezone=timezone)
    source = source or source_of(file)
    with opened(config.load()) as sessions, sessions() as session:
        if dry_run:
            compared = service.compared(session, source=source, rows=meetings.rows)
        else:
            with _progress(len(meetings.rows)) as advance, transaction(session):
                compared = service.import_meetings(
                    session, source=source, rows=meetings.rows, now=clock.now(), advance=advance
                )
    _tell(meetings, compared, source, dry_run=dry_run)


def source_of(file: Path) -> str:
    """What a list is called by its file: north-2026-05.json and north-2026-06.json are both ``north``."""
    return _EDITION.sub("", file.stem).casefold() or file.stem.casefold()


@contextmanager
def _progress(length: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, and nothing in a log."""
    if not sys.stderr.isatty():
        yield lambda _steps: None
        return
    with click.progressbar(length=length, label="Writing meetings", file=sys.stderr) as bar:
        yield bar.update


def _tell(meetings: MeetingList, compared: Comparison, source: str, *, dry_run: bool) -> None:
    made, changed = ("would be made", "would be changed") if dry_run else ("made", "changed")
    click.echo(f"List: {source}")
    for number, what in (
        (len(compared.new), made),
        (len(compared.changed), changed),
        (compared.same, "left as they are"),
        (len(meetings.refused), "refused"),
        (len(compared.missing), "no longer in the list"),
    ):
        click.echo(f"{number:>7,}  {what}")
    if meetings.assumed_ends:
        click.echo(f"{meetings.assumed_ends:,} give no end: an hour is assumed.")
    _tell_rows(
        "Refused:",
        [f"row {row.number}, {row.name or 'without a name'}: {row.reason}" for row in meetings.refused],
    )
    _tell_rows("Taken, but:", [f"row {row.number}, {row.name}: {row.reason}" for row in meetings.remarks])
    _tell_rows("No longer in the list (nothing was done about them):", compared.missing)
    if dry_run:
        click.echo("Nothing was written.")


def _tell_rows(heading: str, rows: Sequence[str]) -> None:
    if rows:
        click.echo(heading)
    for row in rows:
        click.echo(f"  {row}")
