from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.people.service import take_role
from scheduler.domain.planning.editing import Edited, edit_series
from scheduler.domain.planning.ending import Ended, end_series
from scheduler.domain.planning.going_on import Back
from scheduler.domain.planning.making import NewEnrollment, NewPost, make_series
from scheduler.domain.planning.membership import end_enrollment, enroll
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.planning.undoing import clean_up, undo_change
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.schedule.clashes import Taken
from scheduler.domain.schedule.dates import ALL_MADE
from scheduler.domain.schedule.models import Cause
from scheduler.domain.schedule.queries import plan_of
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.errors import Conflict, Invalid, Refused
from scheduler.store.transaction import transaction
from tests.domain.planning.center import EVENING, FIRST, Center
from tests.support import factories

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


def test_the_end_is_undone_as_other_changes_are(center: Center) -> None:
    people = center.people
    made = center.make(leads=[people.facilitator.id], members=[people.member.id])
    center.do(
        enroll,
        series_id=made.series_id,
        person_id=people.other_member.id,
        from_date=date(2026, 9, 1),
        until_date=date(2026, 9, 30),
    )
    before = people_of(center), center.starts(made.series_id), center.leaders(made.series_id)
    ended = end(center, made.series_id, date(2026, 8, 18))
    assert (ended.members, ended.posts, ended.never, len(ended.deleted)) == (1, 1, 1, 21)
    center.now += timedelta(hours=23)
    center.do(undo_change, change_id=ended.change_id)
    assert (people_of(center), center.starts(made.series_id), center.leaders(made.series_id)) == before
    assert center.series(made.series_id).ends_on is None


def people_of(center: Center) -> list[tuple[int, date, date | None]]:
    """Who belongs and who leads, from when until when."""
    rows = [*center.rows(Enrollment), *center.rows(Post)]
    return [(each.person_id, each.from_date, each.until_date) for each in rows]


@pytest.fixture
def group(center: Center) -> int:
    """Dana leads; Renee stays, Marcus until September 30, and Ana leaves before all others."""
    people = center.people
    made = center.make(leads=[people.facilitator.id], members=[people.member.id])
    lasts = {people.other_member.id: date(2026, 9, 30), center.member("Ana Ruiz"): date(2026, 8, 1)}
    for person, last in lasts.items():
        words = {"series_id": made.series_id, "person_id": person, "from_date": FIRST.date()}
        center.do(enroll, **words, until_date=last)
    return made.series_id


def go_on(center: Center, series_id: int) -> Edited:
    row = center.series(series_id)
    return center.do(edit_series, series_id=row.id, revision=row.revision, plan=plan_of(row), goes_on=True)


def test_a_series_that_stays_open_after_all_has_its_people_again(center: Center, group: int) -> None:
    before = people_of(center), center.starts(group), center.leaders(group)
    end(center, group, date(2026, 8, 18))
    end(center, group, date(2026, 8, 4))
    center.now += timedelta(days=3)
    center.do(clean_up_as_every_day)
    edited = go_on(center, group)
    assert (people_of(center), center.starts(group), center.leaders(group)) == before
    assert center.series(group).ends_on is None
    assert edited.back == Back(members=2, posts=1)


def clean_up_as_every_day(session: Database, *, actor: Actor, now: datetime) -> None:
    clean_up(session, now=now)


def test_an_end_that_is_put_off_keeps_those_who_were_to_stay(center: Center, group: int) -> None:
    people = center.people
    end(center, group, date(2026, 8, 18))
    ended = end(center, group, date(2026, 10, 13))
    assert (ended.back, ended.members, len(ended.made)) == (Back(members=2, posts=1), 0, 8)
    until = {person: last for person, _, last in people_of(center)}
    assert until[people.member.id] == until[people.facilitator.id] == date(2026, 10, 13)
    assert until[people.other_member.id] == date(2026, 9, 30)
    assert len(center.leaders(group)) == len(center.starts(group)) == 13
    go_on(center, group)
    until = {person: last for person, _, last in people_of(center)}
    assert (until[people.member.id], until[people.other_member.id]) == (None, date(2026, 9, 30))


def test_who_was_given_another_last_day_since_keeps_it(center: Center, group: int) -> None:
    end(center, group, date(2026, 8, 18))
    [renee] = center.rows(Enrollment, person_id=center.people.member.id)
    words = {"enrollment_id": renee.id, "revision": renee.revision}
    center.do(end_enrollment, **words, until_date=date(2026, 8, 11))
    go_on(center, group)
    [renee] = center.rows(Enrollment, person_id=center.people.member.id)
    assert renee.until_date == date(2026, 8, 11)


def test_nobody_goes_on_after_their_stay_nor_leads_what_they_may_not(center: Center, group: int) -> None:
    people = center.people
    end(center, group, date(2026, 8, 18))
    center.do(take_role, person_id=people.facilitator.id, role=Role.FACILITATOR)
    with center.sessions() as session, transaction(session):
        stay = factories.stay(session, people.member.id, date(2026, 7, 1), date(2026, 9, 2))
        for row in session.scalars(select(Enrollment).filter_by(person_id=people.member.id)):
            row.stay_id = stay
    assert go_on(center, group).back == Back(members=2, posts=0)
    [renee] = center.rows(Enrollment, person_id=people.member.id)
    assert renee.until_date == date(2026, 9, 2)


def test_a_series_that_goes_on_as_another_one_is_not_opened_beside_it(center: Center) -> None:
    made = center.make()
    row = center.series(made.series_id)
    plan = replace(plan_of(row), first_start=FIRST.replace(hour=18))
    words = {"series_id": row.id, "revision": row.revision, "since": made.occurrences[4]}
    center.do(edit_series, **words, plan=plan)
    with pytest.raises(Refused, match="It goes on as another series on August 18, 2026"):
        go_on(center, row.id)
    with pytest.raises(Refused, match="It goes on as another series on August 18, 2026"):
        end(center, row.id, date(2026, 8, 18))
    end(center, row.id, date(2026, 8, 17))


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
