"""What calendars leave out is counted by series, for those that are live, and names nobody."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.calendars import service
from scheduler.domain.calendars.missing import Missing, MissingSeries, Numbers, missing, numbers_of
from scheduler.domain.calendars.models import Feed, FeedMissing
from scheduler.domain.calendars.service import Choices
from scheduler.domain.calendars.sources import Titles
from scheduler.domain.calendars.standing import Ending
from scheduler.domain.people.models import Person
from scheduler.store.transaction import transaction
from tests.support import factories
from tests.support.feeds import FULL, subscribe
from tests.support.people import Everybody


def test_it_is_counted_by_series_of_live_calendars_and_names_nobody(
    people: Everybody, sessions: sessionmaker[Database], now: datetime
) -> None:
    with sessions() as session, transaction(session):
        group = factories.series(session, "Evening group")
        own = factories.series(session, "Renee Tamm, Monday", kind="individual")
        subscribe(session, people.member, now, FULL)
        for person in (people.member, people.other_member, people.facilitator):
            subscribe(session, person, now)
        pairs = [(1, group), (2, group), (2, own), (3, group), (4, group), (3, 9_999)]
        session.add_all(FeedMissing(feed_id=feed, series_id=series) for feed, series in pairs)
    with sessions() as session:
        assert missing(session) == Missing(
            4, (MissingSeries(group, "group", "Evening group", 4), MissingSeries(own, "individual", "", 1))
        )
    with sessions() as session, transaction(session):
        end = {"feed_id": 1, "person_id": people.member.id, "farewell": timedelta(days=14), "now": now}
        service.revoke_feed(session, actor=people.member.actor, ending=Ending.FAREWELL, **end)
        session.get_one(Person, people.facilitator.id).disabled_at = now
    with sessions() as session:
        found = missing(session)
        assert (found.feeds, [row.feeds for row in found.series]) == (2, [2, 1])


def test_where_all_is_written_nothing_is_missing(session: Database) -> None:
    assert missing(session) == Missing(0, ())


def test_the_numbers_are_of_calendars_that_live(people: Everybody, session: Database, now: datetime) -> None:
    assert numbers_of(session, now=now) == Numbers(0, 0, 0)
    ages = (None, timedelta(hours=1), timedelta(hours=23), timedelta(days=1), timedelta(days=9))
    for number, age in enumerate(ages):
        subscribe(session, people.member, now, Choices(f"Device {number}", Titles.PLAIN))
        feed = session.query(Feed).order_by(Feed.id.desc()).first()
        assert feed is not None
        feed.fetched_at = None if age is None else now - age
    subscribe(session, people.facilitator, now)
    session.query(Feed).filter_by(person_id=people.facilitator.id).one().revoked_at = now
    session.flush()
    assert numbers_of(session, now=now) == Numbers(5, 2, 1)
