"""What waits for a coordinator: who is who in it, and what of it is nobody's business."""

import pytest
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.attendance.service import set_headcount
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.mutual_help.models import Conscience
from scheduler.domain.people.models import Identity
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support import factories
from tests.support.devices import NOW, mark
from tests.support.evenings import Group
from tests.support.filling import send
from tests.support.people import Everybody
from tests.web.facilitator.conftest import hand_in
from tests.web.facilitator.test_sealed_limits import Sealing, number, stored

Sessions = sessionmaker[Database]


@pytest.fixture
def dana(clients: Clients, people: Everybody, group: Group) -> Sealing:
    return Sealing(clients, people.facilitator)


def test_two_who_are_called_alike_are_told_apart_in_what_waits(
    dana: Sealing, clients: Clients, people: Everybody, group: Group, sessions: Sessions
) -> None:
    with sessions() as session, transaction(session):
        gone, other = (factories.member(session, name) for name in ("Renee Tate", "Renee Tully"))
        factories.enrollment(session, group.series, other)
        session.get_one(Identity, other).distinction = "y"
    hand_in(dana.client, group.occurrence, anyway="1")
    away = mark(group, people.member, "late") | {"person": gone}
    with sessions() as session, transaction(session):  # when it is read, she is on it no more
        row = factories.enrollment(session, group.series, gone)
    dana.sync(
        mark(group, people.member, "late"), mark(group, people.member, "absent") | {"person": other}, away
    )
    with sessions() as session, transaction(session):
        session.delete(session.get_one(Enrollment, row))
    page = clients(people.coordinator).get("/coordinator/kept-marks").text
    for said in ("Renee T. (1): Late", "Renee T. (y): Absent", "Renee T.: Late"):
        assert said in page
    assert "Renee T. (1)" in dana.client.get("/facilitator/today").text


def test_a_headcount_of_a_group_that_keeps_its_number_is_shown_to_no_coordinator(
    clients: Clients, people: Everybody, sessions: Sessions, meeting: Group
) -> None:
    femi, odile = Sealing(clients, people.other_facilitator), clients(people.coordinator)
    counted = number(meeting, 9, what="headcount", seen=3)
    given = {"actor": people.coordinator.actor, "occurrence_id": meeting.occurrence, "now": NOW}
    with sessions() as session, transaction(session):
        set_headcount(session, number=7, seen=None, **given)
    femi.hand_in(femi.box(numbers=[counted]))
    assert stored(sessions) == [(None, "kept", "conflict")]
    assert "9 people in the room" in odile.get("/coordinator/kept-marks").text
    with sessions() as session, transaction(session):
        session.add(Conscience(lineage_id=meeting.series, share_headcount=False, changed_at=NOW))
    assert "9 people" not in odile.get("/coordinator/kept-marks").text
    assert "kept aside" not in odile.get("/coordinator/conflicts").text
    to = f"/coordinator/occurrences/{meeting.occurrence}/kept-marks/apply"
    settled = send(odile, "/me", to=to, uid=counted["uid"], seen="7")
    assert settled.status_code == 404
