"""One person: roles, and an invitation again."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.people.queries import person_page
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import disable
from scheduler.store import ledger
from scheduler.store.audit import AuditEntry
from scheduler.store.outbox import Outbox
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support.filling import send
from tests.support.people import Everybody

LAST = "Somebody must be able to manage accounts. Make another administrator first."


def roles_of(sessions: sessionmaker[Database], person_id: int) -> frozenset[Role]:
    with sessions() as session:
        found = person_page(session, person_id)
    assert found is not None
    return found.roles


def test_a_role_is_given_and_taken_and_ends_the_sign_ins(
    clients: Clients, people: Everybody, sessions: sessionmaker[Database]
) -> None:
    admin, theirs = clients(people.administrator), clients(people.member)
    page = f"/admin/people/{people.member.id}"
    answer = send(admin, page, to=f"{page}/roles", role="facilitator", how="give")
    assert (answer.status_code, answer.location) == (303, page)
    assert roles_of(sessions, people.member.id) == {Role.MEMBER, Role.FACILITATOR}
    assert theirs.get("/me").status_code == 303
    send(admin, page, to=f"{page}/roles", role="member", how="take")
    assert roles_of(sessions, people.member.id) == {Role.FACILITATOR}


def test_the_last_administrator_stays_one(
    clients: Clients, people: Everybody, sessions: sessionmaker[Database]
) -> None:
    admin, page = clients(people.administrator), f"/admin/people/{people.administrator.id}"
    answer = send(admin, page, to=f"{page}/roles", role="administrator", how="take")
    assert (answer.status_code, LAST in answer.text) == (422, True)
    answer = send(admin, f"{page}/disable", hand_to="")
    assert (answer.status_code, LAST in answer.text) == (422, True)
    assert roles_of(sessions, people.administrator.id) == {Role.ADMINISTRATOR}
    assert admin.get(page).status_code == 200


@pytest.mark.parametrize("values", [{"role": "king", "how": "give"}, {"role": "member", "how": "x"}, {}])
def test_nonsense_changes_nothing(
    clients: Clients, people: Everybody, sessions: sessionmaker[Database], values: dict[str, str]
) -> None:
    page = f"/admin/people/{people.member.id}"
    answer = send(clients(people.administrator), page, to=f"{page}/roles", **values)
    assert answer.status_code == 400
    assert roles_of(sessions, people.member.id) == {Role.MEMBER}


def test_an_invitation_is_sent_again(
    clients: Clients, people: Everybody, sessions: sessionmaker[Database]
) -> None:
    page = f"/admin/people/{people.member.id}"
    assert send(clients(people.administrator), page, to=f"{page}/invite").status_code == 303
    with sessions() as session:
        task = session.scalars(select(Outbox)).one()
    assert (task.kind, task.payload) == ("invitation", {"person_id": people.member.id})


def test_an_invitation_to_somebody_disabled_is_refused_in_a_sentence(
    clients: Clients, people: Everybody, sessions: sessionmaker[Database]
) -> None:
    page = f"/admin/people/{people.member.id}"
    with sessions() as session, transaction(session):
        disable(session, actor=SYSTEM, person_id=people.member.id, now=clock.now())
    answer = send(clients(people.administrator), page, to=f"{page}/invite")
    assert answer.status_code == 422
    assert "This person is disabled. Let them sign in again first." in answer.text
    with sessions() as session:
        assert session.scalars(select(Outbox).where(Outbox.kind != ledger.KIND)).all() == []


def test_looking_at_somebody_is_put_on_record(
    clients: Clients, people: Everybody, sessions: sessionmaker[Database]
) -> None:
    clients(people.administrator).get(f"/admin/people/{people.member.id}")
    with sessions() as session:
        read = session.scalars(select(AuditEntry).where(AuditEntry.action == "read")).one()
    assert (read.actor, read.subject, read.subject_id, read.person_id) == (
        people.administrator.id,
        "person",
        people.member.id,
        people.member.id,
    )


def test_somebody_who_is_not_there_is_not_found(clients: Clients, people: Everybody) -> None:
    admin = clients(people.administrator)
    assert admin.get("/admin/people/10000").status_code == 404
    assert admin.get("/admin/people/10000/disable").status_code == 404
    for act in ("roles", "invite", "enable"):
        values = {"role": "member", "how": "give"} if act == "roles" else {}
        assert send(admin, "/admin/people/new", to=f"/admin/people/10000/{act}", **values).status_code == 404
