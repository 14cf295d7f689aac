import time as clocks
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scheduler.domain.schedule.recurrence import SINGLE, Frequency, OrdinalWeekday, Rule
from scheduler.domain.schedule.spoken import Spoken, spoken, spoken_dates
from scheduler.domain.schedule.spoken_dates import Hours, Said
from scheduler.domain.schedule.spoken_days import month_days_of
from scheduler.domain.schedule.words import English, dates_in_words, in_words
from scheduler.errors import Invalid
from tests.domain.schedule.test_recurrence import excepted_rules

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)
FIRST = datetime(2026, 9, 1, 19)
"""A Tuesday."""


def weekly(*days: int, every: int = 1, **more: object) -> Rule:
    return replace(Rule(Frequency.WEEKLY, every, weekdays=days), **more)  # type: ignore[arg-type]


def monthly(*days: int | tuple[int, int], every: int = 1, **more: object) -> Rule:
    named = tuple(OrdinalWeekday(*day) for day in days if isinstance(day, tuple))
    dates = tuple(day for day in days if isinstance(day, int))
    rule = Rule(Frequency.MONTHLY, every, ordinal_weekdays=named, month_days=dates)
    return replace(rule, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("every 2 weeks on Tuesday and Thursday", weekly(TUESDAY, THURSDAY, every=2)),
        ("Tuesdays and Thursdays, every other week", weekly(TUESDAY, THURSDAY, every=2)),
        ("every two weeks on tue & thu", weekly(TUESDAY, THURSDAY, every=2)),
        ("every other Tuesday", weekly(TUESDAY, every=2)),
        ("biweekly on Tuesday", weekly(TUESDAY, every=2)),
        ("every third week", weekly(TUESDAY, every=3)),
        ("weekly", weekly(TUESDAY)),
        ("each Mon., Wed. and Fri.", weekly(MONDAY, WEDNESDAY, FRIDAY)),
        ("weekdays", weekly(0, 1, 2, 3, 4)),
        ("every weekday", weekly(0, 1, 2, 3, 4)),
        ("Monday through Friday", weekly(0, 1, 2, 3, 4)),
        ("every day from Monday to Thursday", weekly(0, 1, 2, 3)),
        ("Fri-Mon", weekly(4, 5, 6, 0)),
        ("on weekends", weekly(5, 6)),
        ("daily", Rule(Frequency.DAILY)),
        ("every day", Rule(Frequency.DAILY)),
        ("every other day", Rule(Frequency.DAILY, 2)),
        ("the second and last Friday", monthly((2, FRIDAY), (-1, FRIDAY))),
        ("second and last Friday of every month", monthly((2, FRIDAY), (-1, FRIDAY))),
        ("first Monday and third Thursday of the month", monthly((1, MONDAY), (3, THURSDAY))),
        ("every 2nd Friday of the month", monthly((2, FRIDAY))),
        ("the first and third Monday and Friday", monthly((1, 0), (3, 0), (1, 4), (3, 4))),
        ("the second to last Friday of every 2 months", monthly((-2, FRIDAY), every=2)),
        ("monthly on the 1st and 15th, 10 times", monthly(1, 15, count=10)),
        ("every month on the last day", monthly(-1)),
        ("the 1st and last day of each month", monthly(1, -1)),
        ("quarterly on the 15th", monthly(15, every=3)),
        ("monthly", monthly(1)),
        ("every Tuesday until December 17", weekly(TUESDAY, until=date(2026, 12, 17))),
        ("every Tuesday until March 2nd", weekly(TUESDAY, until=date(2027, 3, 2))),
        ("every Tuesday till the 2nd of March 2028", weekly(TUESDAY, until=date(2028, 3, 2))),
        ("every Tuesday through 12/17", weekly(TUESDAY, until=date(2026, 12, 17))),
        ("every Tuesday until 2026-12-17", weekly(TUESDAY, until=date(2026, 12, 17))),
        ("every Tuesday for 6 sessions", weekly(TUESDAY, count=6)),
        ("every Tuesday, ends after ten times", weekly(TUESDAY, count=10)),
        ("every Tuesday until further notice", weekly(TUESDAY)),
        (
            "every Tuesday, also on Thursday, September 3, not on October 6, 13 and November 3",
            weekly(
                TUESDAY,
                added=(datetime(2026, 9, 3, 19),),
                skipped=(date(2026, 10, 6), date(2026, 10, 13), date(2026, 11, 3)),
            ),
        ),
        (
            "every Tuesday except Sept. 8 plus Sept. 10 at 6 PM",
            weekly(TUESDAY, added=(datetime(2026, 9, 10, 18),), skipped=(date(2026, 9, 8),)),
        ),
    ],
)
def test_the_usual_ways_to_say_a_rule(text: str, rule: Rule) -> None:
    assert spoken(text, FIRST) == Spoken(rule)
    assert spoken(f"  {text.upper()}. ", FIRST) == Spoken(rule)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("7 to 8:30 PM", Hours(time(19), time(20, 30))),
        ("at 7 p.m.", Hours(time(19))),
        ("from 11 AM to 1 PM", Hours(time(11), time(13))),
        ("11 to 1 pm", Hours(time(11), time(13))),
        ("19:00-20:30", Hours(time(19), time(20, 30))),
        ("at noon", Hours(time(12))),
        ("11 PM to midnight", Hours(time(23), time(0))),
    ],
)
def test_hours_may_be_said_too(text: str, hours: Hours) -> None:
    assert spoken(f"every Tuesday {text} until December 17", FIRST) == Spoken(
        weekly(TUESDAY, until=date(2026, 12, 17)), hours=hours
    )


