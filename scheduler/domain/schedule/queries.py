"""Series and occurrences as frozen values."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, Enum, bindparam, exists, func, select, type_coerce
from sqlalchemy.orm import Session as Database

from scheduler.domain.places.models import Room, Site
from scheduler.domain.schedule.conflicts import Booking, Holder
from scheduler.domain.schedule.counts import Counts
from scheduler.domain.schedule.dates import ALL_MADE
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.plans import LONGEST_MINUTES, Plan
from scheduler.domain.schedule.rule_text import rule_of
from scheduler.store.asking import rows
from scheduler.store.base import UtcInstant

LONGEST = timedelta(minutes=LONGEST_MINUTES)
FURTHEST_OFFSET = timedelta(hours=15)
"""No zone is further from UTC than that."""
ORIGINAL_DATE: ColumnElement[date] = func.date(Occurrence.original_start, type_=Date)
"""The local date by which an occurrence is compared with enrollments and posts."""


def _values(kinds: Any) -> list[str]:
    return [kind.value for kind in kinds]


KIND = type_coerce(Series.kind, Enum(Kind, native_enum=False, values_callable=_values))
"""The kind of a series, answered as a Kind."""
COUNTING = type_coerce(Series.counting, Enum(Counting, native_enum=False, values_callable=_values))
"""How a series is counted, answered as a Counting."""


_EARLIEST: Final = bindparam("earliest", type_=UtcInstant())
_BEGIN: Final = bindparam("begin", type_=UtcInstant())
_END: Final = bindparam("end", type_=UtcInstant())


def within(starts: Any, ends: Any) -> ColumnElement[bool]:
    """Spans that share time with the instants that :func:`between` gives to a statement.

    An index on the start serves, no session being over a day. Such statements are built once: what is asked
    with every change of the plan would otherwise take longer to write than to answer.
    """
    condition: ColumnElement[bool] = (starts < _END) & (starts > _EARLIEST) & (ends > _BEGIN)
    return condition


def between(begin: datetime, end: datetime) -> dict[str, datetime]:
    """What a statement with :func:`within` is given."""
    return {"earliest": begin - LONGEST, "begin": begin, "end": end}


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A series as it stands. `plan.first_start` is its first date; `made_until` the local date up to which
    its occurrences exist (ALL_MADE: all of them); `ends_on` the last local date, where it was ended.
    """

    id: int
    lineage_id: int
    revision: int
    plan: Plan
    ends_on: date | None
    made_until: date | None
    room_name: str
    site_name: str
    join_link: str


def counts_of(series: Series) -> Counts:
    """What of its sessions counts."""
    return Counts(series.least_people, series.most_people, series.least_minutes, series.most_minutes)


def plan_of(series: Series) -> Plan:
    """What was typed to make the series what it is now."""
    return Plan(
        kind=Kind(series.kind),
        title=series.title,
        first_start=series.first_start,
        minutes=series.duration,
        timezone=series.timezone,
        rule=rule_of(series.rule),
        discreet_title=series.discreet_title,
        room_id=series.room_id,
        capacity=series.capacity,
        counting=Counting(series.counting),
        closed=series.closed,
        fellowship=series.fellowship,
        counts=counts_of(series),
        check_in=series.check_in,
    )


def series_view(session: Database, series_id: int) -> SeriesView | None:
    """One planned series, or none; listed meetings are not planned. One statement."""
    found = _series(session, Series.id == series_id)
    return found[0] if found else None


def all_series(
    session: Database, *, now: datetime, ended: bool = False, within: ColumnElement[bool] | None = None
) -> tuple[SeriesView, ...]:
    """The planned series that still meet (`ended`: those that do not any more), by title. One statement.

    `within`: only those in somebody's reach.
    """
    to_come = exists().where(Occurrence.series_id == Series.id, Occurrence.ends_at > now)
    over = (Series.made_until == ALL_MADE) & ~to_come
    condition = over if ended else ~over
    return _series(session, condition if within is None else condition & within)


def line_of(
    session: Database, series: SeriesView, *, within: ColumnElement[bool] | None = None
) -> tuple[SeriesView, ...]:
    """The series of its lineage, itself included, by their first dates. One statement.

    `within`: only those in somebody's reach.
    """
    same = Series.lineage_id == series.lineage_id
    found = _series(session, same if within is None else same & within)
    return tuple(sorted(found, key=lambda each: (each.plan.first_start, each.id)))


def is_any_planned(session: Database) -> bool:
    """Is there a planned series, met or ended or still to begin? One statement."""
    return session.scalar(select(Series.id).where(Series.listed.is_(False)).limit(1)) is not None


def _series(session: Database, condition: ColumnElement[bool]) -> tuple[SeriesView, ...]:
    query = (
        select(Series, Room.name, Site.name, Room.join_link)
        .outerjoin(Room, Room.id == Series.room_id)
        .outerjoin(Site, Site.id == Room.site_id)
        .where(Series.listed.is_(False), condition)
        .order_by(func.lower(Series.title), Series.id)
    )
    return tuple(
        SeriesView(
            id=series.id,
            lineage_id=series.lineage_id or series.id,
            revision=series.revision,
            plan=plan_of(series),
            ends_on=series.ends_on,
            made_until=series.made_until,
            room_name=room or "",
            site_name=site or "",
            join_link=link or "",
        )
        for series, room, site, link in session.execute(query)
    )


_ROOMS_TAKEN: Final = select(
    Occurrence.room_id, Occurrence.starts_at, Occurrence.ends_at, Occurrence.id
).where(
    Occurrence.room_id.in_(bindparam("rooms", expanding=True)),
    Occurrence.booked,
    within(Occurrence.starts_at, Occurrence.ends_at),
)


def rooms_taken(session: Database, rooms: Collection[int], begin: datetime, end: datetime) -> list[Booking]:
    """What stands in these rooms between two instants, overridden or not; one statement."""
    if not rooms:
        return []
    asked = {"rooms": list(rooms), **between(begin, end)}
    return [Booking(Holder.ROOM, *row) for row in rows(session, _ROOMS_TAKEN, asked)]
