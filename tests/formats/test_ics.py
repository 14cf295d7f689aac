"""What is written for hostile text, and what the lint of the profile refuses."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from scheduler.domain.calendars.values import CalendarContent, Details, Single, Stamp
from scheduler.formats import ics
from scheduler.formats.ics import calendar_bytes
from tests.calendars.cases import CASES
from tests.calendars.lint import lint
from tests.support import linting

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


def test_a_reminder_at_the_start_is_a_duration_of_no_seconds() -> None:
    details = Details("Talk", alarm_minutes=0)
    (event,) = lint(written(replace(EVENT, details=details))).parts("VEVENT")
    assert event.inner[0].one("TRIGGER").value == "PT0S"


def test_a_backslash_before_a_letter_is_a_backslash() -> None:
    text = "Wing\\North, room\\next; \\\\N"
    body = written(replace(EVENT, details=Details(text, place=text)))
    assert lint(body).parts("VEVENT")[0].one("SUMMARY").value == (
        "Wing\\\\North\\, room\\\\next\\; \\\\\\\\N"
    )


@pytest.mark.parametrize("zone", ["Atlantic/Reykjavik", "Africa/Accra", "Etc/UTC"])
def test_a_zone_that_is_utc_all_year_is_written_as_utc_alone(zone: str) -> None:
    start = datetime(2026, 7, 15, 20)
    body = written(replace(EVENT, zone=zone, start=start, end=start.replace(hour=21)))
    calendar = lint(body)
    assert calendar.parts("VTIMEZONE") == []
    assert calendar.parts("VEVENT")[0].one("DTSTART").value == "20260715T200000Z"


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


NEW_YORK = b"TZID=America/New_York:"
RULE = b"RRULE:FREQ=WEEKLY"
OVERRIDE = b"DTSTART;%s20260915T190000\r\nDTEND;%s20260915T203000" % (NEW_YORK, NEW_YORK)


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        (b"BYDAY=TU", b"BYDAY=WE", "no date of its own rule"),
        (RULE, b"EXDATE;%s20260804T190000\r\n%s" % (NEW_YORK, RULE), "first instance is excluded"),
        (RULE, b"EXDATE;%s20260902T190000\r\n%s" % (NEW_YORK, RULE), "names no instance"),
        (b"ID;%s20260915T19" % NEW_YORK, b"ID;%s20260915T18" % NEW_YORK, "names no instance"),
        (b"WKST=MO", b"WKST=MO;UNTIL=20261231T000000Z", "UNTIL is not"),
        (OVERRIDE, OVERRIDE.replace(b"0915T", b"0922T"), "onto the day of another"),
        (OVERRIDE, OVERRIDE.replace(b"0915T", b"0901T"), "onto the day of another"),
        (OVERRIDE, OVERRIDE.replace(b"0915T", b"1002T"), "or past it"),
    ],
)
def test_the_lint_follows_the_rule_of_a_master(was: bytes, becomes: bytes, said: str) -> None:
    assert was in GOOD
    with pytest.raises(AssertionError, match=said):
        lint(GOOD.replace(was, becomes, 1))


@pytest.mark.parametrize("name", ["biweekly-joined-in-the-week", "last-friday", "second-and-fourth-monday"])
def test_the_lint_knows_the_dates_of_a_rule(name: str) -> None:
    body = calendar_bytes(CASES[name].content)
    lint(body)
    begins = CASES[name].content.entries[0].start
    other = begins.replace(day=begins.day + 1)
    with pytest.raises(AssertionError, match="no date of its own rule"):
        lint(body.replace(f"{begins:%Y%m%dT}".encode(), f"{other:%Y%m%dT}".encode()))


@pytest.mark.parametrize("start", [datetime(2026, 11, 1, 1, 30), datetime(2027, 3, 14, 2, 30)])
def test_the_lint_sees_a_wall_time_that_is_skipped_or_there_twice(start: datetime) -> None:
    single = replace(EVENT, zone="America/New_York", start=start, end=start.replace(hour=4))
    with pytest.raises(AssertionError, match="skipped or there twice"):
        lint(linting.bare(CalendarContent("Calendar", date(2026, 4, 20), STAMP, (single,))))


def test_whatever_calendar_a_test_makes_is_looked_at() -> None:
    before = linting.looked_at
    ics.calendar_bytes(CalendarContent("Calendar", date(2026, 4, 20), STAMP, (EVENT,)))
    assert (linting.looked_at, linting.breaches) == (before + 1, [])
    written(replace(EVENT, uid="7@elm-street.example"))
    [found], linting.breaches[:] = linting.breaches[:], []
    assert found.startswith("AssertionError")
    assert "UID:7@elm-street.example" in found
