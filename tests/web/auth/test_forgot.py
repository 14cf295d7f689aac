"""Asking for a new password."""

from statistics import median
from time import perf_counter

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.people.service import disable
from scheduler.extensions import db
from scheduler.store import ledger
from scheduler.store.outbox import Outbox
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support.filling import alike, send
from tests.support.people import Everybody
from tests.support.statements import counted
from tests.web.auth.conftest import Doors

SENT = "If we know this address, a link is on its way. It works once, for 60 minutes."


def test_everybody_is_told_the_same(
    app: Flask, clients: Clients, people: Everybody, doors: Doors, sessions: sessionmaker[Database]
) -> None:
    with sessions() as session, transaction(session):
        disable(session, actor=SYSTEM, person_id=people.coordinator.id, now=clock.now())
    client = clients(None)
    found = {}
    for name, email in {
        "known": people.member.email,
        "without a password": people.facilitator.email,
        "disabled": people.coordinator.email,
        "unknown": "nobody@example.org",
    }.items():
        client.get("/forgot")
        with app.app_context():
            engine: Engine = db.engine
        with counted(engine) as statements:
            answer = send(client, "/forgot", email=email)
        assert SENT in answer.text
        found[name] = (answer.status_code, alike(answer.text), statements)
    assert found == dict.fromkeys(found, found["known"])


def test_it_takes_the_same_time_for_everybody(
    clients: Clients, people: Everybody, doors: Doors, no_limit_by_address: None
) -> None:
    client = clients(None)
    emails = {"known": people.member.email, "unknown": "nobody@example.org"}
    seconds: dict[str, list[float]] = {name: [] for name in emails}
    for _round in range(15):
        for name, email in emails.items():
            begin = perf_counter()
            send(client, "/forgot", email=email)
            seconds[name].append(perf_counter() - begin)
    assert 0.7 < median(seconds["unknown"]) / median(seconds["known"]) < 1.4, seconds


def test_the_task_holds_an_id_and_no_address(
    clients: Clients, people: Everybody, doors: Doors, sessions: sessionmaker[Database]
) -> None:
    client = clients(None)
    for email in (people.member.email, "nobody@example.org"):
        send(client, "/forgot", email=email)
    with sessions() as session:
        tasks = session.execute(
            select(Outbox.kind, Outbox.payload).where(Outbox.kind != ledger.KIND).order_by(Outbox.id)
        ).all()
    assert [tuple(task) for task in tasks] == [
        ("reset", {"person_id": people.member.id}),
        ("reset", {"person_id": 0}),
    ]


@pytest.mark.parametrize("email", ["", "x" * 255])
def test_what_is_no_address_is_said_so_to_everybody(clients: Clients, people: Everybody, email: str) -> None:
    assert send(clients(None), "/forgot", email=email).status_code == 422
