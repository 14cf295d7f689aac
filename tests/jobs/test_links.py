"""Sending links: to those who are known, once in a while, and each ends the one before."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.access.linking import ask_reset, invite
from scheduler.domain.access.queries import link_owner
from scheduler.domain.people.links import id_of
from scheduler.domain.people.models import Identity, OneTimeLink
from scheduler.domain.people.roles import SYSTEM
from scheduler.jobs.worker import Worker
from scheduler.store.outbox import Outbox
from scheduler.store.transaction import transaction
from tests.jobs.conftest import Time
from tests.support.mail import Mailbox, mail_server
from tests.support.people import Everybody

KEY = "k3J-vQ8xw_Zr5tY2uI9oP7aS4dF6gH1j"
Sessions = sessionmaker[Database]


def ask(sessions: Sessions, email: str, now: datetime) -> None:
    with sessions() as session, transaction(session):
        ask_reset(session, email=email, now=now)


def links_in(box: Mailbox) -> list[int | None]:
    found = (re.search(r"set-password/(\S+)", message.get_content()) for message in box.messages)
    return [id_of(KEY, each[1]) if each else None for each in found]


def test_a_reset_goes_to_the_address_that_is_known_and_to_no_other(
    sessions: Sessions, people: Everybody, workers: Callable[..., Worker], now: datetime
) -> None:
    for email in ("nobody@example.org", people.member.email, people.facilitator.email.upper()):
        ask(sessions, email, now)
    with mail_server() as box:
        workers(mail_url=box.url, secret_key=KEY).run_all()
    assert [message["To"] for message in box.messages] == [people.member.email, people.facilitator.email]
    with sessions() as session:
        rows = session.execute(select(OneTimeLink.id, OneTimeLink.person_id, OneTimeLink.expires_at)).all()
        assert [tuple(row) for row in rows] == [
            (1, people.member.id, now + timedelta(hours=1)),
            (2, people.facilitator.id, now + timedelta(hours=1)),
        ]
    assert links_in(box) == [1, 2]


def test_nobody_fills_another_s_mailbox(
    sessions: Sessions, people: Everybody, workers: Callable[..., Worker], time: Time
) -> None:
    with mail_server() as box:
        worker = workers(mail_url=box.url, secret_key=KEY)
        for _ in range(10):
            ask(sessions, people.member.email, time.now)
            worker.run_all()
            time.passes(minutes=1)
        assert len(box.messages) == 2
    with sessions() as session:
        live = [link_owner(session, link_id=link, now=time.now) is not None for link in (1, 2)]
    assert live == [False, True], "the second ended the first"


def test_one_that_failed_is_sent_in_spite_of_the_pause(
    sessions: Sessions, people: Everybody, workers: Callable[..., Worker], time: Time
) -> None:
    ask(sessions, people.member.email, time.now)
    with mail_server() as box:
        box.answers.append("451 later")
        worker = workers(mail_url=box.url, secret_key=KEY)
        worker.run_all()
        time.passes(minutes=2)
        worker.run_all()
    assert links_in(box) == [2]


def test_an_address_that_is_none_is_told_without_a_name(
    sessions: Sessions, people: Everybody, workers: Callable[..., Worker], now: datetime
) -> None:
    with sessions() as session, transaction(session):
        session.get_one(Identity, people.member.id).email = "a@example.org, b@example.org"
        invite(session, actor=SYSTEM, person_id=people.member.id, now=now)
    workers().run_all()
    with sessions() as session:
        task = session.scalars(select(Outbox).where(Outbox.kind == "invitation")).one()
        assert (task.done_at, task.last_error) == (None, "the person's address is none")
        assert session.scalars(select(OneTimeLink)).all() == []


def test_an_invitation_is_sent_whenever_somebody_says_so(
    sessions: Sessions, people: Everybody, workers: Callable[..., Worker], now: datetime
) -> None:
    """Who sends it is told that it is on its way, so there is no pause."""
    with mail_server() as box:
        worker = workers(mail_url=box.url, secret_key=KEY)
        for _ in range(2):
            with sessions() as session, transaction(session):
                invite(session, actor=SYSTEM, person_id=people.member.id, now=now)
            worker.run_all()
    assert links_in(box) == [1, 2]


def test_a_reset_that_a_stranger_asked_for_leaves_the_invitation_alive(
    sessions: Sessions, people: Everybody, workers: Callable[..., Worker], now: datetime
) -> None:
    with mail_server() as box:
        worker = workers(mail_url=box.url, secret_key=KEY)
        with sessions() as session, transaction(session):
            invite(session, actor=SYSTEM, person_id=people.member.id, now=now)
        worker.run_all()
        ask(sessions, people.member.email, now)
        worker.run_all()
    assert links_in(box) == [1, 2]
    with sessions() as session:
        assert [link_owner(session, link_id=link, now=now) is not None for link in (1, 2)] == [True, True]


@pytest.mark.parametrize("email", ["nobody@example.org"])
def test_what_nobody_asked_for_is_done_and_gone(
    sessions: Sessions, people: Everybody, workers: Callable[..., Worker], now: datetime, email: str
) -> None:
    ask(sessions, email, now)
    worker = workers()
    assert worker.run_all() == 2, "the asking, and the day's work"
    assert worker.run_all() == 0
