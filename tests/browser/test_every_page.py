"""Every page of the demonstration center, as people with other eyes, hands and windows meet it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import HOMES, Center
from tests.support import browsing

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("audience", list(HOMES))]

WIDTHS = (320, 360, 768, 1440)
PHONE = {"width": 360, "height": 740}
BLUEPRINTS = {"visitor": "public", "administrator": "admin", "trusted_servant": "servant"}
"""Where an audience is not called as its pages are."""
NO_PAGES = {"public.healthz", "public.readyz", "public.mark", "admin.audit_csv", "coordinator.board_data"}
BY_MAIL = {"auth.set_password"}
"""Reached by a link in a message."""
ONCE = {
    "coordinator.people_slip_once",
    *(
        f"{of}.{act}"
        for of in ("member", "facilitator")
        for act in ("make_feed", "new_address", "calendar_look")
    ),
}
"""Shown after a form only."""
STOPS = """() => {
  const reached = (window.reached ??= []);
  document.addEventListener("focusin", (event) => reached.push(event.target));
  const groups = new Set();
  const once = (e) => e.type !== "radio" || (!groups.has(e.name) && groups.add(e.name));
  window.stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter((e) => e.tabIndex >= 0 && !e.disabled && e.type !== "hidden")
    .filter((e) => e.checkVisibility({ visibilityProperty: true }))
    .filter(once);
  const inside = document.querySelectorAll("[type=date], [type=time]").length; // month, day, year, picker
  return window.stops.length + 3 * inside;
}"""
MISSED = """() => window.stops
  .filter((e) => !window.reached.some((r) => r === e || (e.type === "radio" && r.name === e.name)))
  .map((e) => e.outerHTML.slice(0, 120))"""


@contextmanager
def looking(browser: Browser, center: Center, audience: str, theme: str = "light") -> Iterator[Page]:
    """A page of somebody of this audience, who says in the end what the browser complained of."""
    context = browser.new_context(viewport=PHONE, color_scheme="dark" if theme == "dark" else "light")
    if audience in center.secrets:
        center.served.sign_in(context, center.secrets[audience])
    yield context.new_page()
    context.close()


def addresses(center: Center, audience: str) -> list[str]:
    return [center.served.address + reached.address for reached in center.pages(audience).values()]


def test_links_lead_to_every_page(center: Center, audience: str) -> None:
    blueprint = BLUEPRINTS.get(audience, audience)
    reached = {page.endpoint for page in center.pages(audience).values()}
    exist = {
        rule.endpoint
        for rule in center.served.app.url_map.iter_rules()
        if rule.methods and "GET" in rule.methods and rule.endpoint.startswith(f"{blueprint}.")
    }
    assert exist - reached - NO_PAGES - BY_MAIL - ONCE == set()


def test_every_page_has_one_heading_and_a_neutral_title(center: Center, audience: str) -> None:
    odd = {}
    for name, page in center.pages(audience).items():
        titles = re.findall(r"<title>(.*?)</title>", page.text, re.DOTALL)
        headings = len(re.findall(r"<h1\b", page.text))
        if headings != 1 or len(titles) != 1 or not 2 <= len(titles[0].strip()) <= 40:
            odd[name] = (headings, titles)
    assert odd == {}


@pytest.mark.parametrize(("theme", "rules"), [("light", ()), ("dark", ("color-contrast",))])
def test_axe_finds_nothing_serious(
    browser: Browser, center: Center, audience: str, theme: str, rules: tuple[str, ...]
) -> None:
    """The themes differ in their colors only."""
    found = {}
    with looking(browser, center, audience, theme) as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        for address in addresses(center, audience):
            page.goto(address)
            if wrong := [*browsing.serious(page, *rules), *said]:
                found[address] = wrong
            said.clear()
    assert found == {}


def test_every_page_fits_every_window_and_doubled_text(
    browser: Browser, center: Center, audience: str
) -> None:
    wide, small = {}, {}
    with looking(browser, center, audience) as page:
        for address in addresses(center, audience):
            page.set_viewport_size(PHONE)
            page.goto(address)
            if targets := browsing.small_targets(page):
                small[address] = targets
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 740})
                if by := browsing.sideways(page):
                    wide[address, width] = by
            page.set_viewport_size(PHONE)
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            if by := browsing.sideways(page):
                wide[address, "text doubled"] = by
    assert (wide, small) == ({}, {})


def test_the_keyboard_reaches_everything(browser: Browser, center: Center, audience: str) -> None:
    missed = {}
    with looking(browser, center, audience) as page:
        for address in addresses(center, audience):
            page.goto(address)
            for _stop in range(page.evaluate(STOPS) + 3):
                page.keyboard.press("Tab")
            if found := page.evaluate(MISSED):
                missed[address] = found
    assert missed == {}
