"""What rows say of series, however a coordinator writes it; and what cannot be read."""

from dataclasses import replace
from datetime import date, time

import pytest

from scheduler.domain.imports.mapping import guess
from scheduler.domain.imports.reading import FORMULA, WIDER, Slip
from scheduler.domain.imports.series_columns import SERIES, SeriesField
from scheduler.domain.imports.series_drafts import KINDS_TOLD, SeriesDraft, series_drafts
from scheduler.domain.imports.series_hours import DISAGREE, NO_END
from scheduler.domain.imports.table import Table
from scheduler.domain.schedule.counts import Counts
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.recurrence import Frequency, OrdinalWeekday, Rule
from tests.domain.imports.lists import TODAY, table

MONDAY, TUESDAY, _, THURSDAY = range(4)


def read(*lines: str) -> tuple[SeriesDraft, ...]:
    found = table(*lines)
    return series_drafts(found, guess(SERIES, found, {}), today=TODAY)


def one(heading: str, cell: str) -> SeriesDraft:
    """A row that is right but for one cell."""
    cells = {"Title": "Evening group", "Day": "Tuesday", "Time": "7 PM", "Length": "90"} | {heading: cell}
    return read(" | ".join(cells), " | ".join(cells.values()))[0]


PLAIN = SeriesDraft(
    number=2,
    name="Evening group",
    search="evening group",
    rule=Rule(Frequency.WEEKLY, weekdays=(TUESDAY,)),
    start=time(19),
    minutes=90,
)


def test_a_row_says_all_that_a_series_is() -> None:
    headings = "Group | Type | When | Time | Location | Room | Facilitator | Capacity | Start date | End date"
    cells = (
        "Step study | 12-step | Tue/Thu | 7-8:30pm | Elm Street | Room 2 | Pat; sam@x.example | 12"
        " | 9/1/2026 | 2026-12-17"
    )
    assert read(headings, cells) == (
        SeriesDraft(
            number=2,
            name="Step study",
            search="step study",
            kind=Kind.MUTUAL_HELP,
            rule=Rule(Frequency.WEEKLY, weekdays=(TUESDAY, THURSDAY), until=date(2026, 12, 17)),
            start=time(19),
            minutes=90,
            site="Elm Street",
            room="Room 2",
            leads=("Pat", "sam@x.example"),
            places=12,
            from_date=date(2026, 9, 1),
        ),
    )


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("Tuesdays", PLAIN.rule),
        ("Tue & Thu", Rule(Frequency.WEEKLY, weekdays=(TUESDAY, THURSDAY))),
        (
            "2nd and 4th Monday",
            Rule(Frequency.MONTHLY, ordinal_weekdays=(OrdinalWeekday(2, 0), OrdinalWeekday(4, 0))),
        ),
        ("Every 2 weeks on Tuesday", Rule(Frequency.WEEKLY, 2, weekdays=(TUESDAY,))),
        ("daily", Rule(Frequency.DAILY)),
        ("everyday", Rule(Frequency.DAILY)),
        ("T/Th", Rule(Frequency.WEEKLY, weekdays=(TUESDAY, THURSDAY))),
        ("M/W/F", Rule(Frequency.WEEKLY, weekdays=(MONDAY, 2, 4))),
        ("MWF", Rule(Frequency.WEEKLY, weekdays=(MONDAY, 2, 4))),
        ("TuTh", Rule(Frequency.WEEKLY, weekdays=(TUESDAY, THURSDAY))),
        ("Sa, Su", Rule(Frequency.WEEKLY, weekdays=(5, 6))),
    ],
)
def test_days_are_written_in_words(cell: str, rule: Rule) -> None:
    assert one("Day", cell) == replace(PLAIN, rule=rule)


@pytest.mark.parametrize(
    ("cell", "kind"),
    [("Grp", Kind.GROUP), ("1:1", Kind.INDIVIDUAL), ("Indiv.", Kind.INDIVIDUAL), ("Mtg", Kind.MUTUAL_HELP)],
)
def test_kinds_are_written_short(cell: str, kind: Kind) -> None:
    assert one("Kind", cell) == replace(PLAIN, kind=kind)


