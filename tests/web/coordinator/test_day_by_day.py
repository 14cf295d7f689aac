"""A list of sessions is divided by day where it is long."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.web.coordinator.day_by_day import SHORT, OfDay, by_day

FIRST = datetime(2026, 7, 21, 9)


@dataclass(frozen=True)
class At:
    local_start: datetime


def hours(number: int, day: int = 0) -> tuple[At, ...]:
    return tuple(At(FIRST + timedelta(days=day, minutes=30 * each)) for each in range(number))


def test_a_long_list_of_several_days_has_one_for_each() -> None:
    one, two = hours(SHORT), hours(1, day=1)
    assert by_day(one + two) == [OfDay(FIRST, one), OfDay(FIRST + timedelta(days=1), two)]


def test_a_short_one_or_one_of_a_day_stays_one() -> None:
    for lines in ((), hours(SHORT + 1), hours(SHORT - 1) + hours(1, day=1)):
        assert by_day(lines) == [OfDay(None, lines)]
