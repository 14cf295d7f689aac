"""Dates added to a series and skipped: part of its plan, changed in place, carried by a split."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from scheduler.domain.planning.editing import Edited, edit_series
from scheduler.domain.planning.ending import end_series
from scheduler.domain.planning.horizon import extend_horizon
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.schedule.clashes import Taken
from scheduler.domain.schedule.kinds import CauseType
from scheduler.domain.schedule.models import Cause
from scheduler.domain.schedule.queries import plan_of
from scheduler.domain.schedule.recurrence import SINGLE, Rule
from scheduler.domain.schedule.rule_text import rule_of
from scheduler.errors import Invalid
from tests.domain.planning.center import FIRST, TUESDAYS, WEDNESDAY, Center

JULY_23 = datetime(2026, 7, 23, 19)
AUGUST = datetime(2026, 8, 5, 16, tzinfo=UTC)
"""A Wednesday: the group has met on July 21, July 28 and August 4."""


def change(center: Center, series_id: int, *, override: str = "", **changes: Any) -> Edited:
    """Open the form now, change the rule or other fields, and save it."""
    series = center.series(series_id)
    plan = plan_of(series)
    rule = replace(plan.rule, **changes.pop("rule", {}))
    plan = replace(plan, rule=rule, **changes)
    return center.do(edit_series, series_id=series_id, revision=series.revision, plan=plan, override=override)


def rule_now(center: Center, series_id: int) -> Rule:
    return rule_of(center.series(series_id).rule)


def first_days(center: Center, series_id: int, number: int) -> list[date]:
    return [start.date() for start in center.starts(series_id)[:number]]


def test_a_series_is_made_with_dates_added_and_skipped(center: Center) -> None:
    dana, renee = center.facilitator("Dana Reyes"), center.member("Renee Tamm")
    rule = replace(TUESDAYS, added=(JULY_23,), skipped=(date(2026, 7, 28),))
    made = center.make(leads=[dana], members=[renee], rule=rule)
    assert center.starts(made.series_id)[:3] == [FIRST, JULY_23, datetime(2026, 8, 4, 19)]
    assert center.leaders(made.series_id)[1] == (JULY_23.date(), dana)
    assert center.series(made.series_id).first_start == FIRST


def test_a_first_date_may_be_skipped_and_dates_of_no_rule_stand_together(center: Center) -> None:
    made = center.make(rule=replace(TUESDAYS, count=3, skipped=(FIRST.date(),)))
    assert first_days(center, made.series_id, 9) == [date(2026, 7, 28), date(2026, 8, 4)]
    once = center.make(rule=replace(SINGLE, added=(JULY_23,)), room_id=center.other_room)
    assert center.starts(once.series_id) == [FIRST, JULY_23]


def test_a_date_is_added_in_place_with_all_checks(center: Center) -> None:
    dana, renee = center.facilitator("Dana Reyes"), center.member("Renee Tamm")
    other = center.make(first_start=JULY_23, rule=SINGLE, title="Cooking")
    made = center.make(leads=[dana], members=[renee])
    with pytest.raises(Taken):
        change(center, made.series_id, rule={"added": (JULY_23,)})
    assert rule_now(center, made.series_id) == TUESDAYS
    raised = center.raised_by(
        lambda: change(center, made.series_id, rule={"added": (JULY_23,)}, override="They share")
    )
    assert raised == {dana, renee}
    assert first_days(center, made.series_id, 3) == [FIRST.date(), JULY_23.date(), date(2026, 7, 28)]
    assert (JULY_23.date(), dana) in center.leaders(made.series_id)
    assert len(center.occurrences(other.series_id)) == 1


def test_a_skipped_date_is_gone_and_comes_back(center: Center) -> None:
    made = center.make(leads=[center.facilitator("Dana Reyes")])
    edited = change(center, made.series_id, rule={"skipped": (date(2026, 7, 28),)})
    assert edited == Edited(made.series_id, is_split=False, deleted=(made.occurrences[1],))
    assert first_days(center, made.series_id, 2) == [date(2026, 7, 21), date(2026, 8, 4)]
    edited = change(center, made.series_id, rule={"skipped": ()})
    assert (edited.is_split, len(edited.made)) == (False, 1)
    assert first_days(center, made.series_id, 2) == [date(2026, 7, 21), date(2026, 7, 28)]


def test_a_skipped_date_that_was_moved_stays_as_stopped_and_is_told(center: Center) -> None:
    made = center.make()
    center.do(
        move_occurrence,
        occurrence_id=made.occurrences[1],
        revision=1,
        local_start=datetime(2026, 7, 29, 19),
        room_id=center.room,
        reason="The hall is needed",
    )
    edited = change(center, made.series_id, rule={"skipped": (date(2026, 7, 28),)})
    assert edited.stopped == (made.occurrences[1],)
    assert [cause.type for cause in center.rows(Cause)] == [CauseType.CHANGED.value]
    change(center, made.series_id, rule={"skipped": ()})
    assert center.occurrence(made.occurrences[1]).booked


def test_what_is_past_is_neither_added_nor_skipped_and_stays(center: Center) -> None:
    rule = replace(TUESDAYS, added=(JULY_23,), skipped=(date(2026, 7, 28), date(2026, 8, 11)))
    made = center.make(rule=rule)
    center.now = AUGUST
    for wrong in ({"added": (*rule.added, datetime(2026, 8, 5, 9))}, {"skipped": (date(2026, 8, 4),)}):
        with pytest.raises(Invalid, match="is past"):
            change(center, made.series_id, rule=wrong)
    change(center, made.series_id, rule={"added": (), "skipped": ()})
    assert rule_now(center, made.series_id) == replace(rule, skipped=(date(2026, 7, 28),))
    assert first_days(center, made.series_id, 4) == [
        date(2026, 7, 21),
        date(2026, 7, 23),
        date(2026, 8, 4),
        date(2026, 8, 11),
    ]


def test_a_split_carries_the_exceptions_of_its_part_and_counts_those_gone_by(center: Center) -> None:
    august_13 = datetime(2026, 8, 13, 12)
    rule = replace(
        TUESDAYS,
        count=8,
        added=(JULY_23, august_13),
        skipped=(date(2026, 7, 28), date(2026, 8, 18)),
    )
    made = center.make(rule=rule, members=[center.member("Renee Tamm")])
    center.now = AUGUST
    edited = change(center, made.series_id, first_start=FIRST.replace(hour=18))
    assert edited.is_split
    assert (edited.made, edited.stopped, edited.deleted) == ((), (), ())
    assert rule_now(center, made.series_id) == replace(rule, added=(JULY_23,), skipped=(date(2026, 7, 28),))
    assert rule_now(center, edited.series_id) == replace(
        rule, count=5, added=(august_13,), skipped=(date(2026, 8, 18),)
    )
    assert center.starts(edited.series_id) == [
        datetime(2026, 8, 11, 18),
        august_13,
        datetime(2026, 8, 25, 18),
        datetime(2026, 9, 1, 18),
        datetime(2026, 9, 8, 18),
    ]


def test_another_day_keeps_added_dates_where_they_are(center: Center) -> None:
    august_13 = datetime(2026, 8, 13, 12)
    made = center.make(rule=replace(TUESDAYS, added=(august_13,), skipped=(date(2026, 8, 18),)))
    ids = {each.local_start: each.id for each in center.occurrences(made.series_id)}
    center.now = AUGUST
    edited = change(center, made.series_id, rule={"weekdays": (4,)})
    assert rule_now(center, edited.series_id) == replace(TUESDAYS, weekdays=(4,), added=(august_13,))
    now = {each.local_start: each.id for each in center.occurrences(edited.series_id)}
    assert now[august_13] == ids[august_13]
    assert now[datetime(2026, 8, 14, 19)] == ids[datetime(2026, 8, 11, 19)]


def test_one_that_is_not_skipped_any_more_returns_at_the_new_hour(center: Center) -> None:
    made = center.make(rule=replace(TUESDAYS, skipped=(date(2026, 8, 11),)))
    center.now = AUGUST
    edited = change(center, made.series_id, rule={"skipped": ()}, first_start=FIRST.replace(hour=18))
    assert center.starts(edited.series_id)[:2] == [datetime(2026, 8, 11, 18), datetime(2026, 8, 18, 18)]


def test_before_it_begins_a_rule_changes_in_place_and_takes_its_exceptions_along(center: Center) -> None:
    made = center.make(rule=replace(TUESDAYS, added=(JULY_23,), skipped=(date(2026, 7, 28),)))
    edited = change(center, made.series_id, rule={"weekdays": (WEDNESDAY,)})
    assert not edited.is_split
    assert rule_now(center, made.series_id) == replace(TUESDAYS, weekdays=(WEDNESDAY,), added=(JULY_23,))
    assert center.starts(made.series_id)[:2] == [datetime(2026, 7, 22, 19), JULY_23]


def test_an_ended_series_gets_no_date_after_its_end(center: Center) -> None:
    made = center.make()
    series = center.series(made.series_id)
    center.do(end_series, series_id=made.series_id, revision=series.revision, last=date(2026, 8, 4))
    with pytest.raises(Invalid, match="after the end"):
        change(center, made.series_id, rule={"added": (datetime(2026, 8, 6, 19),)})


def test_a_date_added_beyond_what_is_made_is_made_in_its_time(center: Center) -> None:
    far = datetime(2027, 3, 12, 19)
    made = center.make(rule=replace(TUESDAYS, count=2, added=(far,)))
    assert len(center.occurrences(made.series_id)) == 2
    center.now += timedelta(days=90)
    center.do(extend_horizon)
    assert center.starts(made.series_id)[-1] == far
