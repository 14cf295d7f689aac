"""Counting heads: walk-ins, and meetings that are counted without names."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance import queries, service
from scheduler.domain.attendance.assembly import LastCount, SheetPage
from scheduler.domain.attendance.merging import Outcome
from scheduler.errors import Invalid, NotFound, Refused
from tests.support import factories
from tests.support.evenings import Group
from tests.support.people import Everybody, Someone


def walk_ins(session: Database, who: Someone, group: Group, number: int, seen: int) -> service.Counted:
    return service.count_walk_ins(
        session,
        actor=who.actor,
        occurrence_id=group.occurrence,
        number=number,
        seen=seen,
        now=group.during,
    )


def headcount(
    session: Database, who: Someone, group: Group, number: int, seen: int | None
) -> service.Counted:
    return service.set_headcount(
        session,
        actor=who.actor,
        occurrence_id=group.occurrence,
        number=number,
        seen=seen,
        now=group.during,
    )


def test_walk_ins_are_counted_up_and_down(people: Everybody, group: Group, session: Database) -> None:
    dana = people.facilitator
    assert walk_ins(session, dana, group, 1, 0) == service.Counted(Outcome.APPLIED, 1, dana.id, group.during)
    assert walk_ins(session, dana, group, 2, 1).number == 2
    assert walk_ins(session, dana, group, 1, 2).number == 1
    page = queries.sheet(session, actor=dana.actor, occurrence_id=group.occurrence)
    assert (page.head.walk_ins, page.head.counted_by, page.saved_at) == (1, "Dana R.", group.during)


def test_a_number_is_not_saved_over_one_that_was_not_seen(
    people: Everybody, group: Group, session: Database
) -> None:
    dana, odile = people.facilitator, people.coordinator
    walk_ins(session, dana, group, 2, 0)
    theirs = service.Counted(Outcome.CONFLICT, 2, dana.id, group.during)
    assert walk_ins(session, odile, group, 1, 0) == theirs
    same_again = service.Counted(Outcome.UNCHANGED, 2, dana.id, group.during)
    assert walk_ins(session, odile, group, 2, 0) == same_again


@pytest.mark.parametrize("number", [-1, 10_000])
def test_a_number_makes_sense(people: Everybody, group: Group, session: Database, number: int) -> None:
    with pytest.raises(Invalid) as refusal:
        walk_ins(session, people.facilitator, group, number, 0)
    assert refusal.value.fields == {"walk_ins": "Give a number from 0 to 9999."}


def test_a_meeting_is_counted_by_heads_without_any_name(
    people: Everybody, meeting: Group, session: Database
) -> None:
    femi = people.other_facilitator
    factories.enrollment(session, meeting.series, people.member.id)
    assert headcount(session, femi, meeting, 17, None) == service.Counted(
        Outcome.APPLIED, 17, femi.id, meeting.during
    )
    assert headcount(session, people.coordinator, meeting, 18, None).outcome is Outcome.CONFLICT
    page = queries.sheet(session, actor=femi.actor, occurrence_id=meeting.occurrence)
    assert page == SheetPage(page.head)
    assert (page.head.headcount, page.head.counted_by, page.head.room_holds) == (17, "Femi A.", 40)


def test_the_page_says_how_many_came_the_time_before(
    people: Everybody, meeting: Group, session: Database
) -> None:
    odile = people.coordinator
    for days, number in ((14, 9), (7, 15)):
        start = datetime(2026, 7, 14, 19) - timedelta(days=days)
        before = factories.occurrence(session, meeting.series, start)
        headcount(session, odile, Group(0, 0, before, meeting.during), number, None)
    page = queries.sheet(session, actor=odile.actor, occurrence_id=meeting.occurrence)
    assert page.last_count == LastCount(15, datetime(2026, 7, 7, 19))


def test_each_way_of_counting_refuses_the_other(
    people: Everybody, group: Group, meeting: Group, session: Database
) -> None:
    with pytest.raises(Refused):
        headcount(session, people.coordinator, group, 17, None)
    with pytest.raises(Refused):
        walk_ins(session, people.coordinator, meeting, 1, 0)


def test_nobody_else_counts(people: Everybody, group: Group, meeting: Group, session: Database) -> None:
    for somebody in (people.member, people.other_facilitator, people.administrator):
        with pytest.raises(NotFound):
            walk_ins(session, somebody, group, 1, 0)
    with pytest.raises(NotFound):
        headcount(session, people.facilitator, meeting, 17, None)
