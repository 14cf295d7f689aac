"""The coordinator's week."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask

from scheduler.domain.planning.ending import end_series
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.planning.stopping import cancel_occurrence
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.extensions import db
from tests.conftest import Clients
from tests.domain.planning.center import FIRST, Center
from tests.support.people import Everybody
from tests.support.statements import counted
from tests.web.coordinator.desk import Desk, text_of

WEEK = "/coordinator/week?week=2026-07-22"
ROOMS = "/coordinator/week/print?week=2026-07-22&view=rooms"
TWICE = "Room is taken twice Dana R. leads two at once"
MOVED = "Was Tuesday, July 28, 7:00 PM. Painting Moved"


def entries(page: str) -> list[str]:
    return [text_of(found) for found in re.findall(r'<div class="item.*?</li>', page, re.DOTALL)]


def test_a_session_is_told_with_kind_place_lead_and_places(desk: Desk, center: Center) -> None:
    center.make(leads=[center.people.facilitator.id], members=[center.people.member.id])
    page = desk.get(WEEK)
    assert entries(page) == [
        "7:00 PM Tuesday evening group Group , Elm Street, room 2, Dana R., 1/12",
    ]
    assert "Tuesday, July 21" in page
    assert "1 session." in page
    assert "July 20 to 26" in page


def test_what_needs_a_look_says_so_in_words(desk: Desk, center: Center) -> None:
    dana = center.people.facilitator.id
    first = center.make(leads=[dana])
    center.make(leads=[dana], title="Cooking", override="One hour only")
    third = center.make(title="Family evening", room_id=None)
    center.do(cancel_occurrence, occurrence_id=third.occurrences[0], revision=1, reason="No heat")
    center.do(
        move_occurrence,
        occurrence_id=first.occurrences[1],
        revision=1,
        local_start=datetime(2026, 7, 22, 10),
        room_id=center.other_room,
        reason="Painting",
    )
    center.make(title="Nobody", first_start=datetime(2026, 7, 21, 8), room_id=None)
    assert entries(desk.get(WEEK)) == [
        "8:00 AM Nobody Group , 0/12 No lead",
        f"7:00 PM Tuesday evening group Group , Elm Street, room 2, Dana R., 0/12 {TWICE}",
        f"7:00 PM Cooking Group , Elm Street, room 2, Dana R., 0/12 Double-booked: One hour only {TWICE}",
        "7:00 PM Family evening Group , 0/12 No heat Cancelled",
        f"10:00 AM Tuesday evening group Group , Elm Street, room 3, Dana R., 0/12 {MOVED}",
    ]
    assert "5 sessions: 2 double-booked, 1 without a lead, 1 cancelled." in desk.get(WEEK)


def test_what_is_taken_twice_by_what_is_not_shown_is_busy(desk: Desk, center: Center) -> None:
    dana = center.people.facilitator.id
    center.make(leads=[dana])
    center.make(leads=[dana], title="Cooking", override="One hour only", kind=Kind.SKILLS)
    for narrowed, title in (("group", "Tuesday evening group"), ("skills", "Cooking")):
        [told] = entries(desk.get(f"{WEEK}&kind={narrowed}"))
        assert title in told
        assert told.endswith("Room is busy Dana R. is busy elsewhere")
        assert "1 session: 1 double-booked." in desk.get(f"{WEEK}&kind={narrowed}")
        assert "Room busy" in desk.get(f"{ROOMS}&kind={narrowed}")
    assert "Room is busy Dana R. is busy elsewhere" in text_of(
        desk.get("/coordinator/board?date=2026-07-21&kind=skills")
    )


def test_what_is_taken_twice_over_midnight_says_so_on_both_days(desk: Desk, center: Center) -> None:
    late = center.make(first_start=datetime(2026, 7, 26, 23), rule=SINGLE, title="Late")
    early = center.make(
        first_start=datetime(2026, 7, 27, 0, 15), rule=SINGLE, title="Early", override="Vigil"
    )
    for page in (
        WEEK,
        "/coordinator/week?week=2026-07-27",
        "/coordinator/board?date=2026-07-26",
        "/coordinator/board?date=2026-07-27",
        f"/coordinator/occurrences/{late.occurrences[0]}",
        f"/coordinator/occurrences/{early.occurrences[0]}",
    ):
        assert text_of(desk.get(page)).count("Room is taken twice") == 1, page


def test_the_table_has_a_row_for_every_room_and_a_column_for_every_day(desk: Desk, center: Center) -> None:
    center.make(leads=[center.people.facilitator.id])
    center.make(title="Walk", room_id=None, kind=Kind.OTHER, counting=Counting.HEADS)
    page = desk.get(ROOMS)
    heads = [text_of(head) for head in re.findall(r"<th scope=\"(?:col|row)\".*?</th>", page, re.DOTALL)]
    assert heads == [
        *("Room", "Mon, July 20", "Tue, July 21", "Wed, July 22", "Thu, July 23", "Fri, July 24"),
        *("Sat, July 25", "Sun, July 26"),
        *("Elm Street, hall", "Elm Street, room 2 holds 14", "Elm Street, room 3 holds 10", "No room"),
    ]
    told = [text_of(found) for found in re.findall(r'<a class="ev .*?</a>', page, re.DOTALL)]
    assert told == [
        "Group, 7:00 PM 0/12 Tuesday evening group Dana R.",
        "Other, 7:00 PM Walk No lead",
    ]


def test_a_time_elsewhere_names_its_zone(desk: Desk, center: Center) -> None:
    center.make(timezone="America/Los_Angeles")
    assert "7:00 PM (Los Angeles)" in desk.get(WEEK)


def test_from_a_week_one_steps_to_the_others(desk: Desk, center: Center) -> None:
    page = desk.get(f"{WEEK}&kind=group")
    for address in ("week=2026-07-13&amp;kind=group", "week=2026-07-27&amp;kind=group", "week?kind=group"):
        assert f"/coordinator/week?{address}".replace("week?week?", "week?") in page
    assert "/coordinator/board?date=2026-07-20&amp;span=week&amp;kind=group" in page


def test_an_empty_week_says_whether_it_is_planned_at_all(desk: Desk, center: Center) -> None:
    center.make(rule=SINGLE)
    assert "Nothing planned this week" in desk.get("/coordinator/week")
    far = desk.get("/coordinator/week?week=2027-03-01")
    assert "Not planned yet" in far
    assert far.count("This week") == 2


def test_the_print_is_the_same_week(desk: Desk, center: Center) -> None:
    center.make(leads=[center.people.facilitator.id])
    by_day = text_of(desk.get("/coordinator/week/print?week=2026-07-22"))
    assert "Tuesday, July 21 7:00 PM Tuesday evening group Group Elm Street, room 2 Dana R. 0/12" in by_day
    assert "Tue, July 21" in desk.get("/coordinator/week/print?week=2026-07-22&view=rooms")


@pytest.mark.parametrize("week", ["tomorrow", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_a_week_that_is_none_is_not_there(desk: Desk, week: str) -> None:
    desk.get(f"/coordinator/week?week={week}", status=404)


def test_a_week_takes_few_statements_whatever_is_in_it(app: Flask, desk: Desk, center: Center) -> None:
    for hour in range(8, 20):
        center.make(
            first_start=FIRST.replace(hour=hour),
            minutes=50,
            leads=[center.people.facilitator.id],
            members=[center.people.member.id],
        )
    with app.app_context():
        engine = db.engine
    for address, statements in ((WEEK, 8), (ROOMS, 6), ("/coordinator/board?date=2026-07-21", 8)):
        with counted(engine) as sent:
            desk.get(address)
        assert len(sent) == statements, address


def test_nobody_else_sees_the_week(clients: Clients, people: Everybody) -> None:
    for person in (people.member, people.facilitator, people.administrator):
        assert clients(person).get("/coordinator/week").status_code == 404
    answer = clients(people.outsider).get("/coordinator/week")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/coordinator/week")


@pytest.mark.parametrize("address", ["/coordinator/week", "/coordinator/board"])
def test_an_empty_center_is_told_how_it_begins(desk: Desk, address: str) -> None:
    page = desk.get(address)
    assert "Nothing is planned yet Add a place, then a series." in text_of(page)
    assert re.findall(r'<a class="btn[^"]*" href="(/coordinator/(?:places|series/new))">(?!<svg)', page) == [
        "/coordinator/places",
        "/coordinator/series/new",
    ]


def test_a_week_in_which_nothing_meets_says_so(desk: Desk, center: Center) -> None:
    center.make(rule=SINGLE)
    for week in ("2026-07-15", "2026-08-05"):
        page = text_of(desk.get(f"/coordinator/week?week={week}"))
        assert "Nothing planned this week No series meets in this week." in page
        assert "Add a place" not in page


def test_what_ended_says_when(desk: Desk, center: Center) -> None:
    made = center.make()
    center.do(end_series, series_id=made.series_id, revision=1, last=date(2026, 7, 21))
    assert "Ends July 21" in text_of(desk.get("/coordinator/series"))
    with time_machine.travel(datetime(2026, 8, 1, 12, tzinfo=UTC), tick=False):
        assert "Ended July 21" in text_of(desk.get("/coordinator/series?ended=1"))
