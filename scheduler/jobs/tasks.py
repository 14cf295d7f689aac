"""What each kind of task does. A task holds ids; doing one twice does no harm but a second message."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.config import Settings
from scheduler.domain.access.linking import make_link
from scheduler.domain.access.queries import has_link
from scheduler.domain.people import names, queries
from scheduler.domain.people.links import Purpose
from scheduler.domain.privacy.erase import FORGET_MAIL
from scheduler.jobs import daily
from scheduler.notifications.delivery import NotDelivered, deliver, file_name, forget
from scheduler.notifications.messages import link_message
from scheduler.store import ledger
from scheduler.store.ledger import Line
from scheduler.store.ledger_file import LedgerFile
from scheduler.store.outbox import Task
from scheduler.store.transaction import transaction

PAUSE: Final = timedelta(minutes=5)
"""A second reset asked for so soon after the first sends nothing: nobody can fill another's mailbox.

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


def do_daily_work(context: Context, _task: Task) -> None:
    """Plan further ahead, and clear away what is over."""
    daily.work(context.sessions, context.now)


def copy_to_ledger(context: Context, task: Task) -> None:
    """Copy what was ended to the file outside the database; a line more than once is the same as once."""
    LedgerFile(context.settings.ledger_file).append([Line.of(task.payload)])


def forget_mail(context: Context, task: Task) -> None:
    """Remove the message files of somebody who was erased."""
    forget(context.settings, person_id=int(task.payload["person_id"]))


KINDS: Final[Mapping[str, Callable[[Context, Task], None]]] = {
    Purpose.INVITATION: send_invitation,
    Purpose.RESET: send_reset,
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
        if purpose is Purpose.RESET and task.attempts == 1 and _was_sent_one(session, person_id, context.now):
            return
        if not names.is_email(person.email):
            raise NotDelivered("the person's address is none")
        link_id = make_link(session, person_id=person_id, purpose=purpose, lasts=lasts, now=context.now)
    message = link_message(
        context.settings, purpose=purpose, link_id=link_id, to=person.email, now=context.now
    )
    deliver(message, context.settings, name=file_name(context.now, task_id=task.id, person_id=person_id))


def _was_sent_one(session: Database, person_id: int, now: datetime) -> bool:
    return has_link(session, person_id, purpose=Purpose.RESET, made_since=now - PAUSE)
