"""A change reaches the next fetch, always; and a stale body is made once, however many ask at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Event, Semaphore
from time import sleep
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.app import create_app
from scheduler.domain.attendance.not_meeting import record_not_met
from scheduler.domain.calendars import keeping, queries, service
from scheduler.domain.calendars.models import Feed, FeedBody, FeedMissing
from scheduler.domain.calendars.service import Choices
from scheduler.domain.calendars.sources import Titles, Wording, alike
from scheduler.domain.calendars.values import CalendarContent
from scheduler.domain.people.models import PersonRole
from scheduler.domain.people.roles import Role
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.extensions import db
from scheduler.formats import ics
from scheduler.jobs.rebuilding import rebuild
from scheduler.store.revisions import raise_calendars
from scheduler.store.transaction import transaction
from scheduler.web import feed_bodies
from tests.calendars.lint import Component, lint
from tests.conftest import Clients
from tests.support import factories
from tests.support.feeds import PHONE, group, subscribe
from tests.support.people import Everybody
from tests.support.revisions import revision_of
from tests.support.zone_files import SUMMER_STAYS, ruled

pytestmark = pytest.mark.databases("sqlite", "postgresql")


@pytest.fixture
def series(sessions: sessionmaker[Database], people: Everybody, now: datetime) -> int:
    with sessions() as session, transaction(session):
        made = group(session, now)
        factories.enrollment(session, made, people.member.id)
        return made


@pytest.fixture
def path(sessions: sessionmaker[Database], people: Everybody, series: int, now: datetime) -> str:
    with sessions() as session, transaction(session):
        return subscribe(session, people.member, now)


Fetch = Callable[[], Component]


@pytest.fixture
def fetch(app: Flask, path: str, now: datetime) -> Fetch:
    def fetched() -> Component:
        with time_machine.travel(now, tick=False):
            answer = app.test_client().get(path)
        app.extensions["feeds"].notes.wait()
        app.extensions["feeds"].reader.close()
        return lint(answer.data)

    return fetched


def titles(calendar: Component) -> list[str]:
    return [event.one("SUMMARY").value for event in calendar.parts("VEVENT")]


def stamps(calendar: Component) -> set[tuple[str, str]]:
    return {(e.one("SEQUENCE").value, e.one("LAST-MODIFIED").value) for e in calendar.parts("VEVENT")}


def test_what_is_stored_counts_until_the_revision_is_raised(
    fetch: Fetch, sessions: sessionmaker[Database], people: Everybody, series: int, now: datetime
) -> None:
    first = fetch()
    with sessions() as session, transaction(session):
        session.get_one(Series, series).duration = 60
    assert fetch() == first
    with sessions() as session, transaction(session):
        raise_calendars(session, [people.member.id], now=now)
    (event,) = fetch().parts("VEVENT")
    assert event.one("DTEND").value == "20260602T200000"
    assert stamps(fetch()) == {("2", "20260715T200001Z")}


def test_two_changes_within_one_second_are_told_apart(
    fetch: Fetch, sessions: sessionmaker[Database], people: Everybody, now: datetime
) -> None:
    seen = [stamps(fetch())]
    for _ in range(3):
        with sessions() as session, transaction(session):
            raise_calendars(session, [people.member.id], now=now)
        seen.append(stamps(fetch()))
    assert seen == [{(str(count), f"20260715T20000{count - 1}Z")} for count in (1, 2, 3, 4)]


def test_other_choices_show_at_the_same_address(
    fetch: Fetch, sessions: sessionmaker[Database], people: Everybody, now: datetime
) -> None:
    assert titles(fetch()) == ["Appointment"]
    with sessions() as session, transaction(session):
        service.change_feed(
            session,
            actor=people.member.actor,
            feed_id=session.query(Feed.id).scalar(),
            person_id=people.member.id,
            seen=1,
            choices=Choices("My phone", Titles.FULL, kinds=alike(30)),
            now=now,
        )
    (event,) = fetch().parts("VEVENT")
    assert event.one("SUMMARY").value == "Tuesday evening group"
    assert [alarm.one("TRIGGER").value for alarm in event.inner] == ["-PT30M"]
    assert stamps(fetch()) == {("2", "20260715T200001Z")}


def test_other_words_of_the_installation_show_and_count_as_a_change(
    fetch: Fetch, app: Flask, path: str, database_url: str, now: datetime
) -> None:
    before = fetch()
    words = {"database_url": database_url, "instance_path": app.instance_path, "plain_title": "Busy"}
    other = create_app(words)
    with time_machine.travel(now, tick=False):
        after = lint(other.test_client().get(path).data)
    other.extensions["feeds"].notes.wait()
    other.extensions["feeds"].reader.close()
    with other.app_context():
        db.engine.dispose()
    assert (titles(before), titles(after)) == (["Appointment"], ["Busy"])
    assert (stamps(before), stamps(after)) == ({("1", "20260715T200000Z")}, {("2", "20260715T200001Z")})


def test_other_words_are_served_where_nothing_can_be_written_and_noted_when_it_can(
    fetch: Fetch, app: Flask, path: str, sessions: sessionmaker[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk while an administrator's words change."""
    fetch()
    bodies, said = app.extensions["feeds"].bodies, Wording(plain_title="Busy")
    bodies.wording, bodies.fingerprint = said, feed_bodies.fingerprint_of(said)
    with monkeypatch.context() as full:
        for verb in ("say_anew", "keep_body"):
            full.setattr(keeping, verb, refuse_to_write)
        assert titles(fetch()) == ["Busy"]
        full.undo()
        full.setattr(keeping, "say_anew", refuse_to_write)
        assert titles(fetch()) == ["Busy"]
    with sessions() as session:
        assert session.query(FeedBody.wording).scalar() != bodies.fingerprint
    assert (titles(again := fetch()), stamps(again)) == (["Busy"], {("2", "20260715T200001Z")})


