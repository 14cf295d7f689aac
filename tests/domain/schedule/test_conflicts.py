import time
from datetime import UTC, datetime, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.schedule.conflicts import Booking, Holder, Overlap, overlaps, overlaps_with

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)


def booking(holder: Holder, held: int, start: int, minutes: int, occurrence: int) -> Booking:
    starts = NOON + timedelta(minutes=start)
    return Booking(holder, held, starts, starts + timedelta(minutes=minutes), occurrence)


bookings = st.builds(
    booking,
    st.sampled_from(list(Holder)),
    st.integers(1, 3),
    st.integers(0, 40),
    st.integers(1, 15),
    st.integers(1, 12),
)


def collide(one: Booking, other: Booking) -> bool:
    """The rule itself, for every pair."""
    return (
        one.resource == other.resource
        and one.occurrence != other.occurrence
        and one.starts < other.ends
        and other.starts < one.ends
    )


def pairs(found: list[Overlap]) -> list[frozenset[int]]:
    return sorted((frozenset((id(each.first), id(each.second))) for each in found), key=sorted)


@given(st.lists(bookings, max_size=40))
def test_the_sweep_finds_what_comparing_every_pair_finds(given_bookings: list[Booking]) -> None:
    expected = [frozenset((id(a), id(b))) for a, b in combinations(given_bookings, 2) if collide(a, b)]
    assert pairs(overlaps(given_bookings)) == sorted(expected, key=sorted)


@given(st.lists(bookings, max_size=20), st.lists(bookings, max_size=10))
def test_what_is_wanted_is_compared_with_what_stands_and_with_itself(
    standing: list[Booking], wanted: list[Booking]
) -> None:
    anew = {each.occurrence for each in wanted}
    kept = [each for each in standing if each.occurrence not in anew]
    expected = [frozenset((id(a), id(b))) for a, b in combinations(wanted, 2) if collide(a, b)]
    expected += [frozenset((id(a), id(b))) for a in wanted for b in kept if collide(a, b)]
    assert pairs(overlaps_with(wanted, standing)) == sorted(expected, key=sorted)


def test_one_may_begin_when_the_other_ends() -> None:
    assert overlaps([booking(Holder.ROOM, 1, 0, 60, 1), booking(Holder.ROOM, 1, 60, 60, 2)]) == []


def test_an_overlap_of_rooms_or_facilitators_is_refused_and_one_of_a_member_only_warns() -> None:
    leads, attends = booking(Holder.FACILITATOR, 7, 0, 60, 1), booking(Holder.MEMBER, 7, 30, 60, 2)
    leads_too = booking(Holder.FACILITATOR, 7, 0, 60, 3)
    assert overlaps([leads, attends]) == [Overlap(leads, attends)]
    assert Overlap(leads, attends).only_warns
    assert not Overlap(leads, leads_too).only_warns


def test_a_room_and_a_person_with_the_same_number_do_not_collide() -> None:
    assert overlaps([booking(Holder.ROOM, 1, 0, 60, 1), booking(Holder.MEMBER, 1, 0, 60, 2)]) == []


def test_twenty_thousand_bookings_take_less_than_a_second() -> None:
    many = [booking(Holder.ROOM, place % 60, 60 * place, 60, place) for place in reversed(range(20_000))]
    began = time.process_time()
    assert overlaps(many) == []
    assert time.process_time() - began < 1
