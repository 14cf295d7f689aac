"""The plan of the demonstration is a full week without collisions, on whatever day it is made."""

from collections import Counter
from datetime import date, datetime
from itertools import combinations
from random import Random
from zoneinfo import ZoneInfo

import pytest

from scheduler.demo.people import FACILITATORS, MEMBERS, names_of_all
from scheduler.demo.places import ROOMS, SITES
from scheduler.demo.stays import RENEE, Run, Stay, runs, stays
from scheduler.demo.talks import talks
from scheduler.demo.timetable import DANA, Planned, overlap, sessions
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.wall_time import instant_of, is_skipped

DAYS = range(7)
NEW_YORK = ZoneInfo("America/New_York")


def chance() -> Random:
    return Random(1)  # noqa: S311 -- the same chance every time


def week(today: int) -> tuple[Planned, ...]:
    others = sessions(today)
    facilitators, _ = names_of_all(chance())
    return (*others, *talks(others, facilitators, today, 60))


def enrolled(today: int) -> tuple[tuple[Planned, ...], tuple[Stay, ...], tuple[Run, ...]]:
    planned, random = week(today), chance()
    all_stays = stays(random, MEMBERS)
    return planned, all_stays, runs(random, planned, all_stays)


def both_hold(one: Run, other: Run) -> bool:
    last, other_last = one.ends or 10_000, other.ends or 10_000
    return one.begins <= other_last and other.begins <= last


@pytest.mark.parametrize("today", DAYS)
def test_no_room_and_no_facilitator_is_ever_in_two_sessions(today: int) -> None:
    collisions = [
        (one.title, other.title)
        for one, other in combinations(week(today), 2)
        if overlap(one, other)
        and ((one.place is other.place and not ROOMS[one.place].shared) or set(one.leads) & set(other.leads))
    ]
    assert collisions == []


@pytest.mark.parametrize("today", DAYS)
def test_it_has_the_sessions_that_a_center_has(today: int) -> None:
    kinds = Counter(session.kind for session in week(today))
    assert kinds == {
        Kind.GROUP: 14,
        Kind.INDIVIDUAL: 60,
        Kind.SKILLS: 3,
        Kind.FAMILY: 2,
        Kind.MEDICATION: 2,
        Kind.ASSESSMENT: 1,
        Kind.MUTUAL_HELP: 1,
        Kind.OTHER: 1,
    }


@pytest.mark.parametrize("today", DAYS)
def test_its_facilitator_leads_on_every_day_and_in_the_evening_of_this_one(today: int) -> None:
    hers = [session for session in week(today) if DANA in session.leads]
    assert {day for session in hers for day in session.weekdays} == set(DAYS)
    assert any(session.weekdays == (today,) and session.starts.hour == 19 for session in hers)


def test_there_are_three_sites_and_nine_rooms_of_which_two_are_online() -> None:
    assert (len(SITES), len(ROOMS)) == (3, 9)
    assert sum(room.site is None for room in ROOMS.values()) == 2


def test_one_group_runs_over_the_hour_that_spring_skips_and_one_begins_in_the_hour_that_autumn_repeats() -> (
    None
):
    by_title = {session.title: session for session in sessions(0)}
    spring = datetime.combine(date(2026, 3, 7), by_title["Late shift group"].starts)
    assert is_skipped(datetime(2026, 3, 8, 2, 15), NEW_YORK)
    assert spring < datetime(2026, 3, 8, 2, 15) < datetime(2026, 3, 8, 2, 30)
    autumn = datetime.combine(date(2026, 11, 1), by_title["Bakers’ hour"].starts)
    second = autumn.replace(tzinfo=NEW_YORK, fold=1)
    assert instant_of(autumn, NEW_YORK) != second.astimezone(ZoneInfo("UTC"))


@pytest.mark.parametrize("today", DAYS)
def test_no_series_has_more_members_than_seats_and_no_member_is_in_two_places(today: int) -> None:
    planned, _, all_runs = enrolled(today)
    for number, session in enumerate(planned):
        own = [run for run in all_runs if run.series == number]
        most = max(
            (sum(both_hold(run, other) and run.begins <= other.begins for run in own) for other in own),
            default=0,
        )
        if session.title != "Morning check-in":
            assert most <= session.seats, session.title
        assert session.capacity is None or most <= session.capacity
    for member in range(MEMBERS):
        own = [run for run in all_runs if run.member == member]
        for one, other in combinations(own, 2):
            assert not both_hold(one, other) or not overlap(planned[one.series], planned[other.series])


@pytest.mark.parametrize("today", DAYS)
def test_everybody_is_in_something_within_their_stay(today: int) -> None:
    _, all_stays, all_runs = enrolled(today)
    assert {run.member for run in all_runs} == set(range(MEMBERS))
    for run in all_runs:
        assert (run.begins, run.ends) == (all_stays[run.member].begins, all_stays[run.member].ends)


def test_stays_begin_and_end_in_the_past_now_and_later() -> None:
    all_stays = stays(chance(), MEMBERS)
    assert sum(stay.ends is not None and stay.ends < 0 for stay in all_stays) > 40
    assert sum(stay.ends is not None and stay.ends > 0 for stay in all_stays) > 20
    assert sum(stay.begins > 0 for stay in all_stays) > 8
    assert all_stays[RENEE] == Stay(-91, None)


@pytest.mark.parametrize("today", DAYS)
def test_its_member_has_a_talk_and_a_group_today_and_more_later(today: int) -> None:
    planned, _, all_runs = enrolled(today)
    hers = {
        planned[run.series].title: planned[run.series].weekdays for run in all_runs if run.member == RENEE
    }
    evening = next(title for title in hers if title.endswith("evening group"))
    assert hers == {
        "Talk with Dana": (today,),
        evening: (today,),
        "Job skills": ((today + 2) % 7,),
        "Family evening": ((today + 3) % 7,),
    }


def test_names_are_all_different_and_so_are_their_short_forms() -> None:
    facilitators, members = names_of_all(chance())
    assert (len(facilitators), len(members)) == (FACILITATORS, MEMBERS)
    assert (facilitators[0], members[0]) == ("Dana Rowe", "Renee Tamm")
    short = [f"{name.split()[0]} {name.split()[1][0]}" for name in (*facilitators, *members)]
    assert len(set(short)) == FACILITATORS + MEMBERS