def test_what_counts_and_who_puts_themselves_on_the_sheet_are_said_by_numbers_and_yes() -> None:
    least, most = one("Least people", "2"), one("Maximum minutes", "90")
    assert (least.counts, most.counts) == (Counts(least_people=2), Counts(most_minutes=90))
    assert [one("Check-in at the door", each).check_in for each in ("yes", "no", "")] == [True, False, None]
    wrong = one("Most people", "12 clients")
    assert wrong.reasons == ("The number of people that counts is from 1 to 10000. (12 clients)",)


def test_days_and_hours_may_stand_in_one_cell() -> None:
    found = read("Title | When", "Evening group | Tuesday 7-8:30pm")
    assert found == (PLAIN,)


@pytest.mark.parametrize(
    ("headings", "cells", "fields"),
    [
        ("Days|When|Starts on|Ends on", "T/Th|7 PM|Dec 7|3/1", "day|time|from|until"),
        ("When|Days", "7 PM|T/Th", "time|day"),
        ("When|Time", "everyday|7 PM", "day|time"),
        ("When", "whenever", "day"),
    ],
)
def test_what_a_heading_leaves_open_is_told_by_the_cells(headings: str, cells: str, fields: str) -> None:
    assert guess(SERIES, table(headings, cells), {}) == tuple(map(SeriesField, fields.split("|")))


@pytest.mark.parametrize(
    ("cell", "start"),
    [("19:00", time(19)), ("7:00 p.m.", time(19)), ("noon", time(12)), ("07:30:00", time(7, 30))],
)
def test_times_are_written_as_people_write_them(cell: str, start: time) -> None:
    assert one("Time", cell).start == start


def test_in_a_column_of_24_hours_a_time_before_noon_is_one() -> None:
    found = read("Title|Day|Time|Length", "A | Monday | 11:30 | 60", "B | Monday | 13:00 | 60")
    assert [each.start for each in found] == [time(11, 30), time(13)]
    alone = read("Title|Day|Time|Length", "A | Monday | 11:30 | 60")
    assert alone[0].reasons == ("11:30: add AM or PM. (11:30)",)


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [("90", 90), ("1:30", 90), ("90 min", 90), ("1.5 hours", 90), ("2h", 120), ("1 h 15", 75)],
)
def test_lengths_are_written_as_people_write_them(cell: str, minutes: int) -> None:
    assert one("Length", cell).minutes == minutes


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("7 PM", "8:30", 90),
        ("19:00", "20:30", 90),
        ("11 PM", "1:30 AM", 150),
        ("7 PM", "7 AM", "The end is before the start. (7 AM)"),
        ("7 PM", "7 PM", "The end is the same as the start. (7 PM)"),
    ],
)
def test_an_end_stands_for_a_length_overnight_for_four_hours_at_most(
    start: str, end: str, said: int | str
) -> None:
    found = read("Title | Day | Time | End", f"A | Monday | {start} | {end}")[0]
    assert (found.minutes or found.reasons[0]) == said


