"""A facilitator starts a session that nobody planned: one date, today, which they lead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.models import Identity
from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.making import NewPost, make_series
from scheduler.domain.planning.reach import Kind as Named
from scheduler.domain.planning.reach import Reach
from scheduler.domain.planning.standing import stand
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.schedule.counts import Counts
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.domain.schedule.wall_time import instant_of, local_of
from scheduler.errors import Invalid, NotFound, Refused

LATELY: Final = timedelta(days=28)
"""Who led a session of a series so lately, or will so soon, leads it."""
STEP: Final = 5
"""Minutes: what somebody just begins, began at a round time."""
STOPPED: Final = "The place is closed now, or this does not meet today."


@dataclass(frozen=True, slots=True)
class Led:
    """A series that somebody leads, as the pattern of a session like it."""

    series_id: int
    plan: Plan


def begins_now(now: datetime, timezone: str) -> datetime:
    """The naive wall time, rounded down to five minutes, at which a session begins that begins now."""
    local = local_of(now, zone_named(timezone)).replace(second=0, microsecond=0)
    return local - timedelta(minutes=local.minute % STEP)


def series_led_by(session: Database, person_id: int, *, now: datetime) -> tuple[Led, ...]:
    """What a person leads by a post that has not ended, or a duty lately or soon. One statement."""
    query = (
        select(Series)
        .where(_is_led_by(person_id, now), Series.listed.is_(False))
        .order_by(Series.title, Series.id)
    )
    return tuple(_led(series) for series in session.scalars(query))


def members_led_by(session: Database, person_id: int, *, now: datetime) -> dict[int, str]:
    """The short names of the members who belong to what a person leads, by id. One statement."""
    today = now.date()
    query = (
        select(Identity.person_id, Identity.short_name)
        .join(Enrollment, Enrollment.person_id == Identity.person_id)
        .join(Series, Series.id == Enrollment.series_id)
        .where(
            _is_led_by(person_id, now),
            Series.listed.is_(False),
            Series.counting != Counting.HEADS.value,
            Enrollment.from_date <= today,
            or_(Enrollment.until_date.is_(None), Enrollment.until_date >= today),
        )
        .order_by(Identity.search_name, Identity.person_id)
    )
    return dict(session.execute(query).all())


def start_session(
    session: Database,
    *,
    actor: Actor,
    plan: Plan,
    form: str = "",
    now: datetime,
) -> int:
    """Make a single session that the actor leads, as one that nobody planned; answers its occurrence.

    Through the making of every series: sent twice under the same ``form``, it is one. Raises NotFound for who
    is no facilitator, Refused where the place is closed or its kind does not meet that day; Invalid on
    ``first_start`` for a time to come or before today, on ``room_id`` for a room out of their reach, and as
    `make_series`; Taken where the room or the facilitator is taken: a coordinator may keep both, a
    facilitator may not.
    """
    if not actor.has(Role.FACILITATOR) or actor.person_id is None:
        raise NotFound("There is nothing to start.")
    _require_today(plan, now)
    reach = Reach(actor, actor.sites_as(Role.FACILITATOR), now.date())
    if plan.room_id is not None and not reach.holds(session, Named.ROOM, plan.room_id):
        raise Invalid("Choose one of these rooms.", "room_id")
    made = make_series(
        session,
        actor=actor,
        plan=replace(plan, rule=SINGLE),
        posts=[NewPost(actor.person_id)],
        form=form,
        now=now,
    )
    [occurrence] = session.scalars(select(Occurrence).where(Occurrence.series_id == made.series_id))
    if made.occurrences:
        _require_open(session, occurrence)
    series = session.get_one(Series, made.series_id)
    series.unplanned_at = series.unplanned_at or now
    session.flush()
    return occurrence.id


def _require_open(session: Database, occurrence: Occurrence) -> None:
    # A closure leaves what has begun, and so does a holiday: they are asked as of just before. One that would
    # put it elsewhere stops it too: who leads it stands at a closed door.
    if stand(session, [occurrence.id], now=occurrence.starts_at - timedelta(seconds=1)).concerned:
        raise Refused(STOPPED)


def _require_today(plan: Plan, now: datetime) -> None:
    zone = zone_named(plan.timezone)
    if instant_of(plan.first_start, zone) > now:
        raise Invalid("This is yet to come. A coordinator plans what is to come.", "first_start")
    if plan.first_start.date() != local_of(now, zone).date():
        raise Invalid("Start it on the day itself.", "first_start")


def _is_led_by(person_id: int, now: datetime) -> ColumnElement[bool]:
    today = now.date()
    posts = select(Post.series_id).where(
        Post.person_id == person_id,
        Post.from_date <= today,
        or_(Post.until_date.is_(None), Post.until_date >= today),
    )
    duties = (
        select(Occurrence.series_id)
        .join(Duty, Duty.occurrence_id == Occurrence.id)
        .where(Duty.person_id == person_id, Duty.starts_at > now - LATELY, Duty.starts_at < now + LATELY)
    )
    return or_(Series.id.in_(posts), Series.id.in_(duties))


def _led(series: Series) -> Led:
    counts = Counts(series.least_people, series.most_people, series.least_minutes, series.most_minutes)
    plan = Plan(
        kind=Kind(series.kind),
        title=series.title,
        first_start=series.first_start,
        minutes=series.duration,
        timezone=series.timezone,
        discreet_title=series.discreet_title,
        room_id=series.room_id,
        counting=Counting(series.counting),
        fellowship=series.fellowship,
        counts=counts,
    )
    return Led(series.id, plan)
