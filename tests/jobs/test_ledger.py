"""What was ended is copied by the worker to the file outside the database."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.people.service import disable
from scheduler.jobs.worker import Worker
from scheduler.store.ledger import Ended, Line
from scheduler.store.ledger_file import LedgerFile
from scheduler.store.transaction import transaction
from tests.jobs.conftest import Time
from tests.support.people import Everybody


def end(sessions: sessionmaker[Database], people: Everybody, now: datetime) -> list[Line]:
    with sessions() as session, transaction(session):
        disable(session, actor=SYSTEM, person_id=people.member.id, now=now)
    about = {"person_id": people.member.id, "made_at": now}
    return [Line(Ended.DISABLED, now, **about), Line(Ended.SIGN_INS, now, **about)]


def test_the_worker_writes_it_down(
    workers: Callable[..., Worker],
    sessions: sessionmaker[Database],
    people: Everybody,
    now: datetime,
    tmp_path: Path,
) -> None:
    lines = end(sessions, people, now)
    workers().run_all()
    found = list(LedgerFile(tmp_path / "instance" / "ledger.jsonl").read())
    assert sorted(found, key=lambda line: line.what) == lines


def test_where_it_cannot_be_written_it_is_tried_again(
    workers: Callable[..., Worker],
    sessions: sessionmaker[Database],
    people: Everybody,
    now: datetime,
    time: Time,
    tmp_path: Path,
) -> None:
    lines = end(sessions, people, now)
    folder = tmp_path / "elsewhere"
    folder.write_text("a file, where a folder is needed")
    worker = workers(ledger=str(folder / "kept.jsonl"))
    worker.run_all()
    folder.unlink()
    time.passes(minutes=5)
    worker.run_all()
    found = list(LedgerFile(folder / "kept.jsonl").read())
    assert sorted(found, key=lambda line: line.what) == lines
