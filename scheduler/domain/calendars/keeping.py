"""What serving calendars writes down: the bodies that were made, and who fetched them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.calendars.models import Feed, FeedBody, FeedMissing
from scheduler.store.asking import executed, rows
from scheduler.store.revisions import raise_calendars


def keep_body(
    session: Database,
    *,
    feed_id: int,
    calendar_revision: int,
    feed_revision: int,
    wording: str,
    etag: str,
    last_modified: datetime,
    body: bytes,
    missing: Collection[int] = (),
) -> None:
    """Store the compressed body that was made at these revisions, unless a newer one is there.

    `missing` are the series of which something could not be written.
    """
    made_at = (calendar_revision, feed_revision)
    standing = select(FeedBody.calendar_revision, FeedBody.feed_revision).where(FeedBody.feed_id == feed_id)
    kept = next(iter(rows(session, standing)), None)
    if kept is not None and tuple(kept) > made_at:
        return
    values = {
        "calendar_revision": calendar_revision,
        "feed_revision": feed_revision,
        "wording": wording,
        "etag": etag,
        "last_modified": last_modified,
        "body": body,
    }
    if kept is None:
        executed(session, insert(FeedBody), {"feed_id": feed_id, **values})
    else:
        executed(session, update(FeedBody).where(FeedBody.feed_id == feed_id).values(**values))
    executed(session, delete(FeedMissing).where(FeedMissing.feed_id == feed_id))
    if missing:
        left_out = [{"feed_id": feed_id, "series_id": series_id} for series_id in sorted(set(missing))]
        executed(session, insert(FeedMissing), left_out)


def forget_bodies(session: Database, *which: ColumnElement[bool]) -> None:
    """Drop the stored bodies of feeds, all of them or `which`: each is made anew when it is asked for."""
    feeds = select(Feed.id).where(*which)
    for table in (FeedBody, FeedMissing):
        gone = delete(table).where(table.feed_id.in_(feeds)) if which else delete(table)
        session.execute(gone.execution_options(synchronize_session=False))


def say_anew(session: Database, *, person_id: int, now: datetime) -> None:
    """The installation's own words changed: this person's calendars are as changed as by any other change."""
    raise_calendars(session, [person_id], now=now)


def note_fetches(session: Database, fetches: Mapping[int, tuple[str, datetime]]) -> None:
    """Remember when feeds were last fetched, and the key of the program by which; they are locked by id."""
    session.execute(
        update(Feed),
        [
            {"id": feed_id, "fetched_by": program, "fetched_at": at}
            for feed_id, (program, at) in sorted(fetches.items())
        ],
    )
