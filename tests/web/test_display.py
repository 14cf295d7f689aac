"""Dates and times as people read them. It is Wednesday, July 15, 2026, 16:00 in New York."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from flask import Flask

from scheduler.web import display

NOW = datetime(2026, 7, 15, 20, 0, tzinfo=UTC)
NEW_YORK = "America/New_York"
LOS_ANGELES = "America/Los_Angeles"


@pytest.fixture(autouse=True)
def reader(app: Flask) -> Iterator[None]:
    """Somebody in New York reads a page."""
    with app.test_request_context(), time_machine.travel(NOW, tick=False):
        yield


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_a_time_is_shown_on_the_clock_of_its_zone() -> None:
    assert display.clock(at(2026, 7, 15, 23), NEW_YORK) == "7:00 PM"
    assert display.clock(at(2026, 1, 15, 23), NEW_YORK) == "6:00 PM"


def test_a_zone_is_named_when_the_readers_clock_says_something_else() -> None:
    assert display.clock(at(2026, 7, 15, 23), LOS_ANGELES) == "4:00 PM (Los Angeles)"
    assert display.clock(at(2026, 7, 15, 23), "America/Detroit") == "7:00 PM"


def test_the_name_of_another_zone_stands_alone_where_there_is_room_for_it() -> None:
    assert display.other_zone(at(2026, 7, 15, 23), LOS_ANGELES) == "Los Angeles"
    assert display.other_zone(datetime(2026, 7, 15, 19, 0), NEW_YORK) == ""


def test_without_a_zone_the_readers_own_clock_is_shown() -> None:
    assert display.clock(at(2026, 7, 15, 23)) == "7:00 PM"


def test_a_wall_time_is_shown_as_it_is() -> None:
    assert display.clock(datetime(2026, 7, 15, 19, 0), NEW_YORK) == "7:00 PM"
    assert display.clock(datetime(2026, 7, 15, 19, 0), LOS_ANGELES) == "7:00 PM (Los Angeles)"
    assert display.clock(time(19, 0)) == "7:00 PM"


@pytest.mark.parametrize(
    ("start", "end", "zone", "said"),
    [
        (at(2026, 7, 15, 23), at(2026, 7, 16, 0, 30), NEW_YORK, "7:00 to 8:30 PM"),
        (at(2026, 7, 15, 15, 30), at(2026, 7, 15, 17), NEW_YORK, "11:30 AM to 1:00 PM"),
        (at(2026, 7, 16, 3, 30), at(2026, 7, 16, 4, 30), NEW_YORK, "11:30 PM to 12:30 AM"),
        (at(2026, 7, 15, 23), at(2026, 7, 16, 0, 30), LOS_ANGELES, "4:00 to 5:30 PM (Los Angeles)"),
    ],
)
def test_a_range_says_the_half_of_the_day_once(start: datetime, end: datetime, zone: str, said: str) -> None:
    assert display.clock_range(start, end, zone) == said


@pytest.mark.parametrize(
    ("show", "said"),
    [
        (display.day, "Tuesday, July 14"),
        (display.day_short, "Tue, July 14"),
        (display.month_day, "July 14"),
        (display.full_date, "July 14, 2026"),
        (display.weekday, "Tuesday"),
        (display.weekday_short, "Tue"),
    ],
)
def test_a_day_is_the_day_in_its_zone(show: Callable[[date, str | None], str], said: str) -> None:
    assert show(at(2026, 7, 15, 2), NEW_YORK) == said
    assert show(date(2026, 7, 14), None) == said


def test_a_day_of_another_year_names_it() -> None:
    assert display.day(date(2027, 1, 4)) == "Monday, January 4, 2027"


def test_a_day_with_its_time() -> None:
    assert display.day_and_clock(at(2026, 7, 14, 23), NEW_YORK) == "Tuesday, July 14, 7:00 PM"


@pytest.mark.parametrize(
    ("first", "said"),
    [
        (date(2026, 7, 13), "July 13 to 19"),
        (date(2026, 7, 27), "July 27 to August 2"),
        (date(2026, 12, 28), "December 28 to January 3, 2027"),
        (date(2029, 1, 1), "January 1 to 7, 2029"),
        (date(2029, 1, 29), "January 29 to February 4, 2029"),
    ],
)
def test_a_week_is_named_by_its_days(first: date, said: str) -> None:
    assert display.week_span(first) == said


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (at(2026, 7, 15, 20, 30), "Today, 4:30 PM"),
        (at(2026, 7, 15, 23), "Tonight, 7:00 PM"),
        (at(2026, 7, 16, 13), "Tomorrow, 9:00 AM"),
        (at(2026, 7, 21, 23), "Tuesday, 7:00 PM"),
        (at(2026, 7, 22, 23), "Wednesday, July 22, 7:00 PM"),
    ],
)
def test_what_is_near_is_named_by_how_near_it_is(start: datetime, said: str) -> None:
    assert display.when(start, NEW_YORK) == said


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(seconds=-10), "now"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(minutes=20), "in 20 minutes"),
        (timedelta(hours=1, minutes=40), "in 1 hour"),
        (timedelta(hours=1, minutes=50), "in 2 hours"),
        (timedelta(hours=2, minutes=40), "in 2 hours"),
        (timedelta(days=3), "in 3 days"),
    ],
)
def test_how_far_ahead(ahead: timedelta, said: str) -> None:
    assert display.away(NOW + ahead) == said


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (at(2026, 7, 15, 19, 59, 30), "just now"),
        (at(2026, 7, 15, 19, 56), "4 minutes ago"),
        (at(2026, 7, 15, 10, 12), "today at 6:12 AM"),
        (at(2026, 7, 14, 10, 12), "yesterday at 6:12 AM"),
        (at(2026, 5, 2, 10, 12), "on May 2"),
        (at(2025, 5, 2, 10, 12), "on May 2, 2025"),
    ],
)
def test_how_long_since(since: datetime, said: str) -> None:
    assert display.ago(since) == said


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (at(2026, 7, 15, 19, 59, 30), "in the last hour"),
        (at(2026, 7, 15, 19, 0, 1), "in the last hour"),
        (at(2026, 7, 15, 19), "today at 3:00 PM"),
        (at(2026, 7, 14, 10, 12), "yesterday at 6:12 AM"),
    ],
)
def test_what_is_noted_once_an_hour_is_not_told_to_the_minute(since: datetime, said: str) -> None:
    assert display.in_last_hour(since) == said


def test_minutes_and_zones_in_words() -> None:
    assert display.minutes(90) == "90 min"
    assert display.zone_name("America/Argentina/Buenos_Aires") == "Buenos Aires"
