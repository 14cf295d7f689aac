"""Which groups take somebody new, and when they meet next."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session as Database

from scheduler.domain.admissions.openings import Opening, next_meetings, openings
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.planning.ending import end_series
from scheduler.domain.planning.membership import enroll
from scheduler.domain.planning.stopping import cancel_occurrence
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Series
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.domain.stays.reasons import Places
from scheduler.domain.stays.service import add_hold, begin_stay, load_stay
from tests.domain.planning.center import Center

TODAY = date(2026, 7, 15)
NEXT = datetime(2026, 7, 21, 23, tzinfo=UTC)


def found(center: Center, **more: Any) -> tuple[Opening, ...]:
    return center.ask(openings, now=center.now, **more)


def test_a_group_with_its_next_meeting_and_its_free_places(center: Center) -> None:
    made = center.make(members=[center.people.member.id])
    assert found(center) == (
        Opening(made.series_id, "Tuesday evening group", "Elm Street", "America/New_York", NEXT, 11),
    )


def test_without_a_limit_there_is_no_number(center: Center) -> None:
    center.make(capacity=None)
    assert [opening.free for opening in found(center)] == [None]


def test_who_meets_next_comes_first(center: Center) -> None:
    for hour in (20, 9, 14):
        center.make(title=f"At {hour}", first_start=datetime(2026, 7, 16, hour), rule=SINGLE, room_id=None)
    assert [opening.title for opening in found(center)] == ["At 9", "At 14", "At 20"]


@pytest.mark.parametrize(
    "changes", [{"closed": True}, {"kind": Kind.INDIVIDUAL}, {"kind": Kind.FAMILY}, {"kind": Kind.ASSESSMENT}]
)
def test_what_takes_nobody_new_is_left_out(center: Center, changes: dict[str, Any]) -> None:
    center.make(**changes)
    assert found(center) == ()


@pytest.mark.parametrize("kind", [Kind.INDIVIDUAL, Kind.FAMILY, Kind.ASSESSMENT])
def test_what_is_about_one_member_is_for_them_where_nobody_else_has_it(center: Center, kind: Kind) -> None:
    renee, marcus = center.people.member.id, center.people.other_member.id
    made = center.make(kind=kind, members=[renee])
    assert [opening.series_id for opening in found(center, person_id=renee)] == [made.series_id]
    assert found(center, person_id=marcus) == ()
    center.do(_left, person_id=renee)
    assert found(center, person_id=marcus) == ()


def _left(session: Database, *, person_id: int, **_: Any) -> None:
    theirs = update(Enrollment).where(Enrollment.person_id == person_id)
    session.execute(theirs.values(from_date=date(2026, 7, 1), until_date=date(2026, 7, 1)))


def test_a_full_group_is_left_out_until_somebody_leaves_a_place(center: Center) -> None:
    renee = center.people.member.id
    stay = center.do(_admitted, person_id=renee)
    full = center.make(capacity=1, members=[renee], first_start=datetime(2026, 7, 21, 19))
    assert found(center) == ()
    center.do(_paused, stay_id=stay)
    assert [(opening.series_id, opening.free) for opening in found(center)] == [(full.series_id, 1)]


def test_a_place_that_somebody_has_from_later_on_is_taken_already(center: Center) -> None:
    made = center.make(capacity=1)
    center.do(enroll, series_id=made.series_id, person_id=center.people.member.id, from_date=date(2026, 9, 1))
    assert found(center) == ()


def test_a_group_that_ended_is_left_out(center: Center) -> None:
    made = center.make(first_start=datetime(2026, 7, 7, 19))
    row = center.rows(Series, id=made.series_id)[0]
    center.do(end_series, series_id=made.series_id, revision=row.revision, last=date(2026, 7, 14))
    assert found(center) == ()


def test_the_next_meeting_is_one_that_takes_place(center: Center) -> None:
    made = center.make()
    first = center.occurrences(made.series_id)[0]
    center.do(cancel_occurrence, occurrence_id=first.id, revision=first.revision, reason="Repairs")
    assert center.ask(next_meetings, [made.series_id, 999], now=center.now) == {
        made.series_id: datetime(2026, 7, 28, 23, tzinfo=UTC)
    }


def test_only_what_is_within_reach(center: Center) -> None:
    center.make()
    assert found(center, within=Series.id != center.rows(Series)[0].id) == ()


def _admitted(session: Any, *, actor: object, person_id: int, now: datetime) -> int:
    return begin_stay(session, person_id=person_id, admitted_on=date(2026, 7, 1), now=now).id


def _paused(session: Any, *, actor: Any, stay_id: int, now: datetime) -> None:
    add_hold(
        session,
        actor=actor,
        stay=load_stay(session, stay_id),
        from_date=TODAY,
        until_date=None,
        places=Places.FREED,
        now=now,
    )
