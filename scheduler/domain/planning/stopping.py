"""Cancelling one occurrence, and taking that back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.booking import book
from scheduler.domain.planning.changes import Change, remember
from scheduler.domain.planning.concerned import (
    hold_occurrence,
    load_occurrence,
    persons_of,
    require_to_come,
    series_of,
)
from scheduler.domain.planning.looking import reason_of
from scheduler.domain.planning.standing import spare_rooms
from scheduler.domain.schedule.clashes import Clash
from scheduler.domain.schedule.kinds import BY_COORDINATORS, CauseType
from scheduler.domain.schedule.models import Cause
from scheduler.domain.schedule.service import lift, stop
from scheduler.errors import Conflict
from scheduler.store.audit import record
from scheduler.store.base import require_newest, require_revision
from scheduler.store.locks import lock
from scheduler.store.revisions import raise_calendars


@dataclass(frozen=True, slots=True)
class Restored:
    """Whether it takes place again: not where another cause stops it still.

    `change_id` is for `undoing`; none where it cannot be undone.
    """

    occurrence_id: int
    takes_place: bool
    overridden: tuple[Clash, ...]
    warnings: tuple[Clash, ...]
    change_id: int | None


def cancel_occurrence(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    revision: int,
    reason: str,
    now: datetime,
) -> int:
    """It does not take place, by a coordinator's decision; its room and those who lead are free then.

    Answers the id of the change, for `undoing`. Raises NotFound, Conflict where `revision` is not the newest
    or it is cancelled already, Refused once it has begun, Invalid on `reason` without one.
    """
    lock(session, series=[series_of(session, occurrence_id)])  # it holds nothing new, only the date itself
    occurrence = load_occurrence(session, occurrence_id)
    require_newest(occurrence, revision)
    require_to_come(occurrence, now=now)
    reason = reason_of(reason, field="reason", needed=True)
    if causes_of(session, occurrence_id) & BY_COORDINATORS:
        raise Conflict("This session is cancelled already.")
    with remember(session, Change.CANCEL, occurrences=[occurrence_id], actor=actor, now=now) as remembered:
        require_revision(occurrence, revision)
        stop(
            session,
            occurrence=occurrence,
            cause=CauseType.COORDINATOR,
            reason=reason,
            made_by=actor.person_id,
            now=now,
        )
    raise_calendars(session, persons_of(session, [occurrence_id]), now=now)
    record(
        session,
        actor=actor,
        at=now,
        action="occurrence.cancelled",
        subject="occurrence",
        subject_id=occurrence_id,
    )
    return remembered.id


def restore_occurrence(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    revision: int,
    override: str = "",
    now: datetime,
) -> Restored:
    """Lift a coordinator's cause, or what was left over; it takes place again where it has no other.

    Raises NotFound, Conflict where `revision` is not the newest or no coordinator cancelled it, Refused once
    it should have begun, Taken where its room or somebody who leads was taken in the meantime and `override`
    gives no reason: then it stays as it is.
    """
    _, occurrence = hold_occurrence(session, occurrence_id, rooms=spare_rooms(session, now=now))
    require_newest(occurrence, revision)
    require_to_come(occurrence, now=now)
    lifted = causes_of(session, occurrence_id) & BY_COORDINATORS
    if not lifted:
        raise Conflict("This session is not cancelled.")
    with remember(session, Change.RESTORE, occurrences=[occurrence_id], actor=actor, now=now) as remembered:
        require_revision(occurrence, revision)
        for cause in lifted:
            lift(session, occurrence=occurrence, cause=cause, now=now)
        found = book(session, occurrence, override=override, viewer=actor, now=now)
    takes_place = occurrence.booked
    raise_calendars(session, persons_of(session, [occurrence_id]), now=now)
    record(
        session,
        actor=actor,
        at=now,
        action="occurrence.restored",
        subject="occurrence",
        subject_id=occurrence_id,
        detail={
            "takes_place": takes_place,
            "overridden": len(found.refused),
        },
    )
    return Restored(occurrence_id, takes_place, found.refused, found.warnings, remembered.id)


def causes_of(session: Database, occurrence_id: int) -> set[CauseType]:
    """Why it does not take place."""
    return {
        CauseType(each)
        for each in session.scalars(select(Cause.type).where(Cause.occurrence_id == occurrence_id))
    }
