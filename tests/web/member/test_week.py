"""My week."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.attendance import service
from scheduler.domain.attendance.past import PastMark, PastSheet
from scheduler.domain.attendance.statuses import Status, Value
from scheduler.domain.calendars.keeping import note_fetches
from scheduler.domain.calendars.queries import feeds_of
from scheduler.domain.calendars.service import Choices, make_feed
from scheduler.domain.calendars.sources import Titles
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.schedule.models import Series
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support import factories
from tests.support.people import Everybody
from tests.support.statements import counted

TUESDAY = datetime(2026, 7, 14, 21, 0, tzinfo=UTC)
"""17:00 in New York, two hours before the evening group."""


@pytest.fixture(autouse=True)
def _tuesday() -> Iterator[None]:
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def group(sessions: sessionmaker[Database], people: Everybody) -> int:
    """An evening group in an online room, this Tuesday and the next, to which Renee belongs."""
    with sessions() as session, transaction(session):
        series = factories.series(session, room_id=factories.online_room(session))
        factories.enrollment(session, series, people.member.id)
        for day in (14, 21):
            factories.occurrence(session, series, datetime(2026, 7, day, 19))
    return series


def own(clients: Clients, people: Everybody, week: str = "") -> str:
    answer = clients(people.member).get("/member/week" + (f"?week={week}" if week else ""))
    assert answer.status_code == 200
    return answer.text


def test_the_next_session_stands_first_with_when_where_and_the_way_in(
    clients: Clients, people: Everybody, group: int
) -> None:
    page = own(clients, people)
    panel = page.partition('<section class="next"')[2].partition("</section>")[0]
    for said in (
        "Next, in 2 hours",
        "Tonight, 7:00 PM",
        "Tuesday evening group",
        "until 8:30 PM",
        "Online room B",
    ):
        assert said in panel
    assert '<a class="btn lamp" href="https://meet.example/b" rel="noreferrer">' in panel
    assert page.index('class="next"') < page.index('class="windows"')


def test_the_week_shows_seven_days_and_only_what_is_theirs(
    clients: Clients, people: Everybody, group: int, sessions: sessionmaker[Database]
) -> None:
    with sessions() as session, transaction(session):
        other = factories.series(session, "Job skills", first_start=datetime(2026, 7, 16, 17))
        factories.occurrence(session, other)
        factories.enrollment(session, other, people.other_member.id)
    page = own(clients, people)
    assert page.count('<span class="d">') == 7
    assert "today, 1 session: " in page
    assert "Today, Tuesday, July 14" in page
    assert "July 13 to 19" in page
    assert "Job skills" not in page
    assert "Marcus" not in page


def test_what_is_moved_or_cancelled_says_so(
    clients: Clients, people: Everybody, group: int, sessions: sessionmaker[Database]
) -> None:
    with sessions() as session, transaction(session):
        skills = factories.series(session, "Job skills", first_start=datetime(2026, 7, 16, 17))
        factories.enrollment(session, skills, people.member.id)
        factories.occurrence(session, skills, moved_to=datetime(2026, 7, 16, 17, 30))
        factories.occurrence(session, skills, datetime(2026, 7, 17, 17), booked=False)
        factories.occurrence(session, skills, datetime(2026, 7, 18, 17), moved_to=datetime(2026, 7, 19, 9))
    page = own(clients, people)
    assert "Moved: was 5:00 PM" in page
    assert "Moved: was Saturday, July 18, 5:00 PM" in page
    assert "Cancelled" in page.partition('id="d17"')[2]
    assert "1 cancelled: " in page
    assert "Repairs" not in page


def test_a_session_that_is_over_says_whether_they_were_there(
    clients: Clients, people: Everybody, group: int, sessions: sessionmaker[Database]
) -> None:
    over = TUESDAY - timedelta(days=1)
    with sessions() as session, transaction(session):
        for hour, status in ((9, Status.LATE), (11, Status.ABSENT), (13, Status.EXCUSED)):
            start = datetime(2026, 7, 13, hour)
            occurrence = factories.occurrence(session, group, start)
            mark = PastMark(people.member.id, Value(status))
            past = PastSheet(occurrence, people.facilitator.id, over, over, (mark,))
            service.record_past_sheets(session, actor=SYSTEM, sheets=[past], now=over)
    monday = own(clients, people).partition('id="d13"')[2].partition('id="d14"')[0]
    found = [monday.index(said) for said in ("You were there", "You missed it", "Excused")]
    assert found == sorted(found)


def test_an_empty_week_says_when_the_next_session_is(clients: Clients, people: Everybody, group: int) -> None:
    page = own(clients, people, week="2026-07-10")
    assert "Nothing planned this week" in page
    assert (
        "Your next session is on Tuesday, July 14 at 7:00 PM. If that seems wrong, call the front desk."
        in page
    )
    assert 'href="tel:(555)010-0199"' in page


def test_nothing_at_all_says_whom_to_call(clients: Clients, people: Everybody) -> None:
    page = own(clients, people)
    assert "Nothing planned this week" in page
    assert "If that seems wrong, call the front desk." in page
    assert "Your next session" not in page


def test_any_day_names_its_week_and_nonsense_is_not_there(
    clients: Clients, people: Everybody, group: int
) -> None:
    assert "July 20 to 26" in own(clients, people, week="2026-07-22")
    for nonsense in ("yesterday", "2026-13-01", "0001-01-01", "9999-12-31"):
        assert clients(people.member).get(f"/member/week?week={nonsense}").status_code == 404


def test_a_member_is_expected_only_within_their_dates(
    clients: Clients, people: Everybody, group: int, sessions: sessionmaker[Database]
) -> None:
    with sessions() as session, transaction(session):
        factories.enrollment(session, group, people.other_member.id, until_date=date(2026, 7, 14))
    client = clients(people.other_member)
    assert "Tuesday evening group" in client.get("/member/week").text
    assert "Tuesday evening group" not in client.get("/member/week?week=2026-07-21").text


@pytest.mark.parametrize(("discreet", "said"), [("Talk", "Talk"), ("", "One-to-one")])
def test_a_title_that_names_the_next_member_is_not_read(
    clients: Clients,
    people: Everybody,
    sessions: sessionmaker[Database],
    discreet: str,
    said: str,
) -> None:
    """Given an hour ago; their own dates are over but for what is left of this week's page."""
    with sessions() as session, transaction(session):
        number = factories.series(session, "Ben, Mondays", kind="individual")
        factories.enrollment(session, number, people.member.id, until_date=date(2026, 7, 13))
        factories.occurrence(session, number, datetime(2026, 7, 13, 9))
        row = session.get_one(Series, number)
        row.discreet_title, row.titled_at = discreet, TUESDAY - timedelta(hours=1)
    page = own(clients, people)
    assert "Ben" not in page
    assert f"<b>{said}</b>" in page


