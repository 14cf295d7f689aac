"""A hold in every relation to enrollments and occurrences: nothing expected inside, all as before outside."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.models import Mark, Sheet
from scheduler.domain.attendance.queries import lines
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.queries import expects, members_by_occurrence, members_of, members_taken
from scheduler.domain.enrollment.service import expectation_in
from scheduler.domain.enrollment.week import occurrences_of_member
from scheduler.domain.planning.queries import planned_between
from scheduler.domain.schedule.models import Occurrence
from scheduler.domain.schedule.terms import Term
from tests.support import factories
from tests.support.people import Everybody
from tests.support.statements import counted

FIRST = datetime(2026, 7, 14, 19)
LAST = 34
"""Days after the first one on which something may be."""


def day(number: int) -> date:
    return FIRST.date() + timedelta(days=number)


@dataclass(frozen=True)
class Span:
    """Days by their numbers, both included; no last one: open."""

    first: int
    last: int | None

    def holds(self, number: int) -> bool:
        return self.first <= number and (self.last is None or number <= self.last)

    @property
    def dates(self) -> tuple[date, date | None]:
        return day(self.first), None if self.last is None else day(self.last)


numbers = st.integers(0, LAST)
moves = st.integers(-9, 9)
meetings = st.dictionaries(numbers, moves, min_size=1, max_size=8)
"""Occurrences by their original day, and by how many days they were moved."""


def spans(*, most: int) -> st.SearchStrategy[list[Span]]:
    """Spans of one person that share no day, in order; the last one may be open."""

    def built(cuts: list[int], is_open: bool) -> list[Span]:
        edges = sorted(cuts)
        found = [Span(first, last) for first, last in zip(edges[::2], edges[1::2], strict=False)]
        found = [one for one, after in pairwise([*found, None]) if after is None or one.last != after.first]
        return [*found[:-1], Span(found[-1].first, None)] if found and is_open else found

    return st.builds(built, st.lists(numbers, max_size=2 * most), st.booleans())


belongings = st.lists(spans(most=2), min_size=2, max_size=2)
"""When each of two members belongs to the series."""
pauses = st.lists(spans(most=3), min_size=2, max_size=2)
"""When each of them is on hold."""


@contextmanager
def rolled_back(session: Database) -> Iterator[None]:
    """What is done inside was never done: the next example begins anew."""
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
        session.expire_all()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(meetings=meetings, belongings=belongings, pauses=pauses)
def test_nothing_is_expected_inside_a_hold_and_all_outside(
    people: Everybody,
    session: Database,
    meetings: dict[int, int],
    belongings: list[list[Span]],
    pauses: list[list[Span]],
) -> None:
    persons = [people.member.id, people.other_member.id]
    with rolled_back(session):
        series = factories.series(session, rule="FREQ=DAILY")
        made = {
            factories.occurrence(
                session,
                series,
                FIRST + timedelta(days=number),
                moved_to=FIRST + timedelta(days=number + by, minutes=number) if by else None,
            ): number
            for number, by in meetings.items()
        }
        for person, belonging, paused in zip(persons, belongings, pauses, strict=True):
            for span in belonging:
                factories.enrollment(session, series, person, *span.dates)
            for span in paused:
                factories.hold(session, person, *span.dates)
        expected = {
            occurrence: {
                person
                for person, belonging, paused in zip(persons, belongings, pauses, strict=True)
                if any(span.holds(number) for span in belonging)
                and not any(span.holds(number) for span in paused)
            }
            for occurrence, number in made.items()
        }
        _require(session, series, expected, made, persons)


def _require(
    session: Database,
    series: int,
    expected: dict[int, set[int]],
    made: dict[int, int],
    persons: list[int],
) -> None:
    """Each of the ways to ask who is expected answers so."""
    by_occurrence = members_by_occurrence(session, list(made))
    assert {each: set(by_occurrence.get(each, ())) for each in made} == expected
    assert members_of(session, list(made)) == set().union(*expected.values())
    everywhere = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    taken = {(each.held, each.occurrence) for each in members_taken(session, persons, *everywhere)}
    assert taken == {(person, each) for each, them in expected.items() for person in them}
    for person in persons:
        week = {each.occurrence_id for each in occurrences_of_member(session, person, *everywhere)}
        assert week == {each for each, them in expected.items() if person in them}
    counts = {each.id: each.expected for each in planned_between(session, day(-10), LAST + 20)}
    assert counts == {each: len(them) for each, them in expected.items()}
    on_sheet = {each: {line.person_id for line in lines(session, each) if line.expected} for each in made}
    assert on_sheet == expected
    by_day = expectation_in(session, series)
    assert {each: set(by_day.on(day(number))) for each, number in made.items()} == expected


def test_a_mark_that_was_made_before_the_hold_stays_on_the_sheet(
    people: Everybody, session: Database
) -> None:
    series = factories.series(session)
    occurrence = factories.occurrence(session, series)
    factories.enrollment(session, series, people.member.id)
    factories.hold(session, people.member.id, day(0))
    assert lines(session, occurrence) == ()
    sheet = Sheet(occurrence_id=occurrence, opened_at=factories.CHANGED)
    session.add(sheet)
    session.flush()
    marked = {"status": "present", "marked_by": people.facilitator.id, "marked_at": factories.CHANGED}
    session.add(Mark(sheet_id=sheet.id, person_id=people.member.id, **marked))
    session.flush()
    [line] = lines(session, occurrence)
    assert (line.person_id, line.expected) == (people.member.id, False)


@given(
    belonging=spans(most=2),
    paused=spans(most=3),
)
def test_a_term_without_others_is_its_days_without_theirs(belonging: list[Span], paused: list[Span]) -> None:
    others = [Term(*span.dates) for span in paused]
    for span in belonging:
        left = [
            number
            for number in range(LAST + 9)
            if any(part.holds(day(number)) for part in Term(*span.dates).without(others))
        ]
        assert left == [
            number
            for number in range(LAST + 9)
            if span.holds(number) and not any(other.holds(number) for other in paused)
        ]


@pytest.mark.parametrize(
    ("hold", "expected"),
    [
        ((-3, -1), [0, 7, 14]),
        ((-3, 0), [7, 14]),
        ((0, 0), [7, 14]),
        ((1, 6), [0, 7, 14]),
        ((7, 13), [0, 14]),
        ((7, 14), [0]),
        ((8, None), [0, 7]),
        ((-1, None), []),
        ((15, None), [0, 7, 14]),
    ],
)
def test_both_days_of_a_hold_belong_to_it(
    people: Everybody, session: Database, hold: tuple[int, int | None], expected: list[int]
) -> None:
    series = factories.series(session)
    made = {factories.occurrence(session, series, FIRST + timedelta(days=n)): n for n in (0, 7, 14)}
    factories.enrollment(session, series, people.member.id)
    factories.hold(session, people.member.id, *Span(*hold).dates)
    assert sorted(made[each] for each in members_by_occurrence(session, list(made))) == expected


def test_the_day_counts_on_which_it_was_to_be_and_not_where_it_was_moved(
    people: Everybody, session: Database
) -> None:
    series = factories.series(session)
    out = factories.occurrence(session, series, FIRST, moved_to=FIRST + timedelta(days=3))
    into = factories.occurrence(
        session, series, FIRST + timedelta(days=7), moved_to=FIRST + timedelta(days=1)
    )
    factories.enrollment(session, series, people.member.id)
    factories.hold(session, people.member.id, day(0), day(2))
    assert members_by_occurrence(session, [out, into]) == {into: (people.member.id,)}


def test_an_index_answers_who_is_on_hold(people: Everybody, session: Database) -> None:
    series = factories.series(session)
    occurrence = factories.occurrence(session, series)
    factories.enrollment(session, series, people.member.id)
    with counted(session) as sent:
        members_by_occurrence(session, [occurrence])
    [statement] = sent
    query = select(Occurrence.id, Enrollment.person_id).join(Enrollment, expects())
    asked = query.where(Occurrence.id == occurrence).compile(
        session.get_bind(), compile_kwargs={"literal_binds": True}
    )
    if session.get_bind().dialect.name == "sqlite":
        plan = [row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {asked}"))]
    else:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = [row[0] for row in session.execute(text(f"EXPLAIN {asked}"))]
    assert any("ix_hold_person_id_hold_from_date" in line for line in plan), plan
    assert statement.count("FROM hold") == 1
