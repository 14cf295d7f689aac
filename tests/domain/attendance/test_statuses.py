"""What a mark may say."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.attendance.lasting import moment_at
from scheduler.domain.attendance.statuses import (
    Excuse,
    Status,
    Value,
    late_by_the_clock,
    minutes_before_the_end,
)
from scheduler.errors import Invalid

START = datetime(2026, 7, 14, 23, 0, tzinfo=UTC)
END = datetime(2026, 7, 15, 0, 30, tzinfo=UTC)


def test_who_came_at_all_was_in_the_room() -> None:
    there = {status for status in Status if Value(status).is_in_the_room}
    assert there == {Status.PRESENT, Status.LATE, Status.LEFT_EARLY}
    assert not Value().is_in_the_room


@pytest.mark.parametrize("status", [None, *(each for each in Status if each is not Status.EXCUSED)])
def test_a_reason_belongs_to_excused_only_and_may_stay_unknown(status: Status | None) -> None:
    assert Value(Status.EXCUSED).excuse is None
    assert not Value(Status.EXCUSED, excuse=Excuse.WORK).is_in_the_room
    with pytest.raises(Invalid) as refusal:
        Value(status, excuse=Excuse.WORK)
    assert list(refusal.value.fields) == ["excuse"]


@pytest.mark.parametrize(
    ("status", "late", "left"),
    [
        (Status.PRESENT, 5, None),
        (Status.ABSENT, None, 5),
        (Status.LATE, None, 5),
        (Status.LEFT_EARLY, 5, None),
        (None, 5, None),
        (Status.LATE, 0, None),
        (Status.LATE, -3, None),
        (Status.LEFT_EARLY, None, 24 * 60 + 1),
    ],
)
def test_minutes_belong_to_late_and_left_early_only(
    status: Status | None, late: int | None, left: int | None
) -> None:
    with pytest.raises(Invalid) as refusal:
        Value(status, late, left)
    assert list(refusal.value.fields) == ["minutes"]


@pytest.mark.parametrize(
    ("now", "minutes"),
    [
        (datetime(2026, 7, 14, 23, 8, 59, tzinfo=UTC), 8),
        (datetime(2026, 7, 14, 23, 0, 30, tzinfo=UTC), 1),
        (datetime(2026, 7, 14, 22, 59, tzinfo=UTC), None),
        (datetime(2026, 7, 15, 0, 30, tzinfo=UTC), None),
        (datetime(2026, 7, 16, 12, 0, tzinfo=UTC), None),
    ],
)
def test_late_is_counted_by_the_clock_while_the_session_lasts(now: datetime, minutes: int | None) -> None:
    assert late_by_the_clock(START, END, now) == minutes


NEW_YORK = "America/New_York"


def test_leaving_is_counted_from_the_end_also_past_midnight() -> None:
    assert minutes_before_the_end(time(19, 50), START, END, NEW_YORK) == 40
    midnight = datetime(2026, 7, 15, 4, 0, tzinfo=UTC)
    half = timedelta(minutes=30)
    assert minutes_before_the_end(time(23, 50), midnight - 2 * half, midnight + half, NEW_YORK) == 40


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "left_at", "minutes"),
    [
        (datetime(2026, 3, 8, 5), datetime(2026, 3, 8, 9), time(1, 30), 150),  # midnight to 5:00 EDT
        (datetime(2026, 11, 1, 4, 30), datetime(2026, 11, 1, 6, 30), time(0, 45), 105),  # to 1:30 EST
    ],
)
def test_leaving_is_counted_by_what_took_place_on_the_nights_when_the_clocks_change(
    starts_at: datetime, ends_at: datetime, left_at: time, minutes: int
) -> None:
    during = (starts_at.replace(tzinfo=UTC), ends_at.replace(tzinfo=UTC))
    assert minutes_before_the_end(left_at, *during, NEW_YORK) == minutes


CHANGES = (
    (NEW_YORK, datetime(2026, 3, 8, 7), datetime(2026, 11, 1, 6)),
    ("Europe/Berlin", datetime(2026, 3, 29, 1), datetime(2026, 10, 25, 1)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15), datetime(2026, 10, 3, 15, 30)),
)


@given(
    change=st.sampled_from([(zone, at) for zone, *both in CHANGES for at in both]),
    before=st.integers(0, 240),
    length=st.integers(2, 360),
    share=st.floats(0.01, 0.99),
)
def test_a_wall_time_of_a_session_is_found_again_in_any_night(
    change: tuple[str, datetime], before: int, length: int, share: float
) -> None:
    zone, at = change[0], change[1].replace(tzinfo=UTC)
    starts_at = at - timedelta(minutes=before)
    ends_at = starts_at + timedelta(minutes=length)
    left = starts_at + timedelta(minutes=max(1, min(length - 1, round(length * share))))
    wall = left.astimezone(ZoneInfo(zone))
    minutes = minutes_before_the_end(wall.time(), starts_at, ends_at, zone)
    told = ends_at - timedelta(minutes=minutes)
    assert told.astimezone(ZoneInfo(zone)).time() == wall.time()
    assert starts_at < told <= left  # of two, the first
    assert told == left or told + timedelta(hours=2) > left
    assert moment_at(wall.time(), left, zone) == left


@pytest.mark.parametrize("left_at", [time(19, 0), time(18, 0), time(20, 30), time(21, 0)])
def test_leaving_outside_of_the_session_is_refused(left_at: time) -> None:
    with pytest.raises(Invalid) as refusal:
        minutes_before_the_end(left_at, START, END, NEW_YORK)
    assert refusal.value.fields == {"left": "That time is not within the session."}
