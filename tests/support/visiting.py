"""A page as people with other eyes, hands and windows meet it, all in one visit: loading it takes longest."""

from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page

from tests.support import browsing

WIDTHS: Final = (320, 360, 768, 1440)
HEIGHT: Final = 740
PHONE: Final = 360
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


@dataclass(frozen=True, slots=True)
class Visit:
    """What is wrong with a page: each is empty where nothing is.

    ``wrong`` is what axe finds serious, and what the browser complained of; ``wide`` by how many pixels it is
    wider than which window; ``small`` what a finger would miss; ``missed`` what the keyboard does not reach.
    """

    wrong: tuple[str, ...]
    wide: tuple[tuple[str, int], ...]
    small: tuple[str, ...]
    missed: tuple[str, ...]


def visit(page: Page, address: str, said: list[str]) -> Visit:
    """Look at a page, in every way; ``said`` grows by what the browser complains of, and is emptied."""
    said.clear()
    page.set_viewport_size({"width": PHONE, "height": HEIGHT})
    page.goto(address)
    wrong = [*browsing.serious(page), *_dark(page)]
    small = browsing.small_targets(page)
    missed = _missed(page)
    return Visit((*wrong, *said), tuple(_wide(page)), tuple(small), tuple(missed))


def _dark(page: Page) -> list[str]:
    """The themes differ in their colors only."""
    page.emulate_media(color_scheme="dark")
    found = browsing.serious(page, "color-contrast")
    page.emulate_media(color_scheme="light")
    return [f"dark {each}" for each in found]


def _missed(page: Page) -> list[str]:
    for _stop in range(page.evaluate(STOPS) + 3):
        page.keyboard.press("Tab")
    found: list[str] = page.evaluate(MISSED)
    return found


def _wide(page: Page) -> list[tuple[str, int]]:
    by: list[tuple[str, int]] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        by.append((str(width), browsing.sideways(page)))
    page.set_viewport_size({"width": PHONE, "height": HEIGHT})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    by.append(("text doubled", browsing.sideways(page)))
    return [each for each in by if each[1]]
