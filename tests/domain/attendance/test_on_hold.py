"""A member on hold is on no sheet, and nothing can be marked of them."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance import queries, service
from scheduler.domain.attendance.leading import led_by
from scheduler.domain.attendance.merging import NEVER_SAVED, Outcome, Wanted
from scheduler.domain.attendance.statuses import Status, Value
from tests.support import factories
from tests.support.evenings import AT_SEVEN, Group
from tests.support.people import Everybody

PRESENT = Value(Status.PRESENT)
THAT_DAY = AT_SEVEN.date()


@pytest.fixture(autouse=True)
def _renee_is_on_hold(people: Everybody, group: Group, session: Database) -> None:
    factories.hold(session, people.member.id, THAT_DAY, THAT_DAY)


def test_the_sheet_has_the_others_only(people: Everybody, group: Group, session: Database) -> None:
    page = queries.sheet(session, actor=people.facilitator.actor, occurrence_id=group.occurrence)
    assert [line.person_id for line in page.lines] == [people.other_member.id]


def test_no_mark_is_taken_of_them(people: Everybody, group: Group, session: Database) -> None:
    results = service.save_marks(
        session,
        actor=people.facilitator.actor,
        occurrence_id=group.occurrence,
        marks=[Wanted(people.member.id, PRESENT)],
        now=group.during,
    )
    assert results == (service.Result(people.member.id, Outcome.NOT_EXPECTED, NEVER_SAVED),)


def test_the_rest_are_absent_without_them(people: Everybody, group: Group, session: Database) -> None:
    results = service.mark_rest(
        session,
        actor=people.facilitator.actor,
        occurrence_id=group.occurrence,
        status=Status.ABSENT,
        now=group.during,
    )
    assert [result.person_id for result in results] == [people.other_member.id]


def test_who_leads_reads_how_many_to_expect_and_to_mark(
    people: Everybody, group: Group, session: Database
) -> None:
    span = AT_SEVEN - timedelta(days=1), AT_SEVEN + timedelta(days=1)
    [led] = led_by(session, people.facilitator.id, *span)
    assert (led.expected, led.unmarked) == (1, 1)


def test_alone_with_a_counselor_no_name_is_shown(people: Everybody, group: Group, session: Database) -> None:
    series = factories.series(session, "One to one", kind="individual")
    occurrence = factories.occurrence(session, series)
    factories.enrollment(session, series, people.member.id)
    factories.duty(session, occurrence, factories.post(session, series, people.other_facilitator.id))
    span = AT_SEVEN - timedelta(days=1), AT_SEVEN + timedelta(days=1)
    [led] = led_by(session, people.other_facilitator.id, *span)
    assert (led.occurrence_id, led.members, led.expected) == (occurrence, (), 0)
