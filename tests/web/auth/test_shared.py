"""What is shared about me: each calendar, device, copy and reader, and the end of what can end."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.calendars.keeping import note_fetches
from scheduler.domain.calendars.models import Feed
from scheduler.domain.calendars.service import Choices, make_feed
from scheduler.domain.calendars.sources import Titles
from scheduler.domain.people.roles import SYSTEM
from scheduler.store.audit import record
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support.filling import send
from tests.support.people import Everybody
from tests.web.coordinator.desk import text_of

Sessions = sessionmaker[Database]


@pytest.fixture(autouse=True)
def today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def feed(sessions: Sessions, people: Everybody, now: datetime) -> int:
    """Renee's calendar, which Google looked at."""
    with sessions() as session, transaction(session):
        choices = Choices(name="My phone", titles=Titles.PLAIN)
        make_feed(session, actor=SYSTEM, person_id=people.member.id, choices=choices, now=now)
        number = session.scalars(select(Feed.id)).one()
        note_fetches(session, {number: ("google", now - timedelta(hours=2))})
    return number


def test_a_calendar_is_shown_with_who_looked_and_ended_here(
    clients: Clients, people: Everybody, sessions: Sessions, feed: int
) -> None:
    renee = clients(people.member)
    assert "Google Calendar looked" in renee.get("/me/shared").text
    ended = send(renee, "/me/shared", to=f"/me/shared/calendars/{feed}/end")
    assert (ended.status_code, ended.location) == (303, "/me/shared")
    assert "My phone" not in renee.get("/me/shared").text
    with sessions() as session:
        assert session.get_one(Feed, feed).revoked_at is not None


def test_another_s_calendar_is_not_there(clients: Clients, people: Everybody, feed: int) -> None:
    marcus = clients(people.other_member)
    assert "My phone" not in marcus.get("/me/shared").text
    assert send(marcus, "/me/shared", to=f"/me/shared/calendars/{feed}/end").status_code == 404


def test_who_looked_is_named_by_role_and_one_s_own_looks_are_left_out(
    clients: Clients, people: Everybody, sessions: Sessions, now: datetime
) -> None:
    renee, read = people.member, {"at": now, "action": "read"}
    with sessions() as session, transaction(session):
        record(session, actor=people.coordinator.actor, subject="person", person_id=renee.id, **read)
        record(session, actor=people.facilitator.actor, subject="sheet", persons=[renee.id], **read)
        record(
            session, actor=people.facilitator.actor, subject="sheet", persons=[people.other_member.id], **read
        )
        record(session, actor=renee.actor, subject="series", person_id=renee.id, **read)
        record(
            session,
            actor=people.coordinator.actor,
            action="apart.made",
            at=now,
            subject="person",
            person_id=renee.id,
        )
    page = clients(renee).get("/me/shared").text
    assert "A coordinator, Odile K. looked at your page" in page
    assert page.count("A facilitator, Dana R. looked at a sheet with you on it") == 1
    assert "a group that you belong to" not in page
    assert "apart" not in page


def test_one_has_everything_that_is_held_about_oneself_and_sees_that_one_did(
    clients: Clients, people: Everybody, sessions: Sessions, now: datetime
) -> None:
    renee, odile = people.member, people.coordinator.actor
    with sessions() as session, transaction(session):
        record(session, actor=odile, action="apart.made", at=now, subject="person", person_id=renee.id)
    client = clients(renee)
    answer = send(client, "/me/shared", to="/me/shared/copy", form="json")
    assert answer.headers["Content-Disposition"] == "attachment; filename=record.json"
    held = json.loads(answer.data)["held"]
    assert held["identity"][0]["email"] == "member@example.org"
    assert "apart" not in answer.text
    assert send(client, "/me/shared", to="/me/shared/copy", form="pdf").data.startswith(b"%PDF")
    assert "You: everything about you 2 times, " in text_of(client.get("/me/shared").text)


def test_a_list_that_was_taken_with_one_on_it_is_a_copy(
    clients: Clients, people: Everybody, sessions: Sessions, now: datetime
) -> None:
    with sessions() as session, transaction(session):
        both = [people.member.id, people.other_member.id]
        record(
            session, at=now, actor=people.coordinator.actor, action="export", subject="people", persons=both
        )
    assert "A coordinator, Odile K.: a list with you on it" in clients(people.member).get("/me/shared").text
