"""A place is closed for a while: what is in it is stopped or put elsewhere, and comes back when it opens."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.places.service import make_room, make_site
from scheduler.domain.places.values import RoomDraft, SiteDraft
from scheduler.domain.planning.closing import close_place, lift_closure
from scheduler.domain.planning.closing_plan import Choice, Did, Does, Fate
from scheduler.domain.planning.closure_drafts import NO_ANSWER, ClosureDraft, all_but_medication
from scheduler.domain.planning.coming_back import Became
from scheduler.domain.planning.editing import edit_series
from scheduler.domain.planning.horizon import extend_horizon
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.planning.stopping import cancel_occurrence, restore_occurrence
from scheduler.domain.schedule.kinds import CauseType, Kind
from scheduler.domain.schedule.models import Cause, Closure, ClosureEffect, Occurrence
from scheduler.domain.schedule.queries import plan_of
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.errors import Conflict, Invalid, Refused
from tests.domain.planning.center import FIRST, TUESDAYS, Center
from tests.domain.planning.shut import (
    ONLINE,
    RELOCATE,
    STOP,
    WEEK_OF_FIRST,
    close,
    closure,
    lift,
    state,
    until,
)

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def causes(center: Center, occurrence_id: int) -> list[tuple[str, int | None]]:
    return [(each.type, each.closure_id) for each in center.rows(Cause, occurrence_id=occurrence_id)]


def first_of(center: Center, **changes: Any) -> int:
    return center.make(**changes).occurrences[0]


def move(center: Center, number: int, **changes: Any) -> None:
    row = center.occurrence(number)
    words = {"local_start": row.local_start, "room_id": row.room_id, "reason": "Asked for", **changes}
    center.do(move_occurrence, occurrence_id=number, revision=row.revision, **words)


def cancel(center: Center, number: int) -> None:
    revision = center.occurrence(number).revision
    center.do(cancel_occurrence, occurrence_id=number, revision=revision, reason="Ill")


def restore(center: Center, number: int) -> None:
    center.do(restore_occurrence, occurrence_id=number, revision=center.occurrence(number).revision)


def test_all_that_is_in_the_place_then_is_stopped_and_nothing_else(center: Center) -> None:
    series = center.make(leads=[center.people.facilitator.id], members=[center.people.member.id])
    elsewhere = center.make(room_id=center.other_room)
    people = {center.people.facilitator.id, center.people.member.id}
    done: list[Any] = []
    assert center.raised_by(lambda: done.append(close(center))) == people
    assert done[0].fates == (Fate(series.occurrences[0], Did.STOPPED),)
    assert center.last_audit() == ("closure.made", "closure", done[0].closure_id)
    stopped = [each.id for each in center.rows(Occurrence, booked=False)]
    assert stopped == [series.occurrences[0]]
    assert causes(center, stopped[0]) == [("closure", done[0].closure_id)]
    assert center.occurrence(elsewhere.occurrences[0]).booked


def test_a_site_shuts_all_its_rooms_and_sessions_go_to_another_site(center: Center) -> None:
    numbers = [first_of(center), first_of(center, room_id=center.other_room)]
    hill = center.do(make_site, site=SiteDraft("Hill", "America/New_York"))
    upstairs = center.do(make_room, room=RoomDraft("upstairs", hill, capacity=9))
    done = close(center, RELOCATE, site_id=1)
    assert done.fates == (
        Fate(numbers[0], Did.MOVED, upstairs),
        Fate(numbers[1], Did.STOPPED, is_for_want_of_room=True),
    )
    row = center.occurrence(numbers[0])
    assert (row.room_id, row.own_room, row.closure_id) == (upstairs, True, done.closure_id)
    assert (row.exclusive, row.move_reason) == (True, "Water damage")


def test_sessions_go_online_and_several_share_an_account_that_may_be_shared(center: Center) -> None:
    numbers = [first_of(center), first_of(center, rule=SINGLE, first_start=FIRST + 2 * DAY)]
    link = center.do(make_room, room=RoomDraft("line", join_link="https://meet.example/1", shared=True))
    done = close(center, ONLINE)
    assert done.fates == tuple(Fate(number, Did.MOVED, link) for number in numbers)
    assert [center.occurrence(number).exclusive for number in numbers] == [False, False]


def test_what_has_begun_stays_as_it_was(center: Center) -> None:
    number = first_of(center)
    center.now = center.occurrence(number).starts_at
    before = state(center)
    done = close(center, STOP)
    assert done.fates == ()
    assert state(center) == before


@pytest.mark.parametrize("choice", [STOP, RELOCATE, ONLINE])
def test_lifting_a_closure_at_once_is_nothing(center: Center, choice: Choice) -> None:
    center.do(make_room, room=RoomDraft("line", join_link="https://meet.example/1", shared=True))
    numbers = [
        first_of(center, leads=[center.people.facilitator.id], members=[center.people.member.id]),
        first_of(center, leads=[center.people.facilitator.id], override="Agreed."),
        first_of(center, rule=SINGLE, first_start=FIRST + 2 * DAY),
    ]
    move(center, numbers[2], local_start=FIRST + DAY)
    before = state(center)
    done = close(center, choice)
    assert state(center) != before
    assert lift(center, done.closure_id).became == dict.fromkeys(
        (numbers[0], numbers[1], numbers[2]), Became.RESTORED
    )
    assert state(center) == before
    assert center.last_audit() == ("closure.lifted", "closure", done.closure_id)


def test_what_is_taken_meanwhile_stays_stopped_and_may_be_put_back_by_a_coordinator(center: Center) -> None:
    number = first_of(center, leads=[center.people.facilitator.id])
    done = close(center)
    center.make(
        rule=SINGLE, first_start=FIRST, room_id=center.other_room, leads=[center.people.facilitator.id]
    )
    assert lift(center, done.closure_id).became == {number: Became.TAKEN}
    assert causes(center, number) == [("taken", None)]
    with pytest.raises(Conflict):
        restore(center, number)
    center.do(
        restore_occurrence,
        occurrence_id=number,
        revision=center.occurrence(number).revision,
        override="Agreed.",
    )
    assert center.occurrence(number).booked


def test_what_was_put_elsewhere_stays_there_where_its_room_was_taken_or_somebody_moved_it(
    center: Center,
) -> None:
    numbers = [first_of(center), first_of(center, rule=SINGLE, first_start=FIRST + DAY)]
    done = close(center, RELOCATE, (FIRST - HOUR, FIRST + 2 * DAY))
    move(center, numbers[1], local_start=FIRST + 3 * DAY)
    late = center.make(rule=SINGLE, first_start=FIRST + 4 * DAY).occurrences[0]
    until(center, done.closure_id, FIRST + HOUR)  # the evening after is open again
    assert center.occurrence(numbers[1]).room_id == center.other_room
    assert center.occurrence(late).room_id == center.room
    result = lift(center, done.closure_id)
    assert result.became == {numbers[0]: Became.RESTORED}
    assert [each.became for each in center.rows(ClosureEffect)] == ["restored", "changed"]


def test_a_coordinators_cancellation_and_two_closures_are_each_lifted_alone(center: Center) -> None:
    number = first_of(center)
    one, other = close(center).closure_id, close(center).closure_id
    assert causes(center, number) == [("closure", one), ("closure", other)]
    assert lift(center, one).became == {number: Became.STOPPED}
    assert not center.occurrence(number).booked
    assert lift(center, other).became == {number: Became.RESTORED}
    cancel(center, number)
    third = close(center).closure_id
    restore(center, number)
    assert causes(center, number) == [("closure", third)]
    assert lift(center, third).became == {number: Became.RESTORED}
    assert center.occurrence(number).booked


@pytest.mark.parametrize("first_lifted", [0, 1])
def test_a_session_that_two_closures_moved_on_comes_back_whichever_is_lifted_first(
    center: Center, first_lifted: int
) -> None:
    number = first_of(center)
    third_room = center.do(make_room, room=RoomDraft("room 4", 1, capacity=40))
    before = state(center)
    one = close(center, RELOCATE).closure_id
    other = close(center, RELOCATE, room_id=center.other_room).closure_id
    assert center.occurrence(number).room_id == third_room
    order = [one, other] if first_lifted == 0 else [other, one]
    expected = {one: center.room, other: center.other_room}  # nothing keeps it there but the first
    lift(center, order[0])
    assert center.occurrence(number).room_id == expected[order[0]]
    lift(center, order[1])
    assert state(center) == before


def test_what_comes_back_into_a_place_that_is_still_closed_goes_the_way_of_that_one(center: Center) -> None:
    number = first_of(center)
    one = close(center, RELOCATE).closure_id
    other = close(center).closure_id
    assert lift(center, one).became == {number: Became.STOPPED}
    assert causes(center, number) == [("closure", other)]
    assert center.occurrence(number).room_id == center.room


def test_what_is_made_moved_or_put_back_into_a_closed_place_goes_the_same_way(center: Center) -> None:
    away = first_of(center, room_id=center.other_room)
    cancelled = first_of(center, rule=SINGLE, first_start=FIRST + DAY)
    cancel(center, cancelled)
    done = close(center, RELOCATE)
    assert done.fates == (Fate(cancelled, Did.KEPT, was_booked=False),)
    restore(center, cancelled)
    assert center.occurrence(cancelled).room_id == center.other_room
    move(center, away, room_id=center.room, local_start=FIRST + 2 * DAY)
    assert (center.occurrence(away).room_id, center.occurrence(away).closure_id) == (
        center.other_room,
        done.closure_id,
    )
    new = first_of(center, rule=SINGLE, first_start=FIRST + 3 * DAY)
    assert center.occurrence(new).closure_id == done.closure_id


def test_the_horizon_is_extended_into_a_closed_place_and_calendars_are_raised(center: Center) -> None:
    series = center.make(members=[center.people.member.id])
    late = datetime(2027, 1, 20), datetime(2027, 3, 1)
    done = close(center, STOP, late)
    assert done.fates == ()
    center.now += timedelta(weeks=4)
    with center.sessions.begin() as session:
        extend_horizon(session, actor=SYSTEM, now=center.now)
    rows = {each.original_start: each.booked for each in center.occurrences(series.series_id)}
    assert not rows[datetime(2027, 1, 26, 19)]
    assert rows[datetime(2027, 1, 19, 19)]
    assert lift(center, done.closure_id).became.keys() == {
        each.id for each in center.occurrences(series.series_id) if not rows[each.original_start]
    }


def test_a_series_that_is_edited_leaves_the_closed_hours_and_enters_them(center: Center) -> None:
    made = center.make(leads=[center.people.facilitator.id])
    evenings = FIRST - HOUR, FIRST + 3 * HOUR
    done = close(center, STOP, evenings)
    row = center.series(made.series_id)
    plan = replace(plan_of(row), first_start=FIRST.replace(hour=9))
    center.do(edit_series, series_id=row.id, revision=row.revision, plan=plan)
    assert [each.booked for each in center.occurrences(row.id)[:2]] == [True, True]
    row = center.series(made.series_id)
    plan = replace(plan_of(row), first_start=FIRST)
    center.do(edit_series, series_id=row.id, revision=row.revision, plan=plan)
    assert [each.booked for each in center.occurrences(row.id)[:2]] == [False, True]
    assert len(center.rows(ClosureEffect, closure_id=done.closure_id)) == 1


def test_a_closure_ends_later_or_sooner_by_the_same_way(center: Center) -> None:
    made = center.make(leads=[center.people.facilitator.id])
    before = state(center)
    done = close(center)
    longer = until(center, done.closure_id, FIRST + 8 * DAY)
    assert longer.fates == (Fate(made.occurrences[1], Did.STOPPED),)
    shorter = until(center, done.closure_id, FIRST - DAY)
    assert shorter.became == dict.fromkeys(made.occurrences[:2], Became.RESTORED)
    assert state(center) == before
    assert closure(center, done.closure_id).local_end == FIRST - DAY


def test_medication_visits_are_asked_about_and_never_included(center: Center) -> None:
    number = first_of(center, kind=Kind.MEDICATION, title="Window", discreet_title="")
    with pytest.raises(Invalid) as refused:
        close(center)
    assert refused.value.fields == {"medication": NO_ANSWER}
    kept = close(center, choices={**all_but_medication(STOP), Kind.MEDICATION: Choice(Does.KEEP)})
    assert kept.fates == (Fate(number, Did.KEPT),)
    assert center.occurrence(number).booked
    stopped = close(center, choices={**all_but_medication(STOP), Kind.MEDICATION: STOP})
    assert stopped.fates == (Fate(number, Did.STOPPED),)


def test_medication_visits_made_later_are_left_where_nobody_was_asked(center: Center) -> None:
    close(center)
    number = first_of(center, kind=Kind.MEDICATION, title="Window", discreet_title="")
    assert center.occurrence(number).booked


SPRING = datetime(2027, 3, 14, 2, 30)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"local_end": WEEK_OF_FIRST[0] - DAY}, "local_end"),
        ({"local_end": WEEK_OF_FIRST[0]}, "local_end"),
        ({"local_end": WEEK_OF_FIRST[0] + 733 * DAY}, "local_end"),
        ({"local_start": SPRING, "local_end": SPRING + DAY}, "local_start"),
        ({"local_end": SPRING}, "local_end"),
        ({"local_start": datetime(2026, 7, 1), "local_end": datetime(2026, 7, 2)}, "local_end"),
        ({"local_start": datetime(1, 1, 1)}, "local_start"),
        ({"local_end": datetime(9999, 12, 31, 23)}, "local_end"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 301}, "reason"),
        ({"room_id": 999}, "place"),
        ({"room_id": None}, "place"),
        ({"site_id": 1}, "place"),
        ({"choices": all_but_medication(Choice(Does.RELOCATE, 1))}, "choices"),
        ({"choices": all_but_medication(Choice(Does.RELOCATE, 999))}, "choices"),
        ({"choices": all_but_medication(Choice(Does.ONLINE, 2))}, "choices"),
        ({"choices": {Kind.GROUP: Choice(Does.KEEP)}}, "choices"),
    ],
)
def test_bad_input_is_refused_with_one_line_and_touches_nothing(
    center: Center, changes: dict[str, Any], field: str
) -> None:
    first_of(center)
    before = center.count(), state(center)
    draft = ClosureDraft("Water", *WEEK_OF_FIRST, room_id=center.room, choices=all_but_medication(STOP))
    with pytest.raises(Invalid) as refused:
        center.do(close_place, draft=replace(draft, **changes))
    assert list(refused.value.fields) == [field]
    assert "\n" not in refused.value.fields[field]
    assert (center.count(), state(center), center.rows(Closure)) == (*before, [])


def test_a_form_sent_twice_closes_once_and_a_closure_is_lifted_once(center: Center) -> None:
    number = first_of(center)
    done = close(center, form="7f")
    assert close(center, form="7f").closure_id == done.closure_id
    assert len(center.rows(Closure)) == 1
    with pytest.raises(Conflict):
        center.do(
            lift_closure,
            closure_id=done.closure_id,
            revision=99,
        )
    lift(center, done.closure_id)
    with pytest.raises(Refused):
        center.do(lift_closure, closure_id=done.closure_id, revision=2)
    assert center.occurrence(number).booked


def test_many_sessions_are_closed_in_a_few_statements(center: Center) -> None:
    """The number of statements does not grow with that of the sessions."""

    def statements(weeks: int) -> int:
        seen: list[str] = []
        engine = center.sessions.kw["bind"]
        listener = lambda _c, _cur, statement, *_: seen.append(statement)  # noqa: E731 -- to be taken off again
        event.listen(engine, "before_cursor_execute", listener)
        done = close(center, STOP, (FIRST - DAY, FIRST + timedelta(weeks=weeks)))
        lift(center, done.closure_id)
        event.remove(engine, "before_cursor_execute", listener)
        return len(seen)

    center.make(rule=TUESDAYS, leads=[center.people.facilitator.id], members=[center.people.member.id])
    assert statements(24) <= statements(2) + 3


def test_a_reason_of_a_closure_stands_at_what_it_stops(center: Center) -> None:
    number = first_of(center)
    close(center)
    cause = center.rows(Cause, occurrence_id=number)[0]
    assert (cause.type, cause.reason, cause.made_by) == (
        CauseType.CLOSURE.value,
        "Water damage",
        center.people.coordinator.id,
    )
