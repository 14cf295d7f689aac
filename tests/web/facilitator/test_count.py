"""Counting from the page: guests without a name, and meetings without names."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import Clients
from tests.support.evenings import Group
from tests.support.people import Everybody
from tests.web.facilitator.conftest import token_of


def post(client: FlaskClient, group: Group, path: str, **fields: str) -> TestResponse:
    data = {"csrf_token": token_of(client), **fields}
    return client.post(f"/facilitator/sheets/{group.occurrence}/{path}", data=data)


def number_on(client: FlaskClient, group: Group) -> str:
    """What stands in the field of the number."""
    page = client.get(f"/facilitator/sheets/{group.occurrence}").text
    found = re.search(r'<input id="number"[^>]*value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_a_guest_without_a_name_is_counted_and_taken_back(
    clients: Clients, people: Everybody, group: Group
) -> None:
    dana = clients(people.facilitator)
    address = f"/facilitator/sheets/{group.occurrence}"
    answer = post(dana, group, "walk-ins", seen="0", number="1")
    assert (answer.status_code, answer.location) == (303, address)
    assert 'data-number="1"' in dana.get(address).text
    assert "1 guest without a name" in dana.get(address).text
    post(dana, group, "walk-ins", seen="1", number="0")
    assert 'data-number="0"' in dana.get(address).text


def test_two_who_count_guests_are_asked_which_number_is_right(
    clients: Clients, people: Everybody, group: Group
) -> None:
    post(clients(people.facilitator), group, "walk-ins", seen="0", number="2")
    answer = post(clients(people.coordinator), group, "walk-ins", seen="0", number="1")
    assert answer.status_code == 409
    assert "How many guests came without a name?" in answer.text
    assert "<b>2</b><span>Dana R., 7:06 PM</span>" in answer.text
    assert "<b>1</b><span>You, just now</span>" in answer.text


def test_heads_are_counted_by_steps_and_by_typing(
    clients: Clients, people: Everybody, meeting: Group
) -> None:
    femi = clients(people.other_facilitator)
    assert number_on(femi, meeting) == ""
    post(femi, meeting, "headcount", seen="", number="", step="10")
    post(femi, meeting, "headcount", seen="10", number="10", step="-1")
    assert number_on(femi, meeting) == "9"
    post(femi, meeting, "headcount", seen="9", number="17")
    assert number_on(femi, meeting) == "17"


@pytest.mark.parametrize("typed", ["", "-3", "many", "10000"])
def test_a_number_that_makes_no_sense_is_said_beside_the_field(
    clients: Clients, people: Everybody, meeting: Group, typed: str
) -> None:
    femi = clients(people.other_facilitator)
    answer = post(femi, meeting, "headcount", seen="", number=typed)
    assert answer.status_code == 422
    assert "Count the people first: a number from 0 to 9999." in answer.text
    assert number_on(femi, meeting) == ""


def test_the_number_is_submitted_as_it_stands_in_the_field(
    clients: Clients, people: Everybody, meeting: Group
) -> None:
    femi = clients(people.other_facilitator)
    answer = post(femi, meeting, "submit", seen="", number="17")
    assert (answer.status_code, answer.location) == (303, "/facilitator/today")
    page = femi.get(answer.location).text
    assert "Submitted: 17 people." in page
    assert "Submitted, 17 people" in page


@pytest.mark.parametrize("typed", ["12x", "-3", "1e3", "٣", "", "10000", "99999999999999999999"])
def test_a_number_that_makes_no_sense_is_not_submitted_as_the_one_before(
    clients: Clients, people: Everybody, meeting: Group, typed: str
) -> None:
    femi = clients(people.other_facilitator)
    post(femi, meeting, "headcount", seen="", number="9")
    answer = post(femi, meeting, "submit", seen="9", number=typed)
    assert answer.status_code == 422
    assert "Count the people first: a number from 0 to 9999." in answer.text
    assert re.search(rf'<input id="number"[^>]*value="{re.escape(typed)}"[^>]*aria-invalid', answer.text)
    assert "Submitted, 9 people" not in femi.get("/facilitator/today").text


def test_steps_from_what_is_no_number_go_nowhere(clients: Clients, people: Everybody, meeting: Group) -> None:
    femi = clients(people.other_facilitator)
    answer = post(femi, meeting, "headcount", seen="", number="12x", step="1")
    assert (answer.status_code, 'value="12x"' in answer.text) == (422, True)
    assert number_on(femi, meeting) == ""


def test_submitting_without_a_number_asks_for_it(clients: Clients, people: Everybody, meeting: Group) -> None:
    answer = post(clients(people.other_facilitator), meeting, "submit", seen="", number="")
    assert answer.status_code == 422
    assert "Count the people first" in answer.text
