"""What is to be made, from the plan of the week and the members' stays: series with their people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from scheduler.demo.places import Place
from scheduler.demo.setting import Setting
from scheduler.demo.stays import WEEKS_BACK, Run
from scheduler.demo.timetable import Planned
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.making import NewEnrollment, NewPost
from scheduler.domain.roster.positions import Position
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.wall_time import is_skipped

_POSITIONS = {Kind.INDIVIDUAL: Position.COUNSELOR, Kind.MUTUAL_HELP: Position.CHAIR}


@dataclass(frozen=True, slots=True)
class ToMake:
    """A series with its people."""

    plan: Plan
    posts: list[NewPost]
    enrollments: list[NewEnrollment]


def plans(
    planned: Sequence[Planned], all_runs: Sequence[Run], setting: Setting, rooms: Mapping[Place, int]
) -> Iterator[ToMake]:
    """Each session with its members, and a talk of their own for each member who has one."""
    for number, session in enumerate(planned):
        own = [run for run in all_runs if run.series == number]
        posts = _posts(session, setting)
        if session.kind is Kind.INDIVIDUAL:
            talks = (_talk(session, run, setting) for run in own)
            for run, (talk, first) in zip(own, talks, strict=True):
                if talk.rule.until is None or first <= talk.rule.until:
                    enrollments = [NewEnrollment(setting.cast.members[run.member])]
                    yield ToMake(_plan(talk, first, setting, rooms), posts, enrollments)
        else:
            first = _first_date(session, setting.monday - timedelta(weeks=WEEKS_BACK), setting)
            enrollments = [_enrollment(run, first, setting) for run in own]
            yield ToMake(_plan(session, first, setting, rooms), posts, enrollments)


def _talk(session: Planned, run: Run, setting: Setting) -> tuple[Planned, date]:
    """The talk of one member, until they leave, and its first date."""
    first = _first_date(session, _begin(run, setting), setting)
    return replace(session, rule=replace(session.rule, until=_date(run.ends, setting))), first


def _enrollment(run: Run, first: date, setting: Setting) -> NewEnrollment:
    member = setting.cast.members[run.member]
    return NewEnrollment(member, max(first, _begin(run, setting)), _date(run.ends, setting))


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
        counts=session.counts,
        fellowship=session.fellowship,
        check_in=session.check_in,
    )


def _first_date(session: Planned, on: date, setting: Setting) -> date:
    """The first of its weekdays on or after a date, a week later where a change of clock skips its hour."""
    first = min(on + timedelta(days=(day - on.weekday()) % 7) for day in session.weekdays)
    skipped = is_skipped(datetime.combine(first, session.starts), zone_named(setting.timezone))
    return first + timedelta(weeks=1) if skipped else first


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
