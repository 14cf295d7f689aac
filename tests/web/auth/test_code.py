"""Signing in by a code or a link that came by mail."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.people.models import SignIn
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.people.service import disable
from scheduler.extensions import db
from scheduler.jobs.worker import Worker
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support.filling import alike, send
from tests.support.people import Everybody
from tests.support.statements import counted

WRONG = "This is not the code, or its time is over."
OVER = "This link does not work any more"
Sessions = sessionmaker[Database]


class Post:
    """The worker, and what it put into the mail folder."""

    def __init__(self, app: Flask, engine: Engine) -> None:
        self._settings = app.extensions["settings"]
        self._worker = Worker(engine, self._settings)

    def delivered(self) -> list[tuple[str, str]]:
        """To whom, and what; in the order of the tasks."""
        self._worker.run_all()
        folder: Path = self._settings.mail_folder
        found = []
        for path in sorted(folder.glob("*.eml"), key=lambda each: each.stat().st_mtime_ns):
            message = message_from_bytes(path.read_bytes(), policy=default)
            found.append((str(message["To"]), str(message.get_content())))
            path.unlink()
        return found

    def code_and_link(self) -> tuple[str, str]:
        """Of the one message that came."""
        ((_to, text),) = self.delivered()
        code = re.search(r"\b\d{3} \d{3}\b", text)
        link = re.search(r"http://\S+?(/(?:sign-in-link|confirm-address)/\S+)", text)
        assert code
        assert link
        return code[0], link[1]


@pytest.fixture
def post(app: Flask, engine: Engine) -> Post:
    return Post(app, engine)


def ask(client: FlaskClient, email: str, **more: str) -> None:
    answer = send(client, "/sign-in/send-code", email=email, **more)
    assert (answer.status_code, answer.location) == (303, "/sign-in/code")


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/me").status_code == 200


def test_the_code_signs_in_on_the_browser_that_asked(
    clients: Clients, people: Everybody, post: Post, sessions: Sessions
) -> None:
    client = clients(None)
    ask(client, people.member.email, keep="y")
    code, _link = post.code_and_link()
    answer = send(client, "/sign-in/code", code=code)
    assert (answer.status_code, answer.location) == (303, "/member/week")
    assert is_signed_in(client)
    with sessions() as session:
        row = session.scalars(select(SignIn).order_by(SignIn.id.desc())).first()
    assert row is not None
    assert (row.method, row.second_step, row.expires_at - row.created_at) == (
        "code",
        False,
        timedelta(days=90),
    )


def test_it_leads_where_one_wanted_to_go(clients: Clients, people: Everybody, post: Post) -> None:
    client = clients(None)
    address = "/sign-in/send-code?next=/member/week%3Fweek%3D2026-07-13"
    send(client, address, email=people.member.email)
    answer = send(client, "/sign-in/code", code=post.code_and_link()[0])
    assert answer.location == "/member/week?week=2026-07-13"


def test_another_browser_has_nothing_to_type_it_into(clients: Clients, people: Everybody, post: Post) -> None:
    here, there = clients(None), clients(None)
    ask(here, people.member.email)
    code, _link = post.code_and_link()
    assert there.get("/sign-in/code").location == "/sign-in/send-code"
    ask(there, people.other_member.email)
    answer = send(there, "/sign-in/code", code=code)
    assert (answer.status_code, WRONG in answer.text, is_signed_in(there)) == (422, True, False)


def test_the_link_opens_a_page_that_signs_in_by_its_button_anywhere(
    clients: Clients, people: Everybody, post: Post
) -> None:
    client, there = clients(None), clients(None)
    ask(client, people.member.email)
    _code, link = post.code_and_link()
    for _ in range(3):  # mail programs look
        assert there.get(link).status_code == 200
    assert not is_signed_in(there)
    assert send(there, link, keep="y").location == "/member/week"
    assert is_signed_in(there)
    again = clients(None).get(link)
    assert (again.status_code, OVER in again.text) == (410, True)


def test_code_and_link_are_one(clients: Clients, people: Everybody, post: Post) -> None:
    client = clients(None)
    ask(client, people.member.email)
    code, link = post.code_and_link()
    send(clients(None), link)
    assert send(client, "/sign-in/code", code=code).status_code == 422


def test_both_are_late_after_fifteen_minutes(clients: Clients, people: Everybody, post: Post) -> None:
    client = clients(None)
    with time_machine.travel("2026-07-15T20:00:00Z", tick=False) as time:
        ask(client, people.member.email)
        code, link = post.code_and_link()
        time.shift(timedelta(minutes=15))
        assert clients(None).get(link).status_code == 410
        assert client.get("/sign-in/code").location == "/sign-in/send-code"
        time.shift(timedelta(seconds=-1))
        assert send(client, "/sign-in/code", code=code).status_code == 303


def test_a_forged_link_is_over(clients: Clients, people: Everybody) -> None:
    for token in ("x", "MQ.sig", "." * 50):
        assert clients(None).get(f"/sign-in-link/{token}").status_code == 410


def test_a_link_for_one_thing_is_over_for_another(clients: Clients, people: Everybody, post: Post) -> None:
    client = clients(None)
    ask(client, people.member.email)
    _code, link = post.code_and_link()
    token = link.rpartition("/")[2]
    for page in ("set-password", "confirm-address"):
        assert client.get(f"/{page}/{token}").status_code == 410


def test_guesses_are_counted_with_the_passwords_of_the_address(
    clients: Clients, people: Everybody, post: Post, no_limit_by_address: None
) -> None:
    client = clients(None)
    for _ in range(2):
        ask(client, people.member.email)
        for _guess in range(5):
            assert WRONG in send(client, "/sign-in/code", code="000 000").text
    answer = send(client, "/sign-in/code", code="000 000")
    assert (answer.status_code, "Wait 15 minutes" in answer.text) == (422, True)
    door = send(clients(None), "/sign-in", email=people.member.email, password="whatever it may be")
    assert "too many tries" in door.text


def test_everybody_is_answered_alike(
    app: Flask, clients: Clients, people: Everybody, sessions: Sessions
) -> None:
    with sessions() as session, transaction(session):
        disable(session, actor=SYSTEM, person_id=people.other_member.id, now=clock.now())
    with app.app_context():
        engine: Engine = db.engine
    found = {}
    for name, email in {
        "known": people.member.email,
        "staff": people.coordinator.email,
        "disabled": people.other_member.email,
        "unknown": "nobody@example.org",
    }.items():
        client = clients(None)
        client.get("/sign-in/send-code")
        with counted(engine) as asking:
            ask(client, email)
        page = client.get("/sign-in/code").text
        with counted(engine) as typing:
            wrong = send(client, "/sign-in/code", code="000000")
        found[name] = (alike(page), wrong.status_code, alike(wrong.text), list(asking), list(typing))
    assert found == dict.fromkeys(found, found["known"])


def test_only_a_member_whose_address_is_confirmed_gets_a_message(
    clients: Clients, people: Everybody, post: Post
) -> None:
    for email in ("nobody@example.org", people.coordinator.email, people.member.email):
        ask(clients(None), email)
    assert [to for to, _text in post.delivered()] == [people.member.email]


def test_nobody_fills_another_s_mailbox(clients: Clients, people: Everybody, post: Post) -> None:
    with time_machine.travel("2026-07-15T20:00:00Z", tick=False) as time:
        sent = 0
        for _ in range(10):
            ask(clients(None), people.member.email)
            sent += len(post.delivered())
            time.shift(timedelta(minutes=1))
    assert sent == 2


def test_asking_and_guessing_take_the_same_time(
    clients: Clients, people: Everybody, post: Post, no_limit_by_address: None
) -> None:
    emails = {"known": people.member.email, "unknown": "nobody@example.org"}
    seconds: dict[str, list[float]] = {name: [] for name in emails}
    for _round in range(15):
        for name, email in emails.items():
            client = clients(None)
            begin = perf_counter()
            ask(client, email)
            send(client, "/sign-in/code", code="000000")
            seconds[name].append(perf_counter() - begin)
    assert 0.7 < median(seconds["unknown"]) / median(seconds["known"]) < 1.4, seconds


def test_the_cookie_of_before_is_worth_nothing_after(clients: Clients, people: Everybody, post: Post) -> None:
    """Session fixation: what somebody put into the browser before does not become a sign-in."""
    client = clients(None)
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    ask(client, people.member.email)
    send(client, "/sign-in/code", code=post.code_and_link()[0])
    with client.session_transaction() as cookie:
        assert not {"planted", "code"} & cookie.keys()


def test_the_cookie_names_nobody(clients: Clients, people: Everybody) -> None:
    client = clients(None)
    ask(client, people.member.email)
    with client.session_transaction() as cookie:
        assert people.member.email not in str(dict(cookie))


def test_the_subject_tells_neither_the_code_nor_what_this_is(
    clients: Clients, people: Everybody, app: Flask, engine: Engine
) -> None:
    ask(clients(None), people.member.email)
    settings = app.extensions["settings"]
    Worker(engine, settings).run_all()
    (path,) = settings.mail_folder.glob("*.eml")
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert message["Subject"] == "Your code to sign in"
    assert path.name.endswith(f"-p{people.member.id}.eml")
