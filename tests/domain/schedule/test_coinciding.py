from datetime import UTC, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.schedule.coinciding import PIECE, could_coincide, hours_of, seasons

WEEK = 7 * 24 * 3600
spans = st.tuples(st.integers(0, 3 * WEEK), st.integers(60, 24 * 3600))


def meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < sum(other) and other[0] < sum(one)


@given(st.dictionaries(st.integers(1, 6), st.lists(spans, min_size=1, max_size=3), min_size=2))
def test_two_series_that_meet_at_once_are_always_named(series: dict[int, list[tuple[int, int]]]) -> None:
    named = could_coincide({each: hours_of(theirs) for each, theirs in series.items()}, {7: list(series)})
    colliding = {
        each
        for one, other in combinations(series, 2)
        for each in (one, other)
        if any(meet(a, b) for a in series[one] for b in series[other])
    }
    assert colliding <= named.get(7, frozenset())


def test_one_that_begins_when_the_other_ends_is_not_named_nor_what_is_over() -> None:
    hours = {1: hours_of([(0, 12 * PIECE)]), 2: hours_of([(WEEK + 12 * PIECE, PIECE)])}
    assert could_coincide(hours, {7: [1, 2], 8: [1, 3]}) == {}


def test_a_session_over_the_end_of_the_week_meets_one_at_its_beginning() -> None:
    hours = {1: hours_of([(WEEK - PIECE, 2 * PIECE)]), 2: hours_of([(0, PIECE)])}
    assert could_coincide(hours, {7: [1, 2]}) == {7: frozenset({1, 2})}


def test_the_same_hours_in_two_seasons_do_not_meet() -> None:
    hours = {1: hours_of([(0, PIECE)], season=0), 2: hours_of([(0, PIECE)], season=1)}
    assert could_coincide(hours, {7: [1, 2]}) == {}


def test_a_season_ends_before_the_day_on_which_a_clock_changes_and_begins_after_it() -> None:
    begin = datetime(2026, 10, 1, tzinfo=UTC)
    end = begin + timedelta(days=60)
    changed = datetime(2026, 11, 1, tzinfo=UTC)
    assert seasons([ZoneInfo("America/New_York")], begin, end) == [
        (begin, changed),
        (changed, changed + timedelta(days=1)),
        (changed + timedelta(days=1), end),
    ]
    assert seasons([ZoneInfo("America/Phoenix")], begin, end) == [(begin, end)]
