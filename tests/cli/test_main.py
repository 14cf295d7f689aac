"""The command itself: its help, and that bad input is one clear line."""

import pytest
from click.testing import CliRunner

from scheduler.cli import COMMANDS, main


def test_the_help_lists_every_command() -> None:
    listed = CliRunner().invoke(main, ["--help"]).output.partition("Commands:")[2].split("\n")
    assert [line.split()[0] for line in listed if line.strip()] == sorted(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_help_with_the_line_of_the_list(name: str) -> None:
    done = CliRunner().invoke(main, [name, "--help"])
    assert done.exit_code == 0, done.output
    assert done.output.startswith(f"Usage: main {name} ")


def test_what_is_no_command_is_said() -> None:
    done = CliRunner().invoke(main, ["dance"])
    assert (done.exit_code, "No such command 'dance'" in done.output) == (2, True)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TIMEZONE", "Mars", "Error: AFTERCARE_TIMEZONE: 'Mars' is not the name of a time zone."),
        ("DATABASE_URL", "postgresql://x@127.0.0.1:1/x", "Error: The database does not answer: "),
        (
            "DATABASE_URL",
            "sqlite:////nowhere/at/all.sqlite3",
            "Error: The database is empty. Run: aftercare db upgrade",
        ),
    ],
)
def test_a_setting_that_cannot_work_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv("AFTERCARE_INSTANCE_PATH", str(tmp_path))
    monkeypatch.setenv(f"AFTERCARE_{name}", value)
    done = CliRunner().invoke(main, ["db", "check"])
    assert done.exit_code == 1
    assert done.output.startswith(said)
    assert len(done.output.splitlines()) == 1
