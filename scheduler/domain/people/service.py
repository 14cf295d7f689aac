"""Changes to persons, their roles, and what they sign in with."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session as Database

from scheduler.domain.people import lockout, names, sign_ins
from scheduler.domain.people.links import Purpose
from scheduler.domain.people.models import Account, Identity, Lockout, OneTimeLink, Person, PersonRole, SignIn
from scheduler.domain.people.roles import Actor, Role
from scheduler.errors import Invalid, NotFound, Refused
from scheduler.store.audit import record
from scheduler.store.base import require_revision
from scheduler.store.locks import lock
from scheduler.store.outbox import enqueue
from scheduler.store.revisions import CalendarRevision

LAST = "Somebody must be able to manage accounts. Make another administrator first."
DISABLED = "This person is disabled. Let them sign in again first."


def make_person(
    session: Database,
    *,
    actor: Actor,
    name: str,
    email: str | None,
    roles: Collection[Role],
    now: datetime,
    password_hash: str | None = None,
) -> int:
    """Make a person with these roles; without ``password_hash`` they cannot sign in by password yet.

    Raises :class:`Invalid` for an empty or overlong name, and for an address that is none or that another
    person has.
    """
    name, address = _name(name), _address(session, email)
    person = Person(created_at=now)
    session.add(person)
    session.flush()
    session.add(CalendarRevision(person_id=person.id, raised_at=now))
    short, search = names.short_name(name), names.search_name(name)
    session.add(Identity(person_id=person.id, name=name, short_name=short, search_name=search, email=address))
    session.add_all(PersonRole(person_id=person.id, role=role, given_at=now) for role in sorted(set(roles)))
    if password_hash:
        session.add(Account(person_id=person.id, password_hash=password_hash, changed_at=now))
    session.flush()
    _note(session, actor, "person.made", person.id, now, roles=" ".join(sorted(set(roles))))
    return person.id


def rename(session: Database, *, actor: Actor, person_id: int, name: str, seen: int, now: datetime) -> None:
    """Change a name. Raises :class:`NotFound`, :class:`Invalid`, and :class:`Conflict` for a stale page."""
    person, name = _person(session, person_id), _name(name)
    require_revision(person, seen)
    identity = session.get_one(Identity, person_id)
    identity.name = name
    identity.short_name, identity.search_name = names.short_name(name), names.search_name(name)
    _note(session, actor, "person.renamed", person_id, now)


def give_role(session: Database, *, actor: Actor, person_id: int, role: Role, now: datetime) -> None:
    """Give a role and end the person's sign-ins, so that the next one has it; twice is the same as once."""
    person = _person(session, person_id)
    if session.get(PersonRole, (person_id, role)):
        return
    session.add(PersonRole(person_id=person_id, role=role, given_at=now))
    person.revision += 1
    end_sign_ins(session, person_id=person_id)
    _note(session, actor, "role.given", person_id, now, role=role)


def take_role(session: Database, *, actor: Actor, person_id: int, role: Role, now: datetime) -> bool:
    """Take a role and end the person's sign-ins; false if the person has not the role.

    Raises :class:`Refused` for the last administrator's.
    """
    if role is Role.ADMINISTRATOR:
        _require_another_administrator(session, person_id)
    person = _person(session, person_id)
    held = session.get(PersonRole, (person_id, role))
    if held is None:
        return False
    session.delete(held)
    person.revision += 1
    end_sign_ins(session, person_id=person_id)
    _note(session, actor, "role.taken", person_id, now, role=role)
    return True


def disable(session: Database, *, actor: Actor, person_id: int, now: datetime) -> None:
    """Let a person sign in no more: ends their sign-ins and links; their records stay.

    What they still lead or attend, and their feeds, are other packages'. Raises :class:`Refused` for
    the last administrator.
    """
    _require_another_administrator(session, person_id)
    person = _person(session, person_id)
    if person.disabled_at:
        return
    person.disabled_at = now
    person.revision += 1
    end_sign_ins(session, person_id=person_id)
    _end_links(session, person_id, now)
    _note(session, actor, "person.disabled", person_id, now)


