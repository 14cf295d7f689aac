"""Signing in."""

import re
from collections.abc import Mapping
from datetime import timedelta
from statistics import median
from time import perf_counter

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.people.models import SignIn
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import disable, give_role
from scheduler.domain.people.sign_ins import hash_of
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support.filling import alike, send
from tests.support.people import Everybody
from tests.web.auth.conftest import PASSWORD, Doors

WRONG = "The e-mail or the password is not right. Try again, or ask for a new password."


def cookie_of(client: FlaskClient) -> Mapping[str, object]:
    with client.session_transaction() as session:
        return dict(session)


@pytest.mark.parametrize(
    ("roles", "home"),
    [
        ([], "/member/week"),
        ([Role.FACILITATOR], "/facilitator/today"),
        ([Role.ADMINISTRATOR], "/member/week"),
        ([Role.FACILITATOR, Role.COORDINATOR, Role.ADMINISTRATOR], "/coordinator/board"),
    ],
)
def test_it_leads_home_by_the_first_role_that_applies(
    clients: Clients,
    people: Everybody,
    doors: Doors,
    sessions: sessionmaker[Database],
    roles: list[Role],
    home: str,
) -> None:
    with sessions() as session, transaction(session):
        for role in roles:
            give_role(session, actor=SYSTEM, person_id=people.member.id, role=role, now=clock.now())
    answer = doors.sign_in(clients(None), people.member)
    assert (answer.status_code, answer.location) == (303, home)


def test_an_administrator_comes_to_the_accounts(clients: Clients, people: Everybody, doors: Doors) -> None:
    doors.give_password(people.administrator)
    assert doors.sign_in(clients(None), people.administrator).location == "/admin/people"


def test_it_leads_where_one_wanted_to_go(clients: Clients, people: Everybody, doors: Doors) -> None:
    client = clients(None)
    door = client.get("/member/week?week=2026-07-13").location
    assert door == "/sign-in?next=/member/week?week%3D2026-07-13"
    answer = send(client, door, email=people.member.email, password=PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/member/week?week=2026-07-13")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "member/week",
        "/a\nb",
    ],
)
def test_it_never_leads_to_another_site(
    clients: Clients, people: Everybody, doors: Doors, elsewhere: str
) -> None:
    client = clients(None)
    door = client.get("/sign-in", query_string={"next": elsewhere}).request.full_path
    assert send(client, door, email=people.member.email, password=PASSWORD).location == "/member/week"


def test_an_address_is_typed_as_one_likes(clients: Clients, people: Everybody, doors: Doors) -> None:
    answer = send(clients(None), "/sign-in", email=f" {people.member.email.upper()} ", password=PASSWORD)
    assert answer.status_code == 303


def test_unknown_wrong_and_disabled_are_answered_alike(
    clients: Clients, people: Everybody, doors: Doors, sessions: sessionmaker[Database]
) -> None:
    client = clients(None)
    with sessions() as session, transaction(session):
        disable(session, actor=SYSTEM, person_id=people.coordinator.id, now=clock.now())
    tries = {
        "wrong password": (people.member.email, "some other words in a row"),
        "unknown address": ("nobody@example.org", PASSWORD),
        "without a password": (people.facilitator.email, PASSWORD),
        "disabled": (people.coordinator.email, PASSWORD),
    }
    answers = {}
    for name, (email, password) in tries.items():
        answer = send(client, "/sign-in", email=email, password=password)
        assert email in answer.text
        answers[name] = (answer.status_code, WRONG in answer.text, alike(answer.text, email=email))
    expected = answers["wrong password"]
    assert expected[:2] == (422, True)
    assert answers == dict.fromkeys(tries, expected)


def test_unknown_and_known_take_the_same_time(
    clients: Clients, people: Everybody, doors: Doors, no_limit_by_address: None
) -> None:
    client = clients(None)
    emails = {
        "known": people.member.email,
        "unknown": "nobody@example.org",
        "no password": people.facilitator.email,
    }
    seconds: dict[str, list[float]] = {name: [] for name in emails}
    for _round in range(7):
        for name, email in emails.items():
            begin = perf_counter()
            assert send(client, "/sign-in", email=email, password="wrong words again").status_code == 422
            seconds[name].append(perf_counter() - begin)
    usual = median(seconds["known"])
    # Without the hash that is made for nobody, an unknown address is answered in a tenth of the time.
    assert all(0.6 < median(each) / usual < 1.7 for each in seconds.values()), seconds


