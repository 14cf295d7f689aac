"""Two rows that say the same have the same fingerprint."""

from dataclasses import replace
from datetime import time

from scheduler.domain.mutual_help.rows import MeetingRow, fingerprint

ROW = MeetingRow(
    number=1,
    key="early-birds",
    name="Early Birds",
    fellowship="AA",
    weekday=0,
    starts=time(7),
    minutes=60,
    end_assumed=True,
    timezone="America/Denver",
)


def test_the_place_in_the_file_does_not_matter() -> None:
    assert fingerprint(replace(ROW, number=9)) == fingerprint(ROW)


def test_everything_else_does() -> None:
    changed = [
        replace(ROW, name="Early Bird"),
        replace(ROW, starts=time(7, 30)),
        replace(ROW, end_assumed=False),
        replace(ROW, types=("O",)),
        replace(ROW, other_types=("O",)),
        replace(ROW, place="Hall"),
        replace(ROW, address="Hall"),
    ]
    assert len({fingerprint(row) for row in (ROW, *changed)}) == 8


def test_the_fingerprint_is_the_same_in_every_process() -> None:
    assert fingerprint(ROW) == "03b093dcbb7df0e8d03a6c1f4e69d894eb89c592d950bb50bb8efd52310b8434"
