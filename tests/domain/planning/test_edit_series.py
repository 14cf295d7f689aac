from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.planning.editing import Edited, edit_series
from scheduler.domain.planning.ending import end_series
from scheduler.domain.planning.leading import substitute
from scheduler.domain.planning.making import NewEnrollment, make_series
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.planning.stopping import cancel_occurrence
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.schedule.clashes import Taken
from scheduler.domain.schedule.counts import Counts
from scheduler.domain.schedule.dates import ALL_MADE
from scheduler.domain.schedule.kinds import Counting
from scheduler.domain.schedule.models import Cause, Occurrence, Series
from scheduler.domain.schedule.queries import plan_of
from scheduler.domain.schedule.recurrence import SINGLE, Frequency, OrdinalWeekday, Rule
from scheduler.errors import Conflict, Invalid, NotFound, Refused
from tests.domain.planning.center import (
    EVENING,
    FIRST,
    FRIDAY,
    MONDAY,
    THURSDAY,
    TUESDAY,
    TUESDAYS,
    WEDNESDAY,
    Center,
)

WEEK = timedelta(weeks=1)
AUGUST = datetime(2026, 8, 5, 16, tzinfo=UTC)
"""A Wednesday: the group has met on July 21, July 28 and August 4."""


def edit(center: Center, series_id: int, *, override: str = "", **changes: Any) -> Edited:
    """What a coordinator does who opens the form now, changes some fields and saves it."""
    series = center.series(series_id)
    plan = replace(plan_of(series), **changes)
    return center.do(edit_series, series_id=series_id, revision=series.revision, plan=plan, override=override)


def weekly(*days: int, **more: Any) -> Rule:
    return Rule(Frequency.WEEKLY, weekdays=days, **more)


def test_words_and_places_change_in_place(center: Center) -> None:
    made = center.make(members=[center.people.member.id])
    before = center.occurrences(made.series_id)
    edited = edit(
        center, made.series_id, title="  Evening\tgroup ", discreet_title="Class", capacity=8, closed=True
    )
    assert edited == Edited(made.series_id, is_split=False)
    series = center.series(made.series_id)
    assert (series.title, series.discreet_title, series.capacity, series.closed) == (
        "Evening group",
        "Class",
        8,
        True,
    )
    assert (series.sequence, series.revision, series.changed_at) == (
        1,
        2,
        center.now + timedelta(seconds=1),
    )
    assert [each.sequence for each in center.occurrences(made.series_id)] == [0] * len(before)


def test_exactly_its_people_get_a_new_calendar(center: Center) -> None:
    people = center.people
    made = center.make(leads=[people.facilitator.id], members=[people.member.id])
    raised = center.raised_by(lambda: edit(center, made.series_id, title="Other"))
    assert raised == {people.facilitator.id, people.member.id}
    assert center.last_audit() == ("series.edited", "series", made.series_id)


def test_another_room_is_for_what_is_to_come(center: Center) -> None:
    made = center.make()
    center.now = AUGUST
    edit(center, made.series_id, room_id=center.other_room)
    rooms = [each.room_id for each in center.occurrences(made.series_id)]
    assert (rooms[:3], set(rooms[3:])) == ([center.room] * 3, {center.other_room})


def test_an_occurrence_with_a_room_of_its_own_keeps_it(center: Center) -> None:
    made = center.make()
    words = {"local_start": FIRST + WEEK, "room_id": center.hall, "reason": "Larger", "revision": 1}
    center.do(move_occurrence, occurrence_id=made.occurrences[1], **words)
    edit(center, made.series_id, room_id=center.other_room)
    rooms = [each.room_id for each in center.occurrences(made.series_id)]
    assert rooms == [center.other_room, center.hall, *[center.other_room] * 24]


def test_a_taken_room_is_refused(center: Center) -> None:
    center.make(rule=SINGLE, room_id=center.other_room, title="Track B")
    made = center.make()
    with pytest.raises(Taken, match="Track B"):
        edit(center, made.series_id, room_id=center.other_room)
    edit(center, made.series_id, room_id=center.other_room, override="Agreed.")
    exclusive = [each.exclusive for each in center.occurrences(made.series_id)]
    assert exclusive == [False] + [True] * 25


def test_what_counts_changes_in_place_and_goes_along_with_a_split(center: Center) -> None:
    made = center.make()
    counts = Counts(least_people=2, most_people=12, least_minutes=50)
    assert edit(center, made.series_id, counts=counts) == Edited(made.series_id, is_split=False)
    center.now = AUGUST
    after = edit(center, made.series_id, minutes=60)
    assert after.is_split
    assert [plan_of(center.series(each)).counts for each in (made.series_id, after.series_id)] == [counts] * 2


