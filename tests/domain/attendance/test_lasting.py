"""How long a session lasted, and what of it counts."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.attendance.lasting import (
    Span,
    Way,
    counted_minutes,
    is_counted,
    is_recorded,
    moment_at,
    there_of,
    way_of_all,
)
from scheduler.domain.attendance.statuses import Status, Value
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.errors import Invalid

SEVEN = datetime(2026, 7, 14, 23, 0, tzinfo=UTC)
PLANNED = Span(SEVEN, SEVEN + timedelta(minutes=90))
PRESENT = Value(Status.PRESENT)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    begin = SEVEN + timedelta(minutes=draw(st.integers(-120, 120)))
    minutes = draw(st.integers(1, 240))
    return Span(begin, begin + timedelta(minutes=minutes), draw(st.integers(0, minutes)))


@st.composite
def values(draw: st.DrawFn) -> Value:
    status = draw(st.sampled_from(Status))
    minutes = draw(st.none() | st.integers(1, 240))
    return Value(
        status,
        late_minutes=minutes if status is Status.LATE else None,
        left_minutes=minutes if status is Status.LEFT_EARLY else None,
    )


@given(actual=spans(), value=values())
def test_never_less_than_nothing_and_never_more_than_the_session(actual: Span, value: Value) -> None:
    minutes = counted_minutes(PLANNED, actual, value)
    assert 0 <= minutes <= actual.minutes <= actual.elapsed
    if value.status in {Status.ABSENT, Status.EXCUSED}:
        assert (minutes, there_of(PLANNED, actual, value)) == (0, None)
    elif value.late_minutes is None and value.left_minutes is None:
        assert minutes == actual.minutes


@given(actual=spans(), earlier=st.integers(1, 240), by=st.integers(0, 240))
def test_whoever_misses_more_has_no_more_minutes(actual: Span, earlier: int, by: int) -> None:
    for status, name in ((Status.LATE, "late_minutes"), (Status.LEFT_EARLY, "left_minutes")):
        less, more = (Value(status, **{name: minutes}) for minutes in (earlier, earlier + by))
        assert counted_minutes(PLANNED, actual, less) >= counted_minutes(PLANNED, actual, more)


@given(actual=spans(), more=st.integers(0, 240), value=values())
def test_longer_breaks_leave_no_more_minutes(actual: Span, more: int, value: Value) -> None:
    longer = Span(actual.starts_at, actual.ends_at, min(actual.elapsed, actual.breaks + more))
    assert counted_minutes(PLANNED, longer, value) <= counted_minutes(PLANNED, actual, value)


@given(people=st.lists(values(), max_size=15), late=st.integers(1, 89))
def test_as_planned_what_all_have_and_what_they_missed_are_the_session_for_each(
    people: list[Value], late: int
) -> None:
    there = [value for value in people if value.is_in_the_room]
    had = sum(counted_minutes(PLANNED, PLANNED, value) for value in people)
    missed = sum(min(90, (value.late_minutes or 0) + (value.left_minutes or 0)) for value in there)
    assert had + missed == 90 * len(there)
    assert counted_minutes(PLANNED, PLANNED, Value(Status.LATE, late_minutes=late)) == 90 - late


def test_whoever_came_late_to_a_session_that_began_late_missed_only_what_took_place() -> None:
    """It began at 7:10; 15 minutes late is 7:15 by the clock, and 5 minutes missed. Breaks are not theirs."""
    actual = Span(SEVEN + timedelta(minutes=10), PLANNED.ends_at, 10)
    late = Value(Status.LATE, late_minutes=15)
    assert there_of(PLANNED, actual, late) == (SEVEN + timedelta(minutes=15), PLANNED.ends_at)
    assert [counted_minutes(PLANNED, actual, value) for value in (PRESENT, late)] == [70, 65]
    assert counted_minutes(PLANNED, actual, Value(Status.LATE, late_minutes=5)) == 70
    assert counted_minutes(PLANNED, actual, Value(Status.LEFT_EARLY, left_minutes=85)) == 0


@pytest.mark.parametrize(
    ("ends", "breaks", "field"),
    [(0, 0, "ends"), (-5, 0, "ends"), (24 * 60 + 1, 0, "ends"), (90, 91, "breaks"), (90, -1, "breaks")],
)
def test_what_cannot_be_is_refused(ends: int, breaks: int, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        Span(SEVEN, SEVEN + timedelta(minutes=ends), breaks)
    assert list(refusal.value.fields) == [field]


def test_mutual_help_is_never_counted_and_makes_no_record() -> None:
    told = [(kind, counting) for kind in Kind for counting in Counting]
    assert {each for each in told if is_counted(*each)} == {
        (kind, Counting.MINUTES) for kind in Kind if kind is not Kind.MUTUAL_HELP
    }
    assert {each for each in told if is_recorded(*each)} == {
        (kind, counting) for kind, counting in told if kind is not Kind.MUTUAL_HELP and counting != "heads"
    }


@pytest.mark.parametrize(
    ("at", "near", "found"),
    [
        (time(19, 0), SEVEN + timedelta(seconds=20), SEVEN + timedelta(seconds=20)),
        (time(18, 55), SEVEN, SEVEN - timedelta(minutes=5)),
        (time(0, 5), SEVEN + timedelta(hours=4, minutes=30), SEVEN + timedelta(hours=5, minutes=5)),
        (time(1, 10), datetime(2026, 11, 1, 6, 30, tzinfo=UTC), datetime(2026, 11, 1, 6, 10, tzinfo=UTC)),
        (time(1, 50), datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 1, 5, 50, tzinfo=UTC)),
        (time(23, 50), SEVEN + timedelta(hours=5, minutes=5), SEVEN + timedelta(hours=4, minutes=50)),
    ],
)
def test_a_wall_time_is_the_nearest_one_also_past_midnight(at: time, near: datetime, found: datetime) -> None:
    assert moment_at(at, near, "America/New_York") == found


def test_who_is_not_told_of_came_as_all_others_or_in_the_room() -> None:
    assert [way_of_all(ways) for ways in ([], [Way.VIDEO, Way.VIDEO], [Way.VIDEO, Way.PHONE])] == [
        Way.ROOM,
        Way.VIDEO,
        Way.ROOM,
    ]
