"""Submitting a sheet with names."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import Clients
from tests.support.evenings import AT_SEVEN, Group
from tests.support.people import Everybody
from tests.web.facilitator.conftest import Traveller, token_of


def post(client: FlaskClient, group: Group, path: str, **fields: str) -> TestResponse:
    data = {"csrf_token": token_of(client), **fields}
    return client.post(f"/facilitator/sheets/{group.occurrence}/{path}", data=data)


def test_a_sheet_without_gaps_is_submitted(clients: Clients, people: Everybody, group: Group) -> None:
    dana = clients(people.facilitator)
    post(dana, group, "all-present")
    answer = post(dana, group, "submit")
    assert (answer.status_code, answer.location) == (303, "/facilitator/today")
    page = dana.get(answer.location).text
    assert "Submitted: 2 of 2 here." in page
    assert "Submitted, 2 of 2 here" in page
    sheet = dana.get(f"/facilitator/sheets/{group.occurrence}").text
    assert "Submitted by Dana R., Tuesday, July 14, 7:06 PM." in sheet
    assert "It can be corrected until Tuesday, July 28." in sheet
    assert "Submit the sheet</button>" not in sheet
    assert "sheet.js" not in sheet


def test_people_without_a_mark_are_asked_about_first(
    clients: Clients, people: Everybody, group: Group
) -> None:
    dana = clients(people.facilitator)
    answer = post(dana, group, "submit")
    assert answer.status_code == 422
    assert "2 people have no mark" in answer.text
    anyway = post(dana, group, "submit", anyway="1")
    assert anyway.status_code == 303


def test_a_coordinator_goes_back_to_the_session(clients: Clients, people: Everybody, group: Group) -> None:
    odile = clients(people.coordinator)
    post(odile, group, "rest-absent")
    assert post(odile, group, "submit").location == f"/coordinator/occurrences/{group.occurrence}"


@pytest.mark.parametrize("by_heads", [False, True])
def test_a_session_that_has_not_begun_is_asked_about_and_submitted_anyway(
    clients: Clients, people: Everybody, group: Group, meeting: Group, evening: Traveller, by_heads: bool
) -> None:
    evening.move_to(AT_SEVEN - timedelta(hours=1))
    client = clients(people.other_facilitator if by_heads else people.facilitator)
    address = f"/facilitator/sheets/{(meeting if by_heads else group).occurrence}"
    sent = {"csrf_token": token_of(client)} | ({"number": "12", "seen": ""} if by_heads else {})
    asked = client.post(f"{address}/submit", data=sent)
    assert asked.status_code == 422
    assert "It has not begun yet." in asked.text
    form = asked.text.partition("It has not begun yet.")[2].partition("</form>")[0]
    assert "Submit anyway" in form
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    if not by_heads:
        fields["anyway"] = "1"
    assert client.post(f"{address}/submit", data=fields).status_code == 303
