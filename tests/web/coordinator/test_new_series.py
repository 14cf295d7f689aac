"""Making a series from the form."""

from datetime import date, datetime, time
from typing import Any

import pytest

from scheduler.domain.planning.membership import enroll
from scheduler.domain.roster.models import Post
from scheduler.domain.schedule.counts import NO_LIMITS, Counts
from scheduler.domain.schedule.models import Series
from scheduler.domain.schedule.queries import plan_of
from scheduler.domain.schedule.recurrence import SINGLE
from tests.domain.planning.center import Center
from tests.web.coordinator.desk import Desk, said, text_of, toasts

NEW = "/coordinator/series/new"
PREVIEW = "/coordinator/series/preview"
SMALL = {"title": "Evening skills", "first_day": "2026-07-21", "starts": "19:00", "minutes": "90"}


def preview(desk: Desk, **typed: Any) -> str:
    answer = desk.client.post(PREVIEW, data={**defaults(desk), **typed}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return text_of(answer.text)


def defaults(desk: Desk) -> dict[str, str]:
    """What the form sends as it comes, its token included."""
    return {
        "csrf_token": desk.token(),
        "kind": "group",
        "timezone": "America/New_York",
        "repeats": "weekly",
        "ending": "open",
        "counting": "minutes",
    }


def test_the_shortest_form_makes_a_weekly_series(desk: Desk, center: Center) -> None:
    page = desk.saved(NEW, NEW, **SMALL)
    assert toasts(page) == ["Evening skills is saved."]
    assert "Every Tuesday, 7:00 to 8:30 PM." in page
    [series] = center.rows(Series)
    assert (series.first_start, series.duration, series.rule) == (
        datetime(2026, 7, 21, 19),
        90,
        "FREQ=WEEKLY;BYDAY=TU",
    )


def test_a_form_sent_twice_makes_one_series_and_changed_between_two(desk: Desk, center: Center) -> None:
    """A double click; and somebody who goes back in the browser, for the next series."""
    page = desk.get(NEW)
    answers = [desk.send_from(page, NEW, **SMALL) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert len(center.rows(Series)) == 1
    desk.send_from(page, NEW, **SMALL | {"title": "Morning skills"})
    desk.send(NEW, NEW, **SMALL)
    assert [series.title for series in center.rows(Series)] == [
        "Evening skills",
        "Morning skills",
        "Evening skills",
    ]


def test_every_field_is_kept(desk: Desk, center: Center) -> None:
    desk.saved(
        NEW,
        NEW,
        kind="mutual_help",
        fellowship="NA",
        title="Friday meeting",
        discreet_title="Friday class",
        first_day="2026-07-17",
        starts="22:30",
        ends="00:15",
        timezone="America/Chicago",
        repeats="by_weekday",
        months="2",
        ordinals=["2", "-1"],
        weekday="4",
        ending="until",
        until="2027-03-31",
        room=str(center.hall),
        capacity="40",
        counting="heads",
        closed="y",
        lead=str(center.people.facilitator.id),
        co_facilitator=str(center.people.other_facilitator.id),
    )
    [series] = center.rows(Series)
    assert (series.kind, series.fellowship, series.title, series.discreet_title) == (
        "mutual_help",
        "NA",
        "Friday meeting",
        "Friday class",
    )
    assert (series.first_start, series.duration, series.timezone) == (
        datetime(2026, 7, 31, 22, 30),
        105,
        "America/Chicago",
    )
    assert series.rule == "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR,2FR;UNTIL=20270331"
    assert (series.room_id, series.capacity, series.counting, series.closed) == (
        center.hall,
        40,
        "heads",
        True,
    )
    assert [(post.person_id, post.position) for post in center.rows(Post)] == [
        (center.people.facilitator.id, "lead"),
        (center.people.other_facilitator.id, "co_facilitator"),
    ]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"title": ""}, {"Title": "Give it a title."}),
        (
            {"first_day": "", "starts": ""},
            {"First day": "Choose the first day.", "Starts": "Say when it starts."},
        ),
        ({"minutes": ""}, {"Ends": "Say when it ends, or how many minutes it takes."}),
        (
            {"minutes": "", "ends": "17:30"},
            {"Ends": "The end is before the start. Did you mean 8:30 PM?"},
        ),
        (
            {"minutes": "", "ends": "08:30"},
            {"Ends": "The end is before the start. Did you mean 8:30 PM?"},
        ),
        (
            {"ends": "20:00"},
            {"Minutes": "From start to end it is 60 minutes. Leave one of both empty."},
        ),
        (
            {"first_day": "2027-03-14", "starts": "02:30"},
            {"Starts": "The clocks change that night, and that time does not exist. Choose another time."},
        ),
        *(
            (
                {
                    "first_day": day,
                    "starts": starts,
                    "ends": "02:30",
                    "minutes": "",
                    "repeats": repeats,
                    **more,
                },
                {"Ends": "The clocks change that night, and that time does not exist. Choose another time."},
            )
            for day, starts, repeats, more in (
                ("2027-03-14", "01:30", "once", {}),
                ("2027-03-13", "23:30", "once", {}),
                ("2027-03-14", "01:30", "weekly", {}),
                ("2027-03-13", "01:30", "weekly", {"weekdays": ["6"]}),
            )
        ),
        *(
            ({"first_day": day}, {"First day": "This year is too far away."})
            for day in ("9999-12-31", "0001-01-01")
        ),
        *(
            (
                {"first_day": day},
                {"First day": "This day is long past. A series begins at most half a year back."},
            )
            for day in ("2020-01-01", "2025-12-01")
        ),
        *(
            (
                {"first_day": day},
                {"First day": "This day is too far away. A series begins within two years."},
            )
            for day in ("2028-12-01", "2099-12-31")
        ),
        *(
            ({"minutes": number}, {"Minutes": "Give the minutes as a number above 0."})
            for number in ("-5", "−5", "0", "half an hour")
        ),
        (
            {"minutes": "", "starts": "22:00", "ends": "03:00"},
            {
                "Ends": "Past midnight the end is at most four hours after the start."
                " For longer, give the minutes."
            },
        ),
        (
            {"minutes": "", "starts": "13:00", "ends": "11:00"},
            {"Ends": "The end is before the start. Did you mean 2:30 PM?"},
        ),
        ({"timezone": "Mars/Olympus"}, {"Time zone": "There is no time zone with that name."}),
        ({"weeks": "0"}, {"Every how many weeks": "Type a number from 1 to 104."}),
        ({"ending": "until"}, {"Last day": "Choose the last day, or let it stay open."}),
        ({"ending": "until", "until": "2026-07-20"}, {"Last day": "The last day is before the first."}),
        (
            {"repeats": "by_date", "month_day": "31", "months": "12", "first_day": "2026-09-01"},
            {"First day": "No date fits this rule in the next two years."},
        ),
        ({"capacity": "0"}, {"Places": "Type a number from 1 to 10000."}),
        (
            {"discreet_title": "Recovery class"},
            {"Discreet title": "“Recovery” gives away what this is. Choose another title."},
        ),
        (
            {"kind": "mutual_help"},
            {"Attendance is kept in": "Mutual help never counts as clinical minutes."},
        ),
        ({"room": "999"}, {"Room": "Not a valid choice."}),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(
    desk: Desk, center: Center, typed: dict[str, str], wrong: dict[str, str]
) -> None:
    assert desk.refused(NEW, NEW, **{**SMALL, **typed}) == wrong
    assert center.rows(Series) == []


