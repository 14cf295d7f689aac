"""The page "Calendar on your phone": choosing, making, changing, a new address, turning off."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker
from werkzeug.test import TestResponse

from scheduler.domain.calendars.keeping import note_fetches
from scheduler.domain.calendars.models import FeedMissing
from scheduler.domain.calendars.queries import ListedFeed, feeds_of
from scheduler.domain.calendars.service import Choices
from scheduler.domain.calendars.sources import Titles, alike
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Series
from scheduler.store.transaction import transaction
from tests.calendars.lint import lint
from tests.conftest import Clients
from tests.support import factories
from tests.support.feeds import group, led, subscribe
from tests.support.people import Everybody

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
ADDRESS = re.compile(r'value="http://127\.0\.0\.1:5000(/feeds/cal_[A-Za-z0-9_-]{43}/calendar\.ics)"')
CHOSEN = {"titles": "plain", "alarm": "none", "name": "My phone"}


@pytest.fixture(autouse=True)
def _then(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def member(
    clients: Clients, people: Everybody, sessions: sessionmaker[Database], now: datetime
) -> FlaskClient:
    """A member's browser; she belongs to one group, in an online room."""
    with sessions() as session, transaction(session):
        series = group(session, now, room_id=factories.online_room(session))
        factories.enrollment(session, series, people.member.id)
    return clients(people.member)


def press(client: FlaskClient, path: str, page: str = "/member/calendar", **values: str) -> TestResponse:
    """Send a form of a page."""
    found = TOKEN.search(client.get(page).text)
    assert found
    return client.post(path, data={"csrf_token": found[1], **values})


def made(client: FlaskClient, **values: str) -> str:
    """Make a feed, and answer its path."""
    answer = press(client, "/member/calendar/feeds", **{**CHOSEN, **values})
    assert answer.status_code == 200
    found = ADDRESS.search(answer.text)
    assert found
    return found[1]


def feeds(sessions: sessionmaker[Database], person_id: int, now: datetime) -> list[ListedFeed]:
    with sessions() as session:
        return feeds_of(session, person_id, now=now, farewell=timedelta(days=14))


def summaries(client: FlaskClient, path: str) -> list[str]:
    return [event.one("SUMMARY").value for event in lint(client.get(path).data).parts("VEVENT")]


def test_the_page_shows_what_a_neighbor_would_read_of_the_next_session(member: FlaskClient) -> None:
    page = member.get("/member/calendar").text
    assert "Just “Appointment”" in page
    assert '<b data-titles="plain" data-plain-title>Appointment</b>' in page
    assert '<b data-titles="full" hidden>Tuesday evening group</b>' in page
    assert "Tuesday, July 21" in page
    assert "7:00 to 8:30 PM" in page
    assert page.index("Google, Apple or Microsoft, gets a copy") < page.index("1. What should an entry say?")


def test_without_scripts_a_button_shows_other_choices_and_makes_nothing(
    member: FlaskClient, people: Everybody, sessions: sessionmaker[Database], now: datetime
) -> None:
    chosen = {**CHOSEN, "titles": "full", "show_place": "y", "show": "1"}
    page = press(member, "/member/calendar/feeds", **chosen)
    assert page.status_code == 200
    assert '<b data-titles="full">Tuesday evening group</b>' in page.text
    assert '<span data-shown-by="show_place">, Online room B</span>' in page.text
    assert '<span data-shown-by="show_link" hidden>' in page.text
    assert feeds(sessions, people.member.id, now) == []


def test_the_address_is_shown_once_with_every_way_to_subscribe(member: FlaskClient) -> None:
    answer = press(member, "/member/calendar/feeds", **CHOSEN)
    assert answer.headers["Cache-Control"] == "no-store"
    found = ADDRESS.search(answer.text)
    assert found
    token = found[1].split("/")[2]
    assert f'href="webcal://127.0.0.1:5000/feeds/{token}/calendar.ics"' in answer.text
    assert (
        f'href="https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2F127.0.0.1%3A5000%2Ffeeds%2F{token}'
        in answer.text
    )
    assert 'href="https://outlook.live.com/calendar/0/addfromweb?url=http%3A%2F%2F127.0.0.1' in answer.text
    assert re.search(r'<div class="qr" role="img" aria-label="[^"]+"><svg [^>]*viewBox', answer.text)
    assert "style=" not in answer.text
    assert summaries(member, found[1]) == ["Appointment"]
    assert token not in member.get("/member/calendar").text