def enable(session: Database, *, actor: Actor, person_id: int, now: datetime) -> None:
    """Let a disabled person sign in again, with the password they had; feeds stay ended."""
    person = _person(session, person_id)
    if person.disabled_at is None:
        return
    person.disabled_at = None
    person.revision += 1
    _note(session, actor, "person.enabled", person_id, now)


def count_try(session: Database, *, key: str, limit: lockout.Limit, now: datetime) -> bool:
    """Count one try of the address behind ``key``, and say whether it may be made.

    To be committed before the password is looked at: guesses made at the same moment wait for each
    other here, and cannot all find the count as it was before them.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    fresh = insert(Lockout).values(key=key, failures=0, last_failure_at=now)
    session.execute(fresh.on_conflict_do_nothing(index_elements=["key"]))
    row = session.scalars(select(Lockout).where(Lockout.key == key).with_for_update()).one()
    after = lockout.after_try(lockout.Tries(row.failures, row.last_failure_at, row.locked_until), limit, now)
    if after is None:
        return False
    row.failures, row.last_failure_at, row.locked_until = after.failures, now, after.locked_until
    return True


def begin_sign_in(session: Database, *, person_id: int, lasts: timedelta, now: datetime) -> str:
    """Make a sign-in and answer its secret, which nobody can look up again."""
    secret = sign_ins.new_secret()
    row = SignIn(
        person_id=person_id,
        secret_hash=sign_ins.hash_of(secret),
        created_at=now,
        expires_at=now + lasts,
    )
    session.add(row)
    session.flush()
    return secret


def sign_in(
    session: Database,
    *,
    person_id: int,
    password_hash: str,
    key: str,
    lasts: timedelta,
    now: datetime,
    instead_of: int | None = None,
) -> str | None:
    """Begin a sign-in after the password matched ``password_hash``, and forget the tries under ``key``.

    It ends the sign-in ``instead_of``, whose place on the device it takes. None where the password was
    changed or the person disabled while it was being compared.
    """
    same = (
        select(Person.id)
        .join(Account, Account.person_id == Person.id)
        .where(Person.id == person_id, Person.disabled_at.is_(None), Account.password_hash == password_hash)
        .with_for_update()
    )
    if session.scalar(same) is None:
        return None
    session.execute(delete(Lockout).where(Lockout.key == key))
    if instead_of is not None:
        end_sign_in(session, sign_in_id=instead_of)
    secret = begin_sign_in(session, person_id=person_id, lasts=lasts, now=now)
    _note(session, Actor(person_id, None, frozenset()), "sign_in.begun", person_id, now)
    return secret


def end_sign_in(session: Database, *, sign_in_id: int) -> None:
    """End one sign-in; ending it twice is the same."""
    session.execute(delete(SignIn).where(SignIn.id == sign_in_id))


def end_sign_ins(session: Database, *, person_id: int, but: int | None = None) -> None:
    """End every sign-in of a person, except the one with the id ``but``."""
    kept = SignIn.id != but if but is not None else SignIn.id.is_not(None)
    session.execute(delete(SignIn).where(SignIn.person_id == person_id, kept))


def ask_reset(session: Database, *, email: str, now: datetime) -> None:
    """Ask for a link to a new password. The same reads and writes whether the address is known or not."""
    known = select(Person.id).join(Identity).where(Person.disabled_at.is_(None))
    person_id = session.scalar(known.where(Identity.email == names.clean_email(email)))
    enqueue(session, kind=Purpose.RESET, payload={"person_id": person_id or 0}, now=now)


def invite(session: Database, *, actor: Actor, person_id: int, now: datetime) -> None:
    """Have an invitation sent by mail. Raises :class:`Refused` for one who is disabled or has no address."""
    _active(session, person_id)
    if session.get_one(Identity, person_id).email is None:
        raise Refused("There is no e-mail address to send it to.")
    enqueue(session, kind=Purpose.INVITATION, payload={"person_id": person_id}, now=now)
    _note(session, actor, "person.invited", person_id, now)


def make_link(session: Database, *, person_id: int, purpose: Purpose, lasts: timedelta, now: datetime) -> int:
    """Make a link that can be used once, and end the person's earlier ones for this purpose; answers its id.

    An invitation outlives a reset, which anybody may ask for. Raises :class:`NotFound`, and :class:`Refused`
    for a disabled person.
    """
    _active(session, person_id)
    _end_links(session, person_id, now, purpose)
    link = OneTimeLink(person_id=person_id, purpose=purpose, created_at=now, expires_at=now + lasts)
    session.add(link)
    session.flush()
    return link.id


def use_link(session: Database, *, link_id: int, password_hash: str, key: str, now: datetime) -> None:
    """Set a password by a link, and end the link, all sign-ins, and the wait of ``key`` after wrong tries.

    Raises :class:`NotFound` where the link was used, has expired, or the person is disabled.
    """
    live = (OneTimeLink.id == link_id, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now)
    active = OneTimeLink.person_id.in_(select(Person.id).where(Person.disabled_at.is_(None)))
    used = update(OneTimeLink).where(*live, active).values(used_at=now).returning(OneTimeLink.person_id)
    person_id = session.scalar(used)
    if person_id is None:
        raise NotFound
    session.execute(delete(Lockout).where(Lockout.key == key))
    me = Actor(person_id=person_id, sign_in_id=None, roles=frozenset())
    set_password(session, actor=me, person_id=person_id, password_hash=password_hash, now=now)


def set_password(
    session: Database, *, actor: Actor, person_id: int, password_hash: str, now: datetime
) -> None:
    """Set a person's password, and end all their links, and all their sign-ins but the one that does it."""
    account = session.get(Account, person_id)
    if account:
        account.password_hash, account.changed_at = password_hash, now
    else:
        session.add(Account(person_id=person_id, password_hash=password_hash, changed_at=now))
    end_sign_ins(session, person_id=person_id, but=actor.sign_in_id)
    _end_links(session, person_id, now)
    _note(session, actor, "password.set", person_id, now)


