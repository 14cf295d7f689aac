from datetime import date, datetime, timedelta
from typing import Any

import pytest

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.planning.membership import Enrolled, end_enrollment, enroll
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.errors import Conflict, Invalid, NotFound, Refused
from tests.domain.planning.center import Center

FIRST_DAY, LAST_DAY = date(2026, 8, 4), date(2026, 9, 29)


def join(center: Center, series_id: int, person_id: int, **words: Any) -> Enrolled:
    return center.do(
        enroll, **{"series_id": series_id, "person_id": person_id, "from_date": FIRST_DAY} | words
    )


def test_a_member_belongs_from_a_date_until_a_date(center: Center) -> None:
    member = center.people.member.id
    made = center.make()
    joined = join(center, made.series_id, member, until_date=LAST_DAY)
    [row] = center.rows(Enrollment)
    assert (row.id, row.series_id, row.person_id) == (joined.enrollment_id, made.series_id, member)
    assert (row.from_date, row.until_date, row.sequence) == (FIRST_DAY, LAST_DAY, 0)
    assert center.last_audit() == ("enrollment.made", "series", made.series_id)


def test_only_their_calendar_is_made_anew(center: Center) -> None:
    people = center.people
    made = center.make(leads=[people.facilitator.id], members=[people.other_member.id])
    raised = center.raised_by(lambda: join(center, made.series_id, people.member.id))
    assert raised == {people.member.id}


def test_who_had_an_hour_before_reads_it_otherwise_once_it_is_anothers(center: Center) -> None:
    """The title of such a session may name either of the two."""
    sam, pat = center.people.member.id, center.people.other_member.id
    made = center.make(members=[sam], kind=Kind.INDIVIDUAL, title="Counseling: Sam Rivers", capacity=None)
    assert center.raised_by(lambda: join(center, made.series_id, pat)) == {sam, pat}


def test_a_full_group_takes_nobody_on_any_of_the_dates(center: Center) -> None:
    people = center.people
    made = center.make(capacity=1)
    join(center, made.series_id, people.member.id, until_date=LAST_DAY)
    with pytest.raises(Conflict, match="full"):
        join(center, made.series_id, people.other_member.id, from_date=LAST_DAY)
    joined = join(center, made.series_id, people.other_member.id, from_date=LAST_DAY + timedelta(days=1))
    assert joined.warnings == ()


def test_a_closed_group_takes_nobody(center: Center) -> None:
    made = center.make(closed=True)
    with pytest.raises(Refused, match="closed"):
        join(center, made.series_id, center.people.member.id)


def test_nobody_belongs_twice_on_the_same_date(center: Center) -> None:
    member = center.people.member.id
    made = center.make()
    join(center, made.series_id, member, until_date=LAST_DAY)
    with pytest.raises(Conflict, match="already"):
        join(center, made.series_id, member, from_date=LAST_DAY)
    join(center, made.series_id, member, from_date=LAST_DAY + timedelta(days=7))


def test_an_end_before_the_start_is_refused(center: Center) -> None:
    made = center.make()
    with pytest.raises(Invalid) as refused:
        join(center, made.series_id, center.people.member.id, until_date=FIRST_DAY - timedelta(days=1))
    assert refused.value.fields == {"until_date": "The last date is before the first."}


def test_only_members_are_enrolled(center: Center) -> None:
    made = center.make()
    for person in (center.people.facilitator.id, 999):
        with pytest.raises(Invalid) as refused:
            join(center, made.series_id, person)
        assert refused.value.fields == {"person_id": "Choose somebody who is a member."}
    with pytest.raises(NotFound):
        join(center, 999, center.people.member.id)


def test_what_their_own_plan_collides_with_is_told(center: Center) -> None:
    member = center.people.member.id
    center.make(members=[member], title="Cooking", rule=SINGLE, first_start=datetime(2026, 8, 11, 20))
    made = center.make(room_id=None)
    joined = join(center, made.series_id, member)
    assert [warning.sentence for warning in joined.warnings] == [
        "Renee T. is taken on August 11, 8:00 to 9:30 PM: Cooking."
    ]


def test_leaving_pulls_the_end_in(center: Center) -> None:
    made = center.make()
    joined = join(center, made.series_id, center.people.member.id)
    center.do(end_enrollment, enrollment_id=joined.enrollment_id, revision=1, until_date=LAST_DAY)
    [row] = center.rows(Enrollment)
    assert (row.until_date, row.sequence, row.revision) == (LAST_DAY, 1, 2)
    assert row.changed_at == center.now + timedelta(seconds=1)


def test_staying_longer_needs_a_place(center: Center) -> None:
    people = center.people
    made = center.make(capacity=1)
    joined = join(center, made.series_id, people.member.id, until_date=LAST_DAY)
    join(center, made.series_id, people.other_member.id, from_date=LAST_DAY + timedelta(days=7))
    words = {"enrollment_id": joined.enrollment_id, "revision": 1}
    with pytest.raises(Conflict, match="full"):
        center.do(end_enrollment, until_date=None, **words)
    center.do(end_enrollment, until_date=LAST_DAY + timedelta(days=6), **words)


def test_an_end_before_its_own_start_and_a_stale_form_are_refused(center: Center) -> None:
    made = center.make()
    joined = join(center, made.series_id, center.people.member.id)
    words = {"enrollment_id": joined.enrollment_id}
    with pytest.raises(Invalid):
        center.do(end_enrollment, revision=1, until_date=FIRST_DAY - timedelta(days=1), **words)
    with pytest.raises(Conflict):
        center.do(end_enrollment, revision=2, until_date=LAST_DAY, **words)
    with pytest.raises(NotFound):
        center.do(end_enrollment, enrollment_id=999, revision=1, until_date=LAST_DAY)
