"""Moving this and following, or all that are to come, by where one of them is put."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.planning.consequences import Consequences
from scheduler.domain.planning.editing import edit_series
from scheduler.domain.planning.leading import substitute
from scheduler.domain.planning.moves import Done, HowFar, move
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.planning.stopping import cancel_occurrence
from scheduler.domain.planning.undoing import undo_change
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.schedule.clashes import Taken
from scheduler.domain.schedule.models import Cause, Occurrence, Series
from scheduler.domain.schedule.queries import plan_of
from scheduler.domain.schedule.recurrence import SINGLE, Frequency, Rule
from scheduler.errors import Conflict, Refused
from tests.domain.planning.center import FIRST, FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY, Center
from tests.domain.planning.test_undo_change import state

WEEK, DAY, HOUR = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1)
AUGUST = datetime(2026, 8, 5, 16, tzinfo=UTC)
"""A Wednesday: the group has met on July 21, July 28 and August 4."""


def put(center: Center, occurrence_id: int, by: timedelta, how_far: HowFar, **changes: Any) -> Done:
    """Drop an occurrence so much later than it stands, in the same room."""
    row = center.occurrence(occurrence_id)
    words = {
        "revision": row.revision,
        "local_start": row.local_start + by,
        "room_id": row.room_id,
        "reason": "Asked for",
    }
    return center.do(move, occurrence_id=occurrence_id, how_far=how_far, **(words | changes))


def test_one_alone_is_the_move_that_there_was(center: Center) -> None:
    made = center.make(leads=[center.people.facilitator.id], members=[center.people.member.id])
    done = put(center, made.occurrences[2], HOUR, HowFar.ONE)
    assert done.consequences == Consequences(occurrences=1, members=1, duties=1)
    assert center.starts(made.series_id)[1:4] == [FIRST + WEEK, FIRST + 2 * WEEK + HOUR, FIRST + 3 * WEEK]


def test_this_and_following_leaves_the_earlier_ones(center: Center) -> None:
    people = center.people
    made = center.make(leads=[people.facilitator.id], members=[people.member.id])
    done = put(center, made.occurrences[3], 2 * DAY + HOUR, HowFar.FOLLOWING)
    assert done.consequences == Consequences(occurrences=23, members=1, duties=23)
    assert center.starts(made.series_id) == [FIRST, FIRST + WEEK, FIRST + 2 * WEEK]
    first = FIRST + 3 * WEEK + 2 * DAY + HOUR
    assert center.starts(done.series_id) == [first + WEEK * number for number in range(23)]
    assert [each.id for each in center.occurrences(done.series_id)] == list(made.occurrences[3:])
    old, new = center.series(made.series_id), center.series(done.series_id)
    assert (old.ends_on, new.rule, new.lineage_id) == (date(2026, 8, 10), "FREQ=WEEKLY;BYDAY=TH", old.id)
    assert [(e.series_id, e.from_date, e.until_date) for e in center.rows(Enrollment)] == [
        (old.id, date(2026, 7, 21), date(2026, 8, 10)),
        (new.id, date(2026, 8, 11), None),
    ]
    assert [(p.series_id, p.from_date, p.until_date) for p in center.rows(Post)] == [
        (old.id, date(2026, 7, 21), date(2026, 8, 10)),
        (new.id, date(2026, 8, 11), None),
    ]
    assert center.last_audit() == ("series.split", "series", old.id)


def test_all_that_are_to_come_begin_with_the_next(center: Center) -> None:
    made = center.make()
    center.now = AUGUST
    done = put(center, made.occurrences[9], -DAY, HowFar.ALL)
    assert center.starts(made.series_id) == [FIRST, FIRST + WEEK, FIRST + 2 * WEEK]
    assert center.starts(done.series_id)[:2] == [FIRST + 3 * WEEK - DAY, FIRST + 4 * WEEK - DAY]
    assert center.series(done.series_id).rule == "FREQ=WEEKLY;BYDAY=MO"


def test_before_it_has_begun_all_are_moved_in_place(center: Center) -> None:
    made = center.make(members=[center.people.member.id])
    done = put(center, made.occurrences[4], -DAY, HowFar.ALL)
    assert done.series_id == made.series_id
    assert center.starts(made.series_id)[:2] == [FIRST - DAY, FIRST + WEEK - DAY]
    [enrollment] = center.rows(Enrollment)
    assert enrollment.from_date == date(2026, 7, 20)


def test_over_a_week_each_date_goes_as_far(center: Center) -> None:
    made = center.make(first_start=FIRST - DAY, rule=Rule(Frequency.WEEKLY, weekdays=(MONDAY,)))
    done = put(center, made.occurrences[1], -DAY, HowFar.FOLLOWING)
    assert center.starts(done.series_id)[0] == FIRST + WEEK - 2 * DAY
    assert [each.id for each in center.occurrences(done.series_id)] == list(made.occurrences[1:])


def test_of_two_days_a_week_only_the_one_goes_and_the_hour_is_for_both(center: Center) -> None:
    made = center.make(rule=Rule(Frequency.WEEKLY, weekdays=(TUESDAY, THURSDAY)))
    done = put(center, made.occurrences[2], 3 * DAY + HOUR, HowFar.FOLLOWING)
    later = FIRST + WEEK + HOUR
    assert center.starts(done.series_id)[:4] == [
        later + 2 * DAY,
        later + 3 * DAY,
        later + WEEK + 2 * DAY,
        later + WEEK + 3 * DAY,
    ]
    # The row of the Tuesday is that of the Friday now, though Thursday comes first.
    assert [each.id for each in center.occurrences(done.series_id)][:2] == [
        made.occurrences[3],
        made.occurrences[2],
    ]
    assert plan_of(center.series(done.series_id)).rule.weekdays == (THURSDAY, FRIDAY)


def test_another_room_or_length_from_one_on(center: Center) -> None:
    made = center.make(leads=[center.people.facilitator.id])
    done = put(
        center,
        made.occurrences[5],
        timedelta(0),
        HowFar.FOLLOWING,
        room_id=center.other_room,
        minutes=120,
    )
    rows = center.occurrences(made.series_id) + center.occurrences(done.series_id)
    assert [
        (r.room_id, (r.ends_at - r.starts_at).seconds // 60, r.own_room, r.own_minutes) for r in rows
    ] == [(center.room, 90, False, None)] * 5 + [(center.other_room, 120, False, None)] * 21
    assert {duty.ends_at - duty.starts_at for duty in center.rows(Duty)} == {
        timedelta(minutes=90),
        timedelta(minutes=120),
    }


def test_what_others_override_stays(center: Center) -> None:
    people = center.people
    made = center.make(leads=[people.facilitator.id])
    _, _, moved, stopped, longer, led = made.occurrences[:6]
    put(center, moved, 2 * DAY, HowFar.ONE, room_id=center.other_room)
    center.do(cancel_occurrence, occurrence_id=stopped, revision=1, reason="Fair")
    put(center, longer, timedelta(0), HowFar.ONE, minutes=180)
    [duty] = center.rows(Duty, occurrence_id=led)
    center.do(substitute, duty_id=duty.id, revision=1, person_id=people.other_facilitator.id)
    put(center, made.occurrences[1], DAY + HOUR, HowFar.FOLLOWING)
    rows = {row.id: row for row in center.rows(Occurrence)}
    assert (rows[moved].local_start, rows[moved].room_id) == (FIRST + 2 * WEEK + 2 * DAY, center.other_room)
    assert [each.occurrence_id for each in center.rows(Cause)] == [stopped]
    assert rows[longer].ends_at - rows[longer].starts_at == timedelta(minutes=180)
    assert rows[longer].local_start == FIRST + 4 * WEEK + DAY + HOUR
    assert center.rows(Duty, occurrence_id=led)[0].person_id == people.other_facilitator.id


def test_one_that_was_moved_before_takes_the_others_to_where_it_is_put(center: Center) -> None:
    made = center.make()
    put(center, made.occurrences[2], DAY, HowFar.ONE)
    done = put(center, made.occurrences[2], HOUR, HowFar.FOLLOWING)
    row = center.occurrence(made.occurrences[2])
    assert (row.local_start, row.own_start, row.move_reason) == (FIRST + 2 * WEEK + DAY + HOUR, False, "")
    assert center.starts(done.series_id)[1] == FIRST + 3 * WEEK + DAY + HOUR


def test_an_end_goes_with_it(center: Center) -> None:
    until = Rule(Frequency.WEEKLY, weekdays=(TUESDAY,), until=date(2026, 8, 18))
    made = center.make(rule=until)
    done = put(center, made.occurrences[2], 2 * DAY, HowFar.FOLLOWING)
    assert center.starts(done.series_id) == [FIRST + WEEK * number + 2 * DAY for number in (2, 3, 4)]
    counted = center.make(rule=Rule(Frequency.WEEKLY, weekdays=(TUESDAY,), count=5), room_id=None)
    done = put(center, counted.occurrences[2], 2 * DAY, HowFar.FOLLOWING)
    assert center.starts(done.series_id) == [FIRST + WEEK * number + 2 * DAY for number in (2, 3, 4)]


def test_every_third_day_keeps_its_step(center: Center) -> None:
    made = center.make(rule=Rule(Frequency.DAILY, 3))
    done = put(center, made.occurrences[4], HOUR, HowFar.FOLLOWING)
    assert center.starts(done.series_id)[:3] == [FIRST + 3 * DAY * number + HOUR for number in (4, 5, 6)]


@pytest.mark.parametrize(
    ("rule", "by", "told"),
    [
        (Rule(Frequency.DAILY), DAY, "meets every day"),
        (Rule(Frequency.WEEKLY, weekdays=(TUESDAY, WEDNESDAY)), -DAY, "meets on that day already"),
        (Rule(Frequency.WEEKLY, 2, weekdays=(TUESDAY, THURSDAY)), 8 * DAY, "cannot go to another week"),
        (Rule(Frequency.MONTHLY, month_days=(21,)), 14 * DAY, "another month"),
        (Rule(Frequency.WEEKLY, weekdays=(TUESDAY,)), -8 * DAY, "before a session that stays"),
        (Rule(Frequency.WEEKLY, weekdays=(TUESDAY,)), timedelta(0), "where the series meets already"),
    ],
)
def test_what_no_rule_says_is_refused_and_leaves_nothing(
    center: Center, rule: Rule, by: timedelta, told: str
) -> None:
    made = center.make(rule=rule)
    before = state(center)
    with pytest.raises(Refused, match=told):
        put(center, made.occurrences[3], by, HowFar.FOLLOWING)
    assert state(center) == before


def test_a_taken_room_is_told_for_all_of_them_and_overridden_with_a_reason(center: Center) -> None:
    made = center.make()
    center.make(first_start=FIRST + DAY, rule=Rule(Frequency.WEEKLY, weekdays=(WEDNESDAY,)))
    with pytest.raises(Taken) as taken:
        put(center, made.occurrences[20], DAY, HowFar.FOLLOWING)
    assert len(taken.value.clashes) == 6
    done = put(center, made.occurrences[20], DAY, HowFar.FOLLOWING, override="Agreed")
    assert len(done.consequences.conflicts) == 6


def test_a_stale_drop_is_a_conflict(center: Center) -> None:
    made = center.make()
    put(center, made.occurrences[2], HOUR, HowFar.ONE)
    with pytest.raises(Conflict):
        put(center, made.occurrences[2], HOUR, HowFar.FOLLOWING, revision=1)


@pytest.mark.parametrize("how_far", [HowFar.FOLLOWING, HowFar.ALL])
@pytest.mark.parametrize("when", [datetime(2026, 7, 15, 21, tzinfo=UTC), AUGUST])
def test_undone_everything_is_as_it_was(center: Center, how_far: HowFar, when: datetime) -> None:
    people = center.people
    made = center.make(leads=[people.facilitator.id], members=[people.member.id])
    center.now = when
    before, tables = state(center), [Series, Enrollment, Post]
    old = [
        [plan_of(each) if table is Series else each.until_date for each in center.rows(table)]
        for table in tables
    ]
    done = put(center, made.occurrences[5], 2 * DAY, how_far)
    center.do(undo_change, change_id=done.change_id)
    assert state(center) == before
    assert [
        [plan_of(each) if table is Series else each.until_date for each in center.rows(table)]
        for table in tables
    ] == old


def test_dates_that_passed_through_each_other_pass_back(center: Center) -> None:
    made = center.make(rule=Rule(Frequency.DAILY, 2), room_id=None)
    before = state(center)
    done = put(center, made.occurrences[5], 2 * DAY, HowFar.ALL)
    assert center.starts(made.series_id)[0] == FIRST + 2 * DAY
    center.do(undo_change, change_id=done.change_id)
    assert state(center) == before


def test_nothing_is_undone_that_somebody_built_on(center: Center) -> None:
    made = center.make()
    done = put(center, made.occurrences[5], DAY, HowFar.FOLLOWING)
    row = center.occurrence(made.occurrences[8])
    center.do(
        move_occurrence,
        occurrence_id=row.id,
        revision=row.revision,
        local_start=row.local_start + HOUR,
        room_id=row.room_id,
        reason="Later",
    )
    with pytest.raises(Refused, match="changed since"):
        center.do(undo_change, change_id=done.change_id)


def test_words_and_rule_can_change_from_one_on_too(center: Center) -> None:
    made = center.make(members=[center.people.member.id])
    series = center.series(made.series_id)
    plan = replace(plan_of(series), title="Autumn group", rule=Rule(Frequency.WEEKLY, weekdays=(FRIDAY,)))
    edited = center.do(edit_series, series_id=series.id, revision=1, plan=plan, since=made.occurrences[4])
    assert edited.is_split
    assert center.starts(series.id) == [FIRST + WEEK * number for number in range(4)]
    assert center.starts(edited.series_id)[:2] == [FIRST + WEEK * number + 3 * DAY for number in (4, 5)]
    assert [each.title for each in center.rows(Series)] == ["Tuesday evening group", "Autumn group"]


def test_a_single_session_is_moved_in_place(center: Center) -> None:
    made = center.make(rule=SINGLE)
    done = put(center, made.occurrences[0], DAY + HOUR, HowFar.FOLLOWING)
    assert (done.series_id, center.starts(made.series_id)) == (made.series_id, [FIRST + DAY + HOUR])
    assert center.series(made.series_id).first_start == FIRST + DAY + HOUR
