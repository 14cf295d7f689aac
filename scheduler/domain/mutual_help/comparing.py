"""What a newly read list changes against the last time it was read. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scheduler.domain.mutual_help.rows import MeetingRow, fingerprint


@dataclass(frozen=True, slots=True)
class Known:
    """A listed meeting as it was read before, under its key."""

    series_id: int
    row_hash: str
    name: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that says something else than before, and the series it is about."""

    series_id: int
    row: MeetingRow


@dataclass(frozen=True, slots=True)
class Comparison:
    """``missing`` are names of meetings that the list no longer has; nothing is done about those."""

    new: tuple[MeetingRow, ...]
    changed: tuple[Changed, ...]
    same: int
    missing: tuple[str, ...]


def comparison(rows: Iterable[MeetingRow], known: Mapping[str, Known]) -> Comparison:
    """Sort the rows by what they mean for the meetings that the same source has given before."""
    new: list[MeetingRow] = []
    changed: list[Changed] = []
    seen = set()
    for row in rows:
        seen.add(row.key)
        before = known.get(row.key)
        if before is None:
            new.append(row)
        elif before.row_hash != fingerprint(row):
            changed.append(Changed(before.series_id, row))
    missing = sorted(meeting.name for key, meeting in known.items() if key not in seen)
    return Comparison(tuple(new), tuple(changed), len(seen) - len(new) - len(changed), tuple(missing))
