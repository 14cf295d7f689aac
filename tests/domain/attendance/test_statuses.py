"""What a mark may say."""

from datetime import UTC, datetime, time

import pytest

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


def test_leaving_is_counted_from_the_end_also_past_midnight() -> None:
    assert minutes_before_the_end(time(19, 50), time(20, 30), 90) == 40
    assert minutes_before_the_end(time(23, 50), time(0, 30), 90) == 40


@pytest.mark.parametrize("left_at", [time(19, 0), time(18, 0), time(20, 30), time(21, 0)])
def test_leaving_outside_of_the_session_is_refused(left_at: time) -> None:
    with pytest.raises(Invalid) as refusal:
        minutes_before_the_end(left_at, time(20, 30), 90)
    assert refusal.value.fields == {"left": "That time is not within the session."}
