"""What a save does to what was saved before."""

from datetime import UTC, datetime

import pytest

from scheduler.domain.attendance.merging import (
    NEVER_SAVED,
    Outcome,
    Saved,
    Wanted,
    number_outcome,
    outcome_of,
)
from scheduler.domain.attendance.statuses import UNMARKED, Status, Value

PRESENT, LATE = Value(Status.PRESENT), Value(Status.LATE, late_minutes=8)
THEIRS = Saved(PRESENT, revision=2, by=7, at=datetime(2026, 7, 14, 23, 3, tzinfo=UTC))
TAKEN_BACK = Saved(UNMARKED, revision=3, by=7, at=THEIRS.at)


@pytest.mark.parametrize(
    ("wanted", "saved", "outcome"),
    [
        (Wanted(1, PRESENT, seen=0), NEVER_SAVED, Outcome.APPLIED),
        (Wanted(1, LATE, seen=2), THEIRS, Outcome.APPLIED),
        (Wanted(1, UNMARKED, seen=2), THEIRS, Outcome.APPLIED),
        (Wanted(1, PRESENT, seen=0), THEIRS, Outcome.UNCHANGED),
        (Wanted(1, UNMARKED, seen=0), NEVER_SAVED, Outcome.UNCHANGED),
        (Wanted(1, LATE, seen=0), THEIRS, Outcome.CONFLICT),
        (Wanted(1, LATE, seen=1), THEIRS, Outcome.CONFLICT),
        (Wanted(1, LATE, seen=3), THEIRS, Outcome.CONFLICT),
        (Wanted(1, LATE, seen=2), TAKEN_BACK, Outcome.CONFLICT),
        (Wanted(1, Value(Status.LATE, 9), seen=1), Saved(LATE, 2), Outcome.CONFLICT),
    ],
)
def test_a_mark_is_saved_only_over_what_was_seen(wanted: Wanted, saved: Saved, outcome: Outcome) -> None:
    assert outcome_of(wanted, saved) is outcome


@pytest.mark.parametrize(
    ("saved", "outcome"),
    [
        (NEVER_SAVED, Outcome.APPLIED),
        (TAKEN_BACK, Outcome.APPLIED),
        (Saved(LATE, 1), Outcome.UNCHANGED),
        (Saved(PRESENT, 1), Outcome.UNCHANGED),
    ],
)
def test_all_present_fills_gaps_and_asks_nothing(saved: Saved, outcome: Outcome) -> None:
    assert outcome_of(Wanted(1, PRESENT, only_if_unmarked=True), saved) is outcome


@pytest.mark.parametrize(
    ("wanted", "saved", "seen", "outcome"),
    [
        (17, None, None, Outcome.APPLIED),
        (18, 17, 17, Outcome.APPLIED),
        (17, 17, None, Outcome.UNCHANGED),
        (18, 17, None, Outcome.CONFLICT),
        (18, 17, 16, Outcome.CONFLICT),
    ],
)
def test_a_number_is_saved_only_over_the_number_that_was_seen(
    wanted: int, saved: int | None, seen: int | None, outcome: Outcome
) -> None:
    assert number_outcome(wanted, saved, seen) is outcome
