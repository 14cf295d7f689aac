"""Being locked out: by the address that was typed, counted before anything is compared."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.people.models import Lockout
from tests.conftest import Clients
from tests.support.filling import alike, send
from tests.support.people import Everybody
from tests.web.auth.conftest import Doors

pytestmark = pytest.mark.usefixtures("quick_hashes")
WAIT = "There were too many tries for this e-mail. Wait 15 minutes, or ask for a new password."


def test_after_ten_wrong_ones_even_the_right_one_has_to_wait(
    clients: Clients, people: Everybody, doors: Doors
) -> None:
    client = clients(None)
    with time_machine.travel("2026-07-15T20:00:00Z", tick=False) as time:
        for _ in range(10):
            assert WAIT not in doors.sign_in(client, people.member, "wrong words again").text
        answer = doors.sign_in(client, people.member)
        assert (answer.status_code, WAIT in answer.text) == (422, True)
        time.shift(timedelta(minutes=14, seconds=59))
        assert doors.sign_in(client, people.member).status_code == 422
        time.shift(timedelta(seconds=1))
        assert doors.sign_in(client, people.member).status_code == 303


def test_a_right_password_forgets_the_wrong_ones(clients: Clients, people: Everybody, doors: Doors) -> None:
    for _ in range(2):
        client = clients(None)
        for _ in range(9):
            doors.sign_in(client, people.member, "wrong words again")
        assert doors.sign_in(client, people.member).status_code == 303


def test_an_address_nobody_has_is_locked_in_the_same_way(
    clients: Clients, people: Everybody, doors: Doors
) -> None:
    client = clients(None)

    def page(email: str) -> str:
        answer = send(client, "/sign-in", email=email, password="wrong words again")
        return f"{answer.status_code} {alike(answer.text, email=email)}"

    known, unknown = (
        [page(email) for _ in range(12)] for email in (people.member.email, "nobody@example.org")
    )
    assert known == unknown
    assert [WAIT in each for each in known] == [False] * 10 + [True] * 2


def test_what_is_counted_names_nobody(
    clients: Clients, people: Everybody, doors: Doors, sessions: sessionmaker[Database]
) -> None:
    doors.sign_in(clients(None), people.member, "wrong words again")
    with sessions() as session:
        keys = session.scalars(select(Lockout.key)).all()
    assert [len(key) for key in keys] == [64]
    assert people.member.email not in keys[0]


def test_of_many_guesses_at_once_only_ten_are_compared(
    app: Flask, clients: Clients, people: Everybody, doors: Doors, no_limit_by_address: None
) -> None:
    def guess(_number: int) -> str:
        answer = doors.sign_in(app.test_client(), people.member, "wrong words again")
        return "wait" if WAIT in answer.text else "compared"

    with ThreadPoolExecutor(16) as threads:
        assert Counter(threads.map(guess, range(40))) == {"compared": 10, "wait": 30}
