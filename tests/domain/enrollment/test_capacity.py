from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.enrollment.capacity import most_at_once, most_within
from scheduler.domain.schedule.terms import Term

START = date(2026, 9, 1)


def term(first: int, length: int | None) -> Term:
    begin = START + timedelta(days=first)
    return Term(begin, None if length is None else begin + timedelta(days=length))


terms = st.builds(term, st.integers(0, 30), st.one_of(st.none(), st.integers(0, 15)))
DAYS = [START + timedelta(days=day) for day in range(60)]


@given(st.lists(terms, max_size=12))
def test_the_fullest_date_is_found(given_terms: list[Term]) -> None:
    counts = [sum(each.holds(day) for each in given_terms) for day in DAYS]
    assert most_at_once(given_terms) == max(counts)


@given(terms, st.lists(terms, max_size=12))
def test_only_the_dates_of_a_term_count_for_it(wanted: Term, others: list[Term]) -> None:
    counts = [1 + sum(each.holds(day) for each in others) for day in DAYS if wanted.holds(day)]
    assert most_within(wanted, others) == max(counts)


def test_one_who_leaves_makes_a_place_on_the_next_date() -> None:
    assert most_at_once([term(0, 6), term(7, None)]) == 1
    assert most_at_once([term(0, 7), term(7, None)]) == 2
    assert most_at_once([]) == 0
