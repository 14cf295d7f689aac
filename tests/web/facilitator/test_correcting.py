"""A sheet that was handed in is changed with a reason, locks, and is opened again."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import Clients
from tests.support.evenings import Group
from tests.support.people import Everybody
from tests.web.facilitator.conftest import Traveller, hand_in, token_of

DAY = timedelta(days=1)


def address(group: Group, path: str = "") -> str:
    return f"/facilitator/sheets/{group.occurrence}{path}"


def post(client: FlaskClient, to: str, **fields: str) -> TestResponse:
    return client.post(to, data={"csrf_token": token_of(client), **fields})


def mark(person: int, status: str, *, seen: int = 1) -> dict[str, str]:
    """What the row of somebody present sends, with another mark chosen."""
    return {f"was-{person}": "present|||", f"status-{person}": status, f"seen-{person}": str(seen)}


def said_of(page: str, name: str) -> str:
    found = re.search(rf'class="who">{name}</span><span class="word">([^<]*)<', page)
    assert found is not None
    return found[1]


@pytest.fixture
def dana(clients: Clients, people: Everybody, group: Group) -> FlaskClient:
    """She handed the sheet in, with everybody there."""
    client = clients(people.facilitator)
    post(client, address(group, "/all-present"))
    hand_in(client, group.occurrence)
    return client


def test_a_correction_needs_a_reason_and_shows_what_was_there(
    dana: FlaskClient, people: Everybody, group: Group
) -> None:
    page = dana.get(address(group)).text
    assert f'href="{address(group, "/correct")}">Correct it</a>' in page
    form = dana.get(address(group, "/correct")).text
    assert f'name="was-{people.member.id}" value="present|||"' in form
    refused = post(dana, address(group, "/marks"), reason=" ", **mark(people.member.id, "absent"))
    assert refused.status_code == 422
    assert "This sheet was handed in. Say why it is changed." in refused.text
    checked = rf'name="status-{people.member.id}" value="absent" checked'
    assert re.search(checked, refused.text), "what was chosen is still there"
    saved = post(dana, address(group, "/marks"), reason="She had left", **mark(people.member.id, "absent"))
    assert (saved.status_code, saved.location) == (303, address(group))
    page = dana.get(address(group)).text
    assert (said_of(page, "Renee T."), said_of(page, "Marcus T.")) == ("Absent", "Present")
    told = page.partition("Corrected afterwards")[2].partition("</section>")[0]
    assert "<b>Renee T.</b>: Absent, before Present. She had left" in told
    assert "Dana R., Tuesday, July 14, 7:06 PM" in told


def test_an_old_page_that_marks_a_sheet_handed_in_meanwhile_is_asked_for_the_reason(
    dana: FlaskClient, clients: Clients, people: Everybody, group: Group
) -> None:
    odile = clients(people.coordinator)
    asked = post(odile, address(group, "/marks"), **mark(people.member.id, "late"))
    assert (asked.status_code, "Why is it changed?" in asked.text) == (422, True)


def test_two_who_correct_one_mark_are_shown_both_and_the_reason_goes_along(
    dana: FlaskClient, clients: Clients, people: Everybody, group: Group
) -> None:
    renee = people.member.id
    post(dana, address(group, "/marks"), reason="First", **mark(renee, "absent"))
    odile = clients(people.coordinator)
    asked = post(odile, address(group, "/marks"), reason="Second", **mark(renee, "excused"))
    assert asked.status_code == 409
    form = asked.text.partition("<form")[2].partition("</form>")[0]
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    assert (fields["reason"], fields["choose"]) == ("Second", f"{renee}:mine")
    del fields["csrf_token"]
    assert post(odile, address(group, "/marks"), **fields).status_code == 303
    page = odile.get(address(group)).text
    assert "Excused, before Absent. Second" in page
    assert "Absent, before Present. First" in page


def test_guests_and_heads_are_corrected_likewise(
    dana: FlaskClient, clients: Clients, people: Everybody, group: Group, meeting: Group
) -> None:
    assert post(dana, address(group, "/walk-ins"), seen="0", number="2", reason="").status_code == 422
    post(dana, address(group, "/walk-ins"), seen="0", number="2", reason="On the paper")
    assert "Guests without a name: 2, before 0. On the paper" in dana.get(address(group)).text
    femi = clients(people.other_facilitator)
    post(femi, address(meeting, "/submit"), seen="", number="17")
    wrong = post(femi, address(meeting, "/headcount"), seen="17", number="x", reason="Counted again")
    assert (wrong.status_code, "Give a number from 0 to 9999." in wrong.text) == (422, True)
    post(femi, address(meeting, "/headcount"), seen="17", number="18", reason="Counted again")
    assert "People in the room: 18, before 17. Counted again" in femi.get(address(meeting)).text


def test_a_locked_sheet_says_so_and_a_coordinator_opens_it_again(
    dana: FlaskClient, clients: Clients, people: Everybody, group: Group, evening: Traveller
) -> None:
    evening.shift(15 * DAY)
    page = dana.get(address(group)).text
    assert (
        "Locked since Tuesday, July 28: nothing on it is changed any more. A coordinator can open it again."
        in page
    )
    assert 'method="post"' not in page
    refused = post(dana, address(group, "/marks"), reason="Late", **mark(people.member.id, "absent"))
    assert (refused.status_code, "This sheet is locked" in refused.text) == (422, True)
    again = f"/coordinator/occurrences/{group.occurrence}/reopen-sheet"
    assert post(dana, again, reason="Mine").status_code == 404
    odile = clients(people.coordinator)
    assert "Give a reason." in post(odile, again, reason="").text
    opened = post(odile, again, reason="Two were mixed up")
    assert (opened.status_code, opened.location) == (303, address(group))
    page = dana.get(address(group)).text
    assert "Opened again by Odile K., Wednesday, July 29, 7:06 PM: Two were mixed up" in page
    assert "It can be corrected until Wednesday, August 12." in page
    assert "One sheet is open again" in dana.get("/facilitator/today").text
    saved = post(dana, address(group, "/marks"), reason="Mixed up", **mark(people.member.id, "absent"))
    assert saved.status_code == 303


def test_others_find_neither_the_form_nor_the_way_to_open_it(
    dana: FlaskClient, clients: Clients, people: Everybody, group: Group
) -> None:
    for who in (people.member, people.other_facilitator, people.administrator):
        assert clients(who).get(address(group, "/correct")).status_code == 404
    assert clients(people.outsider).get(address(group, "/correct")).status_code == 303


def test_the_setting_says_when(
    dana: FlaskClient, people: Everybody, group: Group, evening: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler.web.facilitator.sheet.locks", lambda: 2 * DAY)
    evening.shift(2 * DAY)
    assert "It can be corrected until Thursday, July 16." in dana.get(address(group)).text
    evening.shift(DAY)
    assert "Locked since Thursday, July 16" in dana.get(address(group)).text
