"""Passkeys on pages: added, used at the door, removed."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.app import create_app
from scheduler.domain.people.models import SignIn
from scheduler.extensions import db
from tests.conftest import Clients
from tests.support.authenticator import Device
from tests.support.filling import TOKEN, send
from tests.support.people import Everybody, Someone

pytestmark = pytest.mark.usefixtures("no_limit_by_address")
ORIGIN = "http://localhost:5000"
Sessions = sessionmaker[Database]


@pytest.fixture
def named(app: Flask, database_url: str) -> Iterator[Flask]:
    """The application at an address that has a name."""
    given = app.extensions["settings"]
    made = create_app(
        {"database_url": database_url, "instance_path": given.instance_path, "base_url": ORIGIN}
    )
    made.config["TESTING"] = True
    yield made
    with made.app_context():
        db.engine.dispose()


def options(client: FlaskClient, page: str, address: str) -> str:
    found = TOKEN.search(client.get(page).text)
    assert found
    answer = client.post(address, data={"csrf_token": found[1]})
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return answer.text


def add(app: Flask, person: Someone, name: str = "my phone") -> tuple[FlaskClient, Device]:
    client, device = Clients(app)(person), Device(ORIGIN)
    asked = options(client, "/me/passkeys", "/me/passkeys/options")
    answer = send(client, "/me/passkeys", name=name, credential=device.makes(asked))
    assert (answer.status_code, answer.location) == (303, "/me/passkeys")
    return client, device


def use(app: Flask, device: Device, **more: str) -> tuple[FlaskClient, int]:
    client = Clients(app)(None)
    asked = options(client, "/sign-in", "/sign-in/passkey/options")
    answer = send(client, "/sign-in", to="/sign-in/passkey", credential=device.signs(asked), **more)
    return client, answer.status_code


@pytest.mark.parametrize("who", ["member", "coordinator"])
def test_it_signs_in_and_counts_as_a_second_step(
    named: Flask, people: Everybody, sessions: Sessions, who: str
) -> None:
    _here, device = add(named, getattr(people, who))
    client, status = use(named, device)
    assert status == 303
    assert client.get("/me").status_code == 200
    with sessions() as session:
        row = session.scalars(select(SignIn).order_by(SignIn.id.desc())).first()
    assert row is not None
    assert (row.person_id, row.method, row.second_step) == (getattr(people, who).id, "passkey", True)


def test_a_removed_one_opens_nothing(named: Flask, people: Everybody) -> None:
    client, device = add(named, people.member, "the old phone")
    assert "the old phone" in client.get("/me/passkeys").text
    assert send(client, "/me/passkeys", to="/me/passkeys/1/remove").status_code == 303
    assert "the old phone" not in client.get("/me/passkeys").text
    other, status = use(named, device)
    assert (status, other.get("/me").status_code) == (422, 303)


def test_an_unknown_one_is_told_as_little_as_nonsense(named: Flask, people: Everybody) -> None:
    client = Clients(named)(None)
    asked = options(client, "/sign-in", "/sign-in/passkey/options")
    pages = {
        TOKEN.sub("", send(client, "/sign-in", to="/sign-in/passkey", credential=typed).text)
        for typed in (Device(ORIGIN).signs(asked, handle=b"x"), "nonsense", "", "{}", "[1]")
    }
    assert len(pages) == 1
    assert "This passkey does not open anything here." in pages.pop()


def test_what_a_device_did_not_make_is_not_added(named: Flask, people: Everybody) -> None:
    client = Clients(named)(people.member)
    answer = send(client, "/me/passkeys", name="mine", credential='{"id": "x"}')
    assert (answer.status_code, "did not hold" in answer.text) == (422, True)


def test_an_address_of_numbers_offers_none(clients: Clients, people: Everybody) -> None:
    client = clients(None)
    assert "data-passkey" not in client.get("/sign-in").text
    assert send(client, "/sign-in", to="/sign-in/passkey/options").status_code == 404
    assert send(client, "/sign-in", to="/sign-in/passkey", credential="x").status_code == 404
