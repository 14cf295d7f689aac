"""One's own second step: set up, printed codes, removed."""

import re

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.access.queries import second_step_of
from tests.conftest import Clients
from tests.support.filling import send
from tests.support.people import Everybody
from tests.web.auth.conftest import Doors
from tests.web.auth.test_door_step import with_app

pytestmark = pytest.mark.usefixtures("quick_hashes", "no_limit_by_address")
PAGE = "/me/second-step"
Sessions = sessionmaker[Database]


def test_it_is_on_once_a_code_was_typed(clients: Clients, people: Everybody, sessions: Sessions) -> None:
    client = clients(people.facilitator)
    send(client, PAGE, to=f"{PAGE}/begin")
    page = client.get(PAGE).text
    assert "<svg" in page
    secret = re.search(r'id="app-secret" readonly value="([A-Z2-7]{32})"', page)
    assert secret
    assert send(client, PAGE, to=f"{PAGE}/confirm", code="12345").status_code == 422
    shown = send(client, PAGE, to=f"{PAGE}/confirm", code=pyotp.TOTP(secret[1]).at(clock.now()))
    codes = re.findall(r"<code>([0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{4})</code>", shown.text)
    assert len(set(codes)) == 10
    page = client.get(PAGE).text
    assert "10 printed codes are left." in page
    assert secret[1] not in page
    assert not any(code in page for code in codes)


def test_new_printed_codes_and_removing_need_a_code(
    app: Flask, clients: Clients, people: Everybody, doors: Doors, sessions: Sessions
) -> None:
    with time_machine.travel("2026-07-15T20:00:00Z", tick=False) as time:
        totp, printed = with_app(app, sessions, people.coordinator)
        client = clients(None)
        doors.sign_in(client, people.coordinator)
        send(client, "/sign-in/second-step", code=totp.at(clock.now()))
        for act in ("codes", "remove"):
            assert send(client, PAGE, to=f"{PAGE}/{act}", code="000000").status_code == 422
            used = send(client, PAGE, to=f"{PAGE}/{act}", code=totp.at(clock.now()))
            assert used.status_code == 422, "the code of the door"
        shown = send(client, PAGE, to=f"{PAGE}/codes", code=printed[0])
        assert shown.text.count("<code>") == 10
        assert send(client, PAGE, to=f"{PAGE}/remove", code=printed[1]).status_code == 422, "replaced"
        time.shift(30)
        assert send(client, PAGE, to=f"{PAGE}/remove", code=totp.at(clock.now())).location == PAGE
    with sessions() as session:
        assert second_step_of(session, people.coordinator.id).sealed_secret is None


def test_members_have_none(clients: Clients, people: Everybody) -> None:
    client = clients(people.member)
    assert "Only whoever works here needs one." in client.get(PAGE).text
    assert send(client, PAGE, to=f"{PAGE}/begin").status_code == 404


def test_an_administrator_resets_what_somebody_lost(
    app: Flask, clients: Clients, people: Everybody, sessions: Sessions
) -> None:
    with_app(app, sessions, people.coordinator)
    theirs, page = clients(people.coordinator), f"/admin/people/{people.coordinator.id}"
    answer = send(clients(people.administrator), page, to=f"{page}/reset-second-step")
    assert (answer.status_code, answer.location) == (303, page)
    assert theirs.get("/me").status_code == 303
    with sessions() as session:
        assert second_step_of(session, people.coordinator.id).sealed_secret is None
