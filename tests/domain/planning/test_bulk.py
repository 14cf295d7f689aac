from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.places.service import make_site
from scheduler.domain.places.values import SiteDraft
from scheduler.domain.planning.acts import Act, Chosen, Left, MoveDays, Stop, ToLead, ToRoom
from scheduler.domain.planning.bulk import MOST, Summary, do_to_many
from scheduler.domain.planning.consequences import Consequences
from scheduler.domain.planning.stopping import cancel_occurrence
from scheduler.domain.planning.undoing import undo_change
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.clashes import Taken
from scheduler.domain.schedule.models import Cause
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.errors import Conflict, Invalid, NotFound
from scheduler.store.audit import AuditEntry
from tests.domain.planning.center import FIRST, Center
from tests.domain.planning.test_undo_change import state

WEEK, DAY = timedelta(weeks=1), timedelta(days=1)


def choose(center: Center, numbers: Sequence[int]) -> list[Chosen]:
    return [Chosen(number, center.occurrence(number).revision) for number in numbers]


def do(center: Center, numbers: Sequence[int], act: Act, override: str = "") -> Summary:
    return center.do(do_to_many, chosen=choose(center, numbers), act=act, override=override)


@pytest.fixture
def group(center: Center) -> tuple[int, ...]:
    """The occurrences of the Tuesday evening group, with a leader and a member."""
    made = center.make(leads=[center.people.facilitator.id], members=[center.people.member.id])
    return made.occurrences


def test_many_are_stopped_with_one_reason(center: Center, group: tuple[int, ...]) -> None:
    center.do(cancel_occurrence, occurrence_id=group[1], revision=1, reason="Ill")
    raised = center.raised_by(lambda: do(center, [group[0], group[2]], Stop("  Flood ")))
    assert raised == {center.people.member.id, center.people.facilitator.id}
    done = do(center, [group[1], group[3]], Stop("Flood"))
    assert done.left == (Left(group[1], "It is cancelled already."),)
    assert done.consequences == Consequences(occurrences=1, members=1, duties=1)
    assert [(each.occurrence_id, each.reason) for each in center.rows(Cause)] == [
        (group[1], "Ill"),
        (group[0], "Flood"),
        (group[2], "Flood"),
        (group[3], "Flood"),
    ]
    audit = center.rows(AuditEntry, action="occurrence.cancelled")
    assert [entry.subject_id for entry in audit] == [group[1], group[0], group[2], group[3]]


def test_many_move_by_days_into_each_others_places(center: Center, group: tuple[int, ...]) -> None:
    center.do(cancel_occurrence, occurrence_id=group[3], revision=1, reason="Ill")
    done = do(center, group[:3], MoveDays(7, "Fair"))
    assert done.done == group[:3]
    assert center.starts(center.occurrence(group[0]).series_id)[:3] == [
        FIRST + WEEK,
        FIRST + 2 * WEEK,
        FIRST + 3 * WEEK,
    ]


def test_what_cannot_move_is_told_and_the_rest_moves(center: Center, group: tuple[int, ...]) -> None:
    center.now = datetime(2026, 7, 29, 16, tzinfo=UTC)
    center.do(cancel_occurrence, occurrence_id=group[3], revision=1, reason="Ill")
    done = do(center, group[:5], MoveDays(-7, "Fair"), override="Agreed")
    assert done.left == (
        Left(group[0], "It has begun. What is past stays as it was."),
        Left(group[1], "It has begun. What is past stays as it was."),
        Left(group[2], "This time is past."),
        Left(group[3], "It does not take place."),
    )
    assert done.done == (group[4],)


def test_many_go_to_another_room(center: Center, group: tuple[int, ...]) -> None:
    done = do(center, group[:2], ToRoom(center.other_room, "Paint"))
    assert [center.occurrence(number).room_id for number in group[:3]] == [
        center.other_room,
        center.other_room,
        center.room,
    ]
    again = do(center, group[:2], ToRoom(center.other_room, "Paint"))
    assert (again.done, again.change_id, [each.why for each in again.left]) == (
        (),
        0,
        ["It is there already."] * 2,
    )
    assert done.change_id


