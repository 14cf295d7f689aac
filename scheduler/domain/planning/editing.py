"""Editing a series: in place, or, where it has begun and changes when it meets, by a split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment import service as enrollment
from scheduler.domain.people.roles import Actor
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.concerned import (
    CHANGED,
    hold_series,
    load_room,
    note,
    occurrences_in,
    persons_of_series,
)
from scheduler.domain.planning.continuing import continuation, has_begun
from scheduler.domain.planning.refitting import Refitted, refit
from scheduler.domain.planning.standing import spare_rooms
from scheduler.domain.roster import service as roster
from scheduler.domain.roster.models import Post
from scheduler.domain.schedule.clashes import Clash
from scheduler.domain.schedule.editing import (
    Period,
    day_of,
    keeps_dates,
    keeps_time,
    period_of,
)
from scheduler.domain.schedule.exceptions import Standing
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.plans import Plan, checked, checked_words, with_exceptions
from scheduler.domain.schedule.queries import plan_of
from scheduler.domain.schedule.recurrence import ends_alike
from scheduler.domain.schedule.rule_text import text_of
from scheduler.domain.schedule.service import add_series, describe, end_before, retime, touch
from scheduler.domain.schedule.wall_time import instant_of, local_of
from scheduler.errors import Conflict, Invalid
from scheduler.store.base import require_revision
from scheduler.store.revisions import raise_calendars


@dataclass(frozen=True, slots=True)
class Edited:
    """`series_id` is what goes on: another series after a split. Occurrences by their ids.

    `stopped` ones had no date any more, but something hanging on them; they are to be looked at.
    """

    series_id: int
    is_split: bool
    made: tuple[int, ...] = ()
    stopped: tuple[int, ...] = ()
    deleted: tuple[int, ...] = ()
    overridden: tuple[Clash, ...] = ()
    warnings: tuple[Clash, ...] = ()


def edit_series(
    session: Database,
    *,
    actor: Actor,
    series_id: int,
    revision: int,
    plan: Plan,
    override: str = "",
    now: datetime,
) -> Edited:
    """Make a series what the plan says, from its next occurrence on; past ones stay as they were.

    Titles, kind, room, places, counting, closing, the end of the rule and the dates that are added to it or
    skipped change in place, and before its first occurrence everything does. A change of its time, length,
    zone or days makes another series of the same lineage from its next occurrence on, to which posts,
    enrollments and what single occurrences override are carried; `plan.first_start` then gives the wall time,
    with the date that the series has. A count is of all its dates, those before the split included.

    Raises NotFound; Conflict with both versions where `revision` is not the newest; Invalid with the fields
    of the plan; Refused where nothing is to come; Taken where a room or a facilitator is taken and `override`
    gives no reason.
    """
    rooms = spare_rooms(session, beside=plan.room_id, now=now)
    series = hold_series(session, series_id, rooms=rooms)
    old = plan_of(series)
    if series.revision != revision:
        raise Conflict(CHANGED, theirs=_as_text(old), mine=_as_text(plan))
    require_revision(series, revision)
    load_room(session, plan.room_id)
    plan = checked_words(plan)
    today = local_of(now, zone_named(old.timezone)).date()
    enrollment.require_room_for_all(session, series_id=series.id, capacity=plan.capacity, on=today)
    edited = _edit(session, series, old, plan, actor=actor, override=override, now=now)
    raise_calendars(session, persons_of_series(session, series.id, edited.series_id), now=now)
    note(
        session,
        actor=actor,
        now=now,
        action="series.split" if edited.is_split else "series.edited",
        subject="series",
        subject_id=series.id,
        goes_on_as=edited.series_id,
        made=len(edited.made),
        stopped=len(edited.stopped),
        deleted=len(edited.deleted),
    )
    return edited


def _edit(
    session: Database,
    series: Series,
    old: Plan,
    plan: Plan,
    *,
    actor: Actor,
    override: str,
    now: datetime,
) -> Edited:
    rows = occurrences_in(session, series.id)
    standing = _standing(series, old, plan, rows, now=now)
    if keeps_time(old, plan):
        plan = with_exceptions(plan, standing)
    if keeps_dates(old, plan) and old.room_id == plan.room_id:
        describe(series, plan)
        touch(series, now=now)
        session.flush()
        return Edited(series.id, is_split=False)
    if keeps_time(old, plan) or not has_begun(rows, now=now):
        return _edit_in_place(
            session, series, old, plan, rows, standing=standing, actor=actor, override=override, now=now
        )
    return _split(session, series, old, plan, rows, actor=actor, override=override, now=now)


def _edit_in_place(
    session: Database,
    series: Series,
    old: Plan,
    plan: Plan,
    rows: Sequence[Occurrence],
    *,
    standing: Standing,
    actor: Actor,
    override: str,
    now: datetime,
) -> Edited:
    """The same rows; each takes its own date again, or the one that matches it."""
    period: Period = day_of
    if not keeps_time(old, plan):
        plan = checked(plan, now=now, standing=standing)
        period = period_of(old.rule, plan.rule)
        if instant_of(plan.first_start, zone_named(plan.timezone)) <= now:
            raise Invalid("This time is past.", field="first_start")
    if plan.first_start < old.first_start:
        earlier = (old.first_start.date(), plan.first_start.date())
        enrollment.begin_earlier(session, series.id, *earlier, now=now)
        roster.begin_earlier(session, series.id, *earlier, now=now)
    describe(series, plan)
    retime(series, plan)
    touch(series, now=now)
    refitted = refit(
        session,
        series=series,
        standing=[row for row in rows if row.starts_at > now],
        old_zone=zone_named(old.timezone),
        period=period,
        now=now,
        override=override,
        viewer=actor,
    )
    return _edited(series.id, refitted, is_split=False)


def _split(
    session: Database,
    series: Series,
    old: Plan,
    plan: Plan,
    rows: Sequence[Occurrence],
    *,
    actor: Actor,
    override: str,
    now: datetime,
) -> Edited:
    """Another series goes on instead of the next occurrence."""
    going_on = continuation(old, plan, rows, now=now)
    standing = going_on.standing
    new = add_series(session, plan=going_on.plan, lineage_id=series.lineage_id, now=now)
    if ends_alike(old.rule, plan.rule):
        new.ends_on = series.ends_on
    first = min((standing[0].original_start, new.first_start, *going_on.plan.rule.added[:1])).date()
    posts = _carry(session, series, new, first=first, now=now)
    refitted = refit(
        session,
        series=new,
        standing=standing,
        old_zone=zone_named(old.timezone),
        period=going_on.period,
        now=now,
        override=override,
        viewer=actor,
        carried=posts,
    )
    return _edited(new.id, refitted, is_split=True)


def _carry(session: Database, old: Series, new: Series, *, first: date, now: datetime) -> dict[int, Post]:
    """The old series ends before `first`, and its people go on in the new one."""
    end_before(old, first, now=now)
    enrollment.carry(session, old=old, new=new, first=first, now=now)
    return roster.carry(session, old=old, new=new, first=first, now=now)


def _edited(series_id: int, refitted: Refitted, *, is_split: bool) -> Edited:
    return Edited(
        series_id=series_id,
        is_split=is_split,
        made=refitted.made,
        stopped=refitted.stopped,
        deleted=refitted.deleted,
        overridden=refitted.found.refused,
        warnings=refitted.found.warnings,
    )


def _standing(
    series: Series, old: Plan, plan: Plan, rows: Sequence[Occurrence], *, now: datetime
) -> Standing:
    """The series for who adds or skips dates; with another end of its rule, it is not ended any more."""
    return Standing(
        rule=old.rule,
        now=local_of(now, zone_named(old.timezone)),
        has_begun=has_begun(rows, now=now),
        ends_on=series.ends_on if ends_alike(old.rule, plan.rule) else None,
    )


def _as_text(plan: Plan) -> Mapping[str, str]:
    """A version of a plan for somebody who has to choose between two."""
    return {
        "title": plan.title,
        "discreet_title": plan.discreet_title,
        "kind": plan.kind.value,
        "first_start": f"{plan.first_start:%Y-%m-%d %H:%M}",
        "minutes": str(plan.minutes),
        "timezone": plan.timezone,
        "rule": text_of(plan.rule),
        "room_id": str(plan.room_id or ""),
        "capacity": str(plan.capacity or ""),
        "counting": plan.counting.value,
        "closed": "yes" if plan.closed else "no",
        "fellowship": plan.fellowship or "",
    }
