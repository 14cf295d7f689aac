"""Walk-ins at the door and afterwards, by plain forms."""

import re
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker
from werkzeug.test import TestResponse

from scheduler.domain.attendance.confirming import submit
from scheduler.domain.attendance.models import Mark, WalkIn, WalkInName
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import make_person
from scheduler.store.audit import AuditEntry, AuditPerson
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support.evenings import Group
from tests.support.people import Everybody
from tests.web.coordinator.desk import text_of
from tests.web.facilitator.conftest import token_of

Sessions = sessionmaker[Database]


class Door:
    """Somebody at a sheet who sends its forms."""

    def __init__(self, client: FlaskClient, group: Group) -> None:
        self.client, self.sheet = client, f"/facilitator/sheets/{group.occurrence}"
        self.token = token_of(client)

    def post(self, form: str, code: int, **typed: str) -> str:
        answer: TestResponse = self.client.post(
            f"{self.sheet}/{form}", data={"csrf_token": self.token, **typed}
        )
        assert answer.status_code == code, answer.text
        return answer.text

    def look(self) -> str:
        return self.client.get(self.sheet).text


@pytest.fixture
def dana(clients: Clients, people: Everybody, group: Group) -> Door:
    return Door(clients(people.facilitator), group)


@pytest.fixture
def odile(clients: Clients, people: Everybody, group: Group) -> Door:
    return Door(clients(people.coordinator), group)


@pytest.fixture
def nora(sessions: Sessions, now: datetime) -> int:
    with sessions() as session, transaction(session):
        return make_person(session, actor=SYSTEM, name="Nora Quist", email=None, roles=[Role.MEMBER], now=now)


def hand_in(sessions: Sessions, people: Everybody, group: Group) -> None:
    with sessions() as session, transaction(session):
        actor, number = people.facilitator.actor, group.occurrence
        submit(session, actor=actor, occurrence_id=number, now=group.during, anyway=True)


def rows(page: str) -> list[tuple[str, str]]:
    """The walk-ins on a page: name and mark."""
    part = page.partition('id="walk-ins"')[2].partition("<template")[0]
    found = re.findall(r'class="who">([^<]*)<.*?class="word">([^<]*)<', part)
    return [(name.strip(), word) for name, word in found]


def test_a_name_is_typed_at_the_door_changed_and_taken_off(
    dana: Door, sessions: Sessions, people: Everybody, group: Group
) -> None:
    dana.post("walk-in", 303, name="Nora Quist", status="present", once="a")
    dana.post("walk-in", 303, name="Nora Quist", status="present", once="a")
    dana.post("walk-in", 303, name="Ben", status="late", once="b")
    page = dana.look()
    assert rows(page) == [("Nora Q.", "Present"), ("Ben", "Late, 6 min")]
    assert "Quist" not in page
    assert '<span id="n-marked">2</span> <span id="n-of">of 4 marked</span>' in page
    [ben] = re.findall(r'name="walk_in" value="(\d+)"', page)[1:]
    left = {"walk_in": ben, "seen": "1", "status": "left_early", "left": "20:00"}
    dana.post("walk-in/change", 303, **left)
    assert rows(dana.look())[1] == ("Ben", "Left early, 8:00 PM")
    assert "Somebody" in dana.post("walk-in/change", 409, **{**left, "left": "20:10"})
    dana.post("walk-in/change", 303, walk_in=ben, seen="2", off="1")
    assert rows(dana.look()) == [("Nora Q.", "Present")]
    assert "Type a first name and an initial." in dana.post("walk-in", 422, name=" ", status="present")
    hand_in(sessions, people, group)
    refused = dana.post("walk-in", 422, name="Cora L.", status="present")
    assert "Say why it is changed" in refused
    assert 'value="Cora L."' in refused
    dana.post("walk-in", 303, name="Cora L.", status="present", reason="Was on the paper")
    closed = dana.look()
    assert "Walk-ins with a row: 2, before 1. Was on the paper" in closed.replace("\n", "")
    assert "Cora L." in closed


def action_of(page: str) -> str:
    """Where the form that carries the member's name goes to."""
    [action] = re.findall(r'<form[^>]*action="([^"]*)"[^>]*>(?:(?!</form>).)*name="name"', page, re.DOTALL)
    return str(action)


