"""A sheet that was taken on paper is entered: beside the marks, which line each person signed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.holding import hold_sheet, require_open
from scheduler.domain.attendance.models import Mark
from scheduler.domain.attendance.opening import LOCKS_AFTER
from scheduler.domain.people.roles import Actor
from scheduler.errors import Invalid

MOST_LINES: Final = 999


def require_lines(lines: Mapping[int, int | None]) -> None:
    """Raises Invalid, by person's id, for a line that cannot be, and for one that two people signed."""
    times = Counter(line for line in lines.values() if line is not None)
    wrong = {
        str(person): f"Give a line from 1 to {MOST_LINES}, each once."
        for person, line in lines.items()
        if line is not None and (not 1 <= line <= MOST_LINES or times[line] > 1)
    }
    if wrong:
        raise Invalid.many(wrong)


def keep_lines(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    lines: Mapping[int, int | None],
    now: datetime,
    locks: timedelta = LOCKS_AFTER,
) -> None:
    """Keep by person which line they signed (none: it is not known); the sheet is shown in that order.

    It is no part of a mark, and no correction. Who has no mark has no line. Raises as `require_lines`, and
    NotFound and Refused as `service.save_marks`.
    """
    require_lines(lines)
    opened = hold_sheet(session, actor, occurrence_id, lines.keys())
    require_open(opened, now, locks)
    if opened.is_new:
        return
    marks = select(Mark).where(Mark.sheet_id == opened.sheet.id, Mark.person_id.in_(lines))
    if opened.private is not None:
        marks = marks.where(Mark.person_id.not_in(opened.private))
    for mark in session.scalars(marks.execution_options(populate_existing=True)):
        mark.paper_line = lines[mark.person_id]
    session.flush()
