"""``aftercare schedule rebuild``, and what ``aftercare check`` says before it is run."""

from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.cli import main
from scheduler.store.transaction import transaction
from tests.support.feeds import group
from tests.support.zone_files import SUMMER_STAYS, ruled

SAID = "Series 1 (America/New_York): 11, 2026-11-03 to 2027-01-12.\n"
WARNED = "- Time zone data changed, 11 times do not follow yet. Run: aftercare schedule rebuild"


@pytest.fixture(autouse=True)
def planned(sessions: sessionmaker[Database], now: datetime) -> None:
    with sessions() as session, transaction(session):
        group(session, now)


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, words)
    return done.exit_code, done.output


def test_a_change_of_time_zone_data_is_told_foreseen_and_followed(
    configured: Path, tmp_path: Path, now: datetime
) -> None:
    nothing = "Occurrences set right: 0.\nClosures set right: 0.\n"
    would = "Occurrences that would be set right: 11.\nClosures that would be set right: 0.\n"
    with time_machine.travel(now, tick=False):
        assert run("schedule", "rebuild") == (0, nothing)
        with ruled(tmp_path, New_York=SUMMER_STAYS):
            assert WARNED in run("check")[1]
            assert run("schedule", "rebuild", "--dry-run") == (0, SAID + would)
            assert run("schedule", "rebuild") == (
                0,
                SAID + "Occurrences set right: 11.\nClosures set right: 0.\n",
            )
            assert "Time zone data" not in run("check")[1]
            assert run("schedule", "rebuild") == (0, nothing)
