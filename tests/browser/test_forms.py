"""What happens around a form that is sent."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing import Served
from tests.support.people import Everybody

pytestmark = pytest.mark.browser

HOLD = """
window.sent = 0;
window.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) window.sent += 1;
  event.preventDefault();
});
"""
# A server that does not answer: the form is counted as sent, and the page stays.


def test_a_form_that_failed_moves_the_focus_to_what_is_wrong(page: Page, served: Served) -> None:
    page.goto(f"{served.address}/sign-in")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".error-summary")).to_be_focused()


def test_the_summary_leads_to_the_fields(page: Page, served: Served) -> None:
    page.goto(f"{served.address}/sign-in")
    page.get_by_role("button", name="Sign in").click()
    page.locator(".error-summary a").first.press("Enter")
    expect(page.get_by_label("E-mail")).to_be_focused()


def test_a_button_says_that_it_works_until_the_server_answers(page: Page, served: Served) -> None:
    page.goto(f"{served.address}/sign-in")
    page.evaluate(HOLD)
    button = page.locator("main button[type=submit]")
    button.click()
    expect(button).to_have_text("Signing in…")
    button.click(force=True)
    assert page.evaluate("window.sent") == 1


def test_a_message_is_closed_by_hand(page: Page, served: Served, people: Everybody) -> None:
    served.sign_in(page.context, people.member.secret)
    page.goto(f"{served.address}/me")
    page.get_by_role("textbox", name="Name").fill("Renee Tamm-Kern")
    page.get_by_role("button", name="Save the name").click()
    expect(page.get_by_role("status")).to_have_count(1)
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("status")).to_have_count(0)
