"""Printing a slip."""

import re
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.people.models import OneTimeLink
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import disable, give_role
from scheduler.store.audit import AuditEntry
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.domain.admissions.life import Life
from tests.domain.planning.center import Center
from tests.support.filling import send
from tests.support.people import Everybody
from tests.web.coordinator.desk import Desk, text_of, toasts

Sessions = sessionmaker[Database]


def paper_of(page: str) -> str:
    """What is printed: everything outside what print.css hides."""
    found = re.search(r'<section class="slip".*?</section>', page, re.DOTALL)
    assert found is not None
    return found[0]


def test_it_shows_code_address_and_last_day_once_and_names_nobody(
    center: Center, desk: Desk, people: Everybody, clients: Clients
) -> None:
    page = f"/coordinator/people/{people.member.id}"
    made = desk.send(page, f"{page}/slip")
    assert (made.status_code, made.location) == (303, f"{page}/printed-slip")
    answer = desk.client.get(made.location)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    paper = text_of(paper_of(answer.text))
    found = re.fullmatch(
        r"Calendar (\w{3}-\w{3}-\w{4}) Scan it with your camera\. Or go to this address, and type the code:"
        r" 127\.0\.0\.1:5000/s Works once, until Wednesday, July 22\.",
        paper,
    )
    assert found, paper
    assert "A slip for Renee T." in answer.text
    assert "Renee" not in paper_of(answer.text)
    assert "Lindenfield" not in paper_of(answer.text)
    assert re.search(r"<title>(.*?)</title>", answer.text)[1] == "Calendar"  # type: ignore[index]
    assert "<svg" in paper_of(answer.text)
    assert re.search(r"<svg[^>]*(style|class)=", paper_of(answer.text)) is None
    assert found[1] not in desk.get(page)
    assert desk.client.get(made.location).location == page, "loaded again it makes none, and ends none"
    assert send(clients(None), "/s", code=found[1]).status_code == 303


def test_both_acts_are_on_record(center: Center, desk: Desk, people: Everybody, sessions: Sessions) -> None:
    page = f"/coordinator/people/{people.member.id}"
    desk.get(desk.send(page, f"{page}/slip").location)
    with sessions() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.person_id == people.member.id)).all()
    assert [(e.action, e.subject) for e in entries][-3:] == [
        ("read", "person"),
        ("slip.made", "slip"),
        ("read", "person"),
    ]


@pytest.mark.parametrize("who", ["facilitator", "coordinator", "administrator"])
def test_there_is_none_for_staff_and_no_button(
    center: Center, desk: Desk, people: Everybody, sessions: Sessions, who: str
) -> None:
    person_id = getattr(people, who).id
    page = f"/coordinator/people/{person_id}"
    assert "Print a slip" not in desk.get(page)
    answer = desk.client.post(f"{page}/slip", data={"csrf_token": desk.token()})
    assert (answer.status_code, answer.location) == (303, page)
    assert toasts(desk.get(page)) == ["A slip is for members only: staff see other people’s records."]
    with sessions() as session:
        assert session.scalars(select(OneTimeLink)).all() == []


def test_there_is_none_for_who_is_not_here_and_a_sentence_in_place_of_the_button(
    center: Center, desk: Desk, people: Everybody
) -> None:
    life, page = Life(center, people.member.id), f"/coordinator/people/{people.member.id}"
    over = "Their stay is over. A slip is for somebody who is here."
    life.admit(date(2026, 7, 1))
    discharged = life.discharge()  # today is still part of it
    assert ("Print a slip" in desk.get(page), over in desk.get(page)) == (True, False)
    life.undo(discharged)
    life.discharge(date(2026, 7, 14))
    assert ("Print a slip" in desk.get(page), over in desk.get(page)) == (False, True)


def test_there_is_none_for_somebody_disabled_or_who_became_staff(
    center: Center, desk: Desk, people: Everybody, sessions: Sessions
) -> None:
    with sessions() as session, transaction(session):
        disable(session, actor=SYSTEM, person_id=people.member.id, now=center.now)
        give_role(
            session, actor=SYSTEM, person_id=people.other_member.id, role=Role.FACILITATOR, now=center.now
        )
    for person in (people.member, people.other_member):
        page = f"/coordinator/people/{person.id}"
        assert "Print a slip" not in desk.get(page)
        assert desk.client.post(f"{page}/slip", data={"csrf_token": desk.token()}).status_code == 303
    assert (
        desk.client.post("/coordinator/people/999/slip", data={"csrf_token": desk.token()}).status_code == 404
    )
