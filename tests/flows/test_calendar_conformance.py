"""Each case, lived by the application and served by it: three readers list what the application lists."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.app import create_app
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from tests.calendars.cases import BEGINS, STAMP
from tests.calendars.enacted import ENACTED, PLANNED_AT, Enacting, Life
from tests.calendars.own import own_list
from tests.calendars.readers import Span, Told, by_ical_js, by_khal, by_recurring_ical_events
from tests.domain.planning.center import Center
from tests.support import browsing, databases
from tests.support.calendar_clients import Client
from tests.support.people import make_everybody

FILES = Path(__file__).parents[1] / "calendars"
SPAN = Span(datetime.combine(BEGINS, time.min, UTC), datetime(2027, 4, 25, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Lived:
    """All cases in one database, and the calendar of each as it was served, also as a file of a folder."""

    app: Flask
    sessions: sessionmaker[Database]
    lives: Mapping[str, Life]
    bodies: Mapping[str, bytes]
    folder: Path


@pytest.fixture(scope="module")
def lived(
    sqlite_databases: databases.SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lived]:
    folder = tmp_path_factory.mktemp("conformance")
    with sqlite_databases.fresh() as url:
        engine = databases.engine_for(url)
        sessions = sessionmaker(engine, expire_on_commit=False)
        with sessions() as session, transaction(session):
            people = make_everybody(session, PLANNED_AT)
        lives = Enacting(Center(sessions, people, PLANNED_AT)).enact()
        app = create_app({"database_url": url, "instance_path": str(folder / "instance")})
        phone, bodies = app.test_client(use_cookies=False), {}
        (folder / "served").mkdir()
        with time_machine.travel(STAMP.changed_at, tick=False):
            for name, life in lives.items():
                bodies[name] = phone.get(life.path).data
                (folder / "served" / f"{name}.ics").write_bytes(bodies[name])
        yield Lived(app, sessions, lives, bodies, folder)
        app.extensions["feeds"].notes.wait()
        app.extensions["feeds"].reader.close()
        with app.app_context():
            db.engine.dispose()
        engine.dispose()


@pytest.fixture(scope="module")
def ical_js(lived: Lived) -> Mapping[str, Told]:
    return by_ical_js(lived.folder / "served", SPAN)


@pytest.fixture(scope="module")
def khal(lived: Lived) -> Mapping[str, Told]:
    with time_machine.travel(STAMP.changed_at, tick=False), browsing.serving(lived.app) as served:
        addresses = {name: served.address + life.path for name, life in lived.lives.items()}
        client = Client.subscribe_all(lived.folder / "client", addresses, "UTC")
    return by_khal(client, SPAN)


@pytest.fixture(params=ENACTED, name="life")
def _life(request: pytest.FixtureRequest, lived: Lived) -> Life:
    return lived.lives[request.param]


@pytest.fixture
def own(lived: Lived, life: Life) -> Told:
    with lived.sessions() as session:
        return own_list(session, life.person, SPAN, life.case.wishes)


def test_recurring_ical_events_lists_what_the_application_lists(lived: Lived, life: Life, own: Told) -> None:
    assert by_recurring_ical_events(lived.bodies[life.case.name], SPAN) == own


def test_ical_js_lists_what_the_application_lists(ical_js: Mapping[str, Told], life: Life, own: Told) -> None:
    assert ical_js[life.case.name] == own


@pytest.mark.clients
def test_vdirsyncer_with_khal_lists_what_the_application_lists(
    khal: Mapping[str, Told], life: Life, own: Told
) -> None:
    assert khal[life.case.name] == own


def test_what_is_served_is_what_was_reviewed(lived: Lived, life: Life) -> None:
    """Byte for byte, but for the names of entries and how often and when their owner's calendar changed."""
    name = life.case.name
    assert alike(lived.bodies[name]) == alike((FILES / f"{name}.ics").read_bytes())


def alike(body: bytes) -> bytes:
    """Entries named in the order in which they come, and none newer than another."""
    names: dict[bytes, bytes] = {}
    named = re.sub(
        rb"(?<=\r\nUID:)\w{32}", lambda found: names.setdefault(found[0], b"%d" % len(names)), body
    )
    return re.sub(rb"(?<=\r\n)(SEQUENCE|DTSTAMP|LAST-MODIFIED):[\dTZ]+", rb"\1", named)
