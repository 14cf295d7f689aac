import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from icalendar import Calendar

from scheduler.domain.schedule.exceptions import effective
from scheduler.domain.schedule.recurrence import (
    SINGLE,
    Frequency,
    OrdinalWeekday,
    Rule,
    first_start,
    occurrences,
)
from scheduler.domain.schedule.rule_text import rule_of, text_of
from scheduler.domain.schedule.wall_time import instant_of, is_skipped
from scheduler.errors import Invalid

TUESDAY, THURSDAY, FRIDAY = 1, 3, 4
WEEKLY = Rule(Frequency.WEEKLY, weekdays=(TUESDAY,))
ZONES = [
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "America/Santiago",
    "UTC",
]

ends = st.one_of(
    st.just({}),
    st.builds(lambda day: {"until": day}, st.dates(date(2025, 1, 1), date(2028, 1, 1))),
    st.builds(lambda count: {"count": count}, st.integers(1, 60)),
)
ordinals = st.sampled_from([1, 2, 3, 4, 5, -1, -2])
days_of_month = st.one_of(
    st.builds(
        lambda days: {"ordinal_weekdays": tuple(days)},
        st.lists(st.builds(OrdinalWeekday, ordinals, st.integers(0, 6)), min_size=1, max_size=3),
    ),
    st.builds(
        lambda days: {"month_days": tuple(days)},
        st.lists(st.one_of(st.integers(1, 31), st.integers(-5, -1)), min_size=1, max_size=3),
    ),
)
rules = st.one_of(
    st.builds(lambda n, end: Rule(Frequency.DAILY, n, **end), st.integers(1, 20), ends),
    st.builds(
        lambda n, days, end: Rule(Frequency.WEEKLY, n, weekdays=tuple(days), **end),
        st.integers(1, 6),
        st.sets(st.integers(0, 6), min_size=1),
        ends,
    ),
    st.builds(
        lambda n, days, end: Rule(Frequency.MONTHLY, n, **days, **end),
        st.integers(1, 14),
        days_of_month,
        ends,
    ),
)
# Wall times at which the clocks change somewhere are drawn often.
wall_times = st.builds(
    datetime.combine,
    st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    st.one_of(
        st.times().map(lambda at: at.replace(second=0, microsecond=0)),
        st.sampled_from(
            [datetime(2026, 1, 1, hour, minute).time() for hour in (0, 1, 2, 3, 23) for minute in (0, 30)]
        ),
    ),
)


@st.composite
def excepted_rules(draw: st.DrawFn) -> tuple[Rule, datetime]:
    """A rule with its first date, some of its dates skipped and others added, as the schedule keeps them."""
    rule = draw(rules)
    try:
        first = first_start(rule, draw(wall_times))
    except Invalid:
        reject()  # it never meets
    own = occurrences(rule, first, limit=40)
    skipped = draw(st.lists(st.sampled_from([at.date() for at in own]), max_size=5))
    apart = st.dates(first.date(), first.date() + timedelta(days=300))
    hours = st.one_of(st.just(first.time()), wall_times.map(lambda at: at.time()))
    added = draw(st.dictionaries(apart, hours, max_size=5))
    extra = {datetime.combine(day, at) for day, at in added.items() if day not in skipped}
    return effective(replace(rule, added=tuple(extra), skipped=tuple(skipped)), first), first


def calendar_of(rule: Rule, first: datetime, zone: str) -> Calendar:
    """An .ics of one event, in which UNTIL is the UTC instant that RFC 5545 asks for."""
    text = text_of(replace(rule.bare, until=None))
    times = {"EXDATE": [datetime.combine(day, first.time()) for day in rule.skipped], "RDATE": rule.added}
    if rule.until:
        last = instant_of(datetime.combine(rule.until, datetime.max.time()), ZoneInfo(zone))
        text += f";UNTIL={last:%Y%m%dT%H%M%SZ}"
    lines = [
        *(
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//test//EN",
            "BEGIN:VEVENT",
            "UID:1",
            "DTSTAMP:20250101T000000Z",
        ),
        f"DTSTART;TZID={zone}:{first:%Y%m%dT%H%M%S}",
        *([f"RRULE:{text}"] if text else []),
        *(f"{name};TZID={zone}:{at:%Y%m%dT%H%M%S}" for name, found in times.items() for at in found),
        *("END:VEVENT", "END:VCALENDAR", ""),
    ]
    return Calendar.from_ical("\r\n".join(lines))


