"""Series of meetings that no center runs: made many at a time, and outside the planner.

They have no room, no duties and no sheet, so that nothing of theirs can collide and nothing is locked or
looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.service import carry
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.concerned import hold_series, persons_of_series
from scheduler.domain.schedule.dates import horizon_of, made_until, meetings_at, starts_until
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.queries import plan_of
from scheduler.domain.schedule.rule_text import text_of
from scheduler.domain.schedule.service import add_series, described, end_before, touch
from scheduler.store.revisions import raise_calendars


def make_listed(session: Database, *, plans: Sequence[Plan], now: datetime) -> list[int]:
    """Make a listed series for each plan, with its occurrences up to the horizon; answers the ids in the
    same order.

    The plans are complete and checked: their first start is the rule's own. Two statements, whatever
    their number.
    """
    if not plans:
        return []
    rows = [_series_row(plan, now) for plan in plans]
    ids = list(session.scalars(insert(Series).returning(Series.id, sort_by_parameter_order=True), rows))
    session.execute(update(Series).where(Series.id.in_(ids)).values(lineage_id=Series.id))
    occurrences = [
        row for series_id, plan in zip(ids, plans, strict=True) for row in _dates(series_id, plan, now)
    ]
    session.execute(insert(Occurrence), occurrences)
    return ids


def _series_row(plan: Plan, now: datetime) -> dict[str, object]:
    return {
        **described(plan),
        "listed": True,
        "first_start": plan.first_start,
        "duration": plan.minutes,
        "timezone": plan.timezone,
        "rule": text_of(plan.rule),
        "made_until": _reach(plan, now),
        "changed_at": now,
    }


def _reach(plan: Plan, now: datetime) -> date:
    until = horizon_of(now, zone_named(plan.timezone))
    return made_until(plan.rule, plan.first_start, until=until, ends_on=None)


def _dates(series_id: int, plan: Plan, now: datetime) -> list[dict[str, object]]:
    zone = zone_named(plan.timezone)
    starts = starts_until(plan.rule, plan.first_start, after=None, until=horizon_of(now, zone), ends_on=None)
    return [
        {
            "series_id": series_id,
            "original_start": meeting.local_start,
            "local_start": meeting.local_start,
            "starts_at": meeting.starts_at,
            "ends_at": meeting.ends_at,
            "changed_at": now,
        }
        for meeting in meetings_at(starts, plan.minutes, zone)
    ]


def change_listed(session: Database, *, series_id: int, plan: Plan, now: datetime) -> int:
    """What a list now says of a listed series; answers the series that it is from now on.

    Where it meets as before, its words change in place. Another day, hour, length or zone ends it before
    its next date and begins another of the same lineage, and those who have it in their calendar have
    that one then; if it never met yet, it stays the same series.
    """
    series = hold_series(session, series_id, listed=True)
    people = persons_of_series(session, series_id)
    if meets_alike(plan_of(series), plan):
        _describe(series, plan, now)
    else:
        series = _from_now_on(session, series, plan, now)
    raise_calendars(session, people, now=now)
    return series.id


def meets_alike(one: Plan, other: Plan) -> bool:
    """Do the two meet on the same days, at the same hour, as long?"""
    return _pattern(one) == _pattern(other)


def _pattern(plan: Plan) -> tuple[object, ...]:
    return plan.rule, plan.first_start.time(), plan.minutes, plan.timezone


def _describe(series: Series, plan: Plan, now: datetime) -> None:
    for column, value in described(plan).items():
        setattr(series, column, value)
    series.revision += 1
    touch(series, now=now)


def _from_now_on(session: Database, old: Series, plan: Plan, now: datetime) -> Series:
    past = _last_met(session, old, now)
    session.execute(delete(Occurrence).where(Occurrence.series_id == old.id, Occurrence.starts_at > now))
    if past is None:
        _describe(old, plan, now)
        old.first_start, old.duration, old.timezone = plan.first_start, plan.minutes, plan.timezone
        old.rule = text_of(plan.rule)
        _make_dates(session, old, plan, now)
        return old
    new = add_series(session, plan=_later_than(plan, past), lineage_id=old.lineage_id, now=now)
    new.listed = True
    _make_dates(session, new, plan_of(new), now)
    first = new.first_start.date()
    carry(session, old=old, new=new, first=first, now=now)
    end_before(old, first, now=now)
    return new


def _last_met(session: Database, series: Series, now: datetime) -> date | None:
    last = select(func.max(Occurrence.local_start)).where(
        Occurrence.series_id == series.id, Occurrence.starts_at <= now
    )
    found = session.scalar(last)
    return found.date() if found else None


def _later_than(plan: Plan, past: date) -> Plan:
    """The same from its first date on which the old series did not meet already."""
    ahead = timedelta(weeks=1) if plan.first_start.date() <= past else timedelta(0)
    return replace(plan, first_start=plan.first_start + ahead)


def _make_dates(session: Database, series: Series, plan: Plan, now: datetime) -> None:
    series.made_until = _reach(plan, now)
    session.flush()
    session.execute(insert(Occurrence), _dates(series.id, plan, now))
