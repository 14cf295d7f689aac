"""How connections to SQLite behave."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

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
