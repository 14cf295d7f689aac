"""What becomes of sessions in a place that is shut: the best room, by a second way of finding it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.planning.closing_plan import Affected, Choice, Did, Does, Fate, Space, Span, decide
from scheduler.domain.schedule.conflicts import Booking, Holder
from scheduler.domain.schedule.kinds import Kind

EIGHT = datetime(2026, 7, 21, 8, tzinfo=UTC)
HERE, THERE = 1, 2
RELOCATE = {kind: Choice(Does.RELOCATE) for kind in Kind}


def at(
    number: int, hour: float = 0, *, expected: int = 6, kind: Kind = Kind.GROUP, **more: object
) -> Affected:
    """A session of an hour in room 1 of the site here."""
    begin = EIGHT + timedelta(hours=hour)
    return Affected(number, kind, begin, begin + timedelta(hours=1), 1, HERE, expected, **more)  # type: ignore[arg-type]


def fates(*affected: Affected, spaces: list[Space], **more: object) -> list[tuple[int, Did, int | None]]:
    found = decide(affected, more.pop("choices", RELOCATE), spaces, **more)  # type: ignore[arg-type]
    return [(each.occurrence, each.did, each.room_id) for each in found]


def test_the_smallest_room_at_the_same_site_that_holds_those_expected_is_the_best() -> None:
    spaces = [
        Space(2, HERE, 30, False),
        Space(3, HERE, 8, False),
        Space(4, HERE, 5, False),
        Space(5, THERE, 6, False),
        Space(6, HERE, None, False),
        Space(7, HERE, 8, True),
    ]
    assert fates(at(1), spaces=spaces) == [(1, Did.MOVED, 3)]
    assert fates(at(1, expected=9), spaces=spaces) == [(1, Did.MOVED, 2)]
    assert fates(at(1, expected=31), spaces=spaces) == [(1, Did.MOVED, 6)]
    assert fates(at(1), spaces=spaces[3:]) == [(1, Did.MOVED, 6)]
    assert fates(at(1), spaces=[spaces[3], spaces[5]]) == [(1, Did.MOVED, 7)]
    assert fates(at(1), spaces=[spaces[3], spaces[2]]) == [(1, Did.MOVED, 5)]


def test_where_nothing_is_free_a_session_is_stopped_and_says_why() -> None:
    taken = [Booking(Holder.ROOM, 2, EIGHT + timedelta(minutes=30), EIGHT + timedelta(minutes=40), 99)]
    shut = {3: [Span(EIGHT - timedelta(days=30), EIGHT + timedelta(days=30))]}
    spaces = [Space(2, HERE, 30, False), Space(3, HERE, 30, True)]
    assert decide([at(1)], RELOCATE, spaces, taken=taken, shut=shut) == (
        Fate(1, Did.STOPPED, is_for_want_of_room=True),
    )
    assert fates(at(1, 1), spaces=spaces, taken=taken, shut=shut) == [(1, Did.MOVED, 2)]


def test_two_at_one_time_share_no_room_and_the_larger_chooses_first() -> None:
    spaces = [Space(2, HERE, 12, False), Space(3, HERE, 6, False)]
    found = fates(at(1, expected=4), at(2, expected=12), at(3, 0.5, expected=1), spaces=spaces)
    assert found == [(2, Did.MOVED, 2), (1, Did.MOVED, 3), (3, Did.STOPPED, None)]


def test_a_hall_takes_several_as_long_as_it_holds_them() -> None:
    hall = Space(2, HERE, 20, True)
    found = fates(at(1, expected=12), at(2, expected=9), at(3, 2, expected=12), spaces=[hall])
    assert found == [(1, Did.MOVED, 2), (2, Did.STOPPED, None), (3, Did.MOVED, 2)]


def test_each_kind_goes_the_way_that_was_chosen_for_it() -> None:
    choices = {
        Kind.GROUP: Choice(Does.STOP),
        Kind.SKILLS: Choice(Does.RELOCATE, room_id=4),
        Kind.FAMILY: Choice(Does.ONLINE),
        Kind.MEDICATION: Choice(Does.KEEP),
    }
    spaces = [Space(2, HERE, 30, False), Space(4, HERE, 2, False), Space(9, None, None, True)]
    found = fates(
        at(1),
        at(2, kind=Kind.SKILLS),
        at(3, kind=Kind.FAMILY),
        at(4, kind=Kind.MEDICATION),
        at(5, kind=Kind.OTHER),
        spaces=spaces,
        choices=choices,
    )
    assert found == [
        (1, Did.STOPPED, None),
        (2, Did.MOVED, 4),
        (3, Did.MOVED, 9),
        (4, Did.KEPT, None),
        (5, Did.KEPT, None),
    ]


def test_what_does_not_take_place_anyway_is_stopped_once_more_and_never_moved() -> None:
    spaces = [Space(2, HERE, 30, False)]
    assert fates(at(1, booked=False), spaces=spaces) == [(1, Did.KEPT, None)]
    stop = {Kind.GROUP: Choice(Does.STOP)}
    assert decide([at(1, booked=False)], stop, spaces) == (Fate(1, Did.STOPPED, was_booked=False),)


SESSIONS = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 5), st.integers(1, 14)), max_size=8)
ROOMS = st.lists(
    st.tuples(st.sampled_from([HERE, THERE]), st.sampled_from([4, 8, 12, None]), st.booleans()), max_size=5
)
TAKEN = st.lists(st.tuples(st.integers(2, 6), st.integers(0, 12), st.integers(1, 40)), max_size=8)


@given(sessions=SESSIONS, rooms=ROOMS, taken=TAKEN)
def test_the_plan_agrees_with_one_made_by_hand(
    sessions: list[tuple[int, int, int]],
    rooms: list[tuple[int, int | None, bool]],
    taken: list[tuple[int, int, int]],
) -> None:
    """Halves of an hour; every room is tried against every booking, in the order of preference."""
    half = timedelta(minutes=30)
    affected = [
        Affected(n + 1, Kind.GROUP, EIGHT + half * a, EIGHT + half * (a + b), 1, HERE, places)
        for n, (a, b, places) in enumerate(sessions)
    ]
    spaces = [Space(n + 2, *each) for n, each in enumerate(rooms)]
    bookings = [Booking(Holder.ROOM, r, EIGHT + half * a, EIGHT + half * (a + b), 99) for r, a, b in taken]
    order = sorted(
        spaces, key=lambda s: (s.site_id != HERE, s.shared, s.capacity is None, s.capacity or 0, s.id)
    )
    used: list[tuple[Space, Affected]] = []
    expected = {}
    for each in sorted(affected, key=lambda s: (s.starts_at, -s.expected, s.occurrence)):
        for space in order:
            beside = [o for s, o in used if s is space and _meet(o, each)]
            is_taken = any(
                b.held == space.id and b.starts < each.ends_at and each.starts_at < b.ends for b in bookings
            )
            places = space.capacity if space.capacity is not None else 10**6
            need = each.expected + sum(o.expected for o in beside)
            if need <= places if space.shared else (each.expected <= places and not beside and not is_taken):
                used.append((space, each))
                expected[each.occurrence] = space.id
                break
    found = decide(affected, RELOCATE, spaces, taken=bookings)
    assert {fate.occurrence: fate.room_id for fate in found if fate.did is Did.MOVED} == expected


def _meet(one: Affected, other: Affected) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
