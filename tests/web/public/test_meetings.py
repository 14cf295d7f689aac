"""The page of listed meetings: the same for everybody, by day, today first."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.mutual_help.queries import listed_meetings
from scheduler.domain.mutual_help.rows import MeetingRow
from scheduler.domain.mutual_help.service import import_meetings
from scheduler.extensions import db
from scheduler.store.transaction import transaction
from tests.conftest import Clients
from tests.support.people import Everybody
from tests.support.statements import counted

NEW_YORK = "America/New_York"
SUNRISE = MeetingRow(
    number=1,
    key="sunrise",
    name="Sunrise",
    fellowship="AA",
    weekday=2,
    starts=time(6, 30),
    minutes=60,
    end_assumed=False,
    timezone=NEW_YORK,
    types=("O", "X", "D", "EN", "ZZZ"),
    place="Quarry House",
    address="12 Quarry Road, Lindenfield",
    place_notes="Side door",
)
ONLINE = MeetingRow(
    number=2,
    key="late",
    name="Late <owls>",
    fellowship="NA",
    weekday=1,
    starts=time(20),
    minutes=60,
    end_assumed=True,
    timezone="America/Los_Angeles",
    types=("C",),
    region="Old Town",
    online_link="https://meet.example/late",
    online_phone="+1 555 555 0100",
    notes="Passcode: lamp",
)


@pytest.fixture(autouse=True)
def today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def listed(sessions: sessionmaker[Database], now: datetime) -> dict[str, int]:
    """The anchors of two listed meetings, by name."""
    with sessions() as session, transaction(session):
        import_meetings(session, source="quarry", rows=[SUNRISE, ONLINE], now=now)
        meetings = listed_meetings(session, on=date(2026, 7, 15))
    return {meeting.name: meeting.anchor for meeting in meetings}


def read(clients: Clients, address: str = "/meetings?day=all") -> str:
    answer = clients(None).get(address)
    assert answer.status_code == 200
    return answer.text


def shown(page: str) -> list[str]:
    """The names of the meetings, in the order of the page."""
    return [part.split("</b>")[0] for part in page.split("<b>")[1:]]


def test_meetings_stand_by_day_and_today_comes_first(clients: Clients, listed: dict[str, int]) -> None:
    page = read(clients)
    days = [part.split("<")[0] for part in page.split('class="dayhead" id="day-')[1:]]
    assert days == ['2026-07-15">Wednesday, July 15', '2026-07-21">Tuesday, July 21']
    assert shown(page) == ["Sunrise", "Late &lt;owls&gt;"]


def test_the_page_alone_shows_today_and_leads_on(clients: Clients, listed: dict[str, int]) -> None:
    page = read(clients, "/meetings")
    assert shown(page) == ["Sunrise"]
    assert '<option value="wed" selected>Today, Wednesday</option>' in page
    assert '<a class="go" href="/meetings?day=thu">Thursday, July 16</a>' in page
    assert '<a class="go" href="/meetings?day=all">All days</a>' in page


def test_the_way_on_keeps_what_is_looked_for_and_nothing_else(
    clients: Clients, listed: dict[str, int]
) -> None:
    page = read(clients, "/meetings?day=wed&q=quarry&open=1&_scheme=javascript&_external=1&x=y")
    assert '<a class="go" href="/meetings?day=thu&amp;q=quarry&amp;open=1">Thursday, July 16</a>' in page


def test_a_meeting_says_when_where_and_for_whom(clients: Clients, listed: dict[str, int]) -> None:
    page = read(clients, "/meetings?q=sunrise")
    assert f'<li id="meeting-{listed["Sunrise"]}">' in page
    assert "6:30 AM<small> to 7:30 AM</small>" in page
    assert '<span class="meta">AA, Discussion</span>' in page
    assert "Quarry House<br>12 Quarry Road, Lindenfield<br>Side door" in page
    assert page.count('class="chip') == 2
    assert "ZZZ" not in page


def test_one_online_has_its_link_its_number_and_how_to_get_in(
    clients: Clients, listed: dict[str, int]
) -> None:
    page = read(clients, "/meetings?online=1")
    assert shown(page) == ["Late &lt;owls&gt;"]
    assert "8:00 PM<small> Los Angeles time</small></p>" in page
    assert '<a href="https://meet.example/late" rel="noopener noreferrer external nofollow">' in page
    assert '<a href="tel:+15555550100">+1 555 555 0100</a><br>Passcode: lamp' in page


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("day=today", ["Sunrise"]),
        ("day=tue", ["Late &lt;owls&gt;"]),
        ("day=mon", []),
        ("day=someday", ["Sunrise", "Late &lt;owls&gt;"]),
        ("fellowship=NA", ["Late &lt;owls&gt;"]),
        ("fellowship=%3Cb%3E", ["Sunrise", "Late &lt;owls&gt;"]),
        ("q=QUARRY+road", ["Sunrise"]),
        ("q=old+town+na", ["Late &lt;owls&gt;"]),
        ("q=quarry+late", []),
        ("open=1", ["Sunrise"]),
        ("step_free=1", ["Sunrise"]),
        ("step_free=1&online=1", []),
    ],
)
def test_filters_narrow_what_is_shown(
    clients: Clients, listed: dict[str, int], asked: str, names: list[str]
) -> None:
    assert shown(read(clients, f"/meetings?{asked}")) == names


def test_what_was_typed_stands_in_the_form_again(clients: Clients, listed: dict[str, int]) -> None:
    page = read(clients, "/meetings?q=%22quarry&day=tue&fellowship=NA&open=1")
    assert 'value="&#34;quarry"' in page
    assert '<option value="tue" selected>Tuesday</option>' in page
    assert '<option value="NA" selected>NA</option>' in page
    assert 'name="open" value="1" checked>' in page


def test_where_nothing_is_found_the_page_says_so(clients: Clients, listed: dict[str, int]) -> None:
    page = read(clients, "/meetings?q=nowhere")
    assert "No meeting found" in page
    assert '<a class="btn second" href="/meetings?day=all">Show all meetings</a>' in page


def test_where_no_meetings_were_brought_in_the_page_says_that(clients: Clients, people: Everybody) -> None:
    page = read(clients)
    assert "No meetings yet" in page
    assert "Try another day" not in page
    assert "Show all meetings" not in page


def test_a_visitor_is_offered_nothing_that_needs_a_sign_in(clients: Clients, listed: dict[str, int]) -> None:
    page = read(clients)
    assert "my calendar" not in page
    assert 'method="post"' not in page


def test_staff_see_what_a_visitor_sees(clients: Clients, people: Everybody, listed: dict[str, int]) -> None:
    page = clients(people.coordinator).get("/meetings?day=all").text
    assert shown(page) == ["Sunrise", "Late &lt;owls&gt;"]
    assert "my calendar" not in page


def test_a_member_can_add_each_and_the_page_is_not_kept(
    clients: Clients, people: Everybody, listed: dict[str, int]
) -> None:
    answer = clients(people.member).get("/meetings?day=all")
    assert answer.headers["Cache-Control"] == "no-store"
    assert f'formaction="/member/meetings/{listed["Sunrise"]}/add"' in answer.text
    assert answer.text.count('aria-label="Add ') == 2
    assert "Take out" not in answer.text


def test_658_meetings_take_as_few_statements_as_two(
    app: Flask,
    clients: Clients,
    people: Everybody,
    sessions: sessionmaker[Database],
    now: datetime,
) -> None:
    rows = [replace(SUNRISE, key=f"key-{number}", weekday=number % 7) for number in range(658)]
    with sessions() as session, transaction(session):
        import_meetings(session, source="many", rows=rows, now=now)
    with app.app_context(), counted(db.engine) as statements:
        page = clients(people.member).get("/meetings?day=all").text
    assert page.count('class="meet"') == 300
    assert "There are more. Choose a day, or type a town." in page
    # Who looks, the meetings, the fellowships to choose from, and what stands in the member's calendar.
    assert len(statements) == 4


def test_the_day_is_the_reader_s_own(clients: Clients, listed: dict[str, int]) -> None:
    with time_machine.travel(datetime(2026, 7, 16, 3, 0, tzinfo=UTC), tick=False):
        assert "Wednesday, July 15" in read(clients, "/meetings?day=today")
