"""A server that is killed while sheets are saved: what it answered as saved is there when it runs again."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.attendance.models import Mark, MarkChange, SentMark
from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.wall_time import local_of
from scheduler.store.transaction import transaction
from tests.support import factories
from tests.support.mail import free_port
from tests.support.people import Everybody
from tests.support.program import PROGRAM, environment
from tests.support.rounds import rounds

AHEAD = """
import json, queue, sys, threading, time
from urllib.parse import urlsplit
from werkzeug.serving import make_server
from scheduler.app import create_app
app, later = create_app(), queue.Queue()

def work():
    while True:
        environ, body = later.get()
        time.sleep(0.02)
        import io
        app.wsgi_app({**environ, "wsgi.input": io.BytesIO(body)}, lambda *said: None)

def ahead(environ, start):
    if environ["REQUEST_METHOD"] == "GET":
        return app.wsgi_app(environ, start)
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    later.put((dict(environ), body))
    told = [{"uid": each["uid"], "outcome": "applied"} for each in json.loads(body)["marks"]]
    start("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({"results": told}).encode()]

threading.Thread(target=work, daemon=True).start()
make_server("127.0.0.1", int(sys.argv[1]), ahead, threaded=True).serve_forever()
"""
"""A twin that answers before it has committed."""


@dataclass
class Facilitator:
    """Somebody whose device sends marks as fast as it is answered, and what it was told."""

    cookie: str
    occurrence: int
    persons: tuple[int, ...]
    ticket: str = ""
    token: str = ""
    told: list[dict[str, Any]] = field(default_factory=list)
    begun: Event = field(default_factory=Event)

    def work(self, port: int) -> None:
        """Send until the server is gone."""
        gone = suppress(OSError, HTTPException, json.JSONDecodeError)
        with gone, closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
            self._look(connection)
            while True:
                answer = self._ask(connection, "POST", "/facilitator/device/sync", self._batch())
                self.told += answer["results"]
                self.begun.set()

    def _look(self, connection: HTTPConnection) -> None:
        found = self._ask(connection, "GET", "/facilitator/device/sheets")
        self.ticket, self.token = found["ticket"], found["csrf"]

    def _batch(self) -> bytes:
        now = clock.now().isoformat()
        marks = [
            {
                "uid": str(uuid4()),
                "sheet": self.occurrence,
                "person": person,
                "status": random.choice(("present", "absent")),  # noqa: S311 -- any will do
                "seen": 0,
                "made_at": now,
            }
            for person in self.persons
        ]
        return json.dumps({"ticket": self.ticket, "sent_at": now, "marks": marks}).encode()

    def _ask(self, connection: HTTPConnection, method: str, path: str, body: bytes | None = None) -> Any:
        headers = {"Cookie": f"session={self.cookie}", "X-Device": self.ticket, "X-CSRFToken": self.token}
        connection.request(method, path, body, {**headers, "Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status == 200, text
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and value.startswith("session="):
                self.cookie = value.partition("=")[2].partition(";")[0]
        return json.loads(text)


@pytest.fixture
def facilitator(app: Flask, people: Everybody, sessions: sessionmaker[Database]) -> Facilitator:
    begin = local_of(clock.now(), zone_named("America/New_York")) - timedelta(minutes=5)
    with sessions() as session, transaction(session):
        series = factories.series(session)
        for member in (people.member, people.other_member):
            factories.enrollment(session, series, member.id)
        post = factories.post(session, series, people.facilitator.id)
        occurrence = factories.occurrence(session, series, begin.replace(second=0, microsecond=0))
        factories.duty(session, occurrence, post)
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    cookie = str(signer.dumps({"_user_id": people.facilitator.secret, "_fresh": True}))
    return Facilitator(cookie, occurrence, (people.member.id, people.other_member.id))


@contextmanager
def running(app: Flask, folder: Path, *command: str) -> Iterator[int]:
    """A server in a process group of its own; killed with all of its processes at the end."""
    port = free_port()
    given = {"database_url": app.config["SQLALCHEMY_DATABASE_URI"]}
    with (folder / "serve.log").open("a") as log:
        process = subprocess.Popen(
            [*command, str(port)],
            env=environment(Path(app.instance_path), **given),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for(port, process)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(400):
        assert process.poll() is None
        gone = suppress(OSError, HTTPException)
        with gone, closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        sleep(0.05)
    pytest.fail("it does not answer")


def killed_at_work(app: Flask, folder: Path, who: Facilitator, *command: str) -> None:
    who.begun.clear()
    with running(app, folder, *command) as port:
        sender = Thread(target=who.work, args=(port,))
        sender.start()
        assert who.begun.wait(30)
        sleep(random.uniform(0.01, 0.3))  # noqa: S311 -- any moment will do
    sender.join(30)
    assert not sender.is_alive()


def lost(engine: Engine, told: list[dict[str, Any]]) -> list[str]:
    """What was answered as saved, and is not there with what each mark became."""
    applied = [each for each in told if each["outcome"] == "applied"]
    with engine.connect() as connection:
        kept = dict(connection.execute(select(SentMark.uid, SentMark.revision)).all())
        changes = select(Mark.person_id, MarkChange.revision, MarkChange.status).join(MarkChange)
        became = {(person, revision): status for person, revision, status in connection.execute(changes)}
    engine.dispose()
    return [
        each["uid"]
        for each in applied
        if each["uid"] not in kept
        or ("person" in each and became.get((each["person"], each["revision"])) != each["status"])
    ]


@pytest.mark.stress
def test_every_mark_that_was_answered_as_saved_is_there(
    app: Flask, tmp_path: Path, facilitator: Facilitator, engine: Engine
) -> None:
    for _ in rounds(50):
        facilitator.ticket = ""
        before = len(facilitator.told)
        killed_at_work(app, tmp_path, facilitator, *PROGRAM, "serve", "--port")
        assert len(facilitator.told) > before
        assert lost(engine, facilitator.told) == []
    assert {each["outcome"] for each in facilitator.told} <= {"applied", "unchanged", "conflict"}


@pytest.mark.stress
def test_a_server_that_answers_before_it_commits_loses_some(
    app: Flask, tmp_path: Path, facilitator: Facilitator, engine: Engine
) -> None:
    """The same with a twin, which shows that the test above can fail."""
    killed_at_work(app, tmp_path, facilitator, sys.executable, "-c", AHEAD)
    assert lost(engine, facilitator.told) != []
