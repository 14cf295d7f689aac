"""What somebody looks for is found, on the right day, in the order of the clock."""

from dataclasses import replace
from datetime import date, time

import pytest

from scheduler.domain.mutual_help.finding import Day, Wish, at_most, by_day, is_open, is_step_free, matches
from scheduler.domain.mutual_help.queries import Listed

WEDNESDAY = date(2026, 7, 15)
NOON = Listed(
    series_id=1,
    anchor=1,
    name="Noon Break",
    fellowship="RD",
    weekday=2,
    starts=time(12),
    minutes=60,
    end_assumed=False,
    timezone="America/New_York",
    types=("O", "WA"),
    place="Café Straße",
    address="12 Quarry Road",
    region="Old Town",
    place_notes="",
    notes="",
    online_link="",
    online_phone="",
)


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        (Wish(), True),
        (Wish(weekday=2), True),
        (Wish(weekday=3), False),
        (Wish(words="noon"), True),
        (Wish(words="STRASSE quarry"), True),
        (Wish(words="recovery dharma old"), True),
        (Wish(words="noon harbor"), False),
        (Wish(online=True), False),
        (Wish(open_to_all=True), True),
        (Wish(step_free=True), True),
    ],
)
def test_all_that_is_wished_for_must_be_true(wish: Wish, found: bool) -> None:
    assert matches(NOON, wish) is found


def test_a_list_may_not_say_whether_it_is_open() -> None:
    assert is_open(NOON) is True
    assert is_open(replace(NOON, types=("C",))) is False
    assert is_open(replace(NOON, types=())) is None
    assert not matches(replace(NOON, types=()), Wish(open_to_all=True))


def test_step_free_has_a_code_of_its_own_in_some_fellowships() -> None:
    assert is_step_free(NOON)
    assert is_step_free(replace(NOON, types=("X",)))
    assert not is_step_free(replace(NOON, types=("XB",)))


def test_one_by_phone_is_online_too() -> None:
    assert matches(replace(NOON, online_phone="+1 555 555 0100"), Wish(online=True))


def test_days_begin_today_and_hours_in_the_morning() -> None:
    early = replace(NOON, anchor=2, starts=time(6))
    tuesday, thursday = replace(NOON, anchor=3, weekday=1), replace(NOON, anchor=4, weekday=3)
    assert by_day([tuesday, NOON, thursday, early], Wish(), today=WEDNESDAY) == (
        Day(WEDNESDAY, (early, NOON)),
        Day(date(2026, 7, 16), (thursday,)),
        Day(date(2026, 7, 21), (tuesday,)),
    )


def test_a_page_holds_so_many_and_no_more() -> None:
    days = (Day(WEDNESDAY, (NOON, NOON)), Day(date(2026, 7, 16), (NOON, NOON)))
    assert at_most(days, 9) == days
    assert at_most(days, 3) == (days[0], Day(date(2026, 7, 16), (NOON,)))
    assert at_most(days, 2) == (days[0],)


def test_a_meeting_may_pass_midnight() -> None:
    late = replace(NOON, starts=time(23, 30), minutes=90)
    assert late.starts_at(WEDNESDAY).isoformat() == "2026-07-15T23:30:00"
    assert late.ends_at(WEDNESDAY).isoformat() == "2026-07-16T01:00:00"
