"""The first session of somebody who arrives: within two days, or not without saying so."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session as Database

from scheduler.domain.admissions.arrivals import WITHIN, Arrival
from scheduler.domain.admissions.openings import next_meetings
from scheduler.domain.people.roles import Actor
from scheduler.domain.places.models import Site
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.making import Made, NewEnrollment, NewPost, make_series
from scheduler.domain.roster.positions import Position
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.models import Series
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.wall_time import instant_of, local_of
from scheduler.domain.schedule.words import English
from scheduler.errors import Invalid, Refused

FIRST_TITLE: Final = "First appointment"


def first_at(session: Database, arrival: Arrival, site: Site, now: datetime) -> datetime | None:
    """When their first session is. Raises Refused where that is too late, Invalid for a time that passed."""
    own = [] if arrival.series_id is None else [arrival.series_id]
    starts = list(next_meetings(session, own, now=now).values())
    if arrival.appointment:
        at = instant_of(arrival.appointment.starts, zone_named(site.timezone))
        if at <= now:
            raise Invalid("This time has passed.", "starts")
        starts.append(at)
    first = min(starts, default=None)
    if (first is None or first > now + WITHIN) and not arrival.none_earlier:
        raise Refused(_too_late(session, arrival, site, first, now))
    return first


def _too_late(session: Database, arrival: Arrival, site: Site, first: datetime | None, now: datetime) -> str:
    series = session.get(Series, arrival.series_id) if arrival.series_id else None
    if first is None:
        found = f"{series.title} has no date yet." if series else "There is no session yet."
    elif series and arrival.appointment is None:
        found = f"{series.title} meets next on {_in_words(first, series.timezone)}."
    else:
        found = f"The first session would be on {_in_words(first, site.timezone)}."
    limit = _in_words(now + WITHIN, site.timezone)
    return (
        f"{found} The first one comes within 48 hours, by {limit}. Give an appointment with the counselor"
        " before that, choose another group, or say that there is no place earlier."
    )


def _in_words(at: datetime, zone: str) -> str:
    local, english = local_of(at, zone_named(zone)), English()
    day = f"{english.weekday(local.weekday())}, {english.date(local.date(), year=False)}"
    return f"{day}, {english.clock(local.time())}"


def appoint(
    session: Database, actor: Actor, arrival: Arrival, site: Site, person_id: int, now: datetime
) -> Made | None:
    """The single session with the counselor, which nobody else joins. Its title names nobody."""
    if arrival.appointment is None:
        return None
    plan = Plan(
        kind=Kind.INDIVIDUAL,
        title=FIRST_TITLE,
        first_start=arrival.appointment.starts,
        minutes=arrival.appointment.minutes,
        timezone=site.timezone,
        room_id=arrival.appointment.room_id,
        counting=Counting.MINUTES,
        closed=True,
    )
    return make_series(
        session,
        actor=actor,
        plan=plan,
        posts=[NewPost(arrival.counselor_id, Position.COUNSELOR)],
        enrollments=[NewEnrollment(person_id)],
        now=now,
    )
