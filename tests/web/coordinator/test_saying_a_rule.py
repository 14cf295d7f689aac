"""The rule of a series: chosen or typed in words, how it ends, dates added and left out; and read back."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from scheduler.domain.schedule.models import Series
from tests.domain.planning.center import FIRST, Center
from tests.web.coordinator.desk import Desk, said, text_of
from tests.web.coordinator.test_edit_series import page_of
from tests.web.coordinator.test_new_series import NEW, SMALL, preview

IN_WORDS = {**SMALL, "repeats": "words"}
WAITING = "In words The next ten dates appear here once the first day, the time and the length are there."


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ({"repeats": "daily", "days": "3"}, "FREQ=DAILY;INTERVAL=3"),
        ({"ending": "count", "count": "8"}, "FREQ=WEEKLY;BYDAY=TU;COUNT=8"),
        ({"repeats": "by_date", "month_day": "1, 15 and last"}, "FREQ=MONTHLY;BYMONTHDAY=-1,1,15"),
        (
            {"repeats": "words", "words": "the first Monday and third Thursday, 10 times"},
            "FREQ=MONTHLY;BYDAY=1MO,3TH;COUNT=10",
        ),
        (
            {"added": "July 23 and 30 at 6 PM", "skipped": "Tuesday, July 28 and August 4"},
            "FREQ=WEEKLY;BYDAY=TU;RDATE=20260723T1900,20260730T1800;EXDATE=20260728,20260804",
        ),
        (
            {"repeats": "words", "words": "weekdays, not on July 22", "skipped": "July 23"},
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;EXDATE=20260722,20260723",
        ),
        ({"repeats": "once", "added": "7/23", "ending": "count"}, "RDATE=20260723T1900"),
    ],
)
def test_all_rules_can_be_made(desk: Desk, center: Center, typed: dict[str, str], rule: str) -> None:
    desk.saved(NEW, NEW, **{**SMALL, **typed})
    assert [series.rule for series in center.rows(Series)] == [rule]


def test_words_may_say_the_day_and_the_hours_too(desk: Desk, center: Center) -> None:
    words = "Every Tuesday and Thursday, 7:00 to 8:30 PM, starting July 23, until December 17."
    typed = {**IN_WORDS, "first_day": "", "starts": "", "minutes": "", "words": words}
    desk.saved(NEW, NEW, **typed)
    [series] = center.rows(Series)
    assert (series.first_start, series.duration, series.rule) == (
        datetime(2026, 7, 23, 19),
        90,
        "FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20261217",
    )


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"words": ""}, {"When it meets": "Say when it meets, like “every 2 weeks on Tuesday”."}),
        ({"words": "every blue moon"}, {"When it meets": "“blue” is not understood here."}),
        ({"words": "every 5 seconds"}, {"When it meets": "“seconds” is not understood here."}),
        ({"words": "<b>x</b>' OR 1=1 --"}, {"When it meets": "“<” is not understood here."}),
        ({"words": "every 999 weeks"}, {"When it meets": "The number must be from 1 to 104."}),
        ({"words": "x" * 6000}, {"When it meets": "Use at most 5000 letters."}),
        (
            {"words": "Tuesdays until July 1, 2026"},
            {"First day": "No date fits this rule in the next two years."},
        ),
        (
            {"words": "Tuesdays at 6 PM"},
            {"When it meets": "The words say 6:00 PM, “Starts” says otherwise."},
        ),
        ({"words": "Tuesdays, not on July 22"}, {"Not on": "July 22, 2026 is not one of its dates."}),
        (
            {"words": "Tuesdays", "added": "July 28"},
            {"Also on": "July 28, 2026 is one of its dates already."},
        ),
        ({"words": "Tuesdays", "added": "soon"}, {"Also on": "“soon” is not understood here."}),
        (
            {"words": "Tuesdays", "added": "March 14 at 2:30 AM"},
            {"Also on": "The clocks change that night, and that time does not exist. Choose another time."},
        ),
        ({"words": "Tuesdays", "skipped": "February 30"}, {"Not on": "February 30, 2026 does not exist."}),
        ({"words": "Tuesdays, 2 times", "skipped": "July 21, 28"}, {"Not on": "No date is left of this."}),
        (
            {"repeats": "weekly", "ending": "count"},
            {"How many times": "Say how many times, or let it stay open."},
        ),
        (
            {"repeats": "weekly", "ending": "count", "count": "501"},
            {"How many times": "Type a number from 1 to 500."},
        ),
        ({"repeats": "by_date", "month_day": "32"}, {"Days of the month": "A month has at most 31 days."}),
        ({"repeats": "by_date", "month_day": "x"}, {"Days of the month": "“x” is not understood here."}),
    ],
)
def test_what_is_wrong_is_one_line_on_its_field(
    desk: Desk, center: Center, typed: dict[str, str], wrong: dict[str, str]
) -> None:
    assert desk.refused(NEW, NEW, **{**IN_WORDS, **typed}) == wrong
    assert center.rows(Series) == []


def test_more_exceptions_than_anybody_means_are_refused(desk: Desk, center: Center) -> None:
    many = ", ".join(str(date(2026, 7, 22) + timedelta(days=day)) for day in range(101))
    assert desk.refused(NEW, NEW, **{**SMALL, "skipped": many}) == {"Not on": "At most 100 dates."}


def test_the_preview_follows_the_words(desk: Desk, center: Center) -> None:
    typed = {**IN_WORDS, "words": "the second and last friday, not on July 31", "added": "Aug 3 at 6 pm"}
    assert preview(desk, **typed) == (
        "In words The second Friday and last Friday of every month, 7:00 to 8:30 PM, also on Monday, August 3"
        " at 6:00 PM, not on July 31. The first day that fits is Friday, July 31. The next 10 dates"
        " Mon, August 3 Fri, August 14 Fri, August 28 Fri, September 11 Fri, September 25 Fri, October 9"
        " Fri, October 30 Fri, November 13 Fri, November 27 Fri, December 11"
        " Clocks change on November 1. The group stays at 7:00 PM."
    )
    assert preview(desk, **{**IN_WORDS, "words": "every oter week"}) == (
        f"{WAITING} When it meets: “oter” is not understood here."
    )


@pytest.mark.parametrize(
    "typed",
    [
        {"repeats": "words", "words": "first Monday and third Thursday until March 31, 2027"},
        {"repeats": "daily", "days": "2", "ending": "count", "count": "20", "skipped": "July 25"},
        {"repeats": "by_date", "month_day": "1st and last day", "added": "August 5 at 6 PM, January 7"},
    ],
)
def test_a_form_that_is_opened_and_saved_changes_no_rule(
    desk: Desk, center: Center, typed: dict[str, Any]
) -> None:
    desk.saved(NEW, NEW, **{**SMALL, **typed})
    [made] = center.rows(Series)
    desk.saved(page_of(made.id), page_of(made.id), title="Another title")
    [after] = center.rows(Series)
    assert (after.title, after.rule) == ("Another title", made.rule)


def test_a_date_is_left_out_of_a_group_that_has_begun(desk: Desk, center: Center) -> None:
    made = center.make(first_start=FIRST - timedelta(weeks=2))
    page = page_of(made.series_id)
    answer = desk.send(page, page, skipped="August 4", added="July 23")
    shown = text_of(answer.text)
    assert "1 date is new. 1 date is gone." in shown
    assert "also on Thursday, July 23, not on August 4." in shown
    assert desk.send_from(answer.text, page).status_code == 303
    for address in ("/coordinator/series", f"/coordinator/series/{made.series_id}"):
        assert "Every Tuesday, 7:00 to 8:30 PM, also on Thursday, July 23, not on August 4." in text_of(
            desk.get(address)
        )
    assert "July 23, 2026" in desk.get(page)
    assert said(desk.send(page, page, skipped="July 14, 2026")) == {"Not on": "July 14, 2026 is past."}


def test_what_is_past_is_not_read_back(desk: Desk, center: Center) -> None:
    made = center.make(first_start=FIRST)
    page = page_of(made.series_id)
    answer = desk.send(page, page, skipped="July 28 and August 4")
    desk.send_from(answer.text, page)
    with time_machine.travel(datetime(2026, 7, 30, 12, tzinfo=UTC), tick=False):
        assert "7:00 to 8:30 PM, not on August 4." in text_of(desk.get("/coordinator/series"))
        assert 'value="August 4, 2026"' in desk.get(page)


def test_a_monthly_group_shows_ten_dates_though_fewer_are_made(desk: Desk, center: Center) -> None:
    desk.saved(NEW, NEW, **{**SMALL, "repeats": "by_date", "month_day": "1"})
    [made] = center.rows(Series)
    assert "The next 10 dates" in text_of(desk.get(page_of(made.id)))


def test_a_date_in_a_skipped_hour_says_when_it_is(desk: Desk, center: Center) -> None:
    typed = {**SMALL, "first_day": "2027-03-07", "starts": "02:30", "repeats": "words", "words": "Sundays"}
    shown = preview(desk, **typed)
    assert "Sun, March 7, 2027 Sun, March 14, 2027 Clocks change: 3:30 AM Sun, March 21, 2027" in shown
