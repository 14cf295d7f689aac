"""What a published list says about its meetings, as plain values."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import time
from hashlib import sha256
from json import dumps


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One weekly meeting of a list. ``key`` names it there, and no other meeting of that list.

    ``number`` is the row of the file it came from, counted from 1; ``weekday`` is 0 for Monday;
    ``starts`` is the wall time in ``timezone``, ``minutes`` the duration, ``end_assumed`` whether the
    list gave no end. ``types`` are codes that the fellowship knows, ``other_types`` those it does not.
    Nothing here names a person.
    """

    number: int
    key: str
    name: str
    fellowship: str
    weekday: int
    starts: time
    minutes: int
    end_assumed: bool
    timezone: str
    types: tuple[str, ...] = ()
    other_types: tuple[str, ...] = ()
    place: str = ""
    address: str = ""
    region: str = ""
    place_notes: str = ""
    notes: str = ""
    online_link: str = ""
    online_phone: str = ""


@dataclass(frozen=True, slots=True)
class RowRemark:
    """Something to say about one row: why it was refused, or what of it was left out."""

    number: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class MeetingList:
    """What a file gave: meetings, the rows that were refused, and rows that were taken without a part of
    them.
    """

    rows: tuple[MeetingRow, ...]
    refused: tuple[RowRemark, ...]
    remarks: tuple[RowRemark, ...]

    @property
    def assumed_ends(self) -> int:
        return sum(row.end_assumed for row in self.rows)


def fingerprint(row: MeetingRow) -> str:
    """Equal for rows that say the same, wherever in their file they stand (SHA-256, hexadecimal)."""
    values = {name: value for name, value in asdict(row).items() if name != "number"}
    text = dumps(values, default=time.isoformat, ensure_ascii=False, sort_keys=True)
    return sha256(text.encode()).hexdigest()