def test_many_get_another_lead(center: Center, group: tuple[int, ...]) -> None:
    other = center.people.other_facilitator.id
    without = center.make(room_id=None, rule=SINGLE, first_start=FIRST + DAY).occurrences[0]
    done = do(center, [*group[:2], without], ToLead(other))
    assert done.left == (Left(without, "Nobody leads it who could be replaced."),)
    assert [each.person_id for each in center.rows(Duty)][:3] == [other, other, center.people.facilitator.id]


def test_one_taken_room_refuses_all_of_them(center: Center, group: tuple[int, ...]) -> None:
    center.make(room_id=center.other_room, first_start=FIRST + WEEK, rule=SINGLE)
    before = state(center)
    with pytest.raises(Taken):
        do(center, group[:3], ToRoom(center.other_room, "Paint"))
    assert state(center) == before
    done = do(center, group[:3], ToRoom(center.other_room, "Paint"), override="Agreed")
    assert len(done.consequences.conflicts) == 1
    assert [center.occurrence(number).exclusive for number in group[:3]] == [True, False, True]


@pytest.mark.parametrize("act", [Stop("Flood"), MoveDays(1, "Fair"), MoveDays(-1, "Fair"), "room", "lead"])
def test_all_of_it_is_undone(center: Center, group: tuple[int, ...], act: Act | str) -> None:
    acts: dict[Act | str, Act] = {
        "room": ToRoom(center.other_room, "Paint"),
        "lead": ToLead(center.people.other_facilitator.id),
    }
    before = state(center)
    done = do(center, group[:6], acts.get(act, act))  # type: ignore[arg-type]  # a text is one of the keys
    assert state(center) != before
    undone = center.do(undo_change, change_id=done.change_id)
    assert state(center) == before
    assert undone.occurrences == group[:6]


def test_who_saw_an_older_state_changes_nothing(center: Center, group: tuple[int, ...]) -> None:
    chosen = choose(center, group[:2])
    do(center, group[:1], MoveDays(1, "Fair"))
    before = state(center)
    with pytest.raises(Conflict):
        center.do(do_to_many, chosen=chosen, act=Stop("Flood"))
    assert state(center) == before


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (Stop(" "), "reason"),
        (MoveDays(0, "Fair"), "days"),
        (MoveDays(9999, "Fair"), "days"),
        (ToRoom(99, "Fair"), "room_id"),
        (ToLead(1), "person_id"),
    ],
)
def test_what_makes_no_sense_is_told_beside_its_field(
    center: Center, group: tuple[int, ...], act: Act, field: str
) -> None:
    with pytest.raises(Invalid) as invalid:
        do(center, group[:1], act)
    assert list(invalid.value.fields) == [field]


@pytest.mark.parametrize("number", [0, MOST + 1])
def test_none_and_more_than_500_are_refused(center: Center, number: int) -> None:
    with pytest.raises(Invalid, match="from 1 to 500"):
        center.do(do_to_many, chosen=[Chosen(each, 1) for each in range(number)], act=Stop("Flood"))


def test_what_is_out_of_reach_or_not_there_is_not_found(center: Center, group: tuple[int, ...]) -> None:
    with pytest.raises(NotFound):
        center.do(do_to_many, chosen=[Chosen(group[0], 1), Chosen(9999, 1)], act=Stop("Flood"))
    other = center.do(make_site, site=SiteDraft("Oak Street", "America/New_York"))
    limits = frozenset({(Role.COORDINATOR, other)})
    theirs = Actor(center.people.coordinator.id, None, frozenset({Role.COORDINATOR}), limits)
    with pytest.raises(NotFound), center.sessions() as session:
        do_to_many(session, actor=theirs, chosen=choose(center, group[:1]), act=Stop("x"), now=center.now)
