"""Messages with a code: to whom, in which order, and what is not sent."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.access import channels, codes
from scheduler.domain.access.digits import scope_of_person
from scheduler.domain.access.linking import ask_reset, invite
from scheduler.domain.people.links import Purpose, id_of
from scheduler.domain.people.models import OneTimeLink
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import disable, make_person
from scheduler.jobs.worker import Worker
from scheduler.store.outbox import Outbox
from scheduler.store.transaction import transaction
from tests.jobs.conftest import Time
from tests.support.mail import Mailbox, mail_server
from tests.support.people import Everybody

KEY = "k3J-vQ8xw_Zr5tY2uI9oP7aS4dF6gH1j"
NEW = "renee.new@example.org"
Sessions = sessionmaker[Database]
Workers = Callable[..., Worker]


def ask_change(sessions: Sessions, people: Everybody, now: datetime, email: str = NEW) -> None:
    with sessions() as session, transaction(session):
        channels.ask_change(session, actor=people.member.actor, email=email, now=now)


def received(box: Mailbox) -> list[tuple[str, str]]:
    return [(str(message["To"]), str(message["Subject"])) for message in box.messages]


def test_the_old_address_is_told_before_the_new_one_is_asked(
    sessions: Sessions, people: Everybody, workers: Workers, now: datetime
) -> None:
    ask_change(sessions, people, now)
    with mail_server() as box:
        workers(mail_url=box.url, secret_key=KEY).run_all()
    assert received(box) == [
        (people.member.email, "About your address"),
        (NEW, "Is this your address?"),
    ]
    told, asked = (message.get_content() for message in box.messages)
    assert NEW not in told
    assert people.member.email not in asked
    code = re.search(r"(\d{3} \d{3})", asked)
    link = re.search(r"confirm-address/(\S+)", asked)
    assert code
    assert link
    with sessions() as session, transaction(session):
        guessed = codes.guess(
            session,
            purpose=Purpose.CONFIRM,
            scope=scope_of_person(people.member.id),
            typed=code[1],
            secret_key=KEY,
            now=now,
        )
    assert guessed == id_of(KEY, link[1])


def test_where_the_old_one_cannot_be_told_the_new_one_is_not_asked(
    sessions: Sessions, people: Everybody, workers: Workers, time: Time
) -> None:
    ask_change(sessions, people, time.now)
    with mail_server() as box:
        box.answers.append("451 later")
        worker = workers(mail_url=box.url, secret_key=KEY)
        worker.run_all()
        assert received(box) == []
        time.passes(minutes=2)
        worker.run_all()
    assert [to for to, _subject in received(box)] == [people.member.email, NEW]


def test_another_person_s_address_is_not_asked(
    sessions: Sessions, people: Everybody, workers: Workers, now: datetime
) -> None:
    ask_change(sessions, people, now, people.other_member.email)
    with mail_server() as box:
        workers(mail_url=box.url, secret_key=KEY).run_all()
    assert received(box) == [(people.member.email, "About your address")]


@pytest.mark.parametrize("invited", [True, False])
def test_a_stranger_s_wish_for_a_password_goes_to_a_confirmed_address_or_an_invited_one(
    sessions: Sessions, workers: Workers, time: Time, invited: bool
) -> None:
    """A mistyped address that nobody confirmed is somebody else's mailbox."""
    with sessions() as session, transaction(session):
        made = make_person(session, actor=SYSTEM, name="Ines", email=NEW, roles=[Role.MEMBER], now=time.now)
        if invited:
            invite(session, actor=SYSTEM, person_id=made, now=time.now)
    with mail_server() as box:
        worker = workers(mail_url=box.url, secret_key=KEY)
        worker.run_all()
        with sessions() as session, transaction(session):
            ask_reset(session, email=NEW, now=time.now)
        worker.run_all()
    subjects = ["Your link to sign in", "Your new password"]
    assert [subject for _to, subject in received(box)] == (subjects if invited else [])


def test_a_code_is_not_sent_to_whom_something_happened_meanwhile(
    sessions: Sessions, people: Everybody, workers: Workers, now: datetime
) -> None:
    with sessions() as session, transaction(session):
        codes.ask_code(session, email=people.member.email, scope="x", now=now)
        disable(session, actor=SYSTEM, person_id=people.member.id, now=now)
    with mail_server() as box:
        workers(mail_url=box.url, secret_key=KEY).run_all()
    assert received(box) == []


def test_a_code_that_failed_is_sent_in_spite_of_the_pause_and_is_a_new_one(
    sessions: Sessions, people: Everybody, workers: Workers, time: Time
) -> None:
    with sessions() as session, transaction(session):
        codes.ask_code(session, email=people.member.email, scope="x", now=time.now)
    with mail_server() as box:
        box.answers.append("451 later")
        worker = workers(mail_url=box.url, secret_key=KEY)
        worker.run_all()
        time.passes(minutes=2)
        worker.run_all()
    assert received(box) == [(people.member.email, "Your code to sign in")]
    with sessions() as session:
        mine = select(OneTimeLink.used_at).where(OneTimeLink.purpose == Purpose.SIGN_IN)
        used = session.scalars(mine.order_by(OneTimeLink.id)).all()
        assert [each is None for each in used] == [False, True]
        assert not any("@" in str(payload) for payload in session.scalars(select(Outbox.payload)))
        lasts = select(OneTimeLink.expires_at).order_by(OneTimeLink.id.desc()).limit(1)
        assert session.scalar(lasts) == time.now + timedelta(minutes=15)
