"""What the pages that people open most ask of the database, on the demonstration center."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import sessionmaker

from scheduler.app import create_app
from scheduler.domain.people.models import Identity, SignIn
from scheduler.domain.people.sign_ins import hash_of
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from tests.support.databases import engine_for
from tests.support.demonstration import Demonstration
from tests.support.statements import counted

SignedIn = Callable[[str], FlaskClient]


@pytest.fixture
def app(demonstration: Demonstration, tmp_path: Path) -> Iterator[Flask]:
    """The application on a copy, at the instant for which the center was made."""
    copy = tmp_path / "copy.sqlite3"
    shutil.copyfile(make_url(demonstration.url).database or "", copy)
    app = create_app({"database_url": f"sqlite:///{copy}", "instance_path": str(tmp_path)})
    with time_machine.travel(demonstration.now):
        yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def signed_in(app: Flask, demonstration: Demonstration) -> SignedIn:
    """A browser in which the holder of a demonstration account is signed in."""

    def client_of(key: str) -> FlaskClient:
        engine = engine_for(app.config["SQLALCHEMY_DATABASE_URI"])
        with sessionmaker(engine)() as session, transaction(session):
            person = session.scalars(
                select(Identity.person_id).where(Identity.email == f"{key}@demo.example")
            ).one()
            now = demonstration.now
            session.add(
                SignIn(
                    person_id=person,
                    secret_hash=hash_of(key),
                    created_at=now,
                    expires_at=now + timedelta(days=1),
                )
            )
        engine.dispose()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie.update({"_user_id": key, "_fresh": True})
        return client

    return client_of


def asked(app: Flask, client: FlaskClient, address: str) -> int:
    """How many statements the page takes, the one that loads the person among them."""
    with app.app_context():
        engine = db.engine
    with counted(engine) as sent:
        assert client.get(address).status_code == 200
    return len(sent)


def sheet_of(client: FlaskClient) -> str:
    """The address of the sheet that *Today* offers first."""
    page = client.get("/facilitator/today").text
    return "/facilitator/sheets/" + page.partition("/facilitator/sheets/")[2].partition('"')[0]


def test_the_pages_that_people_open_most_ask_little(app: Flask, signed_in: SignedIn) -> None:
    # The most that is allowed: 8 for a week of the plan or the board, 6 for a sheet and for a member's week.
    coordinator, facilitator, member = (signed_in(key) for key in ("coordinator", "facilitator", "member"))
    taken = {
        "week": asked(app, coordinator, "/coordinator/week"),
        "board": asked(app, coordinator, "/coordinator/board"),
        "its data": asked(app, coordinator, "/coordinator/board/data?span=week"),
        "sheet": asked(app, facilitator, sheet_of(facilitator)),
        "my week": asked(app, member, "/member/week"),
    }
    assert taken == {"week": 8, "board": 8, "its data": 6, "sheet": 6, "my week": 5}