def test_what_was_chosen_is_what_the_feed_says(
    member: FlaskClient, people: Everybody, sessions: sessionmaker[Database], now: datetime
) -> None:
    path = made(member, titles="full", show_link="y", alarm="60", name="Laptop")
    (event,) = lint(member.get(path).data).parts("VEVENT")
    assert event.one("SUMMARY").value == "Tuesday evening group"
    assert event.one("URL").value == "https://meet.example/b"
    assert not event.of("LOCATION")
    assert [alarm.one("TRIGGER").value for alarm in event.inner] == ["-PT1H"]
    (feed,) = feeds(sessions, people.member.id, now)
    assert (feed.name, feed.wishes.titles, feed.end) == ("Laptop", Titles.FULL, None)
    page = member.get("/member/calendar").text
    assert "Full names, with the link, reminder 1 hour before" in page
    assert "Before you begin" not in page
    assert "Google, Apple or Microsoft will keep a copy" in page


def in_the_list(page: str) -> str:
    """What the list says of the only feed."""
    found = re.search(r'<p class="small soft">([^<]*)</p>', page[page.index('id="list-title"') :])
    assert found
    return unescape(found[1])


def alarms(client: FlaskClient, path: str) -> dict[str, list[str]]:
    return {
        event.one("SUMMARY").value: [alarm.one("TRIGGER").value for alarm in event.inner]
        for event in lint(client.get(path).data).parts("VEVENT")
    }


def test_each_kind_is_chosen_by_itself_and_changed_at_the_same_address(
    member: FlaskClient, people: Everybody, sessions: sessionmaker[Database], now: datetime
) -> None:
    with sessions() as session, transaction(session):
        first = datetime(2026, 6, 3, 12)
        for title, kind in (("Skills", "skills"), ("Family", "family")):
            series = group(
                session, now, title=title, kind=kind, first_start=first, rule="FREQ=WEEKLY;BYDAY=WE"
            )
            factories.enrollment(session, series, people.member.id)
    path = made(member, titles="full", alarm="60", kind_family="out", kind_skills="15")
    assert alarms(member, path) == {"Skills": ["-PT15M"], "Tuesday evening group": ["-PT1H"]}
    assert in_the_list(member.get("/member/calendar").text) == (
        "Full names, reminder 1 hour before, reminder for Skills: 15 minutes before, without Family"
    )
    (feed,) = feeds(sessions, people.member.id, now)
    change = f"/member/calendar/feeds/{feed.id}/change"
    form = member.get(change).text
    assert '<details class="more field" open>' in form
    assert [select[1] for select in re.finditer(r'<option selected value="(\w+)">', form)] == [
        *("60", "shown", "shown", "shown", "shown", "out", "15", "shown", "shown")
    ]
    chosen = {"titles": "full", "kind_skills": "60", "kind_group": "out", "kind_family": "shown"}
    assert press(member, change, change, **{**CHOSEN, **chosen}, revision="1").status_code == 303
    assert alarms(member, path) == {"Skills": ["-PT1H"], "Family": []}


def test_what_is_left_out_is_not_in_the_preview_either(
    member: FlaskClient, people: Everybody, sessions: sessionmaker[Database], now: datetime
) -> None:
    with sessions() as session, transaction(session):
        dose = {"title": "Dose", "kind": "medication", "rule": "FREQ=DAILY", "minutes": 240}
        series = group(session, now, first_start=datetime(2026, 6, 1, 5, 30), **dose)
        factories.enrollment(session, series, people.member.id)
    sample_of = re.compile(r'<div data-sample data-kind="(\w+)"( data-daily-dose)?( hidden)?>')

    def shown(**chosen: str) -> list[str]:
        page = press(member, "/member/calendar/feeds", **{**CHOSEN, **chosen, "show": "1"}).text
        found = [sample[1] for sample in sample_of.finditer(page) if not sample[3]]
        assert ('<p class="mt-s" data-nothing hidden>' in page) == bool(found)
        return found

    assert shown() == ["group"]
    assert shown(daily_dosing="y") == ["medication"]
    assert shown(kind_group="out") == []
    assert shown(kind_group="out", daily_dosing="y") == ["medication"]
    assert shown(kind_medication="out", daily_dosing="y") == ["group"]


