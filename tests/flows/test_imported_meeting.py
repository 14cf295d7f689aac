"""A meeting from a published list, in a member's own calendar client."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.cli import main
from scheduler.domain.calendars.service import Choices
from scheduler.domain.calendars.sources import Titles
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support.browsing import Served
from tests.support.calendar_clients import Client
from tests.support.feeds import subscribe
from tests.support.people import Everybody

pytestmark = pytest.mark.clients

EARLY = {
    "slug": "early",
    "name": "Early Birds",
    "day": 4,
    "time": "07:00",
    "end_time": "07:45",
    "types": ["O"],
}
PLACE = {"location": "Quarry House", "formatted_address": "12 Quarry Road, Lindenfield"}
WORDS = ("--fellowship", "AA", "--timezone", "America/Los_Angeles")


@pytest.fixture(autouse=True)
def _then(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def imported(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of one meeting, read in by the command."""
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", database_url)
    monkeypatch.setenv("AFTERCARE_INSTANCE_PATH", str(tmp_path))
    path = tmp_path / "quarry.json"
    path.write_text(json.dumps([{**EARLY, **PLACE}]))
    done = CliRunner().invoke(main, ["import", "meeting-guide", str(path), *WORDS])
    assert done.exit_code == 0, done.output


def test_an_imported_meeting_is_in_the_member_s_own_calendar(
    imported: None,
    clients: Clients,
    served: Served,
    people: Everybody,
    sessions: sessionmaker[Database],
    now: datetime,
    tmp_path: Path,
) -> None:
    with sessions() as session, transaction(session):
        path = subscribe(session, people.member, now, Choices("Laptop", Titles.FULL, show_place=True))
    calendar = Client.subscribe(tmp_path / "calendar", served.address + path, "America/Los_Angeles")
    assert calendar.listed("2026-07-16", "2026-07-31") == []

    member = clients(people.member)
    page = member.get("/meetings?q=early").text
    button = re.search(r'formaction="(/member/meetings/\d+/add)"', page)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert button
    assert token
    assert member.post(button[1], data={"csrf_token": token[1]}).status_code == 303
    calendar.sync()
    assert calendar.listed("2026-07-16", "2026-07-31") == [
        "2026-07-16 07:00|2026-07-16 07:45|Early Birds",
        "2026-07-23 07:00|2026-07-23 07:45|Early Birds",
        "2026-07-30 07:00|2026-07-30 07:45|Early Birds",
    ]
