"""``aftercare db``."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from scheduler.cli import main

NEWER = "Error: The database is of a newer version than this program. Install that version.\n"


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("AFTERCARE_INSTANCE_PATH", str(tmp_path))
    monkeypatch.delenv("AFTERCARE_DATABASE_URL", raising=False)
    return tmp_path


def run(verb: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["db", verb])
    return done.exit_code, done.output


def test_the_tables_are_made_once_in_a_file_of_its_owner_s(folder: Path) -> None:
    assert run("check") == (1, "Error: The database is empty. Run: aftercare db upgrade\n")
    file = folder / "aftercare.sqlite3"
    assert not file.exists(), "asking makes no file"
    assert run("upgrade") == (0, "The database is up to date now.\n")
    assert run("upgrade") == (0, "The database was up to date already.\n")
    assert run("check") == (0, "The database is ready.\n")
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_first_programs_are_made_once_and_stay_as_they_were_changed(folder: Path) -> None:
    def programs() -> list[str]:
        engine = create_engine(f"sqlite:///{folder / 'aftercare.sqlite3'}")
        with engine.connect() as connection:
            names = list(connection.scalars(text("SELECT name FROM program ORDER BY id")))
        engine.dispose()
        return names

    run("upgrade")
    assert programs() == ["Long-term residential", "Short-term residential", "Outpatient", "Aftercare"]
    engine = create_engine(f"sqlite:///{folder / 'aftercare.sqlite3'}")
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM program WHERE id > 1"))
    engine.dispose()
    run("upgrade")
    assert programs() == ["Long-term residential"]


def test_what_a_newer_version_made_is_left_alone(folder: Path) -> None:
    run("upgrade")
    engine = create_engine(f"sqlite:///{folder / 'aftercare.sqlite3'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from the future'"))
    engine.dispose()
    assert run("upgrade") == run("check") == (1, NEWER)
