"""Who belongs to what, and what a member is expected at: what they belong to, but for their holds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    bindparam,
    case,
    exists,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import aliased

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.models import Identity
from scheduler.domain.schedule.conflicts import Booking, Holder
from scheduler.domain.schedule.kinds import OF_ONE_MEMBER, Kind
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.queries import KIND, ORIGINAL_DATE, between, within
from scheduler.domain.schedule.terms import Term
from scheduler.domain.stays.models import Hold
from scheduler.domain.stays.queries import on_hold
from scheduler.domain.stays.reasons import Places
from scheduler.store.asking import rows, scalars
from scheduler.store.base import Base


def covers(term: type[Base]) -> ColumnElement[bool]:
    """Does a row of `term` (an enrollment; a post likewise) hold the original date of an Occurrence?"""
    columns = term.__table__.c
    return (
        (columns.series_id == Occurrence.series_id)
        & (columns.from_date <= ORIGINAL_DATE)
        & or_(columns.until_date.is_(None), columns.until_date >= ORIGINAL_DATE)
    )


def expects() -> ColumnElement[bool]:
    """Is the member of an Enrollment expected at an Occurrence?

    They belong to the series on its original date, and are not on hold on it. Where it was moved to does not
    matter, as with enrollments.
    """
    return covers(Enrollment) & ~on_hold(Enrollment.person_id, ORIGINAL_DATE)


def expected_count() -> ColumnElement[int]:
    """How many members an Occurrence of the enclosing query expects, as a subquery."""
    count = select(func.count()).select_from(Enrollment).where(expects())
    return count.correlate(Occurrence).scalar_subquery()


_OF_OCCURRENCES: Final = Occurrence.id.in_(bindparam("occurrences", expanding=True))
_MEMBERS_OF: Final = (
    select(Enrollment.person_id).join(Occurrence, expects()).distinct().where(_OF_OCCURRENCES)
)
_MEMBERS_BY_OCCURRENCE: Final = (
    select(Occurrence.id, Enrollment.person_id)
    .join(Enrollment, expects())
    .where(_OF_OCCURRENCES)
    .order_by(Enrollment.id)
)
_MEMBERS_TAKEN: Final = (
    select(Enrollment.person_id, Occurrence.starts_at, Occurrence.ends_at, Occurrence.id)
    .join(Occurrence, expects())
    .where(
        Enrollment.person_id.in_(bindparam("persons", expanding=True)),
        # Asked of each, and not joined: a planner would rather begin with all series that are not listed.
        exists().where(Series.id == Enrollment.series_id, Series.listed.is_(False)),
        Occurrence.booked,
        within(Occurrence.starts_at, Occurrence.ends_at),
    )
)


def members_of(session: Database, occurrences: Collection[int]) -> set[int]:
    """The persons whom at least one of these occurrences expects. One statement."""
    return set(scalars(session, _MEMBERS_OF, {"occurrences": list(occurrences)}))


def members_by_occurrence(session: Database, occurrences: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The same for each occurrence. One statement."""
    found: dict[int, tuple[int, ...]] = {}
    for occurrence, person in rows(session, _MEMBERS_BY_OCCURRENCE, {"occurrences": list(occurrences)}):
        found[occurrence] = (*found.get(occurrence, ()), person)
    return found


def members_taken(
    session: Database, persons: Collection[int], begin: datetime, end: datetime
) -> list[Booking]:
    """Where these persons are expected as members between two instants. One statement.

    Without listed meetings: planners would otherwise read in a warning where a member goes by themselves.
    """
    if not persons:
        return []
    asked = {"persons": list(persons), **between(begin, end)}
    return [Booking(Holder.MEMBER, *row) for row in rows(session, _MEMBERS_TAKEN, asked)]


def holds_by_person(
    session: Database, persons: Collection[int], *, freed: bool = False
) -> dict[int, tuple[Term, ...]]:
    """The holds of those of these persons who have any (`freed`: those that free their places).

    One statement, or none for nobody.
    """
    query = select(Hold.person_id, Hold.from_date, Hold.until_date).where(Hold.person_id.in_(persons))
    if freed:
        query = query.where(Hold.places == Places.FREED.value)
    found: dict[int, tuple[Term, ...]] = {}
    for person, from_date, until_date in session.execute(query) if persons else ():
        found[person] = (*found.get(person, ()), Term(from_date, until_date))
    return found


