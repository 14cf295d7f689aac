"""Changing who belongs to a series; only `planning` calls these, with the series and the person locked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.capacity import most_at_once, most_within
from scheduler.domain.enrollment.expecting import Expectation
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import holds_by_person
from scheduler.domain.people.eligible import require_role
from scheduler.domain.people.roles import Role
from scheduler.domain.schedule.models import Series
from scheduler.domain.schedule.terms import Cut, Term
from scheduler.domain.stays.models import Stay
from scheduler.errors import Conflict, Invalid, Refused
from scheduler.store.rising import risen

FULL = "This group is full on some of these dates."
TWICE = "This member belongs to the group already on some of these dates."
DISCHARGED = "This member was discharged. Readmit them first."
NOT_YET = "This member is admitted later than that."


def add_enrollment(
    session: Database, *, series: Series, person_id: int, term: Term, now: datetime
) -> Enrollment:
    """A member belongs to the series on the dates of `term`, and not after the series has ended.

    It belongs to the stay that lasts on its first date, and ends with it. Raises Invalid on `person_id` for
    somebody who is no member, Refused for a closed group and one that ended before, and for somebody who has
    stays, but none on that date; Conflict where there is no place or the person belongs to it already.
    """
    if series.closed:
        raise Refused("This group is closed. It takes nobody new.")
    if series.ends_on is not None and term.from_date > series.ends_on:
        raise Refused("This group ends before that date.")
    term = term.ended_by(series.ends_on)
    require_role(session, [person_id], Role.MEMBER)
    stay = _stay_of(person_id, term.from_date, _stays_of(session, series, [person_id]))
    term = term.ended_by(stay.discharged_on if stay else None)
    _require_place(session, series, term, person_id, enrollments_in(session, series.id))
    enrollment = _new(series.id, person_id, term, now, stay.id if stay else None)
    session.add(enrollment)
    session.flush()
    return enrollment


def add_founders(
    session: Database, *, series: Series, members: Sequence[tuple[int, Term]], now: datetime
) -> None:
    """The first members of a series that is only being made, closed or not. Raises as `add_enrollment`."""
    _add(session, series, members, [], now)


def add_members(
    session: Database, *, series: Series, members: Sequence[tuple[int, Term]], now: datetime
) -> dict[int, int]:
    """Many belong to the series on their dates; answers the ids of the enrollments by person.

    Raises as `add_enrollment`, for the first of whom it is true; six statements, however many they are.
    """
    if series.closed:
        raise Refused("This group is closed. It takes nobody new.")
    return _add(session, series, members, enrollments_in(session, series.id), now)


def _add(
    session: Database,
    series: Series,
    members: Sequence[tuple[int, Term]],
    others: Sequence[Enrollment],
    now: datetime,
) -> dict[int, int]:
    """They come to these `others`."""
    persons = {person for person, _ in members}
    require_role(session, persons, Role.MEMBER)
    stays = _by_person(_stays_of(session, series, persons))
    belonging = _by_person(others)
    freed = holds_by_person(session, {*persons, *belonging}, freed=True) if series.capacity else {}
    taken = _places(others, freed)
    added: list[Enrollment] = []
    for person_id, wanted in members:
        if series.ends_on is not None and wanted.from_date > series.ends_on:
            raise Refused("This group ends before that date.")
        stay = _stay_of(person_id, wanted.from_date, stays.get(person_id, ()))
        term = wanted.ended_by(series.ends_on).ended_by(stay.discharged_on if stay else None)
        if any(term_of(own).overlaps(term) for own in belonging.get(person_id, ())):
            raise Conflict(TWICE)
        parts = term.without(freed.get(person_id, ()))
        if series.capacity is not None and _is_over(series.capacity, parts, taken):
            raise Conflict(FULL)
        enrollment = _new(series.id, person_id, term, now, stay.id if stay else None)
        added.append(enrollment)
        belonging.setdefault(person_id, []).append(enrollment)
        taken += parts
    return _insert(session, added)


def _insert(session: Database, added: Sequence[Enrollment]) -> dict[int, int]:
    """Write them by one statement; objects one by one take ten times as long."""
    names = ("series_id", "person_id", "stay_id", "from_date", "until_date", "uid", "changed_at")
    rows = [{name: getattr(each, name) for name in names} for each in added]
    made = insert(Enrollment).returning(Enrollment.person_id, Enrollment.id)
    return dict(session.execute(made, rows).all()) if rows else {}


class _OfPerson(Protocol):
    @property
    def person_id(self) -> int: ...


AnyOfPerson = TypeVar("AnyOfPerson", bound=_OfPerson)


def _by_person(rows: Iterable[AnyOfPerson]) -> dict[int, list[AnyOfPerson]]:
    """Rows of several persons, those of each together and in the order they came."""
    found: dict[int, list[AnyOfPerson]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return found


def _stays_of(session: Database, series: Series, persons: Collection[int]) -> Sequence[Stay]:
    """The stays of these persons, the latest first; a listed meeting of one's own choice belongs to none."""
    if series.listed or not persons:
        return ()
    query = select(Stay).where(Stay.person_id.in_(persons)).order_by(Stay.admitted_on.desc())
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _stay_of(person_id: int, first: date, stays: Sequence[Stay]) -> Stay | None:
    """The person's stay that lasts on a date; none for somebody who never had any. Raises Refused."""
    own = [stay for stay in stays if stay.person_id == person_id]
    for stay in own:
        if Term(stay.admitted_on, stay.discharged_on).holds(first):
            return stay
    if own:
        raise Refused(NOT_YET if own[0].admitted_on > first else DISCHARGED)
    return None


