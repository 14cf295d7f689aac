"""Which room fits best, in order."""

import random

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.places.queries import RoomView
from scheduler.domain.planning.remedies import by_fit

HERE, AWAY = 1, 2


def room(number: int, capacity: int | None, site: int | None = HERE, *, shared: bool = False) -> RoomView:
    name, site_name = f"room {number}", "Elm Street" if site else ""
    return RoomView(number, name, site, site_name, "", capacity, shared, revision=1)


def test_what_holds_them_at_the_same_site_comes_first_and_what_is_small_last() -> None:
    best = [
        room(1, 6),
        room(2, 14),
        room(3, None),
        room(4, 6, shared=True),
        room(5, 6, AWAY),
        room(6, None, None),
        room(7, 5),
        room(8, 4),
        room(9, 5, AWAY),
    ]
    odd = random.Random(3).sample(best, len(best))  # noqa: S311 -- the same order every time
    assert by_fit(odd, site_id=HERE, expected=6) == best


@given(st.lists(st.tuples(st.none() | st.integers(1, 30), st.booleans()), max_size=8), st.integers(0, 30))
def test_none_is_lost_and_no_small_one_stands_before_one_that_fits(
    sizes: list[tuple[int | None, bool]], expected: int
) -> None:
    rooms = [room(number, size, shared=shared) for number, (size, shared) in enumerate(sizes)]
    ordered = by_fit(rooms, site_id=HERE, expected=expected)
    fits = [each.capacity is None or each.capacity >= expected for each in ordered]
    assert sorted(each.id for each in ordered) == [each.id for each in rooms]
    assert fits == sorted(fits, reverse=True)
