"""``aftercare person``: make persons, give and take roles, disable; with what stands in ``record.py``."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import click
from sqlalchemy.orm import Session as Database

from scheduler import clock, config
from scheduler.cli.database import opened
from scheduler.cli.record import erase, export
from scheduler.config import Settings
from scheduler.domain.access import channels, linking, second_step
from scheduler.domain.calendars import service as calendars
from scheduler.domain.people import queries, service
from scheduler.domain.people.links import Purpose
from scheduler.domain.people.queries import PersonPage
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.places.queries import sites
from scheduler.domain.planning.leaving import commitments_of, release
from scheduler.domain.privacy.limiting import limit_role
from scheduler.store.transaction import transaction

ROLE = click.Choice([role.value for role in Role])
EACH = 500


@dataclass(frozen=True, slots=True)
class Writing:
    """A command's one transaction, and the settings that it goes by."""

    session: Database
    settings: Settings


@contextmanager
def writing() -> Iterator[Writing]:
    """One transaction on the settings' database."""
    settings = config.load()
    with opened(settings) as sessions, sessions() as session, transaction(session):
        yield Writing(session, settings)


@click.group()
def person() -> None:
    """Make persons, give and take roles, disable."""


person.add_command(export)
person.add_command(erase)


@person.command()
@click.argument("email")
@click.option("--name", required=True, help="First and last name.")
@click.option("--role", "roles", multiple=True, required=True, type=ROLE, help="May be given several times.")
@click.option("--send", is_flag=True, help="Send the invitation by mail instead of printing it.")
def create(email: str, name: str, roles: tuple[str, ...], send: bool) -> None:
    """Make a person, and print the link by which they set their password as the last line."""
    with writing() as writes:
        held = [Role(role) for role in roles]
        now = clock.now()
        made = service.make_person(
            writes.session, actor=SYSTEM, name=name, email=email, roles=held, now=now, confirmed=True
        )
        if send:
            linking.invite(writes.session, actor=SYSTEM, person_id=made, now=now)
            click.echo("The invitation is on its way.")
        else:
            click.echo(_link(writes, made))


@person.command("set-email")
@click.argument("who", metavar="EMAIL_OR_NUMBER")
@click.argument("email")
def set_email(who: str, email: str) -> None:
    """Give EMAIL to somebody who has no address, or none that is confirmed; then invite them there."""
    with writing() as writes:
        known, now = _known(writes, who), clock.now()
        channels.give_email(writes.session, actor=SYSTEM, person_id=known.id, email=email, now=now)
        click.echo(
            f"{known.name} has the address {email.strip()} now. To invite them: aftercare person invite"
        )


@person.command()
@click.argument("email", metavar="EMAIL_OR_NUMBER")
def invite(email: str) -> None:
    """Print a new link by which a person sets a password; it ends the one before."""
    with writing() as writes:
        click.echo(_link(writes, _known(writes, email).id))


@person.command("list")
@click.option("--role", type=ROLE, help="Only who holds it.")
def list_(role: str | None) -> None:
    """List everybody: address (the number, for who has none), name, roles."""
    with opened(config.load()) as sessions, sessions() as session:
        skip = 0
        while shown := queries.people(
            session, role=Role(role) if role else None, limit=EACH, skip=skip
        ).shown:
            for found in shown:
                state = "disabled" if found.disabled_at else " ".join(sorted(found.roles))
                click.echo(f"{found.email or found.id}\t{found.name}\t{state}")
            skip += EACH


@person.command("give-role")
@click.argument("email")
@click.argument("role", type=ROLE)
@click.option("--site", "names", multiple=True, help="Only for the site of this name; may be given again.")
def give_role(email: str, role: str, names: tuple[str, ...]) -> None:
    """Give a role. It ends the person's sign-ins, so that the next one has it."""
    with writing() as writes:
        known, now = _known(writes, email), clock.now()
        service.give_role(writes.session, actor=SYSTEM, person_id=known.id, role=Role(role), now=now)
        if names:
            only = _sites(writes, names)
            limit_role(writes.session, actor=SYSTEM, person_id=known.id, role=Role(role), sites=only, now=now)
        where = f" at {', '.join(names)} only" if names else ""
        click.echo(f"{known.name} is {role} now{where}.")


