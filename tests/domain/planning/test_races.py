"""Many at once for one room, one facilitator, one place. The twins show what a race is without its guard."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.roles import Role
from scheduler.domain.people.service import make_person
from scheduler.domain.planning import concerned, making
from scheduler.domain.planning.horizon import extend_horizon
from scheduler.domain.planning.leading import give_post
from scheduler.domain.planning.making import Made, NewPost, make_series
from scheduler.domain.planning.membership import enroll
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.planning.stopping import cancel_occurrence
from scheduler.domain.roster.models import Duty
from scheduler.domain.roster.positions import Position
from scheduler.domain.schedule.conflicts import Booking, Holder, overlaps
from scheduler.domain.schedule.models import Occurrence
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.errors import Conflict
from scheduler.store.transaction import BUSY, transaction
from tests.domain.planning.center import EVENING, FIRST, Center
from tests.domain.planning.racing import Act, race, winners

FULL = os.environ.get("STRESS") == "full"
ROUNDS = 200 if FULL else 20
CLIENTS = 50 if FULL else 8
SOME = 12 if FULL else 8

pytestmark = pytest.mark.stress


def hour(number: int) -> datetime:
    """Another free hour for each round, within the year."""
    return FIRST.replace(hour=8) + timedelta(hours=2 * (number % 5), days=number // 5)


def booking_of(center: Center, at: datetime, **changes: Any) -> Act[Made]:
    """Somebody makes a single session in room 2 at that hour."""
    plan = replace(EVENING, first_start=at, rule=SINGLE, **{"room_id": center.room, **changes})
    actor = center.people.coordinator.actor
    return lambda session: make_series(session, actor=actor, plan=plan, now=center.now)


def overlapping(center: Center) -> int:
    """How many pairs take place in one room, or under one facilitator, at once."""
    rooms = [(Holder.ROOM, row.room_id, row.id, row) for row in center.rows(Occurrence, booked=True)]
    duties = [
        (Holder.FACILITATOR, row.person_id, row.occurrence_id, row) for row in center.rows(Duty, booked=True)
    ]
    held = [
        Booking(holder, who, row.starts_at, row.ends_at, number)
        for holder, who, number, row in (*rooms, *duties)
        if who is not None
    ]
    return len(overlaps(held))


def test_of_many_who_book_one_room_at_one_hour_exactly_one_wins(center: Center) -> None:
    for number in range(ROUNDS):
        answers = race(center.sessions, [booking_of(center, hour(number))] * CLIENTS)
        assert len(winners(answers)) == 1
    assert len(center.rows(Occurrence)) == ROUNDS
    assert overlapping(center) == 0


def test_of_many_who_move_into_one_room_at_one_hour_exactly_one_wins(center: Center) -> None:
    made = [center.make(room_id=None).occurrences for _ in range(SOME)]
    actor = center.people.coordinator.actor

    def into(occurrence_id: int, at: datetime) -> Act[object]:
        return lambda session: move_occurrence(
            session,
            actor=actor,
            occurrence_id=occurrence_id,
            revision=1,
            local_start=at,
            room_id=center.room,
            reason="Race",
            now=center.now,
        )

    for number in range(min(ROUNDS // 2, 26)):
        answers = race(center.sessions, [into(each[number], hour(number)) for each in made])
        assert len(winners(answers)) == 1
    assert overlapping(center) == 0


def test_of_many_who_book_one_facilitator_at_one_hour_exactly_one_wins(center: Center) -> None:
    dana = center.people.facilitator.id
    actor = center.people.coordinator.actor

    def lead(at: datetime) -> Act[Made]:
        plan = replace(EVENING, first_start=at, rule=SINGLE, room_id=None)
        posts = [NewPost(dana)]
        return lambda session: make_series(session, actor=actor, plan=plan, posts=posts, now=center.now)

    for number in range(ROUNDS // 2):
        assert len(winners(race(center.sessions, [lead(hour(number))] * SOME))) == 1
    assert overlapping(center) == 0


def test_of_many_who_want_the_last_place_exactly_one_gets_it(center: Center) -> None:
    members = [center.member(f"Member {number}") for number in range(SOME)]
    actor = center.people.coordinator.actor

    def join(series_id: int, person_id: int) -> Act[object]:
        return lambda session: enroll(
            session,
            actor=actor,
            series_id=series_id,
            person_id=person_id,
            from_date=FIRST.date(),
            now=center.now,
        )

    for _round in range(ROUNDS // 4):
        series_id = center.make(room_id=None, rule=SINGLE, capacity=1).series_id
        answers = race(center.sessions, [join(series_id, member) for member in members])
        assert len(winners(answers)) == 1
        assert len(center.rows(Enrollment, series_id=series_id)) == 1


def test_two_workers_who_extend_the_horizon_make_each_date_once(center: Center) -> None:
    made = [center.make(room_id=None).series_id for _ in range(4)]
    center.now += timedelta(weeks=3)
    actor = center.people.coordinator.actor
    race(center.sessions, [lambda session: extend_horizon(session, actor=actor, now=center.now)] * 4)
    for series_id in made:
        assert center.starts(series_id) == [FIRST + timedelta(weeks=week) for week in range(29)]


def test_the_twin_that_looks_and_writes_in_two_transactions_books_a_room_twice(center: Center) -> None:
    looked = Barrier(SOME)
    book = booking_of(center, FIRST, room_id=None)

    def careless(_number: int) -> bool:
        with center.sessions() as session:
            taken = session.scalars(select(Occurrence.id).where(Occurrence.room_id == center.room)).all()
        looked.wait()
        with center.sessions() as session, transaction(session):
            if not taken:
                row = session.get_one(Occurrence, book(session).occurrences[0])
                row.room_id, row.exclusive = center.room, False
        return not taken

    with ThreadPoolExecutor(SOME) as pool:
        booked = list(pool.map(careless, range(SOME)))
    assert booked == [True] * SOME
    assert overlapping(center) == SOME * (SOME - 1) // 2


@pytest.mark.databases("postgresql")
def test_without_locks_the_net_of_the_database_lets_only_one_through(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "lock", no_lock)
    for number in range(ROUNDS // 4):
        answers = race(center.sessions, [booking_of(center, hour(number))] * SOME)
        assert len(winners(answers)) <= 1
    assert overlapping(center) == 0


@pytest.mark.databases("postgresql")
def test_the_twin_without_locks_and_without_the_net_books_a_room_twice(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "lock", no_lock)
    with center.sessions() as session, transaction(session):
        session.execute(text("ALTER TABLE occurrence DROP CONSTRAINT ex_occurrence_room"))
    numbers = iter(range(ROUNDS))
    while not overlapping(center):
        race(center.sessions, [booking_of(center, hour(next(numbers)))] * SOME)


@pytest.mark.databases("postgresql")
def test_moves_that_cross_each_other_both_get_through(center: Center) -> None:
    """Each takes the other's room at another hour; dated apart, so that nothing collides but the locks."""
    here = center.make(leads=[center.people.facilitator.id]).occurrences
    there = center.make(room_id=center.other_room, leads=[center.people.other_facilitator.id]).occurrences
    for number in range(min(ROUNDS, 26)):
        answers = race(
            center.sessions,
            [
                move(center, here[number], FIRST.replace(hour=9), center.other_room, number),
                move(center, there[number], FIRST.replace(hour=9), center.room, number),
            ]
            * 2,
        )
        assert len(winners(answers)) == 2
        assert BUSY not in {str(answer) for answer in answers}


