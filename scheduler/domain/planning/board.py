"""A span of the plan for the board: plain rows, as fast as they come.

What `queries.planned_between` answers for pages, for a drawing of six hundred sessions at once: no value is
made for each of them, times stay as the driver has them, and the statements are put together once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import covers
from scheduler.domain.people.models import Identity
from scheduler.domain.places.models import Room
from scheduler.domain.planning.doubled import doubled_between, in_sight
from scheduler.domain.planning.queries import SHEET
from scheduler.domain.planning.reach import Condition, Reach, occurrences_at
from scheduler.domain.roster.models import Duty
from scheduler.domain.roster.positions import Position
from scheduler.domain.schedule.conflicts import Holder
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.models import Closure, Occurrence, Series
from scheduler.domain.schedule.queries import FURTHEST_OFFSET, ORIGINAL_DATE
from scheduler.domain.stays.models import Hold

Row = Sequence[Any]
Sites = frozenset[int] | None
ROOM: Final = -1
"""In place of a person's id: it is the room that is taken twice."""
# Places in a row of `_sessions`; the last one stays here.
_ID, _SERIES, _BOOKED, _KIND, _EXPECTED, _NOT_MET, _DAY = 0, 1, 7, 8, 11, 13, 14


@dataclass(frozen=True, slots=True)
class Shown:
    """What the board is narrowed to; none: all. What has no room belongs to no site."""

    site_id: int | None = None
    kind: str | None = None
    person_id: int | None = None

    def of_occurrences(self) -> Condition:
        """On Occurrence, with its Series in the query."""
        wanted: list[Condition] = [true()]
        if self.site_id is not None:
            wanted.append(Occurrence.room_id.in_(select(Room.id).where(Room.site_id == self.site_id)))
        if self.kind is not None:
            wanted.append(Series.kind == self.kind)
        if self.person_id is not None:
            leads = exists().where(Duty.occurrence_id == Occurrence.id, Duty.person_id == self.person_id)
            wanted.append(leads.correlate(Occurrence))
        return and_(*wanted)

    def within(self, reach: Reach) -> Condition:
        """The same, and within somebody's reach."""
        here = reach.of_occurrences()
        return self.of_occurrences() if here is None else and_(self.of_occurrences(), here)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many sessions there are, and how many of them need a look."""

    sessions: int
    twice: int
    lacking: int
    cancelled: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in a span.

    A row of `sessions`: id, series, revision, local start, start and end (UTC), room, whether it takes place,
    kind, title, capacity, how many are expected (none where heads are counted), zone (none: the reader's),
    the ids of those who lead, who is taken twice: a person's id, `ROOM`, or 0, and whether only by what is
    out of the reader's reach or narrowed away; whether it did not meet. `people` names who leads.
    A row of `closed`: site, room, local start and end, reason; one of the first two is none.
    `counts` are of all, `more` says by date how many of them are not among `sessions`.
    """

    sessions: list[list[Any]]
    people: Mapping[int, str]
    closed: list[list[Any]]
    counts: Counts
    more: Mapping[str, int]


def standing_between(
    session: Database,
    first: date,
    days: int,
    *,
    reach: Reach,
    shown: Shown,
    reader_zone: str,
    most: int | None = None,
) -> Standing:
    """What stands on local dates within the reach, in order of time. Five statements; one more where
    something is taken twice by what is not among it, and one with `most`.

    `most`: so many of a day are among its sessions; where there are more, their number is. One alone is shown
    rather than counted.
    """
    begin = datetime.combine(first, time.min)
    end = begin + timedelta(days=days)
    span: dict[str, Any] = {
        "begin": begin,
        "end": end,
        # The dates are local to each series, and the index is on the instant.
        "earliest": begin.replace(tzinfo=UTC) - FURTHEST_OFFSET,
        "latest": end.replace(tzinfo=UTC) + FURTHEST_OFFSET,
        "zone": reader_zone,
    }
    more: Mapping[str, int] = {}
    if most is None:
        found = _plain(session, _sessions(reach.sites, shown, some=False), span)
        leads, people = _leading(session, reach.sites, shown, span)
        ids, lacking, cancelled = {row[_ID] for row in found}, *_troubles(found, leads)
    else:
        outline = _plain(session, _outline(reach.sites, shown), span)
        ids = {row[0] for row in outline}
        lacking, cancelled = (sum(row[place] for row in outline) for place in (2, 3))
        span["ids"], more = _first_of_days(outline, most)
        found = _plain(session, _sessions(reach.sites, shown, some=True), span)
        leads, people = _leading(session, reach.sites, shown, span)
    absent = _on_hold(session, found)
    twice = _twice(session, ids, span, shown.within(reach))
    sessions = [
        [*row[:_NOT_MET], leads.get(row[_ID], ()), *twice.get(row[_ID], (0, False)), row[_NOT_MET]]
        for row in found
    ]
    for told in sessions if absent else ():
        if told[_EXPECTED] is not None:
            told[_EXPECTED] -= absent.get(told[_ID], 0)
    closed = _plain(session, _closed(reach.sites), {"begin": begin, "end": end})
    counts = Counts(len(ids), sum(each in ids for each in twice), lacking, cancelled)
    return Standing(sessions, people, [list(row) for row in closed], counts, more)


