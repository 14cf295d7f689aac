"""A free place and time, beside trying every minute by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.places.queries import RoomView
from scheduler.domain.planning.finding_place import (
    OFFERED,
    ROOMS_AT_A_TIME,
    STEP,
    Option,
    Reason,
    Why,
    Wish,
    options,
    reasons,
)
from scheduler.domain.schedule.conflicts import Booking, Holder
from scheduler.domain.schedule.diary import Diary

ZONE = ZoneInfo("America/New_York")
DAY = date(2026, 10, 30)  # the clock changes two days later
NOON = datetime(2026, 10, 30, 16, tzinfo=UTC)
BEFORE = NOON - timedelta(days=30)
WISH = Wish(60, 8, DAY, DAY + timedelta(days=3), time(9), time(13), ZONE, persons=(7,))
ROOMS = [
    RoomView(1, "Room 1", 1, "Elm", "", 6, False, 1),
    RoomView(2, "Room 2", 1, "Elm", "", 12, False, 1),
    RoomView(3, "Room 3", 2, "Oak", "", 8, False, 1),
    RoomView(4, "Hall", 1, "Elm", "", None, True, 1),
]


def booking(holder: Holder, held: int, start: int, minutes: int, occurrence: int = 1) -> Booking:
    starts = NOON + timedelta(minutes=start)
    return Booking(holder, held, starts, starts + timedelta(minutes=minutes), occurrence)


bookings = st.lists(
    st.builds(
        booking,
        st.sampled_from(list(Holder)),
        st.sampled_from([1, 2, 3, 7]),
        st.integers(-300, 11 * 24 * 60),
        st.integers(1, 500),
    ),
    max_size=30,
)


def by_hand(wish: Wish, taken: list[Booking], holidays: set[date]) -> list[Option]:
    """Every start, every week, every room and every booking, one by one."""
    found = []
    day = wish.first
    while day <= wish.last:
        start = datetime.combine(day, wish.earliest)
        while start + timedelta(minutes=wish.minutes) <= datetime.combine(day, wish.latest):
            for room in ROOMS:
                if room.capacity is not None and room.capacity < wish.places:
                    continue
                if all(
                    free(room, start + timedelta(weeks=week), wish, taken, holidays)
                    for week in range(wish.weeks)
                ):
                    found.append(Option(start, room))
            start += STEP
        day += timedelta(days=1)
    return found


def free(room: RoomView, start: datetime, wish: Wish, taken: list[Booking], holidays: set[date]) -> bool:
    begins = start.replace(tzinfo=ZONE).astimezone(UTC)
    wanted = {(True, room.id), *((False, person) for person in wish.persons)}
    return start.date() not in holidays and not any(
        each.resource in wanted
        and each.starts < begins + timedelta(minutes=wish.minutes)
        and begins < each.ends
        for each in taken
    )


@given(bookings, st.sampled_from([1, 2]), st.sampled_from([None, 1, 2]), st.booleans())
def test_what_is_offered_is_free_and_the_best_of_what_is(
    taken: list[Booking], weeks: int, site_id: int | None, is_holiday: bool
) -> None:
    wish = Wish(60, 8, DAY, WISH.last, time(9), time(13), ZONE, site_id=site_id, persons=(7,), weeks=weeks)
    holidays = {DAY + timedelta(days=8)} if is_holiday else set()
    everything = by_hand(wish, taken, holidays)
    found = options(wish, ROOMS, Diary(taken), holidays=holidays, after=BEFORE)
    assert set(found) <= set(everything)
    assert len(found) <= OFFERED
    wanted = [each for each in everything if site_id is None or each.room.site_id == site_id]
    soonest = min((each.local_start for each in wanted or everything), default=None)
    assert (found[0].local_start if found else None) == soonest
    for start in {option.local_start for option in found[: OFFERED // 2]}:
        here = [each for each in found if each.local_start == start]
        assert len(here) <= ROOMS_AT_A_TIME


def test_the_smallest_room_that_holds_them_comes_first_and_a_shared_one_last() -> None:
    wish = Wish(60, 8, DAY, DAY, time(9), time(10), ZONE)
    found = options(wish, ROOMS, Diary([]), after=BEFORE)
    assert [option.room.name for option in found] == ["Room 3", "Room 2", "Hall"]
    wish = Wish(60, 8, DAY, DAY, time(9), time(10), ZONE, site_id=1)
    found = options(wish, ROOMS, Diary([]), after=BEFORE)
    assert [option.room.name for option in found] == ["Room 2", "Hall", "Room 3"]


def test_what_is_moved_stays_as_near_as_can_be() -> None:
    near = datetime(2026, 10, 30, 11)
    wish = Wish(60, 12, DAY, DAY, time(9), time(13), ZONE, near=near)
    taken = [booking(Holder.ROOM, 2, -60, 60)]  # 11 to noon
    found = options(wish, ROOMS[:3], Diary(taken), after=BEFORE)
    assert [option.local_start.time() for option in found[:2]] == [time(10), time(12)]


def test_nothing_begins_in_the_past_or_on_another_weekday() -> None:
    assert options(WISH, ROOMS, Diary([]), after=NOON + timedelta(days=9)) == ()
    sunday = Wish(60, 8, DAY, WISH.last, time(9), time(13), ZONE, weekdays=frozenset({6}))
    found = options(sunday, ROOMS, Diary([]), after=BEFORE)
    assert {option.local_start.date() for option in found} == {date(2026, 11, 1)}


def test_the_times_of_a_day_leave_a_choice_of_hours() -> None:
    found = options(Wish(60, 8, DAY, DAY, time(9), time(15), ZONE), ROOMS[2:3], Diary([]), after=BEFORE)
    assert [option.local_start.time() for option in found] == [time(9), time(10), time(11), time(12)]
    near = Wish(60, 8, DAY, DAY, time(9), time(15), ZONE, near=datetime(2026, 10, 30, 12))
    found = options(near, ROOMS[2:3], Diary([]), after=BEFORE)
    assert [option.local_start.time() for option in found] == [time(12), time(11), time(13), time(10)]


def test_of_many_times_the_first_is_told_and_how_many_more_there_are() -> None:
    taken = [booking(Holder.FACILITATOR, 7, start, 30) for start in (-180, -120, 24 * 60 - 120)]
    taken.append(booking(Holder.ROOM, 2, -120, 30))
    nine = datetime(2026, 10, 30, 9)
    assert reasons(WISH, ROOMS[1:2], taken) == (
        Reason(Why.BUSY, 7, nine, nine + timedelta(minutes=30), more=2),
        Reason(Why.TAKEN, 2, nine + timedelta(hours=1), nine + timedelta(minutes=90)),
    )


def test_why_the_rest_fell_out_is_told_once_for_what_follows_each_other() -> None:
    taken = [
        booking(Holder.FACILITATOR, 7, -120, 60),  # 10 to 11
        booking(Holder.MEMBER, 7, -60, 60, 2),  # 11 to noon
        booking(Holder.ROOM, 2, -120, 30),
        booking(Holder.ROOM, 3, -120, 30, 0),
        booking(Holder.ROOM, 1, -120, 30),  # too small anyway
        booking(Holder.FACILITATOR, 7, 300, 60),  # after the hours asked for
    ]
    ten = datetime(2026, 10, 30, 10)
    assert reasons(WISH, ROOMS, taken, holidays=[WISH.last]) == (
        Reason(Why.BUSY, 7, ten, ten + timedelta(hours=2)),
        Reason(Why.HOLIDAY, 0, datetime(2026, 11, 2)),
        Reason(Why.TOO_SMALL, 1),
        Reason(Why.TAKEN, 2, ten, ten + timedelta(minutes=30)),
        Reason(Why.CLOSED, 3, ten, ten + timedelta(minutes=30)),
    )


@pytest.mark.parametrize(
    ("day", "until", "minutes", "weeks", "hours"),
    [
        (date(2027, 3, 14), 5, 60, 1, [0, 1, 3, 4]),  # 2:00 to 3:00 does not exist
        (date(2027, 3, 14), 3, 90, 1, [0]),  # from 1:00 on it would be over at 3:30
        (date(2027, 3, 7), 4, 60, 2, [0, 1, 3]),  # it would a week later
        (date(2026, 11, 1), 2, 120, 1, [0, 1]),  # 1:00 to 2:00 is there twice
    ],
)
def test_the_nights_in_which_the_clocks_change_have_the_hours_that_they_have(
    day: date, until: int, minutes: int, weeks: int, hours: list[int]
) -> None:
    wish = replace(
        WISH, minutes=minutes, first=day, last=day, earliest=time(0), latest=time(until), weeks=weeks
    )
    found = options(wish, ROOMS[:2], Diary([]), after=BEFORE)
    assert [each.local_start for each in found] == [datetime.combine(day, time(hour)) for hour in hours]
