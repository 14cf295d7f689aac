"""A place is closed while somebody moves a session into it; the twin shows what that is without locks."""

import os
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.planning import closing, concerned
from scheduler.domain.planning.calling import calls_of, set_reached
from scheduler.domain.planning.closing import close_place
from scheduler.domain.planning.closure_drafts import ClosureDraft, all_but_medication
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.planning.reach import Reach
from scheduler.domain.schedule.models import ClosureCall, Occurrence
from scheduler.errors import Conflict
from scheduler.store.transaction import BUSY, transaction
from tests.domain.planning.center import FIRST, Center
from tests.domain.planning.racing import Act, race, winners
from tests.domain.planning.shut import RELOCATE, STOP, WEEK_OF_FIRST, close, lift

ROUNDS = 60 if os.environ.get("STRESS") == "full" else 6

pytestmark = pytest.mark.stress


def closing_of(center: Center, choice: Any = STOP) -> Act[Any]:
    draft = ClosureDraft("Water", *WEEK_OF_FIRST, room_id=center.room, choices=all_but_medication(choice))
    actor = center.people.coordinator.actor
    return lambda session: close_place(session, actor=actor, draft=draft, now=center.now)


def moving_into(center: Center, number: int) -> Act[Any]:
    row = center.occurrence(number)
    return lambda session: move_occurrence(
        session,
        actor=center.people.coordinator.actor,
        occurrence_id=number,
        revision=row.revision,
        local_start=FIRST + timedelta(days=1),
        room_id=center.room,
        reason="Race",
        now=center.now,
    )


def left_inside(center: Center) -> list[int]:
    begin, end = WEEK_OF_FIRST
    return [
        row.id
        for row in center.rows(Occurrence, booked=True, room_id=center.room)
        if begin < row.local_start < end
    ]


@pytest.mark.parametrize("choice", [STOP, RELOCATE])
def test_whoever_is_first_nothing_is_left_in_a_closed_place(center: Center, choice: Any) -> None:
    for _ in range(ROUNDS):
        number = center.make(room_id=None).occurrences[0]
        answers = race(center.sessions, [closing_of(center, choice), moving_into(center, number)])
        assert BUSY not in {str(each) for each in answers}
        if not isinstance(answers[0], Conflict):
            assert left_inside(center) == []
            lift(center, answers[0].closure_id)
        row = center.occurrence(number)
        assert isinstance(answers[1], Conflict) or row.local_start == FIRST + timedelta(days=1)
        away = center.people.coordinator.actor
        with center.sessions.begin() as session:
            move_occurrence(
                session,
                actor=away,
                occurrence_id=number,
                revision=row.revision,
                local_start=FIRST + timedelta(days=20),
                room_id=None,
                reason="Away",
                now=center.now,
            )


@pytest.mark.databases("postgresql")
def test_the_twin_without_locks_leaves_a_session_in_a_closed_place(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who closes does not see what is not committed yet, nor who moves what is closed since."""
    for module in (closing, concerned):
        monkeypatch.setattr(module, "lock", lambda _session, **_ids: None)
    number = center.make(room_id=None).occurrences[0]
    with center.sessions() as moving, transaction(moving):
        moving_into(center, number)(moving)
        with center.sessions() as shutting, transaction(shutting):
            closing_of(center)(shutting)
    assert left_inside(center) == [number]


def test_two_who_tick_the_same_person_at_once_leave_one_tick(center: Center) -> None:
    center.make(members=[center.people.member.id])
    closure_id = close(center).closure_id
    reach = Reach(SYSTEM, None, on=center.now.date())

    def tick(session: Database) -> None:
        set_reached(
            session,
            actor=center.people.coordinator.actor,
            closure_id=closure_id,
            person_id=center.people.member.id,
            is_reached=True,
            reach=reach,
            now=center.now,
        )

    assert len(winners(race(center.sessions, [tick] * 4))) == 4
    assert len(center.rows(ClosureCall)) == 1
    number = center.rows(Occurrence, booked=False)[0].id
    assert center.ask(calls_of, closure_id, [number], reach=reach).reached == {center.people.member.id}
