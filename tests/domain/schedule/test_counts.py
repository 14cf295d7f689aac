"""What of a session counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.schedule.counts import Counts, Off, wrong_counts

limits = st.none() | st.integers(1, 40)


@given(least=limits, most=limits, here=st.integers(0, 50))
def test_as_many_as_the_limits_allow_count(least: int | None, most: int | None, here: int) -> None:
    expected = (
        Off.TOO_MANY
        if most is not None and here > most
        else Off.TOO_FEW
        if least is not None and here < least
        else None
    )
    assert Counts(least_people=least, most_people=most).of_people(here) == expected
    assert Counts(least_minutes=least, most_minutes=most).of_minutes(here) == expected


@pytest.mark.parametrize(
    ("counts", "wrong"),
    [
        (Counts(), {}),
        (Counts(2, 12, 50, 50), {}),
        (
            Counts(13, 12, 90, 50),
            dict.fromkeys(("most_people", "most_minutes"), "This is less than the least."),
        ),
        (Counts(least_people=0), {"least_people": "Give a number from 1 to 10000, or none."}),
        (Counts(most_minutes=1441), {"most_minutes": "Give a number from 1 to 1440, or none."}),
    ],
)
def test_limits_that_cannot_be_are_refused(counts: Counts, wrong: dict[str, str]) -> None:
    assert wrong_counts(counts) == wrong
