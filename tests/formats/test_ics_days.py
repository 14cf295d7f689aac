"""The whole days of a calendar file, whatever else is in it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.planning.holiday_drafts import OVER, HolidayDraft
from scheduler.errors import Invalid
from scheduler.formats.ics_days import LARGEST, NO_CALENDAR, NO_DAY, NO_NAME, NOT_WHOLE, days_in

TODAY = date(2026, 7, 15)


def calendar(*events: str) -> bytes:
    lines = [line for event in events for line in ("BEGIN:VEVENT", *event.split("\n"), "END:VEVENT")]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""]).encode()


def test_an_event_of_several_days_is_each_of_them() -> None:
    event = "DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227\nSUMMARY:Winter break"
    days = [HolidayDraft(date(2026, 12, day), "Winter break") for day in (24, 25, 26)]
    assert days_in(calendar(event), today=TODAY).drafts == tuple(days)


def test_what_comes_every_year_comes_for_five_years() -> None:
    found = days_in(calendar("DTSTART;VALUE=DATE:20200229\nRRULE:FREQ=YEARLY\nSUMMARY:Leap day"), today=TODAY)
    assert found.drafts == (HolidayDraft(date(2028, 2, 29), "Leap day"),)


def test_what_is_over_has_an_hour_or_no_name_is_passed_over() -> None:
    found = days_in(
        calendar(
            "DTSTART;VALUE=DATE:20250101\nSUMMARY:Over",
            "DTSTART:20270101T100000Z\nSUMMARY:At ten",
            "DTSTART;VALUE=DATE:20270101",
            "SUMMARY:Without a day",
        ),
        today=TODAY,
    )
    told = [(each.said, each.why) for each in found.passed_over]
    assert told == [("Over", OVER), ("At ten", NOT_WHOLE), ("?", NO_NAME), ("Without a day", NO_DAY)]
    assert found.drafts == ()


@pytest.mark.parametrize("data", [b"", b"\x00\xff", b"BEGIN:VCALENDAR", b"name,day\nXmas,2026-12-25\n"])
def test_what_is_no_calendar_says_so(data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        days_in(data, today=TODAY)
    assert refused.value.fields == {"file": NO_CALENDAR}


@pytest.mark.parametrize(
    "data",
    [
        b"x" * (LARGEST + 1),
        calendar(*("DTSTART;VALUE=DATE:20270101\nSUMMARY:Many" for _ in range(5001))),
        calendar(*(f"DTSTART;VALUE=DATE:20270101\nSUMMARY:Day {n}" for n in range(201))),
    ],
)
def test_what_is_too_much_is_refused_with_one_line(data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        days_in(data, today=TODAY)
    assert list(refused.value.fields) == ["file"]


@given(st.binary(max_size=300))
def test_nonsense_is_refused_or_says_nothing(junk: bytes) -> None:
    try:
        found = days_in(b"BEGIN:VCALENDAR\r\n" + junk + b"\r\nEND:VCALENDAR\r\n", today=TODAY)
    except Invalid:
        return
    assert all(draft.name and draft.day >= TODAY for draft in found.drafts)
