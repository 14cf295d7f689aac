"""What somebody signs in with, and where they are signed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.access.models import Passkey, RecoveryCode, SecondFactor
from scheduler.domain.people import names
from scheduler.domain.people.links import Purpose
from scheduler.domain.people.models import Account, Identity, OneTimeLink, Person, SignIn
from scheduler.domain.people.queries import is_idle, read_roles, roles_of
from scheduler.domain.people.roles import STAFF, Role
from scheduler.domain.people.sign_ins import Method
from scheduler.store.outbox import was_asked


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an address signs in with; ``password_hash`` is none where no password was set.

    ``has_app``: an authenticator app was confirmed; ``has_passkey``: there is at least one.
    """

    person_id: int
    password_hash: str | None
    roles: frozenset[Role]
    has_app: bool = False
    has_passkey: bool = False

    @property
    def needs_second_step(self) -> bool:
        """Whether the password alone opens nothing: an app is asked always, a passkey of staff."""
        return self.has_app or (self.has_passkey and not STAFF.isdisjoint(self.roles))


@dataclass(frozen=True, slots=True)
class LinkOwner:
    """Whom a live link belongs to, what it is for, and the address that it was sent to."""

    person_id: int
    purpose: Purpose
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class SignInView:
    """One device that is signed in; instants are aware UTC."""

    id: int
    method: Method
    device: str
    second_step: bool
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class PasskeyView:
    """A passkey as its owner knows it."""

    id: int
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Channels:
    """How a person is reached. ``email`` counts once it is confirmed; ``pending`` waits for that.

    ``revision`` is the person's; ``born`` is the year.
    """

    email: str | None
    confirmed_at: datetime | None
    pending: str | None
    phone: str | None
    revision: int
    born: int | None = None

    @property
    def to_confirm(self) -> str | None:
        """The address that waits for its owner's word."""
        return self.pending or (self.email if self.confirmed_at is None else None)


@dataclass(frozen=True, slots=True)
class SecondStep:
    """What a person has beside a password. ``sealed_secret`` counts, or waits to be confirmed by the sign-in
    ``begun_by``.
    """

    sealed_secret: str | None
    begun_by: int | None
    confirmed_at: datetime | None
    codes_left: int
    passkeys: int


def credentials(session: Database, *, email: str) -> Credentials | None:
    """What this address signs in with. One statement.

    None where it is unknown, not confirmed, or the person disabled.
    """
    return _credentials(session, Identity.email == names.clean_email(email))


def credentials_of(session: Database, person_id: int) -> Credentials | None:
    """The same, by the person."""
    return _credentials(session, Identity.person_id == person_id)


def _credentials(session: Database, who: ColumnElement[bool]) -> Credentials | None:
    query = (
        select(
            Identity.person_id,
            Account.password_hash,
            roles_of(Identity.person_id),
            has_app(Identity.person_id),
            exists().where(Passkey.person_id == Identity.person_id),
        )
        .join(Person, Person.id == Identity.person_id)
        .outerjoin(Account, Account.person_id == Identity.person_id)
        .where(who, Identity.email_confirmed_at.is_not(None), Person.disabled_at.is_(None))
    )
    found = session.execute(query).first()
    return Credentials(found[0], found[1], read_roles(found[2]), found[3], found[4]) if found else None


def has_app(person: object) -> ColumnElement[bool]:
    """Whether the person with the id in this column confirmed an authenticator app."""
    return exists().where(SecondFactor.person_id == person, SecondFactor.confirmed_at.is_not(None))


def link_owner(session: Database, *, link_id: int, now: datetime) -> LinkOwner | None:
    """Whose link this is, if it can still be used: not used, not expired, the person not disabled."""
    query = (
        select(
            OneTimeLink.person_id,
            OneTimeLink.purpose,
            Identity.name,
            Identity.email,
            Identity.pending_email,
        )
        .join(Person, Person.id == OneTimeLink.person_id)
        .join(Identity, Identity.person_id == OneTimeLink.person_id)
        .where(OneTimeLink.id == link_id, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now)
        .where(Person.disabled_at.is_(None))
    )
    found = session.execute(query).first()
    if found is None:
        return None
    purpose = Purpose(found.purpose)
    to_be = found.pending_email if purpose is Purpose.CONFIRM else None
    address = to_be or found.email
    return LinkOwner(found.person_id, purpose, found.name, address) if address else None


def has_link(
    session: Database, person_id: int, *, purpose: Purpose, made_since: datetime | None = None
) -> bool:
    """Whether a link for this purpose was made since then (none: ever), used or not."""
    mine = [OneTimeLink.person_id == person_id, OneTimeLink.purpose == purpose]
    if made_since is not None:
        mine.append(OneTimeLink.created_at > made_since)
    return session.scalar(select(exists().where(*mine))) or False


def sign_ins_of(
    session: Database, person_id: int, *, now: datetime, idle: timedelta
) -> tuple[SignInView, ...]:
    """Where this person is signed in, the one used last first; ``idle`` is after what staff's end."""
    held = read_roles(session.scalar(select(roles_of(Person.id)).where(Person.id == person_id)))
    used = func.coalesce(SignIn.seen_at, SignIn.created_at)
    query = select(SignIn).where(SignIn.person_id == person_id, SignIn.expires_at > now)
    rows = session.scalars(query.order_by(used.desc(), SignIn.id.desc()))
    views = (
        SignInView(
            row.id,
            Method(row.method),
            row.device,
            row.second_step,
            row.created_at,
            row.seen_at or row.created_at,
        )
        for row in rows
    )
    return tuple(view for view in views if not is_idle(held, view.seen_at, idle=idle, now=now))


def passkeys_of(session: Database, person_id: int) -> tuple[PasskeyView, ...]:
    """A person's passkeys, the oldest first."""
    rows = session.scalars(select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id))
    return tuple(PasskeyView(row.id, row.name, row.made_at, row.used_at) for row in rows)


def channels_of(session: Database, person_id: int) -> Channels | None:
    """How this person is reached; none for nobody."""
    query = select(
        Identity.email,
        Identity.email_confirmed_at,
        Identity.pending_email,
        Identity.phone,
        Person.revision,
        Identity.birth_year,
    )
    found = session.execute(query.join(Person, Person.id == Identity.person_id).where(Person.id == person_id))
    row = found.first()
    return Channels(*row) if row else None


def asked_to_confirm(session: Database, person_id: int, *, since: datetime) -> bool:
    """Whether a message was asked for since then that lets them confirm an address. One statement."""
    return was_asked(session, kind=Purpose.CONFIRM, person_id=person_id, since=since)


def can_come_back(session: Database, person_id: int) -> bool:
    """Whether anything but a slip opens their pages: a confirmed address, or a passkey. One statement."""
    confirmed = exists().where(Identity.person_id == person_id, Identity.email_confirmed_at.is_not(None))
    keys = exists().where(Passkey.person_id == person_id)
    return session.scalar(select(or_(confirmed, keys))) or False


def second_step_of(session: Database, person_id: int) -> SecondStep:
    """What this person has beside a password."""
    factor = session.get(SecondFactor, person_id, populate_existing=True)
    unused = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    keys = select(func.count()).where(Passkey.person_id == person_id)
    return SecondStep(
        sealed_secret=factor.sealed_secret if factor else None,
        begun_by=factor.begun_by if factor else None,
        confirmed_at=factor.confirmed_at if factor else None,
        codes_left=session.scalar(unused) or 0,
        passkeys=session.scalar(keys) or 0,
    )
