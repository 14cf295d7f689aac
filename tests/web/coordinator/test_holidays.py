"""The calendar of holidays in a browser without scripts."""

from datetime import date
from io import BytesIO

import pytest

from scheduler.domain.planning.holiday_drafts import HolidayDraft
from scheduler.domain.planning.holidays import keep_holidays
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Holiday, HolidayException, HolidayKind
from tests.domain.planning.center import Center
from tests.web.coordinator.desk import Desk, text_of, toasts

PAGE = "/coordinator/holidays"
ADD = f"{PAGE}/add"
FILE = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20200728\r
RRULE:FREQ=YEARLY\r
SUMMARY:Founders' day\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART:20260804T180000Z\r
SUMMARY:A dinner\r
END:VEVENT\r
END:VCALENDAR\r
"""


@pytest.fixture
def group(center: Center) -> list[int]:
    """The Tuesday evening group on July 21, July 28, August 4 …"""
    return list(center.make(members=[center.people.member.id]).occurrences)


def kept(center: Center) -> int:
    founders = HolidayDraft(date(2026, 7, 28), "Founders' day")
    done = center.do(keep_holidays, drafts=[founders], kinds=[Kind.GROUP], today=date(2026, 7, 15))
    return int(done.holidays[0])


def test_a_list_is_shown_before_it_is_kept(desk: Desk, center: Center, group: list[int]) -> None:
    typed = "2026-07-28 Founders' day\n2026-08-04 Fair\nsome day"
    shown = desk.send(ADD, "", days=typed, kinds=["group"])
    assert shown.status_code == 200
    words = text_of(shown.text)
    assert "Nothing is saved yet. Off would be: Group." in words
    assert "2 sessions would not meet" in words
    assert "Founders' day Tuesday, July 28, 2026, 1 session" in words
    assert "Passed over some day: It begins with no date that can be read." in words
    assert center.rows(Holiday) == []
    answer = desk.send_from(shown.text, "", page=ADD, day=["2026-07-28 Founders' day"])
    page = desk.get(answer.location)
    assert toasts(page) == ["1 day is kept. 1 session does not meet."]
    assert [(row.day, row.name) for row in center.rows(Holiday)] == [(date(2026, 7, 28), "Founders' day")]
    assert [center.occurrence(each).booked for each in group[:3]] == [True, False, True]
    answer = desk.send_from(page, f"{PAGE}/undo", toast=True)
    assert toasts(desk.get(answer.location)) == ["It is as it was before.", "1 session meets again."]
    assert (center.rows(Holiday), center.occurrence(group[1]).booked) == ([], True)


def test_a_calendar_file_is_read(desk: Desk, center: Center) -> None:
    desk.get(ADD)
    form = {"days": "", "kinds": ["group"], "csrf_token": desk.token(), "file": (BytesIO(FILE), "days.ics")}
    words = text_of(desk.client.post(ADD, data=form).text)
    assert "Founders' day Tuesday, July 28, 2026, nothing planned yet" in words
    assert "Founders' day Wednesday, July 28, 2027" in words
    assert "Passed over A dinner: It has an hour, so that it is no whole day." in words


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"days": "", "kinds": ["group"]}, {"Days": "Name at least one day that is still to come."}),
        ({"days": "soon", "kinds": ["group"]}, {"Days": "soon: It begins with no date that can be read."}),
        ({"days": "2026-08-04 Fair", "kinds": []}, {"What does not meet": "Choose what does not meet."}),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(
    desk: Desk, center: Center, typed: dict[str, str], wrong: dict[str, str]
) -> None:
    assert desk.refused(ADD, "", **typed) == wrong


def test_what_does_not_meet_is_changed_and_the_day_taken_off(
    desk: Desk, center: Center, group: list[int]
) -> None:
    page = f"{PAGE}/{kept(center)}"
    assert "Off: Group 1 session off" in text_of(desk.get(PAGE))
    assert "1 session meets again." in toasts(desk.saved(page, "", kinds=["skills"]))
    assert [row.kind for row in center.rows(HolidayKind)] == ["skills"]
    change_kinds = desk.saved(page, "", kinds=["group"])
    assert "1 session does not meet." in toasts(change_kinds)
    shown = desk.send(page, page)
    assert "Nothing is saved yet. Tuesday, July 28, 2026" in text_of(shown.text)
    assert "What follows 1 session meets again." in text_of(shown.text)
    assert len(center.rows(Holiday)) == 1
    answer = desk.send_from(shown.text, page)
    said = ["Founders' day is off the calendar.", "1 session meets again."]
    assert toasts(desk.get(answer.location)) == said
    assert center.rows(Holiday) == []
    assert "No holidays yet" in desk.get(PAGE)


def test_an_older_page_is_refused_with_both(desk: Desk, center: Center) -> None:
    page = f"{PAGE}/{kept(center)}"
    before = desk.get(page)
    desk.saved(page, "", kinds=["group", "skills"])
    answer = desk.send_from(before, "", page=page, kinds=["family"])
    assert answer.status_code == 409
    assert [row.kind for row in center.rows(HolidayKind)] == ["group", "skills"]


def test_one_session_meets_all_the_same(desk: Desk, center: Center, group: list[int]) -> None:
    kept(center)
    page = f"/coordinator/occurrences/{group[1]}"
    assert "Founders' day" in text_of(desk.get(page))
    desk.saved(page, f"{page}/meet-anyway")
    assert center.occurrence(group[1]).booked
    assert "1 meets anyway" in text_of(desk.get(PAGE))


def test_that_it_meets_is_taken_back_by_the_toast_or_on_its_page(
    desk: Desk, center: Center, group: list[int]
) -> None:
    kept(center)
    page = f"/coordinator/occurrences/{group[1]}"
    before = desk.get(page)
    assert "It meets all the same" not in before
    after = desk.saved(page, f"{page}/meet-anyway")
    assert toasts(after) == ["Tuesday evening group takes place."]
    undone = desk.send_from(after, f"{page}/keep-holiday", toast=True)
    assert (undone.status_code, undone.location) == (303, page)
    back = desk.get(page)
    assert toasts(back) == ["Taken back. It does not meet."]
    assert not center.occurrence(group[1]).booked
    assert center.rows(HolidayException) == []
    assert center.last_audit() == ("occurrence.keeps_holiday", "occurrence", group[1])

    desk.saved(page, f"{page}/meet-anyway")
    shown = desk.get(page)
    assert "Founders' day does not stop this session." in text_of(shown)
    assert desk.send_from(after, f"{page}/keep-holiday", toast=True).status_code == 409
    desk.saved(page, f"{page}/keep-holiday")
    assert desk.send_from(shown, f"{page}/keep-holiday").status_code == 409
    assert not center.occurrence(group[1]).booked
    assert "meets anyway" not in text_of(desk.get(PAGE))
