"""What a calendar contains, as values: what its owner chose, and nothing that one broken record could
spoil.
"""

import logging
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from scheduler.domain.calendars import content
from scheduler.domain.calendars.apart import apart
from scheduler.domain.calendars.content import content_of, entries_of
from scheduler.domain.calendars.preview import Sample, next_meeting
from scheduler.domain.calendars.programs import program_named, program_of
from scheduler.domain.calendars.reasons import Background, reasons
from scheduler.domain.calendars.repeats import repeats_of
from scheduler.domain.calendars.sources import Cover, Meeting, Titles, Wording, without_doubles
from scheduler.domain.calendars.values import Details, Master, Override, Repeats, Single
from scheduler.domain.schedule.rule_text import rule_of
from tests.calendars.cases import PLAIN, STAMP, TUESDAYS, at, made, moved, plan, run, stopped

WORDING = Wording("Calendar", "Appointment")


def test_a_master_as_a_whole() -> None:
    changed = {
        **stopped("2026-08-11 19:00"),
        **moved("2026-08-25 19:00", "2026-08-26 18:00", 60),
        "2026-08-18 19:00": None,
    }
    (entry,) = entries_of(run(TUESDAYS, changed, until="2026-09-30"), PLAIN, WORDING)
    said = Details("Appointment")
    assert entry == Master(
        uid="a45d16750817ed2d199e1b1b579eae4e",
        zone="America/New_York",
        start=at("2026-08-04 19:00"),
        end=at("2026-08-04 20:30"),
        repeats=Repeats("WEEKLY", 1, ("TU",)),
        until=datetime(2026, 9, 29, 23, tzinfo=UTC),
        exclusions=(at("2026-08-18 19:00"),),
        overrides=(
            Override(
                at("2026-08-11 19:00"),
                at("2026-08-11 19:00"),
                at("2026-08-11 20:30"),
                stopped=True,
                details=said,
            ),
            Override(
                at("2026-08-25 19:00"),
                at("2026-08-26 18:00"),
                at("2026-08-26 19:00"),
                stopped=False,
                details=said,
            ),
        ),
        details=said,
    )


def test_a_meeting_in_a_repeated_hour_stands_in_utc() -> None:
    meeting = Meeting(at("2026-11-01 01:30"), at("2026-11-01 01:30"), 60)
    night = plan("2026-11-01 01:30", "")
    (entry,) = entries_of(Cover("u", night, meeting), PLAIN, WORDING)
    start = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert entry == Single(
        "u", "", start, start.replace(hour=6), stopped=False, details=Details("Appointment")
    )


@pytest.mark.parametrize(
    ("titles", "title", "discreet", "said"),
    [
        (Titles.PLAIN, "Evening group", "Class", "Appointment"),
        (Titles.DISCREET, "Evening group", "Class", "Class"),
        (Titles.DISCREET, "Evening group", " ", "Appointment"),
        (Titles.FULL, "Evening group", "Class", "Evening group"),
        (Titles.FULL, "", "Class", "Class"),
        (Titles.FULL, "", "", "Appointment"),
    ],
)
def test_titles(titles: Titles, title: str, discreet: str, said: str) -> None:
    named = replace(TUESDAYS, title=title, discreet_title=discreet, place="Room 2", link="https://a.example")
    (entry,) = entries_of(run(named), replace(PLAIN, titles=titles), WORDING)
    assert entry.details == Details(said)


def test_a_broken_record_is_left_out_counted_and_logged_without_its_content(
    caplog: pytest.LogCaptureFixture,
) -> None:
    nowhere = replace(run(TUESDAYS), plan=replace(TUESDAYS, id=7, zone="Nowhere/Secret", title="Secret"))
    unruly = replace(run(TUESDAYS), plan=replace(TUESDAYS, id=8, rule_text="FREQ=SECONDLY;SECRET"))
    with caplog.at_level(logging.WARNING):
        content = content_of((nowhere, run(TUESDAYS), unruly), PLAIN, WORDING, STAMP)
    assert [entry.details.title for entry in content.entries] == ["Appointment"]
    assert content.left_out == 2
    assert [record.getMessage() for record in caplog.records] == [
        "left series 7 out of a calendar: Invalid",
        "left series 8 out of a calendar: Invalid",
    ]


@pytest.mark.parametrize(
    ("rule", "repeats"),
    [
        ("FREQ=DAILY", Repeats("WEEKLY", 1, ("MO", "TU", "WE", "TH", "FR", "SA", "SU"))),
        ("FREQ=DAILY;INTERVAL=2", None),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,MO", Repeats("WEEKLY", 2, ("MO", "FR"))),
        ("FREQ=MONTHLY;BYDAY=-1FR", Repeats("MONTHLY", 1, ("-1FR",))),
        ("FREQ=MONTHLY;BYMONTHDAY=28", Repeats("MONTHLY", 1, ())),
        ("FREQ=MONTHLY;BYMONTHDAY=29", None),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", None),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", None),
        ("", None),
    ],
)
def test_rules_that_all_readers_understand(rule: str, repeats: Repeats | None) -> None:
    assert repeats_of(rule_of(rule)) == repeats


