"""Zones as iCalendar tells them: yearly where that is exactly what they do, change by change where not."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event, Timezone

from scheduler.domain.places.zones import zone_names
from scheduler.formats.posix_zone import Turn, yearly_turns
from scheduler.formats.vtimezone import vtimezone

BEGINS = date(2026, 8, 3)


@pytest.mark.parametrize(
    ("zone", "turns"),
    [
        ("America/New_York", (Turn(3, 2, 0, 7200), Turn(11, 1, 0, 7200))),
        ("Europe/Dublin", (Turn(10, 5, 0, 7200), Turn(3, 5, 0, 3600))),
        ("Pacific/Chatham", (Turn(9, 5, 0, 9900), Turn(4, 1, 0, 13500))),
        ("America/Phoenix", None),
        ("Asia/Jerusalem", None),  # Thursday of the fourth week and 26 hours
        ("America/Nuuk", None),  # an hour before the last Sunday begins
        ("America/Santiago", None),  # at 24:00
    ],
)
def test_the_yearly_rule_of_a_zone(zone: str, turns: tuple[Turn, Turn] | None) -> None:
    assert yearly_turns(zone) == turns


def test_a_turn_falls_on_its_weekday() -> None:
    assert Turn(3, 2, 0, 7200).in_year(2027) == datetime(2027, 3, 14, 2)
    assert Turn(10, 5, 0, 3600).in_year(2026) == datetime(2026, 10, 25, 1)
    assert Turn(9, 5, 6, 0).in_year(2028) == datetime(2028, 9, 30)


def blocks(zone: Timezone) -> list[tuple[str, str, str]]:
    return [(b.name, b["DTSTART"].to_ical().decode(), b["TZOFFSETTO"].to_ical()) for b in zone.subcomponents]


def test_a_zone_that_gives_up_its_changes_is_told_change_by_change() -> None:
    zone = vtimezone("Africa/Casablanca", BEGINS)
    assert blocks(zone) == [
        ("DAYLIGHT", "19700101T000000", "+0100"),
        ("STANDARD", "20260920T020000", "+0000"),
    ]
    assert blocks(vtimezone("Africa/Casablanca", date(2026, 10, 5))) == [
        ("STANDARD", "19700101T000000", "+0000")
    ]


def test_summer_is_where_clocks_stand_further_ahead_also_in_ireland() -> None:
    assert blocks(vtimezone("Europe/Dublin", BEGINS)) == [
        ("STANDARD", "19701025T020000", "+0000"),
        ("DAYLIGHT", "19700329T010000", "+0100"),
    ]


def is_told_right(zone: str) -> bool:
    """Read back by icalendar's own reader of VTIMEZONE, at noon of every 20th day for three years."""
    told, known = vtimezone(zone, BEGINS).to_tz(lookup_tzid=False), ZoneInfo(zone)
    noons = (datetime(2026, 8, 4, 12) + timedelta(days=20 * step) for step in range(55))
    return all(at.replace(tzinfo=told).utcoffset() == at.replace(tzinfo=known).utcoffset() for at in noons)


def test_every_zone_of_the_world_says_the_right_offset() -> None:
    assert [zone for zone in sorted(zone_names()) if not is_told_right(zone)] == []


def test_a_calendar_does_not_need_more_than_its_own_zones() -> None:
    calendar, event = Calendar(), Event()
    event.add("DTSTART", datetime(2026, 8, 4, 19, tzinfo=ZoneInfo("America/New_York")))
    calendar.add_component(vtimezone("America/New_York", BEGINS))
    calendar.add_component(event)
    assert calendar.get_missing_tzids() == set()
    assert event["DTSTART"].dt.astimezone(UTC).hour == 23
