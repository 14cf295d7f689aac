"""What a poll costs: one indexed look-up, on both databases, and no rendering."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.calendars.queries import LOOK_UP
from scheduler.store.reading import Reader
from scheduler.store.transaction import transaction
from scheduler.web import feed_bodies
from tests.support import factories
from tests.support.feeds import group, subscribe
from tests.support.people import Everybody

pytestmark = pytest.mark.databases("sqlite", "postgresql")


@pytest.fixture
def path(sessions: sessionmaker[Database], people: Everybody, now: datetime) -> str:
    with sessions() as session, transaction(session):
        factories.enrollment(session, group(session, now), people.member.id)
        return subscribe(session, people.member, now)


def test_an_unchanged_feed_costs_one_look_up_and_no_rendering(
    app: Flask, path: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = app.test_client()
    feeds = app.extensions["feeds"]
    with time_machine.travel(now, tick=False):
        tag = phone.get(path).headers["ETag"]
        phone.get(path)
        feeds.notes.wait()
        statements: list[str] = []
        looked = feeds.reader.row

        def counted(sql: str, values: tuple[object, ...]) -> object:
            statements.append(sql)
            return looked(sql, values)

        monkeypatch.setattr(feeds.reader, "row", counted)
        monkeypatch.setattr(feed_bodies, "content_of", None)
        event.listen(Engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
        assert phone.get(path, headers={"If-None-Match": tag}).status_code == 304
        assert statements == [LOOK_UP[feeds.reader.dialect]]
        assert phone.get(path).status_code == 200
        assert statements == [LOOK_UP[feeds.reader.dialect]] * 2
    feeds.reader.close()


def test_the_body_is_not_even_read_where_the_reader_has_it(database_url: str, app: Flask, path: str) -> None:
    tag = app.test_client().get(path).headers["ETag"].strip('"')
    feeds = app.extensions["feeds"]
    sql, wording = LOOK_UP[feeds.reader.dialect], feeds.bodies.fingerprint
    hashed = feed_bodies.hashlib.sha256(path.split("/")[2].encode()).hexdigest()
    reader = Reader(database_url)
    has = reader.row(sql, (tag, wording, hashed))
    has_not = reader.row(sql, ("", wording, hashed))
    assert has is not None
    assert has_not is not None
    assert has[2] == has_not[2] == tag
    assert (has[4], isinstance(has_not[4], bytes)) == (None, True)
    reader.close()
    feeds.reader.close()
    feeds.notes.wait()


def test_every_step_of_the_look_up_has_an_index(engine: Engine) -> None:
    sql = re.sub(r"[?$]\d", "'x'", LOOK_UP[engine.dialect.name])
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET enable_seqscan = off"))
            plan = [row[0] for row in connection.execute(text("EXPLAIN " + sql))]
            assert not [line for line in plan if "Seq Scan" in line]
        else:
            plan = [row[3] for row in connection.execute(text("EXPLAIN QUERY PLAN " + sql))]
            assert [line.split()[0] for line in plan] == ["SEARCH"] * 4
            assert plan[0].startswith("SEARCH f USING INDEX")


def test_the_reader_cannot_write(database_url: str, people: Everybody) -> None:
    reader = Reader(database_url)
    with pytest.raises(Exception, match=r"(?i)read-?only"):
        reader.row("DELETE FROM feed", ())
    reader.close()


@pytest.mark.databases("postgresql")
def test_a_broken_connection_is_replaced(engine: Engine, app: Flask, path: str, now: datetime) -> None:
    reader = app.extensions["feeds"].reader
    phone = app.test_client()
    with time_machine.travel(now + timedelta(minutes=1), tick=False):
        assert phone.get(path).status_code == 200
        [pid] = reader.row("SELECT pg_backend_pid()", ()) or ()
        with engine.connect() as connection:  # as when the server is started anew
            connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        assert phone.get(path).status_code == 200
    app.extensions["feeds"].notes.wait()
    reader.close()
