"""What became of a sheet since somebody looked at it: its marks, and who says that they can't make it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.absences import all_saying_so
from scheduler.domain.attendance.assembly import Absence, Line
from scheduler.domain.attendance.models import Mark, MarkChange, Sheet
from scheduler.domain.attendance.queries import head_of, lines
from scheduler.domain.people.roles import Actor
from scheduler.domain.stays.policy import private_members


@dataclass(frozen=True, slots=True)
class News:
    """The lines that changed, and the change that was the last of them; ``others`` are the persons of those
    that the viewer did not mark themselves, and of who says since then that they can't make it.

    ``says`` is all who say so, by person; none where the viewer knows that.
    """

    last: int
    lines: tuple[Line, ...] = ()
    others: frozenset[int] = frozenset()
    says: Mapping[int, Absence] | None = None


def news_of(
    session: Database, *, actor: Actor, occurrence_id: int, after: int, known: Collection[int] = ()
) -> News:
    """What changed after that change. Three statements where nothing did, else four.

    ``known`` are those of whom the viewer knows that they say they can't make it.
    Raises NotFound for who may not take the sheet.
    """
    head = head_of(session, actor=actor, occurrence_id=occurrence_id)
    changed = session.execute(_changed(occurrence_id, after)).all()
    if not changed and all_saying_so(session, occurrence_id) == set(known):
        return News(after)
    private = None if head.is_led else private_members(actor)
    persons = {row.person_id for row in changed}
    found = lines(session, occurrence_id, private=private)
    shown = tuple(line for line in found if line.person_id in persons)
    others = {row.person_id for row in changed if row.marked_by != actor.person_id}
    says = {line.person_id: line.absence for line in found if line.absence}
    others |= says.keys() - set(known)
    seen = frozenset(line.person_id for line in found if line.person_id in others)
    last = max((row.id for row in changed), default=after)
    return News(last, shown, seen, None if says.keys() == set(known) else says)


def _changed(occurrence_id: int, after: int) -> Select[int, int, int | None]:
    return (
        select(MarkChange.id, Mark.person_id, MarkChange.marked_by)
        .join(Mark, Mark.id == MarkChange.mark_id)
        .join(Sheet, Sheet.id == Mark.sheet_id)
        .where(Sheet.occurrence_id == occurrence_id, MarkChange.id > after)
    )
