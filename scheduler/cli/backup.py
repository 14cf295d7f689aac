"""``aftercare backup FILE``, while everything runs, and ``aftercare backup verify FILE``."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from secrets import token_hex
from sqlite3 import DatabaseError

import click
import psycopg
from sqlalchemy import Engine, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import sessionmaker

from scheduler import clock, config
from scheduler.cli.database import engine_of, require_ready
from scheduler.config import Settings
from scheduler.domain.people.roles import SYSTEM
from scheduler.errors import Refused
from scheduler.store import schema
from scheduler.store.audit import record
from scheduler.store.backups import container, lite, server
from scheduler.store.backups.manifest import Manifest, Rows, difference
from scheduler.store.backups.sealing import identities_of, recipients_of
from scheduler.store.ledger import Ended, Line
from scheduler.store.ledger_file import LedgerFile, LedgerNotWritten, flush
from scheduler.store.transaction import transaction


class FileFirst(click.Group):
    """A group whose first word may be a file: that is the command ``make``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = ["make", *args]
        return super().parse_args(ctx, args)


@click.group(cls=FileFirst, options_metavar="", subcommand_metavar="FILE [OPTIONS] | verify FILE [OPTIONS]")
def backup() -> None:
    """Write all data into FILE, while everything runs, or verify such a file.

    `aftercare backup make --help` and `aftercare backup verify --help` tell the options.
    """


@backup.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--to", "keys", metavar="AGE1…", multiple=True, help="Encrypt to this age key; may be repeated."
)
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
def make(file: Path, keys: tuple[str, ...], force: bool) -> None:
    """Write all data into FILE, readable to its owner only. Everything may go on meanwhile."""
    settings, recipients = config.load(), recipients_of(keys)
    engine, ledger = engine_of(settings), LedgerFile(settings.ledger_file)
    with told_plainly(file):
        try:
            require_ready(engine)
            with (
                ExitStack() as known,
                container.new_file(file, replace=force) as target,
                container.aside(home_of(settings)) as folder,
            ):
                manifest, data = _taken(engine, ledger, folder)
                container.write(target, manifest, data, recipients)
                # Known before the file is in its place, and no longer where that last step fails.
                known.enter_context(ledger.appended([Line(Ended.BACKED_UP, clock.now(), manifest.name)]))
                _record(engine, manifest)
        finally:
            engine.dispose()
    click.echo(f"Backed up: {said_of(manifest)}, {file.stat().st_size / 1e6:,.1f} MB.")


@backup.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--key", type=click.Path(path_type=Path), help="The file of age-keygen, if FILE is encrypted.")
def verify(file: Path, key: Path | None) -> None:
    """Restore FILE aside, and compare what came with what was there; exits non-zero where it differs."""
    settings = config.load()
    with told_plainly(file), opened_backup(settings, file, key) as taken, restored_aside(settings, taken):
        pass
    click.echo(
        f"The backup is good: {said_of(taken.manifest)}, made {taken.manifest.made_at:%Y-%m-%d %H:%M} UTC."
    )


@dataclass(frozen=True, slots=True)
class Taken:
    """What was read out of a backup: its manifest, its data as a file, and the folder where that lies."""

    manifest: Manifest
    data: Path
    folder: Path


def home_of(settings: Settings) -> Path:
    """The folder for what is put aside: the database's own, as well protected and on the same disk."""
    name = engine_url(settings).database or ""
    settings.instance.mkdir(parents=True, exist_ok=True)
    return Path(name).absolute().parent if settings.database.startswith("sqlite") else settings.instance


@contextmanager
def opened_backup(settings: Settings, file: Path, key: Path | None) -> Iterator[Taken]:
    """What is in ``file``, put aside. Raises :class:`Refused` where this program cannot take it."""
    identities = identities_of(key) if key else []
    with container.aside(home_of(settings)) as folder:
        manifest, data = container.read(file, folder, identities)
        kind = engine_url(settings).get_backend_name()
        if manifest.dialect != kind:
            raise Refused(f"The backup is of {manifest.dialect}, and this installation uses {kind}.")
        if manifest.schema not in schema.known_forms():
            raise Refused(f"The backup is of a newer version ({manifest.program}). Install that version.")
        yield Taken(manifest, data, folder)


@contextmanager
def restored_aside(settings: Settings, taken: Taken) -> Iterator[Settings]:
    """Settings that lead to a database of its own that holds the backup, compared with its manifest.

    Raises :class:`Refused` where they differ.
    """
    url = engine_url(settings)
    if taken.manifest.dialect == "sqlite":
        _require_same(taken.manifest, lite.rows_of(taken.data))
        yield _with_database(settings, f"sqlite:///{taken.data}")
        return
    with server.made_aside(url, "restoring") as fresh:
        server.load(taken.data, fresh)
        _require_same(taken.manifest, server.rows_of(fresh))
        yield _with_database(settings, fresh.render_as_string(hide_password=False))


@contextmanager
def told_plainly(file: Path) -> Iterator[None]:
    """A full disk, a folder that is not there, a server that is away: one line. Raises :class:`Refused`."""
    try:
        yield
    except LedgerNotWritten as error:
        said = f"The ledger {error.filename} cannot be written: {error.strerror}."
        raise Refused(f"{said} Nothing was changed.") from error
    except OSError as error:
        raise Refused(f"{error.filename or file}: {error.strerror or error}. Nothing was changed.") from error
    except DBAPIError as error:
        raise _refused(error.orig or error) from error
    except (DatabaseError, psycopg.Error) as error:
        raise _refused(error) from error


def _refused(error: BaseException) -> Refused:
    return Refused(f"The database says: {str(error).strip().partition(chr(10))[0]}. Nothing was changed.")


def engine_url(settings: Settings) -> URL:
    """The address of the settings' database, in its parts."""
    return make_url(settings.database)


def said_of(manifest: Manifest) -> str:
    """How much is in a backup."""
    return f"{len(manifest.tables)} tables, {manifest.rows:,} rows"


def _with_database(settings: Settings, address: str) -> Settings:
    return replace(settings, database_url=address)


def _require_same(manifest: Manifest, found: Mapping[str, Rows]) -> None:
    if said := difference(manifest.tables, found):
        raise Refused(f"The backup is not good: {said}.")


def _taken(engine: Engine, ledger: LedgerFile, folder: Path) -> tuple[Manifest, Path]:
    """The data as it is at one moment, as a file, with what the manifest says of it."""
    now, name = clock.now(), token_hex(16)
    flush(sessionmaker(engine), ledger, now=now)
    if engine.dialect.name == "sqlite":
        data = folder / lite.NAME
        tables = lite.copy(Path(engine.url.database or ""), data)
    else:
        data = folder / server.NAME
        tables = server.dump(engine.url, data)
    program, form = version("aftercare-scheduler"), schema.known_forms()[0]
    return Manifest(name, program, form, engine.dialect.name, now, tables, container.data_of(data)), data


def _record(engine: Engine, manifest: Manifest) -> None:
    now, detail = clock.now(), {"backup": manifest.name}
    with sessionmaker(engine)() as session, transaction(session):
        record(session, at=now, actor=SYSTEM, action="database.backed_up", subject="database", detail=detail)