def test_the_words_of_the_program_are_in_the_language_of_the_feed(member: FlaskClient) -> None:
    path = made(member, language="es")
    assert summaries(member, path) == ["Cita"]
    page = member.get("/member/calendar").text
    assert in_the_list(page) == "“Cita”, Español"
    show = press(member, "/member/calendar/feeds", **CHOSEN, language="es", show="1").text
    assert '<b data-titles="plain" data-plain-title>Cita</b>' in show
    assert "Just “Cita”" in show


def test_at_least_one_kind_stays(member: FlaskClient) -> None:
    none = {f"kind_{kind}": "out" for kind in Kind}
    answer = press(member, "/member/calendar/feeds", **CHOSEN, **none)
    assert answer.status_code == 422
    assert "Leave at least one kind of session in the calendar." in answer.text


def test_the_next_calendar_is_offered_the_name_of_another_device(member: FlaskClient) -> None:
    names = []
    for _ in range(4):
        found = re.search(r'name="name"[^>]* value="([^"]*)"', member.get("/member/calendar").text)
        assert found
        names.append(found[1])
        made(member, name=found[1])
    assert names == ["My phone", "Laptop", "Tablet", "Another device"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Give this calendar a name"),
        ({"name": "x" * 61}, "Use at most 60 letters."),
        ({"titles": "loud"}, "Not a valid choice."),
        ({"alarm": "7"}, "Not a valid choice."),
        ({"kind_skills": "loud"}, "Not a valid choice."),
        ({"language": "tlh"}, "Not a valid choice."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    member: FlaskClient, typed: dict[str, str], said: str
) -> None:
    answer = press(member, "/member/calendar/feeds", **{**CHOSEN, **typed})
    assert answer.status_code == 422
    assert said in answer.text


def test_the_list_says_who_looked_and_how_often_they_do(
    member: FlaskClient, people: Everybody, sessions: sessionmaker[Database], now: datetime
) -> None:
    made(member)
    assert "No calendar has looked yet." in member.get("/member/calendar").text
    (feed,) = feeds(sessions, people.member.id, now)
    for program, said in (
        ("google", "Google Calendar looked in the last hour. It looks about once a day."),
        ("thunderbird", "Thunderbird looked in the last hour. It looks every 30 minutes."),
        ("outlook", "Outlook looked in the last hour. It looks about every 3 hours."),
        ("other", "A calendar looked in the last hour."),
    ):
        with sessions() as session, transaction(session):
            note_fetches(session, {feed.id: (program, now - timedelta(minutes=48))})
        assert said in " ".join(member.get("/member/calendar").text.split())


def test_a_change_shows_at_the_same_address(
    member: FlaskClient, people: Everybody, sessions: sessionmaker[Database], now: datetime
) -> None:
    path = made(member, alarm="120")
    (feed,) = feeds(sessions, people.member.id, now)
    change = f"/member/calendar/feeds/{feed.id}/change"
    form = member.get(change).text
    assert '<option selected value="120">' in form
    answer = press(member, change, change, **{**CHOSEN, "titles": "full", "revision": "1"})
    assert (answer.status_code, answer.location) == (303, "/member/calendar#calendar-1")
    assert summaries(member, path) == ["Tuesday evening group"]
    stale = press(member, change, change, **{**CHOSEN, "revision": "1"})
    assert stale.status_code == 409
    assert "Somebody changed this in the meantime." in stale.text
    assert "<td>The full name</td><td>Just “Appointment”</td>" in stale.text
    (seen,) = re.findall(r'name="revision"[^>]* value="(\d+)"', stale.text)
    assert press(member, change, change, **{**CHOSEN, "revision": seen}).status_code == 303
    assert summaries(member, path) == ["Appointment"]


def test_a_new_address_ends_the_old_one(
    member: FlaskClient, people: Everybody, sessions: sessionmaker[Database], now: datetime
) -> None:
    path = made(member)
    (feed,) = feeds(sessions, people.member.id, now)
    answer = press(member, f"/member/calendar/feeds/{feed.id}/address")
    assert answer.headers["Cache-Control"] == "no-store"
    found = ADDRESS.search(answer.text)
    assert found
    assert (summaries(member, found[1]), summaries(member, path)) == (["Appointment"], [])
    page = member.get("/member/calendar").text
    assert ("Replaced by a new address just now." in page, "Turned off" in page) == (True, False)


def test_a_new_calendar_speaks_the_language_that_the_browser_asks_for_where_we_write_it(
    member: FlaskClient,
) -> None:
    def offered(**headers: str) -> str:
        page = member.get("/member/calendar", headers=headers).text
        found = re.search(r'<option value="(\w+)" lang[^>]* selected>', page)
        assert found
        return found[1]

    asked = ("es-MX,es;q=0.9,en;q=0.8", "fr-CA", "nb", "*")
    assert [offered(), *(offered(**{"Accept-Language": each}) for each in asked)] == [
        *("en", "es", "fr", "en", "en")
    ]


@pytest.mark.parametrize(("how", "status"), [("farewell", 200), ("now", 410)])
def test_there_are_two_ways_to_turn_a_feed_off(
    member: FlaskClient,
    people: Everybody,
    sessions: sessionmaker[Database],
    now: datetime,
    how: str,
    status: int,
) -> None:
    path = made(member)
    (feed,) = feeds(sessions, people.member.id, now)
    answer = press(member, f"/member/calendar/feeds/{feed.id}/revoke", how=how)
    assert (answer.status_code, answer.location) == (303, "/member/calendar")
    gone = member.get(path)
    assert gone.status_code == status
    assert b"BEGIN:VEVENT" not in gone.data
    assert "Turned off just now." in member.get("/member/calendar").text
    assert member.get(f"/member/calendar/feeds/{feed.id}/change").status_code == 404


def test_another_members_feed_does_not_exist(
    member: FlaskClient, clients: Clients, people: Everybody, sessions: sessionmaker[Database], now: datetime
) -> None:
    path = made(member)
    (feed,) = feeds(sessions, people.member.id, now)
    other = clients(people.other_member)
    assert "My phone</h3>" not in other.get("/member/calendar").text
    assert other.get(f"/member/calendar/feeds/{feed.id}/change").status_code == 404
    for act in ("address", "revoke", "change"):
        assert press(other, f"/member/calendar/feeds/{feed.id}/{act}", **CHOSEN).status_code == 404
    assert summaries(member, path) == ["Appointment"]


def test_who_may_open_the_page(clients: Clients, people: Everybody, app: Flask) -> None:
    assert clients(None).get("/member/calendar").location.startswith("/sign-in")
    statuses = {
        name: clients(getattr(people, name)).get("/member/calendar").status_code
        for name in ("member", "facilitator", "coordinator", "administrator")
    }
    assert statuses == {"member": 200, "facilitator": 404, "coordinator": 404, "administrator": 404}
    assert clients(people.facilitator).get("/facilitator/calendar").status_code == 200
    assert clients(people.member).get("/facilitator/calendar").status_code == 404


def test_a_facilitators_feed_carries_no_members_name(
    member: FlaskClient, clients: Clients, people: Everybody, sessions: sessionmaker[Database], now: datetime
) -> None:
    with sessions() as session, transaction(session):
        series = group(
            session,
            now,
            title="Skills at noon",
            first_start=datetime(2026, 6, 3, 12),
            rule="FREQ=WEEKLY;BYDAY=WE",
        )
        factories.enrollment(session, series, people.member.id)
        led(session, series, people.facilitator.id)
    client = clients(people.facilitator)
    chosen = {**CHOSEN, "titles": "full", "show_place": "y", "show_link": "y"}
    found = ADDRESS.search(
        press(client, "/facilitator/calendar/feeds", "/facilitator/calendar", **chosen).text
    )
    assert found
    body = client.get(found[1]).data
    assert summaries(client, found[1]) == ["Skills at noon"]
    assert not re.search(rb"Renee|Tamm", body)


@pytest.mark.parametrize(
    ("discreet", "said"),
    [("Evening class", "Evening class"), ("", "Appointment"), ("Appointment", "Appointment")],
)
def test_a_facilitator_is_shown_what_their_calendar_says_of_a_member_s_session(
    clients: Clients,
    people: Everybody,
    sessions: sessionmaker[Database],
    now: datetime,
    discreet: str,
    said: str,
) -> None:
    with sessions() as session, transaction(session):
        series = group(session, now, title="Individual: Maria Lopez", kind="individual")
        session.get_one(Series, series).discreet_title = discreet
        led(session, series, people.facilitator.id)
    page = clients(people.facilitator).get("/facilitator/calendar").text
    assert "Maria" not in page
    assert f"The name you see here, such as “{said}”." in page
    assert "The full name could name a member, so it is never in your calendar." in page
    assert "Anyone who sees your screen" not in page
    assert ("Your center has picked none yet" in page) == (said == "Appointment")
    assert re.search(rf'<b data-titles="full"[^>]*>{said}</b>', page)


SHOWN_ONCE = "We showed it only once"


def test_a_form_that_is_sent_twice_makes_one_calendar_and_offers_a_new_address(
    member: FlaskClient, people: Everybody, sessions: sessionmaker[Database], now: datetime
) -> None:
    once = {**CHOSEN, "once": "a"}
    assert press(member, "/member/calendar/feeds", **once).status_code == 200
    again = press(member, "/member/calendar/feeds", **once)
    assert again.status_code == 409
    assert SHOWN_ONCE in again.text
    assert "cal_" not in again.text
    (feed,) = feeds(sessions, people.member.id, now)
    assert f'action="/member/calendar/feeds/{feed.id}/address"' in again.text
    changed = press(member, "/member/calendar/feeds", **{**once, "name": "Laptop"})
    assert changed.status_code == 200


def test_a_new_address_that_is_asked_for_twice_is_given_once(
    member: FlaskClient, people: Everybody, sessions: sessionmaker[Database], now: datetime
) -> None:
    made(member)
    (feed,) = feeds(sessions, people.member.id, now)
    address = f"/member/calendar/feeds/{feed.id}/address"
    first = press(member, address, once="b")
    assert (first.status_code, "The old address stops." in first.text) == (200, True)
    again = press(member, address, once="b")
    assert (again.status_code, SHOWN_ONCE in again.text) == (409, True)
    assert [each.end is None for each in feeds(sessions, people.member.id, now)] == [True, False]


def test_where_a_form_was_sent_an_address_bar_finds_the_page(
    member: FlaskClient, people: Everybody, sessions: sessionmaker[Database], now: datetime
) -> None:
    made(member)
    for path in ("/member/calendar/feeds", "/member/calendar/feeds/1/address"):
        answer = member.get(path)
        assert (answer.status_code, answer.location) == (303, "/member/calendar")


def test_no_two_calendars_have_one_name(member: FlaskClient) -> None:
    made(member)
    answer = press(member, "/member/calendar/feeds", **{**CHOSEN, "name": "my  Phone"})
    assert answer.status_code == 422
    assert "You have a calendar of this name already." in answer.text


def test_a_locked_phone_keeps_what_was_chosen_and_makes_only_the_first_calendar(member: FlaskClient) -> None:
    chosen = {**CHOSEN, "alarm": "60", "show_place": "y", "look": "1"}
    look = press(member, "/member/calendar/feeds", **chosen).text
    assert "Nobody can take it back." in look
    assert 'name="alarm" value="60"' in look
    assert 'name="show_place" value="y"' in look
    assert 'name="show" value="1"' not in look
    made(member)
    look = press(member, "/member/calendar/feeds", **chosen).text
    assert "Nobody can take it back." not in look
    assert 'name="show" value="1"' in look


def test_a_reminder_that_the_form_does_not_offer_stays_when_it_is_saved_unchanged(
    member: FlaskClient, people: Everybody, sessions: sessionmaker[Database], now: datetime
) -> None:
    with sessions() as session, transaction(session):
        path = subscribe(session, people.member, now, Choices("Old", Titles.PLAIN, kinds=alike(10080)))
    change = "/member/calendar/feeds/1/change"
    assert '<option selected value="10080">7 days before</option>' in member.get(change).text
    unchanged = {**CHOSEN, "alarm": "10080", "name": "Old"}
    assert press(member, change, change, **unchanged, revision="1").status_code == 303
    assert alarms(member, path) == {"Appointment": ["-P7D"]}


def test_what_a_calendar_leaves_out_is_said_to_its_owner(
    member: FlaskClient, people: Everybody, sessions: sessionmaker[Database]
) -> None:
    made(member)
    with sessions() as session, transaction(session):
        session.add(FeedMissing(feed_id=1, series_id=1))
    page = member.get("/member/calendar").text
    assert "1 of your sessions could not be written into it." in page
    assert 'href="/member/week">Look at My week</a>' in page


def test_another_week_says_too_which_calendar_looked(member: FlaskClient) -> None:
    made(member)
    for page in ("/member/week", "/member/week?week=2026-08-10"):
        assert "No calendar has looked at it yet." in member.get(page).text
