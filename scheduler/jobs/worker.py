"""The worker: takes tasks one after the other, does each, and says how it went. Several may run."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.config import Settings
from scheduler.errors import Conflict
from scheduler.jobs import daily
from scheduler.jobs.tasks import KINDS, Context
from scheduler.notifications.delivery import NotDelivered
from scheduler.store import outbox
from scheduler.store.outbox import Task
from scheduler.store.transaction import transaction

logger = logging.getLogger(__name__)

PAUSE: Final = 1.0
"""Seconds between two looks for work, each one read of an index."""


class Worker:
    """Does the tasks in one database. ``now`` is the clock."""

    def __init__(
        self, engine: Engine, settings: Settings, *, now: Callable[[], datetime] = clock.now
    ) -> None:
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        self._settings = settings
        self._now = now
        self._asked_for = ""

    def start(self) -> threading.Thread:
        """Work in a thread that ends with the process; what it was at is done later by another."""
        thread = threading.Thread(target=self.run, args=(threading.Event(),), name="worker", daemon=True)
        thread.start()
        return thread

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop`` is set. A database that does not answer is asked again."""
        while not stop.is_set():
            try:
                found = self.run_one()
            except (DBAPIError, Conflict):
                logger.warning("the worker cannot reach the database; it tries again")
                found = False
            if not found:
                stop.wait(PAUSE)

    def run_all(self) -> int:
        """Do what is due now, and say how many tasks that was."""
        done = 0
        while self.run_one():
            done += 1
        return done

    def run_one(self) -> bool:
        """Do one task; false where none is due."""
        self._ask_for_the_day()
        task = self._lease()
        if task is None:
            return False
        error = self._try(task)
        with self._sessions() as session, transaction(session):
            if error is None:
                outbox.finish(session, task, now=self._now())
            else:
                outbox.fail(session, task, now=self._now(), error=error)
        return True

    def _lease(self) -> Task | None:
        with self._sessions() as session:
            if not outbox.is_due(session, now=self._now()):
                return None
            with transaction(session):
                return outbox.lease(session, now=self._now())

    def _try(self, task: Task) -> str | None:
        """Do the task; why not, in words that name nobody, where it did not work."""
        try:
            KINDS[task.kind](Context(self._sessions, self._settings, self._now()), task)
        except NotDelivered as error:
            logger.warning("task %d (%s): %s", task.id, task.kind, error)
            return str(error)
        except Exception as error:  # one bad task must not keep the others from being done
            logger.exception("task %d (%s)", task.id, task.kind)
            return type(error).__name__
        return None

    def _ask_for_the_day(self) -> None:
        name = daily.name_of(self._now(), self._settings.timezone)
        if name != self._asked_for:
            with self._sessions() as session, transaction(session):
                outbox.enqueue_once(session, kind=daily.KIND, once=name, now=self._now())
            self._asked_for = name
