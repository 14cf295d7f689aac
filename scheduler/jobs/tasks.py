"""What each kind of task does. A task holds ids; doing one twice does no harm but a second message."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.config import Settings
from scheduler.domain.access import codes
from scheduler.domain.access.digits import scope_of_person
from scheduler.domain.access.linking import make_link
from scheduler.domain.access.queries import channels_of, has_link
from scheduler.domain.people import names, queries
from scheduler.domain.people.links import Purpose
from scheduler.domain.privacy.erase import FORGET_MAIL
from scheduler.jobs import daily
from scheduler.notifications.delivery import NotDelivered, deliver, file_name, forget
from scheduler.notifications.messages import change_message, code_message, link_message
from scheduler.store import ledger
from scheduler.store.ledger import Line
from scheduler.store.ledger_file import LedgerFile
from scheduler.store.outbox import Task
from scheduler.store.transaction import transaction

PAUSE: Final = timedelta(minutes=5)
"""A second reset or code asked for so soon after the first sends nothing: nobody can fill another's mailbox.

An invitation is sent whenever an administrator says so, who is told that it is."""


@dataclass(frozen=True, slots=True)
class Context:
    """What tasks are done with; ``now`` is an aware instant."""

    sessions: sessionmaker[Database]
    settings: Settings
    now: datetime


def send_invitation(context: Context, task: Task) -> None:
    """Send a link to set a first password."""
    _send_link(context, task, Purpose.INVITATION, timedelta(days=context.settings.invitation_days))


def send_reset(context: Context, task: Task) -> None:
    """Send a link to set a new password, to somebody who is known; to others nothing."""
    _send_link(context, task, Purpose.RESET, timedelta(minutes=context.settings.reset_minutes))


def send_sign_in_code(context: Context, task: Task) -> None:
    """Send a link and a code to sign in, to a member whose address is confirmed; to others nothing."""
    person_id = int(task.payload["person_id"])
    with context.sessions() as session, transaction(session):
        if not codes.may_sign_in_by_code(session, person_id) or _was_sent_one(
            session, person_id, context.now, task, Purpose.SIGN_IN
        ):
            return
        channels = channels_of(session, person_id)
        made = _new_code(context, session, task, Purpose.SIGN_IN, str(task.payload["scope"]))
    if channels and channels.email:
        _send_code(context, task, made, Purpose.SIGN_IN, channels.email)


def send_confirmation(context: Context, task: Task) -> None:
    """Ask the owner of an address that waits whether it is theirs, after telling the one that counts.

    Where somebody else has the address, nothing is sent to it.
    """
    person_id = int(task.payload["person_id"])
    with context.sessions() as session:
        channels = channels_of(session, person_id)
        taken = channels and channels.pending and queries.person_of(session, email=channels.pending)
    if channels is None or channels.to_confirm is None:
        return
    if channels.pending and channels.email and channels.confirmed_at:
        told = change_message(context.settings, to=channels.email, now=context.now)
        name = file_name(context.now, task_id=task.id, person_id=person_id)
        deliver(told, context.settings, name=f"told-{name}")
    if taken:
        return
    with context.sessions() as session, transaction(session):
        made = _new_code(context, session, task, Purpose.CONFIRM, scope_of_person(person_id))
    _send_code(context, task, made, Purpose.CONFIRM, channels.to_confirm)


def do_daily_work(context: Context, _task: Task) -> None:
    """Plan further ahead, and clear away what is over."""
    names_stay = timedelta(days=context.settings.walk_in_days)
    daily.work(context.sessions, context.now, names_stay=names_stay)


def copy_to_ledger(context: Context, task: Task) -> None:
    """Copy what was ended to the file outside the database; a line more than once is the same as once."""
    LedgerFile(context.settings.ledger_file).append([Line.of(task.payload)])


def forget_mail(context: Context, task: Task) -> None:
    """Remove the message files of somebody who was erased."""
    forget(context.settings, person_id=int(task.payload["person_id"]))


KINDS: Final[Mapping[str, Callable[[Context, Task], None]]] = {
    Purpose.INVITATION: send_invitation,
    Purpose.RESET: send_reset,
    Purpose.SIGN_IN: send_sign_in_code,
    Purpose.CONFIRM: send_confirmation,
    daily.KIND: do_daily_work,
    ledger.KIND: copy_to_ledger,
    FORGET_MAIL: forget_mail,
}


def _send_link(context: Context, task: Task, purpose: Purpose, lasts: timedelta) -> None:
    person_id = int(task.payload["person_id"])
    with context.sessions() as session, transaction(session):
        person = queries.person_page(session, person_id)
        if person is None or person.disabled_at or person.email is None:
            return
        if purpose is Purpose.RESET and (
            not _counts(session, person_id)
            or _was_sent_one(session, person_id, context.now, task, Purpose.RESET)
        ):
            return
        if not names.is_email(person.email):
            raise NotDelivered("the person's address is none")
        link_id = make_link(session, person_id=person_id, purpose=purpose, lasts=lasts, now=context.now)
    message = link_message(
        context.settings, purpose=purpose, link_id=link_id, to=person.email, now=context.now
    )
    deliver(message, context.settings, name=file_name(context.now, task_id=task.id, person_id=person_id))


def _counts(session: Database, person_id: int) -> bool:
    """Whether a stranger who asks may have a link sent to this address: it is confirmed, or was invited."""
    channels = channels_of(session, person_id)
    confirmed = channels is not None and channels.confirmed_at is not None
    return confirmed or has_link(session, person_id, purpose=Purpose.INVITATION)


def _was_sent_one(session: Database, person_id: int, now: datetime, task: Task, purpose: Purpose) -> bool:
    return task.attempts == 1 and has_link(session, person_id, purpose=purpose, made_since=now - PAUSE)


def _new_code(context: Context, session: Database, task: Task, purpose: Purpose, scope: str) -> codes.Made:
    return codes.make_code(
        session,
        person_id=int(task.payload["person_id"]),
        purpose=purpose,
        scope=scope,
        secret_key=context.settings.secret_key,
        lasts=timedelta(minutes=context.settings.code_minutes),
        now=context.now,
    )


def _send_code(context: Context, task: Task, made: codes.Made, purpose: Purpose, to: str) -> None:
    if not names.is_email(to):
        raise NotDelivered("the person's address is none")
    message = code_message(
        context.settings, purpose=purpose, link_id=made.link_id, digits=made.digits, to=to, now=context.now
    )
    person_id = int(task.payload["person_id"])
    deliver(message, context.settings, name=file_name(context.now, task_id=task.id, person_id=person_id))
