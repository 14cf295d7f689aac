"""Bringing the occurrences to come in line with a series whose rule, time, end or room has changed.

Each keeps its id and what it overrides, and takes the new date that matches its old one. A date without one
is made; an occurrence without a date is deleted if nothing hangs on it, else stopped and told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.service import expectation_in
from scheduler.domain.people.roles import SYSTEM, Actor
from scheduler.domain.places.models import Room
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.holding import stand_and_hold
from scheduler.domain.planning.looking import Look, look
from scheduler.domain.planning.rewriting import let_go, make_slots, rewrite, stay_behind
from scheduler.domain.planning.slots import Slot, kept_slot, new_slot
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.roster.service import duties_in, posts_in
from scheduler.domain.schedule.dates import horizon_of, made_until, starts_until
from scheduler.domain.schedule.editing import Match, Period, day_of, match
from scheduler.domain.schedule.kinds import CauseType
from scheduler.domain.schedule.models import Cause, Occurrence, Series
from scheduler.domain.schedule.rule_text import rule_of
from scheduler.domain.schedule.shifting import NOWHERE, Shift
from scheduler.domain.schedule.wall_time import instant_of, local_of
from scheduler.errors import Refused


@dataclass(frozen=True, slots=True)
class Refitted:
    """What became of the occurrences to come, by their ids; `found` is what they collide with."""

    kept: tuple[int, ...]
    made: tuple[int, ...]
    stopped: tuple[int, ...]
    deleted: tuple[int, ...]
    found: Look


def refit(
    session: Database,
    *,
    series: Series,
    standing: Sequence[Occurrence],
    old_zone: ZoneInfo,
    period: Period,
    now: datetime,
    override: str,
    viewer: Actor = SYSTEM,
    carried: Mapping[int, Post] | None = None,
    shift: Shift | None = None,
) -> Refitted:
    """Give the dates of `series` up to the horizon to the `standing` occurrences, in order of original start.

    They are its own, or those of the series that it continues, whose posts are `carried` by their old ids.
    They are matched within each `period`; with a `shift` each takes the very date where that puts it.
    Raises Taken where one collides anew and `override` gives no reason.
    """
    starts = [each.original_start if shift is None else shift.of(each.original_start) for each in standing]
    until = _until(series, starts if shift else (), now)
    dates = _dates(series, until, now)
    causes = _causes(session, standing)
    stale = [place for place, each in enumerate(standing) if CauseType.CHANGED in causes[each.id]]
    if shift is not None:
        _require_one_a_day(start for place, start in enumerate(starts) if place not in stale)
    added = rule_of(series.rule).added
    pairs = match(starts, dates, day_of if shift else period, stale=stale, fixed=added)
    left = [standing[place] for place in pairs.left]
    slots = _slots(session, series, standing, dates, pairs, causes, old_zone=old_zone, carried=carried or {})
    shared = frozenset(session.scalars(select(Room.id).where(Room.shared)))
    leaving = [each.id for each in left]
    found = _look(session, series, slots, shared, override=override, leaving=leaving, viewer=viewer)
    stopped, deleted = let_go(session, left, now=now)
    taken = {place for place, _ in pairs.taken}
    behind = [row for place, row in enumerate(standing) if place not in taken and row.id not in deleted]
    stay_behind([row for row in behind if row.series_id == series.id], zone_named(series.timezone))
    rewrite(session, series, slots, standing, shared, now=now)
    made = make_slots(session, series, slots, shared, now=now)
    series.made_until = made_until(
        rule_of(series.rule), series.first_start, until=until, ends_on=series.ends_on
    )
    kept = tuple(slot.number for slot in slots if slot.number > 0)
    new = [slot.number for slot in slots if slot.number < 0]
    written = {**{number: number for number in kept}, **dict(zip(new, made, strict=True))}
    found, _ = stand_and_hold(session, found, written, now=now)
    return Refitted(kept, tuple(made), stopped, deleted, found)


def _until(series: Series, shifted: Iterable[datetime], now: datetime) -> date:
    """The horizon, or further where an occurrence that there is already goes beyond it."""
    horizon = horizon_of(now, zone_named(series.timezone))
    return max([horizon, *(start.date() for start in shifted if start != NOWHERE)])


def _require_one_a_day(starts: Iterable[datetime]) -> None:
    days = [start.date() for start in starts if start != NOWHERE]
    if len(days) > len(set(days)):
        raise Refused("Two of its sessions would be on one day. Move only this one, or change the rule.")


def _dates(series: Series, until: date, now: datetime) -> list[datetime]:
    """The wall times of the rule that are still to come, up to a local date."""
    zone = zone_named(series.timezone)
    yesterday = local_of(now, zone).date() - timedelta(days=1)
    starts = starts_until(
        rule_of(series.rule),
        series.first_start,
        after=yesterday - timedelta(days=1),
        until=until,
        ends_on=series.ends_on,
    )
    return [start for start in starts if instant_of(start, zone) > now]


def _slots(
    session: Database,
    series: Series,
    standing: Sequence[Occurrence],
    dates: Sequence[datetime],
    pairs: Match,
    causes: Mapping[int, set[CauseType]],
    *,
    old_zone: ZoneInfo,
    carried: Mapping[int, Post],
) -> list[Slot]:
    zones = (old_zone, zone_named(series.timezone))
    posts = posts_in(session, series.id)
    duties = _duties(session, standing, carried)
    kept = [
        kept_slot(
            standing[place],
            dates[day],
            series,
            zones,
            posts,
            duties[standing[place].id],
            revives=causes[standing[place].id] == {CauseType.CHANGED},
        )
        for place, day in pairs.taken
    ]
    return kept + [new_slot(day, dates[day], series, zones[1], posts) for day in pairs.new]


def _duties(
    session: Database, standing: Sequence[Occurrence], carried: Mapping[int, Post]
) -> dict[int, dict[int, Duty]]:
    """The duties of each occurrence by the post that each now comes from."""
    found: dict[int, dict[int, Duty]] = defaultdict(dict)
    for duty in duties_in(session, [each.id for each in standing]):
        post = carried.get(duty.post_id)
        found[duty.occurrence_id][post.id if post else duty.post_id] = duty
    return found


def _causes(session: Database, standing: Sequence[Occurrence]) -> dict[int, set[CauseType]]:
    found: dict[int, set[CauseType]] = defaultdict(set)
    query = select(Cause.occurrence_id, Cause.type)
    for occurrence, cause in session.execute(
        query.where(Cause.occurrence_id.in_([each.id for each in standing]))
    ):
        found[occurrence].add(CauseType(cause))
    return found


def _look(
    session: Database,
    series: Series,
    slots: Sequence[Slot],
    shared: frozenset[int],
    *,
    override: str,
    leaving: Sequence[int],
    viewer: Actor,
) -> Look:
    expectation = expectation_in(session, series.id)
    wanted = [
        slot.wanted(shared, expectation.on(slot.original.date()))
        for slot in slots
        if slot.anew and slot.booked
    ]
    return look(session, wanted, override=override, leaving=leaving, viewer=viewer)
