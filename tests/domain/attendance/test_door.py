"""The code at the door, by the clock."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.attendance.door import STEP, code_at, is_open, scanned, turns_at, value_at
from scheduler.domain.attendance.statuses import Status, Value
from tests.support.evenings import AT_SEVEN

KEY = "a key of the tests"
END = AT_SEVEN + timedelta(minutes=90)
SECOND = timedelta(seconds=1)


@given(shown=st.integers(0, 29), later=st.floats(0, 120))
def test_a_code_is_taken_while_it_is_shown_and_for_half_a_minute_more(shown: int, later: float) -> None:
    """So that a picture of it is worth nothing after a minute, whenever it was taken."""
    at = AT_SEVEN + shown * SECOND
    then = at + timedelta(seconds=later)
    taken = scanned(KEY, code_at(KEY, 7, at), then) == 7
    assert taken is (then < turns_at(at) + STEP)
    assert not (taken and then - at >= timedelta(seconds=60))


def test_it_changes_each_half_minute_and_with_every_session_and_key() -> None:
    at = AT_SEVEN
    assert (turns_at(at), turns_at(at + 29 * SECOND)) == (at + STEP, at + STEP)
    codes = [code_at(KEY, 7, at + number * STEP) for number in range(4)]
    assert code_at(KEY, 7, at + 29 * SECOND) == codes[0]
    assert len({*codes, code_at(KEY, 8, at), code_at("another key", 7, at)}) == 6
    assert scanned(KEY, codes[1], at) is None  # of the half minute that comes


@pytest.mark.parametrize(
    "code",
    [
        *("", "x", "7", "7-", "-", "07-{mac}", "8-{mac}", "7-{mac}0", "7-{mac} ", " 7-{mac}", "7-{mac}\n"),
        *("７-{mac}", "7-" + "0" * 20, "9" * 40 + "-{mac}", "7-{upper}"),
    ],
)
def test_a_code_that_is_another_opens_nothing(code: str) -> None:
    mac = code_at(KEY, 7, AT_SEVEN).removeprefix("7-")
    assert scanned(KEY, code.format(mac=mac, upper=mac.upper() + "A"), AT_SEVEN) is None


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (AT_SEVEN - timedelta(minutes=30) - SECOND, False),
        (AT_SEVEN - timedelta(minutes=30), True),
        (END - SECOND, True),
        (END, False),
    ],
)
def test_the_door_opens_half_an_hour_before_and_closes_at_the_end(now: datetime, opens: bool) -> None:
    assert is_open(AT_SEVEN, END, now) is opens


@pytest.mark.parametrize(
    ("after", "value"),
    [
        (-30 * 60, Value(Status.PRESENT)),
        (59, Value(Status.PRESENT)),
        (60, Value(Status.LATE, 1)),
        (6 * 60 + 59, Value(Status.LATE, 6)),
        (90 * 60 - 1, Value(Status.LATE, 89)),
    ],
)
def test_who_comes_is_present_and_late_from_the_first_whole_minute_on(after: int, value: Value) -> None:
    assert value_at(AT_SEVEN, END, AT_SEVEN + after * SECOND) == value
