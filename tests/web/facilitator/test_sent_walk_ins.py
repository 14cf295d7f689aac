"""Walk-ins that a device wrote down: once each, with the rules of the form and its discretion."""

import json
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.attendance.models import SentMark, WalkIn, WalkInName
from scheduler.domain.roster.models import Duty
from scheduler.store.audit import AuditEntry
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support.boxes import seal
from tests.support.devices import NOW, Device, mark
from tests.support.evenings import Group
from tests.support.filling import send
from tests.support.people import Everybody
from tests.web.facilitator.conftest import hand_in

Sessions = sessionmaker[Database]


@pytest.fixture
def dana(clients: Clients, people: Everybody, group: Group) -> Device:
    device = Device(clients(people.facilitator))
    assert device.sheets().status_code == 200
    return device


def walk_in(group: Group, name: str, **more: Any) -> dict[str, Any]:
    made = {"uid": str(uuid4()), "sheet": group.occurrence, "name": name, "status": "present"}
    return {**made, "made_at": NOW.isoformat(), **more}


def told(device: Device, *walk_ins: Any, **more: Any) -> list[tuple[str, str]]:
    answer = device.sync(walk_ins=walk_ins, **more)
    assert answer.status_code == 200, answer.text
    return [(each["outcome"], each["reason"]) for each in answer.json["results"]]


def written(sessions: Sessions) -> list[tuple[str | None, str | None]]:
    """How each walk-in was there, and the name that is kept."""
    with sessions() as session:
        query = select(WalkIn.status, WalkInName.name).outerjoin(
            WalkInName, WalkInName.walk_in_id == WalkIn.id
        )
        return [(status, name) for status, name in session.execute(query.order_by(WalkIn.id))]


def test_a_walk_in_is_on_the_sheet_once_and_its_name_in_one_place_only(
    dana: Device, clients: Clients, people: Everybody, group: Group, sessions: Sessions
) -> None:
    nora = walk_in(group, "Nora Quist", status="late", late_minutes=6)
    assert told(dana, nora) == told(dana, nora, nora)[:1] == [("applied", "")]
    assert written(sessions) == [("late", "Nora Q.")]
    (again,) = dana.sync(walk_ins=[nora]).json["results"]
    saved_at = again.pop("saved_at")
    assert (again, saved_at) == (
        {
            "uid": nora["uid"],
            "sheet": group.occurrence,
            "person": None,
            "what": "walk_in",
            "outcome": "applied",
            "walk_in": 1,
            "reason": "",
        },
        "7:06 PM",
    )
    (sheet,) = dana.sheets().json["sheets"]
    row = {"id": 1, "name": "Nora Q.", "status": "late", "late_minutes": 6, "left_minutes": None}
    assert (sheet["takes_names"], sheet["walked_in"]) == (True, [row])
    assert 'id="walk-in-1"' in dana.client.get(f"/facilitator/sheets/{group.occurrence}").text
    odile = Device(clients(people.coordinator))
    odile.sheets()
    assert told(odile, walk_in(group, "Nora Q.")) == [("applied", "")]
    assert written(sessions) == [
        ("late", "Nora Q."),
        ("present", "Nora Q."),
    ]  # nobody knows whether it is one
    assert told(odile, nora) == [("refused", "There is no such mark.")]
    with sessions() as session:
        rows = [*session.scalars(select(SentMark)), *session.scalars(select(AuditEntry))]
        assert "Nora" not in str([{**vars(row), "_sa_instance_state": None} for row in rows])


