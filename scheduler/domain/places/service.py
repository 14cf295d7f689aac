"""Making sites and rooms. A change of them concerns calendars, and so `planning`, which calls `change_…`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.roles import Actor
from scheduler.domain.places.models import Room, Site
from scheduler.domain.places.values import RoomDraft, SiteDraft, checked_room, checked_site
from scheduler.errors import Invalid, NotFound
from scheduler.store.audit import record
from scheduler.store.base import require_revision
from scheduler.store.locks import lock
from scheduler.store.rising import risen


def make_site(session: Database, *, actor: Actor, site: SiteDraft, now: datetime) -> int:
    """A new site; answers its id. Raises Invalid for a bad field or a name that another site has."""
    site = checked_site(site)
    _require_new_name(session, site.name, None)
    row = Site(name=site.name, address=site.address, timezone=site.timezone, changed_at=now)
    session.add(row)
    session.flush()
    record(session, at=now, actor=actor, action="site.made", subject="site", subject_id=row.id)
    return row.id


def make_room(session: Database, *, actor: Actor, room: RoomDraft, now: datetime) -> int:
    """A new room; answers its id. Raises Invalid for a bad field or a name that the site has already."""
    room = checked_room(room)
    lock(session, sites=() if room.site_id is None else [room.site_id])
    _require_free_room_name(session, room, None)
    row = Room(
        site_id=room.site_id,
        name=room.name,
        join_link=room.join_link,
        capacity=room.capacity,
        shared=room.shared,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    record(session, at=now, actor=actor, action="room.made", subject="room", subject_id=row.id)
    return row.id


def change_site(
    session: Database, *, actor: Actor, site_id: int, revision: int, site: SiteDraft, now: datetime
) -> None:
    """Change a site in place. Raises Invalid, NotFound, Conflict where `revision` is not the newest."""
    row = session.get(Site, site_id, populate_existing=True)
    if row is None:
        raise NotFound("There is no such site.")
    site = checked_site(site)
    require_revision(row, revision)
    _require_new_name(session, site.name, site_id)
    row.name, row.address, row.timezone = site.name, site.address, site.timezone
    row.changed_at = risen(now, row.changed_at)
    session.flush()
    record(session, at=now, actor=actor, action="site.changed", subject="site", subject_id=row.id)


def change_room(
    session: Database, *, actor: Actor, room_id: int, revision: int, room: RoomDraft, now: datetime
) -> None:
    """Change a room in place. Raises Invalid, NotFound, Conflict where `revision` is not the newest."""
    row = session.get(Room, room_id, populate_existing=True)
    if row is None:
        raise NotFound("There is no such room.")
    room = checked_room(room)
    require_revision(row, revision)
    _require_free_room_name(session, room, room_id)
    row.site_id, row.name, row.join_link = room.site_id, room.name, room.join_link
    row.capacity, row.shared = room.capacity, room.shared
    row.changed_at = risen(now, row.changed_at)
    session.flush()
    record(session, at=now, actor=actor, action="room.changed", subject="room", subject_id=row.id)


def _require_new_name(session: Database, name: str, own: int | None) -> None:
    if session.scalar(select(Site.id).where(Site.name == name, Site.id != (own or 0))):
        raise Invalid("Another site has this name.", field="name")


def _require_free_room_name(session: Database, room: RoomDraft, own: int | None) -> None:
    if room.site_id is not None and session.get(Site, room.site_id) is None:
        raise Invalid("Choose one of the sites.", field="site_id")
    same = select(Room.id).where(
        Room.name == room.name, Room.site_id.is_not_distinct_from(room.site_id), Room.id != (own or 0)
    )
    if session.scalar(same):
        raise Invalid("Another room here has this name.", field="name")
