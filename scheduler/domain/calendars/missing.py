"""Reads: how all calendars are doing, and what they leave out, since it could not be written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.calendars.models import Feed, FeedMissing
from scheduler.domain.people.models import Person
from scheduler.domain.schedule.kinds import OF_ONE_MEMBER
from scheduler.domain.schedule.models import Series

LATELY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many calendars live; how many of them were looked at within a day, and how many never were."""

    live: int
    looked: int
    never: int


def numbers_of(session: Database, *, now: datetime) -> Numbers:
    """Of everybody's calendars. One statement."""
    query = select(
        func.count(),
        func.count().filter(Feed.fetched_at > now - LATELY),
        func.count().filter(Feed.fetched_at.is_(None)),
    ).where(Feed.id.in_(_live()))
    return Numbers(*session.execute(query).one())


@dataclass(frozen=True, slots=True)
class MissingSeries:
    """A series of which `feeds` live calendars lack something; without a title that may name a member."""

    id: int
    kind: str
    title: str
    feeds: int


@dataclass(frozen=True, slots=True)
class Missing:
    """How many live calendars leave something out that could not be written, and of which series."""

    feeds: int
    series: tuple[MissingSeries, ...]


def missing(session: Database) -> Missing:
    """As each calendar was written last; those of the most calendars first."""
    query = (
        select(FeedMissing.series_id, Series.kind, Series.title, func.count().label("feeds"))
        .join(Series, Series.id == FeedMissing.series_id)
        .where(FeedMissing.feed_id.in_(_live()))
        .group_by(FeedMissing.series_id, Series.kind, Series.title)
        .order_by(func.count().desc(), FeedMissing.series_id)
    )
    rows = session.execute(query).all()
    feeds = select(func.count(FeedMissing.feed_id.distinct())).where(FeedMissing.feed_id.in_(_live()))
    return Missing(
        (session.scalar(feeds) or 0) if rows else 0,
        tuple(
            MissingSeries(row.series_id, row.kind, "" if row.kind in OF_ONE_MEMBER else row.title, row.feeds)
            for row in rows
        ),
    )


def left_out_of(session: Database, person_id: int) -> dict[int, int]:
    """Of how many series each of a person's feeds lacks something; feeds that are whole are left out."""
    query = (
        select(FeedMissing.feed_id, func.count())
        .join(Feed, Feed.id == FeedMissing.feed_id)
        .where(Feed.person_id == person_id)
        .group_by(FeedMissing.feed_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _live() -> Select[int]:
    return (
        select(Feed.id)
        .join(Person, Person.id == Feed.person_id)
        .where(Feed.revoked_at.is_(None), Feed.suspended_at.is_(None), Person.disabled_at.is_(None))
    )
