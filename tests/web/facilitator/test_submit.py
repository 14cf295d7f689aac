"""Submitting a sheet with names."""

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import Clients
from tests.support.evenings import Group
from tests.support.people import Everybody
from tests.web.facilitator.conftest import token_of


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
    assert "Submitted by Dana R., 7:06 PM. You can still change it; the history keeps both." in sheet
    assert "Submit the sheet</button>" not in sheet


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
