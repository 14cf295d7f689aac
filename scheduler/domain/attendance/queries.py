"""Sheets, as frozen values."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Select, bindparam, false, func, or_, select, union
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import aliased

from scheduler.domain.attendance.absences import absence_of, says_so
from scheduler.domain.attendance.assembly import (
    PRIVATE,
    Entry,
    Head,
    LastCount,
    Line,
    SheetPage,
    WalkInLine,
    in_order,
)
from scheduler.domain.attendance.history import changes_of, entries_of
from scheduler.domain.attendance.models import AbsenceNotice, Mark, MarkChange, Sheet
from scheduler.domain.attendance.policy import asked_by, checks_in, leads, like, may_reopen, may_take
from scheduler.domain.attendance.statuses import Status
from scheduler.domain.attendance.walk_ins import walk_ins_of, walked_in
from scheduler.domain.attendance.writing import value_of
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import expects
from scheduler.domain.people.models import Identity, Person
from scheduler.domain.people.roles import Actor
from scheduler.domain.places.models import Room, Site
from scheduler.domain.schedule.counts import Counts
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.stays.policy import private_members
from scheduler.errors import NotFound
from scheduler.store.asking import executed, rows

MOST_CHANGES = 300
"""How much of a sheet's history its page shows, the newest first."""


def sheet(session: Database, *, actor: Actor, occurrence_id: int) -> SheetPage:
    """A sheet with who is expected and what was recorded. At most five statements. Raises as `head_of`.

    Who does not lead the session reads of a colleague on it only that a place is taken.
    """
    head = head_of(session, actor=actor, occurrence_id=occurrence_id)
    if head.is_by_heads:
        return SheetPage(head, last_count=_last_count(session, head), entries=_corrected(session, head))
    private = None if head.is_led else private_members(actor)
    found = lines(session, occurrence_id, private=private)
    shown = [line for line in found if not line.is_private]
    ordered = in_order(shown)
    names = {line.person_id: line.short_name for line in ordered}
    history = changes_of(session, occurrence_id, private, names, most=MOST_CHANGES)
    return SheetPage(
        head,
        ordered,
        history,
        taken=len(found) - len(shown),
        entries=_corrected(session, head),
        walk_ins=_walk_ins_of(session, head),
    )


def short_sheet(session: Database, *, actor: Actor, occurrence_id: int) -> SheetPage:
    """The same without its history and what was done to it. Two statements, three where somebody walked in.

    Raises as `head_of`.
    """
    head = head_of(session, actor=actor, occurrence_id=occurrence_id)
    if head.is_by_heads:
        return SheetPage(head, last_count=_last_count(session, head))
    private = None if head.is_led else private_members(actor)
    found = lines(session, occurrence_id, private=private)
    shown = in_order(line for line in found if not line.is_private)
    return SheetPage(head, shown, walk_ins=_walk_ins_of(session, head))


def submitted_sheet(
    session: Database, *, actor: Actor, occurrence_id: int, allowed: ColumnElement[bool]
) -> SheetPage:
    """A sheet that is done with, for somebody who only reads it; without its history. Three statements.

    ``allowed`` is a condition on its Occurrence and Series. Raises NotFound for what is not allowed, was
    neither submitted nor recorded as not met, or has no sheet.
    """
    head = _head(session, actor, occurrence_id, _heads(actor, allowed & is_done()))
    if head.is_by_heads:
        return SheetPage(head)
    found = lines(session, occurrence_id, private=private_members(actor))
    shown = [line for line in found if not line.is_private]
    walk_ins = _walk_ins_of(session, head)
    return SheetPage(head, in_order(shown), taken=len(found) - len(shown), walk_ins=walk_ins)


def is_done() -> ColumnElement[bool]:
    """Whether nothing more is to be recorded on a Sheet: it was submitted, or nobody met."""
    return Sheet.submitted_at.is_not(None) | Sheet.not_met_at.is_not(None)