def test_the_first_date_may_be_said_too() -> None:
    assert spoken("every week starting Thursday, September 3", FIRST) == Spoken(
        weekly(THURSDAY), first_day=date(2026, 9, 3)
    )
    assert spoken("once, on Thursday, September 3, 2026", FIRST) == Spoken(SINGLE, date(2026, 9, 3))
    assert spoken("once", FIRST) == Spoken(SINGLE)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Say on which days it meets, like “every Tuesday”."),
        ("until December 17", "Say on which days it meets, like “every Tuesday”."),
        ("every blue moon", "“blue” is not understood here."),
        ("every second", "This can mean two things. Say “every 2 weeks”, or add “of the month”."),
        ("every 5 minutes", "“minutes” is not understood here."),
        ("every year on May 1", "“year” is not understood here."),
        ("twice a week", "“twice” is not understood here."),
        ("every Tuesday <script>alert(1)</script>", "“<” is not understood here."),
        ("every Tuesday until", "Something is missing at the end."),
        ("every Tuesday until February 30", "February 30, 2026 does not exist."),
        ("every Tuesday until 13/45", "There is no month 13."),
        ("every Tuesday until May 1, 9999", "The year 9999 is too far away."),
        ("every Tuesday, not on Friday, September 8", "September 8, 2026 is a Tuesday."),
        ("every Tuesday, not on September 8 at 6 PM", "Of what is left out, say the date only."),
        ("every 99999999999 weeks", "99999999999 is too large a number."),
        ("every 105 weeks", "The number must be from 1 to 104."),
        ("every 0 days", "Every 0 is never."),
        ("every Tuesday, 501 times", "The number of times must be from 1 to 500."),
        ("every Tuesday, 0 times", "0 times is never."),
        ("every Tuesday 3 times until May 1", "Choose one end: a date or a number of times."),
        ("every Tuesday until May 1 until May 2", "The last date: say that once."),
        ("every Tuesday open 3 times", "It stays open, or it ends: say one of both."),
        ("every Tuesday at 7", "7:00: add AM or PM."),
        ("every Tuesday at 25:00", "“25:00” is not a time."),
        ("every second Friday", "This can mean two things. Say “every 2 weeks”, or add “of the month”."),
        ("monthly on Tuesday", "Which one of the month? Say “the first Tuesday”."),
        ("weekly on the 15th", "Days of a month go with months only."),
        ("the 32nd of every month", "A month has at most 31 days."),
        ("the sixth Friday of every month", "A month has at most five of each weekday."),
        ("the last weekday of the month", "“weekday” cannot be counted within a month."),
        ("the first Friday and the 15th", "Choose the days of the month, by weekday or by date."),
        ("once every Tuesday", "Once, or repeated? Say one of both."),
        ("x" * 5001, "Use at most 5000 letters."),
    ],
)
def test_anything_else_is_refused_with_what_was_not_understood(text: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        spoken(text, FIRST)
    assert refused.value.fields == {"words": message}


def comes_back(rule: Rule, first: datetime) -> Rule:
    """A week of seven days reads as every day, and is one."""
    if rule.frequency is Frequency.WEEKLY and rule.interval == 1 and len(rule.weekdays) == 7:
        return replace(rule, frequency=Frequency.DAILY, weekdays=())
    return rule


@settings(max_examples=400, deadline=None)
@given(excepted_rules(), st.integers(1, 12 * 60 - 1))
def test_what_is_said_of_a_rule_is_understood(drawn: tuple[Rule, datetime], minutes: int) -> None:
    rule, first = drawn
    if rule.until is not None and rule.until < first.date():
        return
    found = spoken(in_words(rule, first, minutes, English()), first)
    end = (first + timedelta(minutes=minutes)).time()
    assert found == Spoken(comes_back(rule, first), hours=Hours(first.time(), end))
    assert spoken(dates_in_words(rule, first, English()), first) == Spoken(comes_back(rule, first))


VOCABULARY = st.sampled_from(
    (  # noqa: SIM905 -- words in a line read better
        "every each other 2 second 3rd last day week months Tuesday fri weekday on the of and , - to until"
        " also not December 17 2026 10 times at 7 PM 7:30 from starting once open 31st first February 30 /"
        " 99999 ½ ١"
    ).split()
)


@settings(max_examples=600, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(VOCABULARY, max_size=20).map(" ".join)))
@example("every " * 800)
@example("also on July 23 and " * 100)
@example("the 1st, " * 200)
@example("-" * 5000)
@example("1" * 5000)
@example("\u202e\x00' OR 1=1 --")
def test_whatever_is_typed_is_a_rule_or_refused_and_quickly(text: str) -> None:
    began = clocks.process_time()
    for read in (
        lambda: spoken(text, FIRST),
        lambda: spoken_dates(text, FIRST.date()),
        lambda: month_days_of(text),
    ):
        try:
            read()
        except Invalid as refused:
            assert list(refused.fields) in ([["words"], ["month_days"]])  # noqa: PT017
    assert clocks.process_time() - began < 0.5


def test_dates_by_themselves() -> None:
    assert spoken_dates("", FIRST.date()) == []
    assert spoken_dates("also on July 23 and 30 at 6 PM, and 2026-12-24", FIRST.date()) == [
        Said(date(2027, 7, 23)),
        Said(date(2027, 7, 30), time(18)),
        Said(date(2026, 12, 24)),
    ]
    with pytest.raises(Invalid, match="“soon” is not understood here"):
        spoken_dates("July 23 or soon".replace("or ", ""), FIRST.date())


def test_dates_of_a_month_by_themselves() -> None:
    assert month_days_of("1, 15 and last") == (1, 15, -1)
    assert month_days_of("the 1st and 2nd day from the end") == (-2, 1)
    assert month_days_of("") == ()
    with pytest.raises(Invalid):
        month_days_of("first Friday")
