"""The second step at the door: nobody is signed in before it."""

from datetime import timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.app import create_app
from scheduler.domain.access import sealing, second_step
from scheduler.domain.access.models import SecondFactor
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support import factories
from tests.support.filling import send
from tests.support.people import Everybody, Someone
from tests.web.auth.conftest import PASSWORD, Doors

pytestmark = pytest.mark.usefixtures("quick_hashes", "no_limit_by_address")
STEP = "/sign-in/second-step"
WRONG = "This is not the code, or it was used before."
Sessions = sessionmaker[Database]
DAY = timedelta(days=1)


def with_app(app: Flask, sessions: Sessions, person: Someone) -> tuple[pyotp.TOTP, tuple[str, ...]]:
    """An app of theirs since yesterday, and its printed codes."""
    key, before = app.config["SECRET_KEY"], clock.now() - DAY
    with sessions() as session, transaction(session):
        second_step.set_up(session, actor=person.actor, secret_key=key, now=before)
        sealed = session.get_one(SecondFactor, person.id).sealed_secret
        totp = pyotp.TOTP(sealing.opened(key, sealed) or "")
        codes = second_step.confirm(
            session, actor=person.actor, typed=totp.at(before), secret_key=key, now=before
        )
    return totp, codes


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/me").status_code == 200


def test_the_password_leads_to_the_step_and_the_code_signs_in(
    app: Flask, clients: Clients, people: Everybody, doors: Doors, sessions: Sessions
) -> None:
    totp, _codes = with_app(app, sessions, people.coordinator)
    client = clients(None)
    answer = doors.sign_in(client, people.coordinator)
    assert (answer.status_code, answer.location) == (303, STEP)
    assert not is_signed_in(client)
    answer = send(client, STEP, code=totp.at(clock.now()))
    assert (answer.status_code, answer.location) == (303, "/coordinator/board")
    assert is_signed_in(client)


def test_a_code_works_once(
    app: Flask, clients: Clients, people: Everybody, doors: Doors, sessions: Sessions
) -> None:
    with time_machine.travel("2026-07-15T20:00:00Z", tick=False):
        totp, printed = with_app(app, sessions, people.coordinator)
        for code in (totp.at(clock.now()), printed[0]):
            first, second = clients(None), clients(None)
            for client in (first, second):
                doors.sign_in(client, people.coordinator)
            assert send(first, STEP, code=code).status_code == 303
            again = send(second, STEP, code=code)
            assert (again.status_code, WRONG in again.text, is_signed_in(second)) == (422, True, False)


def test_tries_are_counted_with_the_passwords(
    app: Flask, clients: Clients, people: Everybody, doors: Doors, sessions: Sessions
) -> None:
    totp, _codes = with_app(app, sessions, people.coordinator)
    client = clients(None)
    doors.sign_in(client, people.coordinator)
    for _ in range(9):
        assert WRONG in send(client, STEP, code="000000").text
    answer = send(client, STEP, code=totp.at(clock.now()))
    assert (answer.status_code, "Wait 15 minutes" in answer.text) == (422, True)
    assert not is_signed_in(client)


def test_the_password_alone_forgets_no_tries(
    app: Flask, clients: Clients, people: Everybody, doors: Doors, sessions: Sessions
) -> None:
    """Or whoever knows it could guess codes for ever."""
    with_app(app, sessions, people.coordinator)
    client = clients(None)
    for _ in range(5):
        doors.sign_in(client, people.coordinator)
        send(client, STEP, code="000000")
    assert "too many tries" in doors.sign_in(client, people.coordinator).text


def test_the_step_waits_five_minutes_and_for_this_password(
    app: Flask, clients: Clients, people: Everybody, doors: Doors, sessions: Sessions
) -> None:
    with time_machine.travel("2026-07-15T20:00:00Z", tick=False) as time:
        with_app(app, sessions, people.coordinator)
        client = clients(None)
        doors.sign_in(client, people.coordinator)
        time.shift(timedelta(minutes=4, seconds=59))
        assert client.get(STEP).status_code == 200
        time.shift(timedelta(seconds=1))
        assert client.get(STEP).location == "/sign-in"
        doors.sign_in(client, people.coordinator)
        doors.give_password(people.coordinator)
        assert client.get(STEP).location == "/sign-in"


def test_nobody_comes_to_the_step_without_the_password(clients: Clients, people: Everybody) -> None:
    assert clients(None).get(STEP).location == "/sign-in"


def test_staff_with_a_passkey_need_it_beside_the_password_and_members_do_not(
    clients: Clients, people: Everybody, doors: Doors, sessions: Sessions
) -> None:
    with sessions() as session, transaction(session):
        for person in (people.coordinator, people.member):
            factories.passkey(session, person.id)
    client = clients(None)
    assert doors.sign_in(client, people.coordinator).location == STEP
    assert "Now use your passkey." in client.get(STEP).text
    assert send(client, "/sign-in", to=STEP, code="000000").status_code == 422
    assert not is_signed_in(client)
    assert doors.sign_in(clients(None), people.member).location == "/member/week"


@pytest.fixture
def strict(app: Flask, database_url: str) -> Flask:
    """The same application where staff need a second step."""
    given = app.extensions["settings"]
    made = create_app(
        {
            "database_url": database_url,
            "instance_path": given.instance_path,
            "secret_key": given.secret_key,
            "staff_second_factor": True,
        }
    )
    made.config["TESTING"] = True
    with made.app_context():
        db.engine.dispose()
    return made


def test_staff_without_one_reach_only_the_page_that_sets_it_up(
    strict: Flask, people: Everybody, doors: Doors, sessions: Sessions
) -> None:
    client = Clients(strict)(None)
    page = "/me/second-step"
    assert send(client, "/sign-in", email=people.coordinator.email, password=PASSWORD).status_code == 303
    for address in ("/coordinator/week", "/coordinator/people", "/me", "/me/sign-ins"):
        assert client.get(address).location == page, address
    found = client.get(page)
    assert "Set one up to go on" in found.text
    assert send(client, page, to=f"{page}/begin").location == page
    with sessions() as session:
        sealed = session.get_one(SecondFactor, people.coordinator.id).sealed_secret
    totp = pyotp.TOTP(sealing.opened(strict.config["SECRET_KEY"], sealed) or "")
    assert totp.secret in client.get(page).text
    assert client.get("/coordinator/week").location == page
    shown = send(client, page, to=f"{page}/confirm", code=totp.at(clock.now()))
    assert shown.text.count("<code>") == 10
    assert shown.headers["Cache-Control"] == "no-store"
    assert client.get("/coordinator/week").status_code == 200


def test_staff_without_one_may_sign_out(strict: Flask, people: Everybody, doors: Doors) -> None:
    client = Clients(strict)(people.facilitator)
    assert client.get("/facilitator/today").location == "/me/second-step"
    assert send(client, "/me/second-step", to="/sign-out").location == "/sign-in"


def test_members_need_none(strict: Flask, people: Everybody) -> None:
    assert Clients(strict)(people.member).get("/member/week").status_code == 200