def test_that_members_come_in_by_themselves_goes_along_with_a_split_and_never_to_heads(
    center: Center,
) -> None:
    made = center.make()
    assert edit(center, made.series_id, check_in=True) == Edited(made.series_id, is_split=False)
    center.now = AUGUST
    after = edit(center, made.series_id, minutes=60)
    assert (after.is_split, center.series(after.series_id).check_in) == (True, True)
    with pytest.raises(Invalid) as refused:
        edit(center, after.series_id, counting=Counting.HEADS)
    assert list(refused.value.fields) == ["check_in"]


def test_fewer_places_than_members_are_refused(center: Center) -> None:
    made = center.make(members=[center.people.member.id, center.people.other_member.id])
    with pytest.raises(Invalid) as refused:
        edit(center, made.series_id, capacity=1)
    assert refused.value.fields == {
        "capacity": "2 members belong to this group. There must be a place for each."
    }


def test_a_stale_form_is_answered_with_both_versions(center: Center) -> None:
    made = center.make()
    stale = replace(plan_of(center.series(made.series_id)), title="Mine")
    edit(center, made.series_id, title="Theirs")
    with pytest.raises(Conflict) as refused:
        center.do(edit_series, series_id=made.series_id, revision=1, plan=stale)
    assert (refused.value.mine["title"], refused.value.theirs["title"]) == ("Mine", "Theirs")
    assert center.series(made.series_id).title == "Theirs"


def test_an_earlier_end_of_the_rule_is_in_place(center: Center) -> None:
    made = center.make()
    center.now = AUGUST
    edited = edit(center, made.series_id, rule=weekly(TUESDAY, until=date(2026, 8, 18)))
    assert not edited.is_split
    assert center.starts(made.series_id) == [FIRST + week * WEEK for week in range(5)]
    assert len(edited.deleted) == 21
    assert center.series(made.series_id).made_until == ALL_MADE


def test_a_later_end_of_the_rule_brings_more(center: Center) -> None:
    made = center.make(rule=weekly(TUESDAY, count=4))
    center.now = AUGUST
    edited = edit(center, made.series_id, rule=weekly(TUESDAY, count=6))
    assert not edited.is_split
    assert len(edited.made) == 2
    assert center.starts(made.series_id) == [FIRST + week * WEEK for week in range(6)]


def test_before_its_first_occurrence_everything_changes_in_place(center: Center) -> None:
    dana = center.people.facilitator.id
    made = center.make(leads=[dana], members=[center.people.member.id])
    edited = edit(
        center, made.series_id, first_start=datetime(2026, 7, 20, 18), rule=weekly(MONDAY), minutes=60
    )
    assert (edited.series_id, edited.is_split) == (made.series_id, False)
    rows = center.occurrences(made.series_id)
    assert [each.id for each in rows] == list(made.occurrences)
    assert [each.local_start for each in rows] == [
        datetime(2026, 7, 20, 18) + week * WEEK for week in range(26)
    ]
    assert {each.ends_at - each.starts_at for each in rows} == {timedelta(hours=1)}
    assert [person for _, person in center.leaders(made.series_id)] == [dana] * 26
    [enrollment] = center.rows(Enrollment)
    assert enrollment.from_date == date(2026, 7, 20)


def test_dates_of_one_series_may_pass_through_each_other(center: Center) -> None:
    made = center.make(rule=weekly(TUESDAY, WEDNESDAY, THURSDAY))
    edit(center, made.series_id, rule=weekly(WEDNESDAY, THURSDAY, FRIDAY))
    rows = center.occurrences(made.series_id)
    assert [each.original_start.weekday() for each in rows[:6]] == [WEDNESDAY, THURSDAY, FRIDAY] * 2
    assert [each.id for each in rows[:72]] == list(made.occurrences[:72])


def test_a_day_that_is_left_out_of_a_week_takes_nothing_from_the_others(center: Center) -> None:
    made = center.make(rule=weekly(TUESDAY, THURSDAY))
    tuesday, thursday = made.occurrences[:2]
    center.do(cancel_occurrence, occurrence_id=tuesday, revision=1, reason="Flood")
    edited = edit(center, made.series_id, first_start=datetime(2026, 7, 23, 19), rule=weekly(THURSDAY))
    assert edited.stopped == (tuesday,)
    kept = center.occurrence(thursday)
    assert (kept.original_start, kept.booked) == (datetime(2026, 7, 23, 19), True)


