"""A real browser against a real server: how it is started, who is signed in, and what is asked of a page."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import BrowserContext, Page
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LAUNCH: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
"""Chromium as root, and without the calls home that a closed network only delays."""
FINGER: Final = 44
"""Pixels: the least a finger gets."""


def chromium() -> str | None:
    """The system's Chromium, or none; ``CHROMIUM`` names another."""
    named = os.environ.get("CHROMIUM")
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return named or next((path for path in found if path), None)


@dataclass(frozen=True, slots=True)
class Served:
    """An application that answers at ``address``."""

    app: Flask
    address: str

    def sign_in(self, context: BrowserContext, secret: str) -> None:
        """Give ``context`` the cookie of the sign-in with this secret."""
        serializer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert serializer is not None
        value = serializer.dumps({"_user_id": secret, "_fresh": True, "csrf_token": "of this sign-in"})
        context.add_cookies([{"name": "session", "value": str(value), "url": self.address}])


@contextmanager
def serving(app: Flask, *, port: int = 0) -> Iterator[Served]:
    """Serve ``app`` on this port of the machine, or a free one, until the block ends."""
    server = make_server("127.0.0.1", port, _in_one_piece(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Served(app, f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _in_one_piece(app: WSGIApplication) -> WSGIApplication:
    """Read and close each answer first: the server never closes one whose reader went away meanwhile."""

    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        answer = app(environ, start_response)
        try:
            return [b"".join(answer)]
        finally:
            if isinstance(answer, _Closable):
                answer.close()

    return answered


@runtime_checkable
class _Closable(Protocol):
    def close(self) -> None: ...


# Opening a database that is not there would make one.
READY = """async () => {
  if (!(await indexedDB.databases()).some(({ name }) => name === "kept")) return false;
  const ask = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  const db = await ask(indexedDB.open("kept"));
  const me = await ask(db.transaction("device").objectStore("device").get("me"));
  db.close();
  return Boolean(me);
}"""


def until_kept(page: Page) -> Page:
    """Wait until the device keeps the sheets of whoever looks at ``page``: then it needs no signal."""
    until(page, lambda: bool(page.evaluate(READY)))
    return page


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Ask again until it holds. Asserts that it does before everybody's patience is over."""
    for _ in range(400):
        if holds():
            return
        page.wait_for_timeout(50)  # milliseconds
    assert holds()


def serious(page: Page, *only: str) -> list[str]:
    """What axe finds serious or critical: rule, and where; by all its rules, or ``only`` by these."""
    page.evaluate(AXE_SCRIPT)
    options = {"resultTypes": ["violations"], **({"runOnly": list(only)} if only else {})}
    found: dict[str, Any] = page.evaluate("(options) => axe.run(document, options)", options)
    return [
        f"{rule['id']}: {' '.join(node['target'])}"
        for rule in found["violations"]
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"]
    ]


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return max(wider, 0)


# Left out: links within a sentence, cells of tables, the week's small events (the list equals them), boxes
# whose label is the target.
SMALL = """(least) => [...document.querySelectorAll("a[href], button, select, input, summary, label")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((e) => !e.matches("table *, .ev, .skip, [aria-hidden=true], label input, label:not(:has(input))"))
  .filter((e) => !(e.matches("a") && getComputedStyle(e).display === "inline"))
  .map((e) => [e, e.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.width < least - 0.5 || box.height < least - 0.5))
  .map(([e, box]) => `${e.outerHTML.slice(0, 90)} ${Math.round(box.width)} by ${Math.round(box.height)}`)"""


def small_targets(page: Page) -> list[str]:
    """What a finger would miss: buttons, links that stand alone and fields under 44 pixels."""
    found: list[str] = page.evaluate(SMALL, FINGER)
    return found


def picture(page: Page, path: Path) -> None:
    """A picture of the whole page, with what is fixed to the window left in its place."""
    page.screenshot(path=path, full_page=True)
