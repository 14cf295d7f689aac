"""What a facilitator leads today, and in the weeks to come."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.extensions import db
from scheduler.store.audit import AuditEntry
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support import factories
from tests.support.evenings import Group
from tests.support.people import Everybody
from tests.support.statements import counted
from tests.web.facilitator.conftest import Traveller


@pytest.fixture
def weeks(group: Group, people: Everybody, sessions: sessionmaker[Database]) -> dict[int, int]:
    """The group's meetings by days from today; the one in a week is led by the other facilitator as well."""
    with sessions() as session, transaction(session):
        made = {}
        for days in (-7, 7, 14):
            start = datetime(2026, 7, 14, 19) + timedelta(days=days)
            made[days] = factories.occurrence(session, group.series, start, booked=days != 14)
            factories.duty(session, made[days], group.post)
        second = factories.post(session, group.series, people.other_facilitator.id, "co_facilitator")
        factories.duty(session, made[7], second)
    return made


def test_today_opens_on_the_sheet_of_what_is_next(
    clients: Clients, people: Everybody, group: Group, evening: Traveller
) -> None:
    evening.shift(timedelta(minutes=-26))
    page = clients(people.facilitator).get("/facilitator/today").text
    assert "Starts in 20 minutes" in page
    for said in ("7:00 PM", "Tuesday evening group", "Elm Street, room 2", "2 expected", "You lead"):
        assert said in page
    assert page.count('class="btn lamp"') == 1
    assert f'<a class="btn lamp" href="/facilitator/sheets/{group.occurrence}">Open the sheet</a>' in page


def test_a_sheet_that_was_not_submitted_is_asked_for(
    clients: Clients, people: Everybody, weeks: dict[int, int]
) -> None:
    page = clients(people.facilitator).get("/facilitator/today").text
    assert "One sheet is not submitted" in page
    assert f'href="/facilitator/sheets/{weeks[-7]}"' in page
    assert "2 people have no mark." in page


def test_the_next_weeks_stand_by_day_with_who_else_leads(
    clients: Clients, people: Everybody, weeks: dict[int, int]
) -> None:
    page = clients(people.facilitator).get("/facilitator/duties").text
    assert page.index("Tuesday, July 14") < page.index("Tuesday, July 21") < page.index("Tuesday, July 28")
    assert "You lead, with Femi A." in page
    assert "Cancelled" in page.partition("Tuesday, July 28")[2]


def test_a_day_without_a_duty_says_so(clients: Clients, people: Everybody, group: Group) -> None:
    femi = clients(people.other_facilitator)
    assert "Nothing to lead today" in femi.get("/facilitator/today").text
    assert "Nothing is planned for you in the next six weeks." in femi.get("/facilitator/duties").text


def test_only_facilitators_have_these_pages(clients: Clients, people: Everybody) -> None:
    for path in ("/facilitator/today", "/facilitator/duties"):
        for somebody in (people.member, people.coordinator, people.administrator):
            assert clients(somebody).get(path).status_code == 404
        assert clients(people.outsider).get(path).location == f"/sign-in?next={path}"


def test_today_takes_four_statements_and_the_duties_two(
    app: Flask, clients: Clients, people: Everybody, weeks: dict[int, int]
) -> None:
    client = clients(people.facilitator)
    with app.app_context():
        engine = db.engine
    for path, most in (("/facilitator/today", 4), ("/facilitator/duties", 2)):
        client.get(path)
        with counted(engine) as statements:
            assert client.get(path).status_code == 200
        assert len(statements) == most, statements


def test_with_a_member_s_name_on_it_the_page_is_a_read_on_record(
    clients: Clients, people: Everybody, sessions: sessionmaker[Database]
) -> None:
    with sessions() as session, transaction(session):
        talk = factories.series(session, "Talk", kind="individual", first_start=datetime(2026, 7, 14, 20))
        occurrence = factories.occurrence(session, talk)
        factories.duty(session, occurrence, factories.post(session, talk, people.facilitator.id))
        factories.enrollment(session, talk, people.member.id)
    page = clients(people.facilitator).get("/facilitator/today").text
    assert "Talk, Renee T." in page
    assert "Tamm" not in page
    with sessions() as session:
        reads = session.scalars(select(AuditEntry).where(AuditEntry.action == "read")).all()
    assert [(read.actor, read.subject) for read in reads] == [(people.facilitator.id, "duties")]
