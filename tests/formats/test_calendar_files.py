"""Each case against its file by bytes, the profile by lint, and its instants by a reader nobody here
wrote.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import recurring_ical_events
from icalendar import Calendar

from scheduler.domain.calendars.sources import Cover, Run
from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.recurrence import occurrences
from scheduler.domain.schedule.wall_time import instant_of
from scheduler.formats.ics import calendar_bytes
from tests.calendars.cases import BEGINS, CASES, MADE_UNTIL, Case
from tests.calendars.lint import lint
from tests.calendars.readers import Listed, Span, by_ical_js

FOLDER = Path(__file__).parent.parent / "calendars"
FURTHEST = datetime(2027, 12, 31, tzinfo=UTC)
Told = tuple[datetime, datetime, bool]
"""Start, end, and whether it takes place."""

ON_THEIR_OWN = {
    "added-and-skipped-one-by-one",
    "every-third-day",
    "last-day-of-the-month",
    "night-hours-skipped",
    "night-hours-repeated",
    "night-hours-across",
}
"""Shown date by date, so only as far as the span."""


def told_by_the_case(case: Case, until: datetime) -> Counter[Told]:
    """What the sources mean, read without any of the code that makes calendars."""
    return Counter(told for source in case.sources for told in told_by(source, until))


def told_by(source: Run | Cover, until: datetime) -> list[Told]:
    zone = zone_named(source.plan.zone)
    meetings = source.meetings if isinstance(source, Run) else (source.meeting,)
    lasting = [(m.original, m.start, m.minutes, not m.stopped) for m in meetings]
    if isinstance(source, Run):
        horizon = datetime(MADE_UNTIL.year, MADE_UNTIL.month, MADE_UNTIL.day) + timedelta(days=1)
        later = occurrences(source.plan.rule, source.plan.first, after=horizon)
        lasting += [(at, at, source.plan.minutes, True) for at in later]
        ends = [day for day in (source.until_date, source.plan.ends_on) if day]
        lasting = [
            told
            for told in lasting
            if max(source.from_date, BEGINS) <= told[0].date() and all(told[0].date() <= day for day in ends)
        ]
    spans = ((instant_of(start, zone), minutes, takes) for _, start, minutes, takes in lasting)
    return [(at, at + timedelta(minutes=minutes), takes) for at, minutes, takes in spans if at < until]


def told_by_a_reader(body: bytes, until: datetime) -> Counter[Told]:
    calendar = Calendar.from_ical(body)
    events = recurring_ical_events.of(calendar).between(datetime(2026, 1, 1, tzinfo=UTC), until)
    return Counter(
        (e["DTSTART"].dt.astimezone(UTC), e["DTEND"].dt.astimezone(UTC), e.get("STATUS") != "CANCELLED")
        for e in events
    )


@pytest.fixture(params=CASES, name="case")
def _case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


def test_a_case_is_written_as_its_file(case: Case) -> None:
    assert calendar_bytes(case.content) == (FOLDER / f"{case.name}.ics").read_bytes()


def test_a_case_keeps_the_profile(case: Case) -> None:
    assert case.content.left_out == 0
    lint(calendar_bytes(case.content))


def ends_of(case: Case) -> datetime:
    return datetime(2027, 4, 26, tzinfo=UTC) if case.name in ON_THEIR_OWN else FURTHEST


def test_another_reader_lists_the_same_instants(case: Case) -> None:
    ends = ends_of(case)
    assert told_by_a_reader(calendar_bytes(case.content), ends) == told_by_the_case(case, ends)


@pytest.fixture(scope="module")
def ical_js() -> Mapping[str, Counter[Listed]]:
    return by_ical_js(FOLDER, Span(datetime(2026, 1, 1, tzinfo=UTC), FURTHEST))


def test_ical_js_lists_the_same_instants_of_its_file(
    case: Case, ical_js: Mapping[str, Counter[Listed]]
) -> None:
    ends = ends_of(case)
    told = Counter(
        (each.start, each.end, each.takes_place)
        for each in ical_js[case.name].elements()
        if each.start < ends
    )
    assert told == told_by_the_case(case, ends)


def test_every_file_belongs_to_a_case() -> None:
    assert {file.stem for file in FOLDER.glob("*.ics")} == set(CASES)
