"""When a sheet may be taken."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduler.domain.attendance.opening import Phase, locks_at, phase_of

NEW_YORK = ZoneInfo("America/New_York")
AT_SEVEN = datetime(2026, 7, 14, 19)


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        (datetime(2026, 7, 14, 3, 59, tzinfo=UTC), Phase.NOT_YET),
        (datetime(2026, 7, 14, 4, 0, tzinfo=UTC), Phase.OPEN),
        (datetime(2026, 7, 14, 23, 6, tzinfo=UTC), Phase.OPEN),
        (datetime(2027, 7, 14, 23, 6, tzinfo=UTC), Phase.OPEN),
    ],
)
def test_a_sheet_opens_with_its_day_on_the_clock_of_its_series(now: datetime, phase: Phase) -> None:
    assert phase_of(AT_SEVEN, NEW_YORK, booked=True, now=now) is phase


def test_what_begins_soon_after_midnight_opens_as_people_come_to_its_door() -> None:
    start = datetime(2026, 7, 15, 0, 10)
    asked = [datetime(2026, 7, 15, 3, minute, tzinfo=UTC) for minute in (39, 40, 55)]
    assert [phase_of(start, NEW_YORK, booked=True, now=now) for now in asked] == [
        *(Phase.NOT_YET, Phase.OPEN, Phase.OPEN)
    ]


@pytest.mark.parametrize(
    ("reopened", "after", "phase"),
    [
        (None, timedelta(days=14), Phase.CLOSED),
        (None, timedelta(days=14, seconds=1), Phase.LOCKED),
        (timedelta(days=30), timedelta(days=44), Phase.CLOSED),
        (timedelta(days=30), timedelta(days=44, seconds=1), Phase.LOCKED),
    ],
)
def test_what_was_handed_in_is_closed_then_locked_and_open_again_for_as_long(
    reopened: timedelta | None, after: timedelta, phase: Phase
) -> None:
    end = datetime(2026, 7, 15, 0, 30, tzinfo=UTC)
    again = end + reopened if reopened is not None else None
    locks = locks_at(end, again, timedelta(days=14))
    now = end + after - timedelta(seconds=1)
    assert phase_of(AT_SEVEN, NEW_YORK, booked=True, submitted=True, locks=locks, now=now) is phase


def test_a_cancelled_session_has_no_sheet() -> None:
    now = datetime(2026, 7, 14, 23, 6, tzinfo=UTC)
    assert phase_of(AT_SEVEN, NEW_YORK, booked=False, now=now) is Phase.STOPPED
