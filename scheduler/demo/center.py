"""Making the demonstration center, through the same services that pages use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.demo.absences import say_one_absent
from scheduler.demo.attendance import take_attendance
from scheduler.demo.calendar import list_meetings, subscribe
from scheduler.demo.changes import change_plans
from scheduler.demo.closed import shut
from scheduler.demo.credentials import note_credentials
from scheduler.demo.devices import keep_one_aside
from scheduler.demo.lists import bring
from scheduler.demo.lives import admit_all
from scheduler.demo.people import MEMBERS, Cast, make_people, names_of_all
from scheduler.demo.places import ROOMS, SITES, Place
from scheduler.demo.plans import plans
from scheduler.demo.setting import Setting
from scheduler.demo.stays import runs, stays
from scheduler.demo.talks import talks
from scheduler.demo.timetable import sessions
from scheduler.demo.trusted import trust
from scheduler.domain.people.models import Person
from scheduler.domain.people.roles import SYSTEM, Actor, Role
from scheduler.domain.places.service import make_room, make_site
from scheduler.domain.places.values import RoomDraft, SiteDraft
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.horizon import extend_horizon
from scheduler.domain.planning.making import make_series
from scheduler.domain.schedule.wall_time import local_of
from scheduler.errors import Refused

SEED = 90
TALKS = 60
"""Hours of the week in which one-to-one talks take place."""


def require_nobody(session: Database) -> None:
    """A demonstration never mixes with real people. Raises Refused."""
    if session.scalar(select(Person.id).limit(1)) is not None:
        raise Refused("This database holds people already. The demonstration needs an empty one.")


def make_center(session: Database, *, hashes: Mapping[str, str], timezone: str, now: datetime) -> None:
    """Fill an empty database. ``hashes`` are those of the accounts' passwords, by e-mail address.

    The same every time, but for the day on which it is made. Raises Refused where the database holds anybody.
    """
    require_nobody(session)
    random = Random(SEED)
    facilitators, members = names_of_all(random)
    cast = make_people(session, facilitators=facilitators, members=members, hashes=hashes, now=now)
    setting = _setting(cast, timezone, now)
    rooms = make_places(session, setting)
    week = sessions(setting.weekday)
    planned = (*week, *talks(week, facilitators, setting.weekday, TALKS))
    lives = stays(random, MEMBERS)
    admit_all(session, setting, lives)
    enrolled = runs(random, planned, lives)
    for each in plans(planned, enrolled, setting, rooms):
        make_series(
            session,
            actor=setting.coordinator,
            plan=each.plan,
            posts=each.posts,
            enrollments=each.enrollments,
            now=setting.planned_at,
        )
    change_plans(session, setting)
    note_credentials(session, setting)
    take_attendance(session, setting, random)
    say_one_absent(session, setting)
    keep_one_aside(session, setting)
    list_meetings(session, setting)
    subscribe(session, setting)
    trust(session, setting)
    bring(session, setting)
    while extend_horizon(session, actor=SYSTEM, now=now).more:
        continue
    shut(session, setting, rooms)


def _setting(cast: Cast, timezone: str, now: datetime) -> Setting:
    today = local_of(now, zone_named(timezone)).date()
    return Setting(
        now=now,
        timezone=timezone,
        monday=today - timedelta(days=today.weekday()),
        weekday=today.weekday(),
        cast=cast,
        coordinator=Actor(cast.coordinator, None, frozenset({Role.COORDINATOR})),
    )


def make_places(session: Database, setting: Setting) -> dict[Place, int]:
    """Sites and rooms; answers the rooms' ids."""
    actor, now = setting.coordinator, setting.now
    sites = {
        site: make_site(
            session, actor=actor, site=SiteDraft(site.name, setting.timezone, site.address), now=now
        )
        for site in SITES
    }
    return {
        place: make_room(
            session,
            actor=actor,
            room=RoomDraft(
                name=room.name,
                site_id=sites[room.site] if room.site else None,
                join_link=room.join_link,
                capacity=room.capacity,
                shared=room.shared,
            ),
            now=now,
        )
        for place, room in ROOMS.items()
    }
