"""Welcome back: everything is restored but what has changed since, and that is named."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.domain.admissions.outcome import Verb, What
from scheduler.domain.admissions.undo import last_done
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import members_by_occurrence
from scheduler.domain.planning.editing import edit_series
from scheduler.domain.planning.ending import end_series
from scheduler.domain.stays.models import Hold
from scheduler.domain.stays.reasons import Places
from scheduler.errors import Conflict, Invalid
from tests.domain.admissions.life import DAY, FIRST_DAY, TODAY, WEEK, Life, lines
from tests.domain.planning.center import EVENING, FIRST, Center

GROUP = "Tuesday evening group"
AGAIN = FIRST_DAY + 3 * WEEK


def test_everything_is_expected_again_from_that_day_on(life: Life, center: Center) -> None:
    made = center.make(members=[life.person])
    life.admit()
    life.hold(FIRST_DAY)
    outcome = life.back(AGAIN)
    assert lines(outcome) == [(What.RESUMED, AGAIN), (What.PLACE_BACK, GROUP, AGAIN)]
    assert sorted(center.ask(members_by_occurrence, made.occurrences)) == list(made.occurrences[3:])
    [row] = center.rows(Hold)
    assert row.until_date == AGAIN - DAY
    assert center.last_audit() == ("hold.ended", "stay", outcome.stay_id)


def test_back_before_it_began_it_never_was(life: Life, center: Center) -> None:
    center.make(members=[life.person])
    life.admit()
    before = life.picture()
    life.hold(FIRST_DAY)
    outcome = life.back(FIRST_DAY)
    assert lines(outcome) == [(What.NEVER_PAUSED, FIRST_DAY), (What.PLACE_BACK, GROUP)]
    assert life.picture() == before
    memory = center.ask(last_done, life.person)
    assert memory is not None
    assert memory[:2] == (outcome.memory_id, Verb.CALL_OFF)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.integers(0, 40),
    length=st.none() | st.integers(0, 30),
    back=st.integers(0, 60),
    places=st.sampled_from(Places),
)
@pytest.mark.databases("sqlite")
def test_return_after_hold_changes_nothing_outside_it(
    life: Life, center: Center, first: int, length: int | None, back: int, places: Places
) -> None:
    """Expected are exactly the dates outside the pause, as it turned out to be."""
    if not center.rows(Enrollment):
        center.make(members=[life.person], capacity=2, first_start=FIRST)
        life.admit()
    series_id = center.rows(Enrollment)[0].series_id
    occurrences = center.occurrences(series_id)
    terms, begin = life.terms(), FIRST_DAY + first * DAY
    last = None if length is None else begin + length * DAY
    on = min(FIRST_DAY + back * DAY, date.max if last is None else last + DAY)
    outcomes = [life.hold(begin, last, places=places)]
    outcomes.append(life.back(on))
    expected = set(center.ask(members_by_occurrence, [each.id for each in occurrences]))
    days = {each.id: each.original_start.date() for each in occurrences}
    assert expected == {key for key, day in days.items() if not begin <= day < max(on, begin)}
    assert life.terms() == terms
    for outcome in reversed(outcomes):
        life.undo(outcome)
    assert center.rows(Hold) == []
    assert set(center.ask(members_by_occurrence, list(days))) == set(days)


def test_a_freed_place_that_somebody_has_now_is_theirs_and_named(life: Life, center: Center) -> None:
    small = center.make(members=[life.person], capacity=1).series_id
    other = center.make(
        members=[life.person], room_id=None, title="Cooking", first_start=FIRST.replace(hour=9)
    )
    life.admit()
    life.hold(FIRST_DAY + WEEK, places=Places.FREED)
    life.join(small, center.people.other_member.id, FIRST_DAY + WEEK)
    outcome = life.back(AGAIN)
    assert lines(outcome) == [
        (What.RESUMED, AGAIN),
        (What.PLACE_TAKEN, GROUP, FIRST_DAY + WEEK - DAY),
        (What.PLACE_BACK, "Cooking", AGAIN),
    ]
    assert life.terms() == [
        (small, FIRST_DAY, FIRST_DAY + WEEK - DAY),
        (other.series_id, FIRST_DAY, None),
    ]


def test_back_early_they_take_their_own_place_when_whoever_stood_in_has_left(
    life: Life, center: Center
) -> None:
    small = center.make(members=[life.person], capacity=1).series_id
    life.admit()
    end = FIRST_DAY + 4 * WEEK
    life.hold(TODAY, end, places=Places.FREED)
    life.join(small, center.people.other_member.id, FIRST_DAY, end)
    outcome = life.back(FIRST_DAY + WEEK)
    assert lines(outcome)[1:] == [(What.PLACE_LATER, GROUP, end + DAY)]
    assert life.terms() == [(small, end + DAY, None)]


def test_a_group_that_ended_meanwhile_is_named(life: Life, center: Center) -> None:
    made = center.make(members=[life.person])
    life.admit()
    life.hold(TODAY)
    last = FIRST_DAY + WEEK
    center.do(end_series, series_id=made.series_id, revision=1, last=last)
    assert lines(life.back(AGAIN)) == [(What.RESUMED, AGAIN), (What.ENDED_MEANWHILE, GROUP, last)]


def test_a_group_that_meets_at_another_time_now_is_named(life: Life, center: Center) -> None:
    center.make(members=[life.person])
    life.admit()
    life.hold(FIRST_DAY)
    center.now += timedelta(days=7)
    later = replace(EVENING, room_id=center.room, first_start=datetime(2026, 7, 21, 18))
    edited = center.do(edit_series, series_id=1, revision=1, plan=later)
    assert edited.is_split
    outcome = life.back(AGAIN)
    assert lines(outcome) == [
        (What.RESUMED, AGAIN),
        (What.MOVED_MEANWHILE, GROUP, life.terms()[-1][1]),
        (What.PLACE_BACK, GROUP, AGAIN),
    ]


def test_a_group_whose_plan_was_changed_in_place_is_named(life: Life, center: Center) -> None:
    center.make(members=[life.person])
    life.admit()
    life.hold(TODAY)
    center.now += timedelta(hours=1)
    renamed = replace(EVENING, room_id=center.room, title="Evening circle")
    center.do(edit_series, series_id=1, revision=1, plan=renamed)
    assert lines(life.back(AGAIN))[1] == (What.CHANGED_MEANWHILE, "Evening circle")


def test_a_return_after_the_end_of_the_pause_and_a_stale_page_are_refused(life: Life) -> None:
    life.admit()
    life.hold(TODAY, TODAY + WEEK)
    with pytest.raises(Invalid):
        life.back(TODAY + WEEK + 2 * DAY)
    with pytest.raises(Conflict):
        life.back(TODAY + DAY, revision=5)


def test_undone_they_are_on_hold_again_and_another_has_their_place(life: Life, center: Center) -> None:
    small = center.make(members=[life.person], capacity=1).series_id
    life.admit()
    life.hold(TODAY, FIRST_DAY + 4 * WEEK, places=Places.FREED)
    life.join(small, center.people.other_member.id, FIRST_DAY, FIRST_DAY + 4 * WEEK)
    before = life.picture()
    outcome = life.back(FIRST_DAY)
    life.undo(outcome)
    assert life.picture() == before
