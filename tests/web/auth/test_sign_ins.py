"""My sign-ins: seen, ended, noted as used."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.people.models import SignIn
from tests.conftest import Clients
from tests.support.filling import send
from tests.support.people import Everybody, Someone
from tests.web.auth.conftest import PASSWORD, Doors

pytestmark = pytest.mark.usefixtures("quick_hashes", "no_limit_by_address")
PAGE = "/me/sign-ins"
PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
Sessions = sessionmaker[Database]


def id_of(sessions: Sessions, client: FlaskClient) -> int:
    with sessions() as session:
        found = session.scalars(select(SignIn.id).order_by(SignIn.id.desc())).first()
    assert found
    return found


def sign_in(clients: Clients, person: Someone, agent: str = PHONE) -> FlaskClient:
    client = clients(None)
    client.environ_base["HTTP_USER_AGENT"] = agent
    send(client, "/sign-in", email=person.email, password=PASSWORD)
    return client


def test_it_tells_the_devices_and_marks_this_one(clients: Clients, people: Everybody, doors: Doors) -> None:
    here = sign_in(clients, people.member)
    sign_in(clients, people.member, "curl/8")
    page = here.get(PAGE).text
    assert page.index("Chrome on Android") < page.index("This device") < page.index("does not say")
    assert "By password" in page


def test_what_is_ended_is_over_there_at_once(
    clients: Clients, people: Everybody, doors: Doors, sessions: Sessions
) -> None:
    here = sign_in(clients, people.member)
    there = sign_in(clients, people.member)
    ended = id_of(sessions, there)
    assert send(here, PAGE, to=f"{PAGE}/{ended}/end").location == PAGE
    assert (there.get("/me").status_code, here.get("/me").status_code) == (303, 200)


def test_this_one_can_be_ended_too(
    clients: Clients, people: Everybody, doors: Doors, sessions: Sessions
) -> None:
    here = sign_in(clients, people.member)
    assert send(here, PAGE, to=f"{PAGE}/{id_of(sessions, here)}/end").location == "/sign-in"
    assert here.get("/me").status_code == 303


def test_all_others_end(clients: Clients, people: Everybody, doors: Doors) -> None:
    here, there = sign_in(clients, people.member), sign_in(clients, people.member)
    theirs = clients(people.other_member)
    assert send(here, PAGE, to=f"{PAGE}/end-others").location == PAGE
    found = [client.get("/me").status_code for client in (here, there, theirs, clients(people.member))]
    assert found == [200, 303, 200, 303]


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(
    clients: Clients, people: Everybody, doors: Doors
) -> None:
    here, thief = sign_in(clients, people.member), clients(None)
    with here.session_transaction() as cookie, thief.session_transaction() as copy:
        copy.update(cookie)
    assert thief.get("/me").status_code == 200
    send(here, "/me", to="/sign-out")
    assert thief.get("/me").status_code == 303


@pytest.mark.parametrize(("who", "minutes"), [("coordinator", 1), ("member", 60)])
def test_use_is_noted_seldom_and_after_the_answer(
    clients: Clients, people: Everybody, doors: Doors, sessions: Sessions, who: str, minutes: int
) -> None:
    def seen() -> object:
        with sessions() as session:
            return session.scalars(select(SignIn.seen_at).order_by(SignIn.id.desc())).first()

    with time_machine.travel("2026-07-15T20:00:00Z", tick=False) as time:
        client, begun = sign_in(clients, getattr(people, who)), clock.now()
        time.shift(timedelta(minutes=minutes, seconds=-1))
        client.get("/me").close()
        assert seen() == begun
        time.shift(timedelta(seconds=1))
        answer = client.get("/me")
        assert seen() == begun, "the answer is not out yet"
        answer.close()
        assert seen() == clock.now()


def test_a_busy_database_fails_no_page(
    app: Flask, clients: Clients, people: Everybody, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine.begin() as connection:
        connection.execute(update(SignIn).values(seen_at=clock.now() - timedelta(minutes=30)))
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE UPDATE ON sign_in BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    answer = clients(people.coordinator).get("/coordinator/week")
    assert answer.status_code == 200
    answer.close()


def test_a_sign_in_of_staff_ends_when_nobody_uses_it(
    clients: Clients, people: Everybody, doors: Doors, sessions: Sessions
) -> None:
    with time_machine.travel("2026-07-15T20:00:00Z", tick=False) as time:
        staff, member = sign_in(clients, people.coordinator), sign_in(clients, people.member)
        time.shift(timedelta(minutes=59))
        staff.get("/me").close()
        time.shift(timedelta(minutes=59))
        assert staff.get("/me").status_code == 200
        time.shift(timedelta(minutes=61))
        assert (staff.get("/me").status_code, member.get("/me").status_code) == (303, 200)
