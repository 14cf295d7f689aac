"""The calendars of the demonstration center: the profile, the words, and the hours that the pages show."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.calendars.content import content_of
from scheduler.domain.calendars.source_queries import sources_of
from scheduler.domain.calendars.sources import Titles, Wishes, Wording
from scheduler.domain.calendars.values import Stamp
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import occurrences_of_member
from scheduler.domain.people.models import Identity
from scheduler.domain.roster.models import Post
from scheduler.domain.roster.queries import duties_of_person
from scheduler.domain.schedule.discretion import telling_word
from scheduler.formats.ics import calendar_bytes
from tests.calendars.lint import lint
from tests.formats.test_calendar_files import told_by_a_reader
from tests.support.demonstration import Demonstration

BEGINS = date(2026, 4, 20)
EVERY = 3
"""Each third person stands for the others."""

Span = tuple[datetime, datetime]


def body(center: Database, person_id: int, titles: Titles, now: datetime) -> bytes:
    wishes = Wishes(titles, show_place=titles is Titles.FULL, show_link=False, begins=BEGINS)
    content = content_of(sources_of(center, person_id, BEGINS), wishes, Wording(), Stamp(1, now))
    assert content.left_out == 0
    return calendar_bytes(content)


def everybody(center: Database, table: type[Enrollment | Post]) -> list[int]:
    return sorted(set(center.scalars(select(table.person_id))))


@pytest.mark.parametrize("table", [Enrollment, Post])
def test_calendars_keep_the_profile_and_name_nobody(
    center: Database, demonstration: Demonstration, table: type[Enrollment | Post]
) -> None:
    last_names = {name.split()[-1] for name in center.scalars(select(Identity.name))}
    for person in everybody(center, table)[::EVERY]:
        for titles in Titles:
            written = body(center, person, titles, demonstration.now)
            said = lint(written).parts("VEVENT")
            words = {word for event in said for line in event.of("SUMMARY") for word in line.value.split()}
            assert not words & last_names
            if titles is not Titles.FULL:
                assert telling_word(written.decode()) == ""


def within(spans: list[Span]) -> Counter[Span]:
    return Counter(span for span in spans if span[0] >= datetime.combine(BEGINS, time.min, UTC))


@pytest.mark.parametrize("table", [Enrollment, Post])
def test_a_reader_lists_the_hours_that_the_pages_show(
    center: Database, demonstration: Demonstration, table: type[Enrollment | Post]
) -> None:
    until = datetime.combine(BEGINS, time.min, UTC) + timedelta(weeks=37)
    begin = until - timedelta(weeks=38)
    for person in everybody(center, table)[::EVERY]:
        shown = (
            occurrences_of_member(center, person, begin, until)
            if table is Enrollment
            else duties_of_person(center, person, begin, until)
        )
        wanted = within([(each.starts_at, each.ends_at) for each in shown if each.takes_place])
        told = told_by_a_reader(body(center, person, Titles.PLAIN, demonstration.now), until)
        assert within([(start, end) for start, end, takes_place in told.elements() if takes_place]) == wanted
