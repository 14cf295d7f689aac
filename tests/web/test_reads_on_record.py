"""Who read about whom is on record, also where a form was refused and came back with the names on it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker
from werkzeug.test import TestResponse

from scheduler.store.audit import AuditEntry, AuditPerson
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support import devices
from tests.support.evenings import AT_SEVEN, Group, evening_group, late_meeting
from tests.support.filling import TOKEN
from tests.support.people import Everybody

Sessions = sessionmaker[Database]


@pytest.fixture(autouse=True)
def evening() -> Iterator[None]:
    with time_machine.travel(AT_SEVEN + timedelta(minutes=6), tick=False):
        yield


@pytest.fixture
def group(sessions: Sessions, people: Everybody) -> Group:
    with sessions() as session, transaction(session):
        return evening_group(session, people)


@pytest.fixture
def meeting(sessions: Sessions, people: Everybody) -> Group:
    with sessions() as session, transaction(session):
        return late_meeting(session, people)


def token_of(client: FlaskClient) -> str:
    found = TOKEN.search(client.get("/me").text)
    assert found is not None
    return found[1]


def post(client: FlaskClient, address: str, **typed: str) -> TestResponse:
    data = {"csrf_token": token_of(client), **{name.replace("_", "-"): v for name, v in typed.items()}}
    return client.post(address, data=data)


def reads(sessions: Sessions, act: Callable[[], TestResponse], status: int) -> list[tuple[str, int | None]]:
    """What an act adds to the record of reads; it must be answered with that status."""
    query = select(AuditEntry.subject, AuditEntry.subject_id).where(AuditEntry.action == "read")
    query = query.order_by(AuditEntry.id)
    with sessions() as session:
        before = len(session.execute(query).all())
    assert act().status_code == status
    with sessions() as session:
        return [(subject, number) for subject, number in session.execute(query).all()[before:]]


def test_a_sheet_that_comes_back_with_an_error_was_read(
    clients: Clients, people: Everybody, sessions: Sessions, group: Group
) -> None:
    dana, renee = clients(people.facilitator), people.member.id
    address = f"/facilitator/sheets/{group.occurrence}"
    wrong = {f"was_{renee}": "||", f"status_{renee}": "late", f"late_{renee}": "x"}
    was_read = [("sheet", group.occurrence)]
    assert reads(sessions, lambda: post(dana, f"{address}/marks", **wrong), 422) == was_read
    assert reads(sessions, lambda: post(dana, f"{address}/walk-ins", number="x"), 422) == was_read
    assert reads(sessions, lambda: post(dana, f"{address}/submit"), 422) == was_read


def test_a_sheet_that_comes_back_with_a_question_was_read(
    clients: Clients, people: Everybody, sessions: Sessions, group: Group
) -> None:
    dana, odile, renee = clients(people.facilitator), clients(people.coordinator), people.member.id
    address, was_read = f"/facilitator/sheets/{group.occurrence}", [("sheet", group.occurrence)]
    mark = {f"was_{renee}": "||", f"seen_{renee}": "0"}
    saved = {**mark, f"status_{renee}": "present"}
    assert reads(sessions, lambda: post(dana, f"{address}/marks", **saved), 303) == []
    asked = {**mark, f"status_{renee}": "absent"}
    assert reads(sessions, lambda: post(odile, f"{address}/marks", **asked), 409) == was_read
    device = devices.Device(odile)
    device.sheets()
    assert reads(sessions, lambda: device.sync(devices.mark(group, people.member, "absent")), 200) == was_read


def test_a_person_s_page_that_comes_back_was_read(
    clients: Clients, people: Everybody, sessions: Sessions, group: Group
) -> None:
    admin, odile = clients(people.administrator), clients(people.coordinator)
    renee, own = people.member.id, people.administrator.id
    was_read = [("person", renee)]
    disable = f"/admin/people/{renee}/disable"
    assert reads(sessions, lambda: post(admin, disable, hand_to="7"), 422) == was_read
    roles = f"/admin/people/{own}/roles"
    taken = reads(sessions, lambda: post(admin, roles, role="administrator", how="take"), 422)
    assert taken == [("person", own)]
    enroll = f"/coordinator/people/{renee}/enrollments"
    assert reads(sessions, lambda: post(odile, enroll), 422) == was_read
    series = f"/coordinator/series/{group.series}/enrollments"
    assert reads(sessions, lambda: post(odile, series), 422) == [("series", group.series)]


def test_people_who_were_found_were_read(clients: Clients, people: Everybody, sessions: Sessions) -> None:
    admin, odile = clients(people.administrator), clients(people.coordinator)
    assert reads(sessions, lambda: admin.get("/admin/people"), 200) == [("people", None)]
    assert reads(sessions, lambda: admin.get("/admin/people?q=qqqqq"), 200) == []
    assert reads(sessions, lambda: odile.get("/coordinator/people?find=renee"), 200) == [("people", None)]
    assert reads(sessions, lambda: odile.get("/coordinator/people"), 200) == []


def test_a_number_that_comes_back_was_read(
    clients: Clients, people: Everybody, sessions: Sessions, meeting: Group
) -> None:
    femi, address = clients(people.other_facilitator), f"/facilitator/sheets/{meeting.occurrence}/headcount"
    assert reads(sessions, lambda: post(femi, address, number="x"), 422) == [("sheet", meeting.occurrence)]


def concerned(sessions: Sessions) -> set[int]:
    """Whom the newest read that names several persons concerns."""
    newest = select(func.max(AuditPerson.entry_id)).scalar_subquery()
    with sessions() as session:
        return set(session.scalars(select(AuditPerson.person_id).where(AuditPerson.entry_id == newest)))


def test_a_page_with_several_people_names_each_of_them(
    clients: Clients, people: Everybody, sessions: Sessions, group: Group
) -> None:
    """So that who saw one of them is one question."""
    dana, odile, admin = (
        clients(each) for each in (people.facilitator, people.coordinator, people.administrator)
    )
    renee, marcus = people.member.id, people.other_member.id
    for client, address, expected in (
        (dana, f"/facilitator/sheets/{group.occurrence}", {renee, marcus}),
        (odile, f"/coordinator/series/{group.series}", {renee, marcus}),
        (odile, f"/coordinator/series/{group.series}?find=marcus", {renee, marcus}),
        (odile, "/coordinator/people?find=renee", {renee}),
        (admin, "/admin/people?q=marcus", {marcus}),
        (admin, "/admin/audit?person=renee", {renee}),
    ):
        assert client.get(address).status_code == 200
        assert concerned(sessions) >= expected, address
