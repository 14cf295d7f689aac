from datetime import UTC, datetime

import pytest

from scheduler.domain.planning.stopping import cancel_occurrence, restore_occurrence
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.clashes import Taken
from scheduler.domain.schedule.models import Cause, Occurrence
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.errors import Conflict, Invalid, Refused
from scheduler.store.transaction import transaction
from tests.domain.planning.center import FIRST, Center


def cancel(center: Center, occurrence_id: int, revision: int = 1) -> None:
    center.do(cancel_occurrence, occurrence_id=occurrence_id, revision=revision, reason="Flood")


def test_a_cancelled_one_keeps_who_when_and_why(center: Center) -> None:
    made = center.make(leads=[center.people.facilitator.id])
    cancel(center, made.occurrences[0])
    [cause] = center.rows(Cause)
    assert (cause.occurrence_id, cause.type, cause.reason, cause.made_by, cause.made_at) == (
        made.occurrences[0],
        "coordinator",
        "Flood",
        center.people.coordinator.id,
        center.now,
    )
    row = center.occurrence(made.occurrences[0])
    assert (row.booked, row.sequence, row.revision) == (False, 1, 2)
    assert [duty.booked for duty in center.rows(Duty, occurrence_id=row.id)] == [False]


def test_its_room_and_its_leader_are_free_then(center: Center) -> None:
    dana = center.people.facilitator.id
    made = center.make(leads=[dana])
    cancel(center, made.occurrences[0])
    assert center.make(leads=[dana], rule=SINGLE).overridden == ()


def test_a_cancel_is_undone(center: Center) -> None:
    made = center.make(leads=[center.people.facilitator.id])
    cancel(center, made.occurrences[0])
    restored = center.do(restore_occurrence, occurrence_id=made.occurrences[0], revision=2)
    assert restored.takes_place
    assert center.rows(Cause) == []
    row = center.occurrence(made.occurrences[0])
    assert (row.booked, row.exclusive, row.sequence, row.revision) == (True, True, 2, 3)
    assert [duty.booked for duty in center.rows(Duty, occurrence_id=row.id)] == [True]


def test_one_whose_room_was_taken_meanwhile_stays_stopped(center: Center) -> None:
    made = center.make()
    cancel(center, made.occurrences[0])
    center.make(rule=SINGLE, title="Track B")
    with pytest.raises(Taken, match="room 2 is taken on July 21"):
        center.do(restore_occurrence, occurrence_id=made.occurrences[0], revision=2)
    assert not center.occurrence(made.occurrences[0]).booked
    assert len(center.rows(Cause)) == 1


def test_one_whose_leader_was_taken_meanwhile_stays_stopped(center: Center) -> None:
    dana = center.people.facilitator.id
    made = center.make(leads=[dana])
    cancel(center, made.occurrences[0])
    center.make(leads=[dana], rule=SINGLE, room_id=None)
    with pytest.raises(Taken, match="Dana R"):
        center.do(restore_occurrence, occurrence_id=made.occurrences[0], revision=2)


def test_a_reason_restores_it_all_the_same(center: Center) -> None:
    dana = center.people.facilitator.id
    made = center.make(leads=[dana])
    cancel(center, made.occurrences[0])
    center.make(leads=[dana], rule=SINGLE)
    center.do(restore_occurrence, occurrence_id=made.occurrences[0], revision=2, override="Agreed.")
    row = center.occurrence(made.occurrences[0])
    assert (row.booked, row.exclusive, row.override_reason) == (True, False, "Agreed.")
    [duty] = center.rows(Duty, occurrence_id=row.id)
    assert (duty.booked, duty.exclusive, duty.override_reason) == (True, False, "Agreed.")


def test_another_cause_still_stops_it(center: Center) -> None:
    made = center.make()
    cancel(center, made.occurrences[0])
    with center.sessions() as session, transaction(session):
        cause = Cause(occurrence_id=made.occurrences[0], type="closure", reason="", made_at=center.now)
        session.add(cause)
    restored = center.do(restore_occurrence, occurrence_id=made.occurrences[0], revision=2)
    assert not restored.takes_place
    assert not center.occurrence(made.occurrences[0]).booked
    assert [cause.type for cause in center.rows(Cause)] == ["closure"]


def test_exactly_those_concerned_get_a_new_calendar(center: Center) -> None:
    people = center.people
    made = center.make(leads=[people.facilitator.id], members=[people.member.id])
    raised = center.raised_by(lambda: cancel(center, made.occurrences[0]))
    assert raised == {people.facilitator.id, people.member.id}
    assert center.last_audit() == ("occurrence.cancelled", "occurrence", made.occurrences[0])


def test_cancelling_twice_is_a_conflict_and_so_is_restoring_what_takes_place(center: Center) -> None:
    made = center.make()
    with pytest.raises(Conflict):
        center.do(restore_occurrence, occurrence_id=made.occurrences[0], revision=1)
    cancel(center, made.occurrences[0])
    with pytest.raises(Conflict):
        cancel(center, made.occurrences[0], revision=2)


def test_it_needs_a_reason_and_the_newest_revision(center: Center) -> None:
    made = center.make()
    with pytest.raises(Invalid) as refused:
        center.do(cancel_occurrence, occurrence_id=made.occurrences[0], revision=1, reason=" ")
    assert refused.value.fields == {"reason": "Give a reason."}
    with pytest.raises(Conflict):
        cancel(center, made.occurrences[0], revision=7)
    assert {each.booked for each in center.rows(Occurrence)} == {True}


def test_what_has_begun_stays(center: Center) -> None:
    made = center.make(first_start=FIRST)
    center.now = datetime(2026, 7, 21, 23, 30, tzinfo=UTC)
    with pytest.raises(Refused):
        cancel(center, made.occurrences[0])
