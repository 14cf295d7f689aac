"""Somebody who works here and is a member too: no page tells colleagues whose business it is not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import pytest
import time_machine
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.attendance.models import Mark, Sheet
from scheduler.domain.people.models import PersonRole
from scheduler.domain.people.roles import Role
from scheduler.domain.stays.models import Stay
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support.devices import Device, mark
from tests.support.evenings import Group, evening_group
from tests.support.people import Everybody
from tests.web.coordinator.desk import text_of

Sessions = sessionmaker[Database]
TAKEN = "One place is taken."


@dataclass(frozen=True, slots=True)
class Evening:
    """Renee works here too, is in Dana's group, and was marked."""

    group: Group
    stay_id: int


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(datetime.fromisoformat("2026-07-14T23:06:00+00:00"), tick=False):
        yield


@pytest.fixture
def evening(sessions: Sessions, people: Everybody, now: datetime) -> Evening:
    with sessions() as session, transaction(session):
        group = evening_group(session, people)
        renee = people.member.id
        session.add(PersonRole(person_id=renee, role=Role.FACILITATOR, given_at=now))
        stay = Stay(person_id=renee, admitted_on=date(2026, 7, 1), changed_at=now)
        sheet = Sheet(occurrence_id=group.occurrence, opened_at=now, walk_ins=0)
        session.add_all([stay, sheet])
        session.flush()
        mark = Mark(sheet_id=sheet.id, person_id=renee, status="present", marked_at=now, revision=1)
        session.add(mark)
        return Evening(group, stay.id)


def test_colleagues_see_who_works_here_and_no_member(
    clients: Clients, people: Everybody, evening: Evening
) -> None:
    odile, yusuf, renee = clients(people.coordinator), clients(people.administrator), people.member.id
    person = f"/coordinator/people/{renee}"
    series, sheet = (
        text_of(odile.get(address).text)
        for address in (
            f"/coordinator/series/{evening.group.series}",
            f"/facilitator/sheets/{evening.group.occurrence}",
        )
    )
    assert TAKEN in series
    assert TAKEN in sheet
    assert "Renee" not in series.partition("Give the post")[2]
    assert "Renee" not in sheet
    assert "Marcus T." in sheet
    assert "Facilitator" in text_of(odile.get(person).text)
    for client, page in (
        (odile, "/coordinator/people?find=renee"),
        (odile, person),
        (yusuf, "/admin/people?q=renee"),
    ):
        shown = text_of(client.get(page).text).partition("Renee Tamm")[2]
        assert "Member" not in shown, page
        assert "Tuesday evening group" not in shown, page
    assert "Renee" not in yusuf.get("/admin/people?role=member").text
    assert "Tuesday evening group" not in yusuf.get(f"/admin/people/{renee}/disable").text
    assert odile.get(f"{person}/week/print").status_code == 404
    found = odile.get(f"/coordinator/series/{evening.group.series}?find=renee").text
    assert "No member has a name that begins with" in found


def test_nobody_marks_a_colleague_whom_they_do_not_see(
    clients: Clients, people: Everybody, evening: Evening
) -> None:
    odile = clients(people.coordinator)
    device = Device(odile)
    device.sheets()
    told = device.told(mark(evening.group, people.member, "absent", seen=1))
    assert [outcome for outcome, *_ in told] == ["not_expected"]


def test_who_leads_the_session_sees_everybody_on_its_sheet(
    clients: Clients, people: Everybody, evening: Evening
) -> None:
    page = clients(people.facilitator).get(f"/facilitator/sheets/{evening.group.occurrence}").text
    assert "Renee T." in page
    assert TAKEN not in page


@pytest.mark.parametrize("part", ["kept_by", "counselor_id"])
def test_whoever_keeps_or_counsels_the_stay_sees_the_member(
    clients: Clients, people: Everybody, evening: Evening, sessions: Sessions, part: str
) -> None:
    with sessions() as session, transaction(session):
        setattr(session.get_one(Stay, evening.stay_id), part, people.coordinator.id)
    odile = clients(people.coordinator)
    assert "Tuesday evening group" in odile.get(f"/coordinator/people/{people.member.id}").text
    assert "Renee T." in odile.get(f"/coordinator/series/{evening.group.series}").text
    sheet = odile.get(f"/facilitator/sheets/{evening.group.occurrence}").text
    assert "Renee T." in sheet
    assert TAKEN not in sheet


def test_one_s_own_week_is_one_s_own(clients: Clients, people: Everybody, evening: Evening) -> None:
    renee = clients(people.member)
    assert evening.group.series
    assert renee.get("/member/week").status_code == 200
