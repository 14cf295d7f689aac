"""A meeting counted by heads, in a browser; and the pages around the sheets."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.store.transaction import transaction
from tests.support import browsing
from tests.support.browsing import Served
from tests.support.evenings import AT_SEVEN, evening_group, late_meeting
from tests.support.people import Everybody

pytestmark = pytest.mark.browser

PATIENCE = 20_000
"""Milliseconds: a busy machine is slow, and a save that failed is tried again after a while."""


@pytest.fixture(autouse=True)
def _tuesday_evening() -> Iterator[None]:
    with time_machine.travel(AT_SEVEN + timedelta(minutes=8)):
        yield


@pytest.fixture
def address(served: Served, sessions: sessionmaker[Database], people: Everybody) -> str:
    with sessions() as session, transaction(session):
        evening_group(session, people)
        meeting = late_meeting(session, people)
    return f"{served.address}/facilitator/sheets/{meeting.occurrence}"


@pytest.fixture
def count(page: Page, served: Served, people: Everybody, address: str) -> Page:
    """The number, open on Femi's phone."""
    served.sign_in(page.context, people.other_facilitator.secret)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(address)
    return browsing.until_kept(page)


def line(page: Page, said: str) -> None:
    expect(page.locator("#save-line")).to_contain_text(said, use_inner_text=True, timeout=PATIENCE)


def number(page: Page) -> str:
    return page.get_by_label("People in the room").input_value()


def test_heads_are_counted_by_buttons_and_by_typing_and_saved_behind_it(count: Page) -> None:
    count.get_by_role("button", name="+10").click()
    count.get_by_role("button", name="+5").click()
    count.get_by_role("button", name="One more").click()
    count.get_by_role("button", name="One fewer").click()
    assert number(count) == "15"
    line(count, "Saved on the server")
    count.get_by_label("People in the room").fill("17")
    expect(count.locator("#submit")).to_have_text("Submit 17 people")
    line(count, "Saved on the server")
    count.get_by_role("button", name="Undo").click()
    assert number(count) == "15"
    line(count, "Not saved yet…")
    line(count, "Saved on the server")
    count.reload()
    assert number(count) == "15"


@pytest.mark.parametrize("typed", ["99999", "-3", "12.5", ""])
def test_a_number_that_cannot_be_stays_as_typed_and_is_not_called_saved(count: Page, typed: str) -> None:
    field = count.get_by_label("People in the room")
    count.get_by_role("button", name="+5").click()
    line(count, "Saved on the server")
    expect(count.locator("#who")).to_have_text("Last saved by Femi A., Tuesday, July 14, 7:08 PM.")
    field.fill(typed)
    expect(count.locator("#number-error")).to_be_visible()
    line(count, "Needs you: the number.")
    assert number(count) == typed
    count.locator("#submit").click()
    expect(field).to_be_focused()
    field.fill("17")
    expect(count.locator("#number-error")).to_be_hidden()
    line(count, "Saved on the server")


def test_submitting_takes_the_number_along(count: Page, served: Served) -> None:
    count.get_by_label("People in the room").fill("17")
    count.locator("#submit").click()
    count.wait_for_url(f"{served.address}/facilitator/today")
    expect(count.get_by_text("Submitted: 17 people.")).to_be_visible()


def test_enter_in_the_field_saves_and_takes_nobody_away(count: Page) -> None:
    count.get_by_label("People in the room").fill("17")
    count.keyboard.press("Enter")
    line(count, "Saved on the server")
    assert number(count) == "17"


def test_a_number_waits_on_the_phone_without_signal(count: Page) -> None:
    count.context.set_offline(True)
    count.get_by_role("button", name="+5").click()
    line(count, "No signal. 1 mark waits on this phone.")
    count.context.set_offline(False)
    line(count, "Saved on the server")


def test_two_who_count_are_asked_which_number_is_right(
    count: Page, browser: Browser, served: Served, people: Everybody, address: str
) -> None:
    context = browser.new_context()
    served.sign_in(context, people.coordinator.secret)
    second = context.new_page()
    second.goto(address)
    count.get_by_role("button", name="+10").click()
    line(count, "Saved on the server")
    second.get_by_role("button", name="+5").click()
    line(second, "Needs you: 1 question.")
    assert second.locator(".which h2").inner_text() == "How many people were in the room?"
    assert second.locator(".opt b").all_inner_texts() == ["10", "5"]
    assert second.locator(".opt > span").all_inner_texts() == ["Femi A., 7:08 PM", "You, 7:08 PM"]
    second.locator(".opt", has_text="You").click()
    line(second, "Saved on the server")
    second.reload()
    assert number(second) == "5"
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_around_sheets_are_for_everybody(
    count: Page, served: Served, people: Everybody, address: str, theme: str
) -> None:
    count.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    visits = (
        (people.other_facilitator, address),
        (people.facilitator, f"{served.address}/facilitator/today"),
        (people.facilitator, f"{served.address}/facilitator/duties"),
        (people.member, f"{served.address}/member/week"),
        (people.member, f"{served.address}/member/week?week=2026-09-07"),
    )
    for somebody, where in visits:
        served.sign_in(count.context, somebody.secret)
        count.goto(where)
        assert browsing.serious(count) == [], where
        for width in (320, 360, 768, 1024, 1440):
            count.set_viewport_size({"width": width, "height": 740})
            assert browsing.sideways(count) == 0, where
            # Seven windows of 44 pixels are wider than the smallest phone; a day's sessions stand below them.
            assert width == 320 or browsing.small_targets(count) == [], where
