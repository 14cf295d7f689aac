"""Ten to seven in the morning, water in room 2: from the week to the last call, at a phone's size."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.people.models import Identity
from scheduler.domain.schedule.models import Closure, ClosureCall, Occurrence
from scheduler.domain.schedule.recurrence import SINGLE
from tests.domain.planning.center import Center
from tests.support.browsing import Served, serious, sideways, small_targets
from tests.support.people import Everybody

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
MOST_TAPS = 12
"""Until both are reached. A select and a field of text count two each: to open it, and to choose or type."""


@pytest.fixture
def center(sessions: sessionmaker[Database], people: Everybody) -> Center:
    """A group that meets in two hours, with one member, who has a telephone."""
    now = clock.now()
    center = Center(sessions, people, now)
    center.open()
    first = (now + timedelta(hours=2)).astimezone(ZoneInfo("America/New_York"))
    center.make(
        members=[people.member.id],
        leads=[people.facilitator.id],
        rule=SINGLE,
        first_start=first.replace(tzinfo=None, second=0, microsecond=0),
    )
    with sessions.begin() as session:
        session.get_one(Identity, people.member.id).phone = "+1 212 555 0143"
    return center


def sound(page: Page) -> None:
    assert (sideways(page), serious(page), small_targets(page)) == (0, [], [])


def test_a_flood_is_handled_in_a_dozen_taps(browser: Browser, served: Served, center: Center) -> None:
    context = browser.new_context(viewport=PHONE, timezone_id="America/New_York")
    served.sign_in(context, center.people.coordinator.secret)
    page = context.new_page()
    taps = 0

    page.goto(f"{served.address}/coordinator/week")
    page.get_by_role("link", name="Close a place").click()
    taps += 1
    sound(page)

    page.get_by_label("Which place").select_option(f"room-{center.room}")
    page.get_by_role("combobox", name="Why").fill("Water")
    until = page.get_by_label("Until, day")
    day_after = (clock.now() + timedelta(days=2)).date()
    until.fill(day_after.isoformat())
    page.get_by_role("button", name="Show what follows").click()
    taps += 2 + 2 + 2 + 1
    told = page.get_by_role("region", name="What follows")
    expect(told).to_be_focused()
    expect(told).to_contain_text("1 session does not meet.")
    sound(page)
    assert center.rows(Closure) == []

    page.get_by_role("button", name="Close it").click()
    taps += 1
    expect(page.get_by_text("0 of 2 reached")).to_be_visible()
    expect(page.get_by_role("link", name="+1 212 555 0143")).to_have_attribute("href", "tel:+12125550143")
    sound(page)
    assert not center.rows(Occurrence)[0].booked

    page.get_by_role("button", name="Reached Renee T.").click()
    expect(page.get_by_text("1 of 2 reached")).to_be_visible()
    page.get_by_role("button", name="Reached Dana R.").click()
    taps += 2
    expect(page.get_by_text("2 of 2 reached")).to_be_visible()
    assert len(center.rows(ClosureCall)) == 2
    assert taps <= MOST_TAPS

    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Undo: Renee T.")).to_be_hidden()
    expect(page.get_by_text("+1 212 555 0143")).to_be_visible()
    context.close()
