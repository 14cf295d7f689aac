"""A device keeps the sheets of its facilitator, and sends what was made without a network."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.access.beginning import begin_sign_in
from scheduler.domain.attendance.models import Correction, Mark, MarkChange, SentMark
from scheduler.domain.people.models import Device as Keeping
from scheduler.domain.roster.models import Duty
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


def test_a_device_gets_the_duties_around_now_and_what_it_needs_to_take_them(
    clients: Clients, people: Everybody, group: Group
) -> None:
    device = Device(clients(people.facilitator))
    answer = device.sheets()
    assert answer.headers["Cache-Control"] == "no-store"
    found = answer.json
    (sheet,) = found.pop("sheets")
    words, rows = sheet.pop("words"), sheet.pop("rows")
    assert found.pop("key").keys() == {"kty", "crv", "x", "y"}
    assert found.keys() == {"person", "ticket", "key_id", "csrf", "now", "until"}
    assert (found["person"], found["until"]) == (people.facilitator.id, "2026-07-17T23:06:00+00:00")
    assert words["zone"] == "America/New_York"
    assert sheet == {
        "id": group.occurrence,
        "title": "Tuesday evening group",
        "when": "Tuesday, July 14, 7:00 to 8:30 PM",
        "place": "room 2, Elm Street",
        "opens_at": "2026-07-14T04:00:00+00:00",
        "starts_at": "2026-07-14T23:00:00+00:00",
        "ends_at": "2026-07-15T00:30:00+00:00",
        "zone": "America/New_York",
        "phase": "open",
        "by_heads": False,
        "submitted": False,
        "headcount": None,
        "walk_ins": 0,
        "last": "",
        "takes_names": True,
        "walked_in": [],
    }
    nobody = dict.fromkeys(("status", "late_minutes", "left_minutes", "excuse", "says")) | {"revision": 0}
    assert rows == [
        {"person": people.other_member.id, "name": "Marcus T.", "expected": True, **nobody},
        {"person": people.member.id, "name": "Renee T.", "expected": True, **nobody},
    ]


def test_marks_are_saved_once_however_often_they_come(
    dana: Device, people: Everybody, group: Group, sessions: Sessions
) -> None:
    renee = mark(group, people.member, "present")
    assert dana.told(renee) == [("applied", "present", 1)]
    assert dana.told(renee) == [("applied", "present", 1)]
    later = mark(
        group, people.member, "late", late_minutes=6, made_at=(NOW + timedelta(minutes=9)).isoformat()
    )
    assert dana.told(later, renee, sent_at=NOW + timedelta(minutes=9)) == [
        ("applied", "present", 1),
        ("applied", "late", 2),
    ]
    with sessions() as session:
        assert session.scalars(select(MarkChange.status)).all() == ["present", "late"]
        assert session.scalars(select(Mark.revision)).all() == [2]
        assert session.query(SentMark).count() == 2


def outcomes(sessions: Sessions) -> list[tuple[str, str]]:
    with sessions() as session:
        found = select(SentMark.outcome, SentMark.why).order_by(SentMark.received_at, SentMark.uid)
        return [(outcome, why) for outcome, why in session.execute(found)]


def sealed(device: Device, *marks: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What a browser seals, by the words of docs/attendance.md and another library's parts."""
    given = device.sheets().json if not more.get("key") else more
    inside = {"ticket": more.get("ticket", device.ticket), "sent_at": NOW.isoformat(), "marks": marks}
    return seal(given["key"], given["key_id"], json.dumps(inside).encode())


def test_a_sealed_box_is_merged_as_if_its_maker_had_sent_it_whoever_hands_it_in(
    dana: Device, clients: Clients, people: Everybody, group: Group, sessions: Sessions
) -> None:
    box = sealed(dana, mark(group, people.member, "present"))
    nobody = clients(None)
    for _ in range(2):
        assert nobody.post("/sealed", json={"sealed": [box]}).json == {"taken": [box["id"]]}
    assert outcomes(sessions) == [("applied", "")]
    with sessions() as session:
        assert session.scalars(select(Mark.marked_by)).all() == [people.facilitator.id]