def _require_place(
    session: Database, series: Series, term: Term, person_id: int, others: Sequence[Enrollment]
) -> None:
    if any(other.person_id == person_id and term_of(other).overlaps(term) for other in others):
        raise Conflict(TWICE)
    if series.capacity is None:
        return
    freed = holds_by_person(session, {person_id, *(other.person_id for other in others)}, freed=True)
    if _is_over(series.capacity, term.without(freed.get(person_id, ())), _places(others, freed)):
        raise Conflict(FULL)


def _places(enrollments: Sequence[Enrollment], freed: Mapping[int, Sequence[Term]]) -> list[Term]:
    """When each of them takes a place: not on the dates of a hold that frees it."""
    return [part for each in enrollments for part in term_of(each).without(freed.get(each.person_id, ()))]


def _is_over(capacity: int, wanted: Sequence[Term], taken: Sequence[Term]) -> bool:
    """Would there be more members than places on some date of `wanted`?"""
    return any(most_within(part, taken) > capacity for part in wanted)


def change_last_date(
    session: Database, *, enrollment: Enrollment, series: Series, until: date | None, now: datetime
) -> None:
    """Pull the end of an enrollment in, or push it out, which needs a place. Raises as `add_enrollment`.

    It ends with its stay at the latest. The caller required its revision, which counted the change.
    """
    stay = session.get(Stay, enrollment.stay_id, populate_existing=True) if enrollment.stay_id else None
    term = Term(enrollment.from_date, until).ended_by(series.ends_on)
    term = term.ended_by(stay.discharged_on if stay else None)
    others = [other for other in enrollments_in(session, series.id) if other.id != enrollment.id]
    if (term.until_date or date.max) > (enrollment.until_date or date.max):
        _require_place(session, series, term, enrollment.person_id, others)
    _end(enrollment, term.until_date, now)
    session.flush()


def carry(session: Database, *, old: Series, new: Series, first: date, now: datetime) -> set[int]:
    """Those who belong to `old` on `first` or later belong to `new` from then on; the rest of it ends before.

    A carried enrollment is not an end. A name of a run of dates in calendars is never used again, so the new
    runs have their own. Answers the persons.
    """
    carried = [each for each in enrollments_in(session, old.id) if term_of(each).holds_from(first)]
    for enrollment in carried:
        term = Term(max(enrollment.from_date, first), enrollment.until_date)
        session.add(_new(new.id, enrollment.person_id, term, now, enrollment.stay_id))
    _end_all(session, carried, first - timedelta(days=1), now)
    session.flush()
    return {enrollment.person_id for enrollment in carried}


def begin_earlier(session: Database, series_id: int, first: date, earlier: date, *, now: datetime) -> None:
    """Those who belong from the first date on belong from an earlier first date on."""
    for enrollment in enrollments_in(session, series_id):
        if enrollment.from_date == first:
            enrollment.from_date = earlier
            _end(enrollment, enrollment.until_date, now)
            enrollment.revision += 1
    session.flush()


def end_all(session: Database, *, series: Series, last: date, now: datetime) -> Cut:
    """Nobody belongs to the series after `last`; what would begin later never was."""
    after = last + timedelta(days=1)
    later = [each for each in enrollments_in(session, series.id) if term_of(each).holds_from(after)]
    own = {each.id: each.until_date for each in later if each.from_date <= last}
    _end_all(session, later, last, now)
    session.flush()
    return Cut(own, len(later) - len(own))