def head_of(session: Database, *, actor: Actor, occurrence_id: int) -> Head:
    """What stands above the names. One statement.

    Raises NotFound for somebody who may not take the sheet, and for what has none (a listed meeting).
    """
    return _head(session, actor, occurrence_id, _heads_for(like(actor)))


def _head(session: Database, actor: Actor, occurrence_id: int, query: Select[*tuple[Any, ...]]) -> Head:
    asked = {"occurrence": occurrence_id, **asked_by(actor)}
    row = executed(session, query, asked).mappings().first()
    if row is None or not row["may"]:
        raise NotFound("There is no such sheet.")
    found = typed_of(row)
    del found["may"]
    counts = Counts(**{column.key: found.pop(column.key) for column in _COUNTS})
    return Head(**found, counts=counts)


@lru_cache
def _heads_for(actor: Actor) -> Select[*tuple[Any, ...]]:
    return _heads(actor, may_take(actor))


def _heads(actor: Actor, allowed: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    counter, submitter, teller = aliased(Identity), aliased(Identity), aliased(Identity)
    return (
        select(
            Occurrence.id.label("occurrence_id"),
            func.coalesce(Series.lineage_id, Series.id).label("lineage_id"),
            Series.title,
            Series.kind,
            Series.counting,
            Series.timezone,
            Occurrence.local_start,
            Occurrence.starts_at,
            Occurrence.ends_at,
            Occurrence.booked,
            *PLACE,
            Room.capacity.label("room_holds"),
            Sheet.headcount,
            func.coalesce(Sheet.walk_ins, 0).label("walk_ins"),
            counter.short_name.label("counted_by"),
            Sheet.counted_at,
            submitter.short_name.label("submitted_by"),
            Sheet.submitted_at,
            teller.short_name.label("not_met_by"),
            Sheet.not_met_at,
            func.coalesce(Sheet.not_met_reason, "").label("not_met_reason"),
            leads(actor).label("is_led"),
            Sheet.reopened_at,
            may_reopen(actor).label("may_reopen"),
            walked_in().label("walked_in"),
            Series.unplanned_at.is_not(None).label("unplanned"),
            *_COUNTS,
            (Room.id.is_not(None) & Room.site_id.is_(None)).label("is_online"),
            checks_in().label("checks_in"),
            _last_change().label("last_change"),
            allowed.label("may"),
        )
        .select_from(Occurrence)
        .join(Series, Series.id == Occurrence.series_id)
        .outerjoin(Room, Room.id == Occurrence.room_id)
        .outerjoin(Site, Site.id == Room.site_id)
        .outerjoin(Sheet, Sheet.occurrence_id == Occurrence.id)
        .outerjoin(counter, counter.person_id == Sheet.counted_by)
        .outerjoin(submitter, submitter.person_id == Sheet.submitted_by)
        .outerjoin(teller, teller.person_id == Sheet.not_met_by)
        .where(Occurrence.id == bindparam("occurrence"), Series.listed.is_(False))
    )


def lines(session: Database, occurrence_id: int, *, private: Select[int] | None = None) -> tuple[Line, ...]:
    """Everybody expected, and everybody marked, in no order. One statement.

    The lines of those who are ``private`` (see ``stays.policy``) say so, and nothing else.
    """
    query = _LINES if private is None else _lines(private)
    found = rows(session, query, {"occurrence": occurrence_id})
    return tuple(PRIVATE if row[10] else _line(row) for row in found)


def _lines(private: Select[int] | None) -> Select[*tuple[Any, ...]]:
    marker, occurrence_id = aliased(Identity), bindparam("occurrence", type_=Integer)
    sheet_id = select(Sheet.id).where(Sheet.occurrence_id == occurrence_id).scalar_subquery()
    enrolled = select(Enrollment.person_id).join(Occurrence, expects())
    expected = enrolled.where(Occurrence.id == occurrence_id)
    marked = select(Mark.person_id).join(Person, Person.id == Mark.person_id)
    marked = marked.where(Mark.sheet_id == sheet_id, Person.merged_into.is_(None))
    on_it = union(expected, marked)
    return (
        select(
            Identity.person_id,
            Identity.short_name,
            Identity.person_id.in_(expected),
            Mark.status,
            Mark.late_minutes,
            Mark.left_minutes,
            Mark.excuse,
            func.coalesce(Mark.revision, 0),
            marker.short_name,
            Mark.marked_at,
            false() if private is None else Identity.person_id.in_(private),
            AbsenceNotice.id,
            AbsenceNotice.reason,
            func.coalesce(Identity.distinction, ""),
            Mark.paper_line,
        )
        .select_from(Identity)
        .outerjoin(Mark, (Mark.person_id == Identity.person_id) & (Mark.sheet_id == sheet_id))
        .outerjoin(marker, marker.person_id == Mark.marked_by)
        .outerjoin(AbsenceNotice, says_so(occurrence_id, Identity.person_id))
        .where(Identity.person_id.in_(on_it))
    )


_LINES: Final = _lines(None)


def _line(row: Any) -> Line:
    person, name, expected, status, late, left, excuse, revision, by, at, _, notice, why, *own = row
    value, absence = value_of(status, late, left, excuse), absence_of(notice, why)
    return Line(person, name, bool(expected), value, revision, by, at, absence, own[0], paper_line=own[1])


def attendance_of(session: Database, person_id: int, occurrences: Collection[int]) -> dict[int, Status]:
    """What submitted sheets say of one person, by occurrence. One statement."""
    query = (
        select(Sheet.occurrence_id, Mark.status)
        .join(Mark, Mark.sheet_id == Sheet.id)
        .where(
            Mark.person_id == person_id,
            Mark.status.is_not(None),
            Sheet.occurrence_id.in_(occurrences),
            Sheet.submitted_at.is_not(None),
        )
    )
    return {occurrence: Status(status or "") for occurrence, status in session.execute(query)}


def short_names(session: Database, persons: Collection[int]) -> dict[int, str]:
    """What colleagues call these persons. One statement."""
    query = select(Identity.person_id, Identity.short_name).where(Identity.person_id.in_(persons))
    return dict(session.execute(query).all())


def _corrected(session: Database, head: Head) -> tuple[Entry, ...]:
    """What was done after it was handed in, or locked; nothing is asked before."""
    if head.submitted_at is None and head.reopened_at is None:
        return ()
    return entries_of(session, head.occurrence_id, most=MOST_CHANGES)


def _last_count(session: Database, head: Head) -> LastCount | None:
    query = (
        select(Sheet.headcount, Occurrence.local_start)
        .join(Occurrence, Occurrence.id == Sheet.occurrence_id)
        .join(Series, Series.id == Occurrence.series_id)
        .where(
            or_(Series.id == head.lineage_id, Series.lineage_id == head.lineage_id),
            Occurrence.starts_at < head.starts_at,
            Sheet.headcount.is_not(None),
        )
        .order_by(Occurrence.starts_at.desc())
        .limit(1)
    )
    row = session.execute(query).first()
    return LastCount(row[0] or 0, row[1]) if row else None


def _walk_ins_of(session: Database, head: Head) -> tuple[WalkInLine, ...]:
    """Asked for only where there are some."""
    return walk_ins_of(session, head.occurrence_id) if head.walked_in else ()


def _last_change() -> ColumnElement[int]:
    newest = select(func.max(MarkChange.id)).join(Mark, Mark.id == MarkChange.mark_id)
    newest = newest.where(Mark.sheet_id == Sheet.id).correlate(Sheet)
    return func.coalesce(newest.scalar_subquery(), 0)


def typed_of(row: Any) -> dict[str, Any]:
    """A row with the kind and the counting of its Series as what they are."""
    return {**row, "kind": Kind(row["kind"]), "counting": Counting(row["counting"])}


PLACE = (
    func.coalesce(Room.name, "").label("room_name"),
    func.coalesce(Site.name, "").label("site_name"),
)
_COUNTS = (Series.least_people, Series.most_people, Series.least_minutes, Series.most_minutes)
