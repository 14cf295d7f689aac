"""How connections to SQLite behave."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from scheduler.store.engine import read_only

pytestmark = pytest.mark.databases("sqlite")


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 10_000),
        ("secure_delete", 1),
    ],
)
def test_every_connection_is_safe(engine: Engine, pragma: str, value: object) -> None:
    with engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_a_reference_to_nothing_is_refused(engine: Engine) -> None:
    with engine.begin() as connection, pytest.raises(IntegrityError, match="FOREIGN KEY"):
        connection.exec_driver_sql("INSERT INTO account VALUES (99, 'hash', '2026-07-15')")


def test_a_file_is_read_whatever_its_folder_is_called(tmp_path: Path) -> None:
    folder = tmp_path / "a #1 & 50% of it?"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "it.sqlite3")) as made:
        made.execute("CREATE TABLE it (n)")
    with closing(sqlite3.connect(read_only(folder / "it.sqlite3"), uri=True)) as found:
        assert found.execute("SELECT count(*) FROM it").fetchone() == (0,)
