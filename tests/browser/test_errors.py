"""The page for what is not there, in a browser."""

import pytest
from playwright.sync_api import Page

from tests.support import browsing
from tests.support.browsing import Served

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [320, 1440])
def test_what_is_not_there_says_so_calmly(page: Page, served: Served, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    answer = page.goto(f"{served.address}/nothing")
    assert answer is not None
    assert answer.status == 404
    assert page.get_by_role("heading", level=1).inner_text() == "There is nothing here"
    assert browsing.serious(page) == []
    assert browsing.sideways(page) == 0
    assert browsing.small_targets(page) == []
