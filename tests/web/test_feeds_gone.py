"""What is not live answers the same, whatever it was; and turning a feed off has two ways."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker
from werkzeug.test import TestResponse

from scheduler.domain.calendars import service
from scheduler.domain.calendars.models import Feed
from scheduler.domain.calendars.standing import Ending
from scheduler.domain.calendars.tokens import new_token
from scheduler.domain.people.models import Person
from scheduler.domain.people.roles import SYSTEM
from scheduler.store.revisions import raise_calendars
from scheduler.store.transaction import transaction
from tests.calendars.lint import lint
from tests.support import factories
from tests.support.feeds import group, path_of, subscribe
from tests.support.people import Everybody

DAYS = timedelta(days=14)


@pytest.fixture(autouse=True)
def _then(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def path(sessions: sessionmaker[Database], people: Everybody, now: datetime) -> str:
    with sessions() as session, transaction(session):
        factories.enrollment(session, group(session, now), people.member.id)
        return subscribe(session, people.member, now)


@pytest.fixture
def phone(app: Flask) -> FlaskClient:
    return app.test_client(use_cookies=False)


def whole(answer: TestResponse) -> tuple[int, bytes, dict[str, str]]:
    return answer.status_code, answer.data, dict(answer.headers)


def revoke(sessions: sessionmaker[Database], people: Everybody, ending: Ending, now: datetime) -> None:
    with sessions() as session, transaction(session):
        service.revoke_feed(
            session,
            actor=people.member.actor,
            feed_id=session.query(Feed.id).scalar(),
            person_id=people.member.id,
            ending=ending,
            farewell=DAYS,
            now=now,
        )


def test_unknown_malformed_and_ended_are_one_answer(
    phone: FlaskClient, path: str, sessions: sessionmaker[Database], people: Everybody, now: datetime
) -> None:
    tag = phone.get(path).headers["ETag"]
    revoke(sessions, people, Ending.NOW, now)
    ended = whole(phone.get(path, headers={"If-None-Match": tag}))
    assert ended[0] == 410
    assert ended[1].startswith(b"There is no calendar here.")
    for other in (
        path_of(new_token()),
        path_of("cal_short"),
        "/feeds/",
        "/feeds/x",
        path + "/more",
        "/feeds/../x",
    ):
        assert whole(phone.get(other)) == ended


def test_one_that_a_restore_suspended_is_that_same_answer_until_it_is_confirmed(
    phone: FlaskClient, path: str, sessions: sessionmaker[Database], people: Everybody, now: datetime
) -> None:
    before = phone.get(path)
    unknown = whole(phone.get(path_of(new_token())))
    with sessions() as session, transaction(session):
        session.query(Feed).one().suspended_at = now
    assert whole(phone.get(path)) == unknown
    assert whole(phone.get(path, headers={"If-None-Match": before.headers["ETag"]})) == unknown
    with sessions() as session, transaction(session):
        assert service.confirm_feeds(session, actor=SYSTEM, now=now) == 1
        assert service.confirm_feeds(session, actor=SYSTEM, now=now) == 0
    assert whole(phone.get(path)) == whole(before)


def test_removing_from_phones_answers_an_empty_calendar_for_two_weeks(
    phone: FlaskClient, path: str, sessions: sessionmaker[Database], people: Everybody, now: datetime
) -> None:
    tag = phone.get(path).headers["ETag"]
    later = now + timedelta(hours=1)
    revoke(sessions, people, Ending.FAREWELL, later)
    with time_machine.travel(later, tick=False):
        empty = phone.get(path, headers={"If-None-Match": tag})
        assert empty.status_code == 200
        assert lint(empty.data).parts("VEVENT") == []
        assert empty.headers["Last-Modified"] == "Wed, 15 Jul 2026 21:00:00 GMT"
        assert phone.get(path, headers={"If-None-Match": empty.headers["ETag"]}).status_code == 304
    with time_machine.travel(later + DAYS - timedelta(seconds=1), tick=False):
        assert phone.get(path).status_code == 200
    with time_machine.travel(later + DAYS, tick=False):
        assert phone.get(path).status_code == 410


def test_a_feed_that_says_farewell_can_still_be_ended(
    phone: FlaskClient, path: str, sessions: sessionmaker[Database], people: Everybody, now: datetime
) -> None:
    revoke(sessions, people, Ending.FAREWELL, now)
    revoke(sessions, people, Ending.NOW, now)
    assert phone.get(path).status_code == 410


def test_a_feed_goes_with_its_owner(
    phone: FlaskClient, path: str, sessions: sessionmaker[Database], people: Everybody, now: datetime
) -> None:
    phone.get(path)
    with sessions() as session, transaction(session):
        session.get_one(Person, people.member.id).disabled_at = now
    assert lint(phone.get(path).data).parts("VEVENT") == []
    with time_machine.travel(now + DAYS, tick=False):
        assert phone.get(path).status_code == 410


def test_the_old_address_says_farewell_and_the_new_one_goes_on(
    phone: FlaskClient, path: str, sessions: sessionmaker[Database], people: Everybody, now: datetime
) -> None:
    before = phone.get(path).data
    with sessions() as session, transaction(session):
        token = service.give_new_address(
            session,
            actor=people.member.actor,
            feed_id=session.query(Feed.id).scalar(),
            person_id=people.member.id,
            farewell=DAYS,
            now=now,
        )
    assert phone.get(path_of(token)).data == before
    assert lint(phone.get(path).data).parts("VEVENT") == []


def test_many_unknown_addresses_are_slowed_without_touching_a_good_one(phone: FlaskClient, path: str) -> None:
    answers = [phone.get(path_of(new_token())).status_code for _ in range(40)]
    assert answers == [410] * 30 + [429] * 10
    assert phone.get(path_of(new_token())).headers["Retry-After"] == "60"
    assert phone.get(path).status_code == 200
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert phone.get(path_of(new_token()), environ_base=elsewhere).status_code == 410


def test_a_household_with_ipv6_counts_once_whatever_address_of_its_own_it_takes(phone: FlaskClient) -> None:
    def ask(address: str) -> int:
        return phone.get(path_of(new_token()), environ_base={"REMOTE_ADDR": address}).status_code

    assert [ask(f"2001:db8:1:2::{number:x}") for number in range(31)] == [410] * 30 + [429]
    assert ask("2001:db8:1:2:ffff::1") == 429
    assert [ask(each) for each in ("2001:db8:1:3::1", "192.0.2.7", "fe80::1%eth0", "not an address", "")] == [
        *[410] * 5
    ]
    assert [ask("::ffff:198.51.100.7") for _ in range(30)] == [410] * 30
    assert (ask("198.51.100.7"), ask("::ffff:198.51.100.8")) == (429, 410)


def test_the_token_stands_in_no_log_line(
    app: Flask,
    phone: FlaskClient,
    path: str,
    caplog: pytest.LogCaptureFixture,
    sessions: sessionmaker[Database],
) -> None:
    token = path.split("/")[2]
    with caplog.at_level(logging.DEBUG):
        phone.get(path)
        app.logger.warning("asked for %s", path)
        app.extensions["feeds"].reader.row = lambda *_: 1 / 0  # the database is gone
        broken = phone.get(path)
        phone.get(path + "x")
    assert (broken.status_code, broken.headers["Retry-After"]) == (503, "300")
    assert "ZeroDivisionError" in caplog.text
    assert token not in caplog.text
    assert "asked for /feeds/[hidden]/calendar.ics" in caplog.text


@pytest.mark.parametrize(
    ("changed", "ended"),
    [(timedelta(0), timedelta(milliseconds=700)), (timedelta(hours=1), timedelta(minutes=30))],
    ids=["within a second", "with the clock set back"],
)
def test_who_compares_times_alone_sees_the_farewell(
    sessions: sessionmaker[Database],
    people: Everybody,
    phone: FlaskClient,
    path: str,
    now: datetime,
    changed: timedelta,
    ended: timedelta,
) -> None:
    with sessions() as session, transaction(session):
        raise_calendars(session, [people.member.id], now=now + changed)
    seen = phone.get(path).headers["Last-Modified"]
    revoke(sessions, people, Ending.FAREWELL, now + ended)
    answer = phone.get(path, headers={"If-Modified-Since": seen})
    assert (answer.status_code, b"VEVENT" in answer.data) == (200, False)
