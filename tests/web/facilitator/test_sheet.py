"""The page of a sheet."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.schedule.models import Series
from scheduler.extensions import db
from scheduler.store.audit import AuditEntry
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support import factories
from tests.support.evenings import Group
from tests.support.people import Everybody
from tests.support.statements import counted
from tests.web.facilitator.conftest import Traveller, token_of


def address(group: Group) -> str:
    return f"/facilitator/sheets/{group.occurrence}"


def test_the_sheet_shows_who_is_expected_by_short_name_only(
    clients: Clients, people: Everybody, group: Group
) -> None:
    page = clients(people.facilitator).get(address(group))
    assert page.status_code == 200
    assert "Renee T." in page.text
    assert "Marcus T." in page.text
    assert "Tamm" not in page.text
    assert "<title>Sheet</title>" in page.text
    assert "7:00 to 8:30 PM, Elm Street, room 2" in page.text
    assert "Nothing to save yet." in page.text


def test_the_sheet_of_another_day_says_which(
    clients: Clients, people: Everybody, group: Group, evening: Traveller
) -> None:
    evening.shift(timedelta(days=1))
    dana = clients(people.facilitator)
    said = "Tuesday, July 14, 7:00 to 8:30 PM, Elm Street, room 2"
    assert [said in dana.get(address(group) + step).text for step in ("", "/confirm")] == [True, True]


def test_a_meeting_counted_by_heads_shows_no_names_at_all(
    clients: Clients, people: Everybody, meeting: Group, sessions: sessionmaker[Database]
) -> None:
    with sessions() as session, transaction(session):
        factories.enrollment(session, meeting.series, people.member.id)
    page = clients(people.other_facilitator).get(address(meeting)).text
    assert "No names here. Just count the people in the room." in page
    assert "Room holds 40." in page
    assert "Renee" not in page


def test_who_has_no_duty_finds_what_does_not_exist(clients: Clients, people: Everybody, group: Group) -> None:
    pages = [
        clients(who).get(address(group))
        for who in (people.member, people.other_member, people.other_facilitator, people.administrator)
    ]
    nothing = clients(people.other_facilitator).get("/facilitator/sheets/999")
    assert [page.status_code for page in pages] == [404] * 4
    assert pages[2].text == nothing.text


def test_an_outsider_is_sent_to_sign_in(clients: Clients, people: Everybody, group: Group) -> None:
    answer = clients(people.outsider).get(address(group))
    assert (answer.status_code, answer.location) == (
        303,
        f"/sign-in?next=/facilitator/sheets/{group.occurrence}",
    )


def test_a_coordinator_sees_every_sheet(clients: Clients, people: Everybody, group: Group) -> None:
    page = clients(people.coordinator).get(address(group))
    assert page.status_code == 200
    assert f'href="/coordinator/occurrences/{group.occurrence}" aria-label="Back"' in page.text


def test_reading_a_sheet_is_on_record(
    clients: Clients, people: Everybody, group: Group, sessions: sessionmaker[Database]
) -> None:
    clients(people.facilitator).get(address(group))
    clients(people.other_facilitator).get(address(group))
    with sessions() as session:
        reads = session.scalars(select(AuditEntry).where(AuditEntry.action == "read")).all()
    assert [(read.actor, read.subject, read.subject_id) for read in reads] == [
        (people.facilitator.id, "sheet", group.occurrence)
    ]


def test_a_sheet_takes_at_most_six_statements(
    app: Flask, clients: Clients, people: Everybody, group: Group, sessions: sessionmaker[Database]
) -> None:
    with sessions() as session, transaction(session):
        for letter in "ABCDEFGHIJ":
            factories.enrollment(session, group.series, factories.member(session, f"Member {letter}"))
    client = clients(people.facilitator)
    client.get(address(group))
    with counted(engine_of(app)) as statements:
        client.get(address(group))
    assert len(statements) == 6, statements


def engine_of(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@pytest.mark.parametrize(("days", "said"), [(-1, "This sheet opens on Tuesday, July 14."), (-400, "2026")])
def test_before_its_day_a_sheet_shows_who_is_expected_and_takes_nothing(
    clients: Clients, people: Everybody, group: Group, evening: Traveller, days: int, said: str
) -> None:
    evening.shift(timedelta(days=days))
    client = clients(people.facilitator)
    page = client.get(address(group)).text
    refused = client.post(f"{address(group)}/all-present", data={"csrf_token": token_of(client)})
    assert said in page
    assert "Renee T." in page
    forms = set(re.findall(r'method="post" action="([^"]*)"', page))
    assert forms == {f"{address(group)}/absent"}
    assert refused.status_code == 422
    assert "This sheet opens on the day of the session." in refused.text


def test_a_cancelled_session_has_no_sheet(
    clients: Clients, people: Everybody, group: Group, sessions: sessionmaker[Database]
) -> None:
    with sessions() as session, transaction(session):
        stopped = factories.occurrence(session, group.series, datetime(2026, 7, 13, 19), booked=False)
        factories.duty(session, stopped, group.post)
    page = clients(people.facilitator).get(f"/facilitator/sheets/{stopped}").text
    assert "This session is cancelled, so it has no sheet." in page
    assert 'method="post"' not in page


def test_the_sheet_says_when_more_are_there_than_count_and_when_too_few(
    clients: Clients, people: Everybody, group: Group, sessions: sessionmaker[Database]
) -> None:
    def page(least: int | None, most: int | None) -> str:
        with sessions() as session, transaction(session):
            series = session.get_one(Series, group.series)
            series.least_people, series.most_people = least, most
        return clients(people.facilitator).get(address(group)).text

    line = '<p class="beside" id="beside" role="status">'
    assert line not in page(None, None)
    assert f"{line}</p>" in page(3, 1), "nobody is marked yet"
    client = clients(people.facilitator)
    client.post(f"{address(group)}/all-present", data={"csrf_token": token_of(client)})
    assert f"{line}2 here; at most 1 count.</p>" in page(None, 1)
    assert f"{line}2 here; it counts from 3 on.</p>" in page(3, None)
    assert f"{line}</p>" in page(2, 2)
    client.post(f"{address(group)}/walk-ins", data={"csrf_token": token_of(client), "number": 1, "seen": 0})
    assert f"{line}3 here; at most 2 count.</p>" in page(2, 2), "a guest without a name is there too"


def test_names_that_are_alike_are_told_apart_by_whoever_takes_the_sheet(
    clients: Clients, people: Everybody, group: Group, sessions: sessionmaker[Database]
) -> None:
    client = clients(people.facilitator)
    assert "Some names are alike" not in client.get(address(group)).text
    with sessions() as session, transaction(session):
        other = factories.member(session, "Renee Tucker")
        factories.enrollment(session, group.series, other)
    page = client.get(address(group)).text
    assert "Some names are alike" in page
    assert "Renee T. (2)" in page
    typed = {"csrf_token": token_of(client), f"distinction-{other}": "B."}
    assert client.post(f"{address(group)}/names", data=typed).status_code == 303
    page = client.get(address(group)).text
    assert "Renee T. (B.)" in page
    assert "Tucker" not in page
    client.post(f"{address(group)}/names", data=typed | {f"distinction-{other}": "Tucker"})
    assert "Use at most 3 letters: an initial or a number." in client.get(address(group)).text
