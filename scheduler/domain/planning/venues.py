"""Changing sites and rooms, which stand in calendars."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.roles import Actor
from scheduler.domain.places.models import Room
from scheduler.domain.places.service import change_room, change_site
from scheduler.domain.places.values import RoomDraft, SiteDraft
from scheduler.domain.planning.concerned import hold_all, persons_of, persons_of_series
from scheduler.domain.planning.standing import spare_rooms, stand
from scheduler.domain.schedule.conflicts import Booking, Holder, overlaps
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.errors import NotFound
from scheduler.store.revisions import raise_calendars


def edit_site(
    session: Database, *, actor: Actor, site_id: int, revision: int, site: SiteDraft, now: datetime
) -> None:
    """Change a site. Series keep their zone.

    Raises Invalid with the fields, NotFound, Conflict where `revision` is not the newest.
    """
    change_site(session, actor=actor, site_id=site_id, revision=revision, site=site, now=now)
    rooms = session.scalars(select(Room.id).where(Room.site_id == site_id)).all()
    _raise(session, rooms, now)


def edit_room(
    session: Database, *, actor: Actor, room_id: int, revision: int, room: RoomDraft, now: datetime
) -> None:
    """Change a room. What is to come in one that is not shared any more is exclusive, but for what overlaps.

    At another site what is to come there is stopped or let go by what is closed there. Raises Invalid with
    the fields, NotFound, Conflict where `revision` is not the newest.
    """
    before = session.execute(select(Room.shared, Room.site_id).where(Room.id == room_id)).first()
    if before is None:
        raise NotFound("There is no such room.")
    moves = before.site_id != room.site_id
    rooms = {room_id} | (spare_rooms(session, now=now) if moves else frozenset())
    hold_all(session, _series_in(session, room_id, now) if moves else (), rooms=rooms)
    change_room(session, actor=actor, room_id=room_id, revision=revision, room=room, now=now)
    if before.shared != room.shared:
        _share(session, room_id, shared=room.shared, now=now)
    if moves:
        to_come = select(Occurrence.id).where(Occurrence.room_id == room_id, Occurrence.starts_at > now)
        stood = stand(session, session.scalars(to_come).all(), now=now)
        raise_calendars(session, persons_of(session, stood.concerned), now=now)
    _raise(session, [room_id], now)


def _series_in(session: Database, room_id: int, now: datetime) -> set[int]:
    query = select(Occurrence.series_id).where(Occurrence.room_id == room_id, Occurrence.starts_at > now)
    return set(session.scalars(query))


def _share(session: Database, room_id: int, *, shared: bool, now: datetime) -> None:
    query = select(Occurrence).where(Occurrence.room_id == room_id, Occurrence.ends_at > now)
    to_come = session.scalars(query.execution_options(populate_existing=True)).all()
    taken = set() if shared else _overlapping(to_come)
    for occurrence in to_come:
        occurrence.exclusive = not shared and occurrence.id not in taken
        occurrence.revision += 1
    session.flush()


def _overlapping(occurrences: Sequence[Occurrence]) -> set[int]:
    bookings = [
        Booking(Holder.ROOM, each.room_id, each.starts_at, each.ends_at, each.id)
        for each in occurrences
        if each.booked and each.room_id is not None
    ]
    return {number for overlap in overlaps(bookings) for number in overlap.occurrences}


def _raise(session: Database, rooms: Collection[int], now: datetime) -> None:
    """Whoever meets there has another calendar, whether it is to come or past."""
    there = session.scalars(
        select(Occurrence.series_id)
        .where(Occurrence.room_id.in_(rooms))
        .union(select(Series.id).where(Series.room_id.in_(rooms)))
    )
    raise_calendars(session, persons_of_series(session, *there), now=now)
