"""From the paper to the phone's calendar in three taps, at a phone's size; and the paper itself."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.access.slips import make_slip
from scheduler.domain.calendars.models import Feed
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.schedule.models import Series
from scheduler.store.transaction import transaction
from tests.support import browsing, factories
from tests.support.browsing import Served
from tests.support.feeds import group
from tests.support.people import Everybody

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
WIDTHS = (320, 360, 768, 1440)
COUNTING = (
    "addEventListener('click', () => { localStorage.taps = 1 + Number(localStorage.taps ?? 0); }, true)"
)
PAPER = re.compile(
    r"(Skip to the page )?Calendar \w{3}-\w{3}-\w{4} Scan it with your camera\. Or go to this address,"
    r" and type the code: 127\.0\.0\.1:5000/s Works once, until \w+, \w+ \d+(, \d+)?\."
)
Sessions = sessionmaker[Database]


@pytest.fixture
def code(app: Flask, people: Everybody, sessions: Sessions) -> str:
    """The code on a slip for a member of one group."""
    now: datetime = clock.now()
    with sessions() as session, transaction(session):
        evening = group(session, now)
        session.get_one(Series, evening).discreet_title = "Evening class"
        factories.enrollment(session, evening, people.member.id)
        return make_slip(
            session,
            actor=SYSTEM,
            person_id=people.member.id,
            secret_key=app.extensions["settings"].secret_key,
            lasts=timedelta(days=7),
            now=now,
        ).code


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A phone where nobody is signed in; ``taps`` counts what a finger does."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    context.add_init_script(COUNTING)
    yield context.new_page()
    context.close()


def test_three_taps_lead_from_the_paper_to_the_calendar(
    phone: Page, served: Served, code: str, sessions: Sessions
) -> None:
    phone.goto(f"{served.address}/s/{code}")
    phone.get_by_role("button", name="Open").tap()
    phone.wait_for_url("**/member/calendar/look")
    phone.get_by_role("button", name="A plain name").tap()
    subscribe = phone.get_by_role("link", name="Calendar app")
    subscribe.wait_for()
    href = subscribe.get_attribute("href") or ""
    assert re.match(r"webcal://.*/feeds/cal_[\w-]{43}/calendar\.ics$", href)
    box = subscribe.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < PHONE["height"]  # seen without scrolling
    assert phone.evaluate("localStorage.taps") == "2"  # and the third one subscribes
    with sessions() as session:
        assert [feed.titles for feed in session.query(Feed)] == ["discreet"]


def test_the_paper_that_was_used_says_so_and_nothing_else(phone: Page, served: Served, code: str) -> None:
    for seen in ("What someone next to you can read", "A slip works once, and not for long."):
        phone.context.clear_cookies()
        phone.goto(f"{served.address}/s/{code}")
        phone.get_by_role("button", name="Open").tap()
        phone.get_by_text(seen).wait_for()
    assert phone.title() == "Calendar"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_use_what_is_on_the_way(phone: Page, served: Served, code: str, theme: str) -> None:
    said: list[str] = []
    phone.on("console", lambda message: said.append(message.text))
    phone.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    wrong: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found = [*browsing.serious(phone), *browsing.small_targets(phone)]
        for width in WIDTHS:
            phone.set_viewport_size({"width": width, "height": 740})
            found += [f"sideways at {width}"] * (browsing.sideways(phone) > 0)
        if found:
            wrong[name] = found

    phone.goto(f"{served.address}/s")
    look("typed")
    phone.goto(f"{served.address}/s/{code}")
    look("scanned")
    phone.get_by_role("button", name="Open").click()
    phone.wait_for_url("**/member/calendar/look")
    look("locked phones")
    assert (wrong, said) == ({}, [])


def test_the_paper_fits_one_page_and_shows_nothing_of_the_screen(
    page: Page, served: Served, people: Everybody, code: str
) -> None:
    served.sign_in(page.context, people.coordinator.secret)
    page.goto(f"{served.address}/coordinator/people/{people.member.id}")
    page.get_by_role("button", name="Print a slip").click()
    page.wait_for_selector(".slip")
    assert browsing.serious(page) == []
    page.emulate_media(media="print")
    assert PAPER.fullmatch(" ".join(page.inner_text("body").split()))
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