def _plain(session: Database, query: Select[*tuple[Any, ...]], values: Mapping[str, Any]) -> Sequence[Row]:
    """The rows as the driver has them: of six hundred, to make values takes longer than to find them."""
    cursor: Any = session.connection().execute(query, values).cursor
    found: Sequence[Row] = cursor.fetchall()
    return found


def _first_of_days(outline: Sequence[Row], most: int) -> tuple[list[int], dict[str, int]]:
    """The ids of the first of each day, and by date how many more there are."""
    days: defaultdict[str, list[int]] = defaultdict(list)
    for occurrence, local_start, *_ in outline:
        days[str(local_start)[:10]].append(occurrence)
    shown = {day: ids if len(ids) == most + 1 else ids[:most] for day, ids in days.items()}
    more = {day: len(ids) - len(shown[day]) for day, ids in days.items() if len(ids) > len(shown[day])}
    return [each for ids in shown.values() for each in ids], more


def _troubles(found: Sequence[Row], leads: Mapping[int, object]) -> tuple[int, int]:
    """How many take place and nobody leads them, and how many are cancelled. Mutual help runs itself."""
    mutual = Kind.MUTUAL_HELP.value
    lacking = sum(
        row[_BOOKED] and not row[_NOT_MET] and row[_ID] not in leads and row[_KIND] != mutual for row in found
    )
    return lacking, sum(not row[_BOOKED] for row in found)


def _condition(sites: Sites, shown: Shown) -> Condition:
    condition = and_(
        Occurrence.starts_at.between(bindparam("earliest"), bindparam("latest")),
        Occurrence.local_start >= bindparam("begin"),
        Occurrence.local_start < bindparam("end"),
        Series.listed.is_(False),
        shown.of_occurrences(),
    )
    return condition if sites is None else condition & occurrences_at(sites)


@lru_cache(maxsize=64)
def _outline(sites: Sites, shown: Shown) -> Select[*tuple[Any, ...]]:
    """All of a span, little of each: id, local start, whether it lacks a lead, whether it is cancelled."""
    led = exists().where(Duty.occurrence_id == Occurrence.id).correlate(Occurrence)
    meets = and_(Occurrence.booked, SHEET.c.not_met_at.is_(None))
    lacks = and_(meets, Series.kind != Kind.MUTUAL_HELP.value, ~led)
    return (
        select(Occurrence.id, Occurrence.local_start, lacks, Occurrence.booked.is_(False))
        .join(Series, Series.id == Occurrence.series_id)
        .outerjoin(SHEET, SHEET.c.occurrence_id == Occurrence.id)
        .where(_condition(sites, shown))
        .order_by(Occurrence.starts_at, Occurrence.id)
    )


@lru_cache(maxsize=64)
def _sessions(sites: Sites, shown: Shown, *, some: bool) -> Select[*tuple[Any, ...]]:
    belong = select(func.count()).select_from(Enrollment).where(covers(Enrollment))
    heads = Series.counting == Counting.HEADS.value
    return (
        select(
            Occurrence.id,
            Occurrence.series_id,
            Occurrence.revision,
            Occurrence.local_start,
            Occurrence.starts_at,
            Occurrence.ends_at,
            Occurrence.room_id,
            Occurrence.booked,
            Series.kind,
            Series.title,
            Series.capacity,
            case((heads, null()), else_=belong.correlate(Occurrence).scalar_subquery()),
            func.nullif(Series.timezone, bindparam("zone")),
            SHEET.c.not_met_at.is_not(None),
            ORIGINAL_DATE,
        )
        .join(Series, Series.id == Occurrence.series_id)
        .outerjoin(SHEET, SHEET.c.occurrence_id == Occurrence.id)
        .where(_condition(sites, shown), _among(some=some))
        .order_by(Occurrence.starts_at, Occurrence.id)
    )


