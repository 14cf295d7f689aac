"""A member chooses a listed meeting for their own calendar, and takes it out again."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.planning.choosing import MOST_CHOSEN, choose_listed, leave_listed
from scheduler.domain.planning.listing import make_listed
from scheduler.domain.planning.making import make_series
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.recurrence import Frequency, Rule
from scheduler.errors import Invalid, NotFound, Refused
from tests.support.people import Everybody, Someone
from tests.support.revisions import revision_of

PLAN = Plan(
    kind=Kind.MUTUAL_HELP,
    title="Friday noon",
    first_start=datetime(2026, 7, 17, 12),
    minutes=60,
    timezone="America/Los_Angeles",
    rule=Rule(Frequency.WEEKLY, weekdays=(4,)),
    counting=Counting.HEADS,
    fellowship="AA",
)


def terms(session: Database, person: Someone) -> list[tuple[date, date | None]]:
    query = select(Enrollment.from_date, Enrollment.until_date).where(Enrollment.person_id == person.id)
    return [(first, last) for first, last in session.execute(query.order_by(Enrollment.id))]


def listed(session: Database, now: datetime) -> int:
    return make_listed(session, plans=[PLAN], now=now)[0]


def choose(session: Database, series_id: int, person: Someone, now: datetime) -> None:
    choose_listed(session, actor=person.actor, series_id=series_id, person_id=person.id, now=now)


def leave(session: Database, series_id: int, person: Someone, now: datetime) -> None:
    leave_listed(session, actor=person.actor, series_id=series_id, person_id=person.id, now=now)


def test_it_stands_there_from_today_on_and_the_calendar_rises(
    people: Everybody, session: Database, now: datetime
) -> None:
    before = revision_of(session, people.member.id)
    choose(session, listed(session, now), people.member, now)
    assert terms(session, people.member) == [(date(2026, 7, 15), None)]
    assert revision_of(session, people.member.id) == before + 1
    assert terms(session, people.other_member) == []


def test_choosing_twice_changes_nothing(people: Everybody, session: Database, now: datetime) -> None:
    series_id = listed(session, now)
    choose(session, series_id, people.member, now)
    before = revision_of(session, people.member.id)
    choose(session, series_id, people.member, now)
    assert terms(session, people.member) == [(date(2026, 7, 15), None)]
    assert revision_of(session, people.member.id) == before


def test_taken_out_it_stands_there_until_yesterday(
    people: Everybody, session: Database, now: datetime
) -> None:
    series_id = listed(session, now)
    choose(session, series_id, people.member, now)
    leave(session, series_id, people.member, now + timedelta(days=10))
    assert terms(session, people.member) == [(date(2026, 7, 15), date(2026, 7, 24))]
    assert revision_of(session, people.member.id) == 3


def test_chosen_and_taken_out_on_one_day_it_never_stood_there(
    people: Everybody, session: Database, now: datetime
) -> None:
    series_id = listed(session, now)
    choose(session, series_id, people.member, now)
    leave(session, series_id, people.member, now)
    assert terms(session, people.member) == []
    choose(session, series_id, people.member, now)
    assert terms(session, people.member) == [(date(2026, 7, 15), None)]


def test_it_can_be_chosen_again_on_the_day_it_was_taken_out(
    people: Everybody, session: Database, now: datetime
) -> None:
    series_id, later = listed(session, now), now + timedelta(days=2)
    choose(session, series_id, people.member, now)
    leave(session, series_id, people.member, later)
    choose(session, series_id, people.member, later)
    assert terms(session, people.member) == [
        (date(2026, 7, 15), date(2026, 7, 16)),
        (date(2026, 7, 17), None),
    ]


def test_taking_out_what_was_never_chosen_changes_nothing(
    people: Everybody, session: Database, now: datetime
) -> None:
    series_id = listed(session, now)
    choose(session, series_id, people.other_member, now)
    leave(session, series_id, people.member, now)
    assert terms(session, people.other_member) == [(date(2026, 7, 15), None)]


def test_a_planned_series_cannot_be_chosen_so(people: Everybody, session: Database, now: datetime) -> None:
    planned = make_series(session, actor=people.coordinator.actor, plan=PLAN, now=now).series_id
    for series_id in (planned, 999):
        with pytest.raises(NotFound):
            choose(session, series_id, people.member, now)
        with pytest.raises(NotFound):
            leave(session, series_id, people.member, now)


def test_only_a_member_chooses(people: Everybody, session: Database, now: datetime) -> None:
    with pytest.raises(Invalid):
        choose(session, listed(session, now), people.facilitator, now)


def test_a_calendar_takes_thirty_of_them_and_one_more_when_one_is_taken_out(
    people: Everybody, session: Database, now: datetime
) -> None:
    series = make_listed(session, plans=[PLAN] * (MOST_CHOSEN + 1), now=now)
    for each in series[:MOST_CHOSEN]:
        choose(session, each, people.member, now)
    choose(session, series[0], people.member, now)  # it stands there already
    with pytest.raises(Refused, match=r"^You have 30 meetings in your calendar\. Take one out first\.$"):
        choose(session, series[MOST_CHOSEN], people.member, now)
    choose(session, series[MOST_CHOSEN], people.other_member, now)
    leave(session, series[0], people.member, now)
    choose(session, series[MOST_CHOSEN], people.member, now)
    assert len(terms(session, people.member)) == MOST_CHOSEN
