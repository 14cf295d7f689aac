"""Sheets that were taken elsewhere, to be recorded all at once. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scheduler.domain.attendance.assembly import HEADCOUNT, WALK_INS
from scheduler.domain.attendance.statuses import Value


@dataclass(frozen=True, slots=True)
class PastMark:
    """One person's mark. Whoever submitted the sheet made it, when they submitted it."""

    person_id: int
    value: Value


@dataclass(frozen=True, slots=True)
class PastSheet:
    """A whole sheet; instants are in UTC, ``submitted_at`` empty is a sheet left unfinished.

    ``by`` is the facilitator who took it, ``opened_at`` when it was begun.
    """

    occurrence_id: int
    by: int
    opened_at: datetime
    submitted_at: datetime | None
    marks: tuple[PastMark, ...] = ()
    walk_ins: int = 0
    headcount: int | None = None


def sheet_row(sheet: PastSheet) -> dict[str, object]:
    """The columns of a sheet."""
    counted = sheet.headcount is not None or sheet.walk_ins > 0
    return {
        "occurrence_id": sheet.occurrence_id,
        "opened_at": sheet.opened_at,
        "headcount": sheet.headcount,
        "walk_ins": sheet.walk_ins,
        "counted_by": sheet.by if counted else None,
        "counted_at": (sheet.submitted_at or sheet.opened_at) if counted else None,
        "submitted_by": sheet.by if sheet.submitted_at else None,
        "submitted_at": sheet.submitted_at,
    }


def number_rows(sheet_id: int, sheet: PastSheet) -> list[dict[str, object]]:
    """What is kept of its numbers: one row for each that was counted."""
    counted = {HEADCOUNT: sheet.headcount, WALK_INS: sheet.walk_ins or None}
    return [
        {
            "sheet_id": sheet_id,
            "what": what,
            "number": number,
            "changed_by": sheet.by,
            "changed_at": sheet.submitted_at or sheet.opened_at,
        }
        for what, number in counted.items()
        if number is not None
    ]


def mark_row(sheet_id: int, sheet: PastSheet, mark: PastMark) -> dict[str, object]:
    """The columns of a mark that never changed."""
    return {
        "sheet_id": sheet_id,
        "person_id": mark.person_id,
        "status": mark.value.status,
        "late_minutes": mark.value.late_minutes,
        "left_minutes": mark.value.left_minutes,
        "excuse": mark.value.excuse,
        "marked_by": sheet.by,
        "marked_at": sheet.submitted_at or sheet.opened_at,
        "revision": 1,
    }