def refuse_to_write(*_: object, **__: object) -> None:
    raise OperationalError("", {}, Exception("database or disk is full"))


def test_the_span_moves_after_four_weeks_and_not_before(
    fetch: Fetch, sessions: sessionmaker[Database], now: datetime
) -> None:
    def begins() -> str:
        (event,) = fetch().parts("VEVENT")
        return event.one("DTSTART").value

    def moved(weeks: int) -> int:
        with sessions() as session, transaction(session):
            return service.move_spans(session, now=now + timedelta(weeks=weeks))

    assert begins() == "20260602T190000"
    assert [moved(weeks) for weeks in (0, 3, 11, 12)] == [0, 0, 1, 0]
    assert begins() == "20260707T190000"


AT_ONCE = 20


def made_when_all_ask(app: Flask, path: str, monkeypatch: pytest.MonkeyPatch, now: datetime) -> int:
    """How often a stale body is made where so many ask for it at one moment; all get the same calendar."""
    feeds, made, gate = app.extensions["feeds"], [], Barrier(AT_ONCE)
    really = feed_bodies.written

    def slowly(content: CalendarContent) -> ics.Written:
        made.append(1)
        sleep(0.05)
        return really(content)

    def ask(_: int) -> tuple[int, bytes]:
        gate.wait()
        answer = app.test_client().get(path)
        feeds.reader.close()
        return answer.status_code, answer.data

    monkeypatch.setattr(feed_bodies, "written", slowly)
    with time_machine.travel(now, tick=False), ThreadPoolExecutor(AT_ONCE) as many:
        [(status, _)] = set(many.map(ask, range(AT_ONCE)))
    feeds.notes.wait()
    assert status == 200
    return len(made)


