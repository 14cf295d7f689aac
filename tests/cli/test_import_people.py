"""``aftercare import people``: a clear summary, or one clear line."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scheduler.cli import main

LIST = "Name,Born,E-mail\nAda Lovelace,1985,ada@x.example\nAda Lovelace,1985,\n,1990,\nGrace Hopper,May,\n"


@pytest.fixture(autouse=True)
def _commands(configured: Path) -> None:
    """Commands use this test's database."""


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["import", "people", *words])


def write(folder: Path, text: str = LIST) -> str:
    path = folder / "list.csv"
    path.write_text(text)
    return str(path)


def listed() -> str:
    return CliRunner().invoke(main, ["person", "list"]).output


def test_it_makes_people_says_what_it_left_out_and_how_to_take_it_back(tmp_path: Path) -> None:
    result = run(write(tmp_path))
    assert (result.exit_code, result.output) == (
        0,
        (
            "      1  made\n"
            "      0  changed\n"
            "      0  left as they are\n"
            "      1  likely duplicates, left out\n"
            "      2  refused\n"
            "Likely duplicates:\n"
            "  row 3, Ada Lovelace: like row 2\n"
            "Refused:\n"
            "  row 4, without a name: There is no name.\n"
            "  row 5, Grace Hopper: This is not a date. Write it like 2026-07-14. (May)\n"
            "Import 1 is done. To take it back: aftercare import people --undo 1\n"
        ),
    )
    assert listed() == "ada@x.example\tAda Lovelace\tmember\n"
    back = run("--undo", "1")
    assert (back.exit_code, back.output) == (0, "Taken back: 1 people.\n")
    assert listed() == ""


def test_it_says_how_dates_were_read(tmp_path: Path) -> None:
    result = run(write(tmp_path, "Name,Admitted on\nAda Lovelace,3/14/2026\n"), "--dry-run")
    assert "Dates of “Admitted on” are read as month/day/year.\n" in result.output


def test_a_dry_run_changes_nobody(tmp_path: Path) -> None:
    result = run(write(tmp_path), "--dry-run")
    assert result.exit_code == 0
    assert result.output.startswith("      1  would be made\n")
    assert result.output.endswith("Nobody was changed.\n")
    assert listed() == ""


def test_the_same_list_again_changes_nobody(tmp_path: Path) -> None:
    run(write(tmp_path))
    again = run(write(tmp_path))
    assert again.exit_code == 0
    assert "      1  left as they are\n" in again.output
    assert again.output.endswith("Nobody was changed.\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The file is empty."),
        ("Shoe size\n37\n", "Say which column holds the names."),
        ("Name\n" + "Ada\n" * 10_001, "more than 10,000 rows"),
        ("Name\n" + "a" * 11_000_000, "larger than 10 MB"),
    ],
)
def test_what_is_no_list_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    result = run(write(tmp_path, text))
    assert result.exit_code == 1
    assert said in result.output
    assert len(result.output.splitlines()) == 1


def test_a_file_or_a_number_is_needed_and_not_both(tmp_path: Path) -> None:
    assert run().exit_code == 2
    assert run(write(tmp_path), "--undo", "1").exit_code == 2
    unknown = run("--undo", "7")
    assert (unknown.exit_code, unknown.output) == (1, "Error: There is no such import.\n")
