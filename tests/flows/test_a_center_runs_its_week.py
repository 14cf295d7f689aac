"""The main job, end to end: a group is made, attended, subscribed to, cancelled and moved.

Everything that a person does happens in a browser; the member's calendar is a program that nobody here
wrote.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import time_machine
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.people import passwords, service
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.store.transaction import transaction
from tests.support.browsing import Served
from tests.support.calendar_clients import Client

pytestmark = [pytest.mark.browser, pytest.mark.clients, pytest.mark.databases("sqlite", "postgresql")]

WEDNESDAY = datetime(2026, 7, 15, 20, 0, tzinfo=UTC)
FIRST_EVENING = datetime(2026, 7, 21, 23, 5, tzinfo=UTC)
"""19:05 in New York on the evening of the group's first session."""
PASSWORD = "four-lamps-in-a-row"
PEOPLE = {
    "odile": ("Odile Kern", Role.COORDINATOR),
    "dana": ("Dana Rowe", Role.FACILITATOR),
    "renee": ("Renee Tamm", Role.MEMBER),
}
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1440, "height": 900}
Opened = Callable[[str, ViewportSize], Page]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Wednesday afternoon, until a test moves on."""
    with time_machine.travel(WEDNESDAY) as clock:
        yield clock


@pytest.fixture(autouse=True)
def persons(sessions: sessionmaker[Database]) -> None:
    with sessions() as session, transaction(session):
        for key, (name, role) in PEOPLE.items():
            service.make_person(
                session,
                actor=SYSTEM,
                name=name,
                email=f"{key}@example.org",
                roles=[role],
                now=WEDNESDAY,
                password_hash=passwords.hashed(PASSWORD),
                confirmed=True,
            )


@pytest.fixture
def signed_in(browser: Browser, served: Served) -> Iterator[Opened]:
    """Signs somebody in on a device of their own, by the page that everybody uses."""
    contexts = []

    def opened(key: str, size: ViewportSize) -> Page:
        contexts.append(browser.new_context(viewport=size, base_url=served.address))
        contexts[-1].set_default_timeout(10_000)
        page = contexts[-1].new_page()
        page.goto("/")
        page.get_by_role("banner").get_by_role("link", name="Sign in").click()
        page.get_by_label("E-mail").fill(f"{key}@example.org")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        return page

    yield opened
    for context in contexts:
        context.close()


def test_a_center_runs_its_week(
    signed_in: Opened, served: Served, clock: time_machine.Traveller, tmp_path: Path
) -> None:
    desk = signed_in("odile", DESK)
    _make_the_places(desk)
    _make_the_group(desk)
    _enroll_renee(desk)

    phone = signed_in("renee", PHONE)
    expect(phone.get_by_role("heading", name="Tuesday, 7:00 PM")).to_be_visible()
    expect(phone.get_by_role("main")).to_contain_text("Elm Street, Room 2")
    calendar = Client.subscribe(tmp_path / "calendar", served.address + _make_a_feed(phone))
    assert calendar.listed("2026-07-21", "2026-07-29") == [
        "2026-07-21 19:00|2026-07-21 20:30|Tuesday evening group",
        "2026-07-28 19:00|2026-07-28 20:30|Tuesday evening group",
    ]
    assert _starts(calendar, "2026-10-27", "2026-11-04") == ["2026-10-27 19:00", "2026-11-03 19:00"]
    assert _starts(calendar, "2027-03-09", "2027-03-17") == ["2027-03-09 19:00", "2027-03-16 19:00"]

    clock.move_to(FIRST_EVENING)
    _take_the_sheet(signed_in("dana", PHONE))
    clock.move_to(FIRST_EVENING + timedelta(hours=2))
    phone.get_by_role("link", name="My week").click()
    expect(phone.get_by_role("region", name="Sessions this week")).to_contain_text("You were there")

    _cancel_and_move(signed_in("odile", DESK))
    calendar.sync()
    assert calendar.listed("2026-07-21", "2026-08-12") == [
        "2026-07-21 19:00|2026-07-21 20:30|Tuesday evening group",
        "2026-07-28 19:00|2026-07-28 20:30|Cancelled: Tuesday evening group",
        "2026-08-05 17:30|2026-08-05 19:00|Tuesday evening group",
        "2026-08-11 19:00|2026-08-11 20:30|Tuesday evening group",
    ]


def _make_the_places(desk: Page) -> None:
    desk.get_by_role("link", name="Places").click()
    desk.get_by_role("link", name="New site").first.click()
    desk.get_by_role("textbox", name="Name").fill("Elm Street")
    desk.get_by_role("button", name="Save").click()
    desk.get_by_role("link", name="Add the first one").click()
    desk.get_by_role("textbox", name="Name").fill("Room 2")
    desk.get_by_role("spinbutton", name="Holds").fill("14")
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_role("link", name="Room 2")).to_be_visible()


def _make_the_group(desk: Page) -> None:
    desk.get_by_role("link", name="Series").click()
    desk.get_by_role("link", name="New series").first.click()
    desk.get_by_label("Title", exact=True).fill("Tuesday evening group")
    desk.get_by_label("Discreet title").fill("Evening class")
    desk.get_by_label("First day").fill("2026-07-21")
    desk.get_by_label("Starts", exact=True).fill("19:00")
    desk.get_by_label("Minutes", exact=True).fill("90")
    desk.get_by_role("combobox", name="Room").select_option(label="Elm Street, Room 2 (holds 14)")
    desk.get_by_role("combobox", name="Lead").select_option(label="Dana R.")
    expect(desk.locator("#preview")).to_contain_text("Every Tuesday, 7:00 to 8:30 PM.")
    expect(desk.locator("#preview ol.ten li")).to_have_count(10)
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_role("heading", name="Tuesday evening group")).to_be_visible()


def _enroll_renee(desk: Page) -> None:
    desk.get_by_text("Enroll somebody").click()
    desk.get_by_label("Find a member").fill("ren")
    desk.get_by_role("button", name="Find").click()
    desk.get_by_label("Renee Tamm").check()
    desk.get_by_role("button", name="Enroll", exact=True).click()
    expect(desk.get_by_role("region", name="Members")).to_contain_text("Renee T.")


def _make_a_feed(phone: Page) -> str:
    """The path of the address that is shown once; its host is the setting's, not this test's."""
    phone.get_by_role("navigation", name="Main").get_by_role("link", name="Calendar").click()
    phone.get_by_label("The full name").check()
    phone.get_by_role("button", name="Make the address").click()
    expect(phone.get_by_role("img", name="QR code of your calendar’s address")).to_be_visible()
    return urlsplit(phone.get_by_label("Or copy the address").input_value()).path


def _starts(calendar: Client, since: str, until: str) -> list[str]:
    return [line.partition("|")[0] for line in calendar.listed(since, until)]


def _take_the_sheet(phone: Page) -> None:
    phone.get_by_role("link", name="Open the sheet").click()
    phone.locator(".mark", has_text="Renee T.").locator(".name").click()
    expect(phone.locator("#save-line")).to_contain_text("Saved on the server")
    phone.get_by_role("button", name="Submit the sheet").click()
    phone.get_by_role("button", name="Submit the sheet").click()  # led as planned
    expect(phone.get_by_role("heading", name="Today", exact=True)).to_be_visible()


def _cancel_and_move(desk: Page) -> None:
    desk.goto("/coordinator/week?week=2026-07-27")
    desk.get_by_role("link", name="Tuesday evening group").click()
    desk.get_by_role("region", name="Cancel it").get_by_label("Reason").fill("The boiler is broken")
    desk.get_by_role("button", name="Cancel this session").click()
    expect(desk.get_by_role("main")).to_contain_text("The boiler is broken")
    desk.goto("/coordinator/week?week=2026-08-03")
    desk.get_by_role("link", name="Tuesday evening group").click()
    move = desk.get_by_role("region", name="Move it")
    move.get_by_label("Day").fill("2026-08-05")
    move.get_by_label("Starts").fill("17:30")
    move.get_by_label("Reason").fill("A holiday")
    move.get_by_role("button", name="Move it").click()
    expect(desk.get_by_role("main")).to_contain_text("was Tuesday, August 4, 7:00 PM")
