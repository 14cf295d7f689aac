"""Names beside the numbers of an export, so that a person can read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.models import Mark, Sheet
from scheduler.domain.people.models import Identity
from scheduler.domain.places.models import Site
from scheduler.domain.privacy.held import Row
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.stays.models import Program

EACH: Final = 500
"""Numbers looked up in one statement: databases take only so many values."""
STAFF: Final = {
    "made_by": "made_by_name",
    "taken_by": "taken_by_name",
    "marked_by": "marked_by_name",
    "sent_by": "sent_by_name",
    "said_by": "said_by_name",
    "counselor_id": "counselor",
    "kept_by": "kept_by_name",
    "actor": "by",
}
"""Numbers of persons who acted, and under what their short name stands."""

Tables = Mapping[str, tuple[Row, ...]]
Names = dict[int, dict[str, str]]


def with_names(session: Database, tables: Tables) -> Tables:
    """The same rows with the names of what their numbers mean."""
    for column, look in LOOKS.items():
        rows = [row for found in tables.values() for row in found if isinstance(row.get(column), int)]
        names = _looked_up(session, look, {int(str(row[column])) for row in rows})
        for row in rows:
            row.update(names.get(int(str(row[column])), {}))
    return tables


def _looked_up(session: Database, look: Look, numbers: Iterable[int]) -> Names:
    asked, found = sorted(numbers), dict[int, dict[str, str]]()
    for begin in range(0, len(asked), EACH):
        found.update(look(session, asked[begin : begin + EACH]))
    return found


def _series(session: Database, numbers: list[int]) -> Names:
    query = select(Series.id, Series.title).where(Series.id.in_(numbers))
    return {number: {"series": title} for number, title in session.execute(query)}


def _occurrences(session: Database, numbers: list[int]) -> Names:
    query = select(Occurrence.id, Series.title, Occurrence.local_start).join(
        Series, Series.id == Occurrence.series_id
    )
    rows = session.execute(query.where(Occurrence.id.in_(numbers)))
    return {number: {"session": title, "session_at": at.isoformat()} for number, title, at in rows}


def _sheets(session: Database, numbers: list[int]) -> Names:
    sheets = dict(session.execute(select(Sheet.id, Sheet.occurrence_id).where(Sheet.id.in_(numbers))).all())
    occurrences = _occurrences(session, sorted(set(sheets.values())))
    return {sheet: occurrences.get(occurrence, {}) for sheet, occurrence in sheets.items()}


def _marks(session: Database, numbers: list[int]) -> Names:
    marks = dict(session.execute(select(Mark.id, Mark.sheet_id).where(Mark.id.in_(numbers))).all())
    sheets = _sheets(session, sorted(set(marks.values())))
    return {mark: sheets.get(sheet, {}) for mark, sheet in marks.items()}


def _sites(session: Database, numbers: list[int]) -> Names:
    query = select(Site.id, Site.name).where(Site.id.in_(numbers))
    return {number: {"site": name} for number, name in session.execute(query)}


def _programs(session: Database, numbers: list[int]) -> Names:
    query = select(Program.id, Program.name).where(Program.id.in_(numbers))
    return {number: {"program": name} for number, name in session.execute(query)}


def _staff(key: str) -> Look:
    def look(session: Database, numbers: list[int]) -> Names:
        query = select(Identity.person_id, Identity.short_name).where(Identity.person_id.in_(numbers))
        return {number: {key: name} for number, name in session.execute(query)}

    return look


Look = Callable[[Database, list[int]], Names]
LOOKS: Final[dict[str, Look]] = {
    "series_id": _series,
    "occurrence_id": _occurrences,
    "sheet_id": _sheets,
    "mark_id": _marks,
    "site_id": _sites,
    "program_id": _programs,
    **{column: _staff(key) for column, key in STAFF.items()},
}
