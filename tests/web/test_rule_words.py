"""Rules as sentences on pages."""

from datetime import datetime

import pytest
from flask import Flask

from scheduler.domain.schedule.rule_text import rule_of
from scheduler.web.rule_words import rule_in_words


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("", "Once, on Tuesday, July 14, 2026, 7:00 to 8:30 PM."),
        ("FREQ=WEEKLY;BYDAY=TU", "Every Tuesday, 7:00 to 8:30 PM."),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;UNTIL=20261217",
            "Every 2 weeks on Tuesday and Thursday, 7:00 to 8:30 PM, until December 17.",
        ),
        ("FREQ=MONTHLY;BYDAY=2FR,-1FR", "The second Friday and last Friday of every month, 7:00 to 8:30 PM."),
        (
            "FREQ=MONTHLY;BYMONTHDAY=1,2,3,11,13,21",
            "The 1st, 2nd, 3rd, 11th, 13th and 21st of every month, 7:00 to 8:30 PM.",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20270131",
            "The last day of every month, 7:00 to 8:30 PM, until January 31, 2027.",
        ),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=8", "Every Tuesday, 7:00 to 8:30 PM, 8 times."),
    ],
)
def test_a_rule_reads_as_a_sentence(app: Flask, rule: str, sentence: str) -> None:
    with app.test_request_context("/"):
        assert rule_in_words(rule_of(rule), datetime(2026, 7, 14, 19), 90) == sentence