def test_every_page_ends_with_whom_to_call(clients: Clients, people: Everybody, group: int) -> None:
    foot = own(clients, people).partition('<footer class="foot">')[2]
    for said in ("(555) 010-0199", "every day, 8 AM to 8 PM", "988"):
        assert said in foot


def test_only_members_have_a_week(clients: Clients, people: Everybody) -> None:
    for somebody in (people.facilitator, people.coordinator, people.administrator):
        assert clients(somebody).get("/member/week").status_code == 404
    assert clients(people.outsider).get("/member/week").location == "/sign-in?next=/member/week"


def test_it_says_which_calendar_looked_last(
    clients: Clients, people: Everybody, group: int, sessions: sessionmaker[Database]
) -> None:
    assert "Your sessions can stand in the calendar that you already use." in own(clients, people)
    with sessions() as session, transaction(session):
        choices, made_at = Choices("My phone", Titles.PLAIN), TUESDAY - timedelta(days=1)
        make_feed(
            session, actor=people.member.actor, person_id=people.member.id, choices=choices, now=made_at
        )
        (feed,) = feeds_of(session, people.member.id, now=TUESDAY, farewell=timedelta(days=14))
        note_fetches(session, {feed.id: ("google", TUESDAY - timedelta(minutes=10))})
    said = " ".join(own(clients, people).split())
    assert "Google Calendar looked at “My phone” in the last hour. It looks about once a day." in said


def test_a_week_takes_at_most_six_statements(
    app: Flask, clients: Clients, people: Everybody, group: int, sessions: sessionmaker[Database]
) -> None:
    client = clients(people.member)
    with app.app_context():
        engine = db.engine
    with sessions() as session, transaction(session):
        factories.occurrence(session, group, datetime(2026, 7, 13, 9))
    taken = []
    for week in ("", "?week=2026-07-06", "?week=2026-08-03"):
        client.get(f"/member/week{week}")
        with counted(engine) as statements:
            client.get(f"/member/week{week}")
        taken.append(len(statements))
    assert taken == [5, 4, 4]


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (None, "Your sessions are paused. If that seems wrong, call the front desk."),
        (
            date(2026, 7, 20),
            "Your sessions are paused until Monday, July 20. Your next session is on Tuesday, July 21 at",
        ),
    ],
)
@pytest.mark.usefixtures("group")
def test_on_hold_nothing_stands_in_the_week_and_it_says_until_when(
    clients: Clients, people: Everybody, sessions: sessionmaker[Database], until: date | None, said: str
) -> None:
    with sessions() as session, transaction(session):
        factories.hold(session, people.member.id, date(2026, 7, 13), until)
    page = " ".join(own(clients, people).split())
    assert said in page
    assert 'class="day"' not in page