@pytest.mark.parametrize(
    ("heading", "cell", "reason"),
    [
        ("Title", "", "There is no title."),
        ("Title", "x" * 121, "A title has at most 120 letters."),
        ("Day", "", "There is no day."),
        ("Day", "someday", "“someday” is not understood here. (someday)"),
        ("Day", "Once", "It meets once: say on which date."),
        ("Time", "", "There is no time."),
        ("Time", "7", "7:00: add AM or PM. (7)"),
        ("Time", "25:00", "“25:00” is not a time. (25:00)"),
        ("Length", "", NO_END),
        ("Length", "long", "This is not a length. Write minutes, like 90. (long)"),
        ("Length", "1441", "A session takes from 1 to 1440 minutes. (1441)"),
        ("Time", "7-8 PM", DISAGREE),
        (
            "Kind",
            "seance",
            f"There is no such kind. There are: {KINDS_TOLD}. (seance)",
        ),
        ("Until", "7/14/2026", "July 14, 2026 is over: say from when it met, or a later last date."),
        ("Dates", "9/1/2026 - 8/1/2026", "The last date is before the first."),
        ("From", "2026-02-30", "This is not a date. Write it like 2026-07-14. (2026-02-30)"),
        ("Until", "soon", "This is not a date. Write it like 2026-07-14. (soon)"),
        ("Title", "=HYPERLINK(1)", FORMULA),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(heading: str, cell: str, reason: str) -> None:
    found = one(heading, cell)
    assert found.reasons == (reason,)


@pytest.mark.parametrize(
    ("heading", "cell", "slip"),
    [
        ("Places", "many", Slip("The number of places is from 1 to 10000. (many)", "number of places")),
        (
            "Discreet title",
            "NA meeting",
            Slip("“NA” gives away what this is. (NA meeting)", "discreet title"),
        ),
    ],
)
def test_a_row_can_be_taken_without_some_cells(heading: str, cell: str, slip: Slip) -> None:
    assert one(heading, cell) == replace(PLAIN, slips=(slip,))


def test_from_when_until_when_may_stand_in_one_cell() -> None:
    found = one("Dates", "9/1/2026 - 12/17/2026")
    assert (found.from_date, found.rule and found.rule.until) == (date(2026, 9, 1), date(2026, 12, 17))


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("Dec 7", date(2026, 12, 7)),
        ("Mon., December 7th", date(2026, 12, 7)),
        ("7 December 2027", date(2027, 12, 7)),
        ("12/11/26", date(2026, 12, 11)),
        ("Fri 12/11", date(2026, 12, 11)),
        ("1/5", date(2027, 1, 5)),
        ("Monday, January 18 2027", date(2027, 1, 18)),
    ],
)
def test_dates_are_written_as_people_write_them(cell: str, day: date) -> None:
    assert one("First date", cell) == replace(PLAIN, from_date=day)


def test_short_dates_of_a_column_are_read_in_its_order() -> None:
    heading = "Title | Day | Time | Length | From | Until"
    found = read(heading, "A|Tue|7 PM|60|8/9/26|1/3", "B|Tue|7 PM|60|23/8|1 March")
    dates = [(each.from_date, each.rule and each.rule.until) for each in found]
    assert dates == [
        (date(2026, 9, 8), date(2027, 1, 3)),
        (date(2026, 8, 23), date(2027, 3, 1)),
    ]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("Tuesday, December 7", "December 7, 2026 is a Monday. (Tuesday, December 7)"),
        ("Dec 32", "December 32, 2026 does not exist. (Dec 32)"),
        ("12/11/202", "This is not a date. Write it like 2026-07-14. (12/11/202)"),
        ("Dec 7 or so", "This is not a date. Write it like 2026-07-14. (Dec 7 or so)"),
    ],
)
def test_what_is_no_date_says_why(cell: str, reason: str) -> None:
    assert one("First date", cell).reasons == (reason,)


def test_a_single_date_and_what_does_not_agree_with_it() -> None:
    assert one("Day", "Once on July 28").from_date == date(2026, 7, 28)
    found = read("Title|Day|Time|Length|From", "A | Once on July 28 | 7 PM | 60 | 2026-07-29")[0]
    assert found.reasons == ("The day and the first date do not agree.",)
    found = read("Title|Day|Time|Length|Until", "A | Monday until May 3 | 7 PM | 60 | 2026-12-01")[0]
    assert found.reasons == ("It ends twice: say in one place until when.",)


def test_closed_groups_and_how_they_are_counted() -> None:
    assert one("Closed group", "Yes").closed is True
    assert one("Attendance", "Names").counting is Counting.NAMES


def test_a_row_wider_than_the_heading_is_refused() -> None:
    wide = Table(("Title",), (replace(table("Title", "A").rows[0], cells=("A", "b")),))
    assert WIDER in series_drafts(wide, (SeriesField.TITLE,), today=TODAY)[0].reasons
