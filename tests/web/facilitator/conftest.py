"""An evening for a facilitator: a group with names, a meeting counted by heads."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker
from werkzeug.test import TestResponse

from scheduler.store.transaction import transaction
from tests.support.evenings import AT_SEVEN, Group, evening_group, late_meeting
from tests.support.people import Everybody
from tests.web.coordinator.desk import Desk

Traveller = time_machine.Traveller


def token_of(client: FlaskClient) -> str:
    """A form's token, from a page that everybody has."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/me").text)
    assert found is not None
    return found[1]


def hand_in(client: FlaskClient, occurrence: int, **typed: Any) -> TestResponse:
    """Submit a sheet with names: its button, then the step that confirms how the session was held."""
    address = f"/facilitator/sheets/{occurrence}"
    asked = client.post(f"{address}/submit", data={"csrf_token": token_of(client), **typed})
    if asked.status_code != 303:
        return asked
    return Desk(client).send(asked.location, f"{address}/confirm", **typed)


@pytest.fixture(autouse=True)
def evening() -> Iterator[Traveller]:
    """It is 7:06 PM on the Tuesday, and time stands still."""
    with time_machine.travel(AT_SEVEN + timedelta(minutes=6), tick=False) as traveller:
        yield traveller


@pytest.fixture
def group(sessions: sessionmaker[Database], people: Everybody) -> Group:
    with sessions() as session, transaction(session):
        return evening_group(session, people)


@pytest.fixture
def meeting(sessions: sessionmaker[Database], people: Everybody) -> Group:
    with sessions() as session, transaction(session):
        return late_meeting(session, people)
