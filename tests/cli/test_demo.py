"""``aftercare demo``: a center in an empty database, and nowhere else."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from scheduler.cli import main
from scheduler.domain.people.passwords import matches
from tests.support.databases import migrate


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'demo.sqlite3'}"
    migrate(url)
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", url)
    monkeypatch.setenv("AFTERCARE_INSTANCE_PATH", str(tmp_path))
    return url


def test_it_prints_the_accounts_which_work_and_refuses_a_second_time(database: str) -> None:
    first = CliRunner().invoke(main, ["demo"])
    assert first.exit_code == 0
    printed = dict(line.split() for line in first.output.splitlines() if "@demo.example" in line)
    assert list(printed) == [
        "admin@demo.example",
        "coordinator@demo.example",
        "facilitator@demo.example",
        "member@demo.example",
        "servant@demo.example",
        "reviewer@demo.example",
    ]
    engine = create_engine(database)
    with engine.connect() as connection:
        hashes = connection.execute(
            text("SELECT email, password_hash FROM account JOIN identity USING (person_id)")
        ).all()
    engine.dispose()
    assert all(matches(password_hash, printed[email]) for email, password_hash in hashes)
    assert len(hashes) == 6
    second = CliRunner().invoke(main, ["demo"])
    assert second.exit_code == 1
    assert second.output == (
        "Error: This database holds people already. The demonstration needs an empty one.\n"
    )


def test_it_is_not_made_where_real_people_would_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERCARE_PRODUCTION", "1")
    monkeypatch.setenv("AFTERCARE_BASE_URL", "https://calendar.example.org")
    monkeypatch.setenv("AFTERCARE_SECRET_KEY", "a-key-that-is-long-and-random-enough-7Qx")
    result = CliRunner().invoke(main, ["demo"])
    assert result.exit_code == 1
    assert result.output == (
        "Error: The passwords of the demonstration are known to everybody: not in production.\n"
    )
