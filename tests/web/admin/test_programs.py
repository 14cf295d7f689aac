"""Programs: made, renamed, offered no longer, and again."""

import re
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.stays.models import Program, Stay
from scheduler.domain.stays.service import make_default_programs
from scheduler.store.audit import AuditEntry
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support.filling import send
from tests.support.people import Everybody

PAGE = "/admin/programs"
Sessions = sessionmaker[Database]


@pytest.fixture
def administrator(clients: Clients, people: Everybody) -> FlaskClient:
    return clients(people.administrator)


@pytest.fixture
def four(sessions: Sessions, people: Everybody, now: datetime) -> None:
    with sessions() as session, transaction(session):
        make_default_programs(session, actor=SYSTEM, now=now)


def offered(client: FlaskClient) -> tuple[list[str], list[str]]:
    """The names of the programs that are offered, and of those that are not any more."""
    now, _, before = client.get(PAGE).text.partition('id="before"')
    named = re.compile(r'<a class="title" [^>]*>([^<]*)</a>')
    return named.findall(now), named.findall(before)


def stored(sessions: Sessions) -> list[tuple[str, str, bool, int]]:
    with sessions() as session:
        rows = session.scalars(select(Program).order_by(Program.id))
        return [(row.name, row.kind, row.archived, row.revision) for row in rows]


def last_entry(sessions: Sessions) -> tuple[str, str, int | None, int | None]:
    with sessions() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        return entry.action, entry.subject, entry.subject_id, entry.actor


def test_an_empty_center_is_told_what_a_program_is(administrator: FlaskClient) -> None:
    assert "No programs are offered" in administrator.get(PAGE).text


def test_a_program_is_made(administrator: FlaskClient, people: Everybody, sessions: Sessions) -> None:
    answer = send(administrator, f"{PAGE}/new", name="Evening outpatient ", kind="outpatient")
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert stored(sessions) == [("Evening outpatient", "outpatient", False, 1)]
    assert last_entry(sessions) == ("program.made", "program", 1, people.administrator.id)
    assert offered(administrator) == (["Evening outpatient"], [])
    assert '<p class="meta">Outpatient</p>' in administrator.get(PAGE).text


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"name": ""}, "Give it a name."),
        ({"name": "Outpatient"}, "Another program has this name."),
        ({"name": "x" * 81}, "Use at most 80 letters."),
        ({"kind": "day care"}, "Not a valid choice."),
    ],
)
@pytest.mark.usefixtures("four")
def test_what_makes_no_sense_is_said_beside_its_field(
    administrator: FlaskClient, sessions: Sessions, typed: dict[str, str], wrong: str
) -> None:
    before = stored(sessions)
    answer = send(administrator, f"{PAGE}/new", **{"name": "Day program", "kind": "outpatient", **typed})
    assert answer.status_code == 422
    assert wrong in answer.text
    assert stored(sessions) == before


@pytest.mark.usefixtures("four")
def test_a_program_is_renamed(administrator: FlaskClient, sessions: Sessions) -> None:
    answer = send(administrator, f"{PAGE}/3", name="Day program", kind="outpatient", revision="1")
    assert answer.status_code == 303
    assert stored(sessions)[2] == ("Day program", "outpatient", False, 2)
    assert last_entry(sessions)[:3] == ("program.changed", "program", 3)


@pytest.mark.usefixtures("four")
def test_a_form_from_before_another_s_change_shows_both(
    administrator: FlaskClient, sessions: Sessions
) -> None:
    send(administrator, f"{PAGE}/3", name="Day program", kind="outpatient", revision="1")
    answer = send(administrator, f"{PAGE}/3", name="Out", kind="outpatient", revision="1")
    assert answer.status_code == 409
    assert "Day program" in answer.text
    assert stored(sessions)[2][0] == "Day program"


@pytest.mark.usefixtures("four")
def test_one_that_is_offered_no_longer_can_be_offered_again(
    administrator: FlaskClient, people: Everybody, sessions: Sessions, now: datetime
) -> None:
    with sessions() as session, transaction(session):
        session.add(Stay(person_id=people.member.id, program_id=1, admitted_on=now.date(), changed_at=now))
    archive = f"{PAGE}/1/archive"
    for _again in range(2):
        answer = send(administrator, f"{PAGE}/new", to=archive, archived="yes")
        assert (answer.status_code, answer.location) == (303, PAGE)
    assert offered(administrator) == (
        ["Aftercare", "Outpatient", "Short-term residential"],
        ["Long-term residential"],
    )
    assert stored(sessions)[0] == ("Long-term residential", "long_term_residential", True, 2)
    assert '<p class="meta">one stay</p>' in administrator.get(PAGE).text
    send(administrator, f"{PAGE}/new", to=archive, archived="no")
    assert stored(sessions)[0][2:] == (False, 3)
    assert last_entry(sessions)[:3] == ("program.restored", "program", 1)


@pytest.mark.parametrize(("to", "archived", "status"), [("1", "perhaps", 400), ("99", "yes", 404)])
@pytest.mark.usefixtures("four")
def test_nonsense_changes_nothing(
    administrator: FlaskClient, sessions: Sessions, to: str, archived: str, status: int
) -> None:
    before = stored(sessions)
    answer = send(administrator, f"{PAGE}/new", to=f"{PAGE}/{to}/archive", archived=archived)
    assert answer.status_code == status
    assert stored(sessions) == before
