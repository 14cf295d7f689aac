"""Where a zone changes its clock, and what that touches."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduler.domain.calendars.clock_changes import Change, changes, is_touched, may_be_touched

NEW_YORK = ZoneInfo("America/New_York")
SPRING, FALL = changes(NEW_YORK, date(2026, 1, 1), date(2027, 1, 1))
HOUR = timedelta(hours=1)


def test_both_changes_of_a_year_are_found_to_the_second() -> None:
    assert Change(datetime(2026, 3, 8, 7, tzinfo=UTC), -5 * HOUR, -4 * HOUR) == SPRING
    assert Change(datetime(2026, 11, 1, 6, tzinfo=UTC), -4 * HOUR, -5 * HOUR) == FALL
    assert SPRING.touched == (datetime(2026, 3, 8, 2), datetime(2026, 3, 8, 3))
    assert FALL.touched == (datetime(2026, 11, 1, 1), datetime(2026, 11, 1, 2))


def test_half_an_hour_and_no_change_at_all() -> None:
    (forward,) = changes(ZoneInfo("Australia/Lord_Howe"), date(2026, 9, 1), date(2026, 12, 1))
    assert forward.touched == (datetime(2026, 10, 4, 2), datetime(2026, 10, 4, 2, 30))
    assert changes(ZoneInfo("America/Phoenix"), date(2026, 1, 1), date(2028, 1, 1)) == ()


@pytest.mark.parametrize(
    ("start", "minutes", "touched"),
    [
        ("2026-11-01 00:00", 59, False),
        ("2026-11-01 00:00", 60, True),  # it ends at 1:00, which comes twice
        ("2026-11-01 01:30", 15, True),
        ("2026-11-01 02:00", 60, False),
        ("2026-10-31 22:00", 600, True),
        ("2026-10-31 01:30", 60, False),
        ("2026-11-02 01:30", 60, False),
    ],
)
def test_a_meeting_is_touched_where_the_clock_would_not_tell(
    start: str, minutes: int, *, touched: bool
) -> None:
    length = timedelta(minutes=minutes)
    assert is_touched(datetime.fromisoformat(start), length, (SPRING, FALL)) is touched


@pytest.mark.parametrize(
    ("at", "minutes", "weekday", "touched"),
    [
        (time(1, 30), 60, 6, True),
        (time(1, 30), 60, 5, False),
        (time(23, 30), 180, 5, True),
        (time(23, 30), 30, 5, False),
        (time(19, 0), 90, 6, False),
    ],
)
def test_a_series_is_touched_by_its_weekday(at: time, minutes: int, weekday: int, *, touched: bool) -> None:
    length = timedelta(minutes=minutes)
    assert may_be_touched(at, length, frozenset({weekday}), (SPRING, FALL)) is touched
