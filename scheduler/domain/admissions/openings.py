"""Groups that take somebody new, and when they meet next."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.capacity import most_within
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import holds_by_person
from scheduler.domain.enrollment.service import term_of
from scheduler.domain.places.models import Room, Site
from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.kinds import OF_ONE_MEMBER
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.terms import Term
from scheduler.domain.schedule.wall_time import local_of


@dataclass(frozen=True, slots=True)
class Opening:
    """A series with a place for one more from today on.

    ``starts_at`` is its next meeting, none where none is planned; ``free`` places, none without a limit.
    """

    series_id: int
    title: str
    site_name: str
    timezone: str
    starts_at: datetime | None
    free: int | None


def openings(
    session: Database,
    *,
    now: datetime,
    within: ColumnElement[bool] | None = None,
    person_id: int | None = None,
) -> tuple[Opening, ...]:
    """All of them, those that meet next first; ``within`` is a condition on Series. Four statements.

    What is about one member is for ``person_id`` only, and only where nobody else has or had it.
    """
    query = (
        select(Series.id, Series.title, func.coalesce(Site.name, ""), Series.timezone, Series.capacity)
        .outerjoin(Room, Room.id == Series.room_id)
        .outerjoin(Site, Site.id == Room.site_id)
        .where(Series.listed.is_(False), Series.closed.is_(False))
        .where(_takes(person_id))
        .where(or_(Series.ends_on.is_(None), Series.ends_on >= now.date()))
        .order_by(func.lower(Series.title), Series.id)
    )
    found = session.execute(query if within is None else query.where(within)).all()
    limited = {series_id: zone for series_id, _, _, zone, capacity in found if capacity is not None}
    taken = _taken(session, limited, now)
    nexts = next_meetings(session, [row[0] for row in found], now=now)
    listed = [
        Opening(series_id, title, site, zone, nexts.get(series_id), _free(capacity, taken[series_id]))
        for series_id, title, site, zone, capacity in found
    ]
    with_places = [each for each in listed if each.free is None or each.free > 0]
    return tuple(sorted(with_places, key=lambda each: (each.starts_at is None, each.starts_at or now)))


def next_meetings(session: Database, series: Collection[int], *, now: datetime) -> dict[int, datetime]:
    """When these series take place next, later than now; who meets no more is left out. One statement."""
    query = (
        select(Occurrence.series_id, func.min(Occurrence.starts_at))
        .where(Occurrence.series_id.in_(series), Occurrence.booked, Occurrence.starts_at > now)
        .group_by(Occurrence.series_id)
    )
    return dict(iter(session.execute(query)))


def _takes(person_id: int | None) -> ColumnElement[bool]:
    for_all = Series.kind.not_in([kind.value for kind in OF_ONE_MEMBER])
    if person_id is None:
        return for_all
    # Also who left keeps theirs: its title may name them.
    others = select(Enrollment.id).where(Enrollment.series_id == Series.id, Enrollment.person_id != person_id)
    return for_all | ~others.correlate(Series).exists()


def _free(capacity: int | None, most: int) -> int | None:
    return None if capacity is None else capacity - most


def _taken(session: Database, zones: Mapping[int, str], now: datetime) -> Mapping[int, int]:
    """How many places of each series are taken on its fullest date from today on."""
    query = select(Enrollment).where(Enrollment.series_id.in_(zones))
    rows = session.scalars(query).all() if zones else []
    freed = holds_by_person(session, {row.person_id for row in rows}, freed=True)
    terms: dict[int, list[Term]] = defaultdict(list)
    for row in rows:
        terms[row.series_id] += term_of(row).without(freed.get(row.person_id, ()))
    most = {
        series_id: most_within(Term(local_of(now, zone_named(zone)).date()), terms[series_id]) - 1
        for series_id, zone in zones.items()
    }
    return defaultdict(int, most)