@person.command("take-role")
@click.argument("email")
@click.argument("role", type=ROLE)
def take_role(email: str, role: str) -> None:
    """Take a role. It ends the person's sign-ins."""
    with writing() as writes:
        known = _known(writes, email)
        was_held = service.take_role(
            writes.session, actor=SYSTEM, person_id=known.id, role=Role(role), now=clock.now()
        )
        said = f"is not {role} any more" if was_held else f"has not the role {role}"
        click.echo(f"{known.name} {said}.")


@person.command("reset-second-step")
@click.argument("email")
def reset_second_step(email: str) -> None:
    """Take the app, printed codes and passkeys of somebody who lost them. It ends their sign-ins."""
    with writing() as writes:
        known = _known(writes, email)
        second_step.reset(writes.session, actor=SYSTEM, person_id=known.id, now=clock.now())
        click.echo(f"{known.name} has no second step any more.")


@person.command()
@click.argument("email")
@click.option("--hand-to", metavar="EMAIL", help="The facilitator who takes over what the person leads.")
@click.option("--end", is_flag=True, help="End all that the person leads and belongs to.")
@click.option("--reason", default="", help="Why the other facilitator may lead two sessions at once.")
def disable(email: str, hand_to: str | None, end: bool, reason: str) -> None:
    """Let a person sign in no more. What they still have is listed, and handed over or ended with it."""
    with writing() as writes:
        known, now = _known(writes, email), clock.now()
        if not end and hand_to is None and not _has_nothing(writes.session, known.id, now):
            raise click.ClickException(
                "Say what becomes of it: --hand-to EMAIL or --end. Nothing was changed."
            )
        successor = _known(writes, hand_to).id if hand_to else None
        service.disable(writes.session, actor=SYSTEM, person_id=known.id, now=now)
        release(writes.session, actor=SYSTEM, person_id=known.id, hand_to=successor, override=reason, now=now)
        farewell = timedelta(days=writes.settings.feed_farewell_days)
        calendars.revoke_all(writes.session, actor=SYSTEM, person_id=known.id, farewell=farewell, now=now)
        click.echo(f"{known.name} is disabled.")


def _has_nothing(session: Database, person_id: int, now: datetime) -> bool:
    still = commitments_of(session, person_id, now=now)
    for post in still.posts:
        click.echo(f"leads\t{post.title}\t{post.position}\tsince {post.from_date}")
    for duty in still.duties:
        if duty.covers_for:
            click.echo(f"covers\t{duty.title}\t{duty.local_start:%Y-%m-%d %H:%M}\tfor {duty.covers_for}")
    for enrollment in still.enrollments:
        click.echo(f"belongs to\t{enrollment.title}\tsince {enrollment.from_date}")
    return not still


def _sites(writes: Writing, names: tuple[str, ...]) -> set[int]:
    found = {site.name: site.id for site in sites(writes.session)}
    unknown = [name for name in names if name not in found]
    if unknown:
        raise click.ClickException(f"There is no site called {unknown[0]}. Nothing was changed.")
    return {found[name] for name in names}


def _known(writes: Writing, email: str) -> PersonPage:
    by_number = email.isascii() and email.isdigit() and len(email) < 10
    if by_number:
        found = queries.person_page(writes.session, int(email))
    else:
        found = queries.person_of(writes.session, email=email)
    if found is None:
        raise click.ClickException(f"Nobody has the {'number' if by_number else 'address'} {email}.")
    return found


def _link(writes: Writing, person_id: int) -> str:
    from scheduler.notifications.messages import address_of

    lasts, now = timedelta(days=writes.settings.invitation_days), clock.now()
    link_id = linking.make_link(
        writes.session, person_id=person_id, purpose=Purpose.INVITATION, lasts=lasts, now=now
    )
    assumed = writes.settings.base_url
    if assumed == Settings().base_url:
        click.echo(f"This assumes {assumed}. Set AFTERCARE_BASE_URL to the address people open.", err=True)
    return address_of(writes.settings, link_id)
