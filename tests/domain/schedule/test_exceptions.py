from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from scheduler.domain.schedule.exceptions import Standing, effective, excepted
from scheduler.domain.schedule.recurrence import SINGLE, Frequency, Rule
from scheduler.errors import Invalid

NEW_YORK = ZoneInfo("America/New_York")
TUESDAYS = Rule(Frequency.WEEKLY, weekdays=(1,))
FIRST = datetime(2026, 9, 1, 19)
NOW = datetime(2026, 9, 10, 12)
"""The series has met on September 1 and 8."""


def rule(*, added: tuple[datetime, ...] = (), skipped: tuple[date, ...] = (), of: Rule = TUESDAYS) -> Rule:
    return replace(of, added=added, skipped=skipped)


def test_new_exceptions_that_say_something_are_kept() -> None:
    wanted = rule(added=(datetime(2026, 9, 18, 12),), skipped=(date(2026, 9, 22),))
    assert excepted(wanted, FIRST, NEW_YORK) == wanted
    assert excepted(wanted, FIRST, NEW_YORK, Standing(TUESDAYS, NOW, has_begun=True)) == wanted


@pytest.mark.parametrize(
    ("wanted", "field", "message"),
    [
        (
            rule(added=(datetime(2026, 9, 15, 12),)),
            "added",
            "September 15, 2026 is one of its dates already.",
        ),
        (rule(skipped=(date(2026, 9, 16),)), "skipped", "September 16, 2026 is not one of its dates."),
        (rule(added=(datetime(2026, 9, 9, 12),)), "added", "September 9, 2026 is past."),
        (rule(skipped=(date(2026, 9, 8),)), "skipped", "September 8, 2026 is past."),
        (rule(added=(datetime(2028, 9, 14, 12),)), "added", "September 14, 2028 is too far away."),
        (rule(added=(datetime(9999, 12, 31, 12),)), "added", "December 31, 9999 is too far away."),
        (rule(skipped=(date.max,)), "skipped", "December 31, 9999 is too far away."),
        (
            rule(added=(datetime(2026, 12, 24, 12),)),
            "added",
            "December 24, 2026 is after the end of this series.",
        ),
        (
            rule(added=(datetime(2027, 3, 14, 2, 30),)),
            "added",
            "The clocks change that night, and that time does not exist. Choose another time.",
        ),
        (
            rule(skipped=(date(2026, 9, 15),), of=replace(TUESDAYS, until=date(2026, 9, 14))),
            "skipped",
            "September 15, 2026 is not one of its dates.",
        ),
    ],
)
def test_new_exceptions_that_make_no_sense_are_refused(wanted: Rule, field: str, message: str) -> None:
    ends_on = date(2026, 12, 23) if "end of" in message else None
    with pytest.raises(Invalid) as refused:
        excepted(wanted, FIRST, NEW_YORK, Standing(TUESDAYS, NOW, has_begun=True, ends_on=ends_on))
    assert refused.value.fields == {field: message}


def test_nothing_is_added_before_a_series_begins_and_something_must_be_left() -> None:
    with pytest.raises(Invalid) as refused:
        excepted(rule(added=(datetime(2026, 8, 31, 12),)), FIRST, NEW_YORK)
    assert refused.value.fields == {"added": "August 31, 2026 is before the first date."}
    two = replace(TUESDAYS, count=2)
    with pytest.raises(Invalid) as refused:
        excepted(rule(skipped=(date(2026, 9, 1), date(2026, 9, 8)), of=two), FIRST, NEW_YORK)
    assert refused.value.fields == {"skipped": "No date is left of this."}


def test_what_is_past_stays_whatever_is_asked_for_the_time_to_come() -> None:
    old = rule(
        added=(datetime(2026, 9, 3, 12), datetime(2026, 9, 18, 12)),
        skipped=(date(2026, 9, 8), date(2026, 9, 22)),
    )
    standing = Standing(old, NOW, has_begun=True)
    assert excepted(TUESDAYS, FIRST, NEW_YORK, standing) == rule(
        added=(datetime(2026, 9, 3, 12),), skipped=(date(2026, 9, 8),)
    )
    assert excepted(old, FIRST, NEW_YORK, standing) == old


def test_what_was_there_and_says_nothing_any_more_is_dropped() -> None:
    old = rule(added=(datetime(2026, 9, 18, 12),), skipped=(date(2026, 9, 22),))
    fridays = replace(old, weekdays=(4,))
    standing = Standing(old, NOW, has_begun=True)
    assert excepted(fridays, datetime(2026, 9, 11, 19), NEW_YORK, standing) == fridays.bare
    assert effective(replace(SINGLE, added=(FIRST,)), FIRST) == SINGLE


def test_many_exceptions_of_a_rule_with_many_dates_are_looked_at_at_once() -> None:
    daily = Rule(Frequency.DAILY, skipped=(date(2026, 9, 2), date(2028, 8, 30)))
    assert excepted(daily, FIRST, NEW_YORK) == daily
