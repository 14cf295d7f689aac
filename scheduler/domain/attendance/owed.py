"""Sheets that were not handed in by the next morning, for who plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.models import Sheet
from scheduler.domain.attendance.opening import LOCKS_AFTER, locks_at
from scheduler.domain.attendance.policy import may_reopen
from scheduler.domain.people.models import Identity
from scheduler.domain.people.roles import Actor
from scheduler.domain.places.models import Room, Site
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.queries import LONGEST
from scheduler.domain.schedule.wall_time import local_of, zone_named
from scheduler.store.asking import rows


@dataclass(frozen=True, slots=True)
class Owed:
    """A session whose sheet is asked for; ``local_start`` is naive and in ``timezone``, ``leads`` are short
    names, ``locks_at`` is when nothing can be recorded any more, in UTC.
    """

    occurrence_id: int
    title: str
    kind: Kind
    timezone: str
    local_start: datetime
    starts_at: datetime
    site_id: int | None
    site_name: str
    leads: tuple[str, ...]
    is_begun: bool
    locks_at: datetime


def owed_sheets(
    session: Database,
    *,
    actor: Actor,
    now: datetime,
    site_id: int | None = None,
    locks: timedelta = LOCKS_AFTER,
) -> tuple[Owed, ...]:
    """What took place before today, on the clock of its series, and is neither handed in, recorded as not met
    nor locked; within the reach of a coordinator, and what locks first before the rest. One statement.

    ``site_id``: only what was held there. A group's number that is the group's own business is not asked for.
    """
    since = now - locks
    reopened = select(Sheet.occurrence_id).where(Sheet.submitted_at.is_(None), Sheet.reopened_at > since)
    query = (
        select(
            *(Occurrence.id, Series.title, Series.kind, Series.timezone, Occurrence.local_start),
            *(Occurrence.starts_at, Occurrence.ends_at, Site.id, func.coalesce(Site.name, "")),
            *(_leads(), Sheet.opened_at, Sheet.reopened_at),
        )
        .select_from(Occurrence)
        .join(Series, Series.id == Occurrence.series_id)
        .outerjoin(Room, Room.id == Occurrence.room_id)
        .outerjoin(Site, Site.id == Room.site_id)
        .outerjoin(Sheet, Sheet.occurrence_id == Occurrence.id)
        .where(
            Occurrence.booked,
            Series.listed.is_(False),
            or_(Occurrence.starts_at > since - LONGEST, Occurrence.id.in_(reopened)),
            Occurrence.ends_at <= now,
            Sheet.submitted_at.is_(None),
            Sheet.not_met_at.is_(None),
            may_reopen(actor),
            true() if site_id is None else Site.id == site_id,
        )
    )
    found = [_owed(row, locks) for row in rows(session, query)]
    asked = [one for one in found if now < one.locks_at and _is_of_a_day_before(one, now)]
    return tuple(sorted(asked, key=lambda one: (one.locks_at, one.starts_at, one.occurrence_id)))


def _owed(row: Any, locks: timedelta) -> Owed:
    occurrence, title, kind, zone, local_start, starts_at, ends_at, site, site_name, leads, opened, again = (
        row
    )
    return Owed(
        occurrence,
        title,
        Kind(kind),
        zone,
        local_start,
        starts_at,
        site,
        site_name,
        leads=tuple(sorted(set(filter(None, (leads or "").split("\n"))))),
        is_begun=opened is not None,
        locks_at=locks_at(ends_at, again, locks),
    )


def _is_of_a_day_before(one: Owed, now: datetime) -> bool:
    return one.local_start.date() < local_of(now, zone_named(one.timezone)).date()


def _leads() -> ColumnElement[str | None]:
    query = (
        select(func.aggregate_strings(Identity.short_name, "\n"))
        .join(Duty, Duty.person_id == Identity.person_id)
        .where(Duty.occurrence_id == Occurrence.id)
    )
    return query.correlate(Occurrence).scalar_subquery()