def test_an_end_that_only_a_later_date_skips_is_no_mistake(desk: Desk, center: Center) -> None:
    desk.saved(NEW, NEW, **{**SMALL, "minutes": "", "starts": "01:30", "ends": "02:30"})
    assert [series.duration for series in center.rows(Series)] == [60]


def test_members_put_themselves_on_the_sheet_only_where_it_was_chosen_and_names_are_taken(
    desk: Desk, center: Center
) -> None:
    page = desk.saved(NEW, NEW, **SMALL, check_in="y")
    assert "Members put themselves on the sheet." in text_of(page)
    assert "Members put themselves" not in text_of(desk.saved(NEW, NEW, **SMALL | {"title": "Skills"}))
    desk.saved(NEW, NEW, **SMALL | {"title": "Heads"}, check_in="y", counting="heads")
    desk.saved(NEW, NEW, **SMALL | {"title": "Noon"}, check_in="y", kind="mutual_help", counting="names")
    assert [series.check_in for series in center.rows(Series)] == [True, False, False, False]


def test_what_counts_belongs_to_clinical_minutes_alone(desk: Desk, center: Center) -> None:
    limits = {"least_people": "2", "most_people": "12", "least_minutes": "50", "most_minutes": ""}
    page = desk.saved(NEW, NEW, **SMALL, **limits)
    assert "What counts 2 to 12 people At least 50 minutes" in text_of(page)
    desk.saved(NEW, NEW, **SMALL | {"title": "Morning skills"}, **limits, counting="names")
    counted, named = center.rows(Series)
    assert (plan_of(counted).counts, plan_of(named).counts) == (Counts(2, 12, 50), NO_LIMITS)
    assert desk.refused(NEW, NEW, **SMALL, most_people="0") == {
        "Most people": "Type a number from 1 to 10000."
    }
    assert desk.refused(NEW, NEW, **SMALL, least_minutes="90", most_minutes="50") == {
        "Most minutes": "This is less than the least."
    }


