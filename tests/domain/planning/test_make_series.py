from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.people.service import make_person
from scheduler.domain.planning.making import NewEnrollment, NewPost, make_series
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.roster.positions import Position
from scheduler.domain.schedule.clashes import Taken
from scheduler.domain.schedule.dates import ALL_MADE
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.recurrence import SINGLE, Frequency, Rule
from scheduler.errors import Conflict, Invalid
from tests.domain.planning.center import EVENING, FIRST, FRIDAY, TUESDAYS, Center
from tests.domain.planning.racing import Act, race


def test_a_weekly_series_has_the_occurrences_of_26_weeks(center: Center) -> None:
    made = center.make()
    starts = center.starts(made.series_id)
    assert starts == [FIRST + timedelta(weeks=week) for week in range(26)]
    assert made.occurrences == tuple(each.id for each in center.occurrences(made.series_id))
    series = center.series(made.series_id)
    assert (series.lineage_id, series.made_until) == (series.id, date(2027, 1, 13))


def test_the_group_keeps_its_wall_time_across_the_change_of_clock(center: Center) -> None:
    made = center.make()
    by_date = {each.local_start: each.starts_at for each in center.occurrences(made.series_id)}
    assert by_date[datetime(2026, 10, 27, 19)] == datetime(2026, 10, 27, 23, tzinfo=UTC)
    assert by_date[datetime(2026, 11, 3, 19)] == datetime(2026, 11, 4, 0, tzinfo=UTC)


def test_a_single_session_is_all_made(center: Center) -> None:
    made = center.make(rule=SINGLE)
    assert center.starts(made.series_id) == [FIRST]
    assert center.series(made.series_id).made_until == ALL_MADE


def test_it_begins_on_the_rules_own_first_date(center: Center) -> None:
    made = center.make(first_start=datetime(2026, 7, 16, 19))
    assert center.series(made.series_id).first_start == FIRST
    assert center.starts(made.series_id)[0] == FIRST


def test_its_people_come_with_it(center: Center) -> None:
    dana, femi = center.people.facilitator.id, center.people.other_facilitator.id
    until = date(2026, 8, 4)
    made = center.do(
        make_series,
        plan=replace(EVENING, room_id=center.room),
        posts=[NewPost(dana), NewPost(femi, Position.CO_FACILITATOR, until_date=until)],
        enrollments=[NewEnrollment(center.people.member.id, date(2026, 7, 28))],
    )
    days = [start.date() for start in center.starts(made.series_id)]
    assert center.leaders(made.series_id) == [
        *[(day, person) for day in days[:3] for person in (dana, femi)],
        *[(day, dana) for day in days[3:]],
    ]
    [enrollment] = center.rows(Enrollment)
    assert (enrollment.person_id, enrollment.from_date, enrollment.until_date) == (
        center.people.member.id,
        date(2026, 7, 28),
        None,
    )
    assert [
        (post.person_id, post.position, post.from_date, post.until_date) for post in center.rows(Post)
    ] == [
        (dana, "lead", FIRST.date(), None),
        (femi, "co_facilitator", FIRST.date(), until),
    ]


def test_exactly_its_people_get_a_new_calendar(center: Center) -> None:
    people = center.people
    raised = center.raised_by(lambda: center.make(leads=[people.facilitator.id], members=[people.member.id]))
    assert raised == {people.facilitator.id, people.member.id}
    assert center.last_audit()[:2] == ("series.made", "series")


def test_a_taken_room_is_refused_by_name_and_nothing_is_made(center: Center) -> None:
    center.make(rule=SINGLE, title="Family evening", first_start=datetime(2026, 8, 4, 18, 30))
    before = center.count()
    with pytest.raises(Taken) as refused:
        center.make()
    assert str(refused.value) == ("Elm Street, room 2 is taken on August 4, 6:30 to 8:00 PM: Family evening.")
    assert center.count() == before


def test_a_taken_facilitator_is_refused_by_name(center: Center) -> None:
    dana = center.people.facilitator.id
    center.make(leads=[dana], rule=SINGLE, title="Cooking")
    with pytest.raises(Taken) as refused:
        center.make(leads=[dana], room_id=center.other_room)
    assert str(refused.value) == "Dana R. is taken on July 21, 7:00 to 8:30 PM: Cooking."


def test_a_reason_overrides_and_stays_visible(center: Center) -> None:
    dana = center.people.facilitator.id
    first = center.make(leads=[dana], rule=SINGLE)
    second = center.make(leads=[dana], override="  The groups meet\ttogether. ")
    assert [clash.wanted_at for clash in second.overridden] == [datetime(2026, 7, 21, 23, tzinfo=UTC)] * 2
    flags = [(each.exclusive, each.override_reason) for each in center.occurrences(second.series_id)]
    assert flags == [(False, "The groups meet together."), *[(True, "")] * 25]
    duties = [(duty.exclusive, duty.override_reason) for duty in center.rows(Duty, post_id=2)]
    assert duties == flags
    assert [each.exclusive for each in center.occurrences(first.series_id)] == [True]


def test_a_third_booking_over_an_overridden_one_is_refused(center: Center) -> None:
    center.make(rule=SINGLE, minutes=60)
    center.make(rule=SINGLE, first_start=FIRST + timedelta(minutes=30), minutes=120, override="It fits.")
    with pytest.raises(Taken):
        center.make(rule=SINGLE, first_start=FIRST + timedelta(minutes=90), minutes=30)


