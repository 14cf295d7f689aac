"""Lists that service bodies published, where they lie beside the repository (``make test-real``)."""

import re
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text

from scheduler.cli import main
from scheduler.domain.mutual_help.fellowships import FELLOWSHIPS
from scheduler.domain.mutual_help.rows import MeetingList
from scheduler.errors import Invalid
from scheduler.formats.meeting_guide import read_meeting_guide
from tests.support.databases import migrate

LISTS = Path(__file__).parents[3] / "shared" / "data" / "twelve_step" / "meeting_guide"
MARIN = "aasfmarin-2021-05.json"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not LISTS.is_dir(), reason="no real lists beside the repository"),
]


def read(name: str, fellowship: str = "AA", timezone: str | None = "America/Los_Angeles") -> MeetingList:
    with (LISTS / name).open("rb") as stream:
        return read_meeting_guide(stream, fellowship=FELLOWSHIPS[fellowship], timezone=timezone)


@pytest.mark.parametrize(
    ("name", "fellowship", "rows", "refused"),
    [
        (MARIN, "AA", 658, {}),
        ("al-anon.json", "AL-ANON", 329, {"The list says that it does not meet at the moment.": 31}),
        (
            "edmonton.json",
            "AA",
            294,
            {"Its place is closed for now, and it names no online meeting.": 21},
        ),
        ("atlanta.json", "AA", 6, {}),
        ("timezones.json", "AA", 2, {}),
        ("times.json", "AA", 8, {"It meets by appointment: it has no day and no time.": 1}),
        ("appointment.json", "AA", 1, {"It meets by appointment: it has no day and no time.": 1}),
    ],
)
def test_every_row_is_taken_or_refused_for_a_known_reason(
    name: str, fellowship: str, rows: int, refused: dict[str, int]
) -> None:
    found = read(name, fellowship)
    assert len(found.rows) == rows
    assert Counter(remark.reason for remark in found.refused) == refused


def test_a_list_that_is_broken_on_purpose_is_refused_with_the_place() -> None:
    with pytest.raises(Invalid, match=r"it breaks off or goes wrong at line 80, column 3"):
        read("invalid.json")


def test_rows_without_a_zone_are_refused_unless_one_is_given() -> None:
    assert len(read("edmonton.json", timezone=None).rows) == 0
    assert len(read(MARIN, timezone=None).rows) == 658


@pytest.mark.parametrize("name", [MARIN, "al-anon.json", "edmonton.json", "times.json"])
def test_no_e_mail_address_comes_out_of_a_list(name: str) -> None:
    assert re.findall(r"\S+@\S+\.\w{2,}", repr(read(name))) == []


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty database that commands use."""
    url = f"sqlite:///{tmp_path / 'real.sqlite3'}"
    migrate(url)
    monkeypatch.setenv("AFTERCARE_DATABASE_URL", url)
    monkeypatch.setenv("AFTERCARE_INSTANCE_PATH", str(tmp_path))
    return url


def run(*more: str) -> Result:
    words = ["--fellowship", "AA", "--timezone", "America/Los_Angeles", *more]
    return CliRunner().invoke(main, ["import", "meeting-guide", str(LISTS / MARIN), *words])


def rows_in(database: str) -> list[int]:
    engine = create_engine(database)
    with engine.connect() as connection:
        counts = [
            connection.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 -- three names of ours
            for table in ("series", "listed_meeting", "occurrence")
        ]
    engine.dispose()
    return [count or 0 for count in counts]


def test_the_whole_list_is_imported_once_and_the_second_time_nothing_changes(database: str) -> None:
    assert run("--dry-run").output.endswith("Nothing was written.\n")
    assert rows_in(database) == [0, 0, 0]
    first = run()
    assert first.exit_code == 0
    assert "    658  made\n      0  changed\n" in first.output
    before = rows_in(database)
    assert before[:2] == [658, 658]
    assert before[2] >= 658 * 26
    assert "      0  made\n      0  changed\n    658  left as they are\n" in run().output
    assert rows_in(database) == before
