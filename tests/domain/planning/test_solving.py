"""What conflicts ahead are, what would end them, and ending them, on both databases."""

from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session as Database

from scheduler.domain.places.queries import rooms
from scheduler.domain.planning.finding_place import Wish
from scheduler.domain.planning.grouping import Group, Trouble
from scheduler.domain.planning.offering import offers_for
from scheduler.domain.planning.overview import conflicts_ahead, left_over, without_lead
from scheduler.domain.planning.queries import planned_among
from scheduler.domain.planning.reach import Reach
from scheduler.domain.planning.remedies import Does, Remedy
from scheduler.domain.planning.searching import find_place
from scheduler.domain.planning.solving import solve
from scheduler.domain.planning.undoing import undo_change
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Occurrence
from scheduler.errors import Conflict, Invalid
from scheduler.store.transaction import transaction
from tests.domain.planning.center import FIRST, TUESDAYS, Center


@pytest.fixture
def series(center: Center) -> tuple[int, int]:
    """Two that collide three times in a room, and in who leads; nobody decided so."""
    words = {"rule": replace(TUESDAYS, count=3), "leads": [center.people.facilitator.id], "override": "x"}
    first, second = (center.make(title=title, **words).series_id for title in ("Talk", "Cooking"))
    with center.sessions() as session, transaction(session):
        for table in (Occurrence, Duty):
            session.execute(update(table).values(override_reason=""))
    return first, second


def ahead(center: Center) -> tuple[Group, ...]:
    reach = Reach(center.people.coordinator.actor, None, center.now.date())
    return center.ask(conflicts_ahead, reach=reach, now=center.now)


def offered(center: Center) -> dict[str, list[Remedy]]:
    groups = ahead(center)

    def ask(session: Database) -> dict[str, list[Remedy]]:
        numbers = {fact.id for group in groups for fact in group.times[0]}
        found = offers_for(
            session,
            groups,
            {each.id: each for each in planned_among(session, numbers)},
            rooms=rooms(session),
            leads=[center.people.facilitator.id, center.people.other_facilitator.id],
            now=center.now,
        )
        return {key: [offer.remedy for offer in offers] for key, offers in found.items()}

    return center.ask(ask)


def test_what_recurs_is_one_group_and_has_its_remedies(center: Center, series: tuple[int, int]) -> None:
    one, two = series
    assert [(each.trouble, each.held, each.series, len(each.times)) for each in ahead(center)] == [
        (Trouble.FACILITATOR, center.people.facilitator.id, series, 3),
        (Trouble.ROOM, center.room, series, 3),
    ]
    lead, other = center.people.facilitator.id, center.people.other_facilitator.id
    assert offered(center) == {
        f"room-{center.room}-{one}-{two}": [
            Remedy(Does.LATER, two, 90),  # who leads both comes first: until then no room can be booked
        ],
        f"facilitator-{lead}-{one}-{two}": [
            Remedy(Does.LEAD, two, other),
            Remedy(Does.LEAD, one, other),
            Remedy(Does.LATER, two, 90),
        ],
    }


def test_every_remedy_ends_its_group_and_is_taken_back(center: Center, series: tuple[int, int]) -> None:
    before = {group.key for group in ahead(center)}
    for key, remedies in offered(center).items():
        for remedy in remedies:
            group = next(each for each in ahead(center) if each.key == key)
            done = center.do(solve, key=key, seen=group.seen, remedy=remedy)
            assert len(done.occurrences) == 3
            assert key not in {each.key for each in ahead(center)}
            center.do(undo_change, change_id=done.change_id)
            assert {each.key for each in ahead(center)} == before
    assert center.starts(series[1])[0] == FIRST


def test_another_room_for_what_nobody_leads_twice_in_both_orders(center: Center) -> None:
    words = {"rule": replace(TUESDAYS, count=3), "override": "x"}
    first, second = (center.make(title=title, **words).series_id for title in ("Talk", "Cooking"))
    with center.sessions() as session, transaction(session):
        session.execute(update(Occurrence).values(override_reason=""))
    for series_id in (first, second):
        group = ahead(center)[0]
        remedy = Remedy(Does.ROOM, series_id, center.other_room)
        assert remedy in offered(center)[group.key]
        done = center.do(solve, key=group.key, seen=group.seen, remedy=remedy)
        assert ahead(center) == ()
        center.do(undo_change, change_id=done.change_id)
        assert len(ahead(center)) == 1


def test_a_page_that_is_not_the_newest_changes_nothing(center: Center, series: tuple[int, int]) -> None:
    group = ahead(center)[0]
    remedy = Remedy(Does.LATER, series[1], 90)
    center.do(solve, key=group.key, seen=group.seen, remedy=remedy, only_next=True)
    with pytest.raises(Conflict):
        center.do(solve, key=group.key, seen=group.seen, remedy=remedy)
    assert center.starts(series[1])[1] == FIRST + timedelta(weeks=1)


def test_both_are_kept_only_with_a_reason(center: Center, series: tuple[int, int]) -> None:
    keep = Remedy(Does.KEEP, series[1])
    group = ahead(center)[0]
    with pytest.raises(Invalid):
        center.do(solve, key=group.key, seen=group.seen, remedy=keep)
    center.do(solve, key=group.key, seen=group.seen, remedy=keep, reason="The wall opens.")
    assert {each.reason for each in ahead(center)} == {"The wall opens."}


def test_what_is_left_over_and_what_nobody_leads(center: Center) -> None:
    made = center.make(title="Talk", rule=replace(TUESDAYS, count=3))
    reach = Reach(center.people.coordinator.actor, None, center.now.date())
    assert [
        (each.series_id, each.times) for each in center.ask(without_lead, reach=reach, now=center.now)
    ] == [(made.series_id, 3)]
    assert center.ask(left_over, reach=reach, now=center.now) == ()


def test_a_free_place_is_beside_what_stands(center: Center, series: tuple[int, int]) -> None:
    assert series
    day = date(2026, 7, 21)
    wish = Wish(60, 12, day, day, time(18), time(20), ZoneInfo("America/New_York"))
    found = center.ask(
        lambda session: find_place(session, wish, kind=Kind.GROUP, rooms=rooms(session), now=center.now)
    )
    assert [each.local_start for each in found.options if each.room.id == center.room] == [
        FIRST.replace(hour=18)
    ]
