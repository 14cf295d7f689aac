"""Sites and rooms as frozen values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session as Database

from scheduler.domain.places.models import Room, Site


@dataclass(frozen=True, slots=True)
class SiteView:
    """`timezone` is the IANA zone that its series begin with."""

    id: int
    name: str
    address: str
    timezone: str
    revision: int


@dataclass(frozen=True, slots=True)
class RoomView:
    """An online room has no site and a join link; no `capacity`: unknown."""

    id: int
    name: str
    site_id: int | None
    site_name: str
    join_link: str
    capacity: int | None
    shared: bool
    revision: int

    @property
    def full_name(self) -> str:
        """ "Elm Street, room 2"."""
        return f"{self.site_name}, {self.name}" if self.site_name else self.name


def sites(session: Database, *, within: ColumnElement[bool] | None = None) -> tuple[SiteView, ...]:
    """All sites by name, or those ``within`` somebody's reach. One statement."""
    return _sites(session, true() if within is None else within)


def site(session: Database, site_id: int) -> SiteView | None:
    """One site, or none. One statement."""
    return next(iter(_sites(session, Site.id == site_id)), None)


def rooms(session: Database, *, within: ColumnElement[bool] | None = None) -> tuple[RoomView, ...]:
    """All rooms, or those ``within`` somebody's reach, by site and name, online ones last. One statement."""
    return _rooms(session, true() if within is None else within)


def sites_of(found: Iterable[RoomView]) -> dict[int, str]:
    """The names of the sites that these rooms are at, by id, in their order."""
    return {room.site_id: room.site_name for room in found if room.site_id is not None}


def room(session: Database, room_id: int) -> RoomView | None:
    """One room, or none. One statement."""
    return next(iter(_rooms(session, Room.id == room_id)), None)


def _sites(session: Database, condition: ColumnElement[bool]) -> tuple[SiteView, ...]:
    query = select(Site.id, Site.name, Site.address, Site.timezone, Site.revision).where(condition)
    found = session.execute(query.order_by(func.lower(Site.name)))
    return tuple(SiteView(*row) for row in found)


def _rooms(session: Database, condition: ColumnElement[bool]) -> tuple[RoomView, ...]:
    query = (
        select(
            Room.id,
            Room.name,
            Room.site_id,
            func.coalesce(Site.name, ""),
            Room.join_link,
            Room.capacity,
            Room.shared,
            Room.revision,
        )
        .outerjoin(Site, Site.id == Room.site_id)
        .where(condition)
    )
    return tuple(sorted((RoomView(*row) for row in session.execute(query)), key=_as_read))


def _as_read(room: RoomView) -> tuple[bool, str, list[tuple[int, str]], int]:
    """By site, the online ones last; "Room 10" after "Room 2", as people count and databases do not."""
    parts = re.findall(r"[0-9]+|[^0-9]+", room.name.casefold())
    numbered = [(int(part), "") if part.isdecimal() else (0, part) for part in parts]
    return room.site_id is None, room.site_name.casefold(), numbered, room.id