def go_on(
    session: Database, *, series: Series, own: Mapping[int, date | None] | None, ended: date, now: datetime
) -> int:
    """The series ends on its `ends_on` now, and not on `ended` any more: those whom that cut belong to it for
    as long as they were to. Answers how many.

    `own` are the last dates that they had, by the ids of enrollments; none: nobody knows, and all who left on
    that day stay. Their stays end them as before.
    """
    query = select(Enrollment, Stay.discharged_on).outerjoin(Stay, Stay.id == Enrollment.stay_id)
    query = query.where(Enrollment.series_id == series.id, Enrollment.until_date == ended)
    back = 0
    for enrollment, discharged in session.execute(query.execution_options(populate_existing=True)).all():
        if own is not None and enrollment.id not in own:
            continue
        term = Term(enrollment.from_date, own[enrollment.id] if own else None)
        _end(enrollment, term.ended_by(series.ends_on).ended_by(discharged).until_date, now)
        enrollment.revision += 1
        back += enrollment.until_date != ended
    session.flush()
    return back


def leave_all(session: Database, *, person_id: int, first: Mapping[int, date], now: datetime) -> int:
    """A person belongs to none of these series from the `first` date of each on; answers how many it were.

    Listed meetings of their own choice end with the rest and are not counted: they are nobody's business.
    """
    query = (
        select(Enrollment, Series.listed)
        .join(Series, Series.id == Enrollment.series_id)
        .where(Enrollment.person_id == person_id)
        .order_by(Enrollment.id)
    )
    rows = session.execute(query.execution_options(populate_existing=True)).all()
    left = [(each, listed) for each, listed in rows if term_of(each).holds_from(first[each.series_id])]
    for enrollment, _ in left:
        _end_all(session, [enrollment], first[enrollment.series_id] - timedelta(days=1), now)
    session.flush()
    return sum(not listed for _, listed in left)


def _end_all(session: Database, enrollments: Sequence[Enrollment], last: date, now: datetime) -> None:
    for enrollment in enrollments:
        if enrollment.from_date > last:
            session.delete(enrollment)
        else:
            _end(enrollment, last, now)
            enrollment.revision += 1


def _end(enrollment: Enrollment, until: date | None, now: datetime) -> None:
    enrollment.until_date = until
    enrollment.sequence += 1
    enrollment.changed_at = risen(now, enrollment.changed_at)


def require_room_for_all(session: Database, *, series_id: int, capacity: int | None, on: date) -> None:
    """Raises Invalid on `capacity` if on a date from `on` on more members belong to the series than that."""
    enrollments = enrollments_in(session, series_id)
    freed = holds_by_person(session, {each.person_id for each in enrollments}, freed=True)
    terms = _places(enrollments, freed)
    to_come = [Term(max(term.from_date, on), term.until_date) for term in terms if term.holds_from(on)]
    most = most_at_once(to_come)
    if capacity is not None and most > capacity:
        raise Invalid(f"{most} members belong to this group. There must be a place for each.", "capacity")


def without_place(session: Database, *, person_id: int, on: Term) -> tuple[int, ...]:
    """The enrollments of a person in series that are over their capacity on dates of `on`: after a hold that
    freed their place, others may have it. Answers ids. Three statements at most.
    """
    mine = select(Enrollment.series_id).where(Enrollment.person_id == person_id)
    limited = select(Series.id, Series.capacity).where(Series.id.in_(mine), Series.capacity.is_not(None))
    capacities = {series_id: capacity or 0 for series_id, capacity in session.execute(limited)}
    query = select(Enrollment).where(Enrollment.series_id.in_(capacities)).order_by(Enrollment.id)
    rows = session.scalars(query.execution_options(populate_existing=True)).all()
    freed = holds_by_person(session, {row.person_id for row in rows}, freed=True)
    lost = []
    for own in (row for row in rows if row.person_id == person_id and term_of(row).overlaps(on)):
        others = [row for row in rows if row.series_id == own.series_id and row.id != own.id]
        wanted = [part for part in _places([own], freed) if part.overlaps(on)]
        cut = [part.within(on) for part in wanted]
        if _is_over(capacities[own.series_id], cut, _places(others, freed)):
            lost.append(own.id)
    return tuple(lost)


def expectation_in(session: Database, series_id: int) -> Expectation:
    """Whom a series expects, read anew. Two statements."""
    enrollments = enrollments_in(session, series_id)
    holds = holds_by_person(session, {each.person_id for each in enrollments})
    return Expectation([(each.person_id, term_of(each)) for each in enrollments], holds)


def enrollments_in(session: Database, series_id: int) -> Sequence[Enrollment]:
    """All enrollments of a series, read anew: what was loaded before the lock may be old."""
    query = select(Enrollment).where(Enrollment.series_id == series_id).order_by(Enrollment.id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def term_of(enrollment: Enrollment) -> Term:
    return Term(enrollment.from_date, enrollment.until_date)


def _new(series_id: int, person_id: int, term: Term, now: datetime, stay_id: int | None) -> Enrollment:
    return Enrollment(
        series_id=series_id,
        person_id=person_id,
        stay_id=stay_id,
        from_date=term.from_date,
        until_date=term.until_date,
        uid=uuid4().hex,
        changed_at=now,
    )