def test_once_it_has_begun_another_time_is_a_split(center: Center) -> None:
    people = center.people
    made = center.make(leads=[people.facilitator.id], members=[people.member.id])
    past = [(each.id, each.starts_at) for each in center.occurrences(made.series_id)[:3]]
    center.now = AUGUST
    edited = edit(center, made.series_id, first_start=FIRST.replace(hour=18), title="Earlier group")

    assert edited.is_split
    old, new = center.series(made.series_id), center.series(edited.series_id)
    assert (old.title, old.ends_on, old.made_until) == ("Tuesday evening group", date(2026, 8, 10), ALL_MADE)
    assert (new.title, new.first_start, new.lineage_id) == (
        "Earlier group",
        datetime(2026, 8, 11, 18),
        made.series_id,
    )
    assert [(each.id, each.starts_at) for each in center.occurrences(made.series_id)] == past
    rows = center.occurrences(edited.series_id)
    assert [each.id for each in rows][:23] == list(made.occurrences[3:])
    assert [each.local_start for each in rows] == [
        datetime(2026, 8, 11, 18) + week * WEEK for week in range(len(rows))
    ]
    assert rows[-1].local_start == datetime(2027, 2, 2, 18)


def test_its_people_go_on_after_a_split(center: Center) -> None:
    people = center.people
    made = center.do(
        make_series,
        plan=EVENING,
        enrollments=[
            NewEnrollment(people.member.id),
            NewEnrollment(people.other_member.id, date(2026, 9, 1), date(2026, 9, 30)),
        ],
    )
    gone = center.member("Gone Already")
    center.now = AUGUST
    edited = edit(center, made.series_id, first_start=FIRST.replace(hour=18))
    rows = [
        (each.series_id, each.person_id, each.from_date, each.until_date) for each in center.rows(Enrollment)
    ]
    assert sorted(rows) == [
        (made.series_id, people.member.id, date(2026, 7, 21), date(2026, 8, 10)),
        (edited.series_id, people.member.id, date(2026, 8, 11), None),
        (edited.series_id, people.other_member.id, date(2026, 9, 1), date(2026, 9, 30)),
    ]
    assert gone not in {row[1] for row in rows}
    assert len({each.uid for each in center.rows(Enrollment)}) == 3


def test_posts_and_duties_go_on_after_a_split(center: Center) -> None:
    people = center.people
    made = center.make(leads=[people.facilitator.id])
    duty = center.rows(Duty, occurrence_id=made.occurrences[5])[0]
    center.do(substitute, duty_id=duty.id, revision=1, person_id=people.other_facilitator.id)
    center.now = AUGUST
    edited = edit(center, made.series_id, first_start=FIRST.replace(hour=18))
    posts = [(each.series_id, each.from_date, each.until_date) for each in center.rows(Post)]
    assert posts == [
        (made.series_id, date(2026, 7, 21), date(2026, 8, 10)),
        (edited.series_id, date(2026, 8, 11), None),
    ]
    leaders = [person for _, person in center.leaders(edited.series_id)]
    assert leaders[2] == people.other_facilitator.id
    assert set(leaders[:2] + leaders[3:]) == {people.facilitator.id}
    assert len(leaders) == len(center.occurrences(edited.series_id))
    assert center.rows(Duty, id=duty.id)[0].post_id == 2


def test_what_single_occurrences_override_is_carried(center: Center) -> None:
    made = center.make()
    moved_to = datetime(2026, 8, 12, 10)
    words = {"local_start": moved_to, "room_id": center.hall, "reason": "Visit", "revision": 1}
    center.do(move_occurrence, occurrence_id=made.occurrences[3], **words)
    center.do(cancel_occurrence, occurrence_id=made.occurrences[4], revision=1, reason="Flood")
    center.now = AUGUST
    edited = edit(center, made.series_id, first_start=FIRST.replace(hour=18))
    moved, cancelled = center.occurrences(edited.series_id)[:2]
    assert (moved.id, moved.original_start, moved.local_start, moved.room_id) == (
        made.occurrences[3],
        datetime(2026, 8, 11, 18),
        moved_to,
        center.hall,
    )
    assert (moved.own_start, moved.own_room) == (True, True)
    assert (cancelled.id, cancelled.booked, cancelled.local_start) == (
        made.occurrences[4],
        False,
        datetime(2026, 8, 18, 18),
    )
    assert [cause.reason for cause in center.rows(Cause)] == ["Flood"]


