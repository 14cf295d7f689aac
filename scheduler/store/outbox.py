"""Work to be done after a change, as rows written with that change and leased by a worker."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import JSON, Index, delete, exists, func, select, update
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm import Session as Database

from scheduler.store.adding import add_once
from scheduler.store.base import Base, Instant, Key

LEASE = timedelta(minutes=5)
"""How long a worker may take over one task before another may try it."""

TRIES = 8
"""After so many failures a task is left for a person to look at."""


class Outbox(Base):
    """One task. ``payload`` holds ids, never a person's values: a worker looks those up.

    ``once`` names a task that must not be there twice, like the daily work of one day.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "done_at", "run_at"),)

    id: Mapped[Key]
    kind: Mapped[str]
    payload: Mapped[dict[str, int | str]] = mapped_column(JSON)
    created_at: Mapped[Instant]
    run_at: Mapped[Instant]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    done_at: Mapped[Instant | None]
    once: Mapped[str | None] = mapped_column(unique=True)


@dataclass(frozen=True, slots=True)
class Task:
    """A leased task; ``attempts`` counts this one too, and is what proves the lease."""

    id: int
    kind: str
    payload: Mapping[str, int | str]
    attempts: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is not done: tasks given up, with the last one's error, and since when one is due."""

    given_up: int
    last_error: str | None
    oldest_due: datetime | None


def enqueue(
    session: Database,
    *,
    kind: str,
    payload: Mapping[str, int | str],
    now: datetime,
    run_at: datetime | None = None,
) -> None:
    """Add a task, in the transaction of the change that wants it done."""
    session.add(Outbox(kind=kind, payload=dict(payload), created_at=now, run_at=run_at or now))


def enqueue_once(session: Database, *, kind: str, once: str, now: datetime) -> None:
    """Add a task unless there is or was one named ``once``; two workers may both ask for it."""
    values = {"kind": kind, "once": once, "payload": {}, "created_at": now, "run_at": now, "attempts": 0}
    add_once(session, Outbox, values, key="once")


def was_asked(session: Database, *, kind: str, person_id: int, since: datetime) -> bool:
    """Whether a task of this kind was written for this person since then, done or not. One statement."""
    theirs = (Outbox.kind == kind, Outbox.payload["person_id"].as_integer() == person_id)
    return session.scalar(select(exists().where(*theirs, Outbox.created_at > since))) or False


def drop(session: Database, *, person_id: int) -> None:
    """Remove what was still to be done for a person, who is gone."""
    theirs = Outbox.payload["person_id"].as_integer() == person_id
    dropped = delete(Outbox).where(Outbox.done_at.is_(None), theirs)
    session.execute(dropped.execution_options(synchronize_session=False))


def is_due(session: Database, *, now: datetime) -> bool:
    """Whether :func:`lease` would find something: a read, so that a worker that waits writes nothing."""
    due = (Outbox.done_at.is_(None), Outbox.run_at <= now, Outbox.attempts < TRIES)
    return session.scalar(select(exists().where(*due))) or False


def lease(session: Database, *, now: datetime) -> Task | None:
    """Take the oldest task that is due, or none. A guarded update: two workers never take the same.

    The lease is the task's new ``run_at``: a worker that dies gives it back by doing nothing.
    """
    due = (
        select(Outbox)
        .where(Outbox.done_at.is_(None), Outbox.run_at <= now, Outbox.attempts < TRIES)
        .order_by(Outbox.run_at, Outbox.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = session.scalar(due)
    if row is None:
        return None
    row.attempts += 1
    row.run_at = now + LEASE
    return Task(id=row.id, kind=row.kind, payload=dict(row.payload), attempts=row.attempts)


def finish(session: Database, task: Task, *, now: datetime) -> bool:
    """Mark the task as done; false where the lease ran out and another worker took it."""
    return _settle(session, task, done_at=now)


def fail(session: Database, task: Task, *, now: datetime, error: str) -> bool:
    """Give the task back for later: after 2, 4, 8 … minutes. ``error`` must name nobody."""
    return _settle(session, task, last_error=error[:200], run_at=now + timedelta(minutes=2**task.attempts))


def backlog(session: Database, *, now: datetime) -> Backlog:
    """What is not done."""
    given_up = (Outbox.done_at.is_(None), Outbox.attempts >= TRIES)
    due = (Outbox.done_at.is_(None), Outbox.attempts < TRIES, Outbox.run_at <= now)
    errors = select(Outbox.last_error).where(*given_up).order_by(Outbox.id.desc()).limit(1)
    return Backlog(
        given_up=session.scalar(select(func.count()).select_from(Outbox).where(*given_up)) or 0,
        last_error=session.scalar(errors),
        oldest_due=session.scalar(select(func.min(Outbox.run_at)).where(*due)),
    )


def clean_up(session: Database, *, now: datetime) -> None:
    """Remove tasks that were done a month ago or earlier; those that never worked stay."""
    session.execute(delete(Outbox).where(Outbox.done_at < now - timedelta(days=30)))


def _settle(session: Database, task: Task, **values: datetime | str) -> bool:
    mine = (Outbox.id == task.id, Outbox.attempts == task.attempts, Outbox.done_at.is_(None))
    settled = session.execute(update(Outbox).where(*mine).values(**values).returning(Outbox.id))
    return settled.first() is not None
