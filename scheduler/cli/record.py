"""``aftercare person export`` and ``erase``: everything held about somebody, handed out or taken away."""

import os
from datetime import date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session as Database

from scheduler import clock, config
from scheduler.cli.database import opened
from scheduler.config import FILES, Settings
from scheduler.domain.people.names import search_name
from scheduler.domain.people.queries import PersonPage, person_of, person_page
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.privacy import erase as erasing
from scheduler.domain.privacy import export as exporting
from scheduler.domain.privacy.fate import Fate, fate_of
from scheduler.domain.privacy.held import Held
from scheduler.store.transaction import transaction

FORMS: Final = (".json", ".pdf")


@click.command()
@click.argument("who", metavar="EMAIL|NUMBER")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=".json or .pdf")
def export(who: str, out: Path) -> None:
    """Write everything held about a person to a new file that only you can read: FILE.json or FILE.pdf."""
    form = out.suffix.lower()
    if form not in FORMS:
        raise click.ClickException("The file's name must end with .json or .pdf.")
    settings = config.load()
    with opened(settings) as sessions, sessions() as session:
        with transaction(session):
            held = exporting.export(
                session, actor=SYSTEM, person_id=known(session, who).id, form=form[1:], now=clock.now()
            )
        _write(out, _laid_out(held, form, settings))
    click.echo(f"Written: {out}")


@click.command()
@click.argument("who", metavar="EMAIL|NUMBER")
@click.option("--yes", is_flag=True, help="Do not ask for the name.")
def erase(who: str, yes: bool) -> None:
    """Erase a person: what identifies them goes for good, what was recorded stays without a name."""
    settings, now = config.load(), clock.now()
    today = now.astimezone(ZoneInfo(settings.timezone)).date()
    with opened(settings) as sessions, sessions() as session:
        found = known(session, who)
        if found.is_gone:
            raise click.ClickException("Nobody stands behind this record any more.")
        _tell(found, fate_of(session, found.id, years=settings.records_years, today=today, now=now))
        if not yes and search_name(click.prompt("Type their name to erase them")) != search_name(found.name):
            raise click.ClickException("This is not the name. Nothing was erased.")
        with transaction(session):
            kept = _erase(session, found.id, settings, today, now)
    click.echo(f"Erased. What stays carries no name; keep it until {kept}.")


def known(session: Database, who: str) -> PersonPage:
    """The person with this address or number."""
    number = int(who) if who.isascii() and who.isdigit() and len(who) < 10 else None
    found = person_page(session, number) if number is not None else person_of(session, email=who)
    if found is None:
        raise click.ClickException(f"Nobody has the address or number {who}.")
    return found


def _erase(session: Database, person_id: int, settings: Settings, today: date, now: datetime) -> date:
    until = erasing.kept_until(session, person_id, years=settings.records_years, today=today)
    done = erasing.erase(
        session,
        actor=SYSTEM,
        person_id=person_id,
        now=now,
        kept_until=until,
        secret_key=settings.secret_key,
    )
    return done.kept_until


def _tell(found: PersonPage, fate: Fate) -> None:
    click.echo(f"{found.name}, number {found.id}")
    click.echo(
        f"Goes: name and channels, {fate.sign_ins} sign-ins, {fate.feeds} calendars, {fate.pairs} pairs kept"
        f" apart, {fate.typed.titles} titles and {fate.typed.reasons} reasons that may name them."
    )
    click.echo(
        f"Stays: {fate.stays} stays, {fate.enrollments} enrollments, {fate.marks} marks,"
        f" {fate.entries} lines of the audit; until {fate.kept_until}."
    )


def _laid_out(held: Held, form: str, settings: Settings) -> bytes:
    from scheduler.formats.record_json import record_json
    from scheduler.formats.record_pdf import TEMPLATE, record_pdf

    if form == ".json":
        return record_json(held)
    return record_pdf(held, zone=settings.timezone, template=FILES / TEMPLATE)


def _write(out: Path, content: bytes) -> None:
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror}.") from error
