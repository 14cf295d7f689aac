"""What pages are called stands in the history of a browser, and on a shared computer for others to read."""

import re
from pathlib import Path

import pytest

from scheduler.domain.schedule.discretion import telling_word

PAGES = sorted((Path(__file__).parents[2] / "templates").rglob("*.html"))
TITLE = re.compile(r"{%\s*block title\s*%}(.*?){%\s*endblock", re.DOTALL)


def titles() -> list[str]:
    """The fixed words of each page's title; what stands in braces without quotes is somebody's own text."""
    return [found for page in PAGES for found in TITLE.findall(page.read_text())]


def test_every_page_has_a_title_that_is_found_here() -> None:
    assert len(titles()) > 40


@pytest.mark.parametrize("title", titles())
def test_no_title_tells_what_this_is(title: str) -> None:
    said = " ".join(re.findall(r'"([^"]*)"', title)) or title
    assert telling_word(said) == ""