def test_walk_ins_that_make_no_sense_stop_nothing_else(
    dana: Device, people: Everybody, group: Group, sessions: Sessions
) -> None:
    there = "A walk-in was there: present, late, or left early."
    within = "Give the minutes as a number from 1 to 89: the session lasts 90."
    wrong = [
        (walk_in(group, " "), "Type a first name and an initial."),
        (walk_in(group, "x" * 41), "A name has at most 40 letters here."),
        (walk_in(group, "x") | {"name": ["Nora"]}, "Type a first name and an initial."),
        (walk_in(group, "Nora Q.", status="absent"), there),
        (walk_in(group, "Nora Q.", status=None), there),
        (walk_in(group, "Nora Q.", status="late", late_minutes=90), within),
        (walk_in(group, "Nora Q.", uid="1"), "There is no such mark."),
        (walk_in(group, "Nora Q.", made_at="soon"), "When it was made is not said."),
        (walk_in(group, "Nora Q.", sheet=0), "There is no such sheet."),
        ("Nora Q.", "There is no such sheet."),
    ]
    good, renee = walk_in(group, "Ben"), mark(group, people.member, "present")
    answer = dana.sync(renee, walk_ins=[one for one, _ in wrong] + [good])
    results = answer.json["results"]
    refused = [(each["what"], each["reason"]) for each in results if each["outcome"] == "refused"]
    assert sorted(refused) == sorted(("walk_in", reason) for _, reason in wrong)
    assert [each["uid"] for each in results if each["outcome"] == "applied"] == [renee["uid"], good["uid"]]
    assert written(sessions) == [("present", "Ben")]
    assert dana.sync(walk_ins=[walk_in(group, "Ben") for _ in range(501)]).status_code == 422


def test_what_cannot_be_written_down_any_more_waits_with_its_name_until_a_coordinator_decides(
    dana: Device, clients: Clients, people: Everybody, group: Group, sessions: Sessions
) -> None:
    assert told(dana, walk_in(group, "Ada")) == [("applied", "")]
    assert hand_in(dana.client, group.occurrence, anyway="1").status_code == 303  # what was shown counts her
    handed_in = ("kept", "The sheet was handed in already.")
    nora, ben = walk_in(group, "Nora Q.", status="late"), walk_in(group, "Ben")
    assert told(dana, nora, ben) == told(dana, nora, ben) == [handed_in] * 2
    ada = ("present", "Ada")
    assert written(sessions) == [ada, (None, "Nora Q."), (None, "Ben")]
    (sheet,) = dana.sheets().json["sheets"]
    assert [each["name"] for each in sheet["walked_in"]] == ["Ada"]
    assert "2 marks of yours wait for a coordinator" in dana.client.get("/facilitator/today").text
    odile = clients(people.coordinator)
    assert "Nora Q.: walk-in, Late" in odile.get("/coordinator/kept-marks").text

    def settle(act: str, uid: str, reason: str = "") -> int:
        to = f"/coordinator/occurrences/{group.occurrence}/kept-marks/{act}"
        return send(odile, "/coordinator/kept-marks", to=to, uid=uid, seen="", reason=reason).status_code

    assert settle("apply", nora["uid"]) == 422
    assert settle("apply", nora["uid"], "Was at the door") == 303
    assert settle("set-aside", ben["uid"], "Was in the hall") == 303
    assert written(sessions) == [ada, ("late", "Nora Q."), (None, None)]
    assert "Nora Q." in odile.get(f"/facilitator/sheets/{group.occurrence}").text
    assert "Nothing is kept aside" in odile.get("/coordinator/kept-marks").text
    assert told(dana, nora) == [handed_in]
    assert written(sessions) == [ada, ("late", "Nora Q."), (None, None)]


def test_a_sheet_that_is_somebody_else_s_or_only_counts_keeps_no_more_than_it_may(
    dana: Device, clients: Clients, people: Everybody, group: Group, meeting: Group, sessions: Sessions
) -> None:
    femi = Device(clients(people.other_facilitator))
    femi.sheets()
    counting = ("kept", "The session is counted in another way now.")
    assert told(femi, walk_in(meeting, "Nora Q.")) == [counting]
    assert written(sessions) == []  # who comes to mutual help is nowhere on record
    odile = clients(people.coordinator)
    assert "Somebody without a name: walk-in, Present" in odile.get("/coordinator/kept-marks").text
    key = dana.sheets().json
    sent, later = walk_in(group, "Nora Q."), walk_in(group, "Ben")
    inside = {"ticket": dana.ticket, "sent_at": NOW.isoformat(), "walk_ins": [sent]}
    box = seal(key["key"], key["key_id"], json.dumps(inside).encode())
    assert clients(None).post("/sealed", json={"sealed": [box]}).json == {"taken": [box["id"]]}
    assert written(sessions) == [("present", "Nora Q.")]
    with sessions() as session, transaction(session):
        session.execute(delete(Duty).where(Duty.occurrence_id == group.occurrence))
    assert told(dana, later) == [("kept", "The sheet belongs to somebody else now.")]
    assert written(sessions) == [("present", "Nora Q."), (None, "Ben")]
