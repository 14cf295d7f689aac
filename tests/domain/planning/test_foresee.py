"""What a plan would bring."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from scheduler.domain.planning.foreseeing import Foreseen, foresee
from scheduler.domain.planning.holiday_drafts import HolidayDraft
from scheduler.domain.planning.holidays import keep_holidays
from scheduler.domain.schedule.clashes import Taken
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.plans import Plan
from scheduler.errors import Invalid
from tests.domain.planning.center import EVENING, FIRST, TUESDAYS, Center
from tests.domain.planning.shut import RELOCATE, STOP, close


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


def test_what_is_closed_or_on_a_holiday_does_not_collide_and_what_goes_on_does(center: Center) -> None:
    """Beside what making it would refuse, with every way in which a date can fall out."""
    dana = center.people.facilitator.id
    holiday = HolidayDraft(date(2026, 7, 28), "Founders' day")
    groups = frozenset({Kind.GROUP})
    center.do(keep_holidays, drafts=(holiday,), kinds=groups, today=center.now.date())
    close(center, STOP)
    close(center, RELOCATE, (datetime(2026, 8, 3), datetime(2026, 8, 8)))
    close(center, STOP, (datetime(2026, 8, 10), datetime(2026, 8, 15)), room_id=center.other_room)
    center.make(leads=[dana], kind=Kind.MEDICATION)  # goes on: nobody was asked about it
    three = [FIRST + timedelta(weeks=week) for week in (2, 3, 4)]

    def clashes(plan: dict[str, Any]) -> list[tuple[str, datetime]]:
        found = foreseen(center, dana, **plan)
        return sorted({(each.holder.value, each.local_start) for each in found.clashes})

    there: dict[str, Any] = {"rule": replace(TUESDAYS, count=5)}
    assert (
        clashes(there)
        == [
            *(("facilitator", each) for each in three),  # July 21 is closed, July 28 a holiday
            *(("room", each) for each in three[1:]),  # on August 4 it goes to another room
        ]
    )
    with pytest.raises(Taken) as refused:
        center.make(leads=[dana], **there)
    told = sorted({(each.holder.value, each.local_start) for each in refused.value.clashes})
    assert told == clashes(there)
    assert len(clashes({**there, "kind": Kind.MEDICATION})) == 10


def test_what_makes_no_sense_is_refused_with_its_fields(center: Center) -> None:
    with pytest.raises(Invalid) as refused:
        foreseen(center, minutes=0, capacity=0)
    assert set(refused.value.fields) == {"minutes", "capacity"}
