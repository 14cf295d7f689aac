"""Another facilitator leads from one occurrence on."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from scheduler.domain.planning.handing import lead
from scheduler.domain.planning.leading import give_post, substitute
from scheduler.domain.planning.moves import Done, HowFar
from scheduler.domain.planning.undoing import undo_change
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.roster.positions import Position
from scheduler.domain.schedule.clashes import Taken
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.errors import Conflict, Invalid, NotFound, Refused
from tests.domain.planning.center import FIRST, Center
from tests.domain.planning.test_undo_change import state

WEEK = timedelta(weeks=1)


def hand(center: Center, occurrence_id: int, how_far: HowFar, **changes: Any) -> Done:
    duty = center.rows(Duty, occurrence_id=occurrence_id)[0]
    words = {
        "duty_id": duty.id,
        "revision": duty.revision,
        "person_id": center.people.other_facilitator.id,
    }
    return center.do(lead, how_far=how_far, **(words | changes))


def terms(center: Center) -> list[tuple[int, date, date | None]]:
    return [(post.person_id, post.from_date, post.until_date) for post in center.rows(Post)]


@pytest.fixture
def group(center: Center) -> tuple[int, ...]:
    return center.make(leads=[center.people.facilitator.id]).occurrences


def test_only_this_one_is_a_substitution(center: Center, group: tuple[int, ...]) -> None:
    done = hand(center, group[2], HowFar.ONE)
    assert done.consequences.duties == 1
    assert len(terms(center)) == 1


def test_from_this_one_on_the_post_has_another_holder(center: Center, group: tuple[int, ...]) -> None:
    people = center.people
    raised = center.raised_by(lambda: hand(center, group[2], HowFar.FOLLOWING))
    assert raised == {people.facilitator.id, people.other_facilitator.id}
    assert terms(center) == [
        (people.facilitator.id, date(2026, 7, 21), date(2026, 8, 3)),
        (people.other_facilitator.id, date(2026, 8, 4), None),
    ]
    series_id = center.occurrence(group[0]).series_id
    assert [person for _, person in center.leaders(series_id)] == [people.facilitator.id] * 2 + [
        people.other_facilitator.id
    ] * 24
    assert center.last_audit() == ("post.handed_over", "series", series_id)


def test_all_that_are_to_come_leaves_what_was(center: Center, group: tuple[int, ...]) -> None:
    center.now = datetime(2026, 8, 5, 16, tzinfo=UTC)
    done = hand(center, group[9], HowFar.ALL)
    assert done.consequences.duties == 23
    assert terms(center)[1][1] == date(2026, 8, 11)


def test_before_it_began_nobody_else_ever_had_it(center: Center, group: tuple[int, ...]) -> None:
    hand(center, group[4], HowFar.ALL)
    assert terms(center) == [(center.people.other_facilitator.id, date(2026, 7, 21), None)]


def test_who_stands_in_still_does(center: Center, group: tuple[int, ...]) -> None:
    ines = center.facilitator("Ines Vale")
    [duty] = center.rows(Duty, occurrence_id=group[5])
    center.do(substitute, duty_id=duty.id, revision=1, person_id=ines)
    hand(center, group[2], HowFar.FOLLOWING)
    assert center.rows(Duty, occurrence_id=group[5])[0].person_id == ines


def test_somebody_busy_is_told_and_overridden_with_a_reason(center: Center, group: tuple[int, ...]) -> None:
    other = center.people.other_facilitator.id
    center.make(leads=[other], room_id=None, rule=SINGLE, first_start=FIRST + 3 * WEEK)
    before = state(center)
    with pytest.raises(Taken):
        hand(center, group[2], HowFar.FOLLOWING)
    assert state(center) == before
    hand(center, group[2], HowFar.FOLLOWING, override="Agreed")
    assert [d.exclusive for d in center.rows(Duty, person_id=other, occurrence_id=group[3])] == [False]


@pytest.mark.parametrize("how_far", [HowFar.FOLLOWING, HowFar.ALL])
def test_it_is_undone(center: Center, group: tuple[int, ...], how_far: HowFar) -> None:
    before = state(center), terms(center)
    done = hand(center, group[2], how_far)
    center.do(undo_change, change_id=done.change_id)
    assert (state(center), terms(center)) == before


def test_what_cannot_be(center: Center, group: tuple[int, ...]) -> None:
    people = center.people
    with pytest.raises(Conflict):
        hand(center, group[2], HowFar.FOLLOWING, revision=7)
    with pytest.raises(Conflict, match="post here already"):
        hand(center, group[2], HowFar.FOLLOWING, person_id=people.facilitator.id)
    with pytest.raises(Invalid):
        hand(center, group[2], HowFar.FOLLOWING, person_id=people.member.id)
    with pytest.raises(NotFound):
        hand(center, group[2], HowFar.FOLLOWING, duty_id=999)
    series_id = center.occurrence(group[0]).series_id
    center.do(
        give_post,
        series_id=series_id,
        person_id=people.other_facilitator.id,
        position=Position.CO_FACILITATOR,
        from_date=date(2026, 9, 1),
    )
    with pytest.raises(Conflict, match="leads one of these already"):
        hand(center, group[2], HowFar.FOLLOWING)
    center.now = datetime(2026, 8, 4, 23, 30, tzinfo=UTC)
    with pytest.raises(Refused, match="has begun"):
        hand(center, group[2], HowFar.FOLLOWING)
