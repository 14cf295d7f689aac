"""Every page of the demonstration center, as people with other eyes, hands and windows meet it."""

import re

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import HOMES, Center
from tests.support.crawling import TEMPLATE

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("audience", list(HOMES))]

BLUEPRINTS = {"visitor": "public", "administrator": "admin", "trusted_servant": "servant"}
"""Where an audience is not called as its pages are."""
NO_PAGES = {
    *("public.healthz", "public.readyz", "public.mark", "admin.audit_csv", "coordinator.board_data"),
    *("facilitator.device_sheets", "facilitator.arrivals"),
    *("public.ended", "public.manifest", "public.worker"),
    *("facilitator.paper", "facilitator.papers", "coordinator.week_paper"),
    "public.kept",  # reached from Today only
}
BY_MAIL = {"auth.set_password"}
"""Reached by a link in a message."""
BY_SCAN = {"public.door", "member.check_in"}
"""Reached by a code at a door, which is worth nothing a minute later."""
ONCE = {
    "coordinator.people_slip_once",
    *(f"{of}.{act}" for of in ("member", "facilitator") for act in ("make_feed", "new_address")),
}
"""Shown after a form only."""


def test_links_lead_to_every_page(center: Center, audience: str) -> None:
    blueprint = BLUEPRINTS.get(audience, audience)
    reached = {page.endpoint for page in center.pages(audience).values()}
    exist = {
        rule.endpoint
        for rule in center.served.app.url_map.iter_rules()
        if rule.methods and "GET" in rule.methods and rule.endpoint.startswith(f"{blueprint}.")
    }
    assert exist - reached - NO_PAGES - BY_MAIL - BY_SCAN - ONCE == set()


def test_every_page_has_one_heading_and_a_neutral_title(center: Center, audience: str) -> None:
    odd = {}
    for name, page in center.pages(audience).items():
        titles = re.findall(r"<title>(.*?)</title>", page.text, re.DOTALL)
        headings = re.findall(r"<h1\b.*?</h1>", TEMPLATE.sub("", page.text), re.DOTALL)
        is_told = len(headings) == 1 and not re.search(r"\w\(\w+=", headings[0])
        if not is_told or len(titles) != 1 or not 2 <= len(titles[0].strip()) <= 40:
            odd[name] = (headings, titles)
    assert odd == {}


def test_axe_finds_nothing_serious_in_either_theme_and_the_browser_complains_of_nothing(
    browser: Browser, center: Center, audience: str
) -> None:
    visits = center.visits(browser, audience).items()
    assert {page: seen.wrong for page, seen in visits if seen.wrong} == {}


def test_every_page_fits_every_window_and_doubled_text(
    browser: Browser, center: Center, audience: str
) -> None:
    visits = center.visits(browser, audience).items()
    assert {page: seen.wide for page, seen in visits if seen.wide} == {}
    assert {page: seen.small for page, seen in visits if seen.small} == {}


def test_the_keyboard_reaches_everything(browser: Browser, center: Center, audience: str) -> None:
    visits = center.visits(browser, audience).items()
    assert {page: seen.missed for page, seen in visits if seen.missed} == {}
