from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.places.service import make_site
from scheduler.domain.places.values import SiteDraft
from scheduler.domain.planning import moves
from scheduler.domain.planning.editing import edit_series
from scheduler.domain.planning.handing import lead
from scheduler.domain.planning.leading import substitute
from scheduler.domain.planning.moves import HowFar
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.planning.stopping import cancel_occurrence, restore_occurrence
from scheduler.domain.planning.undoing import Change, Undone, clean_up, undo_change
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.clashes import Taken
from scheduler.domain.schedule.kinds import CauseType
from scheduler.domain.schedule.models import Cause, Occurrence
from scheduler.domain.schedule.queries import plan_of
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.domain.schedule.service import stop
from scheduler.errors import NotFound, Refused
from scheduler.store.memory import Memory
from scheduler.store.transaction import transaction
from tests.domain.planning.center import FIRST, Center

RISING = {"revision", "sequence", "changed_at"}
"""What rises once more instead of going back."""


def state(center: Center) -> dict[str, list[dict[str, Any]]]:
    """Every column of the plan but those that only rise."""
    return {
        model.__tablename__: [
            {
                column.name: getattr(row, column.name)
                for column in row.__table__.columns
                if column.name not in RISING
            }
            for row in center.rows(model)
        ]
        for model in (Occurrence, Duty, Cause)
    }


def move(center: Center, occurrence_id: int, **changes: Any) -> int:
    row = center.occurrence(occurrence_id)
    words = {
        "local_start": row.local_start + timedelta(hours=1),
        "room_id": row.room_id,
        "reason": "Late bus",
        "revision": row.revision,
    }
    return center.do(move_occurrence, occurrence_id=occurrence_id, **(words | changes)).change_id


def cancel(center: Center, occurrence_id: int) -> int:
    row = center.occurrence(occurrence_id)
    return center.do(cancel_occurrence, occurrence_id=row.id, revision=row.revision, reason="Ill")


def restore(center: Center, occurrence_id: int) -> int:
    row = center.occurrence(occurrence_id)
    return center.do(restore_occurrence, occurrence_id=row.id, revision=row.revision).change_id


def lead_by_other(center: Center, occurrence_id: int) -> int:
    [duty] = center.rows(Duty, occurrence_id=occurrence_id)
    person = center.people.other_facilitator.id
    return center.do(substitute, duty_id=duty.id, revision=duty.revision, person_id=person).change_id


def undo(center: Center, change_id: int) -> Undone:
    return center.do(undo_change, change_id=change_id)


@pytest.fixture
def group(center: Center) -> int:
    """The first occurrence of the Tuesday evening group, with a leader and a member."""
    made = center.make(leads=[center.people.facilitator.id], members=[center.people.member.id])
    return made.occurrences[0]


@pytest.mark.parametrize(
    ("act", "change"),
    [(move, Change.MOVE), (cancel, Change.CANCEL), (lead_by_other, Change.LEAD)],
)
def test_everything_is_as_it_was(
    center: Center, group: int, act: Callable[[Center, int], int], change: Change
) -> None:
    before = state(center)
    number = act(center, group)
    assert state(center) != before
    done = undo(center, number)
    assert state(center) == before
    assert done == Undone(change, (group,), (center.occurrence(group).series_id,))
    assert center.last_audit() == ("plan.undone", "occurrence", group)


def test_what_was_put_back_is_cancelled_again(center: Center, group: int) -> None:
    cancel(center, group)
    before = state(center)
    undo(center, restore(center, group))
    assert state(center) == before


def test_a_stale_form_and_old_calendars_see_it_as_one_more_change(center: Center, group: int) -> None:
    people = center.people
    number = move(center, group)
    moved = center.occurrence(group)
    raised = center.raised_by(lambda: undo(center, number))
    row = center.occurrence(group)
    assert raised == {people.member.id, people.facilitator.id}
    assert (row.revision, row.sequence) == (moved.revision + 1, moved.sequence + 1)
    assert row.changed_at > moved.changed_at


def test_a_length_of_its_own_goes_with_it(center: Center, group: int) -> None:
    number = move(center, group, local_start=FIRST, minutes=120)
    row = center.occurrence(group)
    assert (row.own_minutes, row.ends_at - row.starts_at) == (120, timedelta(minutes=120))
    undo(center, number)
    row = center.occurrence(group)
    assert (row.own_minutes, row.ends_at - row.starts_at) == (None, timedelta(minutes=90))


def test_what_was_changed_since_stays(center: Center, group: int) -> None:
    number = move(center, group)
    move(center, group)
    with pytest.raises(Refused, match="was changed since"):
        undo(center, number)


def test_changes_of_one_session_are_undone_one_after_the_other(center: Center, group: int) -> None:
    before = state(center)
    first, second = move(center, group), move(center, group)
    undo(center, second)
    undo(center, first)
    assert state(center) == before


