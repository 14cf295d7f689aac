"""`/feeds/<token>/calendar.ics`, answered in front of the application.

Calendar programs ask day and night, and almost always for nothing new; so this is one small WSGI component
that costs one indexed look-up, without the framework, a session or a cookie. What is not live is answered
the same 410, whatever it was: a 404 would leave old entries on a phone.
"""

from __future__ import annotations

import gzip
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from flask import Flask
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.config import Settings
from scheduler.domain.calendars.content import farewell
from scheduler.domain.calendars.queries import Found, StoredBody, look_up
from scheduler.domain.calendars.sources import Titles, Wishes, Wording
from scheduler.domain.calendars.standing import Standing, standing
from scheduler.domain.calendars.tokens import hash_of
from scheduler.domain.calendars.values import Stamp
from scheduler.extensions import db, network_of
from scheduler.formats.ics import CONTENT_TYPE, calendar_bytes
from scheduler.store.reading import Reader
from scheduler.web.conditions import ZIPPED, is_unchanged, known_tags, takes_gzip
from scheduler.web.feed_bodies import Busy, FeedBodies, stored
from scheduler.web.feed_notes import FetchNotes

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX, NAME = "/feeds/", "/calendar.ics"
_GONE = b"There is no calendar here. The address may be old. You can make a new one on your calendar page.\n"
_UNKNOWN_ALLOWED = parse("30/minute")
_log = logging.getLogger(__name__)

Headers = list[tuple[str, str]]


def _line(status: HTTPStatus) -> str:
    return f"{status.value} {status.phrase}"


OK, NOT_MODIFIED = _line(HTTPStatus.OK), _line(HTTPStatus.NOT_MODIFIED)


class Answer(NamedTuple):
    """A whole answer but for the headers that all share. A tuple, since one is made each time."""

    status: str
    headers: Headers
    body: bytes = b""


class Feeds:
    """The component: `inner` answers everything that is not a feed."""

    def __init__(
        self,
        inner: WSGIApplication,
        *,
        reader: Reader,
        bodies: FeedBodies,
        notes: FetchNotes,
        limiter: FixedWindowRateLimiter,
        farewell_lasts: timedelta,
        https: bool,
    ) -> None:
        self._inner = inner
        self.reader, self.bodies, self.notes = reader, bodies, notes
        self._limiter = limiter
        self._farewell_lasts = farewell_lasts
        self._empty = stored(_empty_calendar(bodies.wording))
        self._shared = [
            ("Cache-Control", "private, no-cache"),
            ("X-Robots-Tag", "noindex"),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
        ] + [("Strict-Transport-Security", "max-age=31536000")] * https

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a feed, or pass on what is none."""
        if not environ.get("PATH_INFO", "").startswith(PREFIX):
            return self._inner(environ, start_response)
        try:
            status, headers, body = self._answer(environ)
        except Busy:
            status, headers, body = _later(seconds=60)
        except Exception:  # noqa: BLE001 -- whatever went wrong, a phone keeps what it has and asks later
            _log.exception("a feed could not be answered")
            status, headers, body = _later(seconds=300)
        if status is not NOT_MODIFIED:
            headers.append(("Content-Length", str(len(body))))
        start_response(status, headers + self._shared)
        return () if environ["REQUEST_METHOD"] == "HEAD" else (body,)

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _plain(HTTPStatus.METHOD_NOT_ALLOWED, b"", ("Allow", "GET, HEAD"))
        now = clock.now()
        known = known_tags(environ.get("HTTP_IF_NONE_MATCH"))
        found = self._found(environ["PATH_INFO"], known)
        if found is None:
            return self._gone(environ)
        if found.end is None:
            answer = _calendar(environ, found.body or self.bodies.fresh(found.feed_id), known)
            self.notes.note(found.feed_id, found.fetched_at, environ.get("HTTP_USER_AGENT", ""), now)
            return answer
        if standing(found.end, now) is Standing.GONE:
            return self._gone(environ)
        etag, compressed = self._empty
        return _calendar(environ, StoredBody(etag, found.end.at, compressed), known)

    def _found(self, path: str, known: Sequence[str] | None) -> Found | None:
        """What has no token's form is looked up like any other: it is found as little, and as fast."""
        if not path.endswith(NAME):
            return None
        return look_up(
            self.reader,
            hash_of(path[len(PREFIX) : -len(NAME)]),
            known_etag=known[0] if known else "",
            wording=self.bodies.fingerprint,
            farewell=self._farewell_lasts,
        )

    def _gone(self, environ: WSGIEnvironment) -> Answer:
        """One answer for all that is not live; whoever asks for too many of those is slowed, and only for
        them.
        """
        if not self._limiter.hit(_UNKNOWN_ALLOWED, "feeds", network_of(environ.get("REMOTE_ADDR", ""))):
            return _plain(HTTPStatus.TOO_MANY_REQUESTS, b"Try again later.\n", ("Retry-After", "60"))
        return _plain(HTTPStatus.GONE, _GONE)


def _calendar(environ: WSGIEnvironment, body: StoredBody, known: Sequence[str] | None) -> Answer:
    """The calendar, or that nothing in it changed: then only what RFC 9110 (15.4.5) asks for."""
    zipped = takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
    headers = [("ETag", f'"{body.etag}{ZIPPED if zipped else ""}"'), ("Vary", "Accept-Encoding")]
    if is_unchanged(
        body.etag,
        body.last_modified,
        known=known,
        if_modified_since=environ.get("HTTP_IF_MODIFIED_SINCE"),
    ):
        return Answer(NOT_MODIFIED, headers)
    headers += [
        ("Last-Modified", format_datetime(body.last_modified, usegmt=True)),
        ("Content-Type", CONTENT_TYPE),
        ("Content-Disposition", "inline"),
    ]
    whole = body.compressed or b""
    if zipped:
        return Answer(OK, [*headers, ("Content-Encoding", "gzip")], whole)
    return Answer(OK, headers, gzip.decompress(whole))


def _plain(status: HTTPStatus, body: bytes, *headers: tuple[str, str]) -> Answer:
    return Answer(_line(status), [("Content-Type", "text/plain; charset=utf-8"), *headers], body)


def _later(*, seconds: int) -> Answer:
    """What is not answered now: a phone keeps what it has."""
    again = ("Retry-After", str(seconds))
    return _plain(HTTPStatus.SERVICE_UNAVAILABLE, b"Try again later.\n", again)


def _empty_calendar(wording: Wording) -> bytes:
    """What a feed answers that says farewell: nothing in it bears a date."""
    beginning = datetime.fromisoformat("2020-01-01T00:00+00:00")
    wishes = Wishes(Titles.PLAIN, show_place=False, show_link=False, begins=beginning.date())
    return calendar_bytes(farewell(wishes, wording, Stamp(0, beginning)))


def prepare(app: Flask, settings: Settings) -> None:
    """Put the component in front of `app`, and behind whatever tells it the reader's real address."""
    with app.app_context():
        sessions = sessionmaker(db.engine, expire_on_commit=False)
    wording = Wording(settings.calendar_name, settings.plain_title)
    component = Feeds(
        app.wsgi_app,
        reader=Reader(settings.database),
        bodies=FeedBodies(sessions, wording),
        notes=FetchNotes(sessions),
        limiter=FixedWindowRateLimiter(storage_from_string(settings.redis_url or "memory://")),
        farewell_lasts=timedelta(days=settings.feed_farewell_days),
        https=settings.https,
    )
    app.extensions["feeds"] = component
    app.wsgi_app = component  # type: ignore[method-assign]  # the way Flask documents it