def test_one_may_begin_when_the_other_ends(center: Center) -> None:
    center.make()
    made = center.make(first_start=FIRST + timedelta(minutes=90))
    assert made.overridden == ()


def test_a_shared_room_holds_several_at_once(center: Center) -> None:
    center.make(room_id=center.hall)
    made = center.make(room_id=center.hall)
    assert made.overridden == ()
    assert {each.exclusive for each in center.rows(Occurrence)} == {False}


def test_a_members_own_commitments_only_warn(center: Center) -> None:
    member = center.people.member.id
    center.make(members=[member], rule=SINGLE, title="Cooking")
    made = center.make(members=[member], room_id=center.other_room)
    assert [warning.sentence for warning in made.warnings] == [
        "Renee T. is taken on July 21, 7:00 to 8:30 PM: Cooking."
    ]
    assert made.overridden == ()


def test_what_a_facilitator_attends_as_a_member_is_only_busy(center: Center) -> None:
    both = center.do(make_person, name="Kim Both", email=None, roles=[Role.MEMBER, Role.FACILITATOR])
    center.make(members=[both], title="Track B")
    made = center.make(leads=[both], room_id=center.other_room, rule=SINGLE)
    [warning] = made.warnings
    assert (warning.sentence, warning.title, warning.occurrence_id) == (
        "Kim B. is busy on July 21, 7:00 to 8:30 PM.",
        "",
        None,
    )


def test_more_members_than_places_are_refused(center: Center) -> None:
    people = center.people
    with pytest.raises(Conflict, match="full"):
        center.make(members=[people.member.id, people.other_member.id], capacity=1)


def test_a_closed_group_may_be_made_with_its_members(center: Center) -> None:
    center.make(members=[center.people.member.id], closed=True)
    assert [each.person_id for each in center.rows(Enrollment)] == [center.people.member.id]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"title": " \n", "minutes": 0}, {"title", "minutes"}),
        ({"title": "x" * 121}, {"title"}),
        ({"discreet_title": "NA meeting"}, {"discreet_title"}),
        ({"discreet_title": "Recovery circle"}, {"discreet_title"}),
        ({"timezone": "America/Nowhere"}, {"timezone"}),
        ({"capacity": 0}, {"capacity"}),
        ({"minutes": 1441}, {"minutes"}),
        ({"kind": Kind.MUTUAL_HELP, "counting": Counting.MINUTES}, {"counting"}),
        ({"fellowship": "AA"}, {"fellowship"}),
        ({"room_id": 9999}, {"room_id"}),
        ({"first_start": datetime(2027, 3, 14, 2, 30)}, {"first_start"}),
        ({"first_start": datetime(2025, 7, 21, 19)}, {"first_start"}),
        ({"first_start": datetime(2029, 7, 21, 19)}, {"first_start"}),
        ({"first_start": datetime(9999, 12, 31, 23)}, {"first_start"}),
        ({"rule": Rule(Frequency.WEEKLY, weekdays=(FRIDAY,), until=date(2026, 7, 23))}, {"first_start"}),
    ],
)
def test_what_makes_no_sense_is_told_beside_its_field(
    center: Center, changes: dict[str, object], fields: set[str]
) -> None:
    before = center.count()
    with pytest.raises(Invalid) as refused:
        center.make(**changes)  # type: ignore[arg-type]  # any field of a plan
    assert set(refused.value.fields) == fields
    assert center.count() == before


def test_only_facilitators_lead_and_only_members_are_enrolled(center: Center) -> None:
    with pytest.raises(Invalid) as refused:
        center.make(leads=[center.people.member.id])
    assert refused.value.fields == {"person_id": "Choose somebody who is a facilitator."}
    with pytest.raises(Invalid) as refused:
        center.make(members=[center.people.coordinator.id])
    assert refused.value.fields == {"person_id": "Choose somebody who is a member."}


def test_a_series_may_begin_in_the_past_of_a_center_that_begins_with_it(center: Center) -> None:
    made = center.make(first_start=datetime(2026, 2, 3, 19), rule=Rule(Frequency.DAILY))
    starts = center.starts(made.series_id)
    assert (starts[0], starts[-1], len(starts)) == (
        datetime(2026, 2, 3, 19),
        datetime(2027, 1, 13, 19),
        345,
    )


def test_a_group_that_ends_is_all_made(center: Center) -> None:
    made = center.make(rule=replace(TUESDAYS, count=3))
    assert center.starts(made.series_id) == [FIRST + timedelta(weeks=week) for week in range(3)]
    assert center.series(made.series_id).made_until == ALL_MADE


def test_a_form_sent_several_times_at_once_makes_one_series(center: Center) -> None:
    """Without a room or a lead nothing else would stand in the way."""

    def send(form: str, actor: Actor) -> Act[int]:
        return lambda session: (
            make_series(session, actor=actor, plan=EVENING, form=form, now=center.now).series_id
        )

    odile, yusuf = center.people.coordinator.actor, center.people.administrator.actor
    same = race(center.sessions, [send("a", odile)] * 6)
    assert len(set(same)) == 1
    others = race(center.sessions, [send("b", odile), send("a", yusuf)])
    assert len({*same, *others}) == 3
    assert len(center.rows(Series)) == 3
