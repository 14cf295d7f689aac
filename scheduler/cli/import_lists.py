"""``aftercare import people`` and ``series``: from a CSV or XLSX file, and taking that back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session as Database

from scheduler import clock, config
from scheduler.cli.database import opened
from scheduler.domain.imports import apply as applying
from scheduler.domain.imports import review, stage
from scheduler.domain.imports.judging import Outcome
from scheduler.domain.imports.mapping import ListKind
from scheduler.domain.imports.people_columns import PEOPLE
from scheduler.domain.imports.reviewed import AnyJudged, Reviewed
from scheduler.domain.imports.series_columns import SERIES
from scheduler.domain.imports.table import Table
from scheduler.domain.imports.undo import undo as take_back
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.planning.reach import Reach
from scheduler.domain.schedule.written_dates import WRITTEN
from scheduler.formats.table_files import read_table
from scheduler.formats.tables import LARGEST_FILE, require_size
from scheduler.store.transaction import transaction

NOTHING_DONE = {PEOPLE.name: "Nobody was changed.", SERIES.name: "Nothing was changed."}
COUNTED = {PEOPLE.name: "people", SERIES.name: "series"}
NAMELESS = {PEOPLE.name: "without a name", SERIES.name: "without a title"}

_file = click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
_dry_run = click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
_undo = click.option("--undo", type=click.IntRange(min=1), metavar="NUMBER", help="Take back this import.")


@click.command("people")
@_file
@_dry_run
@_undo
def people(file: Path | None, dry_run: bool, undo: int | None) -> None:
    """Make and change members from FILE, a CSV or XLSX list with a heading.

    Likely duplicates are left out and listed: decide of them in the page. Its last line names the number that
    --undo takes.
    """
    _run(PEOPLE, file, undo, dry_run=dry_run)


@click.command("series")
@_file
@_dry_run
@_undo
def series(file: Path | None, dry_run: bool, undo: int | None) -> None:
    """Make series from FILE, a CSV or XLSX list with a heading: title, day, time, length, room, lead.

    Those that are likely here already, and those whose room or lead is taken, are left out and listed: decide
    of them in the page. Its last line names the number that --undo takes.
    """
    _run(SERIES, file, undo, dry_run=dry_run)


def _run(kind: ListKind, file: Path | None, undo: int | None, *, dry_run: bool) -> None:
    if (file is None) == (undo is None):
        raise click.UsageError("Give a FILE, or --undo and a number.")
    now = clock.now()
    table = _read(file) if file is not None else None
    settings = config.load()
    with opened(settings) as sessions, sessions() as session:
        if table is None:
            with transaction(session):
                reach = Reach(SYSTEM, None, on=now.date())
                count = take_back(session, actor=SYSTEM, batch_id=undo or 0, reach=reach, kind=kind, now=now)
            click.echo(f"Taken back: {count:,} {COUNTED[kind.name]}.")
            return
        _import(session, kind, table, now, settings.timezone, dry_run=dry_run)


def _read(file: Path) -> Table:
    require_size(file.stat().st_size)
    with file.open("rb") as stream:
        return read_table(stream.read(LARGEST_FILE + 1))


def _import(
    session: Database, kind: ListKind, table: Table, now: datetime, timezone: str, *, dry_run: bool
) -> None:
    today = now.astimezone(ZoneInfo(timezone)).date()
    reach = Reach(SYSTEM, None, on=today)
    with transaction(session):
        batch_id = stage.stage(session, actor=SYSTEM, table=table, kind=kind, now=now)
        _, fields = review.table_and_fields(session, batch_id)
        stage.map_columns(session, batch_id=batch_id, revision=1, fields=fields)
    try:
        prepared = review.prepare(session, batch_id=batch_id, today=today, now=now, zone=timezone)
        seen = review.reviewed(session, prepared, reach=reach, today=today)
        _tell(kind, seen, dry_run=dry_run)
        if dry_run or not any(row.does is not Outcome.SAME for row in seen.rows):
            click.echo(NOTHING_DONE[kind.name])
            return
        with transaction(session):
            applying.apply(
                session,
                actor=SYSTEM,
                batch_id=batch_id,
                prepared=prepared,
                seen=seen,
                reach=reach,
                today=today,
                now=now,
            )
        click.echo(
            f"Import {batch_id} is done. To take it back: aftercare import {kind.name} --undo {batch_id}"
        )
    finally:
        with transaction(session):
            stage.decline(session, batch_id=batch_id)


def _tell(kind: ListKind, seen: Reviewed[Any], *, dry_run: bool) -> None:
    will = "would be " if dry_run else ""
    for outcome, what in (
        (Outcome.NEW, f"{will}made"),
        (Outcome.CHANGED, f"{will}changed"),
        (Outcome.SAME, "left as they are"),
        (Outcome.DUPLICATE, "likely duplicates, left out"),
        (Outcome.REFUSED, "refused"),
    ):
        if kind is SERIES and outcome is Outcome.CHANGED:
            continue
        click.echo(f"{len(seen.of(outcome)):>7,}  {what}")
    if seen.note:
        click.echo(seen.note)
    for column in seen.dates:
        click.echo(f"Dates of “{column.heading}” are read as {WRITTEN[column.order]}.")
    _tell_rows("Likely duplicates:", seen.of(Outcome.DUPLICATE), kind, seen)
    _tell_rows("Refused:", seen.of(Outcome.REFUSED), kind, seen)


def _tell_rows(heading: str, rows: Sequence[AnyJudged], kind: ListKind, seen: Reviewed[Any]) -> None:
    if rows:
        click.echo(heading)
    for row in rows:
        why = "; ".join(row.effect.reasons) or _like(row, kind, seen)
        click.echo(f"  row {row.draft.number}, {row.draft.name or NAMELESS[kind.name]}: {why}")


def _like(row: AnyJudged, kind: ListKind, seen: Reviewed[Any]) -> str:
    if row.twin is not None:
        return f"like row {row.twin}"
    here = "who is here" if kind is PEOPLE else "which is here"
    return f"like {seen.known[row.known or 0]}, {here}"
