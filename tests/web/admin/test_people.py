"""Finding people, and making somebody new."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.people.queries import person_of
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import make_person
from scheduler.store.outbox import Outbox
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support.filling import send
from tests.support.people import NAMES, Everybody


def found_at(clients: Clients, people: Everybody, address: str) -> list[str]:
    page = clients(people.administrator).get(address)
    assert page.status_code == 200
    return [name for name, _role in NAMES.values() if f">{name}</a>" in page.text]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", [name for name, _role in NAMES.values()]),
        ("?q=tam", ["Renee Tamm"]),
        ("?q=ré", ["Renee Tamm"]),
        ("?q=member@", ["Renee Tamm"]),
        ("?q=zzz", []),
        ("?q=%25", []),
        ("?role=facilitator", ["Dana Rowe", "Femi Adeyemi"]),
        ("?role=facilitator&q=fe", ["Femi Adeyemi"]),
        ("?role=nonsense&page=x", [name for name, _role in NAMES.values()]),
        ("?page=2", []),
    ],
)
def test_people_are_found_by_name_address_and_role(
    clients: Clients, people: Everybody, query: str, names: list[str]
) -> None:
    assert found_at(clients, people, f"/admin/people{query}") == names


def test_a_long_list_comes_in_pages(
    clients: Clients, people: Everybody, sessions: sessionmaker[Database], now: datetime
) -> None:
    with sessions() as session, transaction(session):
        for number in range(100):
            make_person(
                session, actor=SYSTEM, name=f"Ann {number:03}", email=None, roles=[Role.MEMBER], now=now
            )
    client = clients(people.administrator)
    first, last = client.get("/admin/people").text, client.get("/admin/people?page=3").text
    assert (first.count('class="title"'), last.count('class="title"')) == (50, 6)
    assert "106 people" in first
    assert 'rel="next" href="/admin/people?page=2"' in first
    assert 'rel="prev"' not in first
    assert 'rel="next"' not in last


def test_somebody_new_is_made_and_invited(
    clients: Clients, people: Everybody, sessions: sessionmaker[Database]
) -> None:
    answer = send(
        clients(people.administrator),
        "/admin/people/new",
        name="Ines Vidal",
        email="Ines@Example.org",
        roles=["facilitator", "coordinator"],
    )
    with sessions() as session:
        made = person_of(session, email="ines@example.org")
        task = session.scalars(select(Outbox)).one()
    assert made is not None
    assert (answer.status_code, answer.location) == (303, f"/admin/people/{made.id}")
    assert (made.name, made.roles, made.can_sign_in) == (
        "Ines Vidal",
        {Role.FACILITATOR, Role.COORDINATOR},
        False,
    )
    assert (task.kind, task.payload) == ("invitation", {"person_id": made.id})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": ""}, "Type a name."),
        ({"email": ""}, "Type an e-mail address: the invitation goes there."),
        ({"email": "no address"}, "This is not an e-mail address."),
        ({"email": "member@example.org"}, "Another person has this e-mail address."),
        ({"roles": []}, "Choose at least one."),
        ({"roles": ["king"]}, "Choose from the list."),
    ],
)
def test_what_will_not_do_is_said_beside_the_field_and_makes_nobody(
    clients: Clients,
    people: Everybody,
    sessions: sessionmaker[Database],
    values: dict[str, object],
    said: str,
) -> None:
    usual = {"name": "Ines Vidal", "email": "ines@example.org", "roles": ["member"]}
    answer = send(clients(people.administrator), "/admin/people/new", **{**usual, **values})
    assert (answer.status_code, said in answer.text) == (422, True)
    with sessions() as session:
        assert person_of(session, email="ines@example.org") is None
        assert session.scalars(select(Outbox)).all() == []
