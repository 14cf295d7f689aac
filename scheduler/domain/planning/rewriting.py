"""Writing what `refitting` decided."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.planning.slots import Slot
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.roster.service import add_duties, drop_duties, duties_in
from scheduler.domain.schedule.kinds import CauseType
from scheduler.domain.schedule.models import Cause, Occurrence, Series
from scheduler.domain.schedule.service import (
    NewOccurrence,
    add_occurrences,
    hung_with,
    remove,
    stop,
    touch,
)
from scheduler.domain.schedule.wall_time import local_of

_ASIDE = timedelta(days=400 * 365)
"""Where original starts wait while others take their place: a series has each only once at any time."""
NOT_PLANNED = "It is not planned any more."


def let_go(
    session: Database, left: Sequence[Occurrence], *, now: datetime
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Stop the occurrences on which something hangs, and delete the others. Answers the ids of both."""
    ids = [each.id for each in left]
    hung = hung_with(session, ids, but={"duty"}) | _substituted(session, ids)
    hung |= {each.id for each in left if each.own_start or each.own_room or each.own_minutes}
    for each in left:
        if each.id in hung:
            each.revision += 1
            stop(
                session,
                occurrence=each,
                cause=CauseType.CHANGED,
                reason=NOT_PLANNED,
                made_by=None,
                now=now,
            )
    gone = [number for number in ids if number not in hung]
    drop_duties(session, [duty.id for duty in duties_in(session, gone)])
    remove(session, gone)
    return tuple(number for number in ids if number in hung), tuple(gone)


def stay_behind(left: Sequence[Occurrence], zone: ZoneInfo) -> None:
    """What stays in a series without a date keeps its instant when the zone of the series changes."""
    for row in left:
        row.local_start = local_of(row.starts_at, zone)
        row.own_start = row.local_start != row.original_start


def rewrite(
    session: Database,
    series: Series,
    slots: Sequence[Slot],
    standing: Sequence[Occurrence],
    shared: Collection[int],
    *,
    now: datetime,
) -> None:
    """Put the occurrences that stay where they are to stand, with their duties.

    What one holds anew it holds for itself; see `holding` for what is taken.
    """
    rows = {row.id: row for row in standing}
    kept = [(slot, rows[slot.number]) for slot in slots if slot.number in rows]
    for slot, row in kept:
        if row.original_start != slot.original:
            row.original_start -= _ASIDE
    session.flush()
    planned = Cause.occurrence_id.in_([row.id for _, row in kept])
    session.execute(delete(Cause).where(planned, Cause.type == CauseType.CHANGED.value))
    for slot, row in kept:
        _put(row, slot, series, shared, now)
    session.flush()
    _lead(session, kept, now)


def make_slots(
    session: Database,
    series: Series,
    slots: Sequence[Slot],
    shared: Collection[int],
    *,
    now: datetime,
) -> list[int]:
    """Make the occurrences that are not there yet, with their duties; likewise."""
    new = [slot for slot in slots if slot.number < 0]
    occurrences = [NewOccurrence(slot.meeting, slot.room_id not in shared, "") for slot in new]
    made = add_occurrences(session, series=series, wanted=occurrences, now=now)
    duties = [duty for number, slot in zip(made, new, strict=True) for duty in slot.new_duties(number)]
    add_duties(session, duties, now=now)
    return made


def _put(row: Occurrence, slot: Slot, series: Series, shared: Collection[int], now: datetime) -> None:
    stood = _standing(row)
    row.series_id, row.original_start = series.id, slot.original
    row.local_start = slot.meeting.local_start
    row.starts_at, row.ends_at = slot.meeting.starts_at, slot.meeting.ends_at
    row.room_id, row.booked = slot.room_id, slot.booked
    row.own_start = row.own_start and slot.meeting.local_start != slot.original
    row.own_room = row.own_room and slot.room_id != series.room_id
    row.own_minutes = None if row.own_minutes == series.duration else row.own_minutes
    if slot.anew and slot.booked:
        row.exclusive, row.override_reason = slot.room_id not in shared, ""
    if _standing(row) != stood:
        row.revision += 1
        touch(row, now=now)


def _standing(row: Occurrence) -> tuple[object, ...]:
    """What calendars show of an occurrence."""
    return row.series_id, row.original_start, row.starts_at, row.ends_at, row.room_id, row.booked


def _lead(session: Database, kept: Sequence[tuple[Slot, Occurrence]], now: datetime) -> None:
    """Duties come from the posts of the series that they are now in; those without one are no more."""
    staying = {duty.id for slot, _ in kept for _, duty in slot.duties}
    for slot, _ in kept:
        for post_id, duty in slot.duties:
            duty.post_id = post_id
            if slot.anew and slot.booked:
                duty.exclusive, duty.override_reason = True, ""
    session.flush()
    all_duties = duties_in(session, [row.id for _, row in kept])
    drop_duties(session, [duty.id for duty in all_duties if duty.id not in staying])
    add_duties(session, [duty for slot, row in kept for duty in slot.new_duties(row.id)], now=now)


def _substituted(session: Database, occurrences: Sequence[int]) -> set[int]:
    """Those that somebody leads in place of the post's own holder."""
    query = select(Duty.occurrence_id).join(Post, Post.id == Duty.post_id)
    return set(
        session.scalars(query.where(Duty.occurrence_id.in_(occurrences), Duty.person_id != Post.person_id))
    )
