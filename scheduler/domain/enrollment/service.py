"""Changing who belongs to a series; only `planning` calls these, with the series and the person locked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.capacity import most_at_once, most_within
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.eligible import require_role
from scheduler.domain.people.roles import Role
from scheduler.domain.schedule.models import Series
from scheduler.domain.schedule.terms import Term
from scheduler.errors import Conflict, Invalid, Refused
from scheduler.store.rising import risen

FULL = "This group is full on some of these dates."


def add_enrollment(
    session: Database, *, series: Series, person_id: int, term: Term, now: datetime
) -> Enrollment:
    """A member belongs to the series on the dates of `term`, and not after the series has ended.

    Raises Invalid on `person_id` for somebody who is no member, Refused for a closed group and one that ended
    before, Conflict where there is no place or the person belongs to it already.
    """
    if series.closed:
        raise Refused("This group is closed. It takes nobody new.")
    if series.ends_on is not None and term.from_date > series.ends_on:
        raise Refused("This group ends before that date.")
    term = term.ended_by(series.ends_on)
    require_role(session, [person_id], Role.MEMBER)
    _require_place(series.capacity, term, person_id, enrollments_in(session, series.id))
    enrollment = _new(series.id, person_id, term, now)
    session.add(enrollment)
    session.flush()
    return enrollment


def add_founders(
    session: Database, *, series: Series, members: Sequence[tuple[int, Term]], now: datetime
) -> None:
    """The first members of a series that is only being made, closed or not. Raises as `add_enrollment`."""
    require_role(session, {person for person, _ in members}, Role.MEMBER)
    founders: list[Enrollment] = []
    for person_id, term in members:
        _require_place(series.capacity, term, person_id, founders)
        founders.append(_new(series.id, person_id, term, now))
    session.add_all(founders)
    session.flush()


def _require_place(capacity: int | None, term: Term, person_id: int, others: Sequence[Enrollment]) -> None:
    if any(other.person_id == person_id and term_of(other).overlaps(term) for other in others):
        raise Conflict("This member belongs to the group already on some of these dates.")
    if capacity is not None and most_within(term, map(term_of, others)) > capacity:
        raise Conflict(FULL)


def change_last_date(
    session: Database, *, enrollment: Enrollment, series: Series, until: date | None, now: datetime
) -> None:
    """Pull the end of an enrollment in, or push it out, which needs a place. Raises as `add_enrollment`.

    The caller required its revision, which counted the change.
    """
    term = Term(enrollment.from_date, until).ended_by(series.ends_on)
    others = [other for other in enrollments_in(session, series.id) if other.id != enrollment.id]
    if (term.until_date or date.max) > (enrollment.until_date or date.max):
        _require_place(series.capacity, term, enrollment.person_id, others)
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
        session.add(_new(new.id, enrollment.person_id, term, now))
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


def end_all(session: Database, *, series: Series, last: date, now: datetime) -> set[int]:
    """Nobody belongs to the series after `last`; what would begin later never was. Answers the persons."""
    after = last + timedelta(days=1)
    later = [each for each in enrollments_in(session, series.id) if term_of(each).holds_from(after)]
    _end_all(session, later, last, now)
    session.flush()
    return {enrollment.person_id for enrollment in later}


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
    terms = [term_of(each) for each in enrollments_in(session, series_id)]
    to_come = [Term(max(term.from_date, on), term.until_date) for term in terms if term.holds_from(on)]
    most = most_at_once(to_come)
    if capacity is not None and most > capacity:
        raise Invalid(f"{most} members belong to this group. There must be a place for each.", "capacity")


def enrollments_in(session: Database, series_id: int) -> Sequence[Enrollment]:
    """All enrollments of a series, read anew: what was loaded before the lock may be old."""
    query = select(Enrollment).where(Enrollment.series_id == series_id).order_by(Enrollment.id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def term_of(enrollment: Enrollment) -> Term:
    return Term(enrollment.from_date, enrollment.until_date)


def _new(series_id: int, person_id: int, term: Term, now: datetime) -> Enrollment:
    return Enrollment(
        series_id=series_id,
        person_id=person_id,
        from_date=term.from_date,
        until_date=term.until_date,
        uid=uuid4().hex,
        changed_at=now,
    )
