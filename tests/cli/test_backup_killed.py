"""A backup or restore that is killed leaves the old state or the new one; so does a full disk."""

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import DatabaseError

from scheduler.cli import main
from tests.support.rounds import rounds

COMMAND = [sys.executable, "-c", "from scheduler.cli import main; main(prog_name='aftercare')"]
NAIVE = """
import pathlib, sys, time
content, target = pathlib.Path(sys.argv[1]).read_bytes(), open(sys.argv[2], "wb", buffering=0)
for start in range(0, len(content), 4096):
    target.write(content[start:start + 4096]); time.sleep(0.001)
"""
ROWS = 3000
ROW = "INSERT INTO lockout (key, failures, last_failure_at) VALUES (:key, 1, '2026-07-15 20:00:00')"


def run(*words: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(main, list(map(str, words)))
    return done.exit_code, done.output


def begun(*words: str | Path) -> subprocess.Popen[bytes]:
    command, nowhere = [*COMMAND, *map(str, words)], subprocess.DEVNULL
    return subprocess.Popen(command, stdout=nowhere, stderr=nowhere)


def killed(running: subprocess.Popen[bytes], after: float) -> bool:
    """Whether it was at work when it was killed."""
    time.sleep(after)
    running.send_signal(signal.SIGKILL)
    return running.wait() == -signal.SIGKILL


def moments(full: int) -> list[float]:
    """Parts of the usual time, from when the program has begun its work until it is nearly done."""
    tries = rounds(full)
    return [0.25 + 0.7 * number / len(tries) for number in tries]


def how_long(act: Callable[[], object]) -> float:
    begin = time.monotonic()
    act()
    return time.monotonic() - begin


@pytest.fixture
def content(configured: Path, engine: Engine) -> Engine:
    """A database large enough that there is a middle to be killed in."""
    with engine.begin() as connection:
        connection.execute(
            text(ROW),
            [{"key": f"{number:0500}"} for number in range(ROWS)],
        )
    engine.dispose()
    return engine


def change(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE lockout SET failures = 2"))
    engine.dispose()


def state(engine: Engine) -> set[tuple[int, int]]:
    """Each number of failures with how many rows have it."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT failures, count(*) FROM lockout GROUP BY failures")).all()
    engine.dispose()
    return {(row[0], row[1]) for row in rows}


OLD, NEW = {(2, ROWS)}, {(1, ROWS)}


@pytest.mark.stress
@pytest.mark.databases("sqlite", "postgresql")
def test_a_backup_that_is_killed_leaves_the_one_before(content: Engine, tmp_path: Path) -> None:
    file = tmp_path / "b"
    run("backup", file)
    before = file.read_bytes()
    whole = how_long(lambda: begun("backup", file, "--force").wait())
    first = file.read_bytes()
    assert first != before
    caught = 0
    for part in moments(30):
        known = file.read_bytes()
        caught += killed(begun("backup", file, "--force"), part * whole)
        if file.read_bytes() != known:
            assert run("backup", "verify", file)[0] == 0
    assert caught
    assert run("backup", file, "--force")[0] == 0
    assert run("backup", "verify", file)[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("b")) == ["b"]
    assert list(tmp_path.rglob(".aftercare-aside-*")) == []


@pytest.mark.stress
@pytest.mark.databases("sqlite", "postgresql")
def test_a_restore_that_is_killed_leaves_the_old_database_or_the_new(content: Engine, tmp_path: Path) -> None:
    file = tmp_path / "b"
    run("backup", file)
    change(content)
    whole = how_long(lambda: begun("restore", file, "--replace", "--yes").wait())
    assert state(content) == NEW
    for part in moments(30):
        change(content)
        was_killed = killed(begun("restore", file, "--replace", "--yes"), part * whole)
        assert state(content) in ([OLD, NEW] if was_killed else [NEW])
    assert run("restore", file, "--replace", "--yes")[0] == 0
    assert state(content) == NEW


@pytest.mark.stress
def test_one_that_wrote_over_what_is_there_would_leave_neither(content: Engine, tmp_path: Path) -> None:
    """The twin: the same content, the same kill, written in place."""
    database = Path(str(make_url(content.url).database))
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = tmp_path / "copy"
    copy.write_bytes(database.read_bytes())
    change(content)
    writing = subprocess.Popen([sys.executable, "-c", NAIVE, copy, database])
    while database.stat().st_size == len(copy.read_bytes()):
        time.sleep(0.001)  # it opens the file, and so empties it
    while database.stat().st_size < len(copy.read_bytes()) // 2:
        time.sleep(0.001)
    assert killed(writing, 0)
    try:
        found = state(content)
    except DatabaseError:  # a torn file
        found = set()
    assert found not in (OLD, NEW)


def limited(size: int) -> Callable[[], None]:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize("size", [0, 4096, 20_000, 1_000_000])
def test_without_room_there_is_one_line_and_no_file(content: Engine, tmp_path: Path, size: int) -> None:
    file = tmp_path / "b"
    done = subprocess.run(
        [*COMMAND, "backup", str(file)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limited(size),
    )
    assert done.returncode == 1, done.stdout
    assert done.stderr.startswith("Error: "), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("b")] == []
    assert run("backup", file)[0] == 0


@pytest.mark.parametrize("size", [4096, 1_000_000])
def test_without_room_a_restore_changes_nothing(content: Engine, tmp_path: Path, size: int) -> None:
    file = tmp_path / "b"
    run("backup", file)
    change(content)
    done = subprocess.run(
        [*COMMAND, "restore", str(file), "--replace", "--yes"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
        preexec_fn=limited(size),
    )
    assert done.returncode == 1, done.stdout
    assert done.stderr.startswith("Error: "), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert state(content) == OLD


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize("words", [("backup", "--force"), ("restore", "--replace", "--yes")])
def test_without_room_under_the_ledger_nothing_is_half_done(
    content: Engine, configured: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Its disk is full when all else is done and only the line of this backup or restore is missing."""
    file, ledger = tmp_path / "b", configured / "ledger.jsonl"
    run("backup", file)
    change(content)
    with ledger.open("a") as lines:
        lines.write('{"what":"sign-in","at":"2026-07-15T20:00:00+00:00","key":"ab"}\n' * 200_000)
    before = file.read_bytes(), ledger.read_bytes()
    done = subprocess.run(
        [*COMMAND, words[0], str(file), *words[1:]],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limited(len(before[1]) + 10),
    )
    said = f"Error: The ledger {ledger} cannot be written: File too large. Nothing was changed.\n"
    assert (done.returncode, done.stderr) == (1, said)
    assert (file.read_bytes(), ledger.read_bytes()) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("b")] == ["b"]
    assert state(content) == OLD
