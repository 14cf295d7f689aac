from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler.domain.planning.previewing import preview
from scheduler.domain.schedule.queries import plan_of
from scheduler.domain.schedule.recurrence import SINGLE, Frequency, Rule
from scheduler.errors import Invalid
from tests.domain.planning.center import EVENING, FIRST, THURSDAY, TUESDAY, Center

WEEK = timedelta(weeks=1)


def test_the_next_ten_dates_are_told_before_saving(center: Center) -> None:
    before = center.count()
    plan = replace(EVENING, room_id=center.room, first_start=datetime(2026, 7, 16, 19))
    seen = center.ask(preview, plan=plan, now=center.now)
    assert seen.plan.first_start == FIRST
    assert [each.local_start for each in seen.dates] == [FIRST + week * WEEK for week in range(10)]
    assert seen.dates[0].starts_at == datetime(2026, 7, 21, 23, tzinfo=UTC)
    assert seen.clashes == ()
    assert center.count() == before


def test_the_dates_that_collide_say_with_what(center: Center) -> None:
    dana = center.people.facilitator.id
    center.make(rule=SINGLE, first_start=FIRST + 2 * WEEK, title="Family evening")
    center.make(rule=SINGLE, first_start=FIRST + 4 * WEEK, title="Cooking", room_id=None, leads=[dana])
    seen = center.ask(preview, plan=replace(EVENING, room_id=center.room), leads=[dana], now=center.now)
    collisions = {each.local_start: [clash.sentence for clash in each.clashes] for each in seen.dates}
    assert {start: told for start, told in collisions.items() if told} == {
        FIRST + 2 * WEEK: ["Elm Street, room 2 is taken on August 4, 7:00 to 8:30 PM: Family evening."],
        FIRST + 4 * WEEK: ["Dana R. is taken on August 18, 7:00 to 8:30 PM: Cooking."],
    }


def test_a_change_of_clock_among_them_is_told(center: Center) -> None:
    plan = replace(EVENING, first_start=datetime(2026, 9, 29, 19))
    assert center.ask(preview, plan=plan, now=center.now).clock_changes == (date(2026, 11, 1),)
    assert center.ask(preview, plan=EVENING, now=center.now).clock_changes == ()


def test_an_edit_is_no_conflict_with_itself(center: Center) -> None:
    made = center.make(leads=[center.people.facilitator.id])
    plan = replace(plan_of(center.series(made.series_id)), minutes=120)
    words = {"series_id": made.series_id, "leads": [center.people.facilitator.id]}
    seen = center.ask(preview, plan=plan, now=center.now, **words)
    assert ([each.local_start for each in seen.dates][:2], seen.clashes) == ([FIRST, FIRST + WEEK], ())


def test_an_edit_of_one_that_has_begun_shows_what_goes_on(center: Center) -> None:
    made = center.make()
    center.now = datetime(2026, 8, 5, 16, tzinfo=UTC)
    plan = plan_of(center.series(made.series_id))
    rule = Rule(Frequency.WEEKLY, weekdays=(TUESDAY, THURSDAY))
    words = {"series_id": made.series_id, "now": center.now, "most": 3}
    seen = center.ask(preview, plan=replace(plan, title="Other"), **words)
    assert [each.local_start for each in seen.dates] == [FIRST + week * WEEK for week in (3, 4, 5)]
    seen = center.ask(preview, plan=replace(plan, rule=rule), **words)
    assert [each.local_start.date() for each in seen.dates] == [
        date(2026, 8, 11),
        date(2026, 8, 13),
        date(2026, 8, 18),
    ]


def test_what_makes_no_sense_is_told_beside_its_field(center: Center) -> None:
    with pytest.raises(Invalid) as refused:
        center.ask(preview, plan=replace(EVENING, title="", minutes=0), now=center.now)
    assert set(refused.value.fields) == {"title", "minutes"}
