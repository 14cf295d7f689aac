from datetime import date, datetime, timedelta

import pytest

from scheduler.domain.schedule.editing import (
    Match,
    continued,
    day_of,
    keeps_dates,
    keeps_time,
    match,
    month_of,
    period_of,
    week_of,
)
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.recurrence import Frequency, OrdinalWeekday, Rule
from scheduler.errors import Invalid

TUESDAYS = Rule(Frequency.WEEKLY, weekdays=(1,))
PLAN = Plan(Kind.GROUP, "Group", datetime(2026, 9, 1, 19), 90, "America/New_York", TUESDAYS)


def days(*numbers: int) -> list[datetime]:
    """Dates of September 2026, which begins on a Tuesday."""
    return [datetime(2026, 9, number, 19) for number in numbers]


def test_the_nth_date_of_a_week_takes_the_nth() -> None:
    assert match(days(1, 3, 8, 10), days(2, 4, 9, 11), week_of) == Match(
        taken=((0, 0), (1, 1), (2, 2), (3, 3)), left=(), new=()
    )


def test_with_fewer_dates_the_same_date_takes_the_same() -> None:
    assert match(days(1, 3, 8, 10), days(3, 10), week_of) == Match(
        taken=((1, 0), (3, 1)), left=(0, 2), new=()
    )


def test_with_fewer_dates_and_none_the_same_the_first_takes_the_first() -> None:
    assert match(days(1, 3), days(4), week_of) == Match(taken=((0, 0),), left=(1,), new=())


def test_more_dates_are_new() -> None:
    assert match(days(1), days(1, 3, 8), week_of) == Match(taken=((0, 0),), left=(), new=(1, 2))


def test_by_day_only_the_same_date_takes_the_same() -> None:
    assert match(days(1, 8), days(8, 15), day_of) == Match(taken=((1, 0),), left=(0,), new=(1,))


def test_a_stale_one_takes_its_own_date_again_or_none() -> None:
    assert match(days(1, 3), days(3), week_of, stale=[1]) == Match(taken=((1, 0),), left=(0,), new=())
    assert match(days(1, 3), days(4), week_of, stale=[1]) == Match(taken=((0, 0),), left=(), new=())


def test_another_end_keeps_the_time_and_not_the_dates() -> None:
    ended = Plan(
        PLAN.kind,
        PLAN.title,
        PLAN.first_start,
        90,
        PLAN.timezone,
        Rule(Frequency.WEEKLY, weekdays=(1,), count=3),
    )
    assert (keeps_time(PLAN, ended), keeps_dates(PLAN, ended)) == (True, False)
    assert (keeps_time(PLAN, PLAN), keeps_dates(PLAN, PLAN)) == (True, True)


@pytest.mark.parametrize(
    "other",
    [
        Plan(Kind.GROUP, "Group", datetime(2026, 9, 1, 18), 90, "America/New_York", TUESDAYS),
        Plan(Kind.GROUP, "Group", datetime(2026, 9, 1, 19), 60, "America/New_York", TUESDAYS),
        Plan(Kind.GROUP, "Group", datetime(2026, 9, 1, 19), 90, "America/Chicago", TUESDAYS),
        Plan(
            Kind.GROUP,
            "Group",
            datetime(2026, 9, 1, 19),
            90,
            "America/New_York",
            Rule(Frequency.WEEKLY, weekdays=(2,)),
        ),
    ],
)
def test_another_hour_length_zone_or_day_is_another_time(other: Plan) -> None:
    assert not keeps_time(PLAN, other)


def test_months_count_only_where_both_rules_go_by_the_month() -> None:
    monthly = Rule(Frequency.MONTHLY, month_days=(3,))
    fridays = Rule(Frequency.MONTHLY, ordinal_weekdays=(OrdinalWeekday(1, 4),))
    assert period_of(monthly, fridays) is month_of
    assert period_of(monthly, TUESDAYS) is week_of
    assert (week_of(datetime(2026, 9, 6, 9)), month_of(datetime(2026, 9, 6, 9))) == (
        date(2026, 8, 31),
        date(2026, 9, 1),
    )


def going_on(rule: Rule, next_start: datetime, met: list[datetime], now: datetime) -> datetime:
    plan = Plan(PLAN.kind, PLAN.title, PLAN.first_start, 90, PLAN.timezone, rule)
    period = period_of(TUESDAYS, rule)
    return continued(plan, next_start=next_start, met=met, now=now, period=period).first_start


def test_it_goes_on_in_the_week_of_the_next_occurrence() -> None:
    wednesdays = Rule(Frequency.WEEKLY, weekdays=(2,))
    assert going_on(wednesdays, days(8)[0], days(1), datetime(2026, 9, 4)) == days(9)[0]


def test_every_other_week_keeps_counting_from_the_week_of_the_next_occurrence() -> None:
    rule = Rule(Frequency.WEEKLY, 2, weekdays=(0,))
    assert going_on(rule, days(15)[0], days(1), datetime(2026, 9, 4)) == days(14)[0]


def test_a_date_of_the_week_that_it_had_already_is_not_had_again() -> None:
    twice = Rule(Frequency.WEEKLY, weekdays=(2, 4))
    assert going_on(twice, days(3)[0], days(1), datetime(2026, 9, 1, 23)) == days(4)[0]


def test_it_never_goes_on_in_the_past_or_on_a_day_that_it_has_met() -> None:
    daily = Rule(Frequency.DAILY)
    assert going_on(daily, days(8)[0], days(1), datetime(2026, 9, 8, 20)) == days(9)[0]
    assert going_on(TUESDAYS, days(8)[0], days(1), datetime(2026, 9, 1, 8)) == days(8)[0]


def test_a_count_is_of_all_dates() -> None:
    rule = Rule(Frequency.WEEKLY, weekdays=(1,), count=5)
    plan = Plan(PLAN.kind, PLAN.title, PLAN.first_start, 90, PLAN.timezone, rule)
    words = {"next_start": days(15)[0], "now": datetime(2026, 9, 9), "period": week_of}
    assert continued(plan, met=days(1, 8), **words).rule.count == 3
    with pytest.raises(Invalid) as refused:
        continued(plan, met=[days(1)[0] - timedelta(weeks=week) for week in range(5)], **words)
    assert refused.value.fields == {"until": "No date is left of this."}