def test_a_member_is_looked_up_by_the_whole_name_and_marked_on_the_spot(
    dana: Door, nora: int, sessions: Sessions, group: Group
) -> None:
    for name in ("Nora", "Nora Q.", "Nobody Here", "Dana Rowe"):
        assert "No member has this name" in dana.post("look-up", 422, name=name, status="present")
    found = dana.post("look-up", 200, name="nora quist", status="present")
    assert "Nora Quist" in found
    assert "Not in a program on this day" in found
    assert action_of(found) == f"{dana.sheet}/match"
    with sessions() as session:
        reads = session.execute(
            select(AuditEntry.subject_id, AuditPerson.person_id)
            .outerjoin(AuditPerson, AuditPerson.entry_id == AuditEntry.id)
            .where(AuditEntry.subject == "look_up")
            .order_by(AuditEntry.id)
        ).all()
        assert [tuple(each) for each in reads] == [(group.occurrence, None)] * 4 + [(group.occurrence, nora)]
        assert session.scalars(select(Mark)).all() == []
    dana.post("match", 303, name="Nora Quist", status="present")
    page = dana.look()
    assert f'id="row-{nora}"' in page
    assert "Nora Q." in page
    asked = dana.post("match", 409, name="Nora Quist", status="late", late="9")
    assert "Which is right for Nora Q.?" in asked
    assert action_of(asked) == f"{dana.sheet}/match"
    dana.post("match", 303, name="Nora Quist", status="late", late="9", choose="mine", seen="1")
    assert "Late, 9 min" in dana.look()


def test_a_coordinator_matches_afterwards_and_the_name_is_gone(
    dana: Door, odile: Door, nora: int, sessions: Sessions, people: Everybody, group: Group
) -> None:
    dana.post("walk-in", 303, name="Nora Q.", status="present")
    hand_in(sessions, people, group)
    listed = odile.client.get("/facilitator/walk-ins").text
    assert "Nora Q." in listed
    assert "One walk-in is not matched yet" in dana.client.get("/facilitator/today").text
    [row] = re.findall(r'name="walk_in" value="(\d+)"', listed)
    wrong = odile.post("look-up", 422, name="Nora Quit", walk_in=row)
    assert "No member has this name" in wrong
    assert 'value="Nora Quit"' in wrong
    found = odile.post("look-up", 200, name="Nora Quist", walk_in=row)
    assert "The sheet has a walk-in: Nora Q., Present." in found
    assert action_of(found) == f"{odile.sheet}/match"
    odile.post("match", 303, name="Nora Quist", walk_in=row)
    after = odile.client.get("/facilitator/walk-ins").text
    assert "Nobody to match" in after
    assert "They are on the sheet." in after
    with sessions() as session:
        assert session.scalars(select(WalkIn.person_id)).all() == [nora]
        assert session.scalars(select(WalkInName)).all() == []
        entries = session.execute(select(AuditEntry.action, AuditEntry.person_id, AuditEntry.detail)).all()
    assert ("sheet.matched", nora) in [(action, person) for action, person, _ in entries]
    assert not any("Nora" in str(detail) for *_, detail in entries)
    assert "matched this walk-in already" in odile.post("match", 409, name="Nora Quist", walk_in=row)


def test_who_walked_in_at_a_meeting_is_a_number_only(
    clients: Clients, people: Everybody, meeting: Group
) -> None:
    femi = Door(clients(people.other_facilitator), meeting)
    assert "walk-in" not in text_of(femi.look()).lower()
    for form in ("walk-in", "look-up", "match"):
        assert "without names" in femi.post(form, 422, name="Renee Tamm", status="present")


def test_names_cannot_be_tried_one_after_the_other_nor_without_a_record(
    dana: Door, nora: int, sessions: Sessions
) -> None:
    unsaid = [text_of(dana.post("match", 422, name=name)) for name in ("Nora Quist", "Nora Quits")]
    assert unsaid[0] == unsaid[1].replace("Nora Quits", "Nora Quist")
    assert "Nora" not in dana.post("match", 404, name="Nora Quist", walk_in="99")
    statuses = [
        dana.client.post(
            f"{dana.sheet}/{path}",
            data={"csrf_token": dana.token, "name": f"Name {n}", "status": "present"},
        ).status_code
        for n in range(10)
        for path in ("look-up", "match")
    ]
    assert statuses == [422] * 17 + [429] * 3
    with sessions() as session:
        looked = select(AuditEntry.id).where(AuditEntry.subject == "look_up")
        assert (
            len(session.scalars(looked).all()) == 18
        )  # one was not there to match; what was told before any look-up found nobody
