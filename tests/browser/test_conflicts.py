"""A conflict is ended by one click, and comes back by another."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.schedule.models import Occurrence
from tests.browser.test_series_form import MONDAYS, next_monday
from tests.domain.planning.center import Center
from tests.support import browsing
from tests.support.browsing import Served
from tests.support.people import Everybody

pytestmark = pytest.mark.browser


def test_a_room_conflict_is_solved_by_another_free_room_and_undone(
    page: Page, served: Served, sessions: sessionmaker[Database], people: Everybody
) -> None:
    center = Center(sessions, people, clock.now())
    center.open()
    words: dict[str, Any] = {"first_start": next_monday() + timedelta(hours=10), "rule": MONDAYS}
    center.make(title="Morning talk", **words)
    cooking = center.make(title="Cooking", override="x", **words).series_id
    with sessions.begin() as session:
        session.execute(update(Occurrence).values(override_reason=""))
    served.sign_in(page.context, people.coordinator.secret)
    page.goto(f"{served.address}/coordinator/conflicts")
    clash = page.locator(".clash")
    expect(clash).to_contain_text(re.compile(r"Elm Street, room 2 on Monday.*\d+ times, until", re.DOTALL))
    assert browsing.serious(page) == []
    clash.get_by_label(re.compile(r"All \d+ times")).check()
    clash.get_by_role("button", name="Cooking in Elm Street, room 3 (holds 10)").click()
    toast = page.locator("[data-toast]", has_text="sessions were changed.")
    expect(toast).to_be_visible()
    expect(clash).to_have_count(0)
    expect(page.get_by_text("Nothing collides")).to_be_visible()
    assert {each.room_id for each in center.occurrences(cooking)} == {center.other_room}
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-toast]")).to_contain_text("It is as it was before.")
    page.goto(f"{served.address}/coordinator/conflicts")
    expect(clash).to_have_count(1)
    assert {each.room_id for each in center.occurrences(cooking)} == {center.room}
