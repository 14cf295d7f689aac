"""All that collides in the plan, beside every pair of bookings compared by itself."""

from datetime import datetime, timedelta
from itertools import combinations
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.queries import members_by_occurrence, members_taken
from scheduler.domain.people.models import KeptApart, Person
from scheduler.domain.people.roles import Role
from scheduler.domain.people.service import make_person
from scheduler.domain.places.models import Room
from scheduler.domain.planning.apart import keep_apart
from scheduler.domain.planning.colliding import collisions, meetings_apart
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.planning.stopping import cancel_occurrence
from scheduler.domain.roster.queries import facilitators_taken, leaders_by_occurrence
from scheduler.domain.schedule.conflicts import Booking, Overlap
from scheduler.domain.schedule.models import Occurrence
from scheduler.domain.schedule.queries import rooms_taken
from scheduler.domain.schedule.recurrence import Frequency, Rule
from tests.domain.planning.center import FIRST, Center

WHY = "Both fit."
ZONES = ("America/New_York", "America/Phoenix", "Europe/Berlin")


def told(found: list[Overlap]) -> set[frozenset[Booking]]:
    return {frozenset((each.first, each.second)) for each in found}


def every_pair(session: Database, now: datetime) -> set[frozenset[Booking]]:
    """The rule itself, for every two bookings that there are."""
    end = now + timedelta(days=800)
    rooms = set(session.scalars(select(Room.id).where(~Room.shared)))
    persons = set(session.scalars(select(Person.id)))
    bookings = rooms_taken(session, rooms, now, end)
    bookings += facilitators_taken(session, persons, now, end) + members_taken(session, persons, now, end)
    return {
        frozenset((one, other))
        for one, other in combinations(bookings, 2)
        if one.resource == other.resource
        and one.occurrence != other.occurrence
        and one.starts < other.ends
        and other.starts < one.ends
    }


def crowded(center: Center, seed: int) -> list[int]:
    """A few series that get into each other's way, in several zones, some moved, some cancelled."""
    random = Random(seed)  # noqa: S311 -- the same plan every time
    both = [Role.FACILITATOR, Role.MEMBER]
    leads = [center.do(make_person, name=f"Lead {number}", email=None, roles=both) for number in range(3)]
    members = [center.member(f"Member {number}") for number in range(5)]
    made = []
    for number in range(9):
        start = FIRST + timedelta(days=random.randrange(2), minutes=15 * random.randrange(10))
        days = tuple(sorted({start.weekday(), random.randrange(7)}))
        answer = center.make(
            title=f"Group {number}",
            first_start=start,
            timezone=random.choice(ZONES),
            rule=Rule(Frequency.WEEKLY, interval=random.choice((1, 2)), weekdays=days, count=6),
            room_id=random.choice((center.room, center.other_room, center.hall, None)),
            leads=random.sample(leads, random.randrange(3)),
            members=random.sample(members + leads[:2], 3),
            override=WHY,
        )
        made.append(answer.series_id)
    for series_id in made[:4]:
        first, second, third = center.occurrences(series_id)[:3]
        aside = second.local_start + timedelta(minutes=30)
        words = {"revision": 1, "reason": WHY}
        center.do(
            move_occurrence,
            occurrence_id=first.id,
            local_start=aside,
            room_id=first.room_id,
            override=WHY,
            **words,
        )
        center.do(cancel_occurrence, occurrence_id=third.id, **words)
    return [*members, *leads]


@pytest.mark.parametrize("seed", range(2))
def test_what_collides_is_what_comparing_every_pair_finds(center: Center, seed: int) -> None:
    crowded(center, seed)
    found = center.ask(collisions, now=center.now)
    assert told(found) == center.ask(every_pair, center.now)
    assert len(told(found)) == len(found) > 20


def test_what_two_series_have_together_is_their_part_of_all(center: Center) -> None:
    crowded(center, 5)
    everything = told(center.ask(collisions, now=center.now))
    series = {each.id: each.series_id for each in center.rows(Occurrence)}
    for one, other in ((1, 2), (2, 3), (3, 4)):
        theirs = {
            pair for pair in everything if {series[booking.occurrence] for booking in pair} <= {one, other}
        }
        assert told(center.ask(collisions, now=center.now, series=[one, other])) == theirs


def test_what_is_over_is_not_told(center: Center) -> None:
    crowded(center, 6)
    later = center.now + timedelta(weeks=3)
    assert told(center.ask(collisions, now=later)) == center.ask(every_pair, later)
    assert center.ask(collisions, now=center.now + timedelta(weeks=200)) == []


def test_two_who_are_kept_apart_are_told_wherever_both_would_be(center: Center) -> None:
    persons = crowded(center, 7)
    for one, other in ((0, 1), (2, 5), (5, 6), (3, 7)):
        center.do(keep_apart, person_id=persons[one], other_id=persons[other])

    def by_hand(session: Database) -> list[tuple[int, int, int]]:
        occurrences = session.scalars(
            select(Occurrence.id).where(Occurrence.booked).order_by(Occurrence.id)
        ).all()
        members = members_by_occurrence(session, occurrences)
        leads = leaders_by_occurrence(session, occurrences)
        pairs = session.execute(select(KeptApart.person_id, KeptApart.other_id)).all()
        return [
            (one, other, each)
            for each in occurrences
            for one, other in sorted(map(tuple, pairs))
            if one < other and {one, other} <= {*members.get(each, ()), *leads.get(each, ())}
        ]

    found = center.ask(meetings_apart, now=center.now)
    assert found == center.ask(by_hand)
    assert len(found) > 5
