"""Fixtures of the whole suite: both databases, the application, and the same few people."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.app import create_app
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from tests.support import addresses, browsing, calendar_clients, databases, dialects, linting, postgres
from tests.support.again import made_again
from tests.support.people import Everybody, Someone, make_everybody
from tests.support.templates import COMPILED

BOTH = ("sqlite", "postgresql")
LAYERS_ON_BOTH = {"domain", "store"}
"""Folders of ``tests/`` whose database tests run on SQLite and on PostgreSQL."""

CI = os.environ.get("CI") == "true"


addresses.share()
dialects.share()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "dialect" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker("databases")
        layer = metafunc.definition.path.relative_to(Path(__file__).parent).parts[0]
        chosen = marked.args if marked else BOTH if layer in LAYERS_ON_BOTH else BOTH[:1]
        params = [
            pytest.param(name, marks=pytest.mark.postgres if name == BOTH[1] else ()) for name in chosen
        ]
        metafunc.parametrize("dialect", params, indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this machine cannot run, say so at the end, and never with ``CI=true``."""
    missing = {
        "postgres": None if postgres.program("initdb") else "on PostgreSQL: its programs were not found",
        "browser": None if browsing.chromium() else "in a browser: Chromium was not found",
        "clients": None if calendar_clients.folder() else "with a calendar client: there is no .venv-clients",
    }
    for marker, reason in missing.items():
        out = [item for item in items if item.get_closest_marker(marker)] if reason and not CI else []
        if out:
            items[:] = [item for item in items if item not in out]
            config.hook.pytest_deselected(items=out)
            config.stash[LEFT_OUT].append(f"{len(out)} tests {reason}")


LEFT_OUT = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[LEFT_OUT] = []


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A process among several hands on what it left out."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash[LEFT_OUT]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """All processes look at all tests, so that each leaves out the same."""
    node.config.stash[LEFT_OUT] = node.workeroutput["left_out"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash[LEFT_OUT] or ["nothing"]:
        terminalreporter.write_line(f"left out: {line}")


@pytest.fixture(scope="session", autouse=True)
def _every_calendar_is_looked_at() -> None:
    linting.watch()


@pytest.fixture(autouse=True)
def _every_calendar_keeps_the_profile() -> Iterator[None]:
    yield
    found, linting.breaches[:] = linting.breaches[:], []
    assert found == []


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> databases.SqliteDatabases:
    return databases.SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[databases.PostgresDatabases]:
    with postgres.server() as address:
        yield databases.PostgresDatabases(address)


@pytest.fixture
def dialect(request: pytest.FixtureRequest) -> str:
    """``sqlite`` or ``postgresql``; ``@pytest.mark.databases("sqlite", …)`` chooses others."""
    return str(request.param)


@pytest.fixture
def database_url(dialect: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a migrated, empty database of this test's own."""
    source = request.getfixturevalue("postgres_databases" if dialect == "postgresql" else "sqlite_databases")
    with source.fresh() as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = databases.engine_for(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Database]:
    """Makes sessions as jobs and commands use them."""
    return sessionmaker(engine, expire_on_commit=False)


@pytest.fixture
def session(sessions: sessionmaker[Database]) -> Iterator[Database]:
    """A session inside a writing transaction that is committed at the end of the test."""
    with sessions() as session, transaction(session):
        yield session


@pytest.fixture
def now() -> datetime:
    """A Wednesday in summer, 16:00 in New York."""
    return datetime(2026, 7, 15, 20, 0, tzinfo=UTC)


@pytest.fixture
def people(sessions: sessionmaker[Database], now: datetime) -> Everybody:
    with sessions() as session, transaction(session):
        return made_again(session, now, lambda: make_everybody(session, now))


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on this test's database, with an instance folder of its own."""
    app = create_app({"database_url": database_url, "instance_path": str(tmp_path / "instance")})
    app.config["TESTING"] = True
    app.jinja_env.bytecode_cache = COMPILED
    yield app
    app.extensions["feeds"].notes.wait()
    with app.app_context():
        db.engine.dispose()


class Clients:
    """Browsers without JavaScript: ``clients(people.member)`` is one in which she is signed in."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __call__(self, person: Someone | None) -> FlaskClient:
        client = self._app.test_client()
        if person is not None:
            with client.session_transaction() as cookie:
                cookie["_user_id"] = person.secret
                cookie["_fresh"] = True
        return client


@pytest.fixture
def clients(app: Flask) -> Clients:
    return Clients(app)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """How pytest-playwright starts the system's Chromium."""
    return {"executable_path": browsing.chromium(), "args": list(browsing.LAUNCH)}


@pytest.fixture
def served(app: Flask) -> Iterator[browsing.Served]:
    """This test's application behind a real server, for a browser or another client."""
    with browsing.serving(app) as served:
        yield served
