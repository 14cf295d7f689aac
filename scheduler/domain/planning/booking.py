"""Holding a room and those who lead, for an occurrence that stands where it is to stand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.queries import members_by_occurrence
from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.concerned import load_room
from scheduler.domain.planning.looking import Look, Wanted, look, require_free
from scheduler.domain.planning.standing import stand
from scheduler.domain.roster.service import duties_in
from scheduler.domain.schedule.models import Occurrence


def book(session: Database, occurrence: Occurrence, *, override: str, viewer: Actor, now: datetime) -> Look:
    """Look at the span and room that the occurrence has now, and hold them, overriding with a reason.

    What stands there comes first: one that does not take place by that holds nothing.
    Raises Taken where something firm collides and there is no reason; the transaction then leaves nothing.
    """
    session.flush()
    if occurrence.booked:
        stand(session, [occurrence.id], now=now)
    if not occurrence.booked:
        return look(session, [], override=override, viewer=viewer)
    room = load_room(session, occurrence.room_id)
    is_shared = room is not None and room.shared
    duties = duties_in(session, [occurrence.id])
    wanted = Wanted(
        occurrence=occurrence.id,
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        room_id=None if is_shared else occurrence.room_id,
        facilitators=tuple(duty.person_id for duty in duties),
        members=members_by_occurrence(session, [occurrence.id]).get(occurrence.id, ()),
    )
    found = look(session, [wanted], override=override, viewer=viewer)
    require_free(found)
    occurrence.exclusive, occurrence.override_reason = found.hold_on_room(occurrence.id, is_shared=is_shared)
    for duty in duties:
        duty.exclusive, duty.override_reason = found.hold_on_person(occurrence.id, duty.person_id)
    session.flush()
    return found