def clean_up(session: Database, *, now: datetime) -> None:
    """Remove what has been over for long: sign-ins, links, and counts of wrong passwords."""
    session.execute(delete(SignIn).where(SignIn.expires_at < now))
    session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < now - timedelta(days=30)))
    session.execute(delete(Lockout).where(Lockout.last_failure_at < now - timedelta(days=1)))


def _end_links(session: Database, person_id: int, now: datetime, purpose: Purpose | None = None) -> None:
    """End a person's links, those for one purpose or all."""
    mine = [OneTimeLink.person_id == person_id, OneTimeLink.used_at.is_(None)]
    if purpose:
        mine.append(OneTimeLink.purpose == purpose)
    session.execute(update(OneTimeLink).where(*mine).values(used_at=now))


def _name(typed: str) -> str:
    name = names.clean(typed)
    if not name or len(name) > names.LONGEST:
        raise Invalid("Give a name of at most 200 characters.", "name")
    return name


def _address(session: Database, typed: str | None) -> str | None:
    given = (typed or "").strip()
    if given and not names.is_email(given):  # before it is folded: "ß" and "ss" are not the same mailbox
        raise Invalid("This is not an e-mail address.", "email")
    address = names.clean_email(given) or None
    if address and session.scalar(select(Identity.person_id).where(Identity.email == address)):
        raise Invalid("Another person has this e-mail address.", "email")
    return address


def _person(session: Database, person_id: int) -> Person:
    lock(session, persons=[person_id])
    person = session.get(Person, person_id, populate_existing=True)
    if person is None:
        raise NotFound
    return person


def _active(session: Database, person_id: int) -> Person:
    person = _person(session, person_id)
    if person.disabled_at:
        raise Refused(DISABLED)
    return person


def _require_another_administrator(session: Database, person_id: int) -> None:
    """Refuse where this is the only administrator; all are locked, so that two cannot leave at once."""
    active = (
        select(Person.id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(PersonRole.role == Role.ADMINISTRATOR, Person.disabled_at.is_(None))
    )
    lock(session, persons=[person_id, *session.scalars(active)])
    if list(session.scalars(active)) == [person_id]:
        raise Refused(LAST)


def _note(session: Database, actor: Actor, action: str, person_id: int, now: datetime, **detail: str) -> None:
    record(
        session,
        at=now,
        actor=actor,
        action=action,
        subject="person",
        subject_id=person_id,
        person_id=person_id,
        detail=detail,
    )