def test_rubbish_is_answered_as_what_was_taken_and_what_another_key_may_open_stays(
    dana: Device, clients: Clients, people: Everybody, group: Group, sessions: Sessions
) -> None:
    good = sealed(dana, mark(group, people.member, "present"))
    wrong = [
        sealed(dana, mark(group, people.member, "present"), ticket="made up"),
        good | {"id": str(uuid4())},  # it was sealed under another name
        good | {"id": str(uuid4()), "epk": {}, "iv": "?", "box": 7},
        sealed(dana),
    ]
    of_another_key = good | {"id": str(uuid4()), "key_id": "0" * 16}
    boxes = [*wrong, of_another_key, {"id": "no name"}, "nothing"]
    answer = clients(None).post("/sealed", json={"sealed": boxes})
    assert answer.json == {"taken": [each["id"] for each in wrong]}
    assert outcomes(sessions) == []
    for body in ({}, {"sealed": 7}, [], "[" * 100_000):
        assert clients(None).post("/sealed", json=body).json == {"taken": []}


def test_what_needs_a_decision_waits_where_nobody_is_there_to_ask(
    dana: Device, clients: Clients, people: Everybody, group: Group, sessions: Sessions
) -> None:
    odile = Device(clients(people.coordinator))
    odile.sheets()
    assert odile.told(mark(group, people.member, "absent")) == [("applied", "absent", 1)]
    theirs, gone = mark(group, people.member, "present"), mark(group, people.other_member, "present")
    clients(None).post("/sealed", json={"sealed": [sealed(dana, theirs)]})
    assert sorted(outcomes(sessions)) == [("applied", ""), ("kept", "conflict")]
    box = sealed(dana, gone)
    with sessions() as session, transaction(session):
        session.execute(delete(Duty))
    clients(None).post("/sealed", json={"sealed": [box]})
    assert sorted(outcomes(sessions)) == [("applied", ""), ("kept", "conflict"), ("kept", "not_theirs")]


def test_what_came_too_late_waits_and_a_coordinator_applies_it_or_sets_it_aside(
    dana: Device, clients: Clients, people: Everybody, group: Group, sessions: Sessions
) -> None:
    odile = clients(people.coordinator)
    assert "kept aside" not in odile.get("/coordinator/conflicts").text
    assert dana.told(mark(group, people.member, "absent")) == [("applied", "absent", 1)]
    hand_in(dana.client, group.occurrence, anyway="1")
    renee, marcus = mark(group, people.member, "late", seen=1), mark(group, people.other_member, "present")
    handed_in = "The sheet was handed in already."
    sent = mark(group, people.member, "excused"), renee, marcus
    assert [
        (each["outcome"], each["status"], each["reason"]) for each in dana.sync(*sent).json["results"]
    ] == [
        ("unchanged", "absent", ""),  # the next one says something newer
        ("kept", "late", handed_in),
        ("kept", "present", handed_in),
    ]
    (again,) = dana.sync(renee).json["results"]
    assert (again["outcome"], again["status"], again["reason"]) == ("kept", "late", handed_in)
    assert "2 marks of yours wait for a coordinator" in dana.client.get("/facilitator/today").text
    assert "2 marks were kept aside" in odile.get("/coordinator/conflicts").text
    page = odile.get("/coordinator/kept-marks").text
    assert "Renee T.: Late" in page
    assert "Tuesday evening group" in page

    def settle(act: str, uid: str, **more: str) -> tuple[int, str]:
        to = f"/coordinator/occurrences/{group.occurrence}/kept-marks/{act}"
        answer = send(odile, "/coordinator/kept-marks", to=to, uid=uid, **more)
        return answer.status_code, answer.text

    assert "Say why it is changed" in settle("apply", renee["uid"], seen="1")[1]
    assert settle("apply", renee["uid"], seen="0", reason="Came at 7:10")[0] == 409
    assert settle("apply", renee["uid"], seen="1", reason="Came at 7:10")[0] == 303
    assert settle("apply", renee["uid"], seen="2", reason="again")[0] == 404
    assert settle("set-aside", marcus["uid"])[0] == 422
    assert settle("set-aside", marcus["uid"], reason="Was not there")[0] == 303
    with sessions() as session:
        settled = select(SentMark.settled, SentMark.settled_by, SentMark.reason).where(SentMark.why != "")
        by = people.coordinator.id
        assert sorted(session.execute(settled)) == [
            ("applied", by, "Came at 7:10"),
            ("set_aside", by, "Was not there"),
        ]
        assert session.scalars(select(Mark.status)).all() == ["late"]
        assert session.scalars(select(Correction.reason)).all() == ["Came at 7:10"]
    assert "Nothing is kept aside" in odile.get("/coordinator/kept-marks").text
    assert "waits for a coordinator" not in dana.client.get("/facilitator/today").text


