"""What a calendar program gets: bytes, headers, and nothing at all when nothing changed."""

import gzip
import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.calendars.models import Feed
from scheduler.store.transaction import transaction
from tests.calendars.lint import lint
from tests.support import factories, linting
from tests.support.feeds import FULL, group, subscribe
from tests.support.people import Everybody


@pytest.fixture(autouse=True)
def _then(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def path(sessions: sessionmaker[Database], people: Everybody, now: datetime) -> str:
    """The address of a member's feed with one weekly group in it."""
    with sessions() as session, transaction(session):
        factories.enrollment(session, group(session, now), people.member.id)
        return subscribe(session, people.member, now)


@pytest.fixture
def phone(app: Flask) -> FlaskClient:
    return app.test_client(use_cookies=False)


def test_a_feed_is_a_calendar_with_the_headers_of_one(phone: FlaskClient, path: str) -> None:
    answer = phone.get(path)
    assert answer.status_code == 200
    lint(answer.data)
    assert dict(answer.headers) == {
        "ETag": f'"{hashlib.sha256(answer.data).hexdigest()[:32]}"',
        "Last-Modified": "Wed, 15 Jul 2026 20:00:00 GMT",
        "Vary": "Accept-Encoding",
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": "inline",
        "Content-Length": str(len(answer.data)),
        "Cache-Control": "private, no-cache",
        "X-Robots-Tag": "noindex",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }


def test_what_is_served_is_looked_at_by_the_lint_of_the_whole_run(phone: FlaskClient, path: str) -> None:
    before = linting.looked_at
    phone.get(path)
    phone.get(path)
    assert linting.looked_at == before + 1


def test_the_second_fetch_answers_the_same_bytes(phone: FlaskClient, path: str) -> None:
    first, second = phone.get(path), phone.get(path)
    assert (first.data, dict(first.headers)) == (second.data, dict(second.headers))


def test_head_answers_the_headers_alone(phone: FlaskClient, path: str) -> None:
    assert dict(phone.head(path).headers) == dict(phone.get(path).headers)
    assert phone.head(path).data == b""


def test_it_is_compressed_for_those_who_take_it(phone: FlaskClient, path: str) -> None:
    plain, zipped = phone.get(path), phone.get(path, headers={"Accept-Encoding": "br, gzip;q=0.5"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zipped.headers["Vary"] == "Accept-Encoding"
    assert zipped.headers["ETag"] == plain.headers["ETag"][:-1] + '-gzip"'
    assert gzip.decompress(zipped.data) == plain.data
    refused = phone.get(path, headers={"Accept-Encoding": "gzip;q=0, identity"})
    assert "Content-Encoding" not in refused.headers


@pytest.mark.parametrize("form", ["{0}", "W/{0}", '"other", {0}', "*"])
def test_a_reader_that_has_it_gets_nothing(phone: FlaskClient, path: str, form: str) -> None:
    first = phone.get(path)
    answer = phone.get(path, headers={"If-None-Match": form.format(first.headers["ETag"])})
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == first.headers["ETag"]
    assert "Content-Type" not in answer.headers


def test_a_reader_that_has_the_compressed_one_gets_nothing(phone: FlaskClient, path: str) -> None:
    zipped = {"Accept-Encoding": "gzip"}
    tag = phone.get(path, headers=zipped).headers["ETag"]
    assert phone.get(path, headers={**zipped, "If-None-Match": tag}).status_code == 304


def test_a_date_is_believed_where_there_is_no_tag(phone: FlaskClient, path: str) -> None:
    since = phone.get(path).headers["Last-Modified"]
    assert phone.get(path, headers={"If-Modified-Since": since}).status_code == 304
    assert phone.get(path, headers={"If-Modified-Since": "Wed, 15 Jul 2026 19:59:59 GMT"}).status_code == 200
    assert phone.get(path, headers={"If-Modified-Since": "some day"}).status_code == 200


def test_a_tag_wins_over_a_date(phone: FlaskClient, path: str) -> None:
    since = phone.get(path).headers["Last-Modified"]
    asked = {"If-Modified-Since": since, "If-None-Match": '"another"'}
    assert phone.get(path, headers=asked).status_code == 200


def test_no_cookie_is_set_and_no_sign_in_is_asked_for(phone: FlaskClient, path: str) -> None:
    answer = phone.get(path, headers={"Cookie": "session=nonsense"})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PROPFIND", "OPTIONS"])
def test_a_feed_is_only_read(phone: FlaskClient, path: str, method: str) -> None:
    answer = phone.open(path, method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_the_fetch_is_noted_once_an_hour_with_the_program(
    app: Flask, phone: FlaskClient, path: str, session: Database, now: datetime
) -> None:
    session.commit()

    def noted() -> tuple[datetime | None, str]:
        app.extensions["feeds"].notes.wait()
        session.expire_all()
        feed = session.query(Feed).one()
        session.commit()
        return feed.fetched_at, feed.fetched_by

    phone.get(path, headers={"User-Agent": "Mozilla/5.0 (compatible; Google-Calendar-Importer)"})
    assert noted() == (now, "google")
    with time_machine.travel(now + timedelta(minutes=59), tick=False):
        phone.get(path, headers={"User-Agent": "Thunderbird/153.0"})
        assert noted() == (now, "google")
    later = now + timedelta(minutes=60)
    with time_machine.travel(later, tick=False):
        phone.get(path, headers={"User-Agent": "Mozilla/5.0 Gecko/20100101 Thunderbird/153.0"})
        assert noted() == (later, "thunderbird")


def test_full_titles_place_and_link_are_there_only_when_chosen(
    phone: FlaskClient, sessions: sessionmaker[Database], people: Everybody, now: datetime
) -> None:
    with sessions() as session, transaction(session):
        online = group(session, now, room_id=factories.online_room(session))
        factories.enrollment(session, online, people.member.id)
        plain, full = (subscribe(session, people.member, now), subscribe(session, people.member, now, FULL))
    (event,) = lint(phone.get(plain).data).parts("VEVENT")
    assert event.one("SUMMARY").value == "Appointment"
    assert not event.of("LOCATION") + event.of("DESCRIPTION") + event.of("URL")
    (event,) = lint(phone.get(full).data).parts("VEVENT")
    assert event.one("SUMMARY").value == "Tuesday evening group"
    assert event.one("LOCATION").value == "Online room B"
    assert event.one("DESCRIPTION").value == event.one("URL").value == "https://meet.example/b"


def test_other_paths_belong_to_the_application(phone: FlaskClient) -> None:
    assert phone.get("/feedsx").status_code == 404


def test_the_present_moment_is_nowhere_in_a_body(
    phone: FlaskClient, path: str, sessions: sessionmaker[Database], now: datetime
) -> None:
    body = phone.get(path).data
    with sessions() as session, transaction(session):
        session.execute(Feed.__table__.metadata.tables["feed_body"].delete())
    with time_machine.travel(now + timedelta(days=5, hours=3), tick=False):
        assert phone.get(path).data == body