def test_a_stale_body_is_made_once_however_many_ask_at_once(
    app: Flask, path: str, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    assert made_when_all_ask(app, path, monkeypatch, now) == 1


def test_without_its_locks_it_would_be_made_often(
    app: Flask, path: str, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    """The twin: whoever finds it stale makes it."""
    bodies = app.extensions["feeds"].bodies
    monkeypatch.setattr(bodies, "_locks", [Semaphore(AT_ONCE)] * len(bodies._locks))
    monkeypatch.setattr(bodies, "_renderings", Semaphore(AT_ONCE))  # nobody is told to come again
    assert made_when_all_ask(app, path, monkeypatch, now) > 1


def test_two_at_once_are_made_others_come_again_and_what_is_stored_does_not_wait(
    app: Flask,
    path: str,
    sessions: sessionmaker[Database],
    people: Everybody,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with sessions() as session, transaction(session):
        others = [subscribe(session, people.facilitator, now, replace(PHONE, name=str(n))) for n in range(3)]
    feeds, making, go_on = app.extensions["feeds"], Semaphore(0), Event()
    really = feed_bodies.written

    def held_up(content: CalendarContent) -> ics.Written:
        making.release()
        go_on.wait()
        return really(content)

    def ask(address: str) -> tuple[int, str | None]:
        answer = app.test_client().get(address)
        feeds.reader.close()
        return answer.status_code, answer.headers.get("Retry-After")

    with time_machine.travel(now, tick=False), ThreadPoolExecutor(2) as two:
        assert ask(path) == (200, None)
        monkeypatch.setattr(feed_bodies, "written", held_up)
        asked = [two.submit(ask, each) for each in others[:2]]
        for _ in asked:
            making.acquire()
        assert ask(path) == (200, None)  # it is stored
        monkeypatch.setattr(feed_bodies, "PATIENCE", 0)
        assert [ask(others[2]), ask(others[0])] == [(503, "60")] * 2
        with sessions() as session, transaction(session):
            raise_calendars(session, [people.member.id], now=now)
        assert ask(path) == (503, "60")  # never what is stale
        go_on.set()
        assert [each.result() for each in asked] == [(200, None)] * 2
        assert [ask(each) for each in (path, *others)] == [(200, None)] * 4
    feeds.notes.wait()


class Meanwhile:
    """Changes a group's length and says so in the middle of the making of a body, before its n-th statement.

    On SQLite nobody gets in between any more once the body is being stored.
    """

    def __init__(
        self, sessions: sessionmaker[Database], people: Everybody, series: int, now: datetime
    ) -> None:
        self.sessions, self.people, self.series, self.now = sessions, people, series, now
        self.left, self.happened = -1, False

    def change(self, minutes: int) -> None:
        with self.sessions() as session, transaction(session):
            session.get_one(Series, self.series).duration = minutes
            raise_calendars(session, [self.people.member.id], now=self.now)

    def before_a_statement(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        """To be listened with on the engine that serves: this one is another."""
        if self.left == 0:
            self.happened = True
            self.change(75)
        self.left = -1 if statement == "BEGIN IMMEDIATE" else self.left - 1


STATEMENTS = 14
"""As many as the making of a body takes, storing included."""


def test_a_change_in_the_middle_of_making_shows_at_the_next_fetch(
    fetch: Fetch, app: Flask, sessions: sessionmaker[Database], people: Everybody, series: int, now: datetime
) -> None:
    meanwhile = Meanwhile(sessions, people, series, now)
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", meanwhile.before_a_statement)
    happened = []
    for number in range(STATEMENTS):
        meanwhile.change(60)
        meanwhile.left, meanwhile.happened = number, False
        fetch()
        meanwhile.left = -1
        happened.append(meanwhile.happened)
        [shown] = fetch().parts("VEVENT")
        assert (shown.one("DTEND").value[-6:] == "201500") == meanwhile.happened, number
    assert happened.count(True) > 8


def test_a_body_that_claims_the_newer_revision_would_be_noticed(
    fetch: Fetch,
    app: Flask,
    sessions: sessionmaker[Database],
    people: Everybody,
    series: int,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The twin: what is stored says the revision of the moment in which it is stored."""
    really = keeping.keep_body

    def keep(session: Database, **told: Any) -> None:
        told["calendar_revision"] = revision_of(session, people.member.id)
        really(session, **told)

    monkeypatch.setattr(keeping, "keep_body", keep)
    with pytest.raises(AssertionError):
        test_a_change_in_the_middle_of_making_shows_at_the_next_fetch(
            fetch, app, sessions, people, series, now
        )


def test_a_body_made_from_older_rows_does_not_replace_a_newer_one(
    fetch: Fetch, sessions: sessionmaker[Database]
) -> None:
    fetch()
    with sessions() as session, transaction(session):
        feed_id = session.query(Feed.id).scalar()
        was = queries.owned(session, feed_id).body
        keeping.keep_body(
            session,
            feed_id=feed_id,
            calendar_revision=0,
            feed_revision=9,
            wording="",
            etag="old",
            last_modified=datetime.fromisoformat("2020-01-01T00:00Z"),
            body=b"",
        )
        assert queries.owned(session, feed_id).body == was


def test_it_is_served_even_where_it_cannot_be_stored(
    fetch: Fetch, sessions: sessionmaker[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "keep_body", refuse_to_write)
    assert titles(fetch()) == ["Appointment"]
    with sessions() as session:
        assert session.query(FeedBody).count() == 0


def test_one_broken_series_breaks_no_feed(
    fetch: Fetch,
    sessions: sessionmaker[Database],
    people: Everybody,
    now: datetime,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with sessions() as session, transaction(session):
        for broken in ({"rule": "FREQ=SECONDLY"}, {"timezone": "Nowhere/At_All"}):
            other = factories.series(session, "Secret title")
            factories.enrollment(session, other, people.member.id)
            row = session.get_one(Series, other)
            for name, value in broken.items():
                setattr(row, name, value)
        raise_calendars(session, [people.member.id], now=now)
    assert titles(fetch()) == ["Appointment"]
    left_out = [record.getMessage() for record in caplog.records if "left series" in record.getMessage()]
    assert len(left_out) == 2
    assert "Secret" not in caplog.text


def test_what_a_feed_leaves_out_stands_on_the_administrators_page_until_it_is_mended(
    fetch: Fetch, clients: Clients, sessions: sessionmaker[Database], people: Everybody, now: datetime
) -> None:
    def change(**columns: str) -> None:
        with sessions() as session, transaction(session):
            for name, value in columns.items():
                setattr(session.get_one(Series, 1), name, value)
            raise_calendars(session, [people.member.id], now=now)
        fetch()

    page = clients(people.administrator)
    fetch()
    assert "leaves something out" not in page.get("/admin/people").text
    assert "Nothing: every calendar holds all that it should." in page.get("/admin/calendars").text
    change(rule="FREQ=SECONDLY")
    assert "One calendar leaves something out." in page.get("/admin/people").text
    told = page.get("/admin/calendars").text
    assert "<b>Group: Tuesday evening group</b>" in told
    assert "series 1, in one calendar" in told
    assert "Renee Tamm" not in told
    with sessions() as session, transaction(session):
        role = Role.COORDINATOR.value
        session.add(PersonRole(person_id=people.administrator.id, role=role, given_at=now))
    assert '<a class="title" href="/coordinator/series/1">Group: Tuesday evening group</a>' in (
        page.get("/admin/calendars").text
    )
    change(rule="FREQ=WEEKLY;BYDAY=TU")
    assert "leaves something out" not in page.get("/admin/people").text


def test_an_entry_that_the_bytes_refuse_counts_as_missing_too(
    fetch: Fetch, sessions: sessionmaker[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(ics, "_rrule", broken)
    assert fetch().parts("VEVENT") == []
    with sessions() as session:
        assert [(row.feed_id, row.series_id) for row in session.query(FeedMissing)] == [(1, 1)]


def test_when_a_zone_gets_new_rules_the_calendar_follows_and_keeps_its_wall_times(
    fetch: Fetch, sessions: sessionmaker[Database], tmp_path: Path, now: datetime
) -> None:
    before = fetch()
    with ruled(tmp_path, New_York=SUMMER_STAYS):
        rebuild(sessions, now)
        after = fetch()
        rebuild(sessions, now)
        assert fetch() == after
    assert [zone_blocks(calendar) for calendar in (before, after)] == [
        [("DAYLIGHT", "-0400"), ("STANDARD", "-0500")],
        [("STANDARD", "-0400")],
    ]
    starts = [[e.one("DTSTART").value for e in calendar.parts("VEVENT")] for calendar in (before, after)]
    assert starts[0] == starts[1]
    assert stamps(before).isdisjoint(stamps(after))


def zone_blocks(calendar: Component) -> list[tuple[str, str]]:
    [zone] = calendar.parts("VTIMEZONE")
    found = [
        (name, part.one("TZOFFSETTO").value) for name in ("DAYLIGHT", "STANDARD") for part in zone.parts(name)
    ]
    return sorted(found)


def test_that_nobody_met_appears_in_no_calendar(
    app: Flask, path: str, sessions: sessionmaker[Database], people: Everybody, series: int, now: datetime
) -> None:
    with time_machine.travel(now, tick=False):
        before = app.test_client().get(path)
        with sessions() as session, transaction(session):
            gone = (Occurrence.series_id == series) & (Occurrence.ends_at < now)
            number = session.scalars(
                select(Occurrence.id).where(gone).order_by(Occurrence.starts_at.desc()).limit(1)
            ).one()
            record_not_met(
                session, actor=people.coordinator.actor, occurrence_id=number, reason="Snow", now=now
            )
        after = app.test_client().get(path)
        raise_all(sessions, people, now)
        anew = app.test_client().get(path)
    app.extensions["feeds"].notes.wait()
    app.extensions["feeds"].reader.close()
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])
    assert anew.data != before.data
    assert b"Snow" not in anew.data
    assert lint(anew.data).parts("VEVENT") != []
    assert b"CANCELLED" not in anew.data


def raise_all(sessions: sessionmaker[Database], people: Everybody, now: datetime) -> None:
    with sessions() as session, transaction(session):
        raise_calendars(session, [people.member.id], now=now)
