"""What waits for a coordinator: who is who in it, and what of it is nobody's business."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.access.beginning import begin_sign_in
from scheduler.domain.attendance.kept import LEFT
from scheduler.domain.attendance.models import Mark, SentMark
from scheduler.domain.attendance.service import set_headcount
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.mutual_help.models import Conscience
from scheduler.domain.people.models import Identity
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import give_role, take_role
from scheduler.domain.schedule.models import Occurrence
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support import factories
from tests.support.devices import NOW, Device, mark
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


def settles(client: FlaskClient, group: Group, uid: str, take: str, seen: str) -> int:
    to = f"/facilitator/sheets/{group.occurrence}/settle"
    return send(client, "/me", to=to, uid=uid, take=take, seen=seen).status_code


def test_who_came_second_by_a_sealed_box_is_asked_which_as_soon_as_they_are_back(
    dana: Sealing, clients: Clients, people: Everybody, group: Group, sessions: Sessions
) -> None:
    odile = Device(clients(people.coordinator))
    odile.sheets()
    both = people.member, people.other_member
    odile.told(*(mark(group, each, "absent") for each in both))
    mine, other = (mark(group, each, "present") for each in both)
    dana.hand_in(dana.box(mine, other))
    page = dana.client.get("/facilitator/today").text
    assert "2 marks of yours need you" in page
    assert "Renee T.: you Present, the sheet Absent." in page
    assert settles(dana.client, group, mine["uid"], "mine", "0") == 409  # it shows what stands by now
    assert settles(dana.client, group, mine["uid"], "mine", "1") == 303
    assert settles(dana.client, group, other["uid"], "theirs", "1") == 303
    assert settles(dana.client, group, other["uid"], "mine", "1") == 404
    with sessions() as session:
        assert session.execute(select(Mark.person_id, Mark.status).order_by(Mark.person_id)).all() == [
            (people.member.id, "present"),
            (people.other_member.id, "absent"),
        ]
        settled = select(SentMark.settled, SentMark.settled_by, SentMark.reason).where(SentMark.why != "")
        assert sorted(session.execute(settled)) == [
            ("applied", people.facilitator.id, ""),
            ("set_aside", people.facilitator.id, LEFT),
        ]
    assert "need you" not in dana.client.get("/facilitator/today").text


def test_what_waits_for_another_reason_or_is_another_s_is_not_theirs_to_settle(
    dana: Sealing, clients: Clients, people: Everybody, group: Group, sessions: Sessions
) -> None:
    hand_in(dana.client, group.occurrence, anyway="1")
    late = mark(group, people.member, "late")
    dana.hand_in(dana.box(late))
    assert "One mark of yours waits for a coordinator" in dana.client.get("/facilitator/today").text
    for who in (dana.client, clients(people.other_facilitator)):
        for take in ("mine", "theirs"):
            assert settles(who, group, late["uid"], take, "0") == 404
    assert stored(sessions) == [(people.member.id, "kept", "submitted")]


def test_of_a_group_that_keeps_its_number_who_counted_settles_what_waits(
    clients: Clients, people: Everybody, sessions: Sessions, meeting: Group
) -> None:
    who = people.other_facilitator.id
    with sessions() as session, transaction(session):
        take_role(session, actor=SYSTEM, person_id=who, role=Role.FACILITATOR, now=NOW)
        give_role(session, actor=SYSTEM, person_id=who, role=Role.TRUSTED_SERVANT, now=NOW)
        secret = begin_sign_in(session, person_id=who, lasts=timedelta(days=1), now=NOW)
    femi = Sealing(clients, replace(people.other_facilitator, secret=secret))
    with sessions() as session, transaction(session):
        session.add(Conscience(lineage_id=meeting.series, share_headcount=False, changed_at=NOW))
        session.get_one(Occurrence, meeting.occurrence).booked = False
    counted = number(meeting, 9, what="headcount", seen=3)
    femi.hand_in(femi.box(numbers=[counted]))
    assert stored(sessions) == [(None, "kept", "cancelled")]
    page = femi.client.get("/servant/groups").text
    assert "One mark of yours needs you" in page
    assert "Save mine" not in page
    assert settles(femi.client, meeting, counted["uid"], "theirs", "") == 303
    with sessions() as session:
        assert session.scalars(select(SentMark.settled)).all() == ["set_aside"]