@settings(max_examples=150, deadline=None)
@given(
    drawn=excepted_rules(),
    zone=st.sampled_from(ZONES),
    skip=st.integers(0, 300),
    span=st.integers(1, 300),
)
def test_dates_and_instants_agree_with_an_independent_reader(
    drawn: tuple[Rule, datetime], zone: str, skip: int, span: int
) -> None:
    (rule, first), wall = drawn, ZoneInfo(zone)
    rule = replace(rule, added=tuple(at for at in rule.added if not is_skipped(at, wall)))
    if not occurrences(rule.bare, first, limit=1):
        return
    after = first + timedelta(days=skip)
    before = after + timedelta(days=span)
    ours = [(at, instant_of(at, ZoneInfo(zone))) for at in occurrences(rule, first, after, before)]

    found = recurring_ical_events.of(calendar_of(rule, first, zone)).between(
        after.replace(tzinfo=ZoneInfo(zone)) - timedelta(days=2),
        before.replace(tzinfo=ZoneInfo(zone)) + timedelta(days=2),
    )
    starts = [event["DTSTART"].dt for event in found]
    theirs = sorted((at.replace(tzinfo=None), at.astimezone(UTC)) for at in starts)
    assert ours == [pair for pair in theirs if after <= pair[0] < before]


def days_from(first: date, number: int) -> list[date]:
    return [first + timedelta(days=day) for day in range(number)]


def test_the_most_exceptions_still_fit_into_the_text() -> None:
    added = tuple(
        datetime.combine(day, datetime.max.time().replace(second=0, microsecond=0))
        for day in days_from(date(2026, 1, 1), 100)
    )
    rule = replace(WEEKLY, added=added, skipped=tuple(days_from(date(2027, 1, 1), 100)))
    assert rule_of(text_of(rule)) == rule


def test_added_and_skipped_dates_stand_among_the_rules_own_wherever_it_ends() -> None:
    rule = replace(
        WEEKLY,
        count=3,
        added=(datetime(2026, 8, 30, 9), datetime(2026, 9, 11, 12), datetime(2026, 12, 24, 12)),
        skipped=(date(2026, 9, 1), date(2026, 9, 15)),
    )
    first = datetime(2026, 9, 1, 19)
    assert first_start(rule, first) == first
    assert occurrences(rule, first) == [*rule.added[:1], datetime(2026, 9, 8, 19), *rule.added[1:]]
    assert occurrences(rule, first, datetime(2026, 9, 9), datetime(2026, 12, 24, 12)) == [rule.added[1]]
    once = replace(SINGLE, added=(datetime(2026, 9, 11, 12),))
    assert occurrences(once, first) == [first, datetime(2026, 9, 11, 12)]


def test_the_first_date_is_the_rules_first_date() -> None:
    every_other_week = Rule(Frequency.WEEKLY, 2, weekdays=(TUESDAY, THURSDAY))
    assert first_start(every_other_week, datetime(2026, 9, 2, 19)) == datetime(2026, 9, 3, 19)
    assert first_start(WEEKLY, datetime(2026, 9, 1, 19)) == datetime(2026, 9, 1, 19)
    assert first_start(SINGLE, datetime(2026, 9, 2, 19)) == datetime(2026, 9, 2, 19)


def test_a_span_includes_its_beginning_and_not_its_end() -> None:
    first = datetime(2026, 9, 1, 19)
    assert occurrences(WEEKLY, first, datetime(2026, 9, 8, 19), datetime(2026, 9, 22, 19)) == [
        datetime(2026, 9, 8, 19),
        datetime(2026, 9, 15, 19),
    ]


def test_the_last_date_is_included() -> None:
    rule = Rule(Frequency.WEEKLY, weekdays=(TUESDAY,), until=date(2026, 9, 15))
    assert [at.day for at in occurrences(rule, datetime(2026, 9, 1, 23, 30))] == [1, 8, 15]


def test_a_count_counts_from_the_first_date_wherever_one_looks() -> None:
    rule = Rule(Frequency.WEEKLY, weekdays=(TUESDAY,), count=4)
    assert [at.day for at in occurrences(rule, datetime(2026, 9, 1, 19), datetime(2026, 9, 10))] == [15, 22]


def test_the_second_and_the_last_friday() -> None:
    rule = Rule(Frequency.MONTHLY, ordinal_weekdays=(OrdinalWeekday(2, FRIDAY), OrdinalWeekday(-1, FRIDAY)))
    found = occurrences(rule, datetime(2026, 9, 11, 12), before=datetime(2026, 11, 1))
    assert [f"{at:%m-%d}" for at in found] == ["09-11", "09-25", "10-09", "10-30"]


def test_a_month_without_that_day_is_left_out() -> None:
    rule = Rule(Frequency.MONTHLY, month_days=(31,))
    found = occurrences(rule, datetime(2026, 8, 31, 12), before=datetime(2027, 1, 1))
    assert [f"{at:%m-%d}" for at in found] == ["08-31", "10-31", "12-31"]


def test_at_most_five_hundred_at_once_and_two_years_ahead() -> None:
    first = datetime(2026, 1, 1, 9)
    assert len(occurrences(Rule(Frequency.DAILY), first, limit=10_000)) == 500
    assert occurrences(WEEKLY, first)[-1] < first + timedelta(days=732)
    assert len(occurrences(WEEKLY, first, limit=3)) == 3


