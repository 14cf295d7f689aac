"""The screen at the door, the member's phone, and the sheet of who leads, side by side."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.attendance.absences import say_absent
from scheduler.domain.attendance.door import code_at
from scheduler.domain.attendance.models import Mark
from scheduler.domain.attendance.statuses import Excuse
from scheduler.domain.schedule.models import Series
from scheduler.store.transaction import transaction
from tests.support.browsing import Served
from tests.support.evenings import AT_SEVEN, Group, evening_group
from tests.support.people import Everybody, Someone

pytestmark = pytest.mark.browser

PATIENCE = 20_000
NOW = AT_SEVEN + timedelta(minutes=8)
STEP = 31_000
"""Milliseconds: half a minute, and a moment."""


@pytest.fixture
def eight_past() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def group(eight_past: time_machine.Traveller, sessions: sessionmaker[Database], people: Everybody) -> Group:
    with sessions() as session, transaction(session):
        made = evening_group(session, people)
        session.get_one(Series, made.series).check_in = True
        marcus = people.other_member
        told = {"occurrence_id": made.occurrence, "person_id": marcus.id, "reason": Excuse.WORK}
        say_absent(session, actor=marcus.actor, **told, now=AT_SEVEN - timedelta(hours=1))
    return made


@pytest.fixture
def contexts(browser: Browser) -> Iterator[list[BrowserContext]]:
    made = [browser.new_context() for _ in range(2)]
    yield made
    for context in made:
        context.close()


def opened(context: BrowserContext, served: Served, who: Someone, path: str) -> Page:
    served.sign_in(context, who.secret)
    page = context.new_page()
    page.clock.install()  # its timers wait for the test
    page.goto(served.address + path)
    return page


def test_the_screen_renews_itself_and_who_scans_it_appears_on_the_open_sheet(
    app: Flask,
    page: Page,
    contexts: list[BrowserContext],
    served: Served,
    people: Everybody,
    group: Group,
    eight_past: time_machine.Traveller,
) -> None:
    expect.set_options(timeout=PATIENCE)
    path = f"/facilitator/sheets/{group.occurrence}"
    sheet = opened(page.context, served, people.facilitator, path)
    marcus = sheet.locator(".mark", has_text="Marcus T.").locator(".name")
    renee = sheet.locator(".mark", has_text="Renee T.")
    sheet.get_by_role("button", name="Excuse Marcus T.").click()  # he said that he can't make it
    expect(sheet.locator(".mark", has_text="Marcus T.").locator(".says")).to_be_hidden()
    sheet.clock.fast_forward(1_000)
    expect(sheet.locator("#save-line")).to_contain_text("Saved on the server")
    expect(marcus.locator(".word")).to_have_text("Excused")
    expect(marcus).to_be_focused()

    screen = opened(contexts[0], served, people.facilitator, f"{path}/door")
    code = screen.locator("#code .qr path")
    first = code.get_attribute("d")
    eight_past.shift(timedelta(seconds=30))
    screen.clock.fast_forward(STEP)
    expect(code).not_to_have_attribute("d", first or "")
    assert screen.title() == "Calendar"

    phone = opened(
        contexts[1], served, people.member, f"/in/{code_at(app.config['SECRET_KEY'], group.occurrence, NOW)}"
    )
    phone.get_by_role("button", name="I’m here").click()
    expect(phone.get_by_text("You are on the sheet.")).to_be_visible()
    expect(renee.locator(".word")).to_have_text("not marked")
    sheet.clock.fast_forward(10_000)
    expect(renee.locator(".word")).to_have_text("Late, 8 min")
    expect(sheet.locator("#n-marked")).to_have_text("2")
    expect(marcus).to_be_focused()
    renee.locator(".name").click()
    sheet.clock.fast_forward(1_000)
    expect(sheet.locator("#save-line")).to_contain_text("Saved on the server")
    expect(renee.locator(".word")).to_have_text("Absent")

    def cut(route: Route) -> None:
        route.abort()

    screen.route("**/door", cut)
    screen.clock.fast_forward(STEP)
    expect(screen.get_by_text("This screen cannot get the next code.")).to_be_visible()
    expect(code).to_be_visible()
    screen.clock.fast_forward(STEP)
    expect(code).to_be_hidden()
    screen.unroute("**/door", cut)
    screen.clock.fast_forward(5_000)
    expect(code).to_be_visible()
    expect(screen.get_by_text("This screen cannot get the next code.")).to_be_hidden()


def test_who_says_that_they_can_t_make_it_appears_on_a_sheet_that_was_opened_before(
    page: Page,
    served: Served,
    people: Everybody,
    group: Group,
    sessions: sessionmaker[Database],
    eight_past: time_machine.Traveller,
) -> None:
    expect.set_options(timeout=PATIENCE)
    before = AT_SEVEN - timedelta(minutes=10)
    eight_past.move_to(before)
    with sessions() as session, transaction(session):
        session.get_one(Series, group.series).check_in = False
    sheet = opened(page.context, served, people.facilitator, f"/facilitator/sheets/{group.occurrence}")
    renee = sheet.locator(".mark", has_text="Renee T.")
    sheet.get_by_role("button", name="All present").click()
    sheet.clock.fast_forward(1_000)
    expect(sheet.locator("#save-line")).to_contain_text("Saved on the server")
    sheet.get_by_role("button", name="Undo").click()
    sheet.clock.fast_forward(1_000)
    expect(sheet.locator("#save-line")).to_contain_text("Saved on the server")
    with sessions() as session, transaction(session):
        told = {"occurrence_id": group.occurrence, "person_id": people.member.id, "reason": Excuse.FAMILY}
        say_absent(session, actor=people.member.actor, **told, now=before)
    sheet.clock.fast_forward(10_000)
    expect(renee.get_by_text("Says they can’t make it")).to_be_visible()
    expect(sheet.get_by_role("button", name="All present")).to_be_hidden()  # both say so
    sheet.get_by_role("button", name="Excuse Renee T.").click()
    sheet.clock.fast_forward(1_000)
    expect(sheet.locator("#save-line")).to_contain_text("Saved on the server")
    with sessions() as session:
        marks = session.scalars(select(Mark.excuse).where(Mark.person_id == people.member.id)).all()
    assert marks == ["family"]
