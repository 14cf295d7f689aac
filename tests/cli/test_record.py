"""Handing out and erasing from the command line."""

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.cli import main
from scheduler.domain.people.queries import person_page
from tests.support.people import Everybody

pytestmark = pytest.mark.usefixtures("configured")

Sessions = sessionmaker[Database]


@pytest.mark.parametrize("form", ["json", "pdf"])
def test_everything_held_goes_to_a_file_that_nobody_else_reads(
    people: Everybody, tmp_path: Path, form: str
) -> None:
    out = tmp_path / f"record.{form}"
    done = CliRunner().invoke(main, ["person", "export", people.member.email, "--out", str(out)])
    assert (done.exit_code, done.output) == (0, f"Written: {out}\n")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    if form == "json":
        assert json.loads(out.read_text())["held"]["identity"][0]["name"] == "Renee Tamm"
    else:
        assert out.read_bytes().startswith(b"%PDF")


def test_a_file_that_is_there_is_left_alone_and_another_form_is_refused(
    people: Everybody, tmp_path: Path
) -> None:
    out = tmp_path / "record.json"
    out.write_text("mine")
    for name in ("record.json", "record.docx"):
        done = CliRunner().invoke(main, ["person", "export", "1", "--out", str(tmp_path / name)])
        assert done.exit_code == 1, name
        assert len(done.output.splitlines()) == 1
    assert out.read_text() == "mine"


def test_a_person_is_erased_by_number_once_the_name_is_typed(people: Everybody, sessions: Sessions) -> None:
    runner, number = CliRunner(), str(people.member.id)
    wrong = runner.invoke(main, ["person", "erase", number], input="Marcus\n")
    assert (wrong.exit_code, wrong.output.splitlines()[-1]) == (
        1,
        "Error: This is not the name. Nothing was erased.",
    )
    done = runner.invoke(main, ["person", "erase", number], input="renee tamm\n")
    assert done.exit_code == 0, done.output
    assert "Erased. What stays carries no name; keep it until" in done.output
    with sessions() as session:
        found = person_page(session, people.member.id)
    assert found is not None
    assert (found.name, found.email, found.is_gone) == ("Erased person", None, True)
    again = runner.invoke(main, ["person", "erase", number, "--yes"])
    assert again.output == "Error: Nobody stands behind this record any more.\n"


def test_the_last_administrator_is_not_erased(people: Everybody) -> None:
    done = CliRunner().invoke(main, ["person", "erase", people.administrator.email, "--yes"])
    assert done.exit_code == 1
    assert done.output.splitlines()[-1].startswith("Error: Somebody must be able to manage accounts.")
