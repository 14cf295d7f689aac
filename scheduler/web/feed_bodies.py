"""Bodies of feeds, made when one is asked for and what is stored no longer counts."""

from __future__ import annotations

import gzip
import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.calendars import keeping, queries
from scheduler.domain.calendars.content import content_of
from scheduler.domain.calendars.queries import Owned, StoredBody
from scheduler.domain.calendars.source_queries import sources_of
from scheduler.domain.calendars.sources import Wording
from scheduler.errors import Conflict
from scheduler.formats.ics import WRITTEN_AS, written
from scheduler.store.transaction import transaction

_log = logging.getLogger(__name__)


def fingerprint_of(wording: Wording) -> str:
    """Changes when the installation's words do, or the way in which a calendar is written."""
    said = "\n".join((str(WRITTEN_AS), wording.calendar_name, wording.plain_title))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def stored(body: bytes) -> tuple[str, bytes]:
    """The tag of a body, and the body compressed, always to the same bytes."""
    return hashlib.sha256(body).hexdigest()[:32], gzip.compress(body, 6, mtime=0)


RENDERINGS: Final = 2
"""So many bodies are made at once, so that pages, and polls for what is stored, keep threads of their own."""
PATIENCE: Final = 1.0
"""Seconds that a request waits for its turn to make one."""


class Busy(Exception):
    """Too many calendars are made at this moment. What is stored is stale, so that it is no answer either."""


@contextmanager
def _turn(guard: Lock | BoundedSemaphore) -> Iterator[None]:
    """Raises Busy where it does not come soon."""
    if not guard.acquire(timeout=PATIENCE):
        raise Busy
    try:
        yield
    finally:
        guard.release()


class FeedBodies:
    """Makes a stale feed's body once, however many ask at once."""

    def __init__(self, sessions: sessionmaker[Database], wording: Wording) -> None:
        self.wording = wording
        self.fingerprint = fingerprint_of(wording)
        self._sessions = sessions
        self._locks = [Lock() for _ in range(64)]
        self._renderings = BoundedSemaphore(RENDERINGS)

    def fresh(self, feed_id: int) -> StoredBody:
        """The present body of a live feed. Raises NotFound for a feed that is not there, and Busy."""
        with _turn(self._locks[feed_id % len(self._locks)]), self._sessions() as session:
            owned = queries.owned(session, feed_id)
            if owned.is_fresh and owned.body and owned.wording == self.fingerprint:
                return owned.body
            with _turn(self._renderings):
                return self._anew(session, owned)

    def _anew(self, session: Database, owned: Owned) -> StoredBody:
        said = True
        if owned.is_fresh and owned.wording != self.fingerprint:
            said = self._say_anew(session, owned)
            owned = queries.owned(session, owned.feed_id)
        body, missing = self._made(session, owned)
        if said:
            self._keep(session, owned, body, missing)
        return body

    def _say_anew(self, session: Database, owned: Owned) -> bool:
        """The installation's words changed, so that the stamp rises. Where that cannot be written, this fetch
        is answered all the same, and nothing is stored: the next one tries again.
        """
        try:
            with transaction(session):
                keeping.say_anew(session, person_id=owned.person_id, now=clock.now())
        except (Conflict, SQLAlchemyError) as error:
            _log.warning("other words of a calendar were not noted: %s", type(error).__name__)
            return False
        return True

    def _made(self, session: Database, owned: Owned) -> tuple[StoredBody, tuple[int, ...]]:
        """The body, and the series of which something is not in it."""
        sources = sources_of(session, owned.person_id, owned.wishes.begins)
        content = content_of(sources, owned.wishes, self.wording, owned.stamp)
        calendar = written(content)
        etag, compressed = stored(calendar.body)
        return StoredBody(etag, owned.stamp.changed_at, compressed), calendar.missing

    def _keep(self, session: Database, owned: Owned, body: StoredBody, missing: tuple[int, ...]) -> None:
        """Store it for the next fetch. Where that fails, this fetch is answered all the same."""
        try:
            with transaction(session):
                keeping.keep_body(
                    session,
                    feed_id=owned.feed_id,
                    calendar_revision=owned.stamp.sequence,
                    feed_revision=owned.feed_revision,
                    wording=self.fingerprint,
                    etag=body.etag,
                    last_modified=body.last_modified,
                    body=body.compressed or b"",
                    missing=missing,
                )
        except (Conflict, SQLAlchemyError) as error:
            _log.warning("a calendar was served but not stored: %s", type(error).__name__)
