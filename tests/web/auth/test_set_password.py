"""Setting a password by a link: an invitation, or a reset."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.access.linking import make_link
from scheduler.domain.people.links import Purpose, token_of
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.people.service import disable
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support.filling import send
from tests.support.people import Everybody, Someone
from tests.web.auth.conftest import Doors

pytestmark = pytest.mark.usefixtures("quick_hashes")
NEW = "nine quiet lamps by the river"
OVER = "This link does not work any more"
Links = Callable[[Someone], str]


@pytest.fixture
def links(app: Flask, sessions: sessionmaker[Database]) -> Links:
    """Makes live links, each an address; they last an hour."""

    def make(person: Someone) -> str:
        with sessions() as session, transaction(session):
            made = make_link(
                session,
                person_id=person.id,
                purpose=Purpose.RESET,
                lasts=timedelta(hours=1),
                now=clock.now(),
            )
        return f"/set-password/{token_of(app.config['SECRET_KEY'], made)}"

    return make


def test_it_sets_the_password_and_ends_other_sign_ins(
    clients: Clients, people: Everybody, doors: Doors, links: Links
) -> None:
    old, client = clients(people.member), clients(None)
    answer = send(client, links(people.member), password=NEW, again=NEW)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert old.get("/me").status_code == 303
    assert doors.sign_in(client, people.member).status_code == 422
    assert doors.sign_in(client, people.member, NEW).status_code == 303


def test_it_makes_a_first_password(clients: Clients, people: Everybody, doors: Doors, links: Links) -> None:
    client = clients(None)
    send(client, links(people.facilitator), password=NEW, again=NEW)
    assert doors.sign_in(client, people.facilitator, NEW).location == "/facilitator/today"


def test_looking_does_not_use_it_up(clients: Clients, people: Everybody, links: Links) -> None:
    link, client = links(people.member), clients(None)
    for _ in range(3):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    assert send(client, link, password="too short", again="too short").status_code == 422
    assert send(client, link, password=NEW, again=NEW).status_code == 303


def test_used_expired_replaced_disabled_and_forged_answer_alike(
    clients: Clients, people: Everybody, links: Links, sessions: sessionmaker[Database]
) -> None:
    client = clients(None)
    used = links(people.member)
    assert send(client, used, password=NEW, again=NEW).status_code == 303
    replaced = links(people.coordinator)
    links(people.coordinator)
    disabled = links(people.other_member)
    with sessions() as session, transaction(session):
        disable(session, actor=SYSTEM, person_id=people.other_member.id, now=clock.now())
    expired = links(people.facilitator)
    client = clients(None)
    with time_machine.travel(clock.now() + timedelta(hours=1, seconds=1)):
        answers = {link: client.get(link) for link in (used, replaced, disabled, expired)}
    forged = [f"{expired}x", "/set-password/MQ.x", "/set-password/1", f"/set-password/{'x' * 2000}"]
    answers |= {link: client.get(link) for link in forged}
    assert {answer.status_code for answer in answers.values()} == {410}
    assert len({answer.text for answer in answers.values()}) == 1
    assert OVER in answers[used].text


def test_a_token_signed_by_another_key_opens_nothing(
    clients: Clients, people: Everybody, links: Links
) -> None:
    links(people.member)
    assert clients(None).get(f"/set-password/{token_of('another key', 1)}").status_code == 410


def test_of_two_at_once_one_sets_the_password(clients: Clients, people: Everybody, links: Links) -> None:
    """Both have the page open; the second finds the link used."""
    link, first, second = links(people.member), clients(None), clients(None)
    for client in (first, second):
        client.get(link)
    assert send(first, link, password=NEW, again=NEW).status_code == 303
    answer = send(second, "/sign-in", to=link, password=NEW, again=NEW)
    assert (answer.status_code, OVER in answer.text) == (410, True)


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("fourteen chars", "fourteen chars", "Use at least 15 characters."),
        ("passwordpassword", "passwordpassword", "This is one of the first that somebody would try."),
        ("ReneeTamm123456", "ReneeTamm123456", "This is one of the first that somebody would try."),
        ("Lindenfield2026!", "Lindenfield2026!", "This is one of the first that somebody would try."),
        (NEW, NEW.upper(), "The two are not the same."),
        ("", "", "Type a new password."),
        ("x" * 501, "x" * 501, "This is too long."),
    ],
)
def test_a_password_that_will_not_do_is_refused_and_not_sent_back(
    clients: Clients, people: Everybody, links: Links, password: str, again: str, said: str
) -> None:
    answer = send(clients(None), links(people.member), password=password, again=again)
    assert answer.status_code == 422
    assert said in answer.text
    assert not password or f'value="{password}"' not in answer.text


def test_a_new_password_ends_the_wait_after_wrong_ones(
    clients: Clients, people: Everybody, doors: Doors, links: Links
) -> None:
    client = clients(None)
    for _ in range(11):
        doors.sign_in(client, people.member, "wrong words again")
    send(client, links(people.member), password=NEW, again=NEW)
    assert doors.sign_in(client, people.member, NEW).status_code == 303
