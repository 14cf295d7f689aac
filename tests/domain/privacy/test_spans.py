"""Overlapping spans become one; every date is in one exactly where it was in one before."""

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.privacy.spans import last_of, overlapping

DAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Span:
    first: date
    last: date | None

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


spans = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 8) | st.none()).map(
        lambda pair: Span(
            DAY + timedelta(days=pair[0]),
            None if pair[1] is None else DAY + timedelta(days=pair[0] + pair[1]),
        )
    ),
    max_size=8,
)


@given(spans)
def test_the_same_dates_are_held_and_no_two_groups_share_one(given_spans: list[Span]) -> None:
    groups = overlapping(given_spans)
    joined = [Span(min(each.first for each in group), last_of(group)) for group in groups]
    for number in range(40):
        day = DAY + timedelta(days=number)
        assert sum(span.holds(day) for span in joined) == any(span.holds(day) for span in given_spans)
    assert sorted(map(repr, given_spans)) == sorted(repr(span) for group in groups for span in group)
