"""What a plan would bring, before anything is saved."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy.orm import Session as Database

from scheduler.domain.people.roles import SYSTEM, Actor
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.concerned import load_room
from scheduler.domain.planning.falling_out import falling_out
from scheduler.domain.planning.looking import Wanted, look
from scheduler.domain.schedule.clashes import Clash
from scheduler.domain.schedule.dates import (
    ALL_MADE,
    Meeting,
    horizon_of,
    meeting_at,
    meetings_at,
    starts_until,
)
from scheduler.domain.schedule.plans import Plan, checked
from scheduler.domain.schedule.queries import SeriesView
from scheduler.domain.schedule.recurrence import FURTHEST_AHEAD, occurrences
from scheduler.domain.schedule.wall_time import local_of

SHOWN = 10
"""So many dates tell a person whether a rule is the one they meant."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The plan with the rule's own first date, its next dates, and what stands in its way.

    `clashes` are those of the whole horizon that would be refused, `made` how many occurrences that is.
    """

    plan: Plan
    dates: tuple[Meeting, ...]
    made: int
    clashes: tuple[Clash, ...]

    def at(self, meeting: Meeting) -> tuple[Clash, ...]:
        """What stands in the way of one date."""
        return tuple(clash for clash in self.clashes if clash.wanted_at == meeting.starts_at)


def foresee(
    session: Database, *, plan: Plan, leads: Collection[int] = (), viewer: Actor = SYSTEM, now: datetime
) -> Foreseen:
    """What saving the plan with these facilitators would bring. Reads only; eight statements at most.

    A date that does not take place (a holiday of its kind, a closed place) collides with nothing.

    Raises Invalid with the fields of the plan that are wrong, and on `room_id`.
    """
    plan = checked(plan, now=now)
    zone = zone_named(plan.timezone)
    room = load_room(session, plan.room_id)
    until = horizon_of(now, zone)
    starts = starts_until(plan.rule, plan.first_start, after=None, until=until, ends_on=None)
    meetings = meetings_at(starts, plan.minutes, zone)
    out, is_own = falling_out(session, plan, meetings), room is not None and not room.shared
    wanted = [
        Wanted(
            occurrence=-1 - number,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            room_id=plan.room_id if is_own and number not in out.elsewhere else None,
            facilitators=tuple(leads),
        )
        for number, meeting in enumerate(meetings)
        if number not in out.stopped
    ]
    return Foreseen(plan, _next(plan, now), len(meetings), look(session, wanted, viewer=viewer).refused)


def _next(plan: Plan, now: datetime) -> tuple[Meeting, ...]:
    zone = zone_named(plan.timezone)
    begun = local_of(now, zone) - plan.length
    starts = occurrences(plan.rule, plan.first_start, begun)
    return tuple(meeting_at(start, plan.minutes, zone) for start in islice(starts, SHOWN))


def beyond(series: SeriesView, most: int) -> tuple[Meeting, ...]:
    """The first dates of a series after those that are made; it may have fewer."""
    made = series.made_until
    if made is None or made == ALL_MADE:
        return ()
    plan, until = series.plan, made + FURTHEST_AHEAD
    starts = starts_until(plan.rule, plan.first_start, after=made, until=until, ends_on=series.ends_on)
    return tuple(meetings_at(starts[:most], plan.minutes, zone_named(plan.timezone)))