@pytest.mark.parametrize(
    ("moves", "alone"),
    [
        ({}, set()),
        ({8: "2026-09-08 09:00"}, set()),
        ({8: "2026-09-14 19:00"}, set()),
        ({8: "2026-09-15 09:00"}, {8}),
        ({8: "2026-09-16 19:00"}, {8}),
        ({8: "2026-09-01 23:00"}, {8}),
        ({8: "2026-09-11 19:00", 15: "2026-09-10 19:00"}, {8, 15}),
        ({15: "2026-09-30 19:00"}, set()),
    ],
)
def test_a_moved_meeting_stands_alone_past_its_neighbor(moves: dict[int, str], alone: set[int]) -> None:
    instances = [datetime(2026, 9, day, 19) for day in (1, 8, 15)]
    starts = {datetime(2026, 9, day, 19): at(start) for day, start in moves.items()}
    assert {original.day for original in apart(instances, starts)} == alone


def test_dates_of_one_series_are_in_one_run_only() -> None:
    first, inner, later, last = (
        run(TUESDAYS, since="2026-01-01", until="2026-06-30", name="first"),
        run(TUESDAYS, since="2026-02-01", until="2026-03-01", name="inner"),
        run(TUESDAYS, since="2026-06-01", until="2026-09-01", name="later"),
        run(replace(TUESDAYS, id=2), name="last"),
    )
    assert without_doubles([last, later, inner, first]) == [
        first,
        replace(later, from_date=date(2026, 7, 1)),
        last,
    ]


def test_the_preview_is_the_next_meeting_that_takes_place() -> None:
    placed = replace(TUESDAYS, place="Room 2")
    member = run(placed, stopped("2026-08-04 19:00"), since="2026-07-01")
    over = run(replace(TUESDAYS, title="Before"), until="2026-07-01")
    covered = Cover("u", replace(TUESDAYS, zone="Nowhere"), made(TUESDAYS)[0])
    start = datetime(2026, 8, 11, 23, tzinfo=UTC)
    sample = next_meeting((covered, over, member), datetime(2026, 8, 1, tzinfo=UTC))
    assert sample == Sample(
        "Tuesday evening group",
        "Evening class",
        "Room 2",
        "",
        start,
        datetime(2026, 8, 12, 0, 30, tzinfo=UTC),
        "America/New_York",
    )
    assert next_meeting((), start) is None


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Google-Calendar-Importer", "Google Calendar"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.0", "Thunderbird"),
        ("iOS/19.1 (23B85) dataaccessd/1.0", "Apple Calendar"),
        ("macOS/26.0 (25A1) CalendarAgent/1155", "Apple Calendar"),
        ("Microsoft.Exchange/15.20", "Outlook"),
        ("ICSx5/2.4 (ical4j)", "ICSx⁵"),
        ("curl/8.5", ""),
        ("", ""),
    ],
)
def test_programs_are_told_by_what_they_call_themselves(said: str, name: str) -> None:
    program = program_of(said)
    assert program.name == name
    assert program_named(program.key) == program


def test_a_calendar_holds_so_many_events_those_of_the_center_and_the_earliest_first(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Two from the list on every third day, one broken, and a group with an exception, which comes last."""
    listed = plan("2026-08-04 19:00", "FREQ=DAILY;INTERVAL=3", listed=True, title="Secret")
    freely = [run(replace(listed, id=number)) for number in (1, 2)]
    broken = replace(run(TUESDAYS), plan=replace(listed, id=3, rule_text="FREQ=SECONDLY"))
    own = run(replace(TUESDAYS, id=4), stopped("2026-08-11 19:00"))
    whole = [len(entries_of(each, PLAIN, WORDING)) for each in freely]
    monkeypatch.setattr(content, "MOST_EVENTS", 2 + whole[0] + 5)
    sources = [freely[0], broken, freely[1], own]
    found = content_of(sources, PLAIN, WORDING, STAMP)
    assert Counter(entry.series_id for entry in found.entries) == {1: whole[0], 2: 5, 4: 1}
    assert found.missing == (3, 2)
    second = entries_of(freely[1], PLAIN, WORDING)
    assert {e.start for e in found.entries if e.series_id == 2} == {e.start for e in second[:5]}
    assert f"left {whole[1] - 5} events of series 2 out of a calendar" in caplog.text
    assert "Secret" not in caplog.text
    told = [each for each in reasons(sources, PLAIN, WORDING, Background()) if each.entry is None]
    assert [(each.series_id, each.why.split(":")[0]) for each in told] == [
        (3, "It cannot be written (Invalid)"),
        (2, f"{whole[1] - 5} of its dates"),
    ]


def test_as_many_as_a_member_may_choose_every_night_are_written_as_one_calendar_holds_them() -> None:
    nightly = run(plan("2026-08-04 02:30", "FREQ=DAILY", listed=True))
    many = [replace(nightly, plan=replace(nightly.plan, id=number)) for number in range(30)]
    found = content_of(many, PLAIN, WORDING, STAMP)
    assert len(found.entries) == content.MOST_EVENTS
    assert len(found.missing) > 20
