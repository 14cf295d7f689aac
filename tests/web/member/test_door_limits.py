"""Codes that are tried one after the other: who tries them waits, and nobody else at that door does."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from tests.conftest import Clients
from tests.support.evenings import AT_SEVEN
from tests.support.filling import TOKEN
from tests.support.people import Everybody

NOW = AT_SEVEN + timedelta(minutes=5)
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}
TRIES = 60


@pytest.fixture(autouse=True)
def five_past() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def tries(client: FlaskClient) -> list[int]:
    """What 61 wrong codes are answered with."""
    return [client.get(f"/in/1-{n:020x}").status_code for n in range(TRIES + 1)]


def test_who_tries_codes_waits_and_the_others_at_the_door_come_in(
    clients: Clients, people: Everybody, door: str
) -> None:
    """All of them use the network of the house."""
    renee, marcus = clients(people.member), clients(people.other_member)
    assert tries(renee) == [410] * TRIES + [429]
    assert renee.get(door).status_code == 429
    assert marcus.get(door).status_code == 303
    assert clients(None).get(door).status_code == 303


def test_of_those_who_are_not_signed_in_the_network_waits(
    clients: Clients, people: Everybody, door: str
) -> None:
    stranger = clients(None)
    assert tries(stranger) == [410] * TRIES + [429]
    assert clients(None).get(door).status_code == 429
    assert clients(people.member).get(door).status_code == 303
    assert clients(None).get(door, environ_overrides=ELSEWHERE).status_code == 303


def test_who_presses_without_end_waits_alone(clients: Clients, people: Everybody, door: str) -> None:
    def pressing(client: FlaskClient, often: int) -> list[int]:
        client.get(door)
        found = TOKEN.search(client.get("/member/check-in").text)
        assert found is not None
        sent = {"csrf_token": found[1]}
        return [client.post("/member/check-in", data=sent).status_code for _ in range(often)]

    assert pressing(clients(people.member), TRIES + 1) == [303] * TRIES + [429]
    assert pressing(clients(people.other_member), 1) == [303]