def test_all_that_is_wrong_is_said_at_once(desk: Desk, center: Center) -> None:
    typed = {"title": "", "starts": "", "discreet_title": "Rehab", "capacity": "x", "kind": "mutual_help"}
    assert desk.refused(NEW, NEW, **{**SMALL, **typed}) == {
        "Title": "Give it a title.",
        "Discreet title": "“Rehab” gives away what this is. Choose another title.",
        "Starts": "Say when it starts.",
        "Places": "Type a whole number.",
        "Attendance is kept in": "Mutual help never counts as clinical minutes.",
    }


def test_a_form_that_failed_keeps_what_was_typed(desk: Desk, center: Center) -> None:
    answer = desk.send(NEW, NEW, **{**SMALL, "starts": "half past", "discreet_title": "Evening class"})
    assert answer.status_code == 422
    assert said(answer) == {"Starts": "This is not a time. Type it like 7:00 PM."}
    for value in ("half past", "Evening class", "Evening skills", "2026-07-21"):
        assert f'value="{value}"' in answer.text


def test_a_taken_room_is_named_and_kept_with_a_reason(desk: Desk, center: Center) -> None:
    center.make(leads=[center.people.facilitator.id])
    typed = {**SMALL, "room": str(center.room), "lead": str(center.people.facilitator.id)}
    answer = desk.send(NEW, NEW, **typed)
    assert answer.status_code == 409
    shown = text_of(answer.text)
    often = "is taken on 26 of the dates, from July 21 on: Tuesday evening group, 7:00 to 8:30 PM."
    assert f"Elm Street, room 2 {often}" in shown
    assert f"Dana R. {often}" in shown
    assert "Reason to keep both" in shown
    assert "Not saved yet. 2 things to fix:" in shown
    for field, taken in (("room", "Elm Street, room 2 is taken"), ("lead", "Dana R. is taken")):
        assert f'<a class="go" href="#{field}">{taken}' in answer.text
    assert len(center.rows(Series)) == 1
    page = desk.saved(NEW, NEW, **typed, override_reason="They share the hall door")
    assert toasts(page) == ["Evening skills is saved."]


def test_the_preview_says_the_rule_in_words_and_the_next_ten_dates(desk: Desk, center: Center) -> None:
    shown = preview(desk, **{**SMALL, "title": "", "weeks": "2", "weekdays": ["1", "3"]})
    assert "Every 2 weeks on Tuesday and Thursday, 7:00 to 8:30 PM." in shown
    assert "The next 10 dates Tue, July 21 Thu, July 23 Tue, August 4 Thu, August 6" in shown
    assert center.rows(Series) == []


def test_the_preview_tells_a_first_day_that_is_not_the_rules(desk: Desk, center: Center) -> None:
    assert "The first day that fits is Tuesday, July 21." in preview(
        desk, **{**SMALL, "first_day": "2026-07-16", "weekdays": ["1"]}
    )


def test_the_preview_tells_of_a_change_of_clock(desk: Desk, center: Center) -> None:
    shown = preview(desk, **{**SMALL, "first_day": "2026-10-06"})
    assert "Clocks change on November 1. The group stays at 7:00 PM." in shown
    assert "Clocks change" not in preview(desk, **SMALL)


def test_the_preview_names_what_is_in_the_way(desk: Desk, center: Center) -> None:
    center.make()
    shown = preview(desk, **SMALL, room=str(center.room))
    often = "Elm Street, room 2 is taken on 26 of the dates, from July 21 on"
    assert f"{often}: Tuesday evening group, 7:00 to 8:30 PM." in shown
    assert "Tue, July 21 Room taken" in shown


def test_the_preview_names_one_date_that_is_in_the_way_by_itself(desk: Desk, center: Center) -> None:
    center.make(rule=SINGLE)
    shown = preview(desk, **SMALL, room=str(center.room))
    assert "Elm Street, room 2 is taken on July 21, 7:00 to 8:30 PM: Tuesday evening group." in shown
    assert "Tue, July 28 Tue, August 4" in shown