def _among(*, some: bool) -> Condition:
    return Occurrence.id.in_(bindparam("ids", expanding=True)) if some else true()


def _leading(
    session: Database, sites: Sites, shown: Shown, span: Mapping[str, Any]
) -> tuple[Mapping[int, list[int]], Mapping[int, str]]:
    """Who leads by occurrence, the lead first, and their names."""
    leads: defaultdict[int, list[int]] = defaultdict(list)
    people: dict[int, str] = {}
    for occurrence, person, name in _plain(session, _duties(sites, shown, some="ids" in span), span):
        leads[occurrence].append(person)
        people[person] = name
    return leads, people


@lru_cache(maxsize=64)
def _duties(sites: Sites, shown: Shown, *, some: bool) -> Select[*tuple[Any, ...]]:
    return (
        select(Duty.occurrence_id, Duty.person_id, Identity.short_name)
        .join(Occurrence, Occurrence.id == Duty.occurrence_id)
        .join(Series, Series.id == Occurrence.series_id)
        .join(Identity, Identity.person_id == Duty.person_id)
        .where(_condition(sites, shown), _among(some=some))
        .order_by(Duty.position != Position.LEAD, Duty.id)
    )


@lru_cache(maxsize=1)
def _holds() -> Select[*tuple[Any, ...]]:
    """Enrollments of people on hold: series, enrollment, first and last date of both.

    Asked twice, and without the dates of enrollments, so that no database begins by reading all of these.
    """
    ends: ColumnElement[date] = bindparam("last")
    begins: ColumnElement[date] = bindparam("first")
    held = (Hold.from_date <= ends) & or_(Hold.until_date.is_(None), Hold.until_date >= begins)
    return (
        select(
            Enrollment.series_id,
            Enrollment.id,
            Enrollment.from_date,
            Enrollment.until_date,
            Hold.from_date,
            Hold.until_date,
        )
        .join(Hold, Hold.person_id == Enrollment.person_id)
        .where(held, Enrollment.person_id.in_(select(Hold.person_id).where(held)))
    )


def _on_hold(session: Database, found: Sequence[Row]) -> Mapping[int, int]:
    """How many of those who belong are on hold on the day. Few are, so they are taken off one by one."""
    if not found:
        return {}
    days = {row[_DAY] for row in found}
    span = {"first": date.fromisoformat(str(min(days))), "last": date.fromisoformat(str(max(days)))}
    held: defaultdict[int, list[Row]] = defaultdict(list)
    for row in _plain(session, _holds(), span):
        held[row[0]].append(row)
    return {row[_ID]: len(set(_away(row[_DAY], held[row[_SERIES]]))) for row in found if row[_SERIES] in held}


def _away(day: Any, held: Iterable[Row]) -> Iterator[int]:
    """The enrollments that hold on a day on which their person is on hold."""
    for _, enrollment, first, last, hold_first, hold_last in held:
        if first <= day and hold_first <= day and all(end is None or day <= end for end in (last, hold_last)):
            yield enrollment


def _twice(
    session: Database, ids: Set[int], span: Mapping[str, Any], sight: Condition
) -> Mapping[int, tuple[int, bool]]:
    """Who is taken twice by occurrence, a room before a person, and whether only by what is not in sight."""
    if not ids:
        return {}
    doubled = doubled_between(session, span["earliest"], span["latest"])
    seen = in_sight(session, doubled, ids, sight)
    return {
        occurrence: (ROOM if holder is Holder.ROOM else held, seen.isdisjoint(others))
        for (occurrence, holder, held), others in doubled.items()
    }


@lru_cache(maxsize=64)
def _closed(sites: Sites) -> Select[*tuple[Any, ...]]:
    query = select(
        Closure.site_id, Closure.room_id, Closure.local_start, Closure.local_end, Closure.reason
    ).where(
        Closure.lifted_at.is_(None),
        Closure.local_start < bindparam("end"),
        Closure.local_end > bindparam("begin"),
    )
    if sites is not None:
        here = Closure.room_id.in_(select(Room.id).where(Room.site_id.in_(sites)))
        query = query.where(or_(Closure.site_id.in_(sites), here))
    return query.order_by(Closure.id)
