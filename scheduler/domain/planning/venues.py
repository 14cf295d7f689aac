"""Changing sites and rooms, which stand in calendars."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.roles import Actor
from scheduler.domain.places.models import Room
from scheduler.domain.places.service import change_room, change_site
from scheduler.domain.places.values import RoomDraft, SiteDraft
from scheduler.domain.planning.concerned import CHANGED, hold_all, persons_of, persons_of_series
from scheduler.domain.planning.standing import spare_rooms, stand
from scheduler.domain.schedule.conflicts import Booking, Holder, overlaps
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.errors import Conflict, NotFound
from scheduler.store.revisions import raise_calendars


def edit_site(
    session: Database, *, actor: Actor, site_id: int, revision: int, site: SiteDraft, now: datetime
) -> None:
    """Change a site. Series keep their zone.

    Raises Invalid with the fields, NotFound, Conflict where `revision` is not the newest.
    """
    series = _held(session, {site_id}, _rooms_at(session, site_id))
    if not _rooms_at(session, site_id) <= series.rooms:
        raise Conflict(CHANGED)
    change_site(session, actor=actor, site_id=site_id, revision=revision, site=site, now=now)
    raise_calendars(session, persons_of_series(session, *series.ids), now=now)


def edit_room(
    session: Database, *, actor: Actor, room_id: int, revision: int, room: RoomDraft, now: datetime
) -> None:
    """Change a room. What is to come in one that is not shared any more is exclusive, but for what overlaps.

    At another site what is to come there is stopped or let go by what is closed there. Raises Invalid with
    the fields, NotFound, Conflict where `revision` is not the newest.
    """
    before = _before(session, room_id)
    moves = before.site_id != room.site_id
    spare = spare_rooms(session, now=now) if moves else frozenset()
    series = _held(session, {each for each in (before.site_id, room.site_id) if each}, {room_id}, spare)
    if _before(session, room_id) != before:
        raise Conflict(CHANGED)
    change_room(session, actor=actor, room_id=room_id, revision=revision, room=room, now=now)
    if before.shared != room.shared:
        _share(session, room_id, shared=room.shared, now=now)
    concerned = persons_of_series(session, *series.ids)
    if moves:
        to_come = select(Occurrence.id).where(Occurrence.room_id == room_id, Occurrence.starts_at > now)
        stood = stand(session, session.scalars(to_come).all(), now=now)
        concerned |= persons_of(session, stood.concerned)
    raise_calendars(session, concerned, now=now)


class _Before(NamedTuple):
    """What a room was, as far as the change of one looks at it."""

    shared: bool
    site_id: int | None


def _before(session: Database, room_id: int) -> _Before:
    found = session.execute(select(Room.shared, Room.site_id).where(Room.id == room_id)).first()
    if found is None:
        raise NotFound("There is no such room.")
    return _Before(*found)


def _rooms_at(session: Database, site_id: int) -> set[int]:
    return set(session.scalars(select(Room.id).where(Room.site_id == site_id)))


class _Held(NamedTuple):
    """What is held: rooms, and every series that meets in them, whether it is to come or past."""

    rooms: set[int]
    ids: set[int]


def _held(session: Database, sites: Collection[int], rooms: set[int], spare: Collection[int] = ()) -> _Held:
    """Take hold of sites, rooms and all who meet in them, before anything of theirs is changed.

    Whoever joins one of these series waits, or is there already when it is asked whose calendars change.
    Raises Conflict where a series came to these rooms meanwhile.
    """
    series = _series_in(session, rooms)
    people = persons_of_series(session, *series)
    hold_all(session, series, sites=sites, rooms=rooms.union(spare), persons=people)
    if not _series_in(session, rooms) <= series:
        raise Conflict(CHANGED)
    return _Held(rooms, series)


def _series_in(session: Database, rooms: Collection[int]) -> set[int]:
    there = (
        select(Occurrence.series_id)
        .where(Occurrence.room_id.in_(rooms))
        .union(select(Series.id).where(Series.room_id.in_(rooms)))
    )
    return set(session.scalars(there))


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
