"""A pause and the way back, at a phone's size: looked at, done, undone."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.admissions.admit import Admission, admit
from scheduler.domain.stays.models import Hold
from tests.domain.planning.center import Center
from tests.support.browsing import Served, serious, sideways, small_targets
from tests.support.people import Everybody

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def renee(sessions: sessionmaker[Database], people: Everybody) -> Center:
    """Renee's coordinator and her group, of which everything is still to come."""
    now = clock.now()
    center = Center(sessions, people, now)
    center.open()
    first = (now + timedelta(days=2)).replace(tzinfo=None, hour=19, minute=0, second=0, microsecond=0)
    center.make(members=[people.member.id], first_start=first)
    center.do(admit, person_id=people.member.id, admission=Admission(now.date() - timedelta(days=30)))
    return center


def sound(page: Page) -> None:
    assert (sideways(page), serious(page), small_targets(page)) == (0, [], [])


def test_a_pause_and_a_welcome_back_on_a_phone(browser: Browser, served: Served, renee: Center) -> None:
    context = browser.new_context(viewport=PHONE)
    served.sign_in(context, renee.people.coordinator.secret)
    page = context.new_page()
    page.goto(f"{served.address}/coordinator/people/{renee.people.member.id}")
    sound(page)

    page.get_by_role("link", name="Pause", exact=True).click()
    page.get_by_text("Let others have them").click()
    sound(page)
    page.get_by_role("button", name="Show what follows").click()
    told = page.get_by_role("region", name="What follows")
    expect(told).to_contain_text("others may have their place meanwhile")
    expect(told).to_be_focused()
    sound(page)
    assert renee.rows(Hold) == []

    page.get_by_role("button", name="Begin the pause").click()
    expect(page.locator("[data-toast]")).to_contain_text("Renee T. has a pause.")
    expect(page.get_by_text(re.compile("On a pause since"))).to_be_visible()
    sound(page)
    [row] = renee.rows(Hold)
    assert row.places == "freed"

    page.locator("[data-toast]").get_by_role("button", name="Undo").click()
    expect(page.locator("[data-toast]")).to_contain_text("It is as it was before.")
    assert renee.rows(Hold) == []

    page.get_by_role("link", name="Pause", exact=True).click()
    page.get_by_role("button", name="Show what follows").click()
    page.get_by_role("button", name="Begin the pause").click()
    page.get_by_role("link", name="Welcome back").click()
    page.get_by_role("button", name="Show what follows").click()
    expect(told).to_contain_text("The pause began today, and is taken away.")
    sound(page)
    page.get_by_role("button", name="Welcome back").click()
    expect(page.locator("[data-toast]")).to_contain_text("Renee T. is back.")
    assert renee.rows(Hold) == []
    context.close()
