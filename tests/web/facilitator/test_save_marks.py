"""Saving marks from the page: by its script, and by its forms alone."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import Clients
from tests.support.evenings import Group
from tests.support.people import Everybody, Someone
from tests.web.facilitator.conftest import Traveller, token_of


class Browser:
    """Somebody at a sheet without JavaScript: what the page holds is what the form sends."""

    def __init__(self, client: FlaskClient, group: Group) -> None:
        self.client, self.address = client, f"/facilitator/sheets/{group.occurrence}"
        self.look()

    def look(self) -> str:
        self.page = self.client.get(self.address).text
        return self.page

    def fields(self) -> dict[str, str]:
        """The hidden fields, the minutes and the checked marks of the form, as the page came."""
        form = self.page.partition('<form id="sheet"')[2].partition("</form>")[0]
        inputs = re.findall(r"<input[^>]*>", form)
        fields = {}
        for tag in inputs:
            name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
            if name and ("radio" not in tag or "checked" in tag):
                fields[name[1]] = value[1] if value else ""
        return fields

    def post(self, **more: str) -> TestResponse:
        answer = self.client.post(
            f"{self.address}/marks",
            data={**self.fields(), **{k.replace("_", "-"): v for k, v in more.items()}},
        )
        self.page = answer.text
        return answer

    def word(self, person: Someone) -> str:
        """What the page says of somebody."""
        row = self.look().partition(f'id="row-{person.id}"')[2]
        found = re.search(r'class="word">([^<]*)<', row)
        assert found is not None
        return found[1]


@pytest.fixture
def dana(clients: Clients, people: Everybody, group: Group) -> Browser:
    return Browser(clients(people.facilitator), group)


def test_taps_walk_through_the_marks_that_need_nothing_typed(
    dana: Browser, people: Everybody, group: Group
) -> None:
    renee, said = people.member, []
    for _ in range(4):
        answer = dana.post(tap=str(renee.id))
        assert (answer.status_code, answer.location) == (303, f"{dana.address}#row-{renee.id}")
        said.append(dana.word(renee))
    assert said == ["Present", "Late, 6 min", "Absent", "not marked"]
    assert dana.word(people.other_member) == "not marked"


def test_all_five_marks_can_be_chosen_with_their_minutes(
    dana: Browser, people: Everybody, group: Group
) -> None:
    renee, marcus = people.member.id, people.other_member.id
    dana.post(**{f"status_{renee}": "left_early", f"left_{renee}": "19:50", f"status_{marcus}": "excused"})
    assert dana.word(people.member) == "Left early, 7:50 PM"
    assert dana.word(people.other_member) == "Excused"
    dana.post(**{f"status_{renee}": "late", f"late_{renee}": "12"})
    assert dana.word(people.member) == "Late, 12 min"


def test_minutes_that_cannot_be_are_said_beside_the_name_and_kept(
    dana: Browser, people: Everybody, group: Group
) -> None:
    renee = people.member.id
    answer = dana.post(**{f"status_{renee}": "left_early", f"left_{renee}": "21:50"})
    assert answer.status_code == 422
    assert "That time is not within the session." in answer.text
    assert 'value="21:50"' in answer.text
    assert dana.word(people.member) == "not marked"


def test_an_old_page_changes_only_what_was_changed_on_it(
    dana: Browser, clients: Clients, people: Everybody, group: Group
) -> None:
    odile = Browser(clients(people.coordinator), group)
    dana.post(tap=str(people.member.id))
    assert odile.post(tap=str(people.other_member.id)).status_code == 303
    assert [dana.word(people.member), dana.word(people.other_member)] == ["Present", "Present"]


def question(page: str) -> dict[str, str]:
    """The fields of the form that asks which mark is right."""
    form = page.partition('id="questions"')[2].partition("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))


@pytest.mark.parametrize(("choice", "stands"), [("mine", "Absent"), ("theirs", "Present")])
def test_the_second_of_two_is_shown_both_and_chooses(
    dana: Browser,
    clients: Clients,
    people: Everybody,
    group: Group,
    evening: Traveller,
    choice: str,
    stands: str,
) -> None:
    renee = people.member.id
    odile = Browser(clients(people.coordinator), group)
    dana.post(tap=str(renee))
    evening.shift(timedelta(minutes=3))
    answer = odile.post(**{f"status_{renee}": "absent"})
    assert answer.status_code == 409
    assert "Which is right for Renee T.?" in answer.text
    assert "<span>Present</span></b><span>Dana R., 7:06 PM</span>" in answer.text
    assert "<span>Absent</span></b><span>You, 7:09 PM</span>" in answer.text
    chosen = odile.client.post(
        f"{odile.address}/marks", data={**question(answer.text), "choose": f"{renee}:{choice}"}
    )
    assert chosen.status_code == 303
    assert odile.word(people.member) == stands


def test_of_two_questions_the_other_is_asked_again(
    dana: Browser, clients: Clients, people: Everybody, group: Group
) -> None:
    renee, marcus = people.member.id, people.other_member.id
    odile = Browser(clients(people.coordinator), group)
    dana.client.post(f"{dana.address}/all-present", data={"csrf_token": dana.fields()["csrf_token"]})
    answer = odile.post(**{f"status_{renee}": "absent", f"status_{marcus}": "excused"})
    assert answer.text.count("<h2>Which is right for") == 3  # two, and the empty one of the script
    again = odile.client.post(
        f"{odile.address}/marks", data={**question(answer.text), "choose": f"{renee}:mine"}
    )
    assert again.status_code == 409
    assert question(again.text).keys() >= {f"was-{marcus}"}
    assert f"was-{renee}" not in question(again.text)
    assert odile.word(people.member) == "Absent"


def test_the_rest_is_marked_at_once(dana: Browser, people: Everybody, group: Group) -> None:
    token = {"csrf_token": dana.fields()["csrf_token"]}
    dana.post(tap=str(people.member.id))
    dana.client.post(f"{dana.address}/rest-absent", data=token)
    assert [dana.word(people.member), dana.word(people.other_member)] == ["Present", "Absent"]


def test_why_somebody_is_excused_stands_behind_the_dots_and_in_the_history_only(
    dana: Browser, people: Everybody, group: Group
) -> None:
    renee = people.member.id
    dana.post(**{f"status_{renee}": "excused", f"excuse_{renee}": "work"})
    assert dana.word(people.member) == "Excused"
    row = dana.page.partition(f'id="row-{renee}"')[2].partition("</li>")[0]
    assert '<option value="work" selected>work or school</option>' in row
    assert "<b>Renee T.</b>: Excused, work or school" in dana.page
    dana.post(**{f"excuse_{renee}": "appointment"})
    assert "<b>Renee T.</b>: Excused, another appointment" in dana.look()
    dana.post(**{f"status_{renee}": "absent"})
    assert dana.word(people.member) == "Absent"
    wrong = dana.post(**{f"status_{renee}": "excused", f"excuse_{renee}": "court"})
    assert (wrong.status_code, "There is no such reason." in wrong.text) == (422, True)


WITHIN = "Give the minutes as a number from 1 to 89: the session lasts 90."


@pytest.mark.parametrize("typed", ["90", "9999", "-5", "0", "12.5"])
def test_minutes_longer_than_the_session_are_told_with_its_limit(
    dana: Browser, people: Everybody, typed: str
) -> None:
    answer = dana.post(**{f"status_{people.member.id}": "late", f"late_{people.member.id}": typed})
    assert answer.status_code == 422
    assert WITHIN in answer.text


def test_nobody_else_saves(dana: Browser, clients: Clients, people: Everybody, group: Group) -> None:
    for somebody in (people.member, people.other_facilitator, people.administrator):
        client = clients(somebody)
        data = {"csrf_token": token_of(client), "number": "1"}
        for path in ("marks", "all-present", "rest-absent", "walk-ins", "headcount", "submit"):
            assert client.post(f"{dana.address}/{path}", data=data).status_code == 404
    assert dana.word(people.member) == "not marked"
