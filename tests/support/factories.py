"""Rows for tests that need a plan to stand on, without going through planning.

Each function adds one row and answers its id. Local times are naive, in New York unless said otherwise.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session as Database

from scheduler.domain.access.models import Passkey
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.models import Device
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import make_person
from scheduler.domain.places.models import Room, Site
from scheduler.domain.privacy.models import Review
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.schedule.kinds import CauseType
from scheduler.domain.schedule.models import Cause, Occurrence, Series
from scheduler.domain.stays.models import Hold, Stay
from scheduler.store.base import Base

ZONE = "America/New_York"
CHANGED = datetime(2026, 1, 1, tzinfo=UTC)
ALWAYS = date(2020, 1, 1)

_numbers = count(1)


def _added(session: Database, row: Base) -> int:
    session.add(row)
    session.flush()
    made: int = row.id  # type: ignore[attr-defined]  # every table made here has an id
    return made


def member(session: Database, name: str) -> int:
    """A member without an account."""
    return make_person(session, actor=SYSTEM, name=name, email=None, roles=[Role.MEMBER], now=CHANGED)


def device(session: Database, person_id: int) -> int:
    """A device that keeps sheets, and has none yet."""
    row = Device(
        person_id=person_id,
        secret_hash=f"{person_id} {next(_numbers)}",
        program="Chrome on Android",
        first_at=CHANGED,
        seen_at=CHANGED,
    )
    return _added(session, row)


def passkey(session: Database, person_id: int, name: str = "my phone") -> int:
    """A passkey that no device has."""
    mark = f"{person_id} {next(_numbers)}".encode()
    row = Passkey(
        person_id=person_id,
        credential_id=mark,
        public_key=b"none",
        user_handle=mark,
        name=name,
        made_at=CHANGED,
    )
    return _added(session, row)


def room(session: Database, name: str = "room 2", site: str = "Elm Street", holds: int | None = 14) -> int:
    """A room at a site that is made with it, if there is none of that name."""
    found = session.query(Site).filter_by(name=site).first()
    site_id = found.id if found else _added(session, Site(name=site, timezone=ZONE, changed_at=CHANGED))
    return _added(session, Room(site_id=site_id, name=name, capacity=holds, changed_at=CHANGED))


def online_room(session: Database, name: str = "Online room B", link: str = "https://meet.example/b") -> int:
    """A room with a join link."""
    return _added(session, Room(name=name, join_link=link, shared=True, changed_at=CHANGED))


def series(
    session: Database,
    title: str = "Tuesday evening group",
    *,
    first_start: datetime = datetime(2026, 7, 14, 19),
    minutes: int = 90,
    kind: str = "group",
    counting: str = "minutes",
    room_id: int | None = None,
    timezone: str = ZONE,
    rule: str = "FREQ=WEEKLY;BYDAY=TU",
    listed: bool = False,
) -> int:
    """A series without occurrences."""
    row = Series(
        title=title,
        kind=kind,
        counting=counting,
        first_start=first_start,
        duration=minutes,
        timezone=timezone,
        rule=rule,
        room_id=room_id,
        listed=listed,
        changed_at=CHANGED,
    )
    return _added(session, row)


def occurrence(
    session: Database,
    series_id: int,
    original_start: datetime | None = None,
    *,
    moved_to: datetime | None = None,
    booked: bool = True,
) -> int:
    """One meeting, by default the first of its series; one that is not ``booked`` was cancelled."""
    of = session.get_one(Series, series_id)
    original = original_start or of.first_start
    local = moved_to or original
    starts_at = local.replace(tzinfo=ZoneInfo(of.timezone)).astimezone(UTC)
    row = Occurrence(
        series_id=series_id,
        original_start=original,
        local_start=local,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=of.duration),
        room_id=of.room_id,
        own_start=moved_to is not None,
        booked=booked,
        changed_at=CHANGED,
    )
    made = _added(session, row)
    if not booked:
        cause = Cause(occurrence_id=made, type=CauseType.COORDINATOR, made_at=CHANGED, reason="Repairs")
        session.add(cause)
    return made


def enrollment(
    session: Database,
    series_id: int,
    person_id: int,
    from_date: date = ALWAYS,
    until_date: date | None = None,
) -> int:
    """A member belongs to a series, by default always."""
    row = Enrollment(
        series_id=series_id,
        person_id=person_id,
        from_date=from_date,
        until_date=until_date,
        uid=f"{next(_numbers):032x}",
        changed_at=CHANGED,
    )
    return _added(session, row)


def post(session: Database, series_id: int, person_id: int, position: str = "lead") -> int:
    """A facilitator holds a position, always."""
    row = Post(
        series_id=series_id,
        person_id=person_id,
        position=position,
        from_date=ALWAYS,
        uid=f"{next(_numbers):032x}",
        changed_at=CHANGED,
    )
    return _added(session, row)


def duty(session: Database, occurrence_id: int, post_id: int, person_id: int | None = None) -> int:
    """The duty of a post at one occurrence; ``person_id`` other than the post's is a substitute."""
    of, held = session.get_one(Occurrence, occurrence_id), session.get_one(Post, post_id)
    row = Duty(
        occurrence_id=occurrence_id,
        post_id=post_id,
        person_id=person_id or held.person_id,
        position=held.position,
        starts_at=of.starts_at,
        ends_at=of.ends_at,
        booked=of.booked,
        uid=f"{next(_numbers):032x}",
        changed_at=CHANGED,
    )
    return _added(session, row)


def stay(session: Database, person_id: int, from_date: date = ALWAYS, until_date: date | None = None) -> int:
    """A member is here from one date until another, by default always."""
    reason = "completed" if until_date else None
    row = Stay(
        person_id=person_id,
        admitted_on=from_date,
        discharged_on=until_date,
        reason=reason,
        changed_at=CHANGED,
    )
    return _added(session, row)


def hold(
    session: Database,
    person_id: int,
    from_date: date,
    until_date: date | None = None,
    *,
    freed: bool = False,
) -> int:
    """A member is on hold, in a stay that is made with it if they have none."""
    found = session.query(Stay).filter_by(person_id=person_id).first()
    row = Hold(
        stay_id=found.id if found else stay(session, person_id),
        person_id=person_id,
        from_date=from_date,
        until_date=until_date,
        places="freed" if freed else "kept",
        made_at=CHANGED,
    )
    return _added(session, row)


def review(
    session: Database,
    person_id: int,
    span_from: date = date(2026, 7, 1),
    span_until: date = date(2026, 7, 31),
    access_until: date = date(2026, 8, 31),
) -> int:
    """A span of days that somebody may read; the undertaking is not accepted."""
    row = Review(
        person_id=person_id,
        span_from=span_from,
        span_until=span_until,
        access_until=access_until,
        made_at=CHANGED,
    )
    return _added(session, row)
