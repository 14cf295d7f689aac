"""An enrollment belongs to the stay that lasts on its first date, and ends with it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.planning.choosing import choose_listed
from scheduler.domain.planning.editing import edit_series
from scheduler.domain.planning.membership import end_enrollment, enroll
from scheduler.domain.schedule.queries import plan_of
from scheduler.errors import Refused
from scheduler.store.transaction import transaction
from tests.domain.planning.center import FIRST, Center
from tests.support import factories

ADMITTED, DISCHARGED = date(2026, 7, 1), date(2026, 8, 31)
DAY = timedelta(days=1)


def stays(center: Center, *spans: tuple[date, date | None]) -> list[int]:
    """The member's stays with these dates."""
    with center.sessions() as session, transaction(session):
        return [factories.stay(session, center.people.member.id, *span) for span in spans]


def join(center: Center, series_id: int, first: date, last: date | None = None) -> Enrollment:
    words = {"series_id": series_id, "person_id": center.people.member.id}
    made = center.do(enroll, from_date=first, until_date=last, **words)
    row: Enrollment = center.rows(Enrollment, id=made.enrollment_id)[0]
    return row


def test_it_belongs_to_the_stay_of_its_first_date(center: Center) -> None:
    first, second = stays(center, (ADMITTED, DISCHARGED), (DISCHARGED + DAY, None))
    made = center.make()
    assert join(center, made.series_id, ADMITTED, ADMITTED).stay_id == first
    row = join(center, made.series_id, DISCHARGED + DAY)
    assert (row.stay_id, row.until_date) == (second, None)


def test_who_never_had_a_stay_is_taken_as_before(center: Center) -> None:
    made = center.make()
    assert join(center, made.series_id, ADMITTED).stay_id is None


def test_who_was_discharged_is_readmitted_first(center: Center) -> None:
    stays(center, (ADMITTED, DISCHARGED))
    made = center.make()
    with pytest.raises(Refused, match=r"This member was discharged\. Readmit them first\."):
        join(center, made.series_id, DISCHARGED + DAY)
    with pytest.raises(Refused, match=r"This member is admitted later than that\."):
        join(center, made.series_id, ADMITTED - DAY)


def test_the_first_members_of_a_new_group_are_asked_the_same(center: Center) -> None:
    [stay] = stays(center, (ADMITTED, DISCHARGED))
    center.make(members=[center.people.member.id, center.people.other_member.id])
    rows = center.rows(Enrollment)
    assert [(row.stay_id, row.until_date) for row in rows] == [(stay, DISCHARGED), (None, None)]
    with pytest.raises(Refused, match="Readmit them first"):
        center.make(members=[center.people.member.id], first_start=datetime(2026, 9, 1, 19), room_id=None)


def test_it_ends_with_the_stay_at_the_latest(center: Center) -> None:
    stays(center, (ADMITTED, DISCHARGED))
    made = center.make()
    row = join(center, made.series_id, ADMITTED)
    assert row.until_date == DISCHARGED
    shorter = DISCHARGED - DAY
    center.do(end_enrollment, enrollment_id=row.id, revision=row.revision, until_date=shorter)
    assert center.rows(Enrollment)[0].until_date == shorter
    center.do(end_enrollment, enrollment_id=row.id, revision=row.revision + 1, until_date=None)
    assert center.rows(Enrollment)[0].until_date == DISCHARGED


def test_a_listed_meeting_of_their_own_choice_belongs_to_no_stay_and_needs_none(center: Center) -> None:
    stays(center, (ADMITTED, ADMITTED))
    with center.sessions() as session, transaction(session):
        listed = factories.series(session, "Nooners", listed=True)
    center.do(choose_listed, series_id=listed, person_id=center.people.member.id)
    [row] = center.rows(Enrollment)
    assert row.stay_id is None


def test_a_split_carries_it_on_in_the_same_stay(center: Center) -> None:
    [stay] = stays(center, (ADMITTED, None))
    made = center.make(members=[center.people.member.id])
    center.now += timedelta(weeks=2)
    series = center.series(made.series_id)
    later = replace(plan_of(series), first_start=FIRST.replace(hour=20))
    center.do(edit_series, series_id=series.id, revision=series.revision, plan=later)
    rows = center.rows(Enrollment)
    assert len(rows) == 2
    assert {row.stay_id for row in rows} == {stay}
