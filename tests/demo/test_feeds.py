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
from scheduler.domain.enrollment.week import occurrences_of_member
from scheduler.domain.people.models import Identity
from scheduler.domain.places.models import Site
from scheduler.domain.roster.models import Post
from scheduler.domain.roster.queries import duties_of_person
from scheduler.formats.ics import calendar_bytes
from tests.calendars.cases import CASES
from tests.calendars.forbidden import found_in
from tests.formats.test_calendar_files import told_by_a_reader
from tests.support.demonstration import Demonstration

BEGINS = date(2026, 4, 20)
EVERY = 3
"""Each third person stands for the others, where it takes long."""

Span = tuple[datetime, datetime]


def body(center: Database, person_id: int, titles: Titles, now: datetime) -> bytes:
    wishes = Wishes(titles, show_place=titles is Titles.FULL, show_link=False, begins=BEGINS)
    content = content_of(sources_of(center, person_id, BEGINS), wishes, Wording(), Stamp(1, now))
    assert content.left_out == 0
    return calendar_bytes(content)


def everybody(center: Database, table: type[Enrollment | Post]) -> list[int]:
    return sorted(set(center.scalars(select(table.person_id))))


@pytest.mark.parametrize("table", [Enrollment, Post])
def test_plain_and_discreet_calendars_say_no_forbidden_word_and_no_name(
    center: Database, demonstration: Demonstration, table: type[Enrollment | Post]
) -> None:
    """Everybody's, since a single title is enough to tell."""
    names = last_names(center) | set(center.scalars(select(Site.name)))
    for person in everybody(center, table):
        for titles in (Titles.PLAIN, Titles.DISCREET):
            assert found_in(body(center, person, titles, demonstration.now), names) == set()


@pytest.mark.parametrize("table", [Enrollment, Post])
def test_full_calendars_say_such_words_and_name_nobody_all_the_same(
    center: Database, demonstration: Demonstration, table: type[Enrollment | Post]
) -> None:
    found: set[str] = set()
    for person in everybody(center, table)[::EVERY]:
        found |= found_in(body(center, person, Titles.FULL, demonstration.now), last_names(center))
    assert {"group"} <= found
    assert not found & last_names(center)


def last_names(center: Database) -> frozenset[str]:
    return frozenset(name.split()[-1] for name in center.scalars(select(Identity.name)))


@pytest.mark.parametrize(
    ("was", "becomes", "found"),
    [
        (b"SUMMARY:Appointment", b"SUMMARY:Recovery class", {"recover", "Recovery"}),
        (b"SUMMARY:Appointment", b"SUMMARY:AA", {"AA"}),
        (b"SUMMARY:Appointment", b"SUMMARY:Evening metha\r\n done", {"methadon", "methadone"}),
        (b"SUMMARY:Appointment", "SUMMARY:ｒｅｈａｂ".encode(), {"rehab"}),
        (b"SUMMARY:Appointment", b"SUMMARY:At nine\\, with Okafor", {"Okafor"}),
        (b"//Calendar 1.0", b"//Aftercare 1.0", {"aftercare", "Aftercare"}),
        (b"X-WR-CALNAME:Calendar", b"X-WR-CALNAME:Elm St. Outpatient", {"outpatient", "Outpatient"}),
        (b"UID:", b"UID:detox-", {"detox"}),
        (b"TRANSP", b"DESCRIPTION:3 points\r\nTRANSP", {"points"}),
        (b"DTSTART;TZID", b"DTSTART;X-WHY=probation;TZID", {"probation"}),
    ],
)
def test_the_search_for_forbidden_words_finds_each(was: bytes, becomes: bytes, found: set[str]) -> None:
    written = calendar_bytes(CASES["cancelled"].content)
    assert was in written
    assert found_in(written, frozenset({"Okafor"})) == set()
    assert found_in(written.replace(was, becomes, 1), frozenset({"Okafor"})) == found


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
