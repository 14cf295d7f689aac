"""The first page in a browser."""

import pytest
from playwright.sync_api import Page

from tests.support import browsing
from tests.support.browsing import Served

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_landing_page_is_readable_by_everybody(page: Page, served: Served, theme: str) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.goto(f"{served.address}/")
    assert browsing.serious(page) == []


@pytest.mark.parametrize("width", [320, 360, 768, 1024, 1440])
def test_the_landing_page_fits_every_window(page: Page, served: Served, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"{served.address}/")
    assert browsing.sideways(page) == 0
    assert browsing.small_targets(page) == []


def test_the_keyboard_reaches_the_page_before_the_nav(page: Page, served: Served) -> None:
    page.goto(f"{served.address}/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_policy_lets_everything_through_that_the_page_needs(page: Page, served: Served) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("requestfailed", lambda request: said.append(request.url))
    page.goto(f"{served.address}/", wait_until="networkidle")
    assert said == []
