"""Rows of a list that nobody published."""

from dataclasses import replace
from datetime import time

from scheduler.domain.mutual_help.rows import MeetingRow

ZONE = "America/Los_Angeles"
FRIDAY_NOON = MeetingRow(
    number=1,
    key="friday-noon",
    name="Friday noon",
    fellowship="AA",
    weekday=4,
    starts=time(12),
    minutes=60,
    end_assumed=True,
    timezone=ZONE,
    types=("O", "X"),
    other_types=("XYZ",),
    place="Quarry House",
    address="12 Quarry Road, Lindenfield",
    region="Old Town",
)
ONLINE = MeetingRow(
    number=2,
    key="late-online",
    name="Late online",
    fellowship="AA",
    weekday=2,
    starts=time(23, 30),
    minutes=90,
    end_assumed=False,
    timezone=ZONE,
    types=("C",),
    online_link="https://meet.example/late",
    notes="Passcode: lamp",
)
ROWS = (FRIDAY_NOON, ONLINE)


def at_one(row: MeetingRow) -> MeetingRow:
    return replace(row, starts=time(13))
