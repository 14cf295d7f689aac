"""What is written for hostile text, and what the lint of the profile refuses."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from scheduler.domain.calendars.values import CalendarContent, Details, Single, Stamp
from scheduler.formats.ics import calendar_bytes
from tests.calendars.cases import CASES
from tests.calendars.lint import lint

STAMP = Stamp(3, datetime(2026, 7, 15, 20, tzinfo=UTC))
EVENT = Single(
    "0" * 32, "", STAMP.changed_at, STAMP.changed_at.replace(hour=21), stopped=False, details=Details("Talk")
)


def written(*entries: Single, name: str = "Calendar") -> bytes:
    return calendar_bytes(CalendarContent(name, date(2026, 4, 20), STAMP, entries))


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "https://a.example/\r\nX-EVIL:1",
        "https://a.example/ä",
        "https://[bad",
        "not an address",
        "https://",
    ],
)
def test_what_is_no_web_address_is_text_and_no_url(link: str) -> None:
    (event,) = lint(written(replace(EVENT, details=Details("Talk", link=link)))).parts("VEVENT")
    assert not event.of("URL")
    assert event.one("DESCRIPTION").value


def test_one_entry_that_cannot_be_written_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    broken = replace(EVENT, zone="Nowhere/Secret", start=EVENT.start.replace(tzinfo=None))
    assert written(broken, EVENT) == written(EVENT)
    assert [record.getMessage() for record in caplog.records] == [
        "left an entry out of a calendar: ZoneInfoNotFoundError"
    ]


def test_the_name_is_escaped_the_same_way_twice() -> None:
    calendar = lint(written(EVENT, name="Elm, and\r\n Oak; \\ \x00"))
    assert calendar.one("NAME").value == calendar.one("X-WR-CALNAME").value == "Elm\\, and Oak\\; \\\\ "


GOOD = calendar_bytes(CASES["cancelled"].content)
ZONED = b"DTSTART;TZID=America/New_York:20260804T190000"


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"\r\n", b"\n"),
        (b"BEGIN:VCALENDAR", b"\xef\xbb\xbfBEGIN:VCALENDAR"),
        (b"VERSION:2.0\r\n", b"VERSION:2.0\r\nMETHOD:PUBLISH\r\n"),
        (b"NAME:Calendar\r\nX-", b"NAME:Calender\r\nX-"),
        (b"SUMMARY:Appointment", b"SUMMARY:Appointment, again"),
        (b"SUMMARY:Appointment", b"SUMMARY:" + b"x" * 80),
        (b"SUMMARY:Appointment", b"SUMMARY:Appoint\x07ment"),
        (b"SEQUENCE:7\r\nRRULE", b"RRULE"),
        (b"FREQ=WEEKLY", b"FREQ=DAILY"),
        (b"INTERVAL=1;", b"COUNT=4;"),
        (b"WKST=MO", b"UNTIL=20261231T190000"),
        (ZONED, b"DTSTART:20260804T190000Z"),
        (ZONED, ZONED + b"\r\nDURATION:PT1H"),
        (ZONED, ZONED + b"\r\nORGANIZER:mailto:a@example.org"),
        (b"RECURRENCE-ID;TZID=America/New_York", b"RECURRENCE-ID"),
        (b"STATUS:CANCELLED\r\n", b""),
        (b"TRANSP:TRANSPARENT\r\n", b""),
        (b"LAST-MODIFIED:20261026T093015Z", b"LAST-MODIFIED:20261026T093016Z"),
        (b"UID:a45d16750817ed2d199e1b1b579eae4e", b"UID:7@elm-street.example"),
        (b"BYDAY=2SU;BYMONTH=3", b"BYMONTH=3"),
        (b"RRULE:FREQ=WEEKLY", b"EXDATE;TZID=America/New_York:20260915T190000\r\nRRULE:FREQ=WEEKLY"),
    ],
)
def test_the_lint_sees_each_breach(was: bytes, becomes: bytes) -> None:
    lint(GOOD)
    assert was in GOOD
    with pytest.raises((AssertionError, KeyError, ValueError)):
        lint(GOOD.replace(was, becomes, 1))
