"""A list of people, from the file to the way back, at a phone's size."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.stays.service import make_default_programs
from scheduler.store.transaction import transaction
from tests.support import browsing, factories
from tests.support.browsing import Served
from tests.support.people import Everybody

pytestmark = pytest.mark.browser

LIST = """Full name,DOB,Mail,Site,Shoe size
Renee Tamm,1990,,Elm Street,37
Marcus Tull,1985,,Elm Street,41
Ada Lovelace-Anderson-of-Ockham,1985,ada.lovelace@a-very-long-name-of-a-host.example.org,Elm Street,38
Grace Hopper,,,Nowhere,38
"""


def test_a_list_is_brought_decided_applied_and_taken_back(
    browser: Browser, served: Served, people: Everybody, sessions: sessionmaker[Database]
) -> None:
    now: datetime = clock.now()
    with sessions() as session, transaction(session):
        factories.room(session)
        make_default_programs(session, actor=SYSTEM, now=now)
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    served.sign_in(context, people.coordinator.secret)
    page, wrong = context.new_page(), dict[str, list[str]]()

    def look(name: str) -> None:
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")  # of colors
            found = [*browsing.serious(page), *browsing.small_targets(page)]
            found += ["sideways"] * (browsing.sideways(page) > 0)
            if found:
                wrong[f"{name}, {theme}"] = found

    page.goto(f"{served.address}/coordinator/import")
    look("upload")
    data = {"name": "list.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    page.get_by_label("The list").set_input_files(files=[data])  # type: ignore[list-item]
    page.get_by_role("button", name="Read the list").tap()
    page.get_by_text("Left out: Shoe size").wait_for()
    look("columns")
    page.get_by_role("button", name="Show what follows").tap()

    renee, marcus = (page.get_by_role("group", name=name) for name in ("Renee Tamm", "Marcus Tull"))
    renee.get_by_text("“Same person” would change:").wait_for()
    look("duplicates")
    renee.get_by_text("Same person", exact=True).tap()
    page.get_by_role("button", name="New: 1").tap()
    page.wait_for_url("**show=new**")
    expect(page.get_by_role("heading", name="New")).to_be_focused()
    look("new")
    page.get_by_role("link", name="Refused: 1").tap()
    page.get_by_text("There is no site “Nowhere”. There are: Elm Street.").wait_for()
    look("refused")
    page.get_by_role("link", name="Likely duplicates: 2").tap()
    renee.wait_for()
    expect(renee.get_by_role("radio", name="Same person")).to_be_checked()
    marcus.get_by_text("Leave out", exact=True).tap()
    page.get_by_role("button", name="Apply to 2 people").tap()

    page.get_by_text("1 person is new.").wait_for()
    expect(page.get_by_text("1 person was changed.")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Marcus Tull")).to_contain_text("left out by choice")
    look("applied")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download these rows as CSV").tap()
    assert download.value.suggested_filename == "list.csv"
    page.get_by_role("button", name="Take it back").tap()
    page.get_by_text("All of it was taken back.").wait_for()
    assert re.search(r"\b0\b", page.inner_text("main")) is None
    look("taken back")
    context.close()
    assert wrong == {}
