"""On a holiday sessions of its kinds do not meet, whenever they were made; each is lifted alone."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from scheduler.domain.planning.coming_back import Became
from scheduler.domain.planning.editing import edit_series
from scheduler.domain.planning.holiday_drafts import (
    NO_DATE,
    NO_NAME,
    OVER,
    TOO_FAR,
    HolidayDraft,
    Listed,
    PassedOver,
    listed,
)
from scheduler.domain.planning.holidays import (
    Kept,
    change_kinds,
    keep_holidays,
    keep_the_holiday,
    meet_all_the_same,
    take_back_holidays,
)
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.planning.observing import Observed
from scheduler.domain.planning.stopping import cancel_occurrence, restore_occurrence
from scheduler.domain.schedule.clashes import Taken
from scheduler.domain.schedule.kinds import CauseType, Kind
from scheduler.domain.schedule.models import Cause, Holiday, HolidayException, HolidayKind, Occurrence
from scheduler.errors import Conflict, Invalid, NotFound, Refused
from tests.domain.planning.center import EVENING, Center

TODAY = date(2026, 7, 15)
JULY_28 = HolidayDraft(date(2026, 7, 28), "Founders' day")
GROUPS = frozenset({Kind.GROUP, Kind.SKILLS})


@pytest.fixture
def group(center: Center) -> list[int]:
    """The occurrences of the Tuesday evening group: July 21, July 28, August 4 …"""
    made = center.make(leads=[center.people.facilitator.id], members=[center.people.member.id])
    return list(made.occurrences)


def keep(center: Center, *drafts: HolidayDraft, kinds: frozenset[Kind] = GROUPS) -> Kept:
    kept: Kept = center.do(keep_holidays, drafts=drafts or (JULY_28,), kinds=kinds, today=TODAY)
    return kept


def change(center: Center, holiday: int, *kinds: Kind, revision: int = 1) -> Observed:
    observed: Observed = center.do(change_kinds, holiday_id=holiday, revision=revision, kinds=kinds)
    return observed


def causes(center: Center, occurrence: int) -> list[tuple[str, int | None, str]]:
    rows = center.rows(Cause, occurrence_id=occurrence)
    return [(row.type, row.holiday_id, row.reason) for row in rows]


def test_what_meets_that_day_does_not_and_only_that(center: Center, group: list[int]) -> None:
    talk = center.make(kind=Kind.INDIVIDUAL, first_start=datetime(2026, 7, 28, 9), room_id=None)
    kept = keep(center)
    (holiday,) = kept.holidays
    assert kept.observed == Observed(stopped=frozenset({group[1]}))
    assert causes(center, group[1]) == [(CauseType.HOLIDAY, holiday, "Founders' day")]
    assert [center.occurrence(each).booked for each in group[:3]] == [True, False, True]
    assert center.occurrence(talk.occurrences[0]).booked
    assert center.last_audit() == ("holiday.made", "holiday", holiday)


def test_who_would_have_come_has_another_calendar(center: Center, group: list[int]) -> None:
    assert center.raised_by(lambda: keep(center)) == {
        center.people.facilitator.id,
        center.people.member.id,
    }


def test_what_is_made_later_does_not_meet_either(center: Center) -> None:
    keep(center)
    made = center.make()
    assert [center.occurrence(each).booked for each in made.occurrences[:3]] == [True, False, True]


def test_a_day_that_is_there_already_is_left(center: Center, group: list[int]) -> None:
    (first,) = keep(center).holidays
    kept = keep(center, JULY_28, HolidayDraft(date(2026, 8, 4), "Second day"), kinds=frozenset(Kind))
    assert (len(kept.holidays), kept.known) == (1, (JULY_28,))
    assert {row.kind for row in center.rows(HolidayKind, holiday_id=first)} == GROUPS


def test_taking_a_kind_off_brings_its_sessions_back(center: Center, group: list[int]) -> None:
    (holiday,) = keep(center).holidays
    assert change(center, holiday, Kind.SKILLS) == Observed(back={group[1]: Became.RESTORED})
    assert (center.occurrence(group[1]).booked, causes(center, group[1])) == (True, [])
    assert change(center, holiday, Kind.GROUP, revision=2) == Observed(stopped=frozenset({group[1]}))


def test_without_a_kind_it_goes_as_a_whole(center: Center, group: list[int]) -> None:
    (holiday,) = keep(center).holidays
    change(center, holiday)
    assert (center.rows(Holiday), center.occurrence(group[1]).booked) == ([], True)
    assert center.last_audit() == ("holiday.removed", "holiday", holiday)
    with pytest.raises(NotFound):
        change(center, holiday)


def test_a_day_on_which_something_has_begun_stays(center: Center, group: list[int]) -> None:
    (holiday,) = keep(center).holidays
    center.now = center.occurrence(group[1]).starts_at + timedelta(minutes=1)
    with pytest.raises(Refused, match="have begun"):
        change(center, holiday)
    assert causes(center, group[1]) == [(CauseType.HOLIDAY, holiday, "Founders' day")]


def test_a_cancellation_and_two_holidays_are_each_lifted_alone(center: Center, group: list[int]) -> None:
    one, other = keep(center, JULY_28, replace(JULY_28, name="Another")).holidays
    number = center.occurrence(group[1])
    center.do(cancel_occurrence, occurrence_id=number.id, revision=number.revision, reason="Ill")
    assert change(center, one).back == {number.id: Became.STOPPED}
    number = center.occurrence(number.id)
    center.do(restore_occurrence, occurrence_id=number.id, revision=number.revision)
    assert not center.occurrence(number.id).booked
    assert change(center, other).back == {number.id: Became.RESTORED}
    assert center.occurrence(number.id).booked


def test_one_whose_room_was_taken_meanwhile_stays_stopped_by_a_coordinator(
    center: Center, group: list[int]
) -> None:
    (holiday,) = keep(center).holidays
    center.make(kind=Kind.OTHER, rule=replace(EVENING.rule, count=1), first_start=datetime(2026, 7, 28, 19))
    assert change(center, holiday).back == {group[1]: Became.TAKEN}
    assert causes(center, group[1]) == [(CauseType.TAKEN, None, "Founders' day")]
    stopped = center.occurrence(group[1])
    with pytest.raises(Taken):
        center.do(restore_occurrence, occurrence_id=stopped.id, revision=stopped.revision)


def test_moved_onto_the_day_it_stops_and_the_next_one_does_not(center: Center, group: list[int]) -> None:
    keep(center, HolidayDraft(date(2026, 7, 22), "A Wednesday"))
    row = center.occurrence(group[0])
    moved = {"local_start": datetime(2026, 7, 22, 19), "room_id": center.room, "reason": "Hall is full"}
    center.do(move_occurrence, occurrence_id=row.id, revision=row.revision, **moved)
    assert [center.occurrence(each).booked for each in group[:2]] == [False, True]


def test_a_series_that_goes_to_another_day_leaves_the_holiday_behind(
    center: Center, group: list[int]
) -> None:
    keep(center)
    series = center.series(center.occurrence(group[0]).series_id)
    plan = replace(EVENING, room_id=center.room, rule=replace(EVENING.rule, weekdays=(3,)))
    center.do(edit_series, series_id=series.id, revision=series.revision, plan=plan)
    on = [(row.local_start.date(), row.booked) for row in center.occurrences(series.id)[:3]]
    assert on == [(date(2026, 7, 23), True), (date(2026, 7, 30), True), (date(2026, 8, 6), True)]
    assert center.rows(Cause) == []


def test_one_session_meets_all_the_same_and_goes_on_doing_so(center: Center, group: list[int]) -> None:
    (holiday,) = keep(center).holidays
    row = center.occurrence(group[1])
    done = center.do(meet_all_the_same, occurrence_id=row.id, revision=row.revision)
    assert (done.takes_place, causes(center, row.id)) == (True, [])
    row = center.occurrence(row.id)
    later = {"local_start": datetime(2026, 7, 28, 20), "room_id": center.room, "reason": "Later"}
    center.do(move_occurrence, occurrence_id=row.id, revision=row.revision, **later)
    assert center.occurrence(row.id).booked
    with pytest.raises(Conflict, match="No holiday"):
        center.do(meet_all_the_same, occurrence_id=row.id, revision=center.occurrence(row.id).revision)
    change(center, holiday)
    assert center.rows(HolidayException) == []


def test_that_it_meets_is_taken_back_wherever_it_stands_by_then(center: Center, group: list[int]) -> None:
    (holiday,) = keep(center).holidays

    def meet() -> None:
        revision = center.occurrence(group[1]).revision
        center.do(meet_all_the_same, occurrence_id=group[1], revision=revision)

    def take_back() -> bool:
        revision = center.occurrence(group[1]).revision
        return bool(center.do(keep_the_holiday, occurrence_id=group[1], revision=revision))

    with pytest.raises(Conflict, match="No holiday"):
        take_back()
    meet()
    concerned = {center.people.facilitator.id, center.people.member.id}
    assert center.raised_by(take_back) == concerned
    assert causes(center, group[1]) == [(CauseType.HOLIDAY, holiday, "Founders' day")]
    meet()
    with pytest.raises(Conflict):
        center.do(keep_the_holiday, occurrence_id=group[1], revision=1)
    moved = {"local_start": datetime(2026, 7, 29, 19), "room_id": center.room, "reason": "Later"}
    row = center.occurrence(group[1])
    center.do(move_occurrence, occurrence_id=row.id, revision=row.revision, **moved)
    assert not take_back()
    assert (center.occurrence(group[1]).booked, center.rows(HolidayException)) == (True, [])


@pytest.mark.parametrize(
    ("drafts", "kinds", "wrong"),
    [
        ((), GROUPS, {"days"}),
        ((HolidayDraft(date(2026, 7, 14), "Yesterday"),), GROUPS, {"days"}),
        ((HolidayDraft(date(2036, 7, 14), "Far away"),), GROUPS, {"days"}),
        ((HolidayDraft(date(2026, 7, 28), " "),), GROUPS, {"days"}),
        ((HolidayDraft(date(2026, 7, 28), "x" * 81),), GROUPS, {"days"}),
        ((JULY_28,), (), {"kinds"}),
        (tuple(HolidayDraft(TODAY + timedelta(days=n), "Many") for n in range(201)), (), {"days", "kinds"}),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_kept(
    center: Center,
    group: list[int],
    drafts: tuple[HolidayDraft, ...],
    kinds: frozenset[Kind],
    wrong: set[str],
) -> None:
    with pytest.raises(Invalid) as refused:
        center.do(keep_holidays, drafts=drafts, kinds=kinds, today=TODAY)
    assert set(refused.value.fields) == wrong
    assert center.rows(Holiday) == []


def test_a_list_is_read_line_by_line() -> None:
    text = (
        "2026-12-25 Christmas Day\n\n11/26/2026, Thanksgiving\n01.01.2027 - New Year\nsoon\n2026-07-01 Over\n"
    )
    found = listed(text, today=TODAY)
    assert found.drafts == (
        HolidayDraft(date(2026, 11, 26), "Thanksgiving"),
        HolidayDraft(date(2026, 12, 25), "Christmas Day"),
        HolidayDraft(date(2027, 1, 1), "New Year"),
    )
    assert found.passed_over == (PassedOver("soon", NO_DATE), PassedOver("2026-07-01 Over", OVER))


def test_dates_are_read_as_people_write_them() -> None:
    text = "December 25 Christmas Day\nMonday, January 18 2027 MLK\n1/1 - New Year\nFri 11/27/26: Day after"
    assert listed(text, today=TODAY) == Listed(
        (
            HolidayDraft(date(2026, 11, 27), "Day after"),
            HolidayDraft(date(2026, 12, 25), "Christmas Day"),
            HolidayDraft(date(2027, 1, 1), "New Year"),
            HolidayDraft(date(2027, 1, 18), "MLK"),
        )
    )
    assert listed("26/12/2026 Boxing Day\n1/5/2027 May Day", today=TODAY).drafts == (
        HolidayDraft(date(2026, 12, 26), "Boxing Day"),
        HolidayDraft(date(2027, 5, 1), "May Day"),
    )


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("2026-12-24", NO_NAME),
        ("Christmas Day", NO_DATE),
        ("July 1 2026 Canada Day", OVER),
        ("2040-01-01 New Year", TOO_FAR),
        ("Tuesday, December 25 Christmas", "December 25, 2026 is a Friday."),
        ("Feb 30 Never", "February 30, 2026 does not exist."),
    ],
)
def test_what_is_passed_over_says_why(line: str, why: str) -> None:
    assert listed(line, today=TODAY) == Listed((), (PassedOver(line, why),))


def test_the_same_day_twice_is_one() -> None:
    found = listed("12/25/2026 Christmas\n2026-12-25 Christmas\nDec 25 The holidays", today=TODAY)
    assert found == Listed(
        (HolidayDraft(date(2026, 12, 25), "Christmas"),),
        (PassedOver("The holidays", "December 25, 2026 is in the list as Christmas."),),
    )


def test_days_that_were_just_kept_are_taken_back(center: Center, group: list[int]) -> None:
    def stands() -> list[tuple[bool, str]]:
        return [(row.booked, row.override_reason) for row in center.rows(Occurrence)]

    before = stands()
    kept = keep(center, JULY_28, HolidayDraft(date(2026, 8, 4), "Second day"))
    assert stands() != before
    observed = center.do(take_back_holidays, holidays=kept.holidays)
    assert observed == Observed(back=dict.fromkeys(group[1:3], Became.RESTORED))
    assert (stands(), center.rows(Holiday), center.rows(HolidayKind)) == (before, [], [])
    assert center.last_audit() == ("holiday.removed", "holiday", kept.holidays[1])
    with pytest.raises(NotFound):
        center.do(take_back_holidays, holidays=kept.holidays)
    (one,) = keep(center).holidays
    change(center, one, Kind.GROUP)
    with pytest.raises(Conflict):
        center.do(take_back_holidays, holidays=[one])
