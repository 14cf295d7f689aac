"""A member adds a listed meeting to their calendar, and takes it out."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker
from werkzeug.test import TestResponse

from scheduler.domain.mutual_help.queries import chosen_meetings, known_meetings
from scheduler.domain.mutual_help.service import import_meetings
from scheduler.domain.planning import choosing
from scheduler.store.transaction import transaction
from scheduler.web.public import meetings
from tests.conftest import Clients
from tests.support.people import Everybody
from tests.web.public.test_meetings import ONLINE, SUNRISE


@pytest.fixture(autouse=True)
def today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def sunrise(sessions: sessionmaker[Database], now: datetime) -> int:
    """The series of a listed meeting."""
    with sessions() as session, transaction(session):
        import_meetings(session, source="quarry", rows=[SUNRISE, ONLINE], now=now)
        return known_meetings(session, source="quarry")["sunrise"].series_id


TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def press(client: FlaskClient, address: str, **values: str) -> TestResponse:
    """What a browser sends when a button of the page is pressed."""
    found = TOKEN.search(client.get("/meetings").text)
    assert found
    return client.post(address, data={"csrf_token": found[1], **values})


def chosen(sessions: sessionmaker[Database], person_id: int) -> frozenset[int]:
    with sessions() as session:
        return chosen_meetings(session, person_id=person_id)


def test_it_is_added_and_the_page_comes_back_to_its_place(
    clients: Clients, people: Everybody, sunrise: int, sessions: sessionmaker[Database]
) -> None:
    client = clients(people.member)
    answer = press(client, f"/member/meetings/{sunrise}/add", next="/meetings?day=wed", at=str(sunrise))
    assert (answer.status_code, answer.location) == (303, f"/meetings?day=wed#meeting-{sunrise}")
    assert chosen(sessions, people.member.id) == {sunrise}
    assert chosen(sessions, people.other_member.id) == frozenset()
    page = client.get("/meetings?day=all").text
    assert "It is in your calendar now." in page
    assert 'aria-label="Take Sunrise out of my calendar"' in page
    assert 'aria-label="Add Late &lt;owls&gt; to my calendar"' in page


def test_it_is_taken_out(
    clients: Clients, people: Everybody, sunrise: int, sessions: sessionmaker[Database]
) -> None:
    client = clients(people.member)
    press(client, f"/member/meetings/{sunrise}/add")
    answer = press(client, f"/member/meetings/{sunrise}/remove")
    assert (answer.status_code, answer.location) == (303, f"/meetings#meeting-{sunrise}")
    assert chosen(sessions, people.member.id) == frozenset()


def test_what_another_member_chose_is_nobody_s_business(
    clients: Clients, people: Everybody, sunrise: int
) -> None:
    client = clients(people.other_member)
    before = TOKEN.sub("", client.get("/meetings").text)
    press(clients(people.member), f"/member/meetings/{sunrise}/add")
    assert TOKEN.sub("", client.get("/meetings").text) == before


def test_an_address_elsewhere_is_not_gone_to(clients: Clients, people: Everybody, sunrise: int) -> None:
    client = clients(people.member)
    answer = press(client, f"/member/meetings/{sunrise}/add", next="https://elsewhere.example/")
    assert answer.location == f"/meetings#meeting-{sunrise}"


def test_what_is_no_listed_meeting_is_not_there(clients: Clients, people: Everybody, sunrise: int) -> None:
    assert press(clients(people.member), "/member/meetings/999/add").status_code == 404


def test_without_the_page_s_token_nothing_is_added(
    clients: Clients, people: Everybody, sunrise: int, sessions: sessionmaker[Database]
) -> None:
    assert clients(people.member).post(f"/member/meetings/{sunrise}/add").status_code == 400
    assert chosen(sessions, people.member.id) == frozenset()


def test_staff_without_a_membership_have_no_such_button_and_no_such_page(
    clients: Clients, people: Everybody, sunrise: int
) -> None:
    assert clients(people.facilitator).post(f"/member/meetings/{sunrise}/add").status_code == 404


def test_a_visitor_is_asked_to_sign_in(clients: Clients, people: Everybody, sunrise: int) -> None:
    answer = clients(None).post(f"/member/meetings/{sunrise}/add")
    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_who_has_as_many_as_a_calendar_takes_is_told_and_may_only_take_out(
    clients: Clients, people: Everybody, sunrise: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (choosing, meetings):
        monkeypatch.setattr(module, "MOST_CHOSEN", 1)
    client = clients(people.member)
    assert "That is the most." not in client.get("/meetings?day=all").text
    press(client, f"/member/meetings/{sunrise}/add")
    page = client.get("/meetings?day=all").text
    assert "You have 1 meeting in your calendar. That is the most. Take one out to add another." in page
    assert "Take Sunrise out of my calendar" in page
    assert "to my calendar" not in page
    assert press(client, f"/member/meetings/{sunrise + 1}/add").status_code == 422
