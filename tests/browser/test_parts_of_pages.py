"""Parts of pages that come by themselves: the preview of a series."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing import Served
from tests.support.people import Everybody

pytestmark = pytest.mark.browser


@pytest.fixture
def form(page: Page, served: Served, people: Everybody) -> Page:
    served.sign_in(page.context, people.coordinator.secret)
    page.goto(f"{served.address}/coordinator/series/new")
    page.get_by_label("First day").fill("2026-12-03")
    page.get_by_label("Starts").fill("19:00")
    return page


def type_minutes(form: Page, minutes: str) -> None:
    """And go on to the next field, which is when the preview is asked for."""
    form.get_by_label("Minutes", exact=True).fill(minutes)
    form.keyboard.press("Tab")


def test_the_preview_follows_what_is_typed(form: Page) -> None:
    type_minutes(form, "90")
    expect(form.get_by_text("Every Thursday, 7:00 to 8:30 PM.")).to_be_visible()
    expect(form.locator("ol.ten > li")).to_have_count(10)


def test_the_preview_leaves_the_focus_where_it_is(form: Page) -> None:
    type_minutes(form, "90")
    expect(form.locator("ol.ten > li")).to_have_count(10)
    expect(form.get_by_label("Time zone")).to_be_focused()


def test_after_signing_out_elsewhere_the_whole_page_goes_to_the_sign_in(form: Page, served: Served) -> None:
    elsewhere = form.context.new_page()
    elsewhere.goto(f"{served.address}/me")
    elsewhere.get_by_role("button", name="Sign out").click()
    expect(elsewhere.get_by_role("link", name="Sign in").first).to_be_visible()
    type_minutes(form, "90")
    expect(form.get_by_role("heading", level=1, name="Welcome back")).to_be_visible()


def test_when_the_server_fails_the_preview_keeps_what_it_showed(form: Page) -> None:
    type_minutes(form, "90")
    expect(form.locator("ol.ten > li")).to_have_count(10)
    form.route("**/preview*", lambda route: route.fulfill(status=500, body="<h1>Something went wrong</h1>"))
    with form.expect_response("**/preview*"):
        type_minutes(form, "60")
    expect(form.locator("ol.ten > li")).to_have_count(10)
    expect(form.get_by_text("Something went wrong")).to_have_count(0)
