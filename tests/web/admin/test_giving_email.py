"""An address for a colleague who has none, on their page."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.access.queries import channels_of
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import make_person
from scheduler.store.outbox import Outbox
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support.filling import send
from tests.support.people import Everybody

Sessions = sessionmaker[Database]


@pytest.fixture
def colleague(sessions: Sessions) -> int:
    with sessions() as session, transaction(session):
        return make_person(
            session, actor=SYSTEM, name="Ann Lind", email=None, roles=[Role.FACILITATOR], now=clock.now()
        )


def address_of(sessions: Sessions, person_id: int) -> tuple[str | None, bool]:
    with sessions() as session:
        found = channels_of(session, person_id)
    assert found is not None
    return found.email, found.confirmed_at is not None


def test_an_address_is_given_mended_and_invited(
    clients: Clients, people: Everybody, sessions: Sessions, colleague: int
) -> None:
    client, page = clients(people.administrator), f"/admin/people/{colleague}"
    for typed in ("Anm@Example.org", "ann@example.org", "ann@example.org"):
        answer = send(client, page, to=f"{page}/email", email=typed)
        assert (answer.status_code, answer.location) == (303, page)
        assert address_of(sessions, colleague) == (typed.lower(), False)
    with sessions() as session:
        tasks = [
            (each.kind, each.payload) for each in session.scalars(select(Outbox)) if each.kind != "ledger"
        ]
    assert tasks == [("invitation", {"person_id": colleague})] * 3
    assert 'value="ann@example.org"' in client.get(page).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type an e-mail address."),
        ("nonsense", "This is not an e-mail address."),
        ("member@example.org", "Another person has this e-mail address."),
    ],
)
def test_what_is_no_address_or_another_person_s_is_told(
    clients: Clients, people: Everybody, sessions: Sessions, colleague: int, typed: str, said: str
) -> None:
    page = f"/admin/people/{colleague}"
    answer = send(clients(people.administrator), page, to=f"{page}/email", email=typed)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert address_of(sessions, colleague) == (None, False)


def test_a_confirmed_address_is_its_owner_s(clients: Clients, people: Everybody, sessions: Sessions) -> None:
    page = f"/admin/people/{people.facilitator.id}"
    before = address_of(sessions, people.facilitator.id)
    assert before[1]
    client = clients(people.administrator)
    assert f"{page}/email" not in client.get(page).text
    answer = send(client, page, to=f"{page}/email", email="other@example.org")
    assert (answer.status_code, "only they change it" in answer.text) == (422, True)
    assert address_of(sessions, people.facilitator.id) == before
