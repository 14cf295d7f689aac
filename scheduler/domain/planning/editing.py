"""Editing a series: in place, or, where it has begun and changes when it meets, by a split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial

from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment import service as enrollment
from scheduler.domain.people.roles import Actor
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.changes import Change, remember
from scheduler.domain.planning.concerned import (
    CHANGED,
    hold_series,
    load_occurrence,
    load_room,
    occurrences_in,
    persons_of_series,
    require_to_come,
)
from scheduler.domain.planning.continuing import continuation, has_begun, next_of
from scheduler.domain.planning.going_on import NOBODY, Back, go_on
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
from scheduler.domain.schedule.shifting import Shift
from scheduler.domain.schedule.wall_time import instant_of, local_of
from scheduler.errors import Conflict, Invalid, NotFound
from scheduler.store.audit import record
from scheduler.store.base import require_revision
from scheduler.store.revisions import raise_calendars


@dataclass(frozen=True, slots=True)
class Edited:
    """`series_id` is what goes on: another series after a split. Occurrences by their ids.

    `stopped` ones had no date any more, but something hanging on them; they are to be looked at. `concerned`
    are all that are to come of what was edited; `back` go on with a series that was ended. `change_id` is
    what `undoing` takes back.
    """

    series_id: int
    is_split: bool
    made: tuple[int, ...] = ()
    stopped: tuple[int, ...] = ()
    deleted: tuple[int, ...] = ()
    overridden: tuple[Clash, ...] = ()
    warnings: tuple[Clash, ...] = ()
    concerned: tuple[int, ...] = field(default=(), compare=False)
    back: Back = NOBODY
    change_id: int = field(default=0, compare=False)


def edit_series(
    session: Database,
    *,
    actor: Actor,
    series_id: int,
    revision: int,
    plan: Plan,
    since: int | None = None,
    goes_on: bool = False,
    override: str = "",
    now: datetime,
) -> Edited:
    """Make a series what the plan says, from its next occurrence on; past ones stay as they were.

    `since` is the id of another occurrence to begin with: those before it then stay as they are too, and
    whatever changes makes another series of the same lineage. With `goes_on`, or another end of its rule, a
    series that was ended is not ended any more, and the people whom that had cut go on with it.

    Titles, kind, room, places, counting, closing, the end of the rule and the dates that are added to it or
    skipped change in place, and before its first occurrence everything does. A change of its time, length,
    zone or days makes another series of the same lineage from its next occurrence on, to which posts,
    enrollments and what single occurrences override are carried; `plan.first_start` then gives the wall time,
    with the date that the series has. A count is of all its dates, those before the split included.

    Raises NotFound; Conflict with both versions where `revision` is not the newest; Invalid with the fields
    of the plan; Refused where nothing is to come, or `since` has begun; Taken where a room or a facilitator
    is taken and `override` gives no reason.
    """
    rooms = spare_rooms(session, beside=plan.room_id, now=now)
    series = hold_series(session, series_id, rooms=rooms)
    old = plan_of(series)
    if series.revision != revision:
        raise Conflict(CHANGED, theirs=_as_text(old), mine=_as_text(plan))
    load_room(session, plan.room_id)
    plan = checked_words(plan)
    today = local_of(now, zone_named(old.timezone)).date()
    enrollment.require_room_for_all(session, series_id=series.id, capacity=plan.capacity, on=today)
    with remember(session, Change.EDIT, series=[series.id], actor=actor, now=now) as remembered:
        require_revision(series, revision)
        start = _start_of(session, series, since, now)
        goes_on = series.ends_on is not None and (goes_on or not ends_alike(old.rule, plan.rule))
        back = go_on(session, series, until=None, now=now) if goes_on else NOBODY
        edited = change(
            session, series, plan, since=start, anew=goes_on, actor=actor, override=override, now=now
        )
    announce(session, series.id, edited, actor=actor, now=now)
    return replace(edited, back=back, change_id=remembered.id)


def announce(session: Database, series_id: int, edited: Edited, *, actor: Actor, now: datetime) -> None:
    """Calendars and the audit hear of it."""
    raise_calendars(session, persons_of_series(session, series_id, edited.series_id), now=now)
    record(
        session,
        actor=actor,
        at=now,
        action="series.split" if edited.is_split else "series.edited",
        subject="series",
        subject_id=series_id,
        detail={
            "goes_on_as": edited.series_id,
            "made": len(edited.made),
            "stopped": len(edited.stopped),
            "deleted": len(edited.deleted),
        },
    )


def _start_of(session: Database, series: Series, since: int | None, now: datetime) -> datetime | None:
    if since is None:
        return None
    row = load_occurrence(session, since)
    if row.series_id != series.id:
        raise NotFound("There is no such session.")
    require_to_come(row, now=now)
    return row.original_start


def change(
    session: Database,
    series: Series,
    plan: Plan,
    *,
    since: datetime | None = None,
    shift: Shift | None = None,
    anew: bool = False,
    actor: Actor,
    override: str,
    now: datetime,
) -> Edited:
    """Bring a locked series in line with a plan, from the original start `since` on; its dates are fitted
    `anew` where they may be others although the plan keeps them.

    With a `shift` each date goes where that puts it, and `plan.first_start` gives only the hour. For verbs
    that raise calendars and remember.
    """
    old, rows = plan_of(series), occurrences_in(session, series.id)
    if since is not None and since <= next_of(rows, now=now)[0].original_start:
        since = None  # that is the whole series, as far as it can change
    if since is not None:
        return _split(
            session,
            series,
            old,
            plan,
            rows,
            since=since,
            shift=shift,
            actor=actor,
            override=override,
            now=now,
        )
    standing = _standing(series, old, plan, rows, now=now)
    if keeps_time(old, plan):
        plan = with_exceptions(plan, standing)
    if keeps_dates(old, plan) and old.room_id == plan.room_id and not anew:
        describe(series, plan, now=now)
        touch(series, now=now)
        session.flush()
        to_come = tuple(row.id for row in rows if row.starts_at > now)
        return Edited(series.id, is_split=False, concerned=to_come)
    in_place = keeps_time(old, plan) or not has_begun(rows, now=now)
    edit = partial(_edit_in_place, standing=standing) if in_place else partial(_split, since=None)
    return edit(session, series, old, plan, rows, shift=shift, actor=actor, override=override, now=now)


def _edit_in_place(
    session: Database,
    series: Series,
    old: Plan,
    plan: Plan,
    rows: Sequence[Occurrence],
    *,
    standing: Standing,
    shift: Shift | None,
    actor: Actor,
    override: str,
    now: datetime,
) -> Edited:
    """The same rows; each takes its own date again, or the one that matches it."""
    period: Period = day_of
    ends_on = series.ends_on
    if shift is not None:
        plan = replace(plan, first_start=_first_of(shift, rows, plan))
        ends_on = shift.last(ends_on)
    if not keeps_time(old, plan):
        plan = checked(plan, now=now, standing=standing)
        period = period_of(old.rule, plan.rule)
        if instant_of(plan.first_start, zone_named(plan.timezone)) <= now:
            raise Invalid("This time is past.", field="first_start")
    if plan.first_start < old.first_start:
        earlier = (old.first_start.date(), plan.first_start.date())
        enrollment.begin_earlier(session, series.id, *earlier, now=now)
        roster.begin_earlier(session, series.id, *earlier, now=now)
    describe(series, plan, now=now)
    retime(series, plan)
    if shift is not None:
        series.ends_on = ends_on
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
        shift=shift,
    )
    return _edited(series.id, refitted, is_split=False)


def _split(
    session: Database,
    series: Series,
    old: Plan,
    plan: Plan,
    rows: Sequence[Occurrence],
    *,
    since: datetime | None,
    shift: Shift | None,
    actor: Actor,
    override: str,
    now: datetime,
) -> Edited:
    """Another series goes on instead of the next occurrence, or of the one that starts at `since`."""
    going_on = continuation(old, plan, rows, since=since, shift=shift, now=now)
    standing = going_on.standing
    new = add_series(session, plan=going_on.plan, lineage_id=series.lineage_id, now=now)
    if shift is not None:
        new.ends_on = shift.last(series.ends_on)
    elif ends_alike(old.rule, plan.rule):
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
        shift=going_on.shift,
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
        concerned=(*refitted.kept, *refitted.made),
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


def _first_of(shift: Shift, rows: Sequence[Occurrence], plan: Plan) -> datetime:
    """The first date of a series that has not begun: not always the first one's, where only some days go."""
    return min((shift.of(row.original_start) for row in rows), default=plan.first_start)


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
        "counts": str(plan.counts),
        "closed": "yes" if plan.closed else "no",
        "check_in": "yes" if plan.check_in else "no",
        "fellowship": plan.fellowship or "",
    }
