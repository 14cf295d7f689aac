"""Reads: the one look-up of a fetch, a person's list of feeds, and whose calendar a feed shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.calendars.models import Feed, FeedBody, FeedKind
from scheduler.domain.calendars.sources import OfKind, Titles, Wishes
from scheduler.domain.calendars.standing import End, end_of
from scheduler.domain.calendars.values import Stamp
from scheduler.domain.people.models import Identity, Person
from scheduler.errors import NotFound
from scheduler.store.revisions import CalendarRevision

# The stored body counts only while nothing it was made from has changed since, and it is not even read
# where the reader says that it has it already.
_LOOK_UP = """
SELECT f.id, f.fetched_at, b.etag, b.last_modified, CASE WHEN b.etag = ?1 THEN NULL ELSE b.body END,
       r.raised_at, f.revoked_at, f.farewell_until, f.suspended_at, p.disabled_at
FROM feed f
JOIN person p ON p.id = f.person_id
JOIN calendar_revision r ON r.person_id = f.person_id
LEFT JOIN feed_body b ON b.feed_id = f.id
     AND b.calendar_revision = r.revision AND b.feed_revision = f.revision AND b.wording = ?2
WHERE f.token_hash = ?3
"""
LOOK_UP = {"sqlite": _LOOK_UP, "postgresql": _LOOK_UP.replace("?", "$")}
LISTED_AFTER_THE_END = timedelta(days=30)


class Reader(Protocol):
    """What `scheduler.store.reading.Reader` offers."""

    @property
    def dialect(self) -> str: ...

    def row(self, sql: str, values: Sequence[object]) -> Sequence[Any] | None: ...


class StoredBody(NamedTuple):
    """A calendar as it was written last; `compressed` is empty where the reader has it already.

    A tuple, as `Found` is: one is made for every poll.
    """

    etag: str
    last_modified: datetime
    compressed: bytes | None


class Found(NamedTuple):
    """A feed found by its token. No `body`: what is stored is stale, or nothing is."""

    feed_id: int
    end: End | None
    fetched_at: datetime | None
    body: StoredBody | None


def look_up(
    reader: Reader, token_hash: str, *, known_etag: str, wording: str, farewell: timedelta
) -> Found | None:
    """The feed with this token and its stored body, in one statement; `wording` is the present
    fingerprint.
    """
    row = reader.row(LOOK_UP[reader.dialect], (known_etag, wording, token_hash))
    if row is None:
        return None
    feed_id, fetched_at, etag, last_modified, compressed, raised_at, *ends = row
    body = None if etag is None else StoredBody(etag, _instant(last_modified), compressed)
    return Found(
        feed_id,
        _end(farewell, raised_at, *ends) if any(ends) else None,
        None if fetched_at is None else _instant(fetched_at),
        body,
    )


def _end(
    farewell: timedelta, raised_at: Any, revoked_at: Any, until: Any, suspended_at: Any, left_at: Any
) -> End | None:
    """When it ended, and after all that it said before: some readers compare nothing but the time."""
    end = end_of(
        revoked_at=revoked_at and _instant(revoked_at),
        farewell_until=until and _instant(until),
        suspended_at=suspended_at and _instant(suspended_at),
        owner_left_at=left_at and _instant(left_at),
        farewell=farewell,
    )
    return end and replace(end, at=max(end.at, _instant(raised_at) + timedelta(seconds=1)))


def _instant(value: str | datetime) -> datetime:
    """An instant as the driver hands it over: SQLite's as text without a zone, which is UTC here."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Owned:
    """What making a feed's body starts from, and the body that is stored, if one is.

    `wording` is the fingerprint that the stored one was written with; `is_fresh`: nothing but that may have
    changed since.
    """

    feed_id: int
    person_id: int
    wishes: Wishes
    stamp: Stamp
    feed_revision: int
    body: StoredBody | None
    wording: str
    is_fresh: bool


