"""Joining two records, from both audiences' pages: found, shown by rehearsal, done."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.models import Person
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support import factories
from tests.support.filling import send
from tests.support.people import Everybody

Sessions = sessionmaker[Database]


@pytest.fixture(autouse=True)
def today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def second(sessions: Sessions) -> int:
    """A record called Renata with a place in a series."""
    with sessions() as session, transaction(session):
        person = factories.member(session, "Renata Tamm")
        factories.enrollment(session, factories.series(session), person)
        return person


@pytest.mark.parametrize(("who", "audience"), [("coordinator", "coordinator"), ("administrator", "admin")])
def test_the_other_record_is_found_shown_and_joined(
    clients: Clients, people: Everybody, sessions: Sessions, second: int, who: str, audience: str
) -> None:
    client, home = clients(getattr(people, who)), f"/{audience}/people/{people.member.id}"
    found = client.get(f"{home}/merge?find=renata").text
    assert f"/merge?second={second}" in found
    preview = client.get(f"{home}/merge?second={second}").text
    assert "One place in a series goes over" in preview
    with sessions() as session:
        assert session.scalars(select(Person.id).where(Person.merged_into.is_not(None))).all() == []

    done = send(client, f"{home}/merge?second={second}", to=f"{home}/merge", second=str(second))
    assert (done.status_code, done.location) == (303, home)
    with sessions() as session:
        assert session.scalars(select(Enrollment.person_id)).all() == [people.member.id]
    old = client.get(f"/{audience}/people/{second}")
    assert (old.status_code, old.location) == (303, home)
    assert "Renata" not in client.get(f"{home}/merge?find=renata").text.partition("</form>")[2]


def test_a_coordinator_is_told_that_staff_s_records_are_an_administrator_s(
    clients: Clients, people: Everybody
) -> None:
    address = f"/coordinator/people/{people.member.id}/merge?second={people.administrator.id}"
    answer = clients(people.coordinator).get(address)
    assert answer.status_code == 422
    assert "Only an administrator" in answer.text
    assert "Join the two records" not in answer.text


@pytest.mark.parametrize("odd", ["10000", "x", "9" * 30, "-1"])
def test_a_second_record_that_is_none_is_not_there(clients: Clients, people: Everybody, odd: str) -> None:
    address = f"/admin/people/{people.member.id}/merge"
    assert clients(people.administrator).get(f"{address}?second={odd}").status_code == 404
