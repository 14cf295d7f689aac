"""The calendar of a member on hold, as another reader lists it: quiet inside, outside as it was."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.calendars.content import content_of
from scheduler.domain.calendars.source_queries import sources_of
from scheduler.domain.calendars.sources import Titles, Wishes, Wording
from scheduler.domain.calendars.values import CalendarContent, Stamp
from scheduler.domain.schedule.models import Occurrence
from scheduler.domain.stays.models import Hold
from scheduler.formats.ics import calendar_bytes
from tests.calendars.lint import lint
from tests.domain.enrollment.test_holds import rolled_back
from tests.formats.test_calendar_files import told_by_a_reader
from tests.support import factories
from tests.support.feeds import group, led, lend
from tests.support.people import Everybody
from tests.support.statements import counted

BEGINS = date(2026, 4, 20)
JUNE = date(2026, 6, 1)
PLAIN = Wishes(Titles.PLAIN, show_place=False, show_link=False, begins=BEGINS)
RULES = [
    "FREQ=WEEKLY;BYDAY=TU",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=DAILY",
    "",
]
Told = set[tuple[datetime, bool]]


@pytest.fixture
def member(people: Everybody) -> int:
    return people.member.id


def calendar(session: Database, person: int, now: datetime) -> CalendarContent:
    session.flush()
    content = content_of(sources_of(session, person, BEGINS), PLAIN, Wording(), Stamp(1, now))
    assert content.left_out == 0
    return content


def told(content: CalendarContent, until: date) -> Told:
    """When something begins, and whether it takes place, as a reader nobody here wrote lists it."""
    body = calendar_bytes(content)
    lint(body)
    found = told_by_a_reader(body, datetime(until.year, until.month, until.day, tzinfo=UTC))
    assert set(found.values()) <= {1}
    return {(begin, takes_place) for begin, _end, takes_place in found}


days = st.integers(0, 100)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rule=st.sampled_from(RULES),
    belongs=st.tuples(days, st.one_of(st.none(), days)),
    cuts=st.lists(days, max_size=6, unique=True).map(sorted),
    is_open=st.booleans(),
    changes=st.lists(st.tuples(st.integers(0, 12), st.integers(-3, 9), st.booleans()), max_size=4),
)
def test_another_reader_lists_what_is_outside_the_holds(
    member: int,
    session: Database,
    now: datetime,
    rule: str,
    belongs: tuple[int, int | None],
    cuts: list[int],
    is_open: bool,
    changes: list[tuple[int, int, bool]],
) -> None:
    with rolled_back(session):
        series = group(session, now, rule=rule)
        rows = session.scalars(
            select(Occurrence).where(Occurrence.series_id == series).order_by(Occurrence.original_start)
        ).all()
        for place, by, takes_place in changes:
            row = rows[place % len(rows)]
            shift = timedelta(days=by, minutes=place)
            row.local_start, row.booked = row.original_start + shift, takes_place
        first, length = belongs
        last = None if length is None else JUNE + timedelta(days=first + length)
        factories.enrollment(session, series, member, JUNE + timedelta(days=first), last)
        whole = calendar(session, member, now)
        spans = list(zip(cuts[::2], cuts[1::2], strict=False))
        holds = [
            (JUNE + timedelta(days=a), None if is_open and n == len(spans) - 1 else JUNE + timedelta(days=b))
            for n, (a, b) in enumerate(spans)
        ]
        numbers = [factories.hold(session, member, *span) for span in holds]
        zone_shift = timedelta(hours=4)  # until November, New York
        expected = {
            (row.local_start.replace(tzinfo=UTC) + zone_shift, row.booked)
            for row in rows
            if JUNE + timedelta(days=first) <= row.original_start.date() <= (last or date.max)
            and not any(a <= row.original_start.date() <= (b or date.max) for a, b in holds)
        }
        until = date(2026, 10, 20)
        horizon = datetime(2026, 10, 20, tzinfo=UTC)
        content = calendar(session, member, now)
        assert told(content, until) == {each for each in expected if each[0] < horizon}
        for number in numbers:
            session.delete(session.get_one(Hold, number))
        assert calendar(session, member, now) == whole


def test_the_part_after_a_hold_is_another_entry_and_goes_with_it(
    member: int, session: Database, now: datetime
) -> None:
    series = group(session, now)
    factories.enrollment(session, series, member, JUNE)
    [before] = calendar(session, member, now).entries
    number = factories.hold(session, member, date(2026, 7, 10), date(2026, 8, 1))
    first, second = calendar(session, member, now).entries
    assert first.uid == before.uid != second.uid
    session.get_one(Hold, number).until_date = date(2026, 8, 20)
    _first, later = calendar(session, member, now).entries
    assert (later.uid, later.start) == (second.uid, datetime(2026, 8, 25, 19))
    session.get_one(Hold, number).until_date = None
    [only] = calendar(session, member, now).entries
    assert only == first
    session.delete(session.get_one(Hold, number))
    assert calendar(session, member, now).entries == (before,)


def test_a_part_keeps_its_name_when_the_hold_before_it_lies_before_the_calendar(
    member: int, session: Database, now: datetime
) -> None:
    factories.enrollment(session, group(session, now), member, JUNE)
    factories.hold(session, member, date(2026, 6, 10), date(2026, 6, 20))
    _first, second = calendar(session, member, now).entries
    later = sources_of(session, member, date(2026, 9, 7))
    assert [source.uid for source in later] == [second.uid]


def test_what_somebody_leads_goes_on_while_they_are_on_hold_as_a_member(
    people: Everybody, session: Database, now: datetime
) -> None:
    person = people.facilitator.id
    led(session, group(session, now), person)
    before = calendar(session, person, now)
    joined = group(session, now, rule="FREQ=WEEKLY;BYDAY=TH", first_start=datetime(2026, 6, 4, 19))
    factories.enrollment(session, joined, person)
    factories.hold(session, person, JUNE)
    assert calendar(session, person, now) == before


def test_somebody_on_hold_still_covers_for_a_colleague_in_a_group_of_theirs(
    people: Everybody, session: Database, now: datetime
) -> None:
    person = people.facilitator.id
    series = group(session, now)
    post = led(session, series, people.other_facilitator.id)
    factories.enrollment(session, series, person)
    lent = session.scalars(
        select(Occurrence.id).where(Occurrence.original_start == datetime(2026, 7, 21, 19))
    ).one()
    lend(session, lent, post, person)
    factories.hold(session, person, JUNE)
    [entry] = calendar(session, person, now).entries
    assert entry.start == datetime(2026, 7, 21, 19)


def test_a_listed_meeting_is_quiet_too(member: int, session: Database, now: datetime) -> None:
    listed = factories.series(session, "Nooners", listed=True, first_start=datetime(2026, 6, 2, 12))
    factories.enrollment(session, listed, member, JUNE)
    factories.hold(session, member, JUNE)
    assert calendar(session, member, now).entries == ()


def test_holds_take_one_statement(member: int, session: Database, now: datetime) -> None:
    for _each in range(3):
        factories.enrollment(session, group(session, now), member, JUNE)
    factories.hold(session, member, date(2026, 7, 10), date(2026, 8, 1))
    with counted(session) as sent:
        sources_of(session, member, BEGINS)
    assert len(sent) <= 8
