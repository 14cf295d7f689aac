from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.queries import (
    EnrollmentView,
    enrollments_of_person,
    enrollments_of_series,
    members_by_occurrence,
    members_of,
)
from scheduler.domain.enrollment.week import Attended, occurrences_of_member
from scheduler.domain.schedule.kinds import Kind
from tests.support import factories
from tests.support.people import Everybody

JULY_14, JULY_21, JULY_28 = (datetime(2026, 7, day, 19) for day in (14, 21, 28))


@pytest.fixture
def group(people: Everybody, session: Database) -> int:
    return factories.series(session, room_id=factories.room(session))


def test_a_member_is_expected_from_the_first_date_to_the_last(
    people: Everybody, session: Database, group: int
) -> None:
    numbers = [factories.occurrence(session, group, start) for start in (JULY_14, JULY_21, JULY_28)]
    factories.enrollment(session, group, people.member.id, date(2026, 7, 21), date(2026, 7, 21))
    factories.enrollment(session, group, people.other_member.id, date(2026, 7, 21))
    assert members_by_occurrence(session, numbers) == {
        numbers[1]: (people.member.id, people.other_member.id),
        numbers[2]: (people.other_member.id,),
    }
    assert members_of(session, numbers[:1]) == set()
    assert members_of(session, numbers) == {people.member.id, people.other_member.id}


def test_the_original_date_counts_and_not_where_it_was_moved(
    people: Everybody, session: Database, group: int
) -> None:
    moved = factories.occurrence(session, group, JULY_14, moved_to=datetime(2026, 7, 22, 10))
    factories.enrollment(session, group, people.member.id, date(2026, 7, 14), date(2026, 7, 14))
    factories.enrollment(session, group, people.other_member.id, date(2026, 7, 15))
    assert members_of(session, [moved]) == {people.member.id}


def test_a_members_week_says_when_and_where(people: Everybody, session: Database, group: int) -> None:
    first = factories.occurrence(session, group, JULY_14)
    second = factories.occurrence(session, group, JULY_21, moved_to=datetime(2026, 7, 20, 17), booked=False)
    factories.enrollment(session, group, people.member.id)
    begin, end = datetime(2026, 7, 14, 4, tzinfo=UTC), datetime(2026, 7, 21, 4, tzinfo=UTC)
    found = occurrences_of_member(session, people.member.id, begin, end)
    assert found[0] == Attended(
        occurrence_id=first,
        series_id=group,
        kind=Kind.GROUP,
        title="Tuesday evening group",
        discreet_title="",
        original_start=JULY_14,
        local_start=JULY_14,
        starts_at=datetime(2026, 7, 14, 23, tzinfo=UTC),
        ends_at=datetime(2026, 7, 15, 0, 30, tzinfo=UTC),
        timezone="America/New_York",
        takes_place=True,
        room_name="room 2",
        site_name="Elm Street",
        address="",
        join_link="",
    )
    assert [(each.occurrence_id, each.takes_place, each.is_moved) for each in found] == [
        (first, True, False),
        (second, False, True),
    ]
    assert occurrences_of_member(session, people.other_member.id, begin, end) == ()


def test_enrollments_are_listed_by_series_and_by_person(
    people: Everybody, session: Database, group: int
) -> None:
    ended = factories.enrollment(session, group, people.member.id, date(2026, 1, 6), date(2026, 3, 31))
    current = factories.enrollment(session, group, people.member.id, date(2026, 6, 2))
    other = factories.enrollment(session, group, people.other_member.id, date(2026, 2, 3))
    assert [each.id for each in enrollments_of_series(session, group)] == [ended, other, current]
    assert enrollments_of_person(session, people.member.id, on=date(2026, 7, 1)) == (
        EnrollmentView(
            id=current,
            series_id=group,
            title="Tuesday evening group",
            kind=Kind.GROUP,
            person_id=people.member.id,
            short_name="Renee T.",
            from_date=date(2026, 6, 2),
            until_date=None,
            revision=1,
        ),
    )
    assert [each.id for each in enrollments_of_person(session, people.member.id)] == [ended, current]