def test_the_nth_date_of_a_week_takes_the_nth(center: Center) -> None:
    made = center.make(rule=weekly(TUESDAY, THURSDAY))
    center.now = AUGUST
    before = {each.original_start.date(): each.id for each in center.occurrences(made.series_id)}
    edited = edit(center, made.series_id, rule=weekly(MONDAY, FRIDAY))
    after = {each.original_start.date(): each.id for each in center.occurrences(edited.series_id)}
    assert after[date(2026, 8, 7)] == before[date(2026, 8, 6)]
    assert after[date(2026, 8, 10)] == before[date(2026, 8, 11)]
    assert after[date(2026, 8, 14)] == before[date(2026, 8, 13)]
    assert center.series(edited.series_id).first_start == datetime(2026, 8, 7, 19)


def test_an_earlier_day_of_the_same_week_is_taken_if_it_is_still_to_come(center: Center) -> None:
    made = center.make(first_start=datetime(2026, 7, 23, 19), rule=weekly(THURSDAY))
    center.now = datetime(2026, 8, 3, 12, tzinfo=UTC)
    edited = edit(center, made.series_id, rule=weekly(TUESDAY))
    rows = center.occurrences(edited.series_id)
    assert (rows[0].id, rows[0].local_start) == (made.occurrences[2], datetime(2026, 8, 4, 19))


def test_a_month_keeps_its_meeting_when_the_ordinal_changes(center: Center) -> None:
    def nth(ordinal: int) -> Rule:
        return Rule(Frequency.MONTHLY, ordinal_weekdays=(OrdinalWeekday(ordinal, FRIDAY),))

    made = center.make(first_start=datetime(2026, 7, 17, 19), rule=nth(3))
    center.now = AUGUST
    edited = edit(center, made.series_id, rule=nth(2))
    rows = center.occurrences(edited.series_id)
    assert (rows[0].id, rows[0].local_start) == (made.occurrences[1], datetime(2026, 8, 14, 19))


def test_left_over_occurrences_go_unless_something_hangs_on_them(center: Center) -> None:
    made = center.make(rule=weekly(TUESDAY, THURSDAY), leads=[center.people.facilitator.id])
    by_date = {each.original_start.date(): each.id for each in center.occurrences(made.series_id)}
    center.do(cancel_occurrence, occurrence_id=by_date[date(2026, 8, 13)], revision=1, reason="Flood")
    center.now = datetime(2026, 8, 7, 12, tzinfo=UTC)
    edited = edit(center, made.series_id, rule=weekly(TUESDAY))
    assert edited.stopped == (by_date[date(2026, 8, 13)],)
    stopped = center.occurrence(by_date[date(2026, 8, 13)])
    assert (stopped.series_id, stopped.booked) == (made.series_id, False)
    causes = [(each.type, each.reason) for each in center.rows(Cause, occurrence_id=stopped.id)]
    assert causes == [("coordinator", "Flood"), ("changed", "It is not planned any more.")]
    assert by_date[date(2026, 8, 20)] in edited.deleted
    assert center.rows(Occurrence, id=by_date[date(2026, 8, 20)]) == []
    assert center.rows(Duty, occurrence_id=by_date[date(2026, 8, 20)]) == []


def test_a_count_is_of_all_its_dates(center: Center) -> None:
    made = center.make(rule=weekly(TUESDAY, count=5))
    center.now = AUGUST
    edited = edit(center, made.series_id, first_start=FIRST.replace(hour=18))
    assert center.starts(edited.series_id) == [datetime(2026, 8, 11, 18), datetime(2026, 8, 18, 18)]


def test_a_group_that_was_ended_still_ends_after_a_split(center: Center) -> None:
    made = center.make()
    center.now = AUGUST
    center.do(end_series, series_id=made.series_id, revision=1, last=date(2026, 9, 1))
    edited = edit(center, made.series_id, first_start=FIRST.replace(hour=18))
    assert center.starts(edited.series_id) == [datetime(2026, 8, 11, 18) + week * WEEK for week in range(4)]
    open_again = edit(center, edited.series_id, rule=weekly(TUESDAY, until=date(2026, 9, 15)))
    assert not open_again.is_split
    assert len(center.starts(edited.series_id)) == 6


