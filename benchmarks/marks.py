"""A million marks, as years of a large center leave them: rows made by the database itself."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Engine, func, insert, select, text
from sqlalchemy.orm import Session as Database

from benchmarks.crowd import make_members
from benchmarks.databases import filling
from scheduler.domain.attendance.models import Mark, MarkChange
from scheduler.domain.people.models import Person
from scheduler.domain.schedule.models import Occurrence, Series

BEGIN: Final = datetime(2016, 1, 4, 18)
PEOPLE: Final = 2000
SERIES: Final = 100
ON_A_SHEET: Final = 50

_SHEETS = """
INSERT INTO sheet (occurrence_id, opened_at, walk_ins, submitted_at, not_met_reason)
SELECT id, starts_at, 0, ends_at, '' FROM occurrence ORDER BY id
"""
_MARKS = """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :marks)
INSERT INTO mark (sheet_id, person_id, status, late_minutes, marked_at, revision)
SELECT sheet.id, :first + (i + :each * (i / :each)) % :people,
       CASE i % 7 WHEN 0 THEN 'absent' WHEN 1 THEN 'late' ELSE 'present' END,
       CASE i % 7 WHEN 1 THEN 10 END, sheet.opened_at, 1
FROM n JOIN sheet ON sheet.id = 1 + i / :each
"""
_CHANGES = """
INSERT INTO mark_change (mark_id, revision, status, late_minutes, marked_at)
SELECT id, 1, status, late_minutes, marked_at FROM mark ORDER BY id
"""


def make_marks(engine: Engine, marks: int) -> None:
    """Make so many marks, a multiple of 5,000, in a fresh database, each with its change; nobody is asked."""
    make_members(engine, PEOPLE)
    with Database(engine) as session:
        first = session.scalar(select(func.min(Person.id)))
        session.execute(insert(Series), [_series(number) for number in range(SERIES)])
        weeks = marks // ON_A_SHEET // SERIES
        for number in range(1, SERIES + 1):
            session.execute(insert(Occurrence), [_occurrence(number, week) for week in range(weeks)])
        session.commit()
    values = {"marks": marks, "each": ON_A_SHEET, "people": PEOPLE, "first": first}
    with filling(engine, Mark, MarkChange) as connection:
        connection.execute(text(_SHEETS))
        connection.execute(text(_MARKS), values)
        connection.execute(text(_CHANGES))


def _series(number: int) -> dict[str, object]:
    return {
        "kind": "group",
        "title": f"Evening group {number}",
        "first_start": BEGIN,
        "duration": 90,
        "timezone": "UTC",
        "rule": "FREQ=WEEKLY;BYDAY=MO",
        "counting": "minutes",
        "changed_at": BEGIN.replace(tzinfo=UTC),
    }


def _occurrence(series_id: int, week: int) -> dict[str, object]:
    start = BEGIN + timedelta(weeks=week)
    aware = start.replace(tzinfo=UTC)
    return {
        "series_id": series_id,
        "original_start": start,
        "local_start": start,
        "starts_at": aware,
        "ends_at": aware + timedelta(minutes=90),
        "changed_at": aware,
    }
