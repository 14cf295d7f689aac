"""The record of who did what: asked for, paged, downloaded, and itself on record."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.store.audit import AuditEntry, AuditPerson, record
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support import factories
from tests.support.people import Everybody

Sessions = sessionmaker[Database]


@pytest.fixture(autouse=True)
def today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def read(sessions: Sessions, people: Everybody, now: datetime) -> None:
    """Odile looked at Renee's page an hour ago, and at a list with Renee and Marcus on it yesterday."""
    renee, marcus, odile = people.member.id, people.other_member.id, people.coordinator.actor
    with sessions() as session, transaction(session):
        at, about = now - timedelta(hours=1), {"subject": "person", "subject_id": renee, "person_id": renee}
        record(session, at=at, actor=odile, action="read", detail={"=cmd": "+1"}, **about)
        at = now - timedelta(days=1)
        record(session, at=at, actor=odile, action="read", subject="people", persons=[renee, marcus])


@pytest.mark.usefixtures("read")
def test_who_saw_a_person_is_found_by_name_address_and_number(clients: Clients, people: Everybody) -> None:
    client = clients(people.administrator)
    for person in ("renee tamm", people.member.email[:6] + "@example.org", str(people.member.id)):
        page = client.get("/admin/audit", query_string={"person": person, "action": "read"}).text
        assert "a person’s page" in page
        assert "a list of people" in page
        assert "Odile K." in page


@pytest.mark.usefixtures("read")
def test_a_day_is_asked_for_on_the_reader_s_clock(clients: Clients, people: Everybody) -> None:
    client = clients(people.administrator)
    asked = {"action": "read", "first": "2026-07-14", "last": "2026-07-14"}
    page = client.get("/admin/audit", query_string=asked).text
    assert "a list of people" in page
    assert "a person’s page" not in page


def test_a_name_that_several_have_is_asked_about(
    clients: Clients, people: Everybody, sessions: Sessions
) -> None:
    with sessions() as session, transaction(session):
        factories.member(session, "Renee Other")
    page = clients(people.administrator).get("/admin/audit?person=renee").text
    assert "means several people" in page
    assert "Renee Other" in page
    assert "Nobody is called" in clients(people.administrator).get("/admin/audit?person=qqqqq").text


def test_older_entries_stand_on_the_next_page(
    clients: Clients, people: Everybody, sessions: Sessions, now: datetime
) -> None:
    with sessions() as session, transaction(session):
        for number in range(101, 161):
            at = now - timedelta(minutes=number)
            record(
                session,
                at=at,
                actor=people.coordinator.actor,
                action="read",
                subject="sheet",
                subject_id=number,
            )
    client = clients(people.administrator)
    first = client.get("/admin/audit?action=read").text
    older = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = client.get(older).text
    assert ("sheet 101" in first, "sheet 160" in first) == (True, False)
    assert "sheet 160" in second


@pytest.mark.usefixtures("read")
def test_the_file_has_the_same_rows_and_no_cell_that_a_spreadsheet_would_compute(
    clients: Clients, people: Everybody
) -> None:
    address = f"/admin/audit.csv?person={people.member.id}&action=read"
    answer = clients(people.administrator).get(address)
    assert answer.headers["Content-Disposition"] == "attachment; filename=entries.csv"
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [(row["by"], row["subject"], row["persons"]) for row in rows] == [
        ("Yusuf B.", "audit_file", "1"),
        ("Odile K.", "person", "1"),
        ("Odile K.", "people", "2"),
    ]
    assert not rows[1]["detail"].startswith("=")
    assert "Renee" not in answer.data.decode("utf-8-sig")


@pytest.mark.usefixtures("read")
def test_looking_at_the_record_is_on_record(clients: Clients, people: Everybody, sessions: Sessions) -> None:
    client, renee = clients(people.administrator), people.member.id
    client.get(f"/admin/audit?person={renee}&action=read")
    client.get(f"/admin/audit.csv?person={renee}").get_data()
    query = select(AuditEntry.id, AuditEntry.subject, AuditEntry.person_id)
    query = query.where(AuditEntry.actor == people.administrator.id, AuditEntry.action == "read")
    with sessions() as session:
        noted = session.execute(query.order_by(AuditEntry.id)).all()
        shown = session.scalars(
            select(AuditPerson.person_id).where(AuditPerson.entry_id == noted[0].id)
        ).all()
    assert [tuple(row[1:]) for row in noted] == [("audit", renee), ("audit_file", renee)]
    assert shown == [renee]


def test_acts_read_as_sentences_and_show_no_stored_names(
    clients: Clients, people: Everybody, sessions: Sessions, now: datetime
) -> None:
    renee, odile = people.member.id, people.coordinator.actor
    about = {"subject": "person", "subject_id": renee, "person_id": renee}
    with sessions() as session, transaction(session):
        record(session, at=now, actor=odile, action="desk.received", detail={"form": "f0a1b2c3"}, **about)
        record(session, at=now, actor=odile, action="role.given", detail={"role": "facilitator"}, **about)
        record(
            session,
            at=now,
            actor=odile,
            action="export",
            subject="people",
            detail={"kind": "csv", "rows": 181},
        )
    page = clients(people.administrator).get("/admin/audit").text
    shown = " ".join(page.partition('<ul class="list">')[2].partition("</ul>")[0].split())
    assert "received them at the desk: <a" in shown
    assert "gave a role: <a" in shown
    assert "· Facilitator" in shown
    assert "downloaded a list of people</p>" in shown
    assert "· 181 rows" in shown
    assert [code for code in ("f0a1b2c3", "form", "kind", "csv", "desk.received") if code in shown] == []
    assert '<option value="desk.received">received them at the desk</option>' in page
