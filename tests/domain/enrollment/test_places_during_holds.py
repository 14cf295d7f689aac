"""Places during holds: kept ones are taken, freed ones are not, day by day."""

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.service import (
    FULL,
    add_enrollment,
    require_room_for_all,
    without_place,
)
from scheduler.domain.planning.queries import belonging
from scheduler.domain.schedule.models import Series
from scheduler.domain.schedule.terms import Term
from scheduler.errors import Conflict, Invalid
from tests.domain.enrollment.test_holds import LAST, Span, day, rolled_back, spans
from tests.support import factories
from tests.support.people import Everybody

DAYS = range(LAST + 5)


@pytest.fixture
def group(people: Everybody, session: Database) -> Series:
    row = session.get_one(Series, factories.series(session))
    row.capacity = 1
    return row


def join(session: Database, group: Series, person: int, term: Term, now: datetime) -> int:
    return add_enrollment(session, series=group, person_id=person, term=term, now=now).id


def until(days: int) -> Term:
    return Term(day(0), day(days))


def test_a_kept_place_is_nobody_else_s(
    people: Everybody, session: Database, group: Series, now: datetime
) -> None:
    factories.enrollment(session, group.id, people.member.id)
    factories.hold(session, people.member.id, day(0))
    with pytest.raises(Conflict, match=FULL):
        join(session, group, people.other_member.id, until(5), now)


def test_a_freed_place_is_another_s_for_as_long_as_the_hold_lasts(
    people: Everybody, session: Database, group: Series, now: datetime
) -> None:
    factories.enrollment(session, group.id, people.member.id)
    factories.hold(session, people.member.id, day(0), day(5), freed=True)
    for term in (until(6), Term(day(-1), day(3)), Term(day(3))):
        with pytest.raises(Conflict, match=FULL):
            join(session, group, people.other_member.id, term, now)
    join(session, group, people.other_member.id, until(5), now)


def test_somebody_whose_own_places_are_freed_needs_none_on_those_days(
    people: Everybody, session: Database, group: Series, now: datetime
) -> None:
    factories.enrollment(session, group.id, people.other_member.id, day(0), day(5))
    factories.hold(session, people.member.id, day(-3), day(5), freed=True)
    join(session, group, people.member.id, Term(day(-3), None), now)


def test_a_smaller_group_counts_places_and_not_names(
    people: Everybody, session: Database, group: Series
) -> None:
    for person in (people.member.id, people.other_member.id):
        factories.enrollment(session, group.id, person)
    factories.hold(session, people.member.id, day(0), freed=True)
    require_room_for_all(session, series_id=group.id, capacity=1, on=day(0))
    with pytest.raises(Invalid, match="2 members belong to this group"):
        require_room_for_all(session, series_id=group.id, capacity=1, on=day(-1))


def test_the_list_of_series_counts_places(people: Everybody, session: Database, group: Series) -> None:
    for person in (people.member.id, people.other_member.id):
        factories.enrollment(session, group.id, person)
    factories.hold(session, people.member.id, day(0), day(2), freed=True)
    factories.hold(session, people.other_member.id, day(1), day(3))
    counts = [belonging(session, on=day(number))[group.id].members for number in range(-1, 5)]
    assert counts == [1, 1, 1, 1, 2, 2]  # the day before it begins, those of its first date


def test_who_has_lost_their_place_meanwhile_is_told(
    people: Everybody, session: Database, group: Series
) -> None:
    mine = factories.enrollment(session, group.id, people.member.id)
    factories.enrollment(session, group.id, people.other_member.id, day(3), day(5))
    assert without_place(session, person_id=people.member.id, on=Term(day(0), day(2))) == ()
    assert without_place(session, person_id=people.member.id, on=Term(day(0), day(3))) == (mine,)
    assert without_place(session, person_id=people.member.id, on=Term(day(6))) == ()
    group.capacity = None
    session.flush()
    assert without_place(session, person_id=people.member.id, on=Term(day(0))) == ()


def takes_place(term: Span, freed: list[Span], number: int) -> bool:
    return term.holds(number) and not any(span.holds(number) for span in freed)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    terms=st.lists(spans(most=1), min_size=3, max_size=3),
    paused=st.lists(spans(most=2), min_size=3, max_size=3),
    freed=st.lists(st.booleans(), min_size=3, max_size=3),
    capacity=st.integers(1, 2),
)
def test_there_is_a_place_where_it_is_free_on_every_day(
    people: Everybody,
    session: Database,
    now: datetime,
    terms: list[list[Span]],
    paused: list[list[Span]],
    freed: list[bool],
    capacity: int,
) -> None:
    """The last of three asks for a place, if they want one at all."""
    with rolled_back(session):
        group = session.get_one(Series, factories.series(session))
        group.capacity = capacity
        persons = [people.member.id, people.other_member.id, factories.member(session, "Paul Nord")]
        for person, spans_of_one, is_freed in zip(persons, paused, freed, strict=True):
            for span in spans_of_one:
                factories.hold(session, person, *span.dates, freed=is_freed)
        for person, belongs in zip(persons[:2], terms, strict=False):
            for span in belongs:
                factories.enrollment(session, group.id, person, *span.dates)
        who = [(terms[n], paused[n] if freed[n] else []) for n in range(3)]
        for wanted in terms[2]:
            is_over = any(
                takes_place(wanted, who[2][1], number)
                and sum(takes_place(span, their, number) for spans_, their in who[:2] for span in spans_)
                >= capacity
                for number in DAYS
            )
            try:
                join(session, group, persons[2], Term(*wanted.dates), now)
                is_refused = False
            except Conflict:
                is_refused = True
            assert is_refused == is_over
