"""``aftercare import series``: a clear summary, or one clear line."""

from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner, Result

from scheduler.cli import main

LIST = (
    "Title,Day,Time,Length,Lead\nChoir,Tuesday,7 PM,60,\nTalk,Monday,9,60,\n"
    ",Friday,9 AM,60,\nWalk,Friday,9 AM,60,Nobody\n"
)


@pytest.fixture(autouse=True)
def _commands(configured: Path) -> None:
    """Commands use this test's database."""


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["import", "series", *words])


def test_it_makes_series_says_what_it_left_out_and_how_to_take_it_back(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "list.csv"
    path.write_text(LIST)
    with time_machine.travel(now, tick=False):
        result = run(str(path))
        assert (result.exit_code, result.output) == (
            0,
            (
                "      1  made\n"
                "      0  left as they are\n"
                "      0  likely duplicates, left out\n"
                "      3  refused\n"
                "Refused:\n"
                "  row 3, Talk: 9:00: add AM or PM. (9)\n"
                "  row 4, without a title: There is no title.\n"
                "  row 5, Walk: There is no facilitator “Nobody”.\n"
                "Import 1 is done. To take it back: aftercare import series --undo 1\n"
            ),
        )
        again = run(str(path), "--dry-run")
        assert "      1  left as they are\n" in again.output
        assert again.output.endswith("Nothing was changed.\n")
        assert CliRunner().invoke(main, ["import", "people", "--undo", "1"]).output == (
            "Error: There is no such import.\n"
        )
        assert run("--undo", "1").output == "Taken back: 1 series.\n"
