"""All that is taken twice in what is planned ahead: rooms, those who lead, members, and pairs kept apart.

Rooms and those who lead are joined by the database with what begins within their time, along an index: what
is free costs one look. Members have too many hours for that, so `coinciding` first names the few whose series
could ever meet at once. What is found is decided by `conflicts.overlaps`, as everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Select, String, and_, cast, extract, func, or_, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import aliased

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import expects
from scheduler.domain.people.models import KeptApart
from scheduler.domain.places.models import Room
from scheduler.domain.places.zones import zone_named
from scheduler.domain.roster.models import Duty
from scheduler.domain.roster.queries import facilitators_taken
from scheduler.domain.schedule.coinciding import could_coincide, hours_of, seasons
from scheduler.domain.schedule.conflicts import Booking, Holder, Overlap, overlaps, together
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.queries import LONGEST, between, within
from scheduler.domain.schedule.recurrence import FURTHEST_AHEAD
from scheduler.store.asking import rows

AT_A_TIME: Final = 500
"""Persons that one statement asks for."""
_DAY: Final = timedelta(days=1)
Belongs = Mapping[int, Collection[int]]
"""The series that each person belongs to, by id."""


def collisions(session: Database, *, now: datetime, series: Collection[int] = ()) -> list[Overlap]:
    """All overlaps in what is not over, overridden or not: by room and person, then time. A dozen statements.

    `series`: only those among these. Takes time like n log n for n occurrences, beside what collides.
    """
    among = set(series)
    taken = {*_twice_in_rooms(session, now, among), *_twice_leading(session, now, among)}
    attended = overlaps(_attended(session, now, among))
    return overlaps(taken) + [each for each in attended if each.only_warns]


def meetings_apart(
    session: Database, *, now: datetime, series: Collection[int] = ()
) -> list[tuple[int, int, int]]:
    """Two persons who are kept apart and the occurrence to come where both would be, for each such. Four
    statements, one where nobody is kept apart; `series`: only of these.
    """
    pairs = _kept_apart(session)
    persons = {person for pair in pairs for person in pair}
    if not pairs:
        return []
    goes_to = _goes_to(session, persons, now, set(series))
    shared = {each for one, two in pairs for each in goes_to[one] & goes_to[two]}
    present: defaultdict[int, set[int]] = defaultdict(set)
    for booking in _present(session, persons, shared, now):
        present[booking.occurrence].add(booking.held)
    met = [(*pair, each) for each, there in present.items() for pair in together(pairs, [there])]
    return sorted(met, key=lambda one: (one[2], one[0], one[1]))


def _ahead(row: Any, now: datetime) -> ColumnElement[bool]:
    """It takes place, and is not over."""
    return and_(row.booked, row.ends_at > now, row.starts_at > now - LONGEST)


def _begins_within(later: Any, row: Any) -> ColumnElement[bool]:
    """Bounds for the index of `later`, no other bound of it, and none for that of `row`: behind a function.

    SQLite would take any of these for its index, and walk through months for each row.
    """
    starts = func.coalesce(row.starts_at, row.ends_at)
    return and_(later.starts_at >= starts, later.starts_at < row.ends_at, later.id != row.id, later.booked)


def _twice_in_rooms(session: Database, now: datetime, series: set[int]) -> Iterator[Booking]:
    one, two = aliased(Occurrence), aliased(Occurrence)
    query = (
        select(one.room_id, one.starts_at, one.ends_at, one.id, two.starts_at, two.ends_at, two.id)
        .join(two, (two.room_id == one.room_id) & _begins_within(two, one))
        .where(_ahead(one, now), two.ends_at > now)
        .where(one.room_id.in_(select(Room.id).where(Room.shared.is_(False))))
    )
    if series:
        query = query.where(one.series_id.in_(series), two.series_id.in_(series))
    return _both(Holder.ROOM, rows(session, query))


def _twice_leading(session: Database, now: datetime, series: set[int]) -> Iterator[Booking]:
    one, two = aliased(Duty), aliased(Duty)
    columns = (one.person_id, one.starts_at, one.ends_at, one.occurrence_id)
    query = (
        select(*columns, two.starts_at, two.ends_at, two.occurrence_id)
        .select_from(Occurrence)
        .join(one, one.occurrence_id == Occurrence.id)
        .join(two, (two.person_id == one.person_id) & _begins_within(two, one))
        .where(_ahead(Occurrence, now), two.ends_at > now)
    )
    if series:
        theirs = select(Occurrence.id).where(Occurrence.series_id.in_(series))
        query = query.where(Occurrence.series_id.in_(series), two.occurrence_id.in_(theirs))
    return _both(Holder.FACILITATOR, rows(session, query))


def _both(holder: Holder, found: Any) -> Iterator[Booking]:
    for held, *sides in found:
        yield Booking(holder, held, *sides[:3])
        yield Booking(holder, held, *sides[3:])


def _attended(session: Database, now: datetime, series: set[int]) -> list[Booking]:
    """What members who could be wanted at two places at once are expected at, and what they lead."""
    belongs, hours = _belongs(session, now, series), _hours(session, now, series)
    wanted = defaultdict(set, {who: set(theirs) for who, theirs in could_coincide(hours, belongs).items()})
    leading, doubled = _leading_members(session, now), _meeting_themselves(session, now)
    for person, theirs in belongs.items() if doubled or leading else ():
        wanted[person].update(theirs if person in leading else doubled.intersection(theirs))
    found = list(_led(session, leading, now, series))
    persons = [person for person in sorted(wanted) if wanted[person]]
    for place in range(0, len(persons), AT_A_TIME):
        some = persons[place : place + AT_A_TIME]
        found += _expected(session, some, hours.keys() & set().union(*(wanted[each] for each in some)), now)
    return found


def _expected(
    session: Database, persons: Collection[int], series: Collection[int], now: datetime
) -> list[Booking]:
    """Where these persons are expected at these series from now on: by person, whose series are few."""
    query = (
        select(Enrollment.person_id, Occurrence.starts_at, Occurrence.ends_at, Occurrence.id)
        .join(Occurrence, expects())
        .where(Enrollment.person_id.in_(persons), Enrollment.series_id.in_(series))
        .where(Occurrence.booked, Occurrence.ends_at > now)
    )
    return [Booking(Holder.MEMBER, *row) for row in rows(session, query)]


def _belongs(session: Database, now: datetime, series: set[int]) -> dict[int, list[int]]:
    """Who belongs to what, today or later: one row a person, which costs a fifth of one an enrollment."""
    lasts = or_(Enrollment.until_date.is_(None), Enrollment.until_date >= now.date() - _DAY)
    ids = func.aggregate_strings(cast(Enrollment.series_id, String), ",")
    query = select(Enrollment.person_id, ids).where(lasts).group_by(Enrollment.person_id)
    if series:
        query = query.where(Enrollment.series_id.in_(series))
    return {person: [*{*map(int, text.split(","))}] for person, text in session.execute(query)}


def _hours(session: Database, now: datetime, series: set[int]) -> dict[int, int]:
    """The hours of the week of each planned series, season by season."""
    planned = select(Series.id, Series.timezone).where(Series.listed.is_(False))
    zones = dict(iter(session.execute(planned.where(Series.id.in_(series)) if series else planned)))
    hours = dict.fromkeys(zones, 0)
    cut = seasons(map(zone_named, set(zones.values())), now, now + FURTHEST_AHEAD)
    for season, (begin, end) in enumerate(cut):
        spans: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for series_id, start, length in session.execute(_spans(series), between(begin, end)):
            spans[series_id].append((start, length))
        for series_id in spans.keys() & zones.keys():
            hours[series_id] |= hours_of(spans[series_id], season)
    return hours


def _spans(series: set[int]) -> Select[int, int, int]:
    start, stop = (
        cast(extract("epoch", each), BigInteger) for each in (Occurrence.starts_at, Occurrence.ends_at)
    )
    query = (
        select(Occurrence.series_id, start % 604_800, stop - start)
        .where(Occurrence.booked, within(Occurrence.starts_at, Occurrence.ends_at))
        .distinct()
    )
    return query.where(Occurrence.series_id.in_(series)) if series else query


def _meeting_themselves(session: Database, now: datetime) -> set[int]:
    """Series of which one was moved onto another: by their rule they never meet twice at once."""
    moved, other = aliased(Occurrence), aliased(Occurrence)
    at_once = (other.starts_at < moved.ends_at) & (other.ends_at > moved.starts_at) & (other.id != moved.id)
    query = (
        select(moved.series_id)
        .join(other, (other.series_id == moved.series_id) & at_once)
        .where(moved.own_start, _ahead(moved, now), other.booked, other.ends_at > now)
    )
    return set(session.scalars(query.distinct()))


def _leading_members(session: Database, now: datetime) -> set[int]:
    """Who both belongs to something and leads something to come."""
    members = select(Enrollment.person_id).distinct()
    query = select(Duty.person_id).where(Duty.person_id.in_(members), _ahead(Duty, now))
    return set(session.scalars(query.distinct()))


def _led(session: Database, persons: Collection[int], now: datetime, series: set[int]) -> Iterator[Booking]:
    found = facilitators_taken(session, persons, now, now + FURTHEST_AHEAD)
    theirs: set[int] | None = None
    if series and found:
        numbers = select(Occurrence.id).where(Occurrence.series_id.in_(series), _ahead(Occurrence, now))
        theirs = set(session.scalars(numbers))
    return (each for each in found if theirs is None or each.occurrence in theirs)


def _kept_apart(session: Database) -> list[tuple[int, int]]:
    query = select(KeptApart.person_id, KeptApart.other_id).where(KeptApart.person_id < KeptApart.other_id)
    return [(one, two) for one, two in session.execute(query)]


def _goes_to(
    session: Database, persons: set[int], now: datetime, among: set[int]
) -> defaultdict[int, set[int]]:
    """The series to come that each of these persons belongs to, or leads one of."""
    lasts = or_(Enrollment.until_date.is_(None), Enrollment.until_date >= now.date() - _DAY)
    belonging = select(Enrollment.person_id, Enrollment.series_id).where(lasts)
    leading = (
        select(Duty.person_id, Occurrence.series_id)
        .join(Occurrence, Occurrence.id == Duty.occurrence_id)
        .where(_ahead(Duty, now))
    )
    both = belonging.where(Enrollment.person_id.in_(persons)).union(
        leading.where(Duty.person_id.in_(persons))
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for person, series_id in session.execute(both):
        if not among or series_id in among:
            found[person].add(series_id)
    return found


def _present(session: Database, persons: set[int], series: set[int], now: datetime) -> list[Booking]:
    if not series:
        return []
    found = _expected(session, persons, series, now)
    return found + facilitators_taken(session, persons, now, now + FURTHEST_AHEAD)