def owned(session: Database, feed_id: int) -> Owned:
    """The feed with its owner's revision. Read it before anything else that the body is made from.

    Raises NotFound.
    """
    query = (
        select(Feed, CalendarRevision.revision, CalendarRevision.raised_at, FeedBody, FeedKind)
        .join(CalendarRevision, CalendarRevision.person_id == Feed.person_id)
        .outerjoin(FeedBody, FeedBody.feed_id == Feed.id)
        .outerjoin(FeedKind, FeedKind.feed_id == Feed.id)
        .where(Feed.id == feed_id)
    )
    rows = session.execute(query).all()
    if not rows:
        raise NotFound("There is no such feed.")
    feed, revision, raised_at = rows[0][:3]
    kept: FeedBody | None = rows[0][3]  # the outer join may find none
    made_at = (kept.calendar_revision, kept.feed_revision) if kept else None
    return Owned(
        feed_id=feed.id,
        person_id=feed.person_id,
        wishes=_wishes(feed, _kinds(row[4] for row in rows)),
        stamp=Stamp(revision, raised_at),
        feed_revision=feed.revision,
        body=StoredBody(kept.etag, kept.last_modified, kept.body) if kept else None,
        wording=kept.wording if kept else "",
        is_fresh=made_at == (revision, feed.revision),
    )


def _kinds(rows: Iterable[FeedKind | None]) -> dict[str, OfKind]:
    """What a feed shows of each kind; what is as usual has no row."""
    return {row.kind: OfKind(row.shown, row.alarm_minutes) for row in rows if row}


def _wishes(feed: Feed, kinds: Mapping[str, OfKind]) -> Wishes:
    return Wishes(
        Titles(feed.titles),
        feed.show_place,
        feed.show_link,
        feed.span_from,
        kinds,
        feed.daily_dosing,
        feed.language,
    )


@dataclass(frozen=True, slots=True)
class ListedFeed:
    """A feed as its owner sees it in their list. `fetched_by` is the key of a program; `replaced`: it ended
    since it was given a new address.
    """

    id: int
    person_id: int
    name: str
    wishes: Wishes
    revision: int
    created_at: datetime
    end: End | None
    fetched_at: datetime | None
    fetched_by: str
    replaced: bool = False


def feeds_of(session: Database, person_id: int, *, now: datetime, farewell: timedelta) -> list[ListedFeed]:
    """A person's feeds, the newest first; those that ended stay listed for a month."""
    return _listed(session, farewell, Feed.person_id == person_id, _is_recent(now))


def all_feeds(session: Database, *, now: datetime, farewell: timedelta) -> list[ListedFeed]:
    """Everybody's feeds, for the command line."""
    return _listed(session, farewell, _is_recent(now))


def owners_of(session: Database, feeds: Iterable[ListedFeed]) -> dict[int, str]:
    """The owners' addresses by their ids; who has none is left out."""
    query = select(Identity.person_id, Identity.email).where(
        Identity.person_id.in_({each.person_id for each in feeds}), Identity.email.is_not(None)
    )
    return {person_id: email or "" for person_id, email in session.execute(query)}


def feed(session: Database, feed_id: int, *, person_id: int, farewell: timedelta) -> ListedFeed:
    """One feed of this person. Raises NotFound, for somebody else's as well."""
    found = _listed(session, farewell, Feed.id == feed_id, Feed.person_id == person_id)
    if not found:
        raise NotFound("There is no such feed.")
    return found[0]


def _is_recent(now: datetime) -> ColumnElement[bool]:
    return or_(Feed.revoked_at.is_(None), Feed.revoked_at > now - LISTED_AFTER_THE_END)


def _listed(session: Database, farewell: timedelta, *where: ColumnElement[bool]) -> list[ListedFeed]:
    query = (
        select(Feed, Person.disabled_at, FeedKind)
        .join(Person, Person.id == Feed.person_id)
        .outerjoin(FeedKind, FeedKind.feed_id == Feed.id)
        .where(*where)
        .order_by(Feed.person_id, Feed.revoked_at.is_not(None), Feed.id.desc())
    )
    found = []
    for (row, left_at), kinds in groupby(session.execute(query), lambda each: (each[0], each[1])):
        found.append(_as_listed(row, _kinds(each[2] for each in kinds), left_at, farewell))
    return found


def _as_listed(
    row: Feed, kinds: Mapping[str, OfKind], left_at: datetime | None, farewell: timedelta
) -> ListedFeed:
    return ListedFeed(
        id=row.id,
        person_id=row.person_id,
        name=row.name,
        wishes=_wishes(row, kinds),
        revision=row.revision,
        created_at=row.created_at,
        end=end_of(
            revoked_at=row.revoked_at,
            farewell_until=row.farewell_until,
            suspended_at=row.suspended_at,
            owner_left_at=left_at,
            farewell=farewell,
        ),
        fetched_at=row.fetched_at,
        fetched_by=row.fetched_by,
        replaced=row.replaced_by is not None,
    )
