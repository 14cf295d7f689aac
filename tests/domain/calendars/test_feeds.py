"""Making, changing, giving a new address, turning off: what is written, and who is refused."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.calendars import keeping, queries, service
from scheduler.domain.calendars.models import Feed, FeedBody, FeedMissing
from scheduler.domain.calendars.service import Choices
from scheduler.domain.calendars.sources import OfKind, Titles, Wishes, alike
from scheduler.domain.calendars.standing import Ending, Standing, standing
from scheduler.domain.calendars.tokens import hash_of
from scheduler.domain.people.models import Person
from scheduler.domain.schedule.kinds import Kind
from scheduler.errors import Conflict, Invalid, NotFound, Refused
from scheduler.store import ledger
from scheduler.store.audit import AuditEntry
from scheduler.store.ledger import Ended, Line
from scheduler.store.outbox import Outbox
from scheduler.store.transaction import transaction
from tests.support.people import Everybody, Someone
from tests.support.revisions import revision_of

KINDS = {"group": OfKind(alarm_minutes=60), "medication": OfKind(shown=False, alarm_minutes=15)}
CHOICES = Choices("My phone", Titles.DISCREET, True, False, KINDS, daily_dosing=True, language="es")
DAYS = timedelta(days=14)
TOKEN = re.compile(r"cal_[A-Za-z0-9_-]{43}")


class Desk:
    """Runs each verb in a transaction of its own."""

    def __init__(self, sessions: sessionmaker[Database], now: datetime) -> None:
        self.sessions, self.now = sessions, now

    def make(self, person: Someone, choices: Choices = CHOICES) -> str:
        return str(self.do(service.make_feed, person, choices=choices))

    def another(self, person: Someone) -> str:
        """One more, under a name of its own."""
        return self.make(person, replace(CHOICES, name=f"Device {len(self.feeds())}"))

    def do(self, verb: Any, person: Someone, **words: Any) -> Any:
        with self.sessions() as session, transaction(session):
            return verb(session, actor=person.actor, person_id=person.id, now=self.now, **words)

    def feeds(self) -> list[Feed]:
        with self.sessions() as session:
            return session.query(Feed).order_by(Feed.id).all()

    def wishes(self) -> list[Wishes]:
        """Of every feed, as its body is made from and as it is listed."""
        with self.sessions() as session:
            listed = queries.all_feeds(session, now=self.now, farewell=DAYS)
            found = [queries.owned(session, feed.id).wishes for feed in sorted(listed, key=lambda f: f.id)]
            assert found == [feed.wishes for feed in sorted(listed, key=lambda f: f.id)]
            return found

    def audit(self) -> list[tuple[str, int | None, int | None]]:
        with self.sessions() as session:
            rows = session.query(AuditEntry).where(AuditEntry.subject == "feed").order_by(AuditEntry.id)
            return [(row.action, row.subject_id, row.person_id) for row in rows]


@pytest.fixture
def desk(sessions: sessionmaker[Database], people: Everybody, now: datetime) -> Desk:
    return Desk(sessions, now)


def test_a_made_feed_keeps_the_choices_and_only_the_hash_of_its_token(desk: Desk, people: Everybody) -> None:
    token = desk.make(people.member)
    assert TOKEN.fullmatch(token)
    (feed,) = desk.feeds()
    assert (feed.person_id, feed.token_hash, feed.name) == (people.member.id, hash_of(token), "My phone")
    assert desk.wishes() == [
        Wishes(Titles.DISCREET, True, False, date(2026, 4, 20), KINDS, daily_dosing=True, language="es")
    ]
    assert desk.audit() == [("feed.made", 1, people.member.id)]
    with desk.sessions() as session:
        rows = [row for table in Feed.metadata.sorted_tables for row in session.execute(table.select())]
    assert token not in repr(rows)


def test_ten_thousand_tokens_are_all_different_and_alike_in_form() -> None:
    tokens = {service.new_token() for _ in range(10_000)}
    assert len(tokens) == 10_000
    assert all(map(TOKEN.fullmatch, tokens))
    for place in range(4, 46):
        assert len({token[place] for token in tokens}) == 64


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("choices", "field"),
    [
        (replace(CHOICES, name=" \t "), "name"),
        (replace(CHOICES, name="x" * 61), "name"),
        (replace(CHOICES, name="\x00\u200d"), "name"),
        (replace(CHOICES, kinds={"skills": OfKind(alarm_minutes=-1)}), "alarm"),
        (replace(CHOICES, kinds=alike(7 * 24 * 60 + 1)), "alarm"),
        (replace(CHOICES, kinds=dict.fromkeys(Kind, OfKind(shown=False))), "kinds"),
        (replace(CHOICES, language="tlh"), "language"),
    ],
)
def test_choices_that_make_no_sense_are_refused(
    desk: Desk, people: Everybody, choices: Choices, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        desk.make(people.member, choices)
    assert list(refused.value.fields) == [field]
    assert desk.feeds() == []


def test_twenty_feeds_are_enough(desk: Desk, people: Everybody) -> None:
    for _ in range(20):
        desk.another(people.member)
    with pytest.raises(Refused, match="many calendars"):
        desk.another(people.member)
    desk.do(service.revoke_feed, people.member, feed_id=3, ending=Ending.NOW, farewell=DAYS)
    desk.another(people.member)
    desk.another(people.other_member)


def test_somebody_disabled_gets_no_feed(desk: Desk, people: Everybody) -> None:
    with desk.sessions() as session, transaction(session):
        session.get_one(Person, people.member.id).disabled_at = desk.now
    with pytest.raises(NotFound):
        desk.make(people.member)


def test_a_change_raises_feed_and_calendar_and_refuses_a_stale_form(desk: Desk, people: Everybody) -> None:
    desk.make(people.member)
    plain = Choices("Laptop", Titles.PLAIN, kinds={"group": OfKind(), "family": OfKind(shown=False)})
    desk.do(service.change_feed, people.member, feed_id=1, seen=1, choices=plain)
    (feed,) = desk.feeds()
    assert (feed.name, feed.revision) == ("Laptop", 2)
    kinds = {"family": OfKind(shown=False)}
    assert desk.wishes() == [Wishes(Titles.PLAIN, False, False, date(2026, 4, 20), kinds)]
    with desk.sessions() as session:
        assert revision_of(session, people.member.id) == 2
    with pytest.raises(Conflict):
        desk.do(service.change_feed, people.member, feed_id=1, seen=1, choices=CHOICES)


def test_a_new_address_is_a_new_feed_with_the_same_choices(desk: Desk, people: Everybody) -> None:
    old = desk.make(people.member)
    new = desk.do(service.give_new_address, people.member, feed_id=1, farewell=DAYS)
    first, second = desk.feeds()
    assert (first.token_hash, second.token_hash) == (hash_of(old), hash_of(new))
    assert (first.revoked_at, first.farewell_until) == (desk.now, desk.now + DAYS)
    wishes = desk.wishes()
    assert (second.name, second.revoked_at, wishes[0] == wishes[1]) == ("My phone", None, True)
    assert [action for action, *_ in desk.audit()] == ["feed.made", "feed.replaced", "feed.made"]


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("verb", "words"),
    [
        (service.change_feed, {"seen": 1, "choices": CHOICES}),
        (service.give_new_address, {"farewell": DAYS}),
        (service.revoke_feed, {"ending": Ending.FAREWELL, "farewell": DAYS}),
    ],
)
def test_another_persons_feed_does_not_exist_nor_one_that_ended(
    desk: Desk, people: Everybody, verb: Any, words: dict[str, Any]
) -> None:
    desk.make(people.member)
    with pytest.raises(NotFound):
        desk.do(verb, people.other_member, feed_id=1, **words)
    desk.do(service.revoke_feed, people.member, feed_id=1, ending=Ending.NOW, farewell=DAYS)
    with pytest.raises(NotFound):
        desk.do(verb, people.member, feed_id=1, **words)


def test_all_feeds_of_somebody_who_leaves_say_farewell(desk: Desk, people: Everybody) -> None:
    for person in (people.member, people.member, people.other_member):
        desk.another(person)
    desk.do(service.revoke_feed, people.member, feed_id=1, ending=Ending.NOW, farewell=DAYS)
    assert desk.do(service.revoke_all, people.member, farewell=DAYS) == 1
    assert [(feed.revoked_at, feed.farewell_until) for feed in desk.feeds()] == [
        (desk.now, None),
        (desk.now, desk.now + DAYS),
        (None, None),
    ]


def test_the_list_shows_what_lives_first_and_forgets_what_ended_long_ago(
    desk: Desk, people: Everybody
) -> None:
    for name in ("One", "Two", "Three"):
        desk.make(people.member, replace(CHOICES, name=name))
    desk.make(people.other_member)
    desk.do(service.revoke_feed, people.member, feed_id=3, ending=Ending.FAREWELL, farewell=DAYS)

    def listed(now: datetime) -> list[tuple[str, Standing]]:
        with desk.sessions() as session:
            found = queries.feeds_of(session, people.member.id, now=now, farewell=DAYS)
        return [(feed.name, standing(feed.end, now)) for feed in found]

    live = [("Two", Standing.LIVE), ("One", Standing.LIVE)]
    assert listed(desk.now) == [*live, ("Three", Standing.FAREWELL)]
    assert listed(desk.now + DAYS) == [*live, ("Three", Standing.GONE)]
    assert listed(desk.now + timedelta(days=30)) == live


def test_what_ends_a_feed_is_remembered_outside_the_database(desk: Desk, people: Everybody) -> None:
    ended, replaced, left = (desk.another(people.member) for _ in range(3))
    ids = [feed.id for feed in desk.feeds()]
    desk.do(service.revoke_feed, people.member, feed_id=ids[0], ending=Ending.NOW, farewell=DAYS)
    new = desk.do(service.give_new_address, people.member, feed_id=ids[1], farewell=DAYS)
    desk.do(service.revoke_all, people.member, farewell=DAYS)
    with desk.sessions() as session:
        waiting = session.query(Outbox).where(Outbox.kind == ledger.KIND).order_by(Outbox.id)
        lines = [Line.of(row.payload) for row in waiting]
    until = desk.now + DAYS
    assert lines == [
        Line(Ended.FEED, desk.now, hash_of(ended)),
        Line(Ended.FEED, desk.now, hash_of(replaced), until=until),
        Line(Ended.FEED, desk.now, hash_of(left), until=until),
        Line(Ended.FEED, desk.now, hash_of(new), until=until),
    ]


def test_what_could_not_be_written_is_kept_with_the_body_and_goes_with_it(
    desk: Desk, people: Everybody
) -> None:
    desk.make(people.member)

    def keep(revision: int, *missing: int) -> list[int]:
        with desk.sessions() as session, transaction(session):
            keeping.keep_body(
                session,
                feed_id=1,
                calendar_revision=revision,
                feed_revision=1,
                wording="",
                etag="",
                last_modified=desk.now,
                body=b"",
                missing=missing,
            )
            return noted(session)

    def noted(session: Database) -> list[int]:
        session.flush()
        return list(session.scalars(select(FeedMissing.series_id).order_by(FeedMissing.series_id)))

    assert [keep(2, 8, 7, 8), keep(1, 5), keep(3), keep(4, 7)] == [[7, 8], [7, 8], [], [7]]
    with desk.sessions() as session, transaction(session):
        keeping.forget_bodies(session, Feed.person_id == people.other_member.id)
        assert noted(session) == [7]
        keeping.forget_bodies(session, Feed.person_id == people.member.id)
        assert (noted(session), session.query(FeedBody).count()) == ([], 0)
