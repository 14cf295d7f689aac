"""What is undone meets closures and holidays as they stand by now, never as they stood then."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from scheduler.domain.people.roles import Role
from scheduler.domain.places.service import make_room, make_site
from scheduler.domain.places.values import RoomDraft, SiteDraft
from scheduler.domain.planning.editing import edit_series
from scheduler.domain.planning.holiday_drafts import HolidayDraft
from scheduler.domain.planning.holidays import change_kinds, keep_holidays
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.planning.stopping import cancel_occurrence, restore_occurrence
from scheduler.domain.planning.undoing import undo_change
from scheduler.domain.planning.venues import edit_room
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Cause
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.errors import NotFound, Refused
from tests.domain.planning.center import EVENING, WEDNESDAY, Center
from tests.domain.planning.shut import RELOCATE, STOP, close, lift

JULY_21 = HolidayDraft(date(2026, 7, 21), "Founders' day")


@pytest.fixture
def first(center: Center) -> int:
    """The Tuesday evening group's meeting on July 21."""
    return int(center.make(leads=[center.people.facilitator.id]).occurrences[0])


def holiday(center: Center) -> int:
    kept = center.do(keep_holidays, drafts=[JULY_21], kinds=[Kind.GROUP], today=date(2026, 7, 15))
    return int(kept.holidays[0])


def take_off(center: Center, holiday_id: int) -> None:
    center.do(change_kinds, holiday_id=holiday_id, revision=1, kinds=())


def cancel(center: Center, number: int) -> int:
    row = center.occurrence(number)
    return int(center.do(cancel_occurrence, occurrence_id=number, revision=row.revision, reason="Ill"))


def move(center: Center, number: int, at: datetime) -> int:
    row = center.occurrence(number)
    words = {"local_start": at, "room_id": row.room_id, "reason": "Later"}
    return int(center.do(move_occurrence, occurrence_id=number, revision=row.revision, **words).change_id)


def to_wednesday(center: Center, number: int) -> int:
    row = center.series(center.occurrence(number).series_id)
    plan = replace(EVENING, room_id=center.room, rule=replace(EVENING.rule, weekdays=(WEDNESDAY,)))
    done = center.do(edit_series, series_id=row.id, revision=row.revision, plan=plan)
    assert done.change_id is not None
    return int(done.change_id)


def stands(center: Center, number: int) -> tuple[datetime, int | None, bool, list[str]]:
    row = center.occurrence(number)
    why = [cause.type for cause in center.rows(Cause, occurrence_id=number)]
    return row.local_start, row.room_id, row.booked, why


def at_home(center: Center) -> tuple[datetime, int | None, bool, list[str]]:
    return datetime(2026, 7, 21, 19), center.room, True, []


def test_a_cancellation_undone_after_a_closure_was_lifted_takes_place(center: Center, first: int) -> None:
    closed = close(center, STOP)
    cancelled = cancel(center, first)
    lift(center, closed.closure_id)
    center.do(undo_change, change_id=cancelled)
    assert stands(center, first) == at_home(center)


def test_a_cancellation_undone_after_a_holiday_was_taken_off_takes_place(center: Center, first: int) -> None:
    number = holiday(center)
    cancelled = cancel(center, first)
    take_off(center, number)
    center.do(undo_change, change_id=cancelled)
    assert stands(center, first) == at_home(center)


def test_an_edit_undone_into_a_closure_that_was_lifted_is_not_stopped(center: Center, first: int) -> None:
    closed = close(center, STOP, (datetime(2026, 7, 20), datetime(2026, 7, 22)))
    edited = to_wednesday(center, first)
    lift(center, closed.closure_id)
    center.do(undo_change, change_id=edited)
    assert stands(center, first) == at_home(center)


def test_a_move_undone_in_the_room_of_a_closure_that_was_lifted_goes_home(center: Center, first: int) -> None:
    closed = close(center, RELOCATE)
    moved = move(center, first, datetime(2026, 7, 21, 19, 30))
    lift(center, closed.closure_id)
    center.do(undo_change, change_id=moved)
    assert stands(center, first) == at_home(center)
    assert center.occurrence(first).closure_id is None


def test_an_edit_undone_after_its_holiday_was_taken_off_says_so(center: Center, first: int) -> None:
    number = holiday(center)
    edited = to_wednesday(center, first)
    take_off(center, number)
    with pytest.raises(Refused, match="taken off the calendar"):
        center.do(undo_change, change_id=edited)


def test_what_another_session_did_since_is_in_nobody_s_way(center: Center, first: int) -> None:
    other = center.make(first_start=datetime(2026, 7, 22, 9), rule=SINGLE).occurrences[0]
    cancel(center, first)
    row = center.occurrence(first)
    back = center.do(restore_occurrence, occurrence_id=first, revision=row.revision)
    cancel(center, other)
    center.do(undo_change, change_id=back.change_id)
    assert stands(center, first)[2:] == (False, ["coordinator"])


def test_what_a_holiday_lets_go_does_not_meet_in_a_closed_room(center: Center, first: int) -> None:
    number = holiday(center)
    close(center, RELOCATE)
    take_off(center, number)
    assert stands(center, first) == (datetime(2026, 7, 21, 19), center.other_room, True, [])


def test_what_is_edited_off_a_holiday_does_not_meet_in_a_closed_room(center: Center, first: int) -> None:
    holiday(center)
    close(center, RELOCATE)
    to_wednesday(center, first)
    assert stands(center, first) == (datetime(2026, 7, 22, 19), center.other_room, True, [])


def test_a_room_that_goes_to_another_site_follows_what_is_closed_there(center: Center, first: int) -> None:
    oak = center.do(make_site, site=SiteDraft("Oak Hill", "America/New_York"))
    closed = close(center, STOP, site_id=oak)
    room = RoomDraft("room 2", oak, capacity=14)
    center.do(edit_room, room_id=center.room, revision=1, room=room)
    assert stands(center, first)[2:] == (False, ["closure"])
    center.do(edit_room, room_id=center.room, revision=2, room=replace(room, site_id=1))
    assert stands(center, first) == at_home(center)
    assert closed.fates == ()


def test_nobody_undoes_a_change_into_a_room_out_of_their_reach(center: Center, first: int) -> None:
    oak = center.do(make_site, site=SiteDraft("Oak Hill", "America/New_York"))
    there = center.do(make_room, room=RoomDraft("Oak room", oak, capacity=14))
    series = center.series(center.occurrence(first).series_id)
    plan = replace(EVENING, room_id=there)
    edited = center.do(edit_series, series_id=series.id, revision=series.revision, plan=plan)
    only_oak = replace(center.people.coordinator.actor, limits=frozenset({(Role.COORDINATOR, oak)}))
    with center.sessions() as session, pytest.raises(NotFound):
        undo_change(session, actor=only_oak, change_id=edited.change_id, now=center.now)
