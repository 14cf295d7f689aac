"""I can't make it: from My week to the sheet, by forms alone."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.attendance.absences import say_absent, say_coming
from scheduler.domain.attendance.models import AbsenceNotice, Mark
from scheduler.domain.attendance.statuses import Excuse
from scheduler.store.audit import AuditEntry, AuditPerson
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support import factories
from tests.support.evenings import AT_SEVEN, Group, evening_group
from tests.support.filling import send
from tests.support.people import Everybody, Someone

Sessions = sessionmaker[Database]
Traveller = time_machine.Traveller


@pytest.fixture(autouse=True)
def five_o_clock() -> Iterator[Traveller]:
    with time_machine.travel(AT_SEVEN - timedelta(hours=2), tick=False) as traveller:
        yield traveller


@pytest.fixture
def group(sessions: Sessions, people: Everybody) -> Group:
    with sessions() as session, transaction(session):
        return evening_group(session, people)


def panel(page: str) -> str:
    return page.partition('<section class="next"')[2].partition("</section>")[0]


def row(page: str, person_id: int) -> str:
    return page.partition(f'id="row-{person_id}"')[2].partition("</li>")[0]


def test_one_press_says_it_and_another_takes_it_back(
    clients: Clients, people: Everybody, group: Group, five_o_clock: Traveller
) -> None:
    client, here = clients(people.member), f"/member/sessions/{group.occurrence}"
    page = client.get("/member/week").text
    assert "I can’t make it" in panel(page)
    assert "I can’t make it Tuesday evening group, Tonight, 7:00 PM" in page
    back = f"/member/week#session-{group.occurrence}"
    answer = send(client, "/member/week", to=f"{here}/absent", back=back)
    assert (answer.status_code, answer.location) == (303, back)
    page = client.get("/member/week").text
    assert "Whoever leads it can see that you can’t make it." in page
    assert f'action="{here}/coming"' in page.partition('class="toasts"')[2]
    assert "You said that you can’t make it" in panel(page)
    assert "I can come after all" in panel(page)
    assert "I can’t make it" not in page
    assert "Say why, if you like" in page
    send(client, "/member/week", to=f"{here}/absent", reason="unwell")
    assert "Reason: unwell" in client.get("/member/week").text
    send(client, "/member/week", to=f"{here}/absent", reason="court")
    assert "Reason: unwell" in client.get("/member/week").text
    send(client, "/member/week", to=f"{here}/coming", back="https://elsewhere.example/")
    assert "I can’t make it" in panel(client.get("/member/week").text)
    five_o_clock.shift(timedelta(hours=2))
    page = client.get("/member/week").text
    assert "I can’t make it" not in page
    answer = send(client, "/me", to=f"{here}/absent")
    assert answer.location == "/member/week"
    assert "it has begun" in client.get("/member/week").text


def test_as_far_ahead_as_sessions_are_shown_and_only_where_names_are_taken(
    clients: Clients, people: Everybody, group: Group, sessions: Sessions
) -> None:
    with sessions() as session, transaction(session):
        factories.occurrence(session, group.series, datetime(2026, 9, 1, 19))
        hall = factories.series(session, "Late meeting", kind="mutual_help", counting="heads")
        listed = factories.series(session, "Nooners", listed=True)
        alone = factories.series(session, "Talk with Dana", kind="individual", counting="minutes")
        for series in (hall, listed, alone):
            factories.enrollment(session, series, people.member.id)
            factories.occurrence(session, series, datetime(2026, 7, 15, 12))
    client = clients(people.member)
    said = re.findall(r'aria-label="I can’t make it ([^",]*)', client.get("/member/week").text)
    assert said == ["Tuesday evening group", "Talk with Dana"]
    assert "I can’t make it Tuesday evening group" in client.get("/member/week?week=2026-09-01").text


def test_the_sheet_shows_a_proposal_that_one_press_confirms(
    clients: Clients, people: Everybody, group: Group, sessions: Sessions
) -> None:
    renee, sheet = people.member.id, f"/facilitator/sheets/{group.occurrence}"
    send(
        clients(people.member),
        "/member/week",
        to=f"/member/sessions/{group.occurrence}/absent",
        reason="work",
    )
    dana = clients(people.facilitator)
    assert "1 says they can’t make it" in panel(dana.get("/facilitator/today").text)
    shown = row(dana.get(sheet).text, renee)
    assert "Says they can’t make it" in shown
    assert 'class="word">not marked' in shown
    assert "They said why: work or school." in shown
    send(dana, sheet, to=f"{sheet}/all-present")
    page = dana.get(sheet).text
    assert re.search(r'data-rest="present" hidden', page)
    answer = send(dana, sheet, to=f"{sheet}/submit", early="1")
    assert answer.status_code == 422
    assert "1 person says they can’t make it. You decide about them." in answer.text
    assert "Rest absent" not in answer.text.partition('class="banner')[2].partition('class="sheet-tools"')[0]
    fields = {f"was-{renee}": "|||", f"seen-{renee}": "0", f"says-{renee}": "work", "excuse": str(renee)}
    answer = send(dana, sheet, to=f"{sheet}/marks", **fields)
    assert answer.location == f"{sheet}#row-{renee}"
    with sessions() as session:
        marks = session.execute(select(Mark.person_id, Mark.status, Mark.excuse).order_by(Mark.person_id))
        assert [tuple(mark) for mark in marks] == [
            (renee, "excused", "work"),
            (people.other_member.id, "present", None),
        ]
    assert "can’t make it" not in dana.get("/facilitator/today").text


def test_an_open_sheet_hears_of_it_once_and_that_is_on_record(
    clients: Clients, people: Everybody, group: Group, sessions: Sessions
) -> None:
    dana, address = clients(people.facilitator), f"/facilitator/sheets/{group.occurrence}/arrivals"
    renee = people.member

    def reads() -> list[int]:
        with sessions() as session:
            told = select(AuditPerson.person_id).join(AuditEntry).where(AuditEntry.subject == "sheet")
            return list(session.scalars(told))

    def says(known: str) -> dict[str, str] | None:
        found = dana.get(f"{address}?after=0&says={known}").get_json()
        assert (found["after"], found["marks"]) == (0, [])
        return cast("dict[str, str] | None", found["says"])

    assert (says(""), reads()) == (None, [])
    say(sessions, say_absent, renee, group, reason=Excuse.WORK)
    assert (says(""), reads()) == ({str(renee.id): "work"}, [renee.id])
    assert (says(str(renee.id)), reads()) == (None, [renee.id])
    say(sessions, say_coming, renee, group)
    assert (says(str(renee.id)), says(""), reads()) == ({}, None, [renee.id])


def say(sessions: Sessions, what: Callable[..., None], who: Someone, group: Group, **more: Any) -> None:
    with sessions() as session, transaction(session):
        now = AT_SEVEN - timedelta(hours=2)
        what(session, actor=who.actor, occurrence_id=group.occurrence, person_id=who.id, now=now, **more)


def test_whoever_takes_the_sheet_notes_it_for_somebody_who_called(
    clients: Clients, people: Everybody, group: Group, sessions: Sessions, five_o_clock: Traveller
) -> None:
    five_o_clock.shift(timedelta(days=-2))
    renee, sheet = people.member.id, f"/facilitator/sheets/{group.occurrence}"

    def noted() -> list[tuple[int, int | None, bool]]:
        with sessions() as session:
            rows = session.scalars(select(AbsenceNotice))
            return [(each.person_id, each.said_by, each.taken_back_at is None) for each in rows]

    def press(client: FlaskClient, what: str) -> None:
        answer = send(client, sheet, to=f"{sheet}/{what}", person=renee)
        assert answer.location == f"{sheet}#row-{renee}"

    dana, odile = clients(people.facilitator), clients(people.coordinator)
    assert f'href="{sheet}"' in dana.get("/facilitator/duties").text
    assert f'href="{sheet}"' in odile.get(f"/coordinator/occurrences/{group.occurrence}").text
    press(dana, "absent")
    assert noted() == [(renee, people.facilitator.id, True)]
    assert "Can’t make it</span>" in row(dana.get(sheet).text, renee)
    press(odile, "coming")
    assert noted() == [(renee, people.facilitator.id, False)]
    press(odile, "absent")
    assert "You said that you can’t make it" in panel(clients(people.member).get("/member/week").text)
    for client, person in ((clients(people.other_facilitator), renee), (dana, people.coordinator.id)):
        assert send(client, "/me", to=f"{sheet}/absent", person=person).status_code == 404
    assert noted() == [(renee, people.coordinator.id, True)]