@pytest.mark.parametrize(
    ("rule", "typed"),
    [
        (Rule(Frequency.MONTHLY, 12, month_days=(30,)), datetime(2026, 2, 1, 9)),
        (Rule(Frequency.MONTHLY, 24, month_days=(31,)), datetime(2026, 4, 1, 9)),
        (Rule(Frequency.MONTHLY, 12, month_days=(29,)), datetime(2029, 2, 1, 9)),
        (Rule(Frequency.WEEKLY, weekdays=(TUESDAY,), until=date(2026, 1, 1)), datetime(2026, 2, 1, 9)),
    ],
)
def test_a_rule_that_never_occurs_is_refused_and_quickly(rule: Rule, typed: datetime) -> None:
    began = time.process_time()
    with pytest.raises(Invalid) as refused:
        first_start(rule, typed)
    assert refused.value.fields == {"first_start": "No date fits this rule in the next two years."}
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Rule(Frequency.WEEKLY), "weekdays"),
        (lambda: Rule(Frequency.WEEKLY, weekdays=(7,)), "weekdays"),
        (lambda: Rule(Frequency.WEEKLY, 0, weekdays=(1,)), "interval"),
        (lambda: Rule(Frequency.WEEKLY, 105, weekdays=(1,)), "interval"),
        (lambda: Rule(Frequency.DAILY, weekdays=(1,)), "weekdays"),
        (lambda: Rule(Frequency.MONTHLY), "month_days"),
        (lambda: Rule(Frequency.MONTHLY, month_days=(0,)), "month_days"),
        (lambda: Rule(Frequency.MONTHLY, month_days=(32,)), "month_days"),
        (
            lambda: Rule(Frequency.MONTHLY, month_days=(13,), ordinal_weekdays=(OrdinalWeekday(1, 4),)),
            "month_days",
        ),
        (lambda: Rule(Frequency.MONTHLY, ordinal_weekdays=(OrdinalWeekday(6, 4),)), "ordinal_weekdays"),
        (lambda: Rule(Frequency.WEEKLY, weekdays=(1,), until=date(2026, 1, 1), count=3), "until"),
        (lambda: Rule(Frequency.WEEKLY, weekdays=(1,), count=0), "count"),
        (lambda: Rule(Frequency.DAILY, count=501), "count"),
        (lambda: Rule(Frequency.SINGLE, until=date(2026, 1, 1)), "until"),
        (lambda: replace(SINGLE, skipped=(date(2026, 1, 1),)), "skipped"),
        (lambda: replace(WEEKLY, skipped=(date(2026, 1, 1),), added=(datetime(2026, 1, 1, 9),)), "skipped"),
        (lambda: replace(WEEKLY, added=(datetime(2026, 1, 1, 9), datetime(2026, 1, 1, 10))), "added"),
        (lambda: replace(WEEKLY, skipped=tuple(days_from(date(2026, 1, 1), 101))), "skipped"),
    ],
)
def test_a_rule_that_makes_no_sense_names_the_field_that_is_wrong(make: object, field: str) -> None:
    assert callable(make)
    with pytest.raises(Invalid) as refused:
        make()
    assert list(refused.value.fields) == [field]


@given(drawn=excepted_rules())
def test_a_rule_comes_back_from_its_text(drawn: tuple[Rule, datetime]) -> None:
    assert rule_of(text_of(drawn[0])) == drawn[0]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", SINGLE),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;UNTIL=20261217",
            Rule(Frequency.WEEKLY, 2, weekdays=(TUESDAY, THURSDAY), until=date(2026, 12, 17)),
        ),
        (
            "FREQ=MONTHLY;BYDAY=2FR,-1FR",
            Rule(
                Frequency.MONTHLY,
                ordinal_weekdays=(OrdinalWeekday(2, FRIDAY), OrdinalWeekday(-1, FRIDAY)),
            ),
        ),
        (
            "freq=monthly;bymonthday=-1,15;count=3;wkst=mo",
            Rule(Frequency.MONTHLY, month_days=(15, -1), count=3),
        ),
    ],
)
def test_the_text_is_that_of_a_calendar(text: str, rule: Rule) -> None:
    assert rule_of(text) == rule


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=SECONDLY",
        "FREQ=YEARLY",
        "FREQ=SINGLE",
        "BYDAY=TU",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=TU;BYDAY=WE",
        "FREQ=WEEKLY;BYDAY=TU;BYHOUR=9",
        "FREQ=WEEKLY;BYDAY=TU;WKST=SU",
        "FREQ=WEEKLY;BYDAY=1TU",
        "FREQ=WEEKLY;BYDAY=TU;INTERVAL=99999999999999",
        "FREQ=WEEKLY;BYDAY=TU;INTERVAL=x",
        "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261332",
        "FREQ=WEEKLY;BYDAY=TU;UNTIL=",
        "FREQ=WEEKLY;BYDAY=" + ",".join(["TU"] * 200),
        "RRULE",
        ";;;",
    ],
)
def test_all_other_texts_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        rule_of(text)