def test_what_stands_after_the_end_does_not_take_the_end_back(center: Center) -> None:
    """A session that was moved far off outlives the end; the dates before it stay as they were ended."""
    made = center.make()
    center.now = AUGUST
    center.do(
        move_occurrence,
        occurrence_id=made.occurrences[8],
        revision=1,
        local_start=datetime(2026, 9, 16, 19),
        room_id=center.room,
        reason="A holiday",
    )
    center.do(end_series, series_id=made.series_id, revision=1, last=date(2026, 8, 18))
    ended = center.starts(made.series_id)
    edit(center, made.series_id, rule=weekly(THURSDAY, until=date(2026, 10, 1)))
    first = edit(center, made.series_id, first_start=FIRST.replace(hour=18))
    assert first.is_split
    series = center.series(made.series_id)
    assert series.ends_on is not None
    assert series.ends_on <= date(2026, 8, 18)
    assert [start for start in center.starts(made.series_id) if start not in ended] == []


def test_a_split_into_a_taken_hour_is_refused_and_leaves_nothing(center: Center) -> None:
    center.make(first_start=datetime(2026, 8, 11, 17), minutes=90, rule=SINGLE, title="Track B")
    made = center.make()
    center.now = AUGUST
    before = center.count()
    with pytest.raises(Taken, match="Track B"):
        edit(center, made.series_id, first_start=FIRST.replace(hour=18))
    assert center.count() == before
    assert [each.title for each in center.rows(Series)] == ["Track B", "Tuesday evening group"]


def test_another_zone_keeps_the_wall_time_and_a_moved_one_its_instant(center: Center) -> None:
    made = center.make()
    words = {"local_start": datetime(2026, 8, 12, 10), "room_id": center.room, "reason": "x", "revision": 1}
    center.do(move_occurrence, occurrence_id=made.occurrences[3], **words)
    center.now = AUGUST
    edited = edit(center, made.series_id, timezone="America/Chicago")
    moved, following = center.occurrences(edited.series_id)[:2]
    assert (moved.starts_at, moved.local_start) == (
        datetime(2026, 8, 12, 14, tzinfo=UTC),
        datetime(2026, 8, 12, 9),
    )
    assert (following.starts_at, following.local_start) == (
        datetime(2026, 8, 19, 0, tzinfo=UTC),
        datetime(2026, 8, 18, 19),
    )


def test_one_put_off_from_before_the_split_stays_where_it_is(center: Center) -> None:
    made = center.make()
    words = {"local_start": datetime(2026, 8, 9, 10), "room_id": center.room, "reason": "x", "revision": 1}
    center.do(move_occurrence, occurrence_id=made.occurrences[1], **words)
    center.now = AUGUST
    edited = edit(center, made.series_id, first_start=FIRST.replace(hour=18))
    put_off = center.occurrence(made.occurrences[1])
    assert (put_off.series_id, put_off.local_start) == (made.series_id, datetime(2026, 8, 9, 10))
    assert center.starts(edited.series_id)[0] == datetime(2026, 8, 11, 18)


def test_a_second_split_stays_in_the_lineage(center: Center) -> None:
    made = center.make()
    center.now = AUGUST
    second = edit(center, made.series_id, first_start=FIRST.replace(hour=18))
    center.now = AUGUST + 3 * WEEK
    first_start = datetime(2026, 8, 11, 17)
    third = edit(center, second.series_id, first_start=first_start)
    lineages = [(each.id, each.lineage_id) for each in center.rows(Series)]
    assert lineages == [
        (number, made.series_id) for number in (made.series_id, second.series_id, third.series_id)
    ]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"title": ""}, {"title"}),
        ({"timezone": "Mars/Olympus"}, {"timezone"}),
        ({"room_id": 9999}, {"room_id"}),
        ({"first_start": datetime(2026, 8, 18, 19)}, {"first_start"}),
        ({"rule": weekly(FRIDAY, until=date(2026, 8, 1))}, {"until"}),
        ({"rule": weekly(FRIDAY, count=2)}, {"until"}),
    ],
)
def test_what_makes_no_sense_is_told_beside_its_field(
    center: Center, changes: dict[str, object], fields: set[str]
) -> None:
    made = center.make()
    center.now = AUGUST
    before = center.count()
    with pytest.raises(Invalid) as refused:
        edit(center, made.series_id, **changes)
    assert set(refused.value.fields) == fields
    assert center.count() == before


def test_a_group_that_is_over_cannot_meet_at_another_time(center: Center) -> None:
    made = center.make(rule=replace(TUESDAYS, count=2))
    center.now = AUGUST
    with pytest.raises(Refused):
        edit(center, made.series_id, minutes=60)


def test_what_does_not_exist_is_not_found(center: Center) -> None:
    with pytest.raises(NotFound):
        center.do(edit_series, series_id=999, revision=1, plan=EVENING)
