"""Changes to sheets. Every one first takes the occurrence, so that two first saves never both win."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.absences import saying_so
from scheduler.domain.attendance.assembly import HEADCOUNT, WALK_INS
from scheduler.domain.attendance.confirming import renew
from scheduler.domain.attendance.history import keep
from scheduler.domain.attendance.holding import Opened, note, open_sheet, reason_for
from scheduler.domain.attendance.merging import (
    NEVER_SAVED,
    Outcome,
    Saved,
    Wanted,
    number_outcome,
    outcome_of,
)
from scheduler.domain.attendance.models import Mark, MarkChange, Sheet, SheetChange
from scheduler.domain.attendance.opening import LOCKS_AFTER
from scheduler.domain.attendance.past import PastSheet, mark_row, number_rows, sheet_row
from scheduler.domain.attendance.sent_limits import among
from scheduler.domain.attendance.statuses import Status, Value
from scheduler.domain.attendance.writing import Write, standing, write
from scheduler.domain.enrollment.queries import members_of
from scheduler.domain.people.roles import Actor
from scheduler.errors import Invalid, Refused

MOST_PEOPLE = 9999
"""The largest number that a headcount or the walk-ins may be."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one mark, and how it stands now; ``saved`` is theirs where it is a conflict."""

    person_id: int
    outcome: Outcome
    saved: Saved


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of a number, and how it stands now: who saved it, and when (UTC)."""

    outcome: Outcome
    number: int | None
    by: int | None
    at: datetime | None


def save_marks(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    marks: Sequence[Wanted],
    now: datetime,
    reason: str = "",
    locks: timedelta = LOCKS_AFTER,
    came: Collection[int] = (),
) -> tuple[Result, ...]:
    """Save each mark over the revision that was seen; some may be conflicts, the others are saved.

    ``came`` are members who were not expected and are marked all the same: who calls knows that they may be.

    What changes a sheet that was handed in is a correction: it takes a ``reason``, and the history keeps what
    was there. Raises NotFound for somebody who may not take this sheet, Refused where it is not open, counted
    by heads, or locked (``locks`` after its session), and Invalid on field ``reason``.
    """
    persons = {wanted.person_id for wanted in marks}
    if len(persons) < len(marks):
        raise Invalid("One person was marked twice in one save.")
    opened = _open_with_names(session, actor, occurrence_id, now, locks, persons)
    there = standing(session, opened.sheet.id, persons)
    saved = there.saved
    expected = members_of(session, [occurrence_id])
    here = (expected | saved.keys()) - opened.goes_on.keys()
    on_it = (here - among(session, here, opened.private)) | set(came)
    # What fills the gaps leaves out whom the facilitator has to decide about.
    filled = [wanted.person_id for wanted in marks if wanted.only_if_unmarked]
    absent = saying_so(session, occurrence_id, filled)
    outcomes = [
        outcome_of(wanted, saved.get(wanted.person_id, NEVER_SAVED), says_absent=wanted.person_id in absent)
        if wanted.person_id in on_it
        else Outcome.NOT_EXPECTED
        for wanted in marks
    ]
    applied = [wanted for wanted, outcome in zip(marks, outcomes, strict=True) if outcome is Outcome.APPLIED]
    why = reason_for(opened, reason) if applied else ""
    for wanted in applied:
        revision = saved.get(wanted.person_id, NEVER_SAVED).revision + 1
        saved[wanted.person_id] = Saved(wanted.value, revision, actor.person_id, now)
    writes = [Write(wanted.person_id, wanted.value, saved[wanted.person_id].revision) for wanted in applied]
    write(session, opened.sheet.id, there.ids, writes, by=actor.person_id, now=now, reason=why)
    note(session, actor, "sheet.marked", occurrence_id, now, {"marks": len(applied)})
    if why:
        renew(session, opened, actor=actor, now=now, reason=why)
    return tuple(
        Result(wanted.person_id, outcome, saved.get(wanted.person_id, NEVER_SAVED))
        for wanted, outcome in zip(marks, outcomes, strict=True)
    )


def mark_rest(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    status: Status,
    now: datetime,
    locks: timedelta = LOCKS_AFTER,
) -> tuple[Result, ...]:
    """*All present*, *Rest absent*: mark everybody expected who has no mark, but not who can't make it.

    Raises as `save_marks`.
    """
    rest = [
        Wanted(person_id, Value(status), only_if_unmarked=True)
        for person_id in sorted(members_of(session, [occurrence_id]))
    ]
    return save_marks(session, actor=actor, occurrence_id=occurrence_id, marks=rest, now=now, locks=locks)


def count_walk_ins(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    number: int,
    seen: int,
    now: datetime,
    reason: str = "",
    locks: timedelta = LOCKS_AFTER,
) -> Counted:
    """Save how many came who were not expected, without names, over the number that was seen.

    Raises as `save_marks`, and Invalid on field ``walk_ins``.
    """
    _require_number(number, "walk_ins")
    opened = _open_with_names(session, actor, occurrence_id, now, locks)
    sheet = opened.sheet
    outcome = number_outcome(number, sheet.walk_ins, seen)
    if outcome is Outcome.APPLIED:
        _count(session, opened, WALK_INS, number, actor=actor, now=now, reason=reason)
    return Counted(outcome, sheet.walk_ins, sheet.counted_by, sheet.counted_at)


def set_headcount(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    number: int,
    seen: int | None,
    now: datetime,
    reason: str = "",
    locks: timedelta = LOCKS_AFTER,
) -> Counted:
    """Save the number of people in the room over the number that was seen (none: not counted yet).

    Raises as `save_marks` (Refused here for a sheet with names), and Invalid on field ``headcount``.
    """
    _require_number(number, "headcount")
    opened = open_sheet(session, actor, occurrence_id, now, locks)
    sheet = opened.sheet
    if not opened.by_heads:
        raise Refused("This session is counted by names.")
    outcome = number_outcome(number, sheet.headcount, seen)
    if outcome is Outcome.APPLIED:
        _count(session, opened, HEADCOUNT, number, actor=actor, now=now, reason=reason)
    return Counted(outcome, sheet.headcount, sheet.counted_by, sheet.counted_at)


def record_past_sheets(session: Database, *, actor: Actor, sheets: Iterable[PastSheet], now: datetime) -> int:
    """Record sheets that were taken elsewhere, in a few statements; how many marks that made.

    For imports and demonstrations: nothing is merged, so an occurrence that has a sheet already makes the
    database refuse (UniqueConstraint). One audit entry tells of all.
    """
    given = list(sheets)
    if not given:
        return 0
    session.execute(insert(Sheet), [sheet_row(sheet) for sheet in given])
    ids = _sheet_ids(session, [sheet.occurrence_id for sheet in given])
    if numbers := [row for sheet in given for row in number_rows(ids[sheet.occurrence_id], sheet)]:
        session.execute(insert(SheetChange), numbers)
    marks = [mark_row(ids[sheet.occurrence_id], sheet, mark) for sheet in given for mark in sheet.marks]
    if marks:
        session.execute(insert(Mark), marks)
        session.execute(_first_changes(list(ids.values())))
    detail = {"sheets": len(given), "marks": len(marks)}
    note(session, actor, "sheet.recorded", None, now, detail)
    return len(marks)


def _open_with_names(
    session: Database,
    actor: Actor,
    occurrence_id: int,
    now: datetime,
    locks: timedelta,
    persons: Collection[int] = (),
) -> Opened:
    opened = open_sheet(session, actor, occurrence_id, now, locks, persons)
    if opened.by_heads:
        raise Refused("This session is counted by heads, without names.")
    return opened


def _require_number(number: int, field: str) -> None:
    if not 0 <= number <= MOST_PEOPLE:
        raise Invalid("Give a number from 0 to 9999.", field)


def _count(
    session: Database,
    opened: Opened,
    what: str,
    number: int,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
) -> None:
    why, sheet = reason_for(opened, reason), opened.sheet
    setattr(sheet, what, number)
    sheet.counted_by, sheet.counted_at = actor.person_id, now
    keep(session, sheet, what, number, actor=actor, now=now, reason=why)
    note(session, actor, "sheet.counted", sheet.occurrence_id, now, {what: number})
    if why:
        renew(session, opened, actor=actor, now=now, reason=why)


def _sheet_ids(session: Database, occurrences: Collection[int]) -> dict[int, int]:
    query = select(Sheet.occurrence_id, Sheet.id).where(Sheet.occurrence_id.in_(occurrences))
    return dict(session.execute(query).all())


def _first_changes(sheets: Collection[int]) -> Any:
    same = ("revision", "status", "late_minutes", "left_minutes", "excuse", "marked_by", "marked_at")
    marks = select(Mark.id, *(getattr(Mark, name) for name in same)).where(Mark.sheet_id.in_(sheets))
    return insert(MarkChange).from_select(["mark_id", *same], marks)
