"""One's own address and phone number, on pages."""

import pytest
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.access.queries import Channels, channels_of
from tests.conftest import Clients
from tests.support.filling import alike, send
from tests.support.people import Everybody, Someone
from tests.web.auth.test_code import Post, post

__all__ = ["post"]

pytestmark = pytest.mark.usefixtures("no_limit_by_address")
NEW = "renee.new@example.org"
Sessions = sessionmaker[Database]


def channels(sessions: Sessions, person: Someone) -> Channels:
    with sessions() as session:
        found = channels_of(session, person.id)
    assert found is not None
    return found


def test_the_code_from_the_new_mailbox_puts_it_in_place_and_the_old_one_is_told(
    clients: Clients, people: Everybody, sessions: Sessions, post: Post
) -> None:
    here = clients(people.member)
    assert send(here, "/me", to="/me/email", email=NEW).location == "/me"
    assert NEW in here.get("/me").text
    (told, text), (to, asked) = post.delivered()
    assert (told, to) == (people.member.email, NEW)
    assert NEW not in text
    code = next(line.strip() for line in asked.splitlines() if line.strip()[:3].isdigit())
    wrong = send(here, "/me", to="/me/email/confirm", code="000 000" if code != "000 000" else "1")
    assert (wrong.status_code, "This is not the code" in wrong.text) == (422, True)
    assert channels(sessions, people.member).email == people.member.email
    assert send(here, "/me", to="/me/email/confirm", code=code).location == "/me"
    found = channels(sessions, people.member)
    assert (found.email, found.pending) == (NEW, None)
    assert here.get("/me").status_code == 200


def test_the_link_confirms_by_its_button_wherever_it_is_opened(
    clients: Clients, people: Everybody, sessions: Sessions, post: Post
) -> None:
    here, anywhere = clients(people.member), clients(None)
    send(here, "/me", to="/me/email", email=NEW)
    link = post.delivered()[1][1].split("http://127.0.0.1:5000")[2].split()[0]
    assert link.startswith("/confirm-address/")
    for _ in range(2):
        assert NEW in anywhere.get(link).text
    assert channels(sessions, people.member).email == people.member.email
    assert send(anywhere, link).location == "/me"
    assert channels(sessions, people.member).email == NEW
    assert here.get("/me").status_code == 303, "it was another browser"
    assert anywhere.get(link).status_code == 410


def test_the_answer_is_the_same_whether_somebody_has_the_address(
    clients: Clients, people: Everybody, post: Post
) -> None:
    pages = []
    for email in (people.other_member.email, "nobody@example.org"):
        client = clients(people.member)
        answer = send(client, "/me", to="/me/email", email=email)
        pages.append((answer.status_code, alike(client.get("/me").text, email=email)))
        told = [to for to, _text in post.delivered()]
        assert people.other_member.email not in told
    assert pages[0] == pages[1]


def test_another_types_the_code_in_vain(
    clients: Clients, people: Everybody, sessions: Sessions, post: Post
) -> None:
    send(clients(people.member), "/me", to="/me/email", email=NEW)
    asked = post.delivered()[1][1]
    code = next(line.strip() for line in asked.splitlines() if line.strip()[:3].isdigit())
    send(clients(people.other_member), "/me", to="/me/email", email="marcus@example.org")
    answer = send(clients(people.other_member), "/me", to="/me/email/confirm", code=code)
    assert answer.status_code == 422
    assert channels(sessions, people.other_member).email == people.other_member.email


def test_a_phone_number_is_saved_and_taken_away(
    clients: Clients, people: Everybody, sessions: Sessions
) -> None:
    client = clients(people.member)
    send(client, "/me", to="/me/phone", phone="(555) 010-0142")
    assert channels(sessions, people.member).phone == "(555) 010-0142"
    wrong = send(client, "/me", to="/me/phone", phone="call me")
    assert (wrong.status_code, "This is not a phone number." in wrong.text) == (422, True)
    send(client, "/me", to="/me/phone", phone="")
    assert channels(sessions, people.member).phone is None
