"""Many at once for one series, one choice of sessions, one change to undo."""

import os
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from scheduler.domain.planning import undoing
from scheduler.domain.planning.acts import Chosen, ToRoom
from scheduler.domain.planning.bulk import do_to_many
from scheduler.domain.planning.moves import HowFar
from scheduler.domain.planning.moves import move as move_many
from scheduler.domain.planning.undoing import undo_change
from scheduler.domain.schedule.models import Series
from scheduler.errors import Refused
from scheduler.store.transaction import BUSY
from tests.domain.planning.center import FIRST, Center
from tests.domain.planning.racing import Act, race, winners
from tests.domain.planning.test_races import booking_of, move, overlapping

ROUNDS = 60 if os.environ.get("STRESS") == "full" else 6
CLIENTS = 10 if os.environ.get("STRESS") == "full" else 4
"""Each drops at another hour than that of the group: from 8 on."""
WEEK = timedelta(weeks=1)
PLANNED = 24
"""Weeks of a series that a race may use up one after the other."""

pytestmark = pytest.mark.stress


def drop(center: Center, occurrence_id: int, hour: int) -> Act[object]:
    """Somebody drops an occurrence and those that follow at another hour."""
    row = center.occurrence(occurrence_id)
    return lambda session: move_many(
        session,
        actor=center.people.coordinator.actor,
        occurrence_id=occurrence_id,
        revision=row.revision,
        how_far=HowFar.FOLLOWING,
        local_start=row.local_start.replace(hour=hour),
        room_id=row.room_id,
        now=center.now,
    )


def undo(center: Center, change_id: int) -> Act[object]:
    """Somebody undoes a change; what was undone already is told like a conflict."""

    def act(session: Any) -> object:
        try:
            return undo_change(
                session, actor=center.people.coordinator.actor, change_id=change_id, now=center.now
            )
        except Refused:
            return None

    return act


def to_room(center: Center, occurrences: tuple[int, ...], room_id: int) -> Act[object]:
    """Somebody gives them all another room."""
    chosen = [Chosen(number, center.occurrence(number).revision) for number in occurrences]
    return lambda session: do_to_many(
        session,
        actor=center.people.coordinator.actor,
        chosen=chosen,
        act=ToRoom(room_id, "Race"),
        now=center.now,
    )


def moved(center: Center, occurrence_id: int) -> int:
    """The change of a session that was moved to the other room."""
    row = center.occurrence(occurrence_id)
    act = move(center, occurrence_id, row.local_start, center.other_room, 0)
    [done] = race(center.sessions, [act])
    change_id: int = done.change_id  # type: ignore[attr-defined, union-attr]  # nobody else is there to win
    return change_id


def test_of_many_who_drop_one_occurrence_and_what_follows_exactly_one_wins(center: Center) -> None:
    for number in range(ROUNDS):
        made = center.make(room_id=None)
        answers = race(center.sessions, [drop(center, made.occurrences[3], 8 + n) for n in range(CLIENTS)])
        assert len(winners(answers)) == 1
        assert len(center.rows(Series)) == 2 * (number + 1)


def test_choices_that_cross_each_other_both_get_through(center: Center) -> None:
    here = center.make(leads=[center.people.facilitator.id]).occurrences
    there = center.make(
        first_start=FIRST.replace(hour=9),
        room_id=center.other_room,
        leads=[center.people.other_facilitator.id],
    ).occurrences
    rooms = (center.other_room, center.room)
    for number in range(ROUNDS):
        to, fro = rooms if number % 2 == 0 else rooms[::-1]
        answers = race(center.sessions, [to_room(center, here[:3], to), to_room(center, there[:3], fro)])
        assert len(winners(answers)) == 2
        assert BUSY not in {str(answer) for answer in answers}


def test_of_many_who_undo_one_change_exactly_one_does(center: Center) -> None:
    made = center.make()
    for number in range(min(ROUNDS, PLANNED)):
        change_id = moved(center, made.occurrences[number])
        answers = race(center.sessions, [undo(center, change_id)] * CLIENTS)
        assert len([answer for answer in winners(answers) if answer is not None]) == 1


def test_who_undoes_and_who_books_the_room_do_not_both_get_it(center: Center) -> None:
    made = center.make()
    for number in range(min(ROUNDS, PLANNED)):
        change_id = moved(center, made.occurrences[number])
        book = booking_of(center, FIRST + number * WEEK)
        answers = race(center.sessions, [undo(center, change_id), book])
        assert len(winners(answers)) == 1
    assert overlapping(center) == 0


@pytest.mark.databases("postgresql")
def test_the_twin_that_does_not_lock_undoes_one_change_twice(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, together = center.make(), Barrier(2)

    def wait(*_args: object, **_words: object) -> None:
        together.wait()

    monkeypatch.setattr(undoing, "hold_all", wait)
    for number in range(26):
        change_id = moved(center, made.occurrences[number])
        answers = race(center.sessions, [undo(center, change_id)] * 2)
        if len([answer for answer in winners(answers) if answer is not None]) == 2:
            return
    pytest.fail("It was never undone twice, so that the race above proves nothing.")
