"""One's own account."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.people.models import Identity
from scheduler.domain.people.queries import person_page
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support.filling import send
from tests.support.people import Everybody
from tests.web.auth.conftest import PASSWORD, Doors

pytestmark = pytest.mark.usefixtures("quick_hashes")
NEW = "nine quiet lamps by the river"


@pytest.mark.parametrize("who", ["member", "facilitator", "coordinator", "administrator"])
def test_everybody_has_the_page_with_a_way_out(clients: Clients, people: Everybody, who: str) -> None:
    person = getattr(people, who)
    answer = clients(person).get("/me")
    assert answer.status_code == 200
    assert f'value="{person.name}"' in answer.text
    assert 'action="/sign-out"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_one_changes_one_s_name(
    clients: Clients, people: Everybody, sessions: sessionmaker[Database]
) -> None:
    answer = send(clients(people.member), "/me", to="/me/name", name="René  Tamm", revision="1")
    assert (answer.status_code, answer.location) == (303, "/me")
    with sessions() as session:
        found = person_page(session, people.member.id)
        other = person_page(session, people.other_member.id)
    assert found is not None
    assert (found.name, found.short_name, found.revision) == ("René Tamm", "René T.", 2)
    assert other is not None
    assert other.name == "Marcus Tull"


def test_without_an_e_mail_no_link_by_mail_is_offered(
    clients: Clients, people: Everybody, sessions: sessionmaker[Database]
) -> None:
    client = clients(people.member)
    said = ("Send me a link", "Add your e-mail first.", "Confirm your e-mail first.")

    def shown() -> list[str]:
        page = client.get("/me").text
        return [each for each in said if each in page]

    assert shown() == ["Send me a link"]
    for pending, expected in (
        (None, "Add your e-mail first."),
        ("r@example.org", "Confirm your e-mail first."),
    ):
        with sessions() as session, transaction(session):
            theirs = update(Identity).where(Identity.person_id == people.member.id)
            session.execute(theirs.values(email=None, email_confirmed_at=None, pending_email=pending))
        assert shown() == [expected]


def test_a_code_is_asked_for_once_a_message_was_and_not_before(
    clients: Clients, people: Everybody, sessions: sessionmaker[Database]
) -> None:
    with sessions() as session, transaction(session):
        theirs = update(Identity).where(Identity.person_id == people.member.id)
        session.execute(theirs.values(email_confirmed_at=None))
    client = clients(people.member)
    before = client.get("/me").text
    assert ('action="/me/email/confirm"' in before, "Confirm your e-mail first." in before) == (False, True)
    assert "Send me a link" not in before
    assert send(client, "/me", to="/me/email/ask").location == "/me"
    after = client.get("/me").text
    assert ('action="/me/email/confirm"' in after, "Send it again" in after) == (True, True)


def test_a_stale_page_changes_nothing(clients: Clients, people: Everybody) -> None:
    client = clients(people.member)
    send(client, "/me", to="/me/name", name="Renée Tamm", revision="1")
    answer = send(client, "/me", to="/me/name", name="Ren Tamm", revision="1")
    assert answer.status_code == 409
    assert "Renée Tamm" in client.get("/me").text


@pytest.mark.parametrize(("name", "said"), [("", "Type your name."), ("x" * 201, "Use at most 200 letters.")])
def test_a_name_that_is_none_is_kept_and_said(
    clients: Clients, people: Everybody, name: str, said: str
) -> None:
    answer = send(clients(people.member), "/me", to="/me/name", name=name, revision="1")
    assert (answer.status_code, said in answer.text) == (422, True)


def test_a_new_password_keeps_this_device_and_ends_the_others(
    clients: Clients, people: Everybody, doors: Doors
) -> None:
    here, there = clients(None), clients(None)
    doors.sign_in(here, people.member)
    doors.sign_in(there, people.member)
    answer = send(here, "/me", to="/me/password", current=PASSWORD, password=NEW, again=NEW)
    assert (answer.status_code, answer.location) == (303, "/me")
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 303
    assert doors.sign_in(there, people.member, NEW).status_code == 303


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"current": "wrong words again", "password": NEW, "again": NEW}, "This is not your password."),
        ({"current": "", "password": NEW, "again": NEW}, "Type the password that you have now."),
        ({"current": PASSWORD, "password": "short", "again": "short"}, "Use at least 15 characters."),
        ({"current": PASSWORD, "password": NEW, "again": "other"}, "The two are not the same."),
    ],
)
def test_a_change_that_will_not_do_changes_nothing(
    clients: Clients, people: Everybody, doors: Doors, values: dict[str, str], said: str
) -> None:
    client = clients(None)
    doors.sign_in(client, people.member)
    answer = send(client, "/me", to="/me/password", **values)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert doors.sign_in(clients(None), people.member).status_code == 303


def test_guessing_the_present_password_is_counted_as_at_the_door(
    clients: Clients, people: Everybody, doors: Doors
) -> None:
    client = clients(None)
    doors.sign_in(client, people.member)
    for _ in range(10):
        send(client, "/me", to="/me/password", current="wrong words again", password=NEW, again=NEW)
    answer = send(client, "/me", to="/me/password", current=PASSWORD, password=NEW, again=NEW)
    assert (answer.status_code, "Too many tries." in answer.text) == (422, True)
