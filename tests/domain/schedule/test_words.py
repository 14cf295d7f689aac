from datetime import date, datetime, timedelta

import pytest

from scheduler.domain.schedule.recurrence import SINGLE, Frequency, OrdinalWeekday, Rule
from scheduler.domain.schedule.words import English, in_words

MONDAY, TUESDAY, THURSDAY, FRIDAY = 0, 1, 3, 4


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (
            Rule(Frequency.WEEKLY, 2, weekdays=(TUESDAY, THURSDAY), until=date(2026, 12, 17)),
            "Every 2 weeks on Tuesday and Thursday, 7:00 to 8:30 PM, until December 17.",
        ),
        (Rule(Frequency.WEEKLY, weekdays=(TUESDAY,)), "Every Tuesday, 7:00 to 8:30 PM."),
        (
            Rule(Frequency.WEEKLY, weekdays=(MONDAY, TUESDAY, FRIDAY), count=10),
            "Every Monday, Tuesday and Friday, 7:00 to 8:30 PM, 10 times.",
        ),
        (
            Rule(Frequency.WEEKLY, weekdays=(0, 1, 2, 3, 4)),
            "Every day from Monday to Friday, 7:00 to 8:30 PM.",
        ),
        (Rule(Frequency.WEEKLY, weekdays=tuple(range(7))), "Every day, 7:00 to 8:30 PM."),
        (Rule(Frequency.DAILY, until=date(2027, 1, 2)), "Every day, 7:00 to 8:30 PM, until January 2, 2027."),
        (Rule(Frequency.DAILY, 3), "Every 3 days, 7:00 to 8:30 PM."),
        (
            Rule(Frequency.MONTHLY, ordinal_weekdays=(OrdinalWeekday(-1, FRIDAY), OrdinalWeekday(2, FRIDAY))),
            "The second Friday and last Friday of every month, 7:00 to 8:30 PM.",
        ),
        (
            Rule(Frequency.MONTHLY, 3, month_days=(1, 13)),
            "The 1st and 13th of every 3 months, 7:00 to 8:30 PM.",
        ),
        (Rule(Frequency.MONTHLY, month_days=(-1,)), "The last day of every month, 7:00 to 8:30 PM."),
        (
            Rule(Frequency.MONTHLY, month_days=(-2,)),
            "The 2nd day from the end of every month, 7:00 to 8:30 PM.",
        ),
        (SINGLE, "Once, on Tuesday, September 1, 2026, 7:00 to 8:30 PM."),
        (
            Rule(
                Frequency.WEEKLY,
                weekdays=(TUESDAY,),
                until=date(2026, 12, 17),
                added=(datetime(2026, 9, 3, 19), datetime(2027, 1, 7, 18)),
                skipped=(date(2026, 9, 8), date(2026, 10, 13)),
            ),
            (
                "Every Tuesday, 7:00 to 8:30 PM, until December 17, also on Thursday, September 3 and"
                " Thursday, January 7, 2027 at 6:00 PM, not on September 8 and October 13."
            ),
        ),
    ],
)
def test_a_rule_reads_as_a_sentence(rule: Rule, sentence: str) -> None:
    assert in_words(rule, datetime(2026, 9, 1, 19), 90, English()) == sentence


def test_times_on_both_sides_of_noon_and_midnight_name_both_halves() -> None:
    weekly = Rule(Frequency.WEEKLY, weekdays=(TUESDAY,))
    assert (
        in_words(weekly, datetime(2026, 9, 1, 11, 30), 60, English())
        == "Every Tuesday, 11:30 AM to 12:30 PM."
    )
    assert (
        in_words(weekly, datetime(2026, 9, 1, 23, 30), 60, English())
        == "Every Tuesday, 11:30 PM to 12:30 AM."
    )


def test_of_many_exceptions_the_first_are_named_and_the_others_counted() -> None:
    skipped = tuple(date(2026, 9, 8) + timedelta(weeks=week) for week in range(5))
    rule = Rule(Frequency.WEEKLY, weekdays=(TUESDAY,), skipped=skipped)
    first = datetime(2026, 9, 1, 19)
    assert in_words(rule, first, 90, English(), most=3) == (
        "Every Tuesday, 7:00 to 8:30 PM, not on September 8, September 15, September 22 and 2 more dates."
    )
    assert in_words(rule, first, 90, English(), most=4).endswith("September 29 and October 6.")
