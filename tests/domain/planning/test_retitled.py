"""A session about one member is titled after the next one before that one comes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from scheduler.domain.calendars.source_queries import sources_of
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.week import occurrences_of_member
from scheduler.domain.planning.editing import edit_series
from scheduler.domain.planning.membership import end_enrollment, enroll
from scheduler.domain.planning.undoing import undo_change
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.queries import plan_of
from tests.domain.planning.center import Center

SAM, PAT = "Counseling: Sam Rivers", "Counseling: Pat Nord"


def given_on(center: Center, until: str | None, at: datetime, **more: object) -> tuple[int, int]:
    """An hour of the member's on Tuesdays at 19:00, first on July 21, ends on a date and is retitled at an
    instant; answers the series and the change.
    """
    series_id = center.make(
        members=[center.people.member.id], kind=Kind.INDIVIDUAL, title=SAM, capacity=None, **more
    ).series_id
    if until is not None:
        [row] = center.rows(Enrollment)
        center.do(end_enrollment, enrollment_id=row.id, revision=1, until_date=date.fromisoformat(until))
    center.now = at
    series = center.series(series_id)
    plan = replace(plan_of(series), title=PAT)
    edited = center.do(edit_series, series_id=series_id, revision=series.revision, plan=plan)
    return series_id, edited.change_id


def read(center: Center, person_id: int) -> set[str]:
    """What stands in a calendar with full titles; their own week says the same."""
    sources = center.ask(sources_of, person_id, date(2026, 7, 13))
    begin = datetime(2026, 7, 13, tzinfo=UTC)
    week = center.ask(occurrences_of_member, person_id, begin, begin + timedelta(weeks=20))
    said = {source.plan.title for source in sources}
    assert {one.title for one in week} == said
    return said


@pytest.mark.parametrize(
    ("until", "at", "said"),
    [
        (None, datetime(2026, 7, 29, tzinfo=UTC), PAT),  # it is still theirs
        ("2026-07-28", datetime(2026, 7, 29, tzinfo=UTC), ""),
        ("2026-07-28", datetime(2026, 7, 28, 23, 1, tzinfo=UTC), ""),  # a minute into the last one
        ("2026-07-28", datetime(2026, 7, 28, 22, 59, tzinfo=UTC), PAT),  # a minute before it
        ("2026-07-31", datetime(2026, 7, 29, tzinfo=UTC), ""),  # enrolled, but nothing is to come
    ],
)
def test_the_earlier_member_reads_no_title_that_was_given_when_nothing_was_to_come_for_them(
    center: Center, until: str | None, at: datetime, said: str
) -> None:
    sam = center.people.member.id
    given_on(center, until, at)
    assert read(center, sam) == {said}


def test_it_is_raised_for_them_and_neither_reads_it_once_the_next_one_came(center: Center) -> None:
    sam, pat = center.people.member.id, center.people.other_member.id
    series_id, _ = given_on(center, "2026-07-28", datetime(2026, 7, 29, tzinfo=UTC))
    series = center.series(series_id)
    plan = replace(plan_of(series), title="Counseling: P. Nord")
    edit = partial(center.do, edit_series, series_id=series_id, revision=series.revision, plan=plan)
    assert center.raised_by(edit) == {sam}
    center.do(enroll, series_id=series_id, person_id=pat, from_date=date(2026, 8, 4))
    assert (read(center, sam), read(center, pat)) == ({""}, {""})


def test_taken_back_the_old_title_is_theirs_again(center: Center) -> None:
    _, change_id = given_on(center, "2026-07-28", datetime(2026, 7, 29, tzinfo=UTC))
    center.do(undo_change, change_id=change_id)
    assert read(center, center.people.member.id) == {SAM}


def test_a_group_may_have_another_title(center: Center) -> None:
    series_id = center.make(members=[center.people.member.id]).series_id
    [row] = center.rows(Enrollment)
    center.do(end_enrollment, enrollment_id=row.id, revision=1, until_date=date(2026, 7, 28))
    center.now = datetime(2026, 7, 29, tzinfo=UTC)
    plan = replace(plan_of(center.series(series_id)), title="Tuesday circle")
    center.do(edit_series, series_id=series_id, revision=1, plan=plan)
    assert read(center, center.people.member.id) == {"Tuesday circle"}
