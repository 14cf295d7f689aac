"""A hundred thousand calendars, most of them as they were last written; a few real ones among them."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from benchmarks.crowd import make_members
from scheduler import clock
from scheduler.domain.calendars.models import Feed, FeedBody
from scheduler.domain.calendars.service import Choices, make_feed
from scheduler.domain.calendars.sources import Titles, Wording
from scheduler.domain.calendars.tokens import PREFIX, hash_of
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.planning.making import make_series
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.recurrence import Frequency, Rule
from scheduler.store.transaction import transaction
from scheduler.web.feed_bodies import FeedBodies

FEEDS: Final = 100_000
FULL, FEW = 40, 8
"""Series of those who have many, and of those who have as many as most."""
BUSY: Final = 25
"""So many people belong to all series, and so many to the first eight only; each has one calendar."""


@dataclass(frozen=True, slots=True)
class FeedCenter:
    """Tokens by what their calendar contains. ``persons`` are those of ``few``, in the same order.

    ``stored`` are calendars that nobody changes, with their tags.
    """

    full: tuple[str, ...]
    few: tuple[str, ...]
    persons: tuple[int, ...]
    stored: tuple[tuple[str, str], ...]


def make_feed_center(engine: Engine) -> FeedCenter:
    """Fill a migrated, empty database. Seconds of work, not measured."""
    now = clock.now()
    make_members(engine, FEEDS)
    full, few = range(1, BUSY + 1), range(BUSY + 1, 2 * BUSY + 1)
    with Database(engine) as session, transaction(session):
        series = [_series(session, number, now) for number in range(FULL)]
        _enroll(session, full, series, now)
        _enroll(session, few, series[:FEW], now)
        tokens = [
            make_feed(session, actor=SYSTEM, person_id=each, choices=Choices("Phone", Titles.FULL), now=now)
            for each in (*full, *few)
        ]
    stored = _copies(engine, range(2 * BUSY + 1, FEEDS + 1), of=hash_of(tokens[BUSY]))
    return FeedCenter(tuple(tokens[:BUSY]), tuple(tokens[BUSY:]), tuple(few), stored)


def _series(session: Database, number: int, now: datetime) -> int:
    day = now.date() + timedelta(days=1 + number % 7)
    plan = Plan(
        kind=Kind.GROUP,
        title=f"Evening group {number}",
        first_start=datetime.combine(day, datetime.min.time()) + timedelta(hours=9 + number % 12),
        minutes=60,
        timezone="America/New_York",
        rule=Rule(Frequency.WEEKLY, weekdays=(day.weekday(),)),
        room_id=None,
        capacity=BUSY * 2,
        counting=Counting.MINUTES,
    )
    return make_series(session, actor=SYSTEM, plan=plan, now=now).series_id


def _enroll(session: Database, persons: Sequence[int], series: Sequence[int], now: datetime) -> None:
    rows = [
        {
            "series_id": each,
            "person_id": person,
            "from_date": now.date(),
            "uid": _hex(person, each),
            "changed_at": now,
        }
        for person in persons
        for each in series
    ]
    session.execute(insert(Enrollment), rows)


def _copies(engine: Engine, persons: Sequence[int], *, of: str) -> tuple[tuple[str, str], ...]:
    """A calendar for each person, with what the one with the token hash ``of`` says stored as its body."""
    bodies = FeedBodies(sessionmaker(engine, expire_on_commit=False), Wording())
    with Database(engine) as session:
        feed = session.scalars(select(Feed).where(Feed.token_hash == of)).one()
    body = bodies.fresh(feed.id)
    made = [
        (number, _token(number), hashlib.sha256(str(number).encode()).hexdigest()[:32]) for number in persons
    ]
    shared = {
        name: getattr(feed, name)
        for name in set(Feed.__table__.columns.keys()) - {"id", "person_id", "token_hash", "fetched_at"}
    }
    with Database(engine) as session, session.begin():
        for at in range(0, len(made), 5_000):
            part = made[at : at + 5_000]
            session.execute(
                insert(Feed),
                [{**shared, "id": n + 1_000, "person_id": n, "token_hash": hash_of(t)} for n, t, _ in part],
            )
            session.execute(
                insert(FeedBody),
                [
                    {
                        "feed_id": n + 1_000,
                        "calendar_revision": 1,
                        "feed_revision": feed.revision,
                        "wording": bodies.fingerprint,
                        "etag": etag,
                        "last_modified": datetime(2026, 7, 1, tzinfo=UTC),
                        "body": body.compressed,
                    }
                    for n, _, etag in part
                ],
            )
    return tuple((token, etag) for _, token, etag in made)


def _token(number: int) -> str:
    digest = hashlib.sha256(f"token {number}".encode()).digest()
    return PREFIX + urlsafe_b64encode(digest).decode().rstrip("=")


def _hex(*parts: int) -> str:
    """As opaque as the application's own names and tags."""
    return hashlib.sha256(str(parts).encode()).hexdigest()[:32]
