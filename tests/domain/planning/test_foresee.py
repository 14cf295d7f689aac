"""What a plan would bring."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from scheduler.domain.planning.foreseeing import Foreseen, foresee
from scheduler.domain.schedule.plans import Plan
from scheduler.errors import Invalid
from tests.domain.planning.center import EVENING, FIRST, Center


def foreseen(center: Center, *leads: int, **changes: object) -> Foreseen:
    plan: Plan = replace(EVENING, **{"room_id": center.room, **changes})  # type: ignore[arg-type]
    return center.ask(foresee, plan=plan, leads=leads, now=center.now)


def test_the_next_ten_dates_are_told_and_nothing_is_saved(center: Center) -> None:
    before = center.count()
    found = foreseen(center)
    assert [each.local_start for each in found.dates] == [FIRST + timedelta(weeks=n) for n in range(10)]
    assert (found.made, found.clashes) == (26, ())
    assert center.count() == before


def test_the_first_date_is_the_first_of_the_rule(center: Center) -> None:
    found = foreseen(center, first_start=datetime(2026, 7, 16, 19))
    assert found.plan.first_start == FIRST


def test_of_what_began_long_ago_the_dates_to_come_are_told(center: Center) -> None:
    found = foreseen(center, first_start=FIRST - timedelta(weeks=20))
    assert found.dates[0].local_start == FIRST


def test_what_stands_in_the_way_is_told_by_date(center: Center) -> None:
    dana = center.people.facilitator.id
    center.make(leads=[dana])
    found = foreseen(center, dana)
    assert len(found.clashes) == 2 * found.made
    assert [clash.sentence for clash in found.at(found.dates[0])] == [
        "Dana R. is taken on July 21, 7:00 to 8:30 PM: Tuesday evening group.",
        "Elm Street, room 2 is taken on July 21, 7:00 to 8:30 PM: Tuesday evening group.",
    ]


def test_nothing_stands_in_the_way_in_a_shared_room(center: Center) -> None:
    center.make(room_id=center.hall)
    assert foreseen(center, room_id=center.hall).clashes == ()


def test_what_makes_no_sense_is_refused_with_its_fields(center: Center) -> None:
    with pytest.raises(Invalid) as refused:
        foreseen(center, minutes=0, capacity=0)
    assert set(refused.value.fields) == {"minutes", "capacity"}