def test_nothing_is_undone_twice(center: Center, group: int) -> None:
    number = move(center, group)
    undo(center, number)
    with pytest.raises(Refused, match="undone already"):
        undo(center, number)


def test_a_room_that_somebody_took_is_told(center: Center, group: int) -> None:
    number = move(center, group, room_id=center.other_room, local_start=FIRST)
    center.make(rule=SINGLE)
    with pytest.raises(Taken):
        undo(center, number)
    assert center.occurrence(group).room_id == center.other_room


def test_a_facilitator_who_is_busy_by_now_is_told(center: Center, group: int) -> None:
    number = cancel(center, group)
    center.make(leads=[center.people.facilitator.id], room_id=None, rule=SINGLE)
    with pytest.raises(Taken):
        undo(center, number)


def test_what_a_closure_stopped_meanwhile_stays_stopped(center: Center, group: int) -> None:
    number = cancel(center, group)

    def close(session: Any, *, actor: Actor, now: datetime) -> None:
        row = session.get(Occurrence, group)
        stop(session, occurrence=row, cause=CauseType.CHANGED, reason="Flood", made_by=None, now=now)

    center.do(close)
    undo(center, number)
    [cause] = center.rows(Cause)
    assert (center.occurrence(group).booked, cause.reason) == (False, "Flood")


def test_a_lead_of_what_has_begun_is_not_undone(center: Center, group: int) -> None:
    center.now = datetime(2026, 7, 21, 22, tzinfo=UTC)
    number = lead_by_other(center, group)
    center.now += timedelta(hours=1)
    with pytest.raises(Refused, match="has begun"):
        undo(center, number)


def test_a_time_that_is_past_by_now_is_not_gone_back_to(center: Center, group: int) -> None:
    center.now = datetime(2026, 7, 21, 22, 30, tzinfo=UTC)  # half an hour before
    number = move(center, group)
    center.now += timedelta(minutes=45)
    with pytest.raises(Refused, match="past by now"):
        undo(center, number)
    center.now += timedelta(minutes=60)
    with pytest.raises(Refused, match="has begun"):
        undo(center, number)


def test_after_a_day_it_is_forgotten(center: Center, group: int) -> None:
    number = move(center, group)
    center.now += timedelta(days=1, seconds=1)
    with pytest.raises(Refused, match="more than a day ago"):
        undo(center, number)
    with center.sessions() as session, transaction(session):
        clean_up(session, now=center.now)
    assert center.rows(Memory) == []
    with pytest.raises(NotFound):
        undo(center, number)


def test_only_who_may_plan_all_of_it_may_undo_it(center: Center, group: int) -> None:
    number = move(center, group)
    other = center.do(make_site, site=SiteDraft("Oak Street", "America/New_York"))
    limits = frozenset({(Role.COORDINATOR, other)})
    theirs = Actor(center.people.coordinator.id, None, frozenset({Role.COORDINATOR}), limits)
    with pytest.raises(NotFound), center.sessions() as session:
        undo_change(session, actor=theirs, change_id=number, now=center.now)


def test_a_step_of_a_members_life_is_no_change_of_the_plan(center: Center) -> None:
    def remembered(session: Any, *, actor: Actor, now: datetime) -> int:
        memory = Memory(person_id=center.people.member.id, kind="move", made_at=now, made_by=None, steps=[])
        session.add(memory)
        session.flush()
        return memory.id

    with pytest.raises(NotFound):
        undo(center, center.do(remembered))


@pytest.mark.parametrize(
    "edited", [{"first_start": FIRST.replace(hour=18)}, {"room_id": None}, {"minutes": 60}]
)
def test_what_would_follow_a_series_that_is_another_by_now_stays(
    center: Center, group: int, edited: dict[str, Any]
) -> None:
    number = move(center, group, room_id=center.other_room, minutes=45)
    series = center.series(center.occurrence(group).series_id)
    plan = replace(plan_of(series), **edited)
    center.do(edit_series, series_id=series.id, revision=series.revision, plan=plan)
    before = state(center)
    with pytest.raises(Refused, match="series was changed since"):
        undo(center, number)
    assert state(center) == before


def test_what_a_colleague_took_over_since_is_not_moved_out_of_their_time(center: Center, group: int) -> None:
    """Even if both happened at the same instant."""
    center.now += timedelta(days=1)
    row = center.occurrence(group)
    words = {"local_start": row.local_start + timedelta(days=2), "room_id": row.room_id}
    done = center.do(moves.move, occurrence_id=group, revision=row.revision, how_far=HowFar.ALL, **words)
    [duty] = center.rows(Duty, occurrence_id=group)
    whom = {"person_id": center.people.other_facilitator.id, "how_far": HowFar.ALL}
    center.do(lead, duty_id=duty.id, revision=duty.revision, **whom)
    before = state(center)
    with pytest.raises(Refused, match="Who leads was changed since"):
        undo(center, done.change_id)
    assert state(center) == before
