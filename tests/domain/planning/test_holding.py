"""What a closure or a holiday stops anyway is in nobody's way, and comes back only where it is free."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from scheduler.domain.planning.coming_back import Became
from scheduler.domain.planning.editing import edit_series
from scheduler.domain.planning.holiday_drafts import HolidayDraft
from scheduler.domain.planning.holidays import change_kinds, keep_holidays
from scheduler.domain.planning.stopping import cancel_occurrence
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.clashes import Taken
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.queries import plan_of
from scheduler.domain.schedule.recurrence import SINGLE, Frequency, Rule
from tests.domain.planning.center import FIRST, WEDNESDAY, Center
from tests.domain.planning.shut import RELOCATE, close, lift


def cooking(center: Center, at: datetime = FIRST, *, room_id: int | None = None) -> int:
    """Once, led by Dana."""
    made = center.make(
        title="Cooking",
        kind=Kind.SKILLS,
        first_start=at,
        rule=SINGLE,
        leads=[center.people.facilitator.id],
        room_id=room_id,
    )
    return made.occurrences[0]


def test_a_series_is_made_over_what_its_closed_place_stops_anyway(center: Center) -> None:
    """Dana leads another session on July 21, on which the room of the group is closed."""
    cooking(center)
    shut = close(center).closure_id
    made = center.make(leads=[center.people.facilitator.id])
    assert made.overridden == ()
    first, second = made.occurrences[:2]
    assert [center.occurrence(each).booked for each in (first, second)] == [False, True]
    assert {duty.exclusive for duty in center.rows(Duty)} == {True}
    assert lift(center, shut).became == {first: Became.TAKEN}
    assert [center.occurrence(each).booked for each in (first, second)] == [False, True]


def test_it_comes_back_where_nothing_is_in_its_way_by_then(center: Center) -> None:
    other = cooking(center)
    shut = close(center).closure_id
    first = center.make(leads=[center.people.facilitator.id]).occurrences[0]
    center.do(cancel_occurrence, occurrence_id=other, revision=1, reason="Ill")
    assert lift(center, shut).became == {first: Became.RESTORED}
    assert center.occurrence(first).booked


def test_a_series_is_made_over_what_a_holiday_stops_anyway(center: Center) -> None:
    there = cooking(center, room_id=center.room)
    draft = HolidayDraft(date(2026, 7, 21), "Founders' day")
    kept = center.do(keep_holidays, drafts=[draft], kinds=[Kind.GROUP], today=date(2026, 7, 15))
    first = center.make(override="").occurrences[0]
    assert (center.occurrence(first).booked, center.occurrence(first).exclusive) == (False, True)
    observed = center.do(change_kinds, holiday_id=kept.holidays[0], revision=1, kinds=[])
    assert observed.back == {first: Became.TAKEN}
    assert (center.occurrence(there).booked, center.occurrence(first).booked) == (True, False)


def test_what_collides_on_another_date_is_refused_and_only_that_is_told(center: Center) -> None:
    cooking(center)
    cooking(center, FIRST + timedelta(weeks=1))
    close(center)
    with pytest.raises(Taken) as refused:
        center.make(leads=[center.people.facilitator.id])
    assert [clash.wanted_at.day for clash in refused.value.clashes] == [28]
    made = center.make(leads=[center.people.facilitator.id], override="She is quick")
    assert [clash.wanted_at.day for clash in made.overridden] == [28]
    alone = [
        duty.exclusive for each in made.occurrences[:3] for duty in center.rows(Duty, occurrence_id=each)
    ]
    assert alone == [True, False, True]


def test_elsewhere_it_needs_who_leads_but_not_its_own_room(center: Center) -> None:
    """The closed room is taken by what goes on in it: a medication visit of which nobody was asked."""
    close(center, RELOCATE)
    center.make(title="Visit", kind=Kind.MEDICATION, rule=SINGLE)
    first = center.make().occurrences[0]
    assert (center.occurrence(first).booked, center.occurrence(first).room_id) == (True, center.other_room)
    cooking(center)
    with pytest.raises(Taken) as refused:
        center.make(title="Third", leads=[center.people.facilitator.id], rule=SINGLE)
    assert [clash.name for clash in refused.value.clashes] == ["Dana R."]


def test_a_series_is_edited_onto_what_is_stopped_anyway(center: Center) -> None:
    cooking(center)
    shut = close(center).closure_id
    wednesdays = Rule(Frequency.WEEKLY, weekdays=(WEDNESDAY,))
    made = center.make(
        leads=[center.people.facilitator.id],
        first_start=FIRST + timedelta(days=8),
        rule=wednesdays,
    )
    series = center.series(made.series_id)
    plan = replace(
        plan_of(series), first_start=FIRST, rule=Rule(Frequency.WEEKLY, weekdays=(FIRST.weekday(),))
    )
    center.do(edit_series, series_id=series.id, revision=series.revision, plan=plan)
    [first] = [row for row in center.occurrences(series.id) if row.local_start == FIRST]
    assert not first.booked
    assert lift(center, shut).became == {first.id: Became.TAKEN}
