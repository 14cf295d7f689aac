"""``aftercare serve``, as the process that it is."""

import gzip
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import text
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.calendars.service import Choices, make_feed
from scheduler.domain.calendars.sources import Titles
from scheduler.domain.calendars.tokens import new_token
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import make_person
from scheduler.store.transaction import transaction
from tests.support.databases import engine_for
from tests.support.program import Server, run, serving

KEY = "k3J-vQ8xw_Zr5tY2uI9oP7aS4dF6gH1j"
SAFE = {"production": "1", "secret_key": KEY, "base_url": "https://my.example.org"}
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """Outside production it makes its database by itself."""
    with serving(folder, "--access-log") as server:
        yield server


def test_it_says_where_it_serves_and_where_mail_goes(server: Server, folder: Path) -> None:
    said = server.log.read_text()
    assert f"Serving {server.address}. Stop with Ctrl+C." in said
    assert f"Mail goes to files in {folder}/mail." in said


def test_it_lives_and_is_ready(server: Server) -> None:
    answers = [server.get("/healthz"), server.get("/readyz")]
    assert [(answer.status, answer.body) for answer in answers] == [(200, b"ok\n"), (200, b"ready\n")]


def test_files_may_be_kept_and_come_compressed(server: Server) -> None:
    plain = server.get("/static/img/mark.svg")
    assert (plain.status, plain.headers["content-type"], plain.headers["cache-control"]) == (
        200,
        "image/svg+xml",
        "max-age=3600, public",
    )
    assert plain.headers["x-content-type-options"] == "nosniff"
    assert server.get("/static/img/mark.svg", If_None_Match=plain.headers["etag"]).status == 304
    page = server.get("/sign-in").body.decode()
    style = next(part for part in page.split('"') if part.startswith("/static/dist/site.css"))
    packed = server.get(style, Accept_Encoding="gzip")
    if packed.status == 404:
        pytest.fail("the style sheets are not built: run make")
    assert (packed.headers["cache-control"], packed.headers["content-encoding"]) == (
        "max-age=315360000, public, immutable",
        "gzip",
    )
    assert gzip.decompress(packed.body) == server.get(style).body
    assert server.get("/static/nothing.css").status == 404
    assert server.get("/static/../scheduler/app.py").status == 404


def test_no_line_of_a_log_carries_a_secret_of_an_address(server: Server) -> None:
    token = new_token()
    for path in (
        f"/feeds/{token}/calendar.ics",
        f"/set-password/{token}",
        "/set-password/MQ.c2VjcmV0LXNpZ25hdHVyZQ",
        f"/sign-in?next=/set-password/{token}",
    ):
        server.get(path)
    sleep(0.5)
    log = server.log.read_text()
    assert log.count("GET /feeds/[hidden]/calendar.ics") == 1
    assert log.count("GET /set-password/[hidden] ") == 2
    assert token not in log
    assert "c2VjcmV0LXNpZ25hdHVyZQ" not in log


def test_no_file_of_a_running_center_carries_the_token_of_a_feed(server: Server, folder: Path) -> None:
    """Database, write-ahead log, ledger, mail and the log of requests, whatever was answered."""
    engine = engine_for(f"sqlite:///{folder}/aftercare.sqlite3")
    now = clock.now()
    with sessionmaker(engine)() as session, transaction(session):
        person = make_person(session, actor=SYSTEM, name="Ann", email=None, roles=[Role.MEMBER], now=now)
        choices = Choices("My phone", Titles.PLAIN)
        token = make_feed(session, actor=SYSTEM, person_id=person, choices=choices, now=now)
    path = f"/feeds/{token}/calendar.ics"
    answers = [
        server.get(path, User_Agent=path),
        server.get(path, If_None_Match="*"),
        server.get("/calendar" + path),
    ]
    for renamed, back in (("feed", "away"), ("away", "feed")):
        with engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {renamed} RENAME TO {back}"))
        answers.append(server.get(path))
    with engine.begin() as connection:
        connection.execute(text("UPDATE feed SET revoked_at = created_at"))
    answers.append(server.get(path))
    engine.dispose()
    assert [answer.status for answer in answers] == [200, 304, 404, 503, 200, 410]
    end = monotonic() + 20
    while (log := server.log.read_text()).count("/feeds/[hidden]/calendar.ics") < len(answers):
        assert monotonic() < end, log
        sleep(0.1)
    assert "a feed could not be answered" in log
    files = {each: each.read_bytes() for each in folder.rglob("*") if each.is_file()}
    assert {each.name for each in files} >= {"serve.log", "aftercare.sqlite3"}
    assert [each for each, content in files.items() if token.encode() in content] == []


def test_messages_are_sent_by_the_worker_inside(server: Server, folder: Path) -> None:
    made = run(folder, "person", "create", "a@example.org", "--name", "Ann", "--role", "member", "--send")
    assert made.returncode == 0, made.stderr
    end = monotonic() + 20
    while not (found := list((folder / "mail").glob("*.eml"))):
        assert monotonic() < end, server.log.read_text()
        sleep(0.1)
    assert server.address in found[0].read_text()


def test_all_its_processes_together_stay_below_200_megabytes(server: Server) -> None:
    for _ in range(20):
        for path in ("/", "/sign-in", "/meetings", "/forgot", "/readyz"):
            assert server.get(path).status == 200
    assert server.memory() < 200 * MEGABYTE


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"secret_key": ""}, "AFTERCARE_SECRET_KEY must be at least 32 random characters in production."),
        (
            {"secret_key": "changeme" * 8},
            "AFTERCARE_SECRET_KEY must be at least 32 random characters in production.",
        ),
        ({"debug": "1"}, "AFTERCARE_DEBUG must be off in production."),
        ({"base_url": "http://my.example.org"}, "AFTERCARE_BASE_URL must begin with https:// in production."),
        ({}, "The database is empty. Run: aftercare db upgrade"),
    ],
)
def test_production_refuses_to_start_with_one_clear_line(
    tmp_path: Path, settings: dict[str, str], said: str
) -> None:
    done = run(tmp_path, "serve", **{**SAFE, **settings})
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"Error: {said}\n")


@pytest.mark.parametrize("settings", [{}, SAFE], ids=["trying", "production"])
def test_a_database_of_a_newer_version_is_refused_everywhere(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    run(tmp_path, "db", "upgrade")
    with sqlite3.connect(tmp_path / "aftercare.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from the future'")
    connection.close()
    done = run(tmp_path, "serve", **settings)
    assert (done.returncode, done.stderr) == (
        1,
        "Error: The database is of a newer version than this program. Install that version.\n",
    )


def test_a_file_is_served_by_one_process_only(tmp_path: Path) -> None:
    done = run(tmp_path, "serve", "--workers", "2")
    assert done.returncode == 2
    assert "SQLite is served by one process. Use PostgreSQL for several." in done.stderr


def test_a_port_that_is_taken_is_said(tmp_path: Path, server: Server) -> None:
    port = server.address.rpartition(":")[2]
    done = run(tmp_path, "serve", "--port", port)
    assert (done.returncode, done.stderr) == (
        1,
        f"Error: Cannot listen on 127.0.0.1:{port}: Address already in use.\n",
    )
