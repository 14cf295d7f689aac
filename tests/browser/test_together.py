"""Several sessions ticked in a list, changed together, and put back."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.planning.making import make_series
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.recurrence import Frequency, Rule
from scheduler.store.transaction import transaction
from tests.support.browsing import Served
from tests.support.people import Everybody

pytestmark = pytest.mark.browser


@pytest.fixture
def series(page: Page, served: Served, sessions: sessionmaker[Database], people: Everybody) -> Page:
    """The page of a walk every day from tomorrow on."""
    now = clock.now()
    start = (now + timedelta(days=1)).replace(tzinfo=None, hour=18, minute=0, second=0, microsecond=0)
    plan = Plan(Kind.OTHER, "Evening walk", start, 60, "UTC", Rule(Frequency.DAILY))
    with sessions() as session, transaction(session):
        made = make_series(session, actor=SYSTEM, plan=plan, now=now)
    served.sign_in(page.context, people.coordinator.secret)
    page.goto(f"{served.address}/coordinator/series/{made.series_id}")
    return page


def test_ticked_sessions_are_cancelled_together_and_put_back(series: Page) -> None:
    address, boxes = series.url, series.get_by_role("checkbox")
    for number in range(3):
        boxes.nth(number).check()
    series.get_by_role("button", name="Change the chosen ones").click()
    expect(series.get_by_role("heading", level=1, name="3 sessions")).to_be_visible()
    expect(series.get_by_label("Days (to move them)")).to_be_hidden()
    series.get_by_label("Reason").fill("Storm")
    series.get_by_role("button", name="Show what follows").click()
    expect(series.get_by_text("3 sessions change.")).to_be_visible()
    series.get_by_role("button", name="Cancel 3 sessions").click()
    expect(series.get_by_text("3 sessions are changed.")).to_be_visible()
    series.get_by_role("button", name="Undo", exact=True).click()
    expect(series.get_by_text("It is as it was before.")).to_be_visible()
    series.goto(address)
    expect(series.get_by_text("Cancelled")).to_have_count(0)
