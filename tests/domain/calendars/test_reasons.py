"""Why each entry is in a calendar, and why what could be is not, in words."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session as Database

from scheduler.domain.calendars.background import begun, causes_of
from scheduler.domain.calendars.content import content_of
from scheduler.domain.calendars.reasons import Background, Reason, reasons, why
from scheduler.domain.calendars.sources import Cover, Meeting, OfKind, Wording
from scheduler.domain.schedule.kinds import CauseType, Kind
from scheduler.domain.schedule.models import Cause, Series
from tests.calendars.cases import (
    CASES,
    PLAIN,
    STAMP,
    TUESDAYS,
    TUESDAYS_ALL,
    at,
    held,
    moved,
    plan,
    run,
    stopped,
)
from tests.support import factories
from tests.support.people import Everybody

WORDING = Wording()
POST = replace(run(TUESDAYS), is_post=True)
ONCE = replace(run(plan("2026-09-04 10:00", "")), from_date=date(2026, 8, 1))
COVER = Cover("u", TUESDAYS, Meeting(at("2026-08-04 19:00"), at("2026-08-04 19:00"), 90))


def told(*sources: object, wishes: object = PLAIN, **more: object) -> list[Reason]:
    return reasons(sources, wishes, WORDING, Background(**more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (run(TUESDAYS, since="2026-06-02"), "Enrolled since June 2, 2026."),
        (
            run(TUESDAYS, since="2026-06-02", until="2026-09-30"),
            "Enrolled since June 2, 2026 until September 30, 2026.",
        ),
        (run(TUESDAYS, since="2026-08-04", until="2026-08-04"), "A single booking."),
        (ONCE, "A single booking."),
        (
            replace(run(TUESDAYS, since="2026-09-01"), since=date(2026, 6, 2)),
            "Enrolled since June 2, 2026 and again since September 1, 2026, after a hold.",
        ),
        (POST, "Leads it: has a post since January 1, 2026."),
        (COVER, "Stands in for a colleague on this date."),
        (
            run(replace(TUESDAYS, listed=True), since="2026-06-02"),
            "Chose this meeting from the list since June 2, 2026.",
        ),
    ],
)
def test_what_brought_it_into_the_calendar(source: object, said: str) -> None:
    assert why(source, Background()) == said  # type: ignore[arg-type]


def test_what_is_special_about_its_dates() -> None:
    changed = {
        **stopped("2026-08-11 19:00"),
        **stopped("2026-08-18 19:00"),
        **moved("2026-08-25 19:00", "2026-08-25 18:00", 60),
        **moved("2026-09-01 19:00", "2026-09-01 19:00", place="Room 9"),
        **moved("2026-09-15 19:00", "2026-09-15 19:00", place="Room 8"),
        "2026-09-08 19:00": None,
    }
    causes = {(1, at("2026-08-11 19:00")): frozenset({CauseType.HOLIDAY, CauseType.CLOSURE})}
    closed = {(1, at("2026-09-15 19:00"))}
    (reason,) = told(
        run(TUESDAYS, changed), wishes=replace(PLAIN, show_place=True), causes=causes, relocated=closed
    )
    assert (reason.series_id, reason.kind, reason.when) == (
        1,
        "group",
        "Every Tuesday, 7:00 to 8:30 PM, from August 4, 2026 (America/New_York)",
    )
    assert reason.notes == (
        "Tuesday, August 11, 2026, 7:00 PM: cancelled: its place is closed, it is a holiday",
        "Tuesday, August 18, 2026, 7:00 PM: cancelled: it does not take place",
        "Tuesday, August 25, 2026, 7:00 PM: moved to Tuesday, August 25, 2026, 6:00 PM; lasts 60 minutes",
        "Tuesday, September 1, 2026, 7:00 PM: held elsewhere: Room 9, since it was moved there",
        "Tuesday, September 15, 2026, 7:00 PM: held elsewhere: Room 8, since its place is closed",
        "not on September 8, 2026",
    )


def test_what_a_colleague_leads_is_told_apart_from_what_does_not_take_place() -> None:
    lent = replace(POST, meetings=run(TUESDAYS, stopped("2026-08-11 19:00")).meetings)
    assert told(lent)[0].notes == ("Tuesday, August 11, 2026, 7:00 PM: cancelled: a colleague leads it",)


def test_what_stands_alone_says_where_it_was() -> None:
    past_its_neighbor = moved("2026-08-11 19:00", "2026-08-19 19:00")
    alone = next(each for each in told(run(TUESDAYS, past_its_neighbor)) if "minutes" in each.when)
    assert (alone.when, alone.notes) == (
        "Wednesday, August 19, 2026, 7:00 PM, 90 minutes (America/New_York)",
        ("moved from Tuesday, August 11, 2026, 7:00 PM",),
    )


def test_what_is_not_there_says_why_and_comes_last() -> None:
    dosing = plan("2026-06-01 05:30", "FREQ=DAILY", id=2, kind=Kind.MEDICATION)
    broken = replace(TUESDAYS_ALL, plan=replace(TUESDAYS, id=3, zone="Nowhere"))
    skills = run(replace(TUESDAYS, id=4, kind=Kind.SKILLS))
    over = run(replace(TUESDAYS, id=5), until="2026-08-02")
    wishes = replace(PLAIN, kinds={"skills": OfKind(shown=False)})
    found = told(run(dosing), broken, skills, over, TUESDAYS_ALL, wishes=wishes)
    assert [(each.series_id, each.entry is None, each.why) for each in found] == [
        (1, False, "Enrolled since January 1, 2026."),
        (2, True, "Daily dosing is not chosen."),
        (3, True, "It cannot be written (Invalid): its rule, its zone or its place is broken."),
        (4, True, "Its kind is not chosen."),
        (5, True, "None of its dates lies within the calendar."),
    ]


@pytest.mark.parametrize("name", CASES)
def test_each_entry_of_a_calendar_is_told_once(name: str) -> None:
    case = CASES[name]
    content = content_of(case.sources, case.wishes, WORDING, STAMP)
    found = reasons(case.sources, case.wishes, WORDING, Background())
    assert sorted(each.entry.uid for each in found if each.entry) == sorted(e.uid for e in content.entries)
    assert all(each.why and each.when for each in found if each.entry)


def test_a_hold_makes_two_entries_of_one_enrollment_and_what_is_left_out_is_told_once() -> None:
    on_hold = held(TUESDAYS_ALL, ("2026-09-01", "2026-09-20"))
    assert len(told(*on_hold)) == 2
    without = replace(PLAIN, kinds={"group": OfKind(shown=False)})
    assert [each.why for each in told(*on_hold, wishes=without)] == ["Its kind is not chosen."]
    before_it_began = held(run(TUESDAYS, until="2026-09-14"), ("2026-08-01", "2026-09-10"))
    assert [each.why for each in told(*before_it_began, TUESDAYS_ALL)] == ["Enrolled since January 1, 2026."]


def test_who_was_there_before_a_change_of_hour_is_enrolled_since_then() -> None:
    later = run(replace(TUESDAYS, id=2), since="2026-08-04")
    since = {(2, date(2026, 8, 4)): date(2026, 3, 3)}
    assert [each.why for each in told(later, begun=since)] == ["Enrolled since March 3, 2026."]


def test_since_when_follows_the_lineage_without_a_gap(people: Everybody, session: Database) -> None:
    first, second, third = (factories.series(session) for _ in range(3))
    for series in (first, second, third):
        session.get_one(Series, series).lineage_id = first
    member = people.member.id
    factories.enrollment(session, first, member, date(2026, 1, 6), date(2026, 3, 2))
    factories.enrollment(session, second, member, date(2026, 3, 3), date(2026, 5, 4))
    factories.enrollment(session, third, member, date(2026, 5, 6))
    factories.enrollment(session, second, people.other_member.id, date(2026, 3, 3))
    assert begun(session, member) == {
        (first, date(2026, 1, 6)): date(2026, 1, 6),
        (second, date(2026, 3, 3)): date(2026, 1, 6),
        (third, date(2026, 5, 6)): date(2026, 5, 6),
    }


def test_causes_are_read_by_series_and_original_start(session: Database) -> None:
    series = factories.series(session)
    for day, types in ((14, ("closure", "holiday")), (21, ()), (7, ("coordinator",))):
        original = at(f"2026-07-{day:02} 19:00")
        made = {"occurrence_id": factories.occurrence(session, series, original), "made_at": STAMP.changed_at}
        session.add_all(Cause(type=each, **made) for each in types)
    session.flush()
    assert causes_of(session, {series}, date(2026, 7, 13)) == {
        (series, at("2026-07-14 19:00")): {CauseType.CLOSURE, CauseType.HOLIDAY}
    }
