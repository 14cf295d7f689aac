"""``aftercare check``: what a production installation still lacks, one line each."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session as Database

from scheduler import clock, config
from scheduler.cli.database import REFUSED, engine_of, form_of
from scheduler.config import FILES, Settings
from scheduler.domain.people import queries
from scheduler.domain.people.roles import Role
from scheduler.domain.planning.rebuilding import drifted, drifted_closures
from scheduler.domain.schedule.discretion import telling_part, telling_word
from scheduler.formats.ics import PRODID
from scheduler.store import outbox
from scheduler.store.ledger import Ended
from scheduler.store.ledger_file import LedgerFile
from scheduler.store.schema import Form

OWN = ("organization", "help_line", "help_hours")
"""What a center says of itself: an example's words would send people to the wrong number."""

OLD = timedelta(days=2)
"""A backup each night, and one night of grace."""


@click.command()
def check() -> None:
    """Say what a production installation still lacks, one line each; exits non-zero if anything is.

    Words that tell too much are named, too, and alone do not count as lacking.
    """
    settings = config.load()
    engine = engine_of(settings)
    try:
        lines = [*of_settings(settings), *of_files(settings), *of_database(engine)]
        lines += of_backups(LedgerFile(settings.ledger_file), clock.now())
    finally:
        engine.dispose()
    for line in (*lines, *telling(settings)):
        click.echo(f"- {line}")
    if lines:
        raise SystemExit(1)
    click.echo("Nothing is missing.")


def of_settings(settings: Settings) -> Iterator[str]:
    """What the settings lack."""
    if not settings.production:
        yield "AFTERCARE_PRODUCTION is not 1: unsafe values are not refused."
    if not settings.https:
        yield f"AFTERCARE_BASE_URL is {settings.base_url}: people need https."
    elif not settings.proxies:
        yield "AFTERCARE_PROXIES is 0: count the proxy that speaks https in front of this."
    if settings.debug:
        yield "AFTERCARE_DEBUG is on."
    if not settings.second_factor_required:
        yield "AFTERCARE_STAFF_SECOND_FACTOR is 0: staff sign in by a password alone."
    if not settings.mail_url:
        yield f"AFTERCARE_MAIL_URL is empty: messages stay in {settings.mail_folder}."
    if settings.mail_from.endswith("@localhost"):
        yield "AFTERCARE_MAIL_FROM is not set: nobody can answer, and servers refuse it."
    usual = {field.name: field.default for field in fields(Settings)}
    for name in filter(lambda name: getattr(settings, name) == usual[name], OWN):
        yield f"AFTERCARE_{name.upper()} is the example's: {usual[name]}."


def telling(settings: Settings) -> Iterator[str]:
    """What tells strangers what this is: a warning only, since an address is not changed in a day."""
    found = {
        "CALENDAR_NAME": telling_word(settings.calendar_name),
        "PLAIN_TITLE": telling_word(settings.plain_title),
        "MAIL_FROM": telling_part(settings.mail_from),
        "BASE_URL": telling_part(urlsplit(settings.base_url).hostname or ""),
    }
    for name, word in found.items():
        if word:
            yield f"AFTERCARE_{name} says “{word}”: it shows on locked screens, in calendars and in mail."
    if word := telling_word(settings.organization):
        yield f"AFTERCARE_ORGANIZATION says “{word}”: it shows at the top of every page."
    if word := telling_word(PRODID):
        yield f"Calendars name their maker with “{word}”: {PRODID}."


def of_files(settings: Settings) -> Iterator[str]:
    """What the files lack: nobody else on the machine may read them, and pages need their style."""
    key = settings.instance / "secret_key"
    if key.is_file() and key.read_text().strip() == settings.secret_key:
        yield f"AFTERCARE_SECRET_KEY is not set: the key lies in {key}, beside what it protects."
    for path in (settings.instance, Path(settings.database.partition(":///")[2])):
        if path.exists() and path.stat().st_mode & 0o077:
            yield f"Others on this machine can read {path}. Run: chmod go= {path}"
    if not (FILES / "static" / "dist" / "site.css").is_file():
        yield "The style sheets are not built. Run: make"


def of_database(engine: Engine) -> Iterator[str]:
    """What the database lacks: its form, somebody to manage accounts, a worker."""
    form = form_of(engine)
    if form is not Form.READY:
        yield REFUSED[form]
        return
    with Database(engine) as session:
        if not queries.people(session, role=Role.ADMINISTRATOR, limit=1, skip=0).total:
            yield "Nobody is an administrator. Run: aftercare person create (--help tells how)"
        yield from of_plan(session, clock.now())
        yield from of_work(outbox.backlog(session, now=clock.now()), clock.now())


def of_plan(session: Database, now: datetime) -> Iterator[str]:
    """Whether the plan is what the time zone data of this installation say."""
    astray = sum(drift.occurrences for drift in drifted(session, now=now))
    astray += len(drifted_closures(session, now=now))
    if astray:
        yield f"Time zone data changed, {astray} times do not follow yet. Run: aftercare schedule rebuild"


def of_backups(ledger: LedgerFile, now: datetime) -> Iterator[str]:
    """Whether a backup is known, and a recent one."""
    made = [line.at for line in ledger.read() if line.what is Ended.BACKED_UP] if ledger.exists() else []
    if not made:
        yield "No backup is known. Run: aftercare backup FILE"
    elif now - max(made) > OLD:
        yield f"The last backup that is known was made {max(made):%Y-%m-%d %H:%M} UTC."


def of_work(waiting: outbox.Backlog, now: datetime) -> Iterator[str]:
    """What the worker left undone."""
    if waiting.given_up:
        said = waiting.last_error or "the worker died"
        yield f"Tasks given up after {outbox.TRIES} tries: {waiting.given_up}. The last: {said}."
    if waiting.oldest_due and now - waiting.oldest_due > timedelta(minutes=15):
        yield f"A task waits since {waiting.oldest_due:%Y-%m-%d %H:%M} UTC: does a worker run?"
