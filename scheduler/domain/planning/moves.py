"""Moving one occurrence, this and following, or all that are to come: what the board and the forms call."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session as Database

from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.changes import Change, remember
from scheduler.domain.planning.concerned import (
    hold_series,
    load_occurrence,
    load_room,
    require_to_come,
    series_of,
)
from scheduler.domain.planning.consequences import Consequences, consequences_of
from scheduler.domain.planning.editing import Edited, announce, change
from scheduler.domain.planning.moving import (
    Moved,
    checked_minutes,
    length_of,
    meeting_to_come,
    move_occurrence,
)
from scheduler.domain.planning.reach import require_within
from scheduler.domain.planning.standing import spare_rooms
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.queries import plan_of
from scheduler.domain.schedule.shifting import Shift, shift_of
from scheduler.errors import Refused
from scheduler.store.base import require_newest, require_revision


class HowFar(StrEnum):
    """Only this one; this and following; all that are still to come."""

    ONE = "one"
    FOLLOWING = "following"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Done:
    """`change_id` is what `undoing` takes back; `series_id` what the occurrence belongs to now: after a split
    it is another series than before.
    """

    change_id: int
    occurrence_id: int
    series_id: int
    consequences: Consequences


def move(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    revision: int,
    how_far: HowFar,
    local_start: datetime,
    room_id: int | None,
    minutes: int | None = None,
    reason: str = "",
    override: str = "",
    now: datetime,
) -> Done:
    """Put an occurrence at a wall time (naive, in its series' zone) and into a room, for so many minutes, and
    others of its series with it. Without `minutes` each keeps its length.

    For more than one, what differs from where it now stands changes the plan of the series (`shifting` says
    how its days follow), from it or from the next one on; what others override of that stays. Raises as
    `move_occurrence` and `edit_series`, with `revision` the occurrence's, and NotFound where the series is
    out of the actor's reach; `reason` is needed for one alone. Refused where no one rule says what was asked
    for.
    """
    if how_far is HowFar.ONE:
        moved = move_occurrence(
            session,
            actor=actor,
            occurrence_id=occurrence_id,
            revision=revision,
            local_start=local_start,
            room_id=room_id,
            minutes=minutes,
            reason=reason,
            override=override,
            now=now,
        )
        return _one(session, moved)
    series_id = series_of(session, occurrence_id)
    require_within(session, actor, series=[series_id], occurrences=(), on=now.date())
    series = hold_series(session, series_id, rooms=spare_rooms(session, beside=room_id, now=now))
    row = load_occurrence(session, occurrence_id)
    require_newest(row, revision)
    require_to_come(row, now=now)
    if not row.booked:
        raise Refused("This session is cancelled. Put it back first, then move it.")
    load_room(session, room_id)
    length = length_of(series, row) if minutes is None else checked_minutes(minutes)
    meeting_to_come(series, local_start, length, now)
    plan, shift = _planned(series, row, local_start, room_id, length)
    with remember(session, Change.EDIT, series=[series.id], subject=row.id, actor=actor, now=now) as memory:
        require_revision(row, revision)
        require_revision(series, series.revision)  # forms of the series are stale now
        _follow(row, local_start, room_id, length, series)
        since = row.original_start if how_far is HowFar.FOLLOWING else None
        edited = change(
            session, series, plan, since=since, shift=shift, actor=actor, override=override, now=now
        )
    announce(session, series.id, edited, actor=actor, now=now)
    return Done(memory.id, occurrence_id, edited.series_id, consequences_of_edit(session, edited))


def consequences_of_edit(session: Database, edited: Edited) -> Consequences:
    """What an edit of a series came to; two statements."""
    return consequences_of(
        session,
        edited.concerned,
        conflicts=edited.overridden,
        warnings=edited.warnings,
        made=len(edited.made),
        deleted=len(edited.deleted),
        stopped=len(edited.stopped),
    )


def _planned(
    series: Series, row: Occurrence, local_start: datetime, room_id: int | None, length: int
) -> tuple[Plan, Shift | None]:
    """The plan of the series in which this occurrence stands there, and where its dates go."""
    old = plan_of(series)
    shift = None
    if local_start != row.local_start:
        shift = shift_of(old.rule, old.first_start, row.original_start, local_start)
    plan = replace(
        old,
        rule=shift.rule if shift else old.rule,
        first_start=shift.of(old.first_start) if shift else old.first_start,
        minutes=old.minutes if length == length_of(series, row) else length,
        room_id=old.room_id if room_id == row.room_id else room_id,
    )
    if plan == old:
        raise Refused("That is where the series meets already. Move only this one.")
    return plan, shift


def _follow(row: Occurrence, local_start: datetime, room_id: int | None, length: int, series: Series) -> None:
    """What was asked for is what the series says now, so that this occurrence overrides it no more."""
    if local_start != row.local_start:
        row.own_start, row.closure_id = False, None
    if room_id != row.room_id:
        row.own_room, row.closure_id = False, None
    if length != length_of(series, row):
        row.own_minutes = None
    if not (row.own_start or row.own_room or row.own_minutes):
        row.move_reason = ""


def _one(session: Database, moved: Moved) -> Done:
    number = moved.occurrence_id
    found = consequences_of(session, [number], conflicts=moved.overridden, warnings=moved.warnings)
    return Done(moved.change_id, number, series_of(session, number), found)
