"""Disabling somebody: what they still have is shown first, and settled in the same step."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.calendars.models import Feed
from scheduler.domain.calendars.service import Choices, make_feed
from scheduler.domain.calendars.sources import Titles
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.queries import person_page
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.planning.leaving import commitments_of
from scheduler.domain.planning.making import NewEnrollment, NewPost, make_series
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.recurrence import Frequency, Rule
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support import factories
from tests.support.filling import send
from tests.support.people import Everybody, Someone

Sessions = sessionmaker[Database]


@pytest.fixture(autouse=True)
def today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def group(sessions: Sessions, people: Everybody, now: datetime) -> int:
    """A weekly group that Dana leads and Renee belongs to."""
    plan = Plan(
        kind=Kind.GROUP,
        title="Thursday group",
        first_start=datetime(2026, 7, 9, 19),
        minutes=90,
        timezone="America/New_York",
        rule=Rule(Frequency.WEEKLY, weekdays=(3,)),
    )
    with sessions() as session, transaction(session):
        made = make_series(
            session,
            actor=SYSTEM,
            plan=plan,
            posts=[NewPost(people.facilitator.id)],
            enrollments=[NewEnrollment(people.member.id)],
            now=now - timedelta(days=14),
        )
    return made.series_id


def counted(sessions: Sessions, person: Someone, now: datetime) -> tuple[int, int, int]:
    """How many posts, duties and enrollments somebody still has tomorrow."""
    with sessions() as session:
        still = commitments_of(session, person.id, now=now + timedelta(days=1, hours=1))
    return len(still.posts), len(still.duties), len(still.enrollments)


def test_what_a_facilitator_leads_is_shown_and_handed_over_in_one_step(
    clients: Clients, people: Everybody, sessions: Sessions, group: int, now: datetime
) -> None:
    admin, theirs = clients(people.administrator), clients(people.facilitator)
    page = f"/admin/people/{people.facilitator.id}/disable"
    shown = admin.get(page).text
    assert "They still lead" in shown
    assert "Thursday group" in shown
    assert "They still belong to" not in shown
    posts, duties, _ = counted(sessions, people.facilitator, now)
    assert (posts, duties > 20) == (1, True)

    answer = send(admin, page, hand_to=str(people.other_facilitator.id))
    assert (answer.status_code, answer.location) == (303, f"/admin/people/{people.facilitator.id}")
    assert counted(sessions, people.facilitator, now) == (0, 0, 0)
    assert counted(sessions, people.other_facilitator, now) == (1, duties, 0)
    assert theirs.get("/facilitator/today").status_code == 303
    assert "They cannot sign in" in admin.get(answer.location).text


def test_with_nobody_to_take_over_it_ends(
    clients: Clients, people: Everybody, sessions: Sessions, group: int, now: datetime
) -> None:
    send(clients(people.administrator), f"/admin/people/{people.facilitator.id}/disable", hand_to="")
    assert counted(sessions, people.facilitator, now) == (0, 0, 0)
    assert counted(sessions, people.other_facilitator, now) == (0, 0, 0)


def test_what_a_member_belongs_to_is_shown_and_ends_with_their_calendars(
    clients: Clients, people: Everybody, sessions: Sessions, group: int, now: datetime
) -> None:
    with sessions() as session, transaction(session):
        for name in ("My phone", "My tablet"):
            choices = Choices(name=name, titles=Titles.PLAIN)
            make_feed(session, actor=SYSTEM, person_id=people.member.id, choices=choices, now=now)
    page = f"/admin/people/{people.member.id}/disable"
    shown = clients(people.administrator).get(page).text
    assert "They still belong to" in shown
    assert "They still lead" not in shown
    assert send(clients(people.administrator), page, hand_to="").status_code == 303
    assert counted(sessions, people.member, now) == (0, 0, 0)
    with sessions() as session:
        ends = session.execute(select(Feed.revoked_at, Feed.farewell_until)).all()
    assert [tuple(each) for each in ends] == [(now, now + timedelta(days=14))] * 2


def test_a_member_s_own_mutual_help_is_ended_without_a_word(
    clients: Clients, people: Everybody, sessions: Sessions, now: datetime
) -> None:
    with sessions() as session, transaction(session):
        listed = factories.series(session, "Friday noon AA", listed=True)
        factories.enrollment(session, listed, people.member.id)
    admin, page = clients(people.administrator), f"/admin/people/{people.member.id}/disable"
    shown = admin.get(page).text
    assert "Friday noon" not in shown
    assert "They lead nothing and belong to nothing" in shown
    assert send(admin, page, hand_to="").status_code == 303
    with sessions() as session:
        assert session.scalars(select(Enrollment.until_date)).all() == [(now - timedelta(days=1)).date()]


def test_where_the_other_leads_something_then_nothing_is_changed_without_a_reason(
    clients: Clients, people: Everybody, sessions: Sessions, group: int, now: datetime
) -> None:
    plan = Plan(
        kind=Kind.INDIVIDUAL,
        title="Somebody else",
        first_start=datetime(2026, 7, 23, 20),
        minutes=50,
        timezone="America/New_York",
    )
    with sessions() as session, transaction(session):
        make_series(session, actor=SYSTEM, plan=plan, posts=[NewPost(people.other_facilitator.id)], now=now)
    admin, page = clients(people.administrator), f"/admin/people/{people.facilitator.id}/disable"
    before = counted(sessions, people.facilitator, now)
    answer = send(admin, page, hand_to=str(people.other_facilitator.id))
    assert (answer.status_code, "Reason to keep both" in answer.text) == (409, True)
    assert counted(sessions, people.facilitator, now) == before
    with sessions() as session:
        found = person_page(session, people.facilitator.id)
    assert found is not None
    assert found.disabled_at is None

    answer = send(
        admin, page, hand_to=str(people.other_facilitator.id), override_reason="They will swap rooms"
    )
    assert answer.status_code == 303
    assert counted(sessions, people.facilitator, now) == (0, 0, 0)


def test_somebody_without_anything_is_disabled_all_the_same_and_let_in_again(
    clients: Clients, people: Everybody
) -> None:
    admin, page = clients(people.administrator), f"/admin/people/{people.coordinator.id}"
    assert "They lead nothing and belong to nothing" in admin.get(f"{page}/disable").text
    assert send(admin, f"{page}/disable", hand_to="").status_code == 303
    assert admin.get(f"{page}/disable").location == page
    assert send(admin, page, to=f"{page}/enable").status_code == 303
    assert "They cannot sign in" not in admin.get(page).text


@pytest.mark.parametrize("hand_to", ["member", "facilitator", "nobody"])
def test_only_another_facilitator_takes_over(
    clients: Clients, people: Everybody, sessions: Sessions, group: int, now: datetime, hand_to: str
) -> None:
    who = getattr(people, hand_to).id if hand_to != "nobody" else 10_000
    page = f"/admin/people/{people.facilitator.id}/disable"
    assert send(clients(people.administrator), page, hand_to=str(who)).status_code == 422
    assert counted(sessions, people.facilitator, now)[0] == 1