def test_the_preview_waits_for_what_is_missing_and_says_what_is_wrong(desk: Desk, center: Center) -> None:
    waiting = "The next ten dates appear here once the first day, the time and the length are there."
    assert preview(desk, first_day="2026-07-21") == f"In words {waiting}"
    wrong = preview(desk, **{**SMALL, "minutes": "", "ends": "18:00"})
    assert wrong == f"In words {waiting} Ends: The end is before the start. Did you mean 8:30 PM?"


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"weeks": "0"}, "Every how many weeks: Type a number from 1 to 104."),
        ({"weeks": "9999"}, "Every how many weeks: Type a number from 1 to 104."),
        ({"repeats": "by_date", "months": "0"}, "Every how many months: Type a number from 1 to 24."),
        ({"ending": "until", "until": "9999-12-31"}, "Last day: This year is too far away."),
        ({"first_day": "9999-12-31"}, "First day: This year is too far away."),
        ({"first_day": "0001-01-01"}, "First day: This year is too far away."),
    ],
)
def test_the_preview_makes_no_other_rule_of_what_is_wrong(
    desk: Desk, center: Center, typed: dict[str, str], wrong: str
) -> None:
    waiting = "The next ten dates appear here once the first day, the time and the length are there."
    assert preview(desk, **{**SMALL, **typed}) == f"In words {waiting} {wrong}"


def test_without_scripts_a_button_shows_the_dates(desk: Desk, center: Center) -> None:
    assert f'formaction="{PREVIEW}"' in desk.get(NEW)
    answer = desk.client.post(PREVIEW, data={**defaults(desk), **SMALL})
    assert answer.status_code == 200
    assert "Every Tuesday, 7:00 to 8:30 PM." in answer.text
    assert 'value="Evening skills"' in answer.text
    assert center.rows(Series) == []


def test_a_time_on_the_wall_is_the_same_after_the_clocks_change(desk: Desk, center: Center) -> None:
    desk.saved(NEW, NEW, **{**SMALL, "first_day": "2026-10-27"})
    [series] = center.rows(Series)
    assert [start.time() for start in center.starts(series.id)[:3]] == [time(19)] * 3
    assert center.starts(series.id)[1].date() == date(2026, 11, 3)


@pytest.mark.parametrize(
    ("field", "rule"),
    [
        ("kind", "weekly"),
        ("counting", "weekly"),
        ("repeats", "weekly"),
        ("weekdays", "weekly"),
        ("ordinals", "by_weekday"),
        ("weekday", "by_weekday"),
        ("month_day", "by_date"),
        ("ending", "weekly"),
        ("room", "weekly"),
        ("lead", "weekly"),
    ],
)
def test_what_the_form_did_not_offer_is_refused(desk: Desk, center: Center, field: str, rule: str) -> None:
    typed = {**defaults(desk), **SMALL, "repeats": rule, field: "x"}
    for address in (NEW, PREVIEW):
        assert desk.client.post(address, data=typed).status_code == 422
    part = desk.client.post(PREVIEW, data=typed, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert center.rows(Series) == []


def test_a_series_made_by_mistake_is_taken_back_and_may_be_made_again(desk: Desk, center: Center) -> None:
    form = desk.get(NEW)
    lead = str(center.people.facilitator.id)
    before = center.count()
    made = desk.send_from(form, NEW, **SMALL, lead=lead)
    after = desk.get(made.location)
    assert "Made just now. 26 sessions" not in text_of(after)
    assert "Made just now. Take the series back" in text_of(after)
    undone = desk.send_from(after, "/coordinator/plan/undo", toast=True)
    assert (undone.status_code, undone.location) == (303, "/coordinator/series")
    left = center.count()
    assert {name: left[name] - number for name, number in before.items() if left[name] != number} == {
        "audit_entry": 2 + 1  # made, undone, and the page of the series was read
    }
    again = desk.send_from(form, NEW, **SMALL, lead=lead)
    assert again.status_code == 303
    assert len(center.rows(Series)) == 1


def test_a_series_that_somebody_belongs_to_by_now_is_not_taken_back(desk: Desk, center: Center) -> None:
    after = desk.saved(NEW, NEW, **SMALL)
    [series] = center.rows(Series)
    words = {"series_id": series.id, "person_id": center.people.member.id}
    center.do(enroll, **words, from_date=date(2026, 7, 21))
    refused = desk.send_from(after, "/coordinator/plan/undo", toast=True)
    assert refused.status_code == 422
    assert "Who belongs to it was changed since." in text_of(refused.text)
    assert len(center.rows(Series)) == 1
