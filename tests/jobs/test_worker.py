"""The worker: what it does with tasks, with failures, and with its own death."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.access.linking import invite
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.people.service import disable
from scheduler.jobs.worker import Worker
from scheduler.store import outbox
from scheduler.store.outbox import LEASE, Outbox
from scheduler.store.transaction import transaction
from tests.jobs.conftest import Time, settings_for
from tests.support.mail import mail_server
from tests.support.people import Everybody
from tests.support.rounds import rounds

Sessions = sessionmaker[Database]
Workers = Callable[..., Worker]


@pytest.fixture
def invited(sessions: Sessions, people: Everybody, now: datetime) -> int:
    """A member to whom an invitation shall be sent."""
    with sessions() as session, transaction(session):
        invite(session, actor=SYSTEM, person_id=people.member.id, now=now)
    return people.member.id


def tasks_of(sessions: Sessions, kind: str) -> list[tuple[int, str | None, bool]]:
    """Attempts, last error, and whether it is done, of each task of a kind."""
    with sessions() as session:
        query = select(Outbox.attempts, Outbox.last_error, Outbox.done_at.is_not(None))
        return [tuple(row) for row in session.execute(query.where(Outbox.kind == kind).order_by(Outbox.id))]


def test_it_sends_what_is_due(sessions: Sessions, workers: Workers, invited: int) -> None:
    with mail_server() as box:
        workers(mail_url=box.url).run_all()
    assert [message["To"] for message in box.messages] == ["member@example.org"]
    assert tasks_of(sessions, "invitation") == [(1, None, True)]


def test_what_the_server_refuses_is_tried_again_later(
    sessions: Sessions, workers: Workers, invited: int, time: Time
) -> None:
    with mail_server() as box:
        worker = workers(mail_url=box.url)
        box.answers.append("451 later")
        worker.run_all()
        assert tasks_of(sessions, "invitation") == [(1, "the mail server answered 451", False)]
        time.passes(minutes=1)
        worker.run_all()
        assert box.messages == []
        time.passes(minutes=1)
        worker.run_all()
    assert len(box.messages) == 1
    assert tasks_of(sessions, "invitation") == [(2, "the mail server answered 451", True)]


def test_a_bad_task_does_not_keep_the_others_from_being_done(
    sessions: Sessions, workers: Workers, invited: int, now: datetime
) -> None:
    with sessions() as session, transaction(session):
        outbox.enqueue(session, kind="of a later version", payload={}, now=now)
    workers().run_all()
    assert tasks_of(sessions, "of a later version") == [(1, "KeyError", False)]
    assert tasks_of(sessions, "invitation") == [(1, None, True)]


def test_nothing_is_sent_to_somebody_disabled_meanwhile(
    sessions: Sessions, workers: Workers, invited: int, now: datetime
) -> None:
    with sessions() as session, transaction(session):
        disable(session, actor=SYSTEM, person_id=invited, now=now)
    with mail_server() as box:
        workers(mail_url=box.url).run_all()
    assert box.messages == []
    assert tasks_of(sessions, "invitation") == [(1, None, True)]


def test_it_stops_when_it_is_told_and_comes_back_when_the_database_does(
    workers: Workers, tmp_path: Path
) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=workers().run, args=(stop,))
    thread.start()
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


@pytest.mark.stress
@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize("_round", rounds(10))
def test_a_task_of_a_worker_that_was_killed_is_done_by_another(
    sessions: Sessions,
    database_url: str,
    invited: int,
    tmp_path: Path,
    time: Time,
    workers: Workers,
    _round: int,
) -> None:
    """Killed between taking the task and saying that it is done: here, while the server keeps it waiting."""
    with mail_server() as box:
        silent = _server_that_says_nothing()
        environment = {
            **os.environ,
            "AFTERCARE_INSTANCE_PATH": str(tmp_path / "instance"),
            "AFTERCARE_DATABASE_URL": database_url,
            "AFTERCARE_MAIL_URL": f"smtp://127.0.0.1:{silent.getsockname()[1]}",
        }
        program = "from scheduler.cli import main; main(['worker'])"
        with silent, subprocess.Popen([sys.executable, "-c", program], env=environment) as process:
            _wait_until(lambda: tasks_of(sessions, "invitation") == [(1, None, False)])
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        another = workers(mail_url=box.url)
        time.now = clock.now()
        another.run_all()
        assert box.messages == [], "it is still the dead worker's"
        time.passes(seconds=LEASE.total_seconds() + 1)
        another.run_all()
        assert [message["To"] for message in box.messages] == ["member@example.org"]
    assert tasks_of(sessions, "invitation") == [(2, None, True)]
    assert settings_for(tmp_path).mail_folder.exists() is False


def _server_that_says_nothing() -> socket.socket:
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen()
    return server


def _wait_until(done: Callable[[], bool]) -> None:
    end = monotonic() + 30
    while not done():
        assert monotonic() < end, "it did not happen within 30 seconds"
        sleep(0.05)
