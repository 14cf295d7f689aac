from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.planning.ending import Ended, end_series
from scheduler.domain.planning.making import NewEnrollment, NewPost, make_series
from scheduler.domain.planning.membership import enroll
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.schedule.clashes import Taken
from scheduler.domain.schedule.dates import ALL_MADE
from scheduler.domain.schedule.models import Cause
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.errors import Conflict, Invalid, Refused
from tests.domain.planning.center import EVENING, FIRST, Center

WEEK = timedelta(weeks=1)
AUGUST = datetime(2026, 8, 5, 16, tzinfo=UTC)


def end(center: Center, series_id: int, last: date) -> Ended:
    revision = center.series(series_id).revision
    return center.do(end_series, series_id=series_id, revision=revision, last=last)


def test_nothing_takes_place_after_the_last_date(center: Center) -> None:
    made = center.make(leads=[center.people.facilitator.id])
    center.now = AUGUST
    ended = end(center, made.series_id, date(2026, 8, 18))
    assert center.starts(made.series_id) == [FIRST + week * WEEK for week in range(5)]
    assert (ended.stopped, ended.deleted) == ((), made.occurrences[5:])
    assert len(center.rows(Duty)) == 5
    series = center.series(made.series_id)
    assert (series.ends_on, series.made_until, series.sequence) == (date(2026, 8, 18), ALL_MADE, 1)


def test_its_people_leave_with_it(center: Center) -> None:
    people = center.people
    made = center.do(
        make_series,
        plan=EVENING,
        posts=[
            NewPost(people.facilitator.id),
            NewPost(people.other_facilitator.id, from_date=date(2026, 9, 1)),
        ],
        enrollments=[
            NewEnrollment(people.member.id),
            NewEnrollment(people.other_member.id, date(2026, 9, 1)),
        ],
    )
    raised = center.raised_by(lambda: end(center, made.series_id, date(2026, 8, 18)))
    assert raised == {
        people.facilitator.id,
        people.other_facilitator.id,
        people.member.id,
        people.other_member.id,
    }
    assert [(each.person_id, each.until_date) for each in center.rows(Enrollment)] == [
        (people.member.id, date(2026, 8, 18))
    ]
    assert [(each.person_id, each.until_date) for each in center.rows(Post)] == [
        (people.facilitator.id, date(2026, 8, 18))
    ]


def test_a_moved_one_after_the_end_is_stopped_and_told(center: Center) -> None:
    made = center.make(leads=[center.people.facilitator.id])
    words = {"local_start": datetime(2026, 9, 2, 10), "room_id": None, "reason": "x", "revision": 1}
    center.do(move_occurrence, occurrence_id=made.occurrences[6], **words)
    ended = end(center, made.series_id, date(2026, 8, 18))
    assert ended.stopped == (made.occurrences[6],)
    assert [cause.type for cause in center.rows(Cause, occurrence_id=made.occurrences[6])] == ["changed"]


def test_an_end_may_be_put_off(center: Center) -> None:
    made = center.make()
    words = {"local_start": datetime(2026, 9, 2, 10), "room_id": None, "reason": "x", "revision": 1}
    center.do(move_occurrence, occurrence_id=made.occurrences[6], **words)
    end(center, made.series_id, date(2026, 8, 18))
    end(center, made.series_id, date(2026, 9, 8))
    rows = center.occurrences(made.series_id)
    assert [each.original_start for each in rows] == [FIRST + week * WEEK for week in range(8)]
    assert {each.booked for each in rows} == {True}
    assert rows[6].local_start == datetime(2026, 9, 2, 10)
    assert center.rows(Cause) == []


def test_dates_that_come_back_must_be_free(center: Center) -> None:
    made = center.make()
    end(center, made.series_id, date(2026, 8, 18))
    center.make(rule=SINGLE, first_start=FIRST + 6 * WEEK, title="Track B")
    with pytest.raises(Taken, match="Track B"):
        end(center, made.series_id, date(2026, 9, 8))


def test_it_cannot_end_before_it_has_met(center: Center) -> None:
    made = center.make()
    center.now = AUGUST
    with pytest.raises(Invalid) as refused:
        end(center, made.series_id, date(2026, 8, 3))
    assert refused.value.fields == {"last": "This series has met after that date."}
    end(center, made.series_id, date(2026, 8, 4))


@pytest.mark.parametrize("last", [date.max, date(2037, 1, 1)])
def test_it_ends_within_the_years_that_people_plan_for(center: Center, last: date) -> None:
    made = center.make()
    with pytest.raises(Invalid) as refused:
        end(center, made.series_id, last)
    assert list(refused.value.fields) == ["last"]


def test_nobody_belongs_to_it_after_its_end(center: Center) -> None:
    made = center.make()
    end(center, made.series_id, date(2026, 8, 18))
    words = {"series_id": made.series_id, "from_date": date(2026, 8, 4)}
    center.do(enroll, person_id=center.people.member.id, **words)
    assert [each.until_date for each in center.rows(Enrollment)] == [date(2026, 8, 18)]
    later = words | {"from_date": date(2026, 8, 19)}
    with pytest.raises(Refused):
        center.do(enroll, person_id=center.people.other_member.id, **later)


def test_a_stale_form_is_refused(center: Center) -> None:
    made = center.make()
    with pytest.raises(Conflict):
        center.do(end_series, series_id=made.series_id, revision=9, last=date(2026, 9, 1))


def test_it_does_not_end_before_its_first_session(center: Center) -> None:
    made = center.make()
    with pytest.raises(Invalid) as refused:
        end(center, made.series_id, date(2026, 7, 20))
    assert refused.value.fields == {
        "last": "The last day is before the first session, on July 21, 2026."
        " To call all of it off, end it on that day and cancel that session."
    }
    assert len(center.starts(made.series_id)) == 26
    end(center, made.series_id, date(2026, 7, 21))
    assert center.starts(made.series_id) == [FIRST]
