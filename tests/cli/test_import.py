"""``aftercare import meeting-guide``: a clear summary, or one clear line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text

from scheduler.cli import main
from scheduler.cli.import_ import source_of
from tests.support.databases import migrate

ROW = {"slug": "early", "name": "Early Birds", "day": 1, "time": "07:00", "types": ["O", "ZZ"]}
WORDS = ("--fellowship", "AA", "--timezone", "America/Denver")


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty, migrated database that commands use."""
    url = f"sqlite:///{tmp_path / 'lists.sqlite3'}"
    migrate(url)
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", url)
    monkeypatch.setenv("AFTERCARE_INSTANCE_PATH", str(tmp_path))
    return url


def write(folder: Path, *rows: object, name: str = "quarry-2026-05.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(rows))
    return path


def run(path: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["import", "meeting-guide", str(path), *(words or WORDS)])


def listed(database: str) -> int:
    engine = create_engine(database)
    with engine.connect() as connection:
        number = connection.scalar(text("SELECT count(*) FROM listed_meeting"))
    engine.dispose()
    return number or 0


def test_it_says_what_was_made_and_what_was_refused(tmp_path: Path, database: str) -> None:
    result = run(write(tmp_path, ROW, {"name": "By appointment"}, 7))
    assert result.exit_code == 0
    assert result.output == (
        "List: quarry\n"
        "      1  made\n"
        "      0  changed\n"
        "      0  left as they are\n"
        "      2  refused\n"
        "      0  no longer in the list\n"
        "1 give no end: an hour is assumed.\n"
        "Refused:\n"
        "  row 2, By appointment: It meets by appointment: it has no day and no time.\n"
        "  row 3, without a name: It is not a meeting: a row must be an object with named fields.\n"
        "Taken, but:\n"
        "  row 1, Early Birds: Type ZZ is not one of AA; it was kept aside.\n"
    )
    assert listed(database) == 1


def test_a_dry_run_writes_nothing(tmp_path: Path, database: str) -> None:
    result = run(write(tmp_path, ROW), *WORDS, "--dry-run")
    assert "      1  would be made\n" in result.output
    assert result.output.endswith("Nothing was written.\n")
    assert listed(database) == 0


def test_the_next_edition_of_a_list_is_the_same_list(tmp_path: Path, database: str) -> None:
    run(write(tmp_path, ROW, {**ROW, "slug": "late", "name": "Late Owls"}))
    result = run(write(tmp_path, {**ROW, "time": "07:30"}, name="quarry-2026-06.json"))
    assert "      0  made\n      1  changed\n      0  left as they are\n" in result.output
    assert "      1  no longer in the list\n" in result.output
    assert result.output.endswith("No longer in the list (nothing was done about them):\n  Late Owls\n")
    assert listed(database) == 2


def test_a_list_can_be_named(tmp_path: Path, database: str) -> None:
    run(write(tmp_path, ROW), *WORDS, "--source", "Hill")
    assert run(write(tmp_path, ROW), *WORDS, "--source", "Hill").output.startswith(
        "List: Hill\n      0  made\n"
    )
    assert run(write(tmp_path, ROW)).output.startswith("List: quarry\n      1  made\n")


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("north-2026-05.json", "north"),
        ("north.json", "north"),
        ("Al-Anon (3).json", "al-anon"),
        ("meetings_20260501.json", "meetings"),
        ("2026-05.json", "2026-05"),
        ("area51.json", "area51"),
        ("District-12.json", "district-12"),
        ("district-12 2026-05-01 (1).json", "district-12"),
    ],
)
def test_a_list_is_called_by_its_file_without_the_date(name: str, source: str) -> None:
    assert source_of(Path(name)) == source


def one_line(result: Result) -> str:
    assert result.exit_code != 0
    assert result.exception is None or isinstance(result.exception, SystemExit)
    [line] = [line for line in result.output.splitlines() if line.startswith("Error: ")]
    return line.removeprefix("Error: ")


def test_a_broken_file_is_told_in_one_line_and_writes_nothing(tmp_path: Path, database: str) -> None:
    path = tmp_path / "broken.json"
    path.write_text(json.dumps([ROW])[:-1])
    said = one_line(run(path))
    assert said == "The file is not whole JSON: it breaks off or goes wrong at line 1, column 91."
    assert listed(database) == 0


def test_a_file_of_a_hundred_megabytes_is_told_in_one_line(tmp_path: Path, database: str) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    assert one_line(run(path)) == "The file is larger than 20 MB. Nothing was read."


def test_an_unknown_zone_is_told_in_one_line(tmp_path: Path) -> None:
    said = one_line(run(write(tmp_path, ROW), "--fellowship", "AA", "--timezone", "Mars/Olympus"))
    assert said == "There is no time zone with that name."


def test_an_unknown_fellowship_is_told_in_one_line(tmp_path: Path) -> None:
    said = one_line(run(write(tmp_path, ROW), "--fellowship", "ZZ", "--timezone", "America/Denver"))
    assert said.startswith("There is no fellowship “ZZ” here. Known are: AA, ")


def test_a_file_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    assert "does not exist" in one_line(run(tmp_path / "nowhere.json"))


def test_without_a_zone_rows_that_name_none_are_refused(tmp_path: Path, database: str) -> None:
    result = run(write(tmp_path, ROW), "--fellowship", "AA")
    assert "It names no time zone, and none was given for the file." in result.output
    assert listed(database) == 0
