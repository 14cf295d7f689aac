"""Calendar on your phone, in a browser: the preview follows the choices, and everybody can use it."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.store.transaction import transaction
from tests.support import browsing, factories
from tests.support.browsing import Served
from tests.support.feeds import group, subscribe
from tests.support.people import Everybody

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _member(page: Page, served: Served, people: Everybody, sessions: sessionmaker[Database]) -> None:
    """A member with one group and one calendar, signed in."""
    now: datetime = clock.now()
    with sessions() as session, transaction(session):
        series = group(session, now, room_id=factories.online_room(session))
        factories.enrollment(session, series, people.member.id)
        subscribe(session, people.member, now)
    served.sign_in(page.context, people.member.secret)


def make(page: Page, served: Served, *, here: bool = False) -> None:
    """Make a calendar on its page; `here`, where it is open already."""
    if not here:
        page.goto(f"{served.address}/member/calendar")
    page.get_by_role("button", name="Make the address").click()
    page.wait_for_selector("#feed-address")
    page.wait_for_load_state()  # with its style sheet


def test_the_preview_follows_the_choices(page: Page, served: Served) -> None:
    page.goto(f"{served.address}/member/calendar")
    glance = page.locator("[data-glance]")
    assert "Appointment" in glance.inner_text()
    assert "Online room B" not in glance.inner_text()
    page.get_by_label("The full name").check()
    page.get_by_label("The place").check()
    page.get_by_label("The link to join online").check()
    for said in ("Tuesday evening group", "Online room B", "https://meet.example/b", "Anyone who sees"):
        assert said in glance.inner_text()
    assert "Appointment" not in glance.inner_text()
    assert not page.get_by_role("button", name="Show me how it looks").is_visible()


def test_the_preview_shows_what_the_browser_gives_back(page: Page, served: Served) -> None:
    page.goto(f"{served.address}/member/calendar")
    page.get_by_label("The full name").check()
    page.get_by_label("The place").check()
    make(page, served, here=True)
    page.go_back()
    glance = page.locator("[data-glance]")
    page.wait_for_load_state()
    assert page.get_by_label("The full name").is_checked()
    assert "Tuesday evening group" in glance.inner_text()
    assert "Online room B" in glance.inner_text()


def test_the_preview_follows_kinds_alarms_and_language_without_a_reload(
    page: Page, served: Served, people: Everybody, sessions: sessionmaker[Database]
) -> None:
    now: datetime = clock.now()
    with sessions() as session, transaction(session):
        early, later = datetime(2026, 6, 1, 5, 30), now.replace(tzinfo=None) + timedelta(days=10)
        for title, kind, rule, first in (
            ("Dose", "medication", "FREQ=DAILY", early),
            ("Cooking", "skills", "", later),
        ):
            series = group(session, now, title=title, kind=kind, rule=rule, first_start=first)
            factories.enrollment(session, series, people.member.id)
    page.goto(f"{served.address}/member/calendar")
    page.evaluate("window.stays = true")
    says = page.locator("[data-glance]").inner_text
    page.get_by_label("The full name").check()
    page.get_by_label("A reminder").select_option("1 hour before")
    assert "A reminder says the same, 1 hour before." in says()
    page.get_by_text("More choices: kinds, language").click()
    page.get_by_label("Group", exact=True).select_option("15 min before")
    assert "Tuesday evening group" in says()
    assert "A reminder says the same, 15 minutes before." in says()
    page.get_by_label("Group", exact=True).select_option("Left out")
    assert "Cooking" in says()
    assert "A reminder says the same, 1 hour before." in says()
    page.get_by_label("The hours of daily dosing too").check()
    assert "Dose" in says()
    assert "A reminder says the same" not in says()
    page.get_by_label("Medication").select_option("Left out")
    page.get_by_label("Skills").select_option("Left out")
    assert "Nothing for now" in says()
    assert "Anyone who sees" not in says()
    page.get_by_label("Skills").select_option("Shown")
    page.get_by_label("Just “Appointment”").check()
    page.get_by_label("Language").select_option("Español")
    assert "Cita" in says()
    assert page.get_by_label("Just “Cita”").is_checked()
    assert page.evaluate("window.stays")
    page.get_by_role("button", name="Make the address").click()
    page.wait_for_selector("#feed-address")
    page.get_by_role("link", name="Done: back to your calendars").click()
    assert (
        "“Cita”, reminder 1 hour before, without Group, Medication, Español\n"
        in page.locator(".list").inner_text()
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_read_it(page: Page, served: Served, theme: str) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.goto(f"{served.address}/member/calendar")
    for summary in page.locator("summary").all():
        summary.click()
    assert browsing.serious(page) == []
    make(page, served)
    assert browsing.serious(page) == []
    page.goto(f"{served.address}/member/calendar/feeds/1/change")
    assert browsing.serious(page) == []


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
def test_it_fits_every_window(page: Page, served: Served, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"{served.address}/member/calendar")
    for summary in page.locator("summary").all():
        summary.click()
    assert browsing.sideways(page) == 0
    assert browsing.small_targets(page) == []
    make(page, served)
    assert browsing.sideways(page) == 0
    assert browsing.small_targets(page) == []


def test_nothing_on_it_is_refused_by_the_policy(page: Page, served: Served) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    make(page, served)
    assert said == []