def is_ended(clients: Clients, ticket: str) -> bool:
    answer = clients(None).get("/kept/ended", headers={"X-Device": ticket})
    assert (answer.status_code, answer.json.keys()) == (200, {"ended"})
    return bool(answer.json["ended"])


def test_a_sign_in_has_one_device_however_often_a_browser_without_a_ticket_asks(
    dana: Device, sessions: Sessions
) -> None:
    tickets = {dana.ticket}
    for _ in range(5):
        dana.ticket = ""
        dana.sheets()
        tickets.add(dana.ticket)
    assert len(tickets) == 1
    with sessions() as session:
        assert session.scalars(select(Keeping.id)).all() == [1]


def test_all_that_one_sign_in_has_made_of_a_browser_ends_together(
    dana: Device, clients: Clients, people: Everybody, sessions: Sessions
) -> None:
    """Signed in anew it still has its ticket; once that is lost, it is another device of the same sign-in."""
    with sessions() as session, transaction(session):
        secret = begin_sign_in(session, person_id=people.facilitator.id, lasts=timedelta(days=1), now=NOW)
    dana.client = clients(replace(people.facilitator, secret=secret))
    tickets = [dana.ticket]
    for ticket in (dana.ticket, ""):
        dana.ticket = ticket
        assert dana.sheets().status_code == 200
    tickets.append(dana.ticket)
    page = f"/admin/people/{people.facilitator.id}"
    assert send(clients(people.administrator), page, to=f"{page}/devices/1/end").status_code == 303
    assert [is_ended(clients, each) for each in tickets] == [True, True]


def test_an_ended_device_gets_no_names_and_what_it_sends_is_kept(
    dana: Device, clients: Clients, people: Everybody, group: Group, sessions: Sessions
) -> None:
    yusuf = clients(people.administrator)
    page = f"/admin/people/{people.facilitator.id}"
    assert "Tuesday evening group" in yusuf.get(page).text
    box = sealed(dana, mark(group, people.member, "present"))
    ticket = dana.ticket
    assert [is_ended(clients, each) for each in (ticket, "", "made up")] == [False] * 3
    assert send(yusuf, page, to=f"{page}/devices/1/end").status_code == 303
    assert "Ended" in yusuf.get(page).text
    for dana.ticket in (ticket, ""):
        assert dana.sheets().location.startswith("/sign-in")  # that sign-in is over, too
    assert [is_ended(clients, each) for each in (ticket, "", "made up")] == [True, False, False]
    clients(None).post("/sealed", json={"sealed": [box]})
    assert [why for _, why in outcomes(sessions)] == ["ended"]
    with sessions() as session, transaction(session):
        secret = begin_sign_in(session, person_id=people.facilitator.id, lasts=timedelta(days=1), now=NOW)
    anew = Device(clients(replace(people.facilitator, secret=secret)))
    assert anew.sheets().status_code == 200
    anew.ticket = ticket
    gone = anew.sheets()
    assert (gone.status_code, gone.json) == (410, {"ended": True})
    anew.ticket = ticket
    answer = anew.sync(mark(group, people.member, "late")).json
    (told,) = answer["results"]
    assert (answer["ended"], told["outcome"], told["reason"]) == (True, "kept", "The device was ended.")
