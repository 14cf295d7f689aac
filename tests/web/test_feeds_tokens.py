"""The token in a feed's address: what it looks like, and where it never stands, whatever was answered."""

import logging
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.app import create_app
from scheduler.domain.calendars import service
from scheduler.domain.calendars.models import Feed
from scheduler.domain.calendars.standing import Ending
from scheduler.domain.calendars.tokens import new_token
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from scheduler.web import feed_bodies
from tests.support import factories
from tests.support.feeds import group, subscribe
from tests.support.filled import tables_of
from tests.support.people import Everybody

pytestmark = pytest.mark.databases("sqlite", "postgresql")


class Everything(logging.Handler):
    """Every record of every logger, as a file would have it, traceback included."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(self.format(record))


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """What all loggers say, each turned up to the last."""
    handler, root = Everything(), logging.getLogger()
    names = [name for name, each in root.manager.loggerDict.items() if isinstance(each, logging.Logger)]
    loggers = [root, *map(logging.getLogger, names)]
    before = [(each.level, each.propagate, each.disabled) for each in loggers]
    for each in loggers:
        each.setLevel(logging.DEBUG)
        each.propagate, each.disabled = True, False
    root.addHandler(handler)
    yield handler.said
    root.removeHandler(handler)
    for each, (level, propagate, disabled) in zip(loggers, before, strict=True):
        each.setLevel(level)
        each.propagate, each.disabled = propagate, disabled


@pytest.fixture
def path(sessions: sessionmaker[Database], people: Everybody, now: datetime) -> str:
    with sessions() as session, transaction(session):
        factories.enrollment(session, group(session, now), people.member.id)
        return subscribe(session, people.member, now)


def stored_anywhere(engine: Engine) -> str:
    """Every row of every table, bytes as text."""
    with engine.connect() as connection:
        rows = [row for table in tables_of(connection) for row in connection.execute(table.select())]
    return repr([tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in rows])


def test_a_token_stands_nowhere_whatever_was_answered(
    app: Flask,
    path: str,
    heard: list[str],
    engine: Engine,
    sessions: sessionmaker[Database],
    people: Everybody,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token, feeds = path.split("/")[2], app.extensions["feeds"]
    app.config["PROPAGATE_EXCEPTIONS"] = False
    phone, seen = app.test_client(use_cookies=False), []

    def ask(asked: str = path, **headers: str) -> None:
        answer = phone.get(asked, headers=headers)
        seen.append(answer.status_code)
        assert asked != path or token not in answer.text + str(answer.headers)

    with time_machine.travel(now, tick=False):
        ask(User_Agent=f"Thunderbird {path}")
        ask(**{"If-None-Match": "*"})
        ask("/feed" + path)
        with monkeypatch.context() as broken:
            broken.setattr(app, "preprocess_request", lambda: {}[path])
            ask(f"/set-password/{token}")
        with monkeypatch.context() as broken:
            broken.setattr(feeds.reader, "row", lambda *_: {}[path])
            ask()
        with sessions() as session, transaction(session):
            session.query(Feed).one().revision += 1
        with monkeypatch.context() as broken:
            broken.setattr(feed_bodies, "sources_of", lambda *_: {}[path])
            ask()
        with sessions() as session, transaction(session):
            told = {"feed_id": session.query(Feed.id).scalar(), "person_id": people.member.id}
            told |= {"ending": Ending.NOW, "farewell": timedelta(days=14)}
            service.revoke_feed(session, actor=people.member.actor, **told, now=now)
        ask(**{"If-None-Match": "*"})
    feeds.notes.wait()
    feeds.reader.close()
    assert seen == [200, 304, 404, 500, 503, 503, 410]
    log = "\n".join(heard)
    assert log.count("Traceback") == 3
    assert "[hidden]" in log
    assert token not in log
    assert token not in stored_anywhere(engine)
    files = [each.read_bytes() for each in Path(app.instance_path).rglob("*") if each.is_file()]
    assert not [each for each in files if token.encode() in each]


def test_the_search_for_a_token_finds_it(heard: list[str], engine: Engine, path: str) -> None:
    """In a log that nobody cleans, and in a row."""
    hash_like = "0" * 64
    with engine.begin() as connection:
        table = next(each for each in tables_of(connection) if each.name == "feed")
        connection.execute(table.update().values(token_hash=hash_like, name=path))
    assert path.split("/")[2] in stored_anywhere(engine)
    logging.getLogger("sqlalchemy.engine").debug("told %s", "something")
    assert "sqlalchemy.engine DEBUG told something" in heard


@pytest.fixture
def other_app(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """Another process's application on the same database."""
    other = create_app({"database_url": database_url, "instance_path": str(tmp_path / "other")})
    yield other
    other.extensions["feeds"].notes.wait()
    other.extensions["feeds"].reader.close()
    with other.app_context():
        db.engine.dispose()


def test_a_revoked_one_is_refused_by_the_very_next_request_wherever_it_is_asked_for(
    app: Flask,
    other_app: Flask,
    path: str,
    sessions: sessionmaker[Database],
    people: Everybody,
    now: datetime,
) -> None:
    """Whatever a reader has already, and whatever was served before by this process or another."""
    phones = [each.test_client(use_cookies=False) for each in (app, other_app)]
    with time_machine.travel(now, tick=False):
        for phone in [*phones, *phones]:
            first = phone.get(path)
            assert first.status_code == 200
        with sessions() as session, transaction(session):
            told = {"feed_id": session.query(Feed.id).scalar(), "person_id": people.member.id}
            told |= {"ending": Ending.NOW, "farewell": timedelta(days=14)}
            service.revoke_feed(session, actor=people.member.actor, **told, now=now)
        unknown = phones[0].get(f"/feeds/{new_token()}/calendar.ics")
        given = (
            {},
            {"If-None-Match": first.headers["ETag"]},
            {"If-None-Match": "*", "Accept-Encoding": "gzip"},
            {"If-Modified-Since": first.headers["Last-Modified"]},
        )
        answers = [phone.get(path, headers=headers) for phone in phones for headers in given]
        heads = [phone.head(path) for phone in phones]
    for answer in answers:
        assert (answer.status_code, answer.data) == (410, unknown.data)
    for answer in (*answers, *heads):
        assert (answer.status_code, dict(answer.headers)) == (410, dict(unknown.headers))
    app.extensions["feeds"].notes.wait()
    app.extensions["feeds"].reader.close()


@pytest.mark.databases("sqlite")
def test_ten_thousand_tokens_show_no_pattern() -> None:
    """256 bits after the prefix, each set in about half of them: fair coins are rarely 6 deviations off."""
    tokens = [new_token() for _ in range(10_000)]
    assert len(set(tokens)) == len(tokens)
    assert {token[:4] for token in tokens} == {"cal_"}
    numbers = [int.from_bytes(_bytes_of(token)) for token in tokens]
    for bit in range(256):
        assert abs(sum(number >> bit & 1 for number in numbers) - 5000) < 300, bit
    # Neither from one to the next: two that follow each other agree in about half of their bits.
    agree = [256 - (one ^ other).bit_count() for one, other in pairwise(numbers)]
    assert abs(sum(agree) / len(agree) - 128) < 1
    assert min(agree) > 128 - 56
    assert max(agree) < 128 + 56


def _bytes_of(token: str) -> bytes:
    raw = urlsafe_b64decode(token[4:] + "=")
    assert len(raw) == 32
    return raw