def test_the_password_is_never_sent_back(clients: Clients, people: Everybody, doors: Doors) -> None:
    answer = doors.sign_in(clients(None), people.member, "not the right words at all")
    assert "not the right words" not in answer.text


def test_an_empty_form_says_what_is_missing(clients: Clients, people: Everybody) -> None:
    answer = send(clients(None), "/sign-in", email="", password="")
    assert answer.status_code == 422
    assert "Type your e-mail address." in answer.text
    assert "Type your password." in answer.text


def test_the_cookie_of_before_is_worth_nothing_after(
    clients: Clients, people: Everybody, doors: Doors
) -> None:
    """Session fixation: what somebody put into the browser before does not become a sign-in."""
    client = clients(None)
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    client.get("/sign-in")
    before = cookie_of(client)
    doors.sign_in(client, people.member)
    after = cookie_of(client)
    assert "planted" in before
    assert "planted" not in after
    assert before["csrf_token"] != after.get("csrf_token")


def test_pages_that_are_asked_for_at_once_take_each_others_forms(
    clients: Clients, people: Everybody, doors: Doors
) -> None:
    """The cookie of whichever answer comes last is the one that stays."""
    client = clients(None)
    doors.sign_in(client, people.member)
    at_once = client.get_cookie("session")
    assert at_once is not None
    token = re.findall(r'name="csrf_token" value="([^"]+)"', client.get("/me").text)[0]
    client.set_cookie("session", at_once.value)
    client.get("/member/calendar")
    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 303


def test_a_sign_in_over_another_ends_that_one(
    clients: Clients, people: Everybody, doors: Doors, sessions: sessionmaker[Database]
) -> None:
    """Nothing on this device could sign out the one before any more."""
    client = clients(people.facilitator)
    client.get("/me")
    with client.session_transaction() as cookie:
        before = str(cookie["_user_id"])
    answer = send(client, "/me", to="/sign-in", email=people.member.email, password=PASSWORD)
    assert answer.status_code == 303
    with sessions() as session:
        ended = session.scalars(select(SignIn).where(SignIn.secret_hash == hash_of(before))).all()
    assert ended == []
    assert client.get("/me").status_code == 200


@pytest.mark.parametrize(
    ("who", "wishes", "lasts", "cookies"),
    [
        ("member", "to stay", timedelta(days=90), "outlive the browser"),
        ("member", "not to", timedelta(hours=12), "end with it"),
        ("coordinator", "to stay", timedelta(hours=12), "end with it"),
        ("coordinator", "not to", timedelta(hours=12), "end with it"),
    ],
)
def test_members_may_stay_signed_in_and_staff_never(
    clients: Clients,
    people: Everybody,
    doors: Doors,
    sessions: sessionmaker[Database],
    who: str,
    wishes: str,
    lasts: timedelta,
    cookies: str,
) -> None:
    person = getattr(people, who)
    with time_machine.travel("2026-07-15T20:00:00Z", tick=False):
        answer = doors.sign_in(clients(None), person, **({"keep": "y"} if wishes == "to stay" else {}))
        begun = clock.now()
    with sessions() as session:
        ends = session.scalars(
            select(SignIn.expires_at).where(SignIn.person_id == person.id).order_by(SignIn.id.desc())
        ).first()
    assert ends == begun + lasts
    cookie = next(value for name, value in answer.headers if name == "Set-Cookie")
    assert ("Expires=" in cookie) == (cookies == "outlive the browser")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_somebody_signed_in_is_led_on(clients: Clients, people: Everybody) -> None:
    answer = clients(people.facilitator).get("/sign-in")
    assert (answer.status_code, answer.location) == (303, "/facilitator/today")


def test_a_form_from_elsewhere_signs_nobody_in(clients: Clients, people: Everybody, doors: Doors) -> None:
    answer = clients(None).post("/sign-in", data={"email": people.member.email, "password": PASSWORD})
    assert answer.status_code == 400


def test_one_machine_may_not_ask_without_end(clients: Clients, people: Everybody) -> None:
    client = clients(None)
    found = [send(client, "/sign-in", email="", password="").status_code for _ in range(62)]
    assert found == [422] * 60 + [429] * 2
