"""Signing out, and everything else that ends a sign-in."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.access.linking import set_password
from scheduler.domain.people.models import Identity
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import disable, give_role, take_role
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support.filling import send
from tests.support.people import Everybody

pytestmark = pytest.mark.usefixtures("quick_hashes")


def is_signed_in(client: FlaskClient) -> bool:
    answer = client.get("/me")
    assert answer.status_code in {200, 303}
    return answer.status_code == 200


def test_the_cookie_of_before_does_not_work_after(clients: Clients, people: Everybody) -> None:
    """The row is gone, so a copy of the cookie is worth nothing either."""
    client, copy = clients(people.member), clients(people.member)
    answer = send(client, "/me", to="/sign-out")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert not is_signed_in(client)
    assert not is_signed_in(copy)


def test_it_is_done_by_a_form_only(clients: Clients, people: Everybody) -> None:
    client = clients(people.member)
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 400
    assert is_signed_in(client)


def test_who_could_not_come_back_is_asked_first(
    clients: Clients, people: Everybody, sessions: sessionmaker[Database]
) -> None:
    with sessions() as session, transaction(session):
        theirs = update(Identity).where(Identity.person_id == people.member.id)
        session.execute(theirs.values(email=None, email_confirmed_at=None))
    client = clients(people.member)
    this = re.search(r'action="(/me/sign-ins/\d+/end)"', client.get("/me/sign-ins").text)
    assert this is not None
    for way in ("/sign-out", this[1]):
        assert send(client, "/me", to=way).location == "/me/sign-out"
        assert is_signed_in(client)
    assert "you need a new slip from the desk" in client.get("/me/sign-out").text
    assert send(client, "/me/sign-out", to="/sign-out", sure="yes").location == "/sign-in"
    assert not is_signed_in(client)
    assert 'href="/s"' in client.get("/sign-in").text


def test_twice_is_as_once(clients: Clients, people: Everybody) -> None:
    assert send(clients(None), "/sign-in", to="/sign-out").location == "/sign-in"


@pytest.mark.parametrize(
    "change",
    [
        lambda session, person: disable(session, actor=SYSTEM, person_id=person, now=clock.now()),
        lambda session, person: give_role(
            session, actor=SYSTEM, person_id=person, role=Role.FACILITATOR, now=clock.now()
        ),
        lambda session, person: take_role(
            session, actor=SYSTEM, person_id=person, role=Role.MEMBER, now=clock.now()
        ),
        lambda session, person: set_password(
            session, actor=SYSTEM, person_id=person, password_hash="new", now=clock.now()
        ),
    ],
    ids=["disabled", "role given", "role taken", "new password"],
)
def test_what_changes_a_person_ends_their_sign_ins_at_once(
    clients: Clients,
    people: Everybody,
    sessions: sessionmaker[Database],
    change: Callable[[Database, int], None],
) -> None:
    theirs, others = clients(people.member), clients(people.other_member)
    assert is_signed_in(theirs)
    with sessions() as session, transaction(session):
        change(session, people.member.id)
    assert not is_signed_in(theirs)
    assert is_signed_in(others)
