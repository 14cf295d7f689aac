"""Making the demonstration center, through the same services that pages use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.demo.attendance import take_attendance
from scheduler.demo.changes import change_plans
from scheduler.demo.listed import SATURDAY_MEETING, SOURCE, listed_meetings
from scheduler.demo.people import MEMBERS, make_people, names_of_all
from scheduler.demo.places import ROOMS, SITES, Place
from scheduler.demo.setting import Setting
from scheduler.demo.stays import RENEE, WEEKS_BACK, Run, runs, stays
from scheduler.demo.talks import talks
from scheduler.demo.timetable import Planned, sessions
from scheduler.domain.mutual_help.queries import known_meetings
from scheduler.domain.mutual_help.service import import_meetings
from scheduler.domain.people.models import Person
from scheduler.domain.people.roles import SYSTEM, Actor, Role
from scheduler.domain.places.service import make_room, make_site
from scheduler.domain.places.values import RoomDraft, SiteDraft
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.choosing import choose_listed
from scheduler.domain.planning.horizon import extend_horizon
from scheduler.domain.planning.making import NewEnrollment, NewPost, make_series
from scheduler.domain.roster.positions import Position
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.wall_time import local_of
from scheduler.errors import Refused

SEED = 90
TALKS = 60
"""Hours of the week in which one-to-one talks take place."""

_POSITIONS = {Kind.INDIVIDUAL: Position.COUNSELOR, Kind.MUTUAL_HELP: Position.CHAIR}


def require_nobody(session: Database) -> None:
    """A demonstration never mixes with real people. Raises Refused."""
    if session.scalar(select(Person.id).limit(1)) is not None:
        raise Refused("This database holds people already. The demonstration needs an empty one.")


def make_center(
    session: Database,
    *,
    hashes: Mapping[str, str],
    timezone: str,
    now: datetime,
) -> None:
    """Fill an empty database. ``hashes`` are those of the accounts' passwords, by e-mail address.

    The same every time, but for the day on which it is made. Raises Refused where the database holds anybody.
    """
    require_nobody(session)
    # The same seed makes the same center; nothing here is a secret.
    random = Random(SEED)
    facilitators, members = names_of_all(random)
    cast = make_people(session, facilitators=facilitators, members=members, hashes=hashes, now=now)
    today = local_of(now, zone_named(timezone)).date()
    setting = Setting(
        now=now,
        timezone=timezone,
        monday=today - timedelta(days=today.weekday()),
        weekday=today.weekday(),
        cast=cast,
        coordinator=Actor(cast.coordinator, None, frozenset({Role.COORDINATOR})),
    )
    rooms = make_places(session, setting)
    week = sessions(setting.weekday)
    planned = (*week, *talks(week, facilitators, setting.weekday, TALKS))
    for plan, posts, enrollments in plans(
        planned, runs(random, planned, stays(random, MEMBERS)), setting, rooms
    ):
        make_series(
            session,
            actor=setting.coordinator,
            plan=plan,
            posts=posts,
            enrollments=enrollments,
            now=setting.planned_at,
        )
    change_plans(session, setting)
    take_attendance(session, setting, random)
    list_meetings(session, setting)
    while extend_horizon(session, actor=SYSTEM, now=now).more:
        continue


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


def plans(
    planned: Sequence[Planned], all_runs: Sequence[Run], setting: Setting, rooms: Mapping[Place, int]
) -> Iterator[tuple[Plan, list[NewPost], list[NewEnrollment]]]:
    """What is to be made: each session with its members, and a talk for each member who has one."""
    for number, session in enumerate(planned):
        own = [run for run in all_runs if run.series == number]
        posts = _posts(session, setting)
        if session.kind is Kind.INDIVIDUAL:
            for run in own:
                first = _first_date(session, _begin(run, setting))
                until = _date(run.ends, setting)
                if until is None or first <= until:
                    rule = replace(session.rule, until=until)
                    plan = _plan(replace(session, rule=rule), first, setting, rooms)
                    yield plan, posts, [NewEnrollment(setting.cast.members[run.member])]
        else:
            first = _first_date(session, setting.monday - timedelta(weeks=WEEKS_BACK))
            enrollments = [
                NewEnrollment(
                    setting.cast.members[run.member],
                    max(first, _begin(run, setting)),
                    _date(run.ends, setting),
                )
                for run in own
            ]
            yield _plan(session, first, setting, rooms), posts, enrollments


def _plan(session: Planned, first: date, setting: Setting, rooms: Mapping[Place, int]) -> Plan:
    return Plan(
        kind=session.kind,
        title=session.title,
        first_start=datetime.combine(first, session.starts),
        minutes=session.minutes,
        timezone=setting.timezone,
        rule=session.rule,
        discreet_title=session.discreet,
        room_id=rooms[session.place],
        capacity=session.capacity,
        counting=session.counting,
        fellowship=session.fellowship,
    )


def _first_date(session: Planned, on: date) -> date:
    """The first of its weekdays on or after a date."""
    return min(on + timedelta(days=(day - on.weekday()) % 7) for day in session.weekdays)


def _begin(run: Run, setting: Setting) -> date:
    """What began earlier than the center's own half year is there from its first day on."""
    return setting.monday + timedelta(days=max(run.begins, -WEEKS_BACK * 7))


def _date(day: int | None, setting: Setting) -> date | None:
    return None if day is None else setting.monday + timedelta(days=day)


def _posts(session: Planned, setting: Setting) -> list[NewPost]:
    first = _POSITIONS.get(session.kind, Position.LEAD)
    positions = (first, *[Position.CO_FACILITATOR] * (len(session.leads) - 1))
    return [
        NewPost(setting.cast.facilitators[number], position)
        for number, position in zip(session.leads, positions, strict=True)
    ]


def list_meetings(session: Database, setting: Setting) -> None:
    """The meetings that no center runs; Renee has one of them in her calendar."""
    import_meetings(session, source=SOURCE, rows=listed_meetings(setting.timezone), now=setting.planned_at)
    renee = setting.cast.members[RENEE]
    choose_listed(
        session,
        actor=Actor(renee, None, frozenset({Role.MEMBER})),
        series_id=known_meetings(session, source=SOURCE)[SATURDAY_MEETING].series_id,
        person_id=renee,
        now=setting.planned_at,
    )
