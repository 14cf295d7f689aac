"""``aftercare worker`` and ``aftercare schedule extend``."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.cli import main
from scheduler.domain.access.linking import invite
from scheduler.domain.people.roles import SYSTEM
from scheduler.store.transaction import transaction
from tests.support.people import Everybody


def test_it_does_what_is_due_and_ends(
    configured: Path, people: Everybody, sessions: sessionmaker[Database]
) -> None:
    with sessions() as session, transaction(session):
        invite(session, actor=SYSTEM, person_id=people.member.id, now=clock.now())
    assert CliRunner().invoke(main, ["worker", "--once"]).output == "Tasks done: 2.\n"
    assert len(list((configured / "mail").glob("*.eml"))) == 1
    assert CliRunner().invoke(main, ["worker", "--once"]).output == "Tasks done: 0.\n"


def test_it_wants_a_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AFTERCARE_INSTANCE_PATH", str(tmp_path))
    done = CliRunner().invoke(main, ["worker"])
    assert (done.exit_code, done.output) == (1, "Error: The database is empty. Run: aftercare db upgrade\n")


def test_nothing_to_extend_is_said(configured: Path) -> None:
    done = CliRunner().invoke(main, ["schedule", "extend"])
    assert (done.exit_code, done.output) == (0, "Occurrences made: 0.\n")
