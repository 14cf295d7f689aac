"""When a feed was last fetched, and by which program: written at most once an hour, behind the answer."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.calendars import service
from scheduler.domain.calendars.programs import program_of
from scheduler.errors import Conflict
from scheduler.store.transaction import transaction

EVERY = timedelta(hours=1)
_MOST_REMEMBERED = 100_000
_log = logging.getLogger(__name__)


class FetchNotes:
    """Hands the notes to one thread of its own, which alone waits for the database."""

    def __init__(self, sessions: sessionmaker[Database]) -> None:
        self._sessions = sessions
        self._noted: dict[int, datetime] = {}
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="feed-notes")

    def note(self, feed_id: int, fetched_at: datetime | None, user_agent: str, now: datetime) -> None:
        """Remember this fetch, unless one within the last hour is remembered."""
        last = max(filter(None, (fetched_at, self._noted.get(feed_id))), default=None)
        if last is not None and now - last < EVERY:
            return
        if len(self._noted) >= _MOST_REMEMBERED:
            self._noted.clear()
        self._noted[feed_id] = now
        self._writer.submit(self._write, feed_id, program_of(user_agent).key, now)

    def wait(self) -> None:
        """Until all that was handed over is written."""
        self._writer.submit(lambda: None).result()

    def _write(self, feed_id: int, program: str, now: datetime) -> None:
        try:
            with self._sessions() as session, transaction(session):
                service.note_fetch(session, feed_id=feed_id, program=program, now=now)
        except (Conflict, SQLAlchemyError) as error:
            _log.warning("a fetch was not noted: %s", type(error).__name__)
