"""When a feed was last fetched, and by which program: written at most once an hour, behind the answer."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event, Lock

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.calendars import keeping
from scheduler.domain.calendars.programs import program_of
from scheduler.errors import Conflict
from scheduler.store.transaction import transaction

EVERY = timedelta(hours=1)
GATHERED_FOR = 1.0
"""Seconds: what comes in meanwhile is written in one transaction."""
_MOST_REMEMBERED = 100_000
_log = logging.getLogger(__name__)


class FetchNotes:
    """Hands the notes to one thread of its own, which alone waits for the database."""

    def __init__(self, sessions: sessionmaker[Database]) -> None:
        self._sessions = sessions
        self._noted: dict[int, datetime] = {}
        self._waiting: dict[int, tuple[str, datetime]] = {}
        self._lock, self._hurry = Lock(), Event()
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="feed-notes")

    def note(self, feed_id: int, fetched_at: datetime | None, user_agent: str, now: datetime) -> None:
        """Remember this fetch, unless one within the last hour is remembered."""
        if fetched_at is not None and now - fetched_at < EVERY:
            return
        noted = self._noted.get(feed_id)
        if noted is not None and now - noted < EVERY:
            return
        if len(self._noted) >= _MOST_REMEMBERED:
            self._noted.clear()
        self._noted[feed_id] = now
        with self._lock:
            is_first = not self._waiting
            self._waiting[feed_id] = (program_of(user_agent).key, now)
        if is_first:
            self._writer.submit(self._write)

    def wait(self) -> None:
        """Until all that was handed over is written."""
        self._hurry.set()
        self._writer.submit(self._hurry.clear).result()

    def _write(self) -> None:
        self._hurry.wait(GATHERED_FOR)
        with self._lock:
            notes, self._waiting = self._waiting, {}
        try:
            with self._sessions() as session, transaction(session):
                keeping.note_fetches(session, notes)
        except (Conflict, SQLAlchemyError) as error:
            _log.warning("%d fetches were not noted: %s", len(notes), type(error).__name__)