_Part = aliased(Series)
_Beside = aliased(Enrollment)
_Own, _Then = aliased(Enrollment), aliased(Occurrence)
_SAME_LINEAGE: Final = or_(_Part.id == Series.id, _Part.lineage_id == Series.lineage_id)
_OF_ONE: Final = Series.kind.in_(OF_ONE_MEMBER) & Series.listed.is_(False)


def passed_on(person_id: int) -> ColumnElement[bool]:
    """May the title of a Series about one member name somebody else than this person, a member of it?

    So it may where another was ever enrolled in it, in what it continues or what continues it; and where it
    was given when nothing of it was to come for this person any more. False for all other kinds.
    """
    others = exists().where(_Beside.series_id == _Part.id, _SAME_LINEAGE, _Beside.person_id != person_id)
    on = func.date(_Then.original_start, type_=Date)
    was_to_come = exists().where(
        _Own.person_id == person_id,
        _Own.series_id == Series.id,
        _Then.series_id == Series.id,
        _Then.starts_at > Series.titled_at,
        _Own.from_date <= on,
        or_(_Own.until_date.is_(None), _Own.until_date >= on),
    )
    given_later = Series.titled_at.is_not(None) & ~was_to_come.correlate(Series)
    return case((_OF_ONE, others.correlate(Series) | given_later), else_=false())


def beside(session: Database, series_ids: Collection[int]) -> set[int]:
    """Whose calendar reads otherwise as somebody comes to these series, or never was in them: all who were
    ever enrolled in those about one member, or in what these continue. One statement.
    """
    query = (
        select(_Beside.person_id)
        .join(_Part, _Part.id == _Beside.series_id)
        .join(Series, _SAME_LINEAGE)
        .where(Series.id.in_(series_ids), _OF_ONE)
    )
    return set(session.scalars(query))


@dataclass(frozen=True, slots=True)
class EnrollmentView:
    """`until_date` empty: open. Dates are local to the series and included.

    Where it is not the viewer's business that a colleague is a member, `person_id` is 0 and the name empty:
    a place is taken, and no more.
    """

    id: int
    series_id: int
    title: str
    kind: Kind
    person_id: int
    short_name: str
    from_date: date
    until_date: date | None
    revision: int

    @property
    def is_private(self) -> bool:
        return not self.person_id


def enrollments_of_series(
    session: Database, series_id: int, *, private: Select[int] | None = None
) -> tuple[EnrollmentView, ...]:
    """All who belong, belonged or will belong to a series, by first date and name. One statement.

    Of those who are `private` (see `stays.policy`) only that a place is taken.
    """
    return _views(session, Enrollment.series_id == series_id, private)


def enrollments_of_person(
    session: Database,
    person_id: int,
    *,
    on: date | None = None,
    private: Select[int] | None = None,
    within: ColumnElement[bool] | None = None,
) -> tuple[EnrollmentView, ...]:
    """What a center knows that a person belongs to; with `on`, only what lasts until then. One statement.

    Listed meetings that members put into their own calendars are their own business, and no staff's to read.
    Nothing of one who is `private` (see `stays.policy`), and only series `within` the viewer's reach.
    """
    condition = (Enrollment.person_id == person_id) & Series.listed.is_(False)
    if on is not None:
        condition &= or_(Enrollment.until_date.is_(None), Enrollment.until_date >= on)
    if private is not None:
        condition &= Enrollment.person_id.not_in(private)
    if within is not None:
        condition &= within
    return _views(session, condition)


def _views(
    session: Database, condition: ColumnElement[bool], private: Select[int] | None = None
) -> tuple[EnrollmentView, ...]:
    is_private = false() if private is None else Enrollment.person_id.in_(private)
    query = (
        select(
            Enrollment.id,
            Enrollment.series_id,
            Series.title,
            KIND,
            case((is_private, 0), else_=Enrollment.person_id),
            case((is_private, ""), else_=Identity.short_name),
            Enrollment.from_date,
            Enrollment.until_date,
            Enrollment.revision,
        )
        .join(Series, Series.id == Enrollment.series_id)
        .join(Identity, Identity.person_id == Enrollment.person_id)
        .where(condition)
        .order_by(Enrollment.from_date, Identity.search_name, Enrollment.id)
    )
    return tuple(EnrollmentView(*row) for row in rows(session, query))
