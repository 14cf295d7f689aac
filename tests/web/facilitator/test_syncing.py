"""What a device sends that cannot be saved: it is said, and stops nothing else."""

from typing import Any

import pytest

from tests.conftest import Clients
from tests.support.devices import Device, mark
from tests.support.evenings import Group
from tests.support.people import Everybody

SYNC = "/facilitator/device/sync"
WITHIN = "Give the minutes as a number from 1 to 89: the session lasts 90."
ABOVE = "Give the minutes as a number above 0."


@pytest.fixture
def dana(clients: Clients, people: Everybody, group: Group) -> Device:
    device = Device(clients(people.facilitator))
    device.sheets()
    return device


def test_marks_that_cannot_be_stop_nobody_else_s(dana: Device, people: Everybody, group: Group) -> None:
    cannot_be: list[tuple[dict[str, Any], str]] = [
        ({"status": "asleep"}, "There is no such mark."),
        ({"status": ["x"]}, "There is no such mark."),
        ({"status": {"a": 1}}, "There is no such mark."),
        ({"status": 3}, "There is no such mark."),
        ({"status": "excused", "excuse": "court"}, "There is no such reason."),
        ({"status": "excused", "excuse": ["work"]}, "There is no such reason."),
        ({"status": "absent", "excuse": "work"}, "A reason belongs to somebody who is excused."),
        ({"status": "late", "late_minutes": ["x"]}, ABOVE),
        ({"status": "late", "late_minutes": 9999}, ABOVE),
        ({"status": "late", "late_minutes": 90}, WITHIN),
        ({"status": "late", "late_minutes": 0}, ABOVE),
        ({"status": "late", "late_minutes": -5}, ABOVE),
        ({"status": "late", "late_minutes": 12.5}, ABOVE),
        ({"status": "left_early", "left_minutes": 90}, WITHIN),
        ({"status": "present", "late_minutes": 4}, "Minutes belong to somebody who was late or left early."),
        ({"status": "present", "person": None}, "A mark is for nobody."),
        ({"status": "present", "person": [1]}, "A mark is for nobody."),
    ]
    said = {}
    sent = []
    for fields, reason in cannot_be:
        one = {**mark(group, people.member, "present"), **fields}
        said[one["uid"]] = reason
        sent.append(one)
    good = mark(group, people.other_member, "present")
    results = {result["uid"]: result for result in dana.sync(*sent, good).json["results"]}
    assert {uid: results[uid]["reason"] for uid in said} == said
    assert {results[uid]["outcome"] for uid in said} == {"refused"}
    assert results[good["uid"]]["outcome"] == "applied"


@pytest.mark.parametrize(
    "body", ["[" * 5000, '{"marks":' * 5000, "{", "", "9" * 5000, "[1]", "null", '{"marks": "all"}']
)
def test_a_body_that_cannot_be_read_is_refused(dana: Device, body: str) -> None:
    headers = {"X-CSRFToken": dana.token, "Content-Type": "application/json"}
    assert dana.client.post(SYNC, data=body, headers=headers).status_code == 422


def test_marks_without_the_token_are_refused(dana: Device, people: Everybody, group: Group) -> None:
    dana.token = ""
    assert dana.sync(mark(group, people.member, "present")).status_code == 400
