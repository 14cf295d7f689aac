"""Rules as the form asks for them."""

from datetime import date, datetime

import pytest

from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.domain.schedule.rule_text import rule_of, text_of
from scheduler.domain.schedule.spoken import spoken
from scheduler.web.coordinator.rule_fields import (
    Repeats,
    RuleFields,
    fields_of_rule,
    rule_of_fields,
    typed_words,
)

TUESDAY = date(2026, 7, 14)
"""The second one of its month."""


@pytest.mark.parametrize(
    ("chosen", "text"),
    [
        (RuleFields(repeats=Repeats.ONCE), ""),
        (RuleFields(repeats=Repeats.WEEKLY), "FREQ=WEEKLY;BYDAY=TU"),
        (RuleFields(repeats=Repeats.WEEKLY, weeks=2, weekdays=(3, 1)), "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"),
        (RuleFields(repeats=Repeats.BY_WEEKDAY), "FREQ=MONTHLY;BYDAY=2TU"),
        (RuleFields(repeats=Repeats.BY_WEEKDAY, ordinals=(2, -1), weekday=4), "FREQ=MONTHLY;BYDAY=-1FR,2FR"),
        (RuleFields(repeats=Repeats.BY_DATE), "FREQ=MONTHLY;BYMONTHDAY=14"),
        (
            RuleFields(repeats=Repeats.BY_DATE, month_days=(15, -1), months=3),
            "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1,15",
        ),
        (RuleFields(repeats=Repeats.DAILY, days=3), "FREQ=DAILY;INTERVAL=3"),
        (RuleFields(repeats=Repeats.WEEKLY, count=8), "FREQ=WEEKLY;BYDAY=TU;COUNT=8"),
        (
            RuleFields(repeats=Repeats.WEEKLY, until=date(2026, 12, 17)),
            "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261217",
        ),
    ],
)
def test_what_is_chosen_makes_a_rule(chosen: RuleFields, text: str) -> None:
    assert text_of(rule_of_fields(chosen, TUESDAY)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;UNTIL=20261217",
        "FREQ=MONTHLY;BYDAY=2FR,4FR",
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1MO",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=8",
        "FREQ=DAILY;INTERVAL=3;COUNT=8",
        "FREQ=WEEKLY;BYDAY=TU;COUNT=8",
    ],
)
def test_a_rule_shown_and_saved_again_is_the_same(text: str) -> None:
    assert rule_of_fields(fields_of_rule(rule_of(text)), TUESDAY) == rule_of(text)


FIRST = datetime(2026, 7, 14, 19)


@pytest.mark.parametrize(
    "text", ["FREQ=MONTHLY;BYDAY=1MO,3TH;UNTIL=20270331", "FREQ=MONTHLY;BYDAY=-2FR;COUNT=5"]
)
def test_a_rule_that_is_not_chosen_from_buttons_is_shown_in_words(text: str) -> None:
    rule = rule_of(text)
    assert fields_of_rule(rule).repeats is Repeats.WORDS
    assert spoken(typed_words(rule, FIRST), FIRST).rule == rule


def test_words_mean_the_same_whenever_they_are_read_again() -> None:
    rule = rule_of("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;UNTIL=20261217")
    assert typed_words(rule, FIRST) == "Every 2 weeks on Tuesday and Thursday, until December 17, 2026"
    assert typed_words(SINGLE, FIRST) == ""
