"""Erasing and handing out from the administrator's pages."""

import json
from collections.abc import Iterator
from datetime import date, datetime

import pytest
import time_machine
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.calendars.service import Choices, make_feed
from scheduler.domain.calendars.sources import Titles
from scheduler.domain.people.models import Identity
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.privacy.models import Erasure
from scheduler.domain.stays.models import Stay
from scheduler.store.audit import AuditEntry
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support.filling import send
from tests.support.people import Everybody

Sessions = sessionmaker[Database]


@pytest.fixture(autouse=True)
def today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


def test_the_page_says_what_goes_and_what_stays_and_changes_nothing(
    clients: Clients, people: Everybody, sessions: Sessions, now: datetime
) -> None:
    with sessions() as session, transaction(session):
        left = {"admitted_on": date(2024, 1, 1), "discharged_on": date(2025, 3, 1)}
        session.add(Stay(person_id=people.member.id, changed_at=now, **left))
    page = clients(people.administrator).get(f"/admin/people/{people.member.id}/erase").text
    assert "This cannot be undone." in page
    assert "March 1, 2032" in page
    with sessions() as session:
        assert session.scalars(select(Erasure)).all() == []


@pytest.mark.parametrize("typed", ["", "Renee", "Marcus Tull"])
def test_another_name_erases_nobody(
    clients: Clients, people: Everybody, sessions: Sessions, typed: str
) -> None:
    answer = send(clients(people.administrator), f"/admin/people/{people.member.id}/erase", name=typed)
    assert answer.status_code == 422
    with sessions() as session:
        assert session.scalars(select(Erasure)).all() == []


def test_after_the_name_is_typed_nobody_stands_behind_the_record(
    clients: Clients, people: Everybody, sessions: Sessions
) -> None:
    admin, renee = clients(people.administrator), clients(people.member)
    page = f"/admin/people/{people.member.id}"
    answer = send(admin, f"{page}/erase", name="renée tamm")
    assert (answer.status_code, answer.location) == (303, "/admin/people")
    assert "Renee" not in admin.get("/admin/people").text
    shown = admin.get(page).text
    assert ("Erased person" in shown, "Disable" in shown, "Renee" in shown) == (True, False, False)
    assert admin.get(f"{page}/erase").status_code == 404
    assert renee.get("/member/week").status_code == 303
    with sessions() as session:
        assert session.get_one(Erasure, people.member.id).kept_until == date(2033, 7, 15)


def test_the_last_administrator_is_told_why_not(clients: Clients, people: Everybody) -> None:
    yusuf = people.administrator
    answer = send(clients(yusuf), f"/admin/people/{yusuf.id}/erase", name=yusuf.name)
    assert answer.status_code == 422
    assert "Somebody must be able to manage accounts." in answer.text


@pytest.mark.parametrize("form", ["json", "pdf"])
def test_everything_held_is_handed_out_as_a_file_that_tells_nothing_by_its_name(
    clients: Clients, people: Everybody, sessions: Sessions, form: str
) -> None:
    admin, page = clients(people.administrator), f"/admin/people/{people.member.id}"
    answer = send(admin, page, to=f"{page}/export", form=form)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f"attachment; filename=record.{form}"
    if form == "json":
        assert json.loads(answer.data)["held"]["identity"][0]["name"] == "Renee Tamm"
    else:
        assert answer.data.startswith(b"%PDF")
    query = select(AuditEntry.person_id, AuditEntry.detail).where(AuditEntry.action == "person.exported")
    with sessions() as session:
        assert [tuple(row) for row in session.execute(query)] == [(people.member.id, {"form": form})]


def test_another_form_of_file_is_none(clients: Clients, people: Everybody) -> None:
    admin, page = clients(people.administrator), f"/admin/people/{people.member.id}"
    assert send(admin, page, to=f"{page}/export", form="exe").status_code == 400
    assert send(admin, page, to="/admin/people/10000/export", form="json").status_code == 404


def test_the_address_of_their_calendar_is_gone_at_once(
    clients: Clients, people: Everybody, sessions: Sessions, now: datetime
) -> None:
    with sessions() as session, transaction(session):
        choices = Choices(name="My phone", titles=Titles.PLAIN)
        token = make_feed(session, actor=SYSTEM, person_id=people.member.id, choices=choices, now=now)
    admin, address = clients(people.administrator), f"/feeds/{token}/calendar.ics"
    assert admin.get(address).status_code == 200
    send(admin, f"/admin/people/{people.member.id}/erase", name=people.member.name)
    assert admin.get(address).status_code == 410


def test_somebody_who_joined_this_record_is_erased_with_it(
    clients: Clients, people: Everybody, engine: Engine
) -> None:
    admin, page = clients(people.administrator), f"/admin/people/{people.member.id}"
    send(
        admin,
        f"{page}/merge?second={people.other_member.id}",
        to=f"{page}/merge",
        second=str(people.other_member.id),
    )
    send(admin, f"{page}/erase", name=people.member.name)
    with engine.connect() as connection:
        names = connection.execute(select(Identity.name).order_by(Identity.person_id)).scalars().all()
    assert names[:2] == ["Erased person", "Joined record"]
