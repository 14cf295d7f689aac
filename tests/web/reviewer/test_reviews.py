"""A reviewer reads a span of days after an undertaking, until a date, and takes nothing away."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.access.beginning import begin_sign_in
from scheduler.domain.attendance.models import Mark, Sheet
from scheduler.domain.people.models import PersonRole, RoleSite
from scheduler.domain.people.roles import SYSTEM, Actor, Role
from scheduler.domain.people.service import make_person
from scheduler.domain.privacy.models import Review
from scheduler.store.audit import AuditEntry, AuditPerson
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support import factories
from tests.support.evenings import Group, evening_group
from tests.support.filling import alike, send
from tests.support.people import Everybody, Someone

Sessions = sessionmaker[Database]


@dataclass(frozen=True, slots=True)
class Desk:
    """A reviewer at a browser, a group of yesterday with a submitted sheet, and the administrator."""

    client: FlaskClient
    admin: FlaskClient
    person: Someone
    group: Group

    @property
    def page(self) -> str:
        return f"/admin/people/{self.person.id}"

    @property
    def sheet(self) -> str:
        return f"/reviewer/reviews/1/sheets/{self.group.occurrence}"

    def open(self, first: str = "2026-07-01", last: str = "2026-07-14", until: str = "2026-08-31") -> int:
        """The administrator opens a span."""
        sent = {"review-span_from": first, "review-span_until": last, "review-access_until": until}
        return send(self.admin, self.page, to=f"{self.page}/reviews", **sent).status_code

    def accept(self) -> None:
        send(self.client, "/reviewer/reviews/1", to="/reviewer/reviews/1/accept")
        self.client.get("/reviewer/reviews")  # says once that it is recorded


@pytest.fixture(autouse=True)
def _now(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def desk(clients: Clients, sessions: Sessions, people: Everybody, now: datetime) -> Desk:
    with sessions() as session, transaction(session):
        group = evening_group(session, people)
        session.add(
            Sheet(
                occurrence_id=group.occurrence,
                opened_at=group.during,
                walk_ins=2,
                submitted_at=group.during,
                submitted_by=people.facilitator.id,
            )
        )
        session.flush()
        sheet_id = session.scalars(select(Sheet.id)).one()
        session.add(
            Mark(
                sheet_id=sheet_id,
                person_id=people.member.id,
                status="present",
                marked_by=people.facilitator.id,
                marked_at=group.during,
                revision=1,
            )
        )
        person_id = make_person(
            session, actor=SYSTEM, name="Iris Vold", email=None, roles=[Role.REVIEWER], now=now
        )
        secret = begin_sign_in(session, person_id=person_id, lasts=timedelta(days=200), now=now)
    iris = Someone(person_id, "Iris Vold", "", Actor(person_id, None, frozenset({Role.REVIEWER})), secret)
    return Desk(clients(iris), clients(people.administrator), iris, group)


def is_absent(desk: Desk, address: str) -> bool:
    answer, nothing = desk.client.get(address), desk.client.get("/reviewer/reviews/9999")
    return (answer.status_code, alike(answer.text)) == (404, alike(nothing.text))


def test_nothing_is_shown_before_the_undertaking_and_each_read_is_on_record(
    desk: Desk, sessions: Sessions, people: Everybody
) -> None:
    assert desk.open() == 303
    assert is_absent(desk, desk.sheet)
    assert "I undertake this" in desk.client.get("/reviewer/reviews/1").text
    desk.accept()
    assert "Tuesday evening group" in desk.client.get("/reviewer/reviews/1").text
    page = desk.client.get(desk.sheet).text
    assert "Renee T." in page
    assert "Tamm" not in page
    with sessions() as session:
        assert session.scalars(select(Review.accepted_at)).one() is not None
        read = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "read", AuditEntry.subject == "sheet")
        )
        entry = read.one()
        assert (entry.actor, entry.subject_id) == (desk.person.id, desk.group.occurrence)
        seen = session.scalars(select(AuditPerson.person_id).where(AuditPerson.entry_id == entry.id))
        assert set(seen) == {people.member.id, people.other_member.id}


def test_there_is_nothing_to_take_away(desk: Desk) -> None:
    desk.open()
    desk.accept()
    for address in ("/reviewer/reviews/1", desk.sheet):
        page = desk.client.get(address).text.partition("<main")[2]
        assert "<button" not in page.partition("</main>")[0]
        assert "print" not in page.lower()
        assert "download" not in page.lower()


@pytest.mark.parametrize(("first", "last"), [("2026-07-01", "2026-07-13"), ("2026-07-15", "2026-07-20")])
def test_outside_the_span_nothing_is_there(desk: Desk, first: str, last: str) -> None:
    desk.open(first, last)
    desk.accept()
    assert "Tuesday evening group" not in desk.client.get("/reviewer/reviews/1").text
    assert is_absent(desk, desk.sheet)


def test_a_sheet_that_was_not_submitted_is_not_there(desk: Desk, sessions: Sessions) -> None:
    desk.open()
    desk.accept()
    with sessions() as session, transaction(session):
        session.scalars(select(Sheet)).one().submitted_at = None
    assert is_absent(desk, desk.sheet)


def test_after_the_date_and_once_it_is_ended_nothing_is_there(desk: Desk, sessions: Sessions) -> None:
    desk.open(until="2026-07-15")
    desk.accept()
    assert desk.client.get(desk.sheet).status_code == 200
    with sessions() as session, transaction(session):
        session.scalars(select(Review)).one().access_until = date(2026, 7, 14)
    assert is_absent(desk, desk.sheet)
    assert is_absent(desk, "/reviewer/reviews/1")
    assert "Nothing to read" in desk.client.get("/reviewer/reviews").text
    with sessions() as session, transaction(session):
        session.scalars(select(Review)).one().access_until = date(2026, 7, 15)
    assert desk.client.get(desk.sheet).status_code == 200
    assert send(desk.admin, desk.page, to=f"{desk.page}/reviews/1/end").status_code == 303
    assert is_absent(desk, desk.sheet)
    assert is_absent(desk, "/reviewer/reviews/1")


def test_another_reviewer_finds_nothing(
    desk: Desk, clients: Clients, sessions: Sessions, now: datetime
) -> None:
    desk.open()
    desk.accept()
    with sessions() as session, transaction(session):
        other = make_person(
            session, actor=SYSTEM, name="Ole Berg", email=None, roles=[Role.REVIEWER], now=now
        )
        secret = begin_sign_in(session, person_id=other, lasts=timedelta(days=2), now=now)
    client = clients(Someone(other, "Ole Berg", "", desk.person.actor, secret))
    for address in ("/reviewer/reviews/1", desk.sheet):
        assert client.get(address).status_code == 404


def test_a_reviewer_of_one_site_reads_no_other_s(desk: Desk, sessions: Sessions) -> None:
    desk.open()
    desk.accept()
    with sessions() as session, transaction(session):
        factories.room(session, site="Oak Hill")
        session.add(RoleSite(person_id=desk.person.id, role=Role.REVIEWER, site_id=2))
    assert is_absent(desk, desk.sheet)


def test_a_colleague_on_a_sheet_is_a_place_that_is_taken(
    desk: Desk, sessions: Sessions, people: Everybody, now: datetime
) -> None:
    desk.open()
    desk.accept()
    with sessions() as session, transaction(session):
        session.add(PersonRole(person_id=people.member.id, role=Role.FACILITATOR, given_at=now))
    page = desk.client.get(desk.sheet).text
    assert "Renee" not in page
    assert "One place is taken." in page
    assert "Marcus T." in page


@pytest.mark.parametrize(
    ("first", "last", "until", "said"),
    [
        ("2026-07-14", "2026-07-01", "2026-08-31", "The last day is before the first."),
        ("2026-07-01", "2026-07-14", "2026-07-14", "Choose a day from today on"),
        ("2026-07-01", "2026-07-14", "2028-07-14", "Choose a day from today on"),
        ("", "2026-07-14", "2026-08-14", "Choose the first day."),
    ],
)
def test_a_span_that_cannot_be_is_refused(desk: Desk, first: str, last: str, until: str, said: str) -> None:
    sent = {"review-span_from": first, "review-span_until": last, "review-access_until": until}
    answer = send(desk.admin, desk.page, to=f"{desk.page}/reviews", **sent)
    assert (answer.status_code, said in answer.text) == (422, True)


def test_only_reviewers_get_reviews(desk: Desk, people: Everybody, sessions: Sessions) -> None:
    page = f"/admin/people/{people.coordinator.id}"
    sent = {
        "review-span_from": "2026-07-01",
        "review-span_until": "2026-07-14",
        "review-access_until": "2026-08-14",
    }
    assert send(desk.admin, page, to=f"{page}/reviews", **sent).status_code == 422
    assert "Reviews" not in desk.admin.get(page).text
    assert send(desk.admin, page, to=f"{page}/reviews/1/end").status_code == 404
    with sessions() as session:
        assert session.scalars(select(Review.span_from)).all() == list[date]()


def test_of_a_session_that_did_not_meet_the_reason_is_read(desk: Desk, sessions: Sessions) -> None:
    with sessions() as session, transaction(session):
        sheet = session.scalars(select(Sheet)).one()
        sheet.submitted_at, sheet.submitted_by, sheet.walk_ins = None, None, 0
        sheet.not_met_at, sheet.not_met_reason = desk.group.during, "Snow"
    desk.open()
    desk.accept()
    assert "Did not meet" in desk.client.get("/reviewer/reviews/1").text
    assert "Did not meet: Snow" in desk.client.get(desk.sheet).text
