"""``aftercare restore FILE``: a backup takes the place of the database, whole or not at all."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from sqlite3 import Error as SqliteError

import click
import psycopg
from sqlalchemy import Engine, MetaData, func, inspect, select
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.orm import sessionmaker

from scheduler import clock, config
from scheduler.cli.backup import (
    engine_url,
    home_of,
    opened_backup,
    restored_aside,
    said_of,
    told_plainly,
)
from scheduler.cli.database import engine_of, form_of
from scheduler.config import Settings
from scheduler.domain.privacy.restoring import make_fit, served_until
from scheduler.errors import Refused
from scheduler.store import schema
from scheduler.store.backups import lite, server
from scheduler.store.backups.manifest import Manifest
from scheduler.store.ledger import Ended, Line
from scheduler.store.ledger_file import LedgerFile, flush, sync_folder
from scheduler.store.transaction import transaction

UNKNOWN = (
    "Nobody can know what was ended since: all sign-ins and links are ended, and all calendars wait."
    " Run: aftercare feed confirm"
)

KEPT = "What was there before is kept: {}."


@dataclass(frozen=True, slots=True)
class Present:
    """What is there now: how many persons and rows, and the latest instant that its calendars told."""

    persons: int
    rows: int
    served_until: datetime | None


NOTHING = Present(0, 0, None)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--key", type=click.Path(path_type=Path), help="The file of age-keygen, if FILE is encrypted.")
@click.option("--replace", "replaces", is_flag=True, help="Let it take the place of what is there.")
@click.option("--yes", "is_sure", is_flag=True, help="With --replace: do not ask.")
@click.option(
    "--without-ledger", is_flag=True, help="End all sign-ins and calendars in place of the known ones."
)
def restore(file: Path, key: Path | None, replaces: bool, is_sure: bool, without_ledger: bool) -> None:
    """Restore FILE into an empty database, or in place of what is there. Stop the server before.

    What was ended, withdrawn or erased since is ended again. The database that was there is kept beside.
    """
    settings = config.load()
    ledger, placed = LedgerFile(settings.ledger_file), list[str]()
    with told_plainly(file), _told_truly(placed), _nobody_else(settings):
        present = _present(settings, ledger)
        if present.persons:
            click.echo(
                f"There are {present.persons:,} persons in this database, {present.rows:,} rows in all."
            )
            _require_consent(replaces=replaces, is_sure=is_sure)
        with opened_backup(settings, file, key) as taken, restored_aside(settings, taken) as aside:
            lines = [] if without_ledger or not ledger.exists() else list(ledger.read())
            is_whole = any(line.what is Ended.BACKED_UP and line.key == taken.manifest.name for line in lines)
            _make_fit(aside, taken.manifest, lines, present.served_until, is_whole=is_whole)
            with ledger.appended([Line(Ended.RESTORED, clock.now(), taken.manifest.name)]):
                placed.append(_put_in_place(settings, aside))
            if taken.manifest.dialect == "sqlite":
                sync_folder(home_of(settings))
    click.echo(f"Restored: {said_of(taken.manifest)}, made {taken.manifest.made_at:%Y-%m-%d %H:%M} UTC.")
    if placed[0]:
        click.echo(KEPT.format(placed[0]))
    if not is_whole:
        why = (
            "The ledger was left aside."
            if without_ledger
            else f"The ledger {ledger.path} does not know this backup."
        )
        click.echo(f"{why} {UNKNOWN}")


def _require_consent(*, replaces: bool, is_sure: bool) -> None:
    """Ask at a terminal; where nobody can answer, only words on the command line are consent."""
    if not replaces:
        raise Refused("Nothing was changed. To put the backup in their place, add --replace.")
    if is_sure:
        return
    if not _is_at_a_terminal():
        raise Refused("Nothing was changed. Nobody can be asked here: add --yes, too.")
    if not click.confirm("Put the backup in their place?"):
        raise Refused("Nothing was changed.")


def _is_at_a_terminal() -> bool:
    return sys.stdin.isatty()


@contextmanager
def _told_truly(placed: Sequence[str]) -> Iterator[None]:
    """What fails once the backup is in its place (a disk that does not answer, a server that is gone).

    Raises :class:`Refused`, which says so: only before that nothing was changed.
    """
    try:
        yield
    except (OSError, DBAPIError, SqliteError, psycopg.Error) as error:
        if not placed:
            raise
        kept = f" {KEPT.format(placed[0])}" if placed[0] else ""
        why = str(error).strip().partition("\n")[0]
        raise Refused(
            f"The backup is in its place.{kept} But what was left to do after it failed: {why}"
        ) from error


@contextmanager
def _nobody_else(settings: Settings) -> Iterator[None]:
    """Refuse at once, before the long part, while a server has the database open; on SQLite for all of it."""
    url = engine_url(settings)
    if url.get_backend_name() == "sqlite":
        with lite.held(Path(url.database or "")):
            pass
    else:
        server.require_unused(url)
    yield


def _present(settings: Settings, ledger: LedgerFile) -> Present:
    """What is there now; what it remembers and has not yet copied comes into the ledger first.

    Of a database that is ruined nothing is known; one that does not answer is no reason to replace it.
    """
    engine = engine_of(settings)
    try:
        if form_of(engine) is schema.Form.EMPTY:
            return NOTHING
        sessions = sessionmaker(engine)
        flush(sessions, ledger, now=clock.now())
        with sessions() as session:
            return Present(*_counts(engine), served_until(session))
    except OperationalError:
        raise
    except DatabaseError as error:
        click.echo(f"What is there now cannot be read ({type(error).__name__}).", err=True)
        return Present(1, 0, None)
    finally:
        engine.dispose()


def _counts(engine: Engine) -> tuple[int, int]:
    found = MetaData()
    with engine.connect() as connection:
        found.reflect(connection, only=inspect(connection).get_table_names())
        counts = {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in found.tables.items()
        }
    return counts.get("person", 0), sum(counts.values())


def _make_fit(
    settings: Settings, manifest: Manifest, lines: list[Line], served: datetime | None, *, is_whole: bool
) -> None:
    """Bring the database to the form of this version, and end in it what was ended since."""
    engine = engine_of(settings)
    try:
        schema.upgrade(engine)
        with sessionmaker(engine)() as session, transaction(session):
            make_fit(
                session,
                name=manifest.name,
                lines=lines,
                is_whole=is_whole,
                served_until=served,
                now=clock.now(),
            )
    finally:
        engine.dispose()


def _put_in_place(settings: Settings, aside: Settings) -> str:
    """The last step, done or not done; answers where the database that was there is kept."""
    url, new = engine_url(settings), engine_url(aside)
    if url.get_backend_name() != "sqlite":
        return f"the database {server.put_in_place(new, url)}"
    database, restored = Path(url.database or ""), Path(new.database or "")
    lite.settle(restored)
    with lite.held(database):
        kept = lite.put_in_place(restored, database)
    return str(kept or "")
