"""Holds break an enrollment into parts: day by day, and by the names that calendars know them by."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.calendars.pauses import Pause, parts_of
from scheduler.domain.schedule.terms import Term

START = date(2026, 9, 1)
DAYS = [START + timedelta(days=day) for day in range(80)]
UID = "7" * 32


def term(first: int, length: int | None) -> Term:
    begin = START + timedelta(days=first)
    return Term(begin, None if length is None else begin + timedelta(days=length))


def apart(steps: list[tuple[int, int]], *, is_open: bool) -> list[Pause]:
    """Pauses of so many days after so many days each; the last one may be open."""
    pauses, day = [], 0
    for number, (gap, length) in enumerate(steps):
        last = is_open and number == len(steps) - 1
        pauses.append(Pause(f"hold {number}", term(day + gap, None if last else length)))
        day += gap + length + 1
    return pauses


terms = st.builds(term, st.integers(0, 40), st.one_of(st.none(), st.integers(0, 30)))
holds = st.builds(
    apart, st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=5), is_open=st.booleans()
)


@given(terms, holds)
def test_the_parts_are_the_days_without_a_hold(whole: Term, pauses: list[Pause]) -> None:
    parts = [part for _, part in parts_of(UID, whole, pauses)]
    held = [day for day in DAYS if any(part.holds(day) for part in parts)]
    assert held == [
        day for day in DAYS if whole.holds(day) and not any(pause.term.holds(day) for pause in pauses)
    ]
    for part, after in pairwise(parts):
        assert part.until_date is not None
        assert after.from_date - part.until_date > timedelta(days=1), "two parts that are one"


@given(terms, holds)
def test_each_part_has_a_name_of_its_own_and_the_first_day_keeps_the_enrollment_s(
    whole: Term, pauses: list[Pause]
) -> None:
    parts = parts_of(UID, whole, pauses)
    assert len({name for name, _ in parts}) == len(parts)
    assert [name == UID for name, _ in parts] == [part.from_date == whole.from_date for _, part in parts]
    assert all(len(name) == 32 for name, _ in parts)


@given(terms, holds, st.data())
def test_a_hold_that_is_lifted_leaves_the_names_of_all_other_parts(
    whole: Term, pauses: list[Pause], data: st.DataObject
) -> None:
    kept = [pause for pause in pauses if data.draw(st.booleans(), label=pause.name)]
    before, after = (dict(parts_of(UID, whole, some)) for some in (pauses, kept))
    lifted = [pause for pause in pauses if pause not in kept]
    follow = {part.from_date for part in before.values()} - {part.from_date for part in after.values()}
    assert {day - timedelta(days=1) for day in follow} <= {pause.term.until_date for pause in lifted}
    assert all(before[name].from_date == after[name].from_date for name in before.keys() & after.keys())


def test_another_hold_of_the_same_days_makes_another_name() -> None:
    whole, days = term(0, None), term(5, 5)
    first, second = (dict(parts_of(UID, whole, [Pause(name, days)])) for name in ("1 then", "1 later"))
    assert list(first.values()) == list(second.values())
    assert first.keys() & second.keys() == {UID}


def test_a_hold_that_ends_on_another_day_keeps_the_name_of_what_follows() -> None:
    short, long = (dict(parts_of(UID, term(0, None), [Pause("1", term(5, days))])) for days in (5, 9))
    assert short.keys() == long.keys()
