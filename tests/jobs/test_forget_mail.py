"""Message files of somebody who was erased go; others' stay."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.privacy.erase import erase
from scheduler.jobs.worker import Worker
from scheduler.notifications.delivery import file_name
from scheduler.store import outbox
from scheduler.store.transaction import transaction
from tests.jobs.conftest import Time
from tests.support.people import Everybody

Sessions = sessionmaker[Database]


def test_the_files_of_an_erased_person_are_removed_and_nobody_else_s(
    workers: Callable[..., Worker], sessions: Sessions, people: Everybody, time: Time, tmp_path: Path
) -> None:
    worker, folder = workers(), tmp_path / "instance" / "mail"
    with sessions() as session, transaction(session):
        for person in (people.member, people.other_member):
            outbox.enqueue(session, kind="invitation", payload={"person_id": person.id}, now=time.now)
    worker.run_all()
    late = folder / f"{file_name(time.now, task_id=99, person_id=people.member.id)}.eml"
    alike = folder / f"{file_name(time.now, task_id=99, person_id=people.member.id * 10 + 1)}.eml"
    assert len(list(folder.glob("*.eml"))) == 2
    with sessions() as session, transaction(session):
        erase(session, actor=SYSTEM, person_id=people.member.id, now=time.now, kept_until=date(2033, 7, 15))
    worker.run_all()
    late.write_text("a message that was under way")
    alike.write_text("another's")
    time.passes(minutes=6)
    worker.run_all()
    left = sorted(file.name.rpartition("-")[2] for file in folder.glob("*.eml"))
    assert left == sorted([f"p{people.other_member.id}.eml", f"p{people.member.id * 10 + 1}.eml"])
