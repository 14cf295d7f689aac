"""A change of many is found from every session that it touched, and from their series, for a day."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler.domain.people.roles import Role
from scheduler.domain.planning.acts import Act, Chosen, MoveDays, Stop, ToLead
from scheduler.domain.planning.bulk import do_to_many
from scheduler.domain.planning.changes import Change
from scheduler.domain.planning.ending import end_series
from scheduler.domain.planning.handing import lead
from scheduler.domain.planning.moves import HowFar, move
from scheduler.domain.planning.recent import LastChange, last_change_of_series, last_change_of_session
from scheduler.domain.planning.undoing import undo_change
from scheduler.domain.roster.models import Duty
from tests.domain.planning.center import FIRST, Center

DAY = timedelta(days=1)


@pytest.fixture
def group(center: Center) -> tuple[int, ...]:
    """The sessions of the Tuesday evening group, which Dana leads."""
    return center.make(leads=[center.people.facilitator.id]).occurrences


def of_session(center: Center, number: int) -> LastChange | None:
    viewer = center.people.coordinator.actor
    return center.ask(last_change_of_session, number, viewer=viewer, now=center.now)


def of_series(center: Center, number: int) -> LastChange | None:
    row = center.occurrence(number)
    viewer = center.people.coordinator.actor
    return center.ask(last_change_of_series, row.series_id, viewer=viewer, now=center.now)


def do(center: Center, act: Act, *numbers: int) -> int:
    chosen = [Chosen(each, center.occurrence(each).revision) for each in numbers]
    return center.do(do_to_many, chosen=chosen, act=act).change_id


def test_from_each_of_those_that_were_chosen(center: Center, group: tuple[int, ...]) -> None:
    femi = center.people.other_facilitator.id
    for act in (Stop("Flood"), ToLead(femi), MoveDays(1, "Bus")):
        number = do(center, act, group[1], group[3])
        told = LastChange(number, Change.BULK, center.now, 2)
        assert [of_session(center, each) for each in group[:4]] == [None, told, None, told]
        assert of_series(center, group[0]) == told
        center.do(undo_change, change_id=number)
        assert of_series(center, group[0]) is None


def test_from_all_that_follow_one(center: Center, group: tuple[int, ...]) -> None:
    [duty] = center.rows(Duty, occurrence_id=group[2])
    words = {"how_far": HowFar.FOLLOWING, "person_id": center.people.other_facilitator.id}
    done = center.do(lead, duty_id=duty.id, revision=1, **words)
    told = LastChange(done.change_id, Change.LEAD, center.now, 24)
    assert [of_session(center, each) for each in group[1:4]] == [None, told, told]
    assert of_series(center, group[0]) == told


def test_from_both_halves_of_a_series_that_was_split(center: Center, group: tuple[int, ...]) -> None:
    row = center.occurrence(group[2])
    done = center.do(
        move,
        occurrence_id=row.id,
        revision=row.revision,
        how_far=HowFar.FOLLOWING,
        local_start=row.local_start - timedelta(hours=1),
        room_id=row.room_id,
        minutes=None,
        reason="",
        override="",
    )
    told = LastChange(done.change_id, Change.EDIT, center.now, 24)
    assert [of_session(center, each) for each in group[1:4]] == [None, told, told]
    assert of_series(center, group[0]) == of_series(center, group[2]) == told


def test_the_last_of_several_comes_first(center: Center, group: tuple[int, ...]) -> None:
    first = do(center, Stop("Flood"), group[1], group[3])
    told_first = of_series(center, group[0])
    center.now += timedelta(minutes=1)
    row = center.series(center.occurrence(group[0]).series_id)
    end = center.do(end_series, series_id=row.id, revision=row.revision, last=FIRST.date() + 3 * DAY * 7)
    told = of_series(center, group[0])
    assert told is not None
    assert (told.change_id, told.change) == (end.change_id, Change.END)
    center.do(undo_change, change_id=end.change_id)
    assert of_series(center, group[0]) == told_first
    assert told_first is not None
    assert told_first.change_id == first


def test_for_a_day_and_for_those_who_may_plan_all_of_it(center: Center, group: tuple[int, ...]) -> None:
    do(center, Stop("Flood"), group[1], group[3])
    limited = replace(center.people.coordinator.actor, limits=frozenset({(Role.COORDINATOR, 99)}))
    assert center.ask(last_change_of_session, group[1], viewer=limited, now=center.now) is None
    center.now += DAY
    assert of_session(center, group[1]) is not None
    center.now += timedelta(seconds=1)
    assert of_session(center, group[1]) is None
