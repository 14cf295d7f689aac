"""Holding rooms and those who lead, for occurrences that stand where they are to stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.queries import members_by_occurrence
from scheduler.domain.people.roles import Actor
from scheduler.domain.places.models import Room
from scheduler.domain.planning.looking import Look, Wanted, look, require_free
from scheduler.domain.planning.standing import stand
from scheduler.domain.roster.models import Duty
from scheduler.domain.roster.service import duties_in
from scheduler.domain.schedule.models import Occurrence
from scheduler.store.asking import scalars

_SHARED: Final = select(Room.id).where(Room.id.in_(bindparam("rooms", expanding=True)), Room.shared)


def book(session: Database, occurrence: Occurrence, *, override: str, viewer: Actor, now: datetime) -> Look:
    """Look at the span and room that the occurrence has now, and hold them, overriding with a reason.

    What stands there comes first: one that does not take place by that holds nothing.
    Raises Taken where something firm collides and there is no reason; the transaction then leaves nothing.
    """
    return book_all(session, [occurrence], override=override, viewer=viewer, now=now)


def book_all(
    session: Database, occurrences: Sequence[Occurrence], *, override: str, viewer: Actor, now: datetime
) -> Look:
    """The same for several at once, which may take each other's old places."""
    session.flush()
    stand(session, [each.id for each in occurrences if each.booked], now=now)
    occurrences = [each for each in occurrences if each.booked]
    numbers = [each.id for each in occurrences]
    shared = shared_among(session, {each.room_id for each in occurrences})
    duties: dict[int, list[Duty]] = {number: [] for number in numbers}
    for duty in duties_in(session, numbers):
        duties[duty.occurrence_id].append(duty)
    members = members_by_occurrence(session, numbers)
    wanted = [wanted_of(each, shared, duties, members) for each in occurrences]
    found = look(session, wanted, override=override, viewer=viewer)
    require_free(found)
    for each in occurrences:
        is_shared = each.room_id in shared
        each.exclusive, each.override_reason = found.hold_on_room(each.id, is_shared=is_shared)
        for duty in duties[each.id]:
            duty.exclusive, duty.override_reason = found.hold_on_person(each.id, duty.person_id)
    session.flush()
    return found


def shared_among(session: Database, rooms: set[int | None]) -> set[int | None]:
    """Those of the rooms that several sessions may have at once."""
    return set(scalars(session, _SHARED, {"rooms": [each for each in rooms if each is not None]}))


def wanted_of(
    occurrence: Occurrence,
    shared: set[int | None],
    duties: Mapping[int, Sequence[Duty]],
    members: Mapping[int, tuple[int, ...]],
) -> Wanted:
    """The occurrence where it stands, with who leads and who belongs to it then."""
    return Wanted(
        occurrence=occurrence.id,
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        room_id=None if occurrence.room_id in shared else occurrence.room_id,
        facilitators=tuple(duty.person_id for duty in duties[occurrence.id]),
        members=members.get(occurrence.id, ()),
    )
