"""Arriving by a printed slip."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.config import Settings
from scheduler.domain.access.slip_codes import grouped
from scheduler.domain.access.slips import make_slip
from scheduler.domain.calendars.models import Feed, FeedKind
from scheduler.domain.people.models import OneTimeLink, SignIn
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.people.service import disable
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support import factories
from tests.support.filling import alike, send
from tests.support.people import Everybody, Someone

DEAD = "A slip works once, and not for long. Check each letter, or ask for a new slip."
TELLING = re.compile(
    r"recover|addict|rehab|treatment|sober|clinic|therap|12-step|988|lindenfield", re.IGNORECASE
)
Sessions = sessionmaker[Database]


@pytest.fixture
def settings(app: Flask) -> Settings:
    found: Settings = app.extensions["settings"]
    return found


@pytest.fixture
def code(sessions: Sessions, people: Everybody, settings: Settings) -> str:
    return printed(sessions, people.member, settings)


def printed(sessions: Sessions, person: Someone, settings: Settings) -> str:
    with sessions() as session, transaction(session):
        return make_slip(
            session,
            actor=SYSTEM,
            person_id=person.id,
            secret_key=settings.secret_key,
            lasts=timedelta(days=settings.slip_days),
            now=clock.now(),
        ).code


def used(sessions: Sessions) -> list[bool]:
    with sessions() as session:
        return [
            at is not None for at in session.scalars(select(OneTimeLink.used_at).order_by(OneTimeLink.id))
        ]


def test_scanning_and_one_tap_sign_in_and_lead_to_the_locked_phones(
    clients: Clients, people: Everybody, sessions: Sessions, code: str
) -> None:
    phone = clients(None)
    answer = send(phone, f"/s/{code}", to="/s", code=code)
    assert (answer.status_code, answer.location) == (303, "/member/calendar/look")
    page = phone.get("/member/calendar/look")
    assert page.status_code == 200
    assert "What someone next to you can read" in page.text
    with sessions() as session:
        begun = session.scalars(select(SignIn).order_by(SignIn.id.desc())).first()
        assert begun is not None
        assert (begun.person_id, begun.method) == (people.member.id, "slip")
        assert abs(begun.expires_at - clock.now() - timedelta(days=90)) < timedelta(minutes=1)
    assert "Max-Age" in answer.headers["Set-Cookie"] or "Expires" in answer.headers["Set-Cookie"]


def test_a_style_makes_the_calendar_and_shows_its_address(
    clients: Clients, people: Everybody, sessions: Sessions, code: str
) -> None:
    phone = clients(None)
    send(phone, f"/s/{code}", to="/s", code=code)
    hidden = {"name": "My phone", "alarm": "none"}
    page = send(phone, "/member/calendar/look", to="/member/calendar/feeds", titles="discreet", **hidden)
    assert page.status_code == 200
    first = re.search(r'<a class="btn" href="([^"]+)"', page.text)
    assert first is not None
    assert first[1].startswith("webcal://")
    with sessions() as session:
        feed = session.scalars(select(Feed)).one()
        told = (feed.person_id, feed.name, feed.titles, feed.show_place, feed.show_link)
        assert told == (people.member.id, "My phone", "discreet", False, False)
        assert session.query(FeedKind).count() == 0


def test_the_locked_phones_of_who_has_no_session_yet_show_an_example_that_says_so(
    clients: Clients, people: Everybody
) -> None:
    page = clients(people.member).get("/member/calendar/look").text
    assert "For example: you have no session yet." in page
    shown = re.findall(r'name="titles" value="(\w+)".*?<b>(.*?)</b>', page, re.DOTALL)
    assert shown == [
        ("plain", "Appointment"),
        ("discreet", "Evening class"),
        ("full", "Evening group"),
    ]


def test_a_style_that_reads_like_the_first_is_left_out(
    clients: Clients, people: Everybody, sessions: Sessions
) -> None:
    with sessions() as session, transaction(session):
        series = factories.series(session)
        factories.enrollment(session, series, people.member.id)
        factories.occurrence(session, series, datetime(2026, 7, 21, 19))
    with time_machine.travel(datetime(2026, 7, 15, 20, tzinfo=UTC)):
        page = clients(people.member).get("/member/calendar/look").text
    shown = re.findall(r'name="titles" value="(\w+)".*?<b>(.*?)</b>', page, re.DOTALL)
    assert shown == [("plain", "Appointment"), ("full", "Tuesday evening group")]


@pytest.mark.parametrize("as_typed", [str, grouped, str.lower, lambda code: f" {code[:5]} {code[5:]} "])
def test_it_can_be_typed_by_hand(clients: Clients, code: str, as_typed: "type[str]") -> None:
    assert send(clients(None), "/s", code=as_typed(code)).status_code == 303


def test_looking_uses_nothing_up_and_tells_nothing(clients: Clients, sessions: Sessions, code: str) -> None:
    preview = clients(None)
    wrong = "0" * 10
    pages = {each: preview.get(f"/s/{each}") for each in (code, grouped(code), wrong)}
    assert {page.status_code for page in pages.values()} == {200}
    assert {page.headers["Cache-Control"] for page in pages.values()} == {"no-store"}
    assert len({alike(page.text, code=code, wrong=wrong) for page in pages.values()}) == 2  # [code], [wrong]
    assert alike(pages[code].text, code=code) == alike(pages[wrong].text, code=wrong)
    assert used(sessions) == [False]
    assert preview.head(f"/s/{code}").status_code == 200
    assert used(sessions) == [False]


def test_an_address_without_a_code_asks_for_one(clients: Clients) -> None:
    for address in ("/s", "/s/", "/s/nonsense", "/s/%00"):
        page = clients(None).get(address)
        assert page.status_code in {200, 404}
    assert 'name="code"' in clients(None).get("/s").text
    assert "Ten letters and numbers" in clients(None).get("/s/nonsense").text


def test_a_stranger_who_finds_the_paper_learns_nothing(clients: Clients, code: str) -> None:
    for address in ("/s", f"/s/{code}"):
        page = clients(None).get(address).text
        assert re.search(r"<title>(.*?)</title>", page)[1] == "Calendar"  # type: ignore[index]
        assert TELLING.search(page) is None


def test_used_late_wrong_and_ended_are_one_answer(
    clients: Clients, people: Everybody, sessions: Sessions, settings: Settings, no_limit_by_address: None
) -> None:
    answers = {}

    def tried(name: str, code: str) -> None:
        answer = send(clients(None), "/s", code=code)
        answers[name] = (answer.status_code, DEAD in answer.text, alike(answer.text, code=code))

    first = printed(sessions, people.member, settings)
    assert send(clients(None), "/s", code=first).status_code == 303
    tried("used", first)
    ended = printed(sessions, people.member, settings)
    printed(sessions, people.member, settings)
    tried("ended by a newer one", ended)
    other = printed(sessions, people.other_member, settings)
    with sessions() as session, transaction(session):
        disable(session, actor=SYSTEM, person_id=people.other_member.id, now=clock.now())
    tried("of somebody disabled", other)
    tried("guessed", "0123456789")
    tried("no code at all", "hello")
    late = printed(sessions, people.member, settings)
    with time_machine.travel(clock.now() + timedelta(days=settings.slip_days), tick=False):
        tried("late", late)
    assert answers["used"][:2] == (422, True)
    assert answers == dict.fromkeys(answers, answers["used"])


def test_guesses_from_one_place_are_locked_out_and_a_right_code_waits_too(
    clients: Clients, code: str, settings: Settings, no_limit_by_address: None
) -> None:
    for _ in range(settings.lockout_tries):
        assert DEAD in send(clients(None), "/s", code="0123456789").text
    waits = send(clients(None), "/s", code=code)
    assert waits.status_code == 422
    assert "There were too many tries from here. Wait 15 minutes." in waits.text
    elsewhere = clients(None)
    elsewhere.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    assert send(elsewhere, "/s", code=code).status_code == 303


def test_a_right_code_forgets_the_wrong_ones(
    clients: Clients, people: Everybody, sessions: Sessions, settings: Settings, no_limit_by_address: None
) -> None:
    for _ in range(2):
        for _ in range(settings.lockout_tries - 1):
            send(clients(None), "/s", code="0123456789")
        assert send(clients(None), "/s", code=printed(sessions, people.member, settings)).status_code == 303


def test_more_than_twenty_a_minute_from_one_machine_are_turned_away(clients: Clients) -> None:
    client = clients(None)
    statuses = [send(client, "/s", code="0123456789").status_code for _ in range(22)]
    assert statuses[-1] == 429


def test_it_takes_the_place_of_who_was_signed_in_here_and_says_so(
    clients: Clients, people: Everybody, sessions: Sessions, code: str
) -> None:
    shared = clients(people.coordinator)
    assert "Odile K. is signed in here. Opening it signs them out." in shared.get(f"/s/{code}").text
    send(shared, f"/s/{code}", to="/s", code=code)
    assert shared.get("/coordinator/week").status_code == 404
    with sessions() as session:
        assert session.scalars(select(SignIn).where(SignIn.person_id == people.coordinator.id)).all() == []


def test_nothing_of_the_cookie_before_is_kept(clients: Clients, code: str) -> None:
    phone = clients(None)
    with phone.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    send(phone, f"/s/{code}", to="/s", code=code)
    with phone.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.permanent


def test_a_form_without_its_token_changes_nothing(clients: Clients, sessions: Sessions, code: str) -> None:
    assert clients(None).post("/s", data={"code": code}).status_code == 400
    assert used(sessions) == [False]


def test_a_page_that_was_left_open_until_the_slip_was_over(
    clients: Clients, sessions: Sessions, code: str
) -> None:
    phone: FlaskClient = clients(None)
    phone.get(f"/s/{code}")
    with sessions() as session, transaction(session):
        session.execute(update(OneTimeLink).values(expires_at=clock.now()))
    assert DEAD in send(phone, f"/s/{code}", to="/s", code=code).text