@pytest.mark.databases("postgresql")
def test_the_twin_that_locks_in_another_order_deadlocks(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = center.make(), center.make(room_id=center.other_room)
    half_way = Barrier(2)
    monkeypatch.setattr(concerned, "lock", lambda session, **ids: hasty(session, half_way, **ids))
    answers = race(
        center.sessions,
        [
            move(center, here.occurrences[0], FIRST.replace(hour=9), center.other_room, 0),
            move(center, there.occurrences[0], FIRST.replace(hour=9), center.room, 0),
        ],
    )
    assert sorted(isinstance(answer, Conflict) and str(answer) == BUSY for answer in answers) == [False, True]


@pytest.mark.databases("postgresql")
def test_a_coordinator_who_leads_too_cancels_while_getting_a_post(center: Center) -> None:
    """A cause refers to who made it: that reference must not wait for the lock on the same person."""
    both = center.do(make_person, name="Kim Both", email=None, roles=[Role.COORDINATOR, Role.FACILITATOR])
    kim = replace(center.people.coordinator.actor, person_id=both)
    for _round in range(ROUNDS // 2):
        made = center.make(room_id=None)
        answers = race(
            center.sessions,
            [
                lambda session, made=made: give_post(
                    session,
                    actor=kim,
                    series_id=made.series_id,
                    person_id=both,
                    position=Position.LEAD,
                    from_date=FIRST.date(),
                    override="Race",
                    now=center.now,
                ),
                *[
                    lambda session, number=number: cancel_occurrence(
                        session, actor=kim, occurrence_id=number, revision=1, reason="Race", now=center.now
                    )
                    for number in made.occurrences[:3]
                ],
            ],
        )
        assert [answer for answer in answers if isinstance(answer, Conflict)] == []


def move(center: Center, occurrence_id: int, at: datetime, room_id: int, number: int) -> Act[object]:
    """Somebody moves an occurrence of that week to another hour of its day, and into a room."""
    return lambda session: move_occurrence(
        session,
        actor=center.people.coordinator.actor,
        occurrence_id=occurrence_id,
        revision=1,
        local_start=at + timedelta(weeks=number),
        room_id=room_id,
        reason="Race",
        now=center.now,
    )


def no_lock(session: Database, **ids: object) -> None:
    """What `lock` must not be."""


def hasty(session: Database, half_way: Barrier, *, rooms: set[int], **_ids: object) -> None:
    """Locks two rooms one by one, each of two threads another one first."""
    place = half_way.wait()
    for room in sorted(rooms, reverse=place == 0):
        session.execute(text("SELECT id FROM room WHERE id = :id FOR UPDATE"), {"id": room})
        if room == sorted(rooms, reverse=place == 0)[0]:
            half_way.wait()
