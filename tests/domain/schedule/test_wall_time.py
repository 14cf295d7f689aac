from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.places.zones import zone_named, zone_names
from scheduler.domain.schedule.wall_time import (
    instant_of,
    is_skipped,
    local_of,
    minutes_between,
    require_existing,
)
from scheduler.errors import Invalid

NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
LOCAL_TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31))


def test_a_group_at_seven_is_at_seven_on_both_sides_of_a_change_of_clock() -> None:
    before, after = datetime(2026, 3, 3, 19), datetime(2026, 3, 10, 19)
    assert instant_of(before, NEW_YORK) == datetime(2026, 3, 4, 0, tzinfo=UTC)
    assert instant_of(after, NEW_YORK) == datetime(2026, 3, 10, 23, tzinfo=UTC)


def test_a_time_that_does_not_exist_takes_the_offset_before_the_gap() -> None:
    skipped = datetime(2026, 3, 8, 2, 30)
    assert instant_of(skipped, NEW_YORK) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert local_of(instant_of(skipped, NEW_YORK), NEW_YORK) == datetime(2026, 3, 8, 3, 30)


def test_a_time_that_exists_twice_is_the_first() -> None:
    assert instant_of(datetime(2026, 11, 1, 1, 30), NEW_YORK) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "zone", "skipped"),
    [
        (datetime(2026, 3, 8, 1, 59), NEW_YORK, False),
        (datetime(2026, 3, 8, 2, 0), NEW_YORK, True),
        (datetime(2026, 3, 8, 2, 59), NEW_YORK, True),
        (datetime(2026, 3, 8, 3, 0), NEW_YORK, False),
        (datetime(2026, 11, 1, 1, 30), NEW_YORK, False),
        (datetime(2026, 10, 4, 2, 15), LORD_HOWE, True),
        (datetime(2026, 10, 4, 2, 30), LORD_HOWE, False),
        (datetime(2011, 12, 30, 12), ZoneInfo("Pacific/Apia"), True),
    ],
)
def test_only_the_times_of_the_gap_are_skipped(local: datetime, zone: ZoneInfo, *, skipped: bool) -> None:
    assert is_skipped(local, zone) is skipped


@given(
    local=LOCAL_TIMES,
    name=st.sampled_from(["America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
)
def test_a_time_that_is_not_skipped_comes_back_from_its_instant(local: datetime, name: str) -> None:
    zone = zone_named(name)
    if not is_skipped(local, zone):
        assert local_of(instant_of(local, zone), zone) == local


def test_a_skipped_time_that_was_typed_is_refused_beside_its_field() -> None:
    with pytest.raises(Invalid) as refused:
        require_existing(datetime(2026, 3, 8, 2, 30), NEW_YORK, field="starts")
    assert list(refused.value.fields) == ["starts"]
    require_existing(datetime(2026, 3, 8, 3, 0), NEW_YORK, field="starts")


@pytest.mark.parametrize(
    "name", ["America/Nowhere", "../../etc/passwd", "/etc/localtime", "", "america/new_york", "localtime"]
)
def test_a_zone_that_is_not_on_the_list_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        zone_named(name)
    assert refused.value.fields == {"timezone": "There is no time zone with that name."}


def test_zones_come_by_name_from_the_list() -> None:
    assert zone_named("America/New_York").key == "America/New_York"
    assert {"America/New_York", "Europe/Berlin", "UTC"} <= zone_names()


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (time(19), time(20, 30), 90),
        (time(23), time(0, 30), 90),
        (time(22), time(2), 240),
        (time(8), time(18), 600),
    ],
)
def test_a_meeting_may_pass_midnight_if_it_is_at_most_four_hours(
    start: time, end: time, minutes: int
) -> None:
    assert minutes_between(start, end) == minutes


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        (time(20), time(19), "The end is before the start."),
        (time(22), time(2, 1), "The end is before the start."),
        (time(19), time(19), "The end is the same as the start."),
    ],
)
def test_another_end_before_its_start_is_an_error(start: time, end: time, why: str) -> None:
    with pytest.raises(Invalid) as refused:
        minutes_between(start, end)
    assert refused.value.fields == {"end": why}
