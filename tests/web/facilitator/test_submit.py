"""Submitting a sheet with names."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import Clients
from tests.support.evenings import AT_SEVEN, Group
from tests.support.people import Everybody
from tests.web.coordinator.desk import Desk, said, text_of
from tests.web.facilitator.conftest import Traveller, hand_in, token_of


def post(client: FlaskClient, group: Group, path: str, **fields: str) -> TestResponse:
    data = {"csrf_token": token_of(client), **fields}
    return client.post(f"/facilitator/sheets/{group.occurrence}/{path}", data=data)


def test_a_sheet_without_gaps_is_submitted(clients: Clients, people: Everybody, group: Group) -> None:
    dana = clients(people.facilitator)
    post(dana, group, "all-present")
    answer = hand_in(dana, group.occurrence)
    assert (answer.status_code, answer.location) == (303, "/facilitator/today")
    page = dana.get(answer.location).text
    assert "Submitted: 2 of 2 here." in page
    assert "Submitted, 2 here" in page  # who was not expected counts too, so there is no "of"
    sheet = dana.get(f"/facilitator/sheets/{group.occurrence}").text
    assert "Submitted by Dana R., Tuesday, July 14, 7:06 PM." in sheet
    assert "It can be corrected until Tuesday, July 28." in sheet
    assert "Submit the sheet</button>" not in sheet
    assert "sheet.js" not in sheet


def test_the_second_step_says_which_session_and_leads_back_to_its_sheet(
    clients: Clients, people: Everybody, group: Group
) -> None:
    dana = clients(people.facilitator)
    post(dana, group, "all-present")
    page = dana.get(f"/facilitator/sheets/{group.occurrence}/confirm").text
    head = page.partition('<header class="sheet-top">')[2].partition("</header>")[0]
    assert text_of(head) == "Tuesday evening group 7:00 to 8:30 PM, Elm Street, room 2"
    assert re.findall(r'href="([^"]*)"', head) == [f"/facilitator/sheets/{group.occurrence}"]


def test_people_without_a_mark_are_asked_about_first(
    clients: Clients, people: Everybody, group: Group
) -> None:
    dana = clients(people.facilitator)
    answer = post(dana, group, "submit")
    assert answer.status_code == 422
    assert "2 people have no mark" in answer.text
    anyway = hand_in(dana, group.occurrence, anyway="1")
    assert (anyway.status_code, anyway.location) == (303, "/facilitator/today")


def test_a_coordinator_goes_back_to_the_session(clients: Clients, people: Everybody, group: Group) -> None:
    odile = clients(people.coordinator)
    post(odile, group, "rest-absent")
    assert hand_in(odile, group.occurrence).location == f"/coordinator/occurrences/{group.occurrence}"


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
    if by_heads:
        assert client.post(f"{address}/submit", data=fields).status_code == 303
    else:
        assert hand_in(client, group.occurrence, **fields).location == "/facilitator/today"


def confirm_of(group: Group) -> str:
    return f"/facilitator/sheets/{group.occurrence}/confirm"


def test_one_more_tap_confirms_what_was_planned_and_the_sheet_says_it(
    clients: Clients, people: Everybody, group: Group
) -> None:
    dana = clients(people.facilitator)
    post(dana, group, "all-present")
    asked = dana.get(post(dana, group, "submit").location).text
    assert "Dana R. led, 7:00 to 8:30 PM, no break." in asked
    assert "2 of 2 here." in asked
    hand_in(dana, group.occurrence)
    page = text_of(dana.get(f"/facilitator/sheets/{group.occurrence}").text)
    assert "Dana R. led, 7:00 to 8:30 PM, no break. 90 minutes count." in page
    assert "Renee T. Present 90 min" in page
    again = dana.get(confirm_of(group))
    assert (again.status_code, again.location) == (303, f"/facilitator/sheets/{group.occurrence}")


def test_before_its_end_all_of_it_counts_unless_somebody_says_otherwise(
    clients: Clients, people: Everybody, group: Group, evening: Traveller
) -> None:
    dana, until = (
        clients(people.facilitator),
        "It is planned until 8:30 PM. If it ends earlier, correct that afterwards.",
    )
    post(dana, group, "all-present")
    assert until in text_of(dana.get(confirm_of(group)).text)
    evening.move_to(AT_SEVEN + timedelta(minutes=90))
    assert until not in text_of(dana.get(confirm_of(group)).text)


def test_what_was_different_stands_on_the_sheet_and_can_be_corrected(
    clients: Clients, people: Everybody, group: Group
) -> None:
    dana, femi = clients(people.facilitator), people.other_facilitator
    sheet = f"/facilitator/sheets/{group.occurrence}"
    post(dana, group, "all-present")
    renee = str(people.member.id)
    told = {"leads": [], "other": str(femi.id), "starts": "19:05", "breaks": "10", f"way-{renee}": "phone"}
    assert hand_in(dana, group.occurrence, **told).status_code == 303
    page = text_of(dana.get(sheet).text)
    assert (
        "Led by Femi A. (planned: Dana R.), 7:05 to 8:30 PM, 10 minutes of breaks. 75 minutes count." in page
    )
    assert "Renee T. Present 75 min, by phone" in page
    desk = Desk(dana)
    refused = desk.send(f"{sheet}/correct", f"{sheet}/record", breaks="5")
    assert refused.status_code == 422
    assert "This sheet was handed in. Say why it is changed." in refused.text
    assert (
        desk.send(f"{sheet}/correct", f"{sheet}/record", breaks="5", reason="Counted again").status_code
        == 303
    )
    page = text_of(dana.get(sheet).text)
    assert "Renee T. Present 80 min, by phone" in page
    assert (
        "5 minutes of breaks. Before: Femi A. led, 7:05 to 8:30 PM, 10 minutes of breaks. Counted again"
        in page
    )


@pytest.mark.parametrize(
    ("typed", "said_of_it"),
    [
        ({"starts": ""}, {"Began": "Say when it began."}),
        ({"starts": "20:40"}, {"Ended": "The end is before the start."}),
        ({"breaks": "91"}, {"Minutes of breaks": "The breaks are longer than the session."}),
        ({"leads": []}, {"Who led": "Say who led."}),
        ({"leads": ["999"]}, {"Who led": "\u2018999\u2019 is not a valid choice for this field."}),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_submitted(
    clients: Clients, people: Everybody, group: Group, typed: dict[str, str], said_of_it: dict[str, str]
) -> None:
    dana = clients(people.facilitator)
    post(dana, group, "all-present")
    answer = hand_in(dana, group.occurrence, **typed)
    assert (answer.status_code, list(said(answer))) == (422, list(said_of_it))
    if "999" not in typed.get("leads", ""):
        assert said(answer) == said_of_it
    assert '<details class="card mt" open>' in answer.text
    assert dana.get(confirm_of(group)).status_code == 200, "it is still open"


def test_a_page_that_is_older_than_a_mark_is_shown_the_sheet_again(
    clients: Clients, people: Everybody, group: Group
) -> None:
    dana, odile = clients(people.facilitator), clients(people.coordinator)
    post(dana, group, "all-present")
    shown = dana.get(confirm_of(group)).text
    post(odile, group, "walk-ins", number="1", seen="0")
    stale = Desk(dana).send_from(shown, confirm_of(group))
    assert stale.status_code == 409
    assert "Something on the sheet was changed meanwhile. Look at it again." in stale.text
    assert "1 guest without a name" in stale.text
    assert Desk(dana).send_from(stale.text, confirm_of(group)).location == "/facilitator/today"
    late = Desk(odile).send_from(shown, confirm_of(group), breaks="20", csrf_token=token_of(odile))
    assert late.location == f"/facilitator/sheets/{group.occurrence}"
