"""What a sealed box is worth once the sign-in of its device is over: that depends on what ended it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.access.beginning import begin_sign_in
from scheduler.domain.access.ending import end_others, end_own
from scheduler.domain.access.linking import clean_up, set_password
from scheduler.domain.attendance.models import Mark, SentMark
from scheduler.domain.people.models import Device as DeviceRow
from scheduler.domain.people.models import SignIn
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import give_role, take_role
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support.devices import NOW, mark
from tests.support.evenings import Group
from tests.support.filling import send
from tests.support.people import Everybody, Someone
from tests.web.facilitator.test_sealed_limits import Sealing

pytestmark = pytest.mark.databases("sqlite", "postgresql")
Sessions = sessionmaker[Database]
Act = Callable[[Database, Someone], object]
LATER = NOW + timedelta(minutes=1)
REVOKED = "The sign-in was ended meanwhile, as by a new password or role."


@pytest.fixture
def dana(clients: Clients, people: Everybody, group: Group) -> Sealing:
    return Sealing(clients, people.facilitator)


def outcomes(sessions: Sessions) -> list[tuple[str, str]]:
    with sessions() as session:
        return [(outcome, why) for outcome, why in session.execute(select(SentMark.outcome, SentMark.why))]


def new_password(session: Database, who: Someone) -> None:
    set_password(session, actor=SYSTEM, person_id=who.id, password_hash="new", now=NOW)


def another_role(session: Database, who: Someone) -> None:
    give_role(session, actor=SYSTEM, person_id=who.id, role=Role.COORDINATOR, now=NOW)


def a_role_less(session: Database, who: Someone) -> None:
    take_role(session, actor=SYSTEM, person_id=who.id, role=Role.FACILITATOR, now=NOW)
    give_role(session, actor=SYSTEM, person_id=who.id, role=Role.FACILITATOR, now=NOW)


def all_others(session: Database, who: Someone) -> None:
    end_others(session, actor=who.actor, now=NOW)


def this_one_from_another(session: Database, who: Someone) -> None:
    query = select(SignIn.id).where(SignIn.person_id == who.id)
    end_own(session, actor=who.actor, sign_in_id=session.scalars(query).one(), now=NOW)


@pytest.mark.parametrize("act", [new_password, another_role, a_role_less, all_others, this_one_from_another])
def test_what_comes_after_somebody_ended_the_sign_in_waits_for_a_coordinator(
    dana: Sealing, clients: Clients, people: Everybody, group: Group, sessions: Sessions, act: Act
) -> None:
    with sessions() as session, transaction(session):
        act(session, people.facilitator)
    dana.hand_in(dana.box(mark(group, people.member, "present", made_at=LATER.isoformat())))
    assert outcomes(sessions) == [("kept", "revoked")]
    with sessions() as session:
        assert session.scalars(select(Mark.id)).all() == []
    assert REVOKED in clients(people.coordinator).get("/coordinator/kept-marks").text


def signs_out(dana: Sealing, _sessions: Sessions) -> None:
    assert send(dana.client, "/me", to="/sign-out", sure="yes").status_code == 303


def expires(_dana: Sealing, sessions: Sessions) -> None:
    with sessions() as session, transaction(session):
        clean_up(session, now=NOW + timedelta(days=9000))
        assert session.scalars(select(SignIn.id)).all() == []


@pytest.mark.parametrize("act", [signs_out, expires])
def test_who_signed_out_or_whose_sign_in_expired_has_their_marks_saved(
    dana: Sealing,
    people: Everybody,
    group: Group,
    sessions: Sessions,
    act: Callable[[Sealing, Sessions], None],
) -> None:
    act(dana, sessions)
    dana.hand_in(dana.box(mark(group, people.member, "present")))
    assert outcomes(sessions) == [("applied", "")]


def test_who_signs_in_anew_on_that_device_has_it_back(
    dana: Sealing, clients: Clients, people: Everybody, group: Group, sessions: Sessions
) -> None:
    """The new password proves who it is: what waited is sent, and what is sealed later counts as theirs."""
    with sessions() as session, transaction(session):
        new_password(session, people.facilitator)
        secret = begin_sign_in(session, person_id=people.facilitator.id, lasts=timedelta(days=1), now=NOW)
    anew: Any = clients(replace(people.facilitator, secret=secret))
    dana.client = anew
    assert dana.sheets().status_code == 200
    assert dana.told(mark(group, people.member, "present")) == [("applied", "present", 1)]
    dana.hand_in(dana.box(mark(group, people.other_member, "present")))
    assert outcomes(sessions) == [("applied", ""), ("applied", "")]


def test_a_device_whose_sign_in_is_over_ends_no_one_else_s(
    dana: Sealing, clients: Clients, people: Everybody, sessions: Sessions
) -> None:
    """Some databases give the number of a row that is gone to the next one."""
    renee = clients(people.member)
    with sessions() as session, transaction(session):
        theirs = session.scalars(select(SignIn.id).where(SignIn.person_id == people.member.id)).one()
        session.execute(update(DeviceRow).values(sign_in_id=theirs))
    page = f"/admin/people/{people.facilitator.id}"
    assert send(clients(people.administrator), page, to=f"{page}/devices/1/end").status_code == 303
    assert renee.get("/me").status_code == 200
