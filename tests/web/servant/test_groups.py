"""A trusted servant's groups: counts, positions, and what the group decided."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.access.beginning import begin_sign_in
from scheduler.domain.attendance.models import Sheet
from scheduler.domain.mutual_help.models import Conscience
from scheduler.domain.people.roles import SYSTEM, Actor, Role
from scheduler.domain.people.service import make_person
from scheduler.domain.planning.making import NewPost, make_series
from scheduler.domain.roster.models import Post
from scheduler.domain.roster.positions import Position
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.models import Series
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.recurrence import Frequency, Rule
from scheduler.store.audit import AuditEntry
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support import factories
from tests.support.filling import send
from tests.support.people import Everybody, Someone
from tests.web.coordinator.desk import text_of

Sessions = sessionmaker[Database]


@dataclass(frozen=True, slots=True)
class Noon:
    """A hosted group at noon today, and its chair at a browser."""

    series_id: int
    occurrence_id: int
    page: str
    chair: FlaskClient
    person: Someone


@pytest.fixture(autouse=True)
def _now(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


def somebody(session: Database, name: str, role: Role, now: datetime) -> Someone:
    person_id = make_person(session, actor=SYSTEM, name=name, email=None, roles=[role], now=now)
    secret = begin_sign_in(session, person_id=person_id, lasts=timedelta(days=9), now=now)
    return Someone(person_id, name, "", Actor(person_id, None, frozenset({role})), secret)


@pytest.fixture
def noon(clients: Clients, sessions: Sessions, people: Everybody, now: datetime) -> Noon:
    with sessions() as session, transaction(session):
        chair = somebody(session, "Theo Lang", Role.TRUSTED_SERVANT, now)
        plan = Plan(
            kind=Kind.MUTUAL_HELP,
            title="Noon meeting",
            first_start=datetime(2026, 7, 15, 12),
            minutes=60,
            timezone="America/New_York",
            rule=Rule(Frequency.WEEKLY, weekdays=(2,)),
            room_id=factories.room(session),
            counting=Counting.HEADS,
        )
        made = make_series(
            session,
            actor=SYSTEM,
            plan=plan,
            posts=[NewPost(chair.id, Position.CHAIR)],
            now=now - timedelta(days=1),
        )
    page = f"/servant/groups/{made.series_id}"
    return Noon(made.series_id, made.occurrences[0], page, clients(chair), chair)


def posts_of(sessions: Sessions, noon: Noon) -> list[tuple[int, str, date | None]]:
    with sessions() as session:
        query = select(Post.person_id, Post.position, Post.until_date).where(Post.series_id == noon.series_id)
        return [tuple(row) for row in session.execute(query.order_by(Post.id))]


def test_a_chair_begins_at_their_groups_and_counts_the_people(noon: Noon, sessions: Sessions) -> None:
    home = noon.chair.get("/servant/groups").text
    assert "Noon meeting" in home
    sheet = f"/facilitator/sheets/{noon.occurrence_id}"
    assert sheet in home
    answer = send(noon.chair, sheet, to=f"{sheet}/headcount", number="17", seen="")
    assert answer.status_code == 303
    assert "17 people" in noon.chair.get(noon.page).text
    answer = send(noon.chair, sheet, to=f"{sheet}/submit", number="17", seen="17")
    assert (answer.status_code, answer.location) == (303, "/servant/groups")
    with sessions() as session:
        assert session.scalars(select(Sheet.submitted_by)).one() == noon.person.id


def test_positions_are_given_by_exact_name_to_those_who_serve_or_lead(
    noon: Noon, sessions: Sessions, people: Everybody, now: datetime
) -> None:
    with sessions() as session, transaction(session):
        ada = somebody(session, "Ada Quist", Role.TRUSTED_SERVANT, now).id
    given = {"service-position": "greeter", "service-from_date": "2026-07-16"}
    for name in ("Ada", "Renee Tamm", "Nobody Atall", "Odile Kern"):
        answer = send(noon.chair, noon.page, to=f"{noon.page}/positions", **given, **{"service-name": name})
        assert answer.status_code == 422
        assert "Nobody who serves or leads here has exactly this name." in answer.text
    for name in ("ada quist", "Dana Rowe"):
        assert (
            send(
                noon.chair, noon.page, to=f"{noon.page}/positions", **given, **{"service-name": name}
            ).status_code
            == 303
        )
    assert posts_of(sessions, noon) == [
        (noon.person.id, "chair", None),
        (ada, "greeter", None),
        (people.facilitator.id, "greeter", None),
    ]
    lead = dict(given, **{"service-position": "lead", "service-name": "Ada Quist"})
    assert send(noon.chair, noon.page, to=f"{noon.page}/positions", **lead).status_code == 422


def test_whoever_leads_something_else_then_is_busy_and_no_more(
    noon: Noon, sessions: Sessions, people: Everybody, now: datetime
) -> None:
    with sessions() as session, transaction(session):
        plan = Plan(
            kind=Kind.GROUP,
            title="Women in recovery",
            first_start=datetime(2026, 7, 22, 12),
            minutes=60,
            timezone="America/New_York",
            rule=Rule(Frequency.WEEKLY, weekdays=(2,)),
        )
        make_series(session, actor=SYSTEM, plan=plan, posts=[NewPost(people.facilitator.id)], now=now)
    answer = send(
        noon.chair,
        noon.page,
        to=f"{noon.page}/positions",
        **{"service-name": "Dana Rowe", "service-position": "speaker", "service-from_date": "2026-07-16"},
    )
    assert answer.status_code == 409
    assert "They are busy at some of these times." in answer.text
    assert "Women" not in answer.text


def test_a_term_ends_and_with_it_the_group_on_one_s_pages(noon: Noon, sessions: Sessions) -> None:
    with sessions() as session:
        post_id = session.scalars(select(Post.id)).one()
    name = f"position{post_id}-"
    to = f"{noon.page}/positions/{post_id}/end"
    sent = {f"{name}until_date": "2026-07-15", f"{name}revision": "1"}
    assert send(noon.chair, noon.page, to=to, **sent).location == noon.page
    assert posts_of(sessions, noon) == [(noon.person.id, "chair", date(2026, 7, 15))]
    with time_machine.travel(datetime.fromisoformat("2026-07-17T20:00:00+00:00"), tick=False):
        assert noon.chair.get(noon.page).status_code == 404
        assert "No group at the moment" in noon.chair.get("/servant/groups").text


def test_the_last_day_of_a_term_is_over_at_midnight_where_the_group_meets(
    noon: Noon, sessions: Sessions
) -> None:
    with sessions() as session, transaction(session):
        session.execute(update(Series).values(timezone="Pacific/Honolulu"))
        session.execute(update(Post).values(until_date=date(2026, 7, 15)))
    for at, status in (("2026-07-16T09:59:00+00:00", 200), ("2026-07-16T10:00:00+00:00", 404)):
        with time_machine.travel(datetime.fromisoformat(at), tick=False):
            assert noon.chair.get(noon.page).status_code == status
            assert (noon.page in noon.chair.get("/servant/groups").text) is (status == 200)


def test_what_the_group_decided_is_its_own(
    noon: Noon, sessions: Sessions, clients: Clients, people: Everybody
) -> None:
    to, sheet = f"{noon.page}/conscience", f"/facilitator/sheets/{noon.occurrence_id}"
    odile = clients(people.coordinator)
    assert odile.get(sheet).status_code == 200
    answer = send(
        noon.chair,
        noon.page,
        to=to,
        **{"conscience-revision": "0", "conscience-proof_of_attendance": "y"},
    )
    assert answer.status_code == 303
    with sessions() as session:
        decided = session.scalars(select(Conscience)).one()
        assert (
            decided.proof_of_attendance,
            decided.share_headcount,
            decided.changed_by,
            decided.revision,
        ) == (
            True,
            False,
            noon.person.id,
            1,
        )
        assert session.scalars(
            select(AuditEntry.detail).where(AuditEntry.action == "conscience.decided")
        ).one() == {"proof_of_attendance": True, "share_headcount": False}
    assert odile.get(sheet).status_code == 404
    assert noon.chair.get(sheet).status_code == 200
    shown = text_of(odile.get(f"/coordinator/series/{noon.series_id}").text)
    assert "The group keeps its headcount to itself." in shown
    assert odile.post(to).status_code == 404
    stale = send(noon.chair, noon.page, to=to, **{"conscience-revision": "0"})
    assert stale.status_code == 409


def test_the_center_sees_only_that_a_group_met_which_keeps_its_number(
    noon: Noon, sessions: Sessions, clients: Clients, people: Everybody, now: datetime
) -> None:
    odile, page = clients(people.coordinator), f"/coordinator/occurrences/{noon.occurrence_id}"
    with sessions() as session, transaction(session):
        session.add(
            Sheet(
                occurrence_id=noon.occurrence_id, opened_at=now, walk_ins=0, headcount=3571, submitted_at=now
            )
        )
        session.add(Conscience(lineage_id=noon.series_id, share_headcount=False, changed_at=now))
    shown = odile.get(page).text
    assert "It met." in shown
    assert "3571" not in shown
    assert f"/facilitator/sheets/{noon.occurrence_id}" not in shown
    with sessions() as session, transaction(session):
        session.execute(update(Conscience).values(share_headcount=True))
    assert f"/facilitator/sheets/{noon.occurrence_id}" in odile.get(page).text


def test_no_page_of_theirs_names_a_member(noon: Noon, sessions: Sessions, people: Everybody) -> None:
    with sessions() as session, transaction(session):
        factories.enrollment(session, noon.series_id, people.member.id)
    sheet = f"/facilitator/sheets/{noon.occurrence_id}"
    for page in ("/servant/groups", noon.page, sheet, "/me"):
        answer = noon.chair.get(page)
        assert answer.status_code == 200
        assert "Renee" not in answer.text
