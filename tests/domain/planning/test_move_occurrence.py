from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scheduler.domain.planning.moving import Moved, move_occurrence
from scheduler.domain.planning.stopping import cancel_occurrence
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.clashes import Taken
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.errors import Conflict, Invalid, NotFound, Refused
from tests.domain.planning.center import FIRST, Center

EARLIER = datetime(2026, 7, 20, 17)


def move(center: Center, occurrence_id: int, **changes: Any) -> Moved:
    words = {"local_start": EARLIER, "room_id": center.room, "reason": "Fire drill", "revision": 1} | changes
    return center.do(move_occurrence, occurrence_id=occurrence_id, **words)


def test_an_occurrence_moves_and_keeps_its_name(center: Center) -> None:
    made = center.make(leads=[center.people.facilitator.id])
    move(center, made.occurrences[0], room_id=center.other_room)
    row = center.occurrence(made.occurrences[0])
    assert (row.original_start, row.local_start, row.starts_at, row.ends_at) == (
        FIRST,
        EARLIER,
        datetime(2026, 7, 20, 21, tzinfo=UTC),
        datetime(2026, 7, 20, 22, 30, tzinfo=UTC),
    )
    assert (row.own_start, row.own_room, row.room_id, row.move_reason) == (
        True,
        True,
        center.other_room,
        "Fire drill",
    )
    assert (row.sequence, row.revision) == (1, 2)


def test_the_duties_go_with_it(center: Center) -> None:
    made = center.make(leads=[center.people.facilitator.id])
    move(center, made.occurrences[0])
    [duty] = center.rows(Duty, occurrence_id=made.occurrences[0])
    assert duty.starts_at == datetime(2026, 7, 20, 21, tzinfo=UTC)


def test_the_others_of_the_series_stay(center: Center) -> None:
    made = center.make()
    move(center, made.occurrences[0])
    assert center.starts(made.series_id)[1:] == [FIRST + timedelta(weeks=week) for week in range(1, 26)]


def test_put_back_it_overrides_nothing(center: Center) -> None:
    made = center.make()
    move(center, made.occurrences[0], room_id=center.other_room)
    move(center, made.occurrences[0], local_start=FIRST, revision=2)
    row = center.occurrence(made.occurrences[0])
    assert (row.own_start, row.own_room, row.move_reason, row.sequence) == (False, False, "", 2)


def test_its_time_of_change_rises_although_the_clock_stands(center: Center) -> None:
    made = center.make()
    move(center, made.occurrences[0])
    move(center, made.occurrences[0], local_start=FIRST, revision=2)
    row = center.occurrence(made.occurrences[0])
    assert row.changed_at == center.now + timedelta(seconds=2)


def test_exactly_those_concerned_get_a_new_calendar(center: Center) -> None:
    people = center.people
    made = center.make(leads=[people.facilitator.id], members=[people.member.id])
    center.make(leads=[people.other_facilitator.id], members=[people.other_member.id], room_id=None)
    raised = center.raised_by(lambda: move(center, made.occurrences[0]))
    assert raised == {people.facilitator.id, people.member.id}
    assert center.last_audit() == ("occurrence.moved", "occurrence", made.occurrences[0])


def test_into_a_taken_room_it_is_refused_and_stays(center: Center) -> None:
    center.make(first_start=EARLIER, rule=SINGLE, title="Track B")
    made = center.make()
    with pytest.raises(Taken) as refused:
        move(center, made.occurrences[0])
    assert str(refused.value) == "Elm Street, room 2 is taken on July 20, 5:00 to 6:30 PM: Track B."
    assert center.occurrence(made.occurrences[0]).local_start == FIRST


def test_when_its_leader_leads_something_else_it_is_refused(center: Center) -> None:
    dana = center.people.facilitator.id
    center.make(leads=[dana], first_start=EARLIER, rule=SINGLE, room_id=None)
    made = center.make(leads=[dana])
    with pytest.raises(Taken, match="is taken on July 20"):
        move(center, made.occurrences[0])


def test_a_reason_overrides(center: Center) -> None:
    center.make(first_start=EARLIER, rule=SINGLE)
    made = center.make()
    moved = move(center, made.occurrences[0], override="Both groups agreed.")
    row = center.occurrence(made.occurrences[0])
    assert (row.exclusive, row.override_reason) == (False, "Both groups agreed.")
    assert len(moved.overridden) == 1


def test_away_from_an_overlap_it_is_exclusive_again(center: Center) -> None:
    center.make(rule=SINGLE)
    made = center.make(override="Just once.")
    assert not center.occurrence(made.occurrences[0]).exclusive
    move(center, made.occurrences[0])
    row = center.occurrence(made.occurrences[0])
    assert (row.exclusive, row.override_reason) == (True, "")


def test_a_members_overlap_warns(center: Center) -> None:
    member = center.people.member.id
    center.make(members=[member], first_start=EARLIER, rule=SINGLE, room_id=None, title="Cooking")
    made = center.make(members=[member])
    moved = move(center, made.occurrences[0])
    assert [each.title for each in moved.warnings] == ["Cooking"]


def test_overlapping_its_own_old_place_is_no_conflict(center: Center) -> None:
    made = center.make(leads=[center.people.facilitator.id])
    move(center, made.occurrences[0], local_start=FIRST + timedelta(minutes=30))
    assert center.occurrence(made.occurrences[0]).local_start == FIRST + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"local_start": datetime(2027, 3, 14, 2, 30)}, "local_start"),
        ({"local_start": datetime(2026, 7, 15, 12)}, "local_start"),
        ({"local_start": datetime(2029, 7, 15, 12)}, "local_start"),
        ({"local_start": datetime(9999, 12, 31, 23)}, "local_start"),
        ({"room_id": 9999}, "room_id"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 301}, "reason"),
    ],
)
def test_what_makes_no_sense_is_told_beside_its_field(
    center: Center, changes: dict[str, object], field: str
) -> None:
    made = center.make()
    with pytest.raises(Invalid) as refused:
        move(center, made.occurrences[0], **changes)
    assert list(refused.value.fields) == [field]


def test_a_stale_form_is_refused(center: Center) -> None:
    made = center.make()
    move(center, made.occurrences[0])
    with pytest.raises(Conflict):
        move(center, made.occurrences[0], local_start=FIRST)


def test_what_has_begun_stays(center: Center) -> None:
    made = center.make()
    center.now = datetime(2026, 7, 21, 23, tzinfo=UTC)
    with pytest.raises(Refused):
        move(center, made.occurrences[0], local_start=datetime(2026, 7, 22, 19))


def test_a_cancelled_one_is_not_moved(center: Center) -> None:
    made = center.make()
    center.do(cancel_occurrence, occurrence_id=made.occurrences[0], revision=1, reason="Flood")
    with pytest.raises(Refused):
        move(center, made.occurrences[0], revision=2)


def test_what_does_not_exist_is_not_found(center: Center) -> None:
    with pytest.raises(NotFound):
        move(center, 999)
