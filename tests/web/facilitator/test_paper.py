"""Sheets on paper: who may have them, what they say, and that each is a read on record."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.attendance.on_paper import MOST_SHEETS, PaperSheet, paper_sheets
from scheduler.domain.people.models import PersonRole
from scheduler.errors import Invalid
from scheduler.formats.sign_in_pdf import OnPaper, lined
from scheduler.store.audit import AuditEntry, AuditPerson
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support.evenings import AT_SEVEN, Group
from tests.support.people import Everybody

Sessions = sessionmaker[Database]


def test_the_file_has_a_neutral_name_and_each_sheet_is_on_record(
    clients: Clients, people: Everybody, group: Group, meeting: Group, sessions: Sessions
) -> None:
    dana, odile = clients(people.facilitator), clients(people.coordinator)
    sheet = f"/facilitator/sheets/{group.occurrence}/paper"
    pages = (
        (dana, sheet),
        (odile, sheet),
        (dana, "/facilitator/paper"),
        (dana, "/facilitator/paper?days=7"),
        (odile, "/coordinator/week/paper?week=2026-07-14"),
        (odile, "/coordinator/week/paper?week=2026-07-14&kind=group"),
    )
    for client, address in pages:
        answer = client.get(address)
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), address
        assert answer.headers["Content-Disposition"] == "attachment; filename=sheet.pdf"
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.data.startswith(b"%PDF")
        assert b"/Title (Sign-in sheet)" in answer.data or b"Sign-in sheet" in answer.data
    with sessions() as session:
        read = select(AuditPerson.person_id).join(AuditEntry, AuditEntry.id == AuditPerson.entry_id)
        read = read.where(AuditEntry.subject == "sheet", AuditEntry.subject_id == group.occurrence)
        names = session.scalars(read).all()
    assert sorted(names) == sorted([people.member.id, people.other_member.id] * len(pages))
    assert f'href="{sheet}"' in dana.get(f"/facilitator/sheets/{group.occurrence}").text
    assert 'href="/facilitator/paper?days=7"' in dana.get("/facilitator/today").text
    assert "/coordinator/week/paper?week=2026-07-13" in odile.get("/coordinator/week?week=2026-07-14").text


def test_who_may_not_take_the_sheet_and_what_has_no_names_has_no_paper(
    clients: Clients, people: Everybody, group: Group, meeting: Group
) -> None:
    sheet = f"/facilitator/sheets/{group.occurrence}/paper"
    for somebody in (people.member, people.other_facilitator, people.administrator):
        assert clients(somebody).get(sheet).status_code == 404
    femi, odile = clients(people.other_facilitator), clients(people.coordinator)
    for client in (femi, odile):
        assert client.get(f"/facilitator/sheets/{meeting.occurrence}/paper").status_code == 404
    assert femi.get("/facilitator/paper").status_code == 404
    assert odile.get("/coordinator/week/paper?week=2026-07-14&kind=mutual_help").status_code == 404


@pytest.mark.parametrize("leads", [True, False])
def test_the_names_are_in_the_sheet_s_order_and_a_colleague_is_a_place(
    leads: bool, people: Everybody, group: Group, sessions: Sessions
) -> None:
    who = people.facilitator if leads else people.coordinator
    with sessions() as session, transaction(session):
        session.add(PersonRole(person_id=people.other_member.id, role="facilitator", given_at=AT_SEVEN))
    with sessions() as session:
        [found] = paper_sheets(session, actor=who.actor, occurrences=[group.occurrence])
    names, ids = ("Marcus T.", "Renee T."), (people.other_member.id, people.member.id)
    start = AT_SEVEN.replace(tzinfo=None) - timedelta(hours=4)
    assert found == PaperSheet(
        group.occurrence,
        "Tuesday evening group",
        "",
        start,
        start + timedelta(minutes=90),
        "America/New_York",
        "Elm Street, room 2",
        ("Dana R.",),
        names if leads else names[1:],
        ids if leads else ids[1:],
        0 if leads else 1,
    )
    with sessions() as session, pytest.raises(Invalid):
        paper_sheets(session, actor=who.actor, occurrences=range(MOST_SHEETS + 1))


@pytest.mark.parametrize(("people_there", "last"), [(0, 12), (1, 12), (12, 12), (13, 24), (25, 36)])
def test_the_number_of_lines_tells_nobody_how_many_are_expected(people_there: int, last: int) -> None:
    sheet = OnPaper("1-07-14", "Group", "", "July 14, 2026", "7:00 PM", "", "", ("Renee T.",) * people_there)
    found = lined(sheet)
    assert (found.lines, found.walk_ins) == (
        tuple(range(1, last + 1)),
        (last + 1, last + 2, last + 3),
    )
