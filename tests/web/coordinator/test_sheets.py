"""The list of sheets that were not submitted, and its number on the list of the week."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support.evenings import AT_SEVEN, evening_group
from tests.support.people import Everybody
from tests.web.coordinator.desk import text_of


@pytest.fixture(autouse=True)
def next_morning() -> Iterator[None]:
    with time_machine.travel(AT_SEVEN + timedelta(hours=12), tick=False):
        yield


def test_the_week_says_how_many_and_leads_to_them_as_the_board_does(
    clients: Clients, people: Everybody, sessions: sessionmaker[Database]
) -> None:
    client = clients(people.coordinator)
    assert "not submitted" not in client.get("/coordinator/week").text
    assert "All sheets of the days before today are submitted." in client.get("/coordinator/sheets").text
    with sessions() as session, transaction(session):
        group = evening_group(session, people)
    assert "1 sheet not submitted" in client.get("/coordinator/week").text
    for page in ("week", "board"):
        assert 'href="/coordinator/sheets">' in client.get(f"/coordinator/{page}").text
    page = client.get("/coordinator/sheets").text
    assert f'href="/facilitator/sheets/{group.occurrence}"' in page
    assert "Tuesday evening group , Tuesday, July 14, 7:00 PM Group , Elm Street, Dana R." in text_of(page)
    assert "locks on Tuesday, July 28" in page
    assert "Renee" not in page
    assert "All sheets" in client.get("/coordinator/sheets?site=999").text
    assert clients(people.facilitator).get("/coordinator/sheets").status_code == 404
