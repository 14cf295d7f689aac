"""The plan as coordinators read it."""

from datetime import date, datetime, timedelta

from scheduler.domain.planning.doubled import double_bookings
from scheduler.domain.planning.leading import substitute
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.planning.planned import Belonging, Planned, Twice
from scheduler.domain.planning.queries import belonging, gone_by, planned_between, planned_occurrence, to_come
from scheduler.domain.planning.stopping import cancel_occurrence
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.conflicts import Holder
from scheduler.domain.schedule.kinds import CauseType, Counting, Kind
from tests.domain.planning.center import FIRST, Center

WEEK = date(2026, 7, 20)


def week(center: Center, first: date = WEEK) -> tuple[Planned, ...]:
    return center.ask(planned_between, first)


def test_an_occurrence_is_told_with_its_place_its_places_and_who_leads(center: Center) -> None:
    people = center.people
    made = center.make(leads=[people.facilitator.id], members=[people.member.id, people.other_member.id])
    [found] = week(center)
    assert (found.id, found.series_id, found.kind, found.counting) == (
        made.occurrences[0],
        made.series_id,
        Kind.GROUP,
        Counting.MINUTES,
    )
    assert (found.title, found.place, found.local_start, found.timezone) == (
        "Tuesday evening group",
        "Elm Street, room 2",
        FIRST,
        "America/New_York",
    )
    assert (found.expected, found.capacity, found.takes_place) == (2, 12, True)
    assert [(duty.short_name, duty.position, duty.covers_for) for duty in found.leading] == [
        ("Dana R.", "lead", "")
    ]
    assert (found.is_moved, found.is_elsewhere, found.lacks_lead, found.causes) == (False, False, False, ())


def test_a_week_holds_its_own_local_dates_and_no_others(center: Center) -> None:
    late = center.make(first_start=datetime(2026, 7, 26, 23, 30), room_id=None, timezone="Pacific/Honolulu")
    center.make(first_start=datetime(2026, 7, 20, 0, 0), room_id=None, timezone="Pacific/Auckland")
    assert [each.local_start for each in week(center)] == [datetime(2026, 7, 21)]
    assert late.occurrences[0] == center.ask(planned_between, date(2026, 7, 27))[-1].id


def test_what_is_cancelled_or_moved_says_so(center: Center) -> None:
    made = center.make()
    first, second = made.occurrences[:2]
    center.do(cancel_occurrence, occurrence_id=first, revision=1, reason="No heat")
    moved_to = FIRST + timedelta(days=8)
    center.do(
        move_occurrence,
        occurrence_id=second,
        revision=1,
        local_start=moved_to,
        room_id=center.hall,
        reason="Painting",
    )
    [cancelled] = week(center)
    assert not cancelled.takes_place
    assert [(cause.type, cause.reason, cause.made_by) for cause in cancelled.causes] == [
        (CauseType.COORDINATOR, "No heat", "Odile K.")
    ]
    [moved] = week(center, date(2026, 7, 27))
    assert (moved.is_moved, moved.is_elsewhere, moved.move_reason) == (True, True, "Painting")
    assert (moved.place, moved.room_is_shared) == ("Elm Street, hall", True)


def test_a_substitute_is_told_with_whom_they_cover_for(center: Center) -> None:
    made = center.make(leads=[center.people.facilitator.id])
    duty = center.rows(Duty, occurrence_id=made.occurrences[0])[0]
    center.do(substitute, duty_id=duty.id, revision=1, person_id=center.people.other_facilitator.id)
    [found] = week(center)
    assert [(each.short_name, each.covers_for) for each in found.leading] == [("Femi A.", "Dana R.")]


def test_a_group_without_anybody_lacks_a_lead_and_a_mutual_help_meeting_does_not(center: Center) -> None:
    center.make()
    center.make(kind=Kind.MUTUAL_HELP, counting=Counting.HEADS, room_id=None)
    assert [each.lacks_lead for each in week(center)] == [True, False]


def test_a_room_and_a_facilitator_taken_twice_are_told_with_the_reason(center: Center) -> None:
    dana = center.people.facilitator.id
    first = center.make(leads=[dana]).occurrences[0]
    second = center.make(leads=[dana], title="Cooking", override="One hour only").occurrences[0]
    found = center.ask(double_bookings, week(center))
    assert set(found[first]) == {
        Twice(Holder.ROOM, "Elm Street, room 2", "", (second,)),
        Twice(Holder.FACILITATOR, "Dana R.", "", (second,)),
    }
    assert set(found[second]) == {
        Twice(Holder.ROOM, "Elm Street, room 2", "One hour only", (first,)),
        Twice(Holder.FACILITATOR, "Dana R.", "One hour only", (first,)),
    }


def test_a_shared_room_and_a_cancelled_session_are_not_taken_twice(center: Center) -> None:
    center.make(room_id=center.hall)
    center.make(room_id=center.hall)
    first = center.make().occurrences[0]
    center.do(cancel_occurrence, occurrence_id=first, revision=1, reason="Ill")
    center.make(override="Later ones collide")
    assert center.ask(double_bookings, week(center)) == {}


def test_the_next_and_the_last_of_a_series(center: Center) -> None:
    made = center.make(first_start=FIRST - timedelta(days=14))
    before = center.ask(gone_by, made.series_id, now=center.now, most=5)
    after = center.ask(to_come, made.series_id, now=center.now, most=2)
    assert [each.day for each in before] == [date(2026, 7, 14), date(2026, 7, 7)]
    assert [each.day for each in after] == [date(2026, 7, 21), date(2026, 7, 28)]


def test_what_does_not_exist_is_none(center: Center) -> None:
    assert center.ask(planned_occurrence, 77) is None


def test_who_belongs_to_a_series_before_it_begins_is_who_does_on_its_first_day(center: Center) -> None:
    made = center.make(leads=[center.people.facilitator.id], members=[center.people.member.id])
    assert center.ask(belonging, on=FIRST.date()) == {made.series_id: Belonging(1, ("Dana R.",))}
    before = center.ask(belonging, on=FIRST.date() - timedelta(days=1))
    assert before == {made.series_id: Belonging(1, ("Dana R.",))}  # as on its first day
