"""A member's way through the center, on phones alone.

Received without an address, subscribed by a slip, away and back, discharged and readmitted, and erased so
that nothing is left of her but a line in the ledger.
"""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import icalendar
import pytest
import recurring_ical_events
import time_machine
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock as clocks
from scheduler.config import Settings
from scheduler.domain.access.beginning import begin_sign_in
from scheduler.domain.attendance.models import Mark
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import make_person
from scheduler.domain.places.service import make_room, make_site
from scheduler.domain.places.values import RoomDraft, SiteDraft
from scheduler.domain.planning.making import NewPost, make_series
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.recurrence import Frequency, Rule
from scheduler.extensions import db
from scheduler.jobs.worker import Worker
from scheduler.store.ledger import Ended
from scheduler.store.ledger_file import LedgerFile
from scheduler.store.transaction import transaction
from tests.support import databases
from tests.support.browsing import Served
from tests.support.filled import tables_of
from tests.support.program import run

pytestmark = [pytest.mark.browser, pytest.mark.databases("sqlite", "postgresql")]

WEDNESDAY = datetime(2026, 7, 15, 20, 0, tzinfo=UTC)
"""16:00 in New York."""
PHONE: ViewportSize = {"width": 360, "height": 740}
STAFF = {
    "odile": ("Odile Kern", Role.COORDINATOR),
    "dana": ("Dana Rowe", Role.FACILITATOR),
    "ruth": ("Ruth Amsel", Role.ADMINISTRATOR),
}
TRACES = ("renee", "tamm", "555-0142")
"""What tells who she is, in lower case."""


@dataclass(frozen=True)
class Center:
    """The service as it runs: its settings, its pages, phones that staff are signed in on."""

    engine: Engine
    app: Flask
    served: Served
    phone: Callable[[str], Page]
    """A phone of one of the staff, on which they just signed in; or of anybody."""

    @property
    def settings(self) -> Settings:
        found: Settings = self.app.extensions["settings"]
        return found

    def work(self) -> None:
        """Let the worker do what waits."""
        Worker(self.engine, self.settings).run_all()

    def let_go(self) -> None:
        """Leave the database alone, as a server does that is stopped."""
        self.engine.dispose()
        with self.app.app_context():
            db.engine.dispose()

    def command(self, *words: str) -> str:
        """Run ``aftercare``; answers what it says."""
        known = {"database_url": self.settings.database_url, "secret_key": self.settings.secret_key}
        done = run(self.settings.instance, *words, **known)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Wednesday afternoon, until a test moves on."""
    with time_machine.travel(WEDNESDAY) as clock:
        yield clock


@pytest.fixture
def staff(sessions: sessionmaker[Database]) -> dict[str, int]:
    """Staff, a place, and an evening group; answers who the staff are."""
    with sessions() as session, transaction(session):
        made = {
            key: make_person(
                session, actor=SYSTEM, name=name, email=f"{key}@example.org", roles=[role], now=WEDNESDAY
            )
            for key, (name, role) in STAFF.items()
        }
        site = make_site(
            session, actor=SYSTEM, site=SiteDraft("Elm Street", "America/New_York"), now=WEDNESDAY
        )
        room = make_room(session, actor=SYSTEM, room=RoomDraft("Room 2", site_id=site), now=WEDNESDAY)
        evening = Plan(
            kind=Kind.GROUP,
            title="Tuesday evening group",
            discreet_title="Evening class",
            first_start=datetime(2026, 7, 21, 19),
            minutes=90,
            timezone="America/New_York",
            rule=Rule(Frequency.WEEKLY, weekdays=(1,)),
            room_id=room,
        )
        make_series(session, actor=SYSTEM, plan=evening, posts=[NewPost(made["dana"])], now=WEDNESDAY)
        return made


@pytest.fixture
def center(
    app: Flask,
    engine: Engine,
    sessions: sessionmaker[Database],
    browser: Browser,
    served: Served,
    staff: dict[str, int],
) -> Iterator[Center]:
    contexts: list[BrowserContext] = []

    def phone(key: str) -> Page:
        contexts.append(browser.new_context(viewport=PHONE, base_url=served.address, accept_downloads=True))
        contexts[-1].set_default_timeout(10_000)
        if key in staff:
            with sessions() as session, transaction(session):
                now, hour = clocks.now(), timedelta(hours=1)
                secret = begin_sign_in(session, person_id=staff[key], lasts=hour, now=now)
            served.sign_in(contexts[-1], secret)
        return contexts[-1].new_page()

    yield Center(engine, app, served, phone)
    for context in contexts:
        context.close()


def test_a_life_here(
    center: Center, clock: time_machine.Traveller, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    hers = center.phone("renee")
    feed = _subscribe(hers, _receive(center.phone("odile")))
    assert _starts(hers, feed, date(2026, 7, 15), date(2026, 8, 12)) == [
        *("2026-07-16 10:00 Appointment", "2026-07-21 19:00 Evening class"),
        *(
            "2026-07-28 19:00 Evening class",
            "2026-08-04 19:00 Evening class",
            "2026-08-11 19:00 Evening class",
        ),
    ]
    _add_her_address(center, hers)

    clock.move_to(datetime(2026, 7, 21, 23, 5, tzinfo=UTC))
    _mark_her(center.phone("dana"))

    clock.move_to(datetime(2026, 7, 27, 14, 0, tzinfo=UTC))
    her_page = _pause(center.phone("odile"))
    assert _starts(hers, feed, date(2026, 7, 27), date(2026, 9, 1)) == []
    hers.goto("/member/week?week=2026-07-27")
    expect(hers.get_by_role("main")).not_to_contain_text("7:00 PM")

    clock.move_to(datetime(2026, 8, 10, 14, 0, tzinfo=UTC))
    _step(center.phone("odile"), her_page, "Welcome back", "Welcome back")
    back = ["2026-08-11 19:00 Evening class", "2026-08-18 19:00 Evening class"]
    assert _starts(hers, feed, date(2026, 7, 27), date(2026, 8, 19)) == back

    clock.move_to(datetime(2026, 8, 12, 14, 0, tzinfo=UTC))
    _discharge(center.phone("odile"), her_page)
    clock.move_to(datetime(2026, 9, 1, 14, 0, tzinfo=UTC))
    _readmit(center.phone("odile"), her_page)
    hers.goto("/member/week?week=2026-09-07")
    expect(hers.get_by_role("main")).to_contain_text("7:00 PM")

    backup = tmp_path / "kept.backup"
    center.command("backup", str(backup))
    assert "The backup is good" in center.command("backup", "verify", str(backup))
    number = int(her_page.rpartition("/")[2])
    _export_and_erase(center.phone("ruth"), number)
    center.work()
    assert _traces_of(center) == []
    hers.goto("/member/week")
    expect(hers.get_by_role("heading", name="Welcome back")).to_be_visible()

    center.let_go()
    center.command("restore", str(backup), "--replace", "--yes")
    restored = databases.engine_for(center.settings.database)
    assert _traces_of(center) == []
    with Database(restored) as session:
        assert session.scalar(select(func.count()).where(Mark.person_id == number)) == 1
    restored.dispose()
    center.work()
    lines = LedgerFile(center.settings.ledger_file).read()
    assert {line.person_id for line in lines if line.what is Ended.ERASED} == {number}
    logged = [record.getMessage().lower() for record in caplog.records]
    assert [line for line in logged if any(trace in line for trace in TRACES)] == []


def _receive(desk: Page) -> str:
    """At the desk; answers the path that her slip leads to."""
    desk.goto("/coordinator/desk")
    desk.get_by_label("Name", exact=True).fill("Renee Tamm")
    desk.get_by_label("Year of birth").fill("1991")
    desk.get_by_label("Phone").fill("555-0142")
    desk.get_by_label("Group").select_option(index=1)
    desk.get_by_label("Counselor").select_option(label="Dana R.")
    desk.get_by_label("Day").fill("2026-07-16")
    desk.get_by_label("Time").fill("10:00")
    desk.get_by_role("button", name="Receive them and print a slip").click()
    expect(desk.get_by_text("The first session is on")).to_be_visible()
    return "/s/" + re.sub(
        r"\W", "", desk.get_by_role("region", name="The slip").locator(".code").inner_text()
    )


def _subscribe(hers: Page, slip: str) -> str:
    """On her own phone, in three taps; answers the path of her calendar."""
    hers.goto(slip)
    hers.get_by_role("button", name="Open").click()
    hers.get_by_role("button", name="A plain name").click()
    subscribe = hers.get_by_role("link", name="Calendar app")
    path = urlsplit(subscribe.get_attribute("href") or "").path
    hers.goto(slip)
    hers.get_by_role("button", name="Open").click()
    expect(hers.get_by_text("A slip works once")).to_be_visible()
    return path


def _starts(hers: Page, feed: str, first: date, last: date) -> list[str]:
    """What another reader lists of the calendar between two dates: local start and title."""
    calendar = icalendar.Calendar.from_ical(hers.request.get(feed).body())
    found = recurring_ical_events.of(calendar).between(first, last)
    return sorted(f"{each.start:%Y-%m-%d %H:%M} {each['SUMMARY']}" for each in found)


def _add_her_address(center: Center, hers: Page) -> None:
    """She confirms it by the code of the message."""
    hers.goto("/me")
    hers.get_by_text("Add my e-mail").click()
    hers.get_by_label("E-mail").fill("renee@tamm.example")
    hers.get_by_role("button", name="Send a message there").click()
    expect(hers.get_by_text("Not confirmed yet")).to_be_visible()
    center.work()
    [message] = center.settings.mail_folder.glob("*.eml")
    code = re.search(r"^\s*(\d{3} ?\d{3})\s*$", message.read_text(), re.MULTILINE)
    assert code is not None
    hers.get_by_label("Code").fill(code[1])
    hers.get_by_role("button", name="Confirm the address").click()
    expect(hers.get_by_text("You sign in with renee@tamm.example.")).to_be_visible()


def _mark_her(phone: Page) -> None:
    phone.goto("/facilitator/today")
    phone.get_by_role("link", name="Open the sheet").click()
    phone.locator(".mark", has_text="Renee T.").locator(".name").click()
    expect(phone.locator("#save-line")).to_contain_text("Saved on the server")
    phone.get_by_role("button", name="Submit the sheet").click()
    phone.get_by_role("button", name="Submit the sheet").click()  # led as planned
    expect(phone.get_by_role("heading", name="Today", exact=True)).to_be_visible()


def _pause(desk: Page) -> str:
    """Found by the beginning of her name; answers the path of her page."""
    desk.goto("/coordinator/people")
    desk.get_by_label("Find a person").fill("ren")
    desk.get_by_role("link", name="Renee Tamm").click()
    desk.wait_for_url(re.compile(r"/coordinator/people/\d+$"))
    path = urlsplit(desk.url).path
    _step(desk, path, "Pause", "Begin the pause")
    return path


def _discharge(desk: Page, her_page: str) -> None:
    desk.goto(her_page)
    desk.get_by_role("link", name="Discharge").click()
    desk.get_by_label("Reason").select_option(index=1)
    _confirm(desk, "Discharge Renee T.")


def _readmit(desk: Page, her_page: str) -> None:
    desk.goto(her_page)
    desk.get_by_role("link", name="Readmit").click()
    expect(desk.get_by_label("Tuesday evening group")).to_be_checked()
    _confirm(desk, "Readmit Renee T.")
    expect(desk.get_by_role("main")).to_contain_text("Here since September 1")


def _step(desk: Page, her_page: str, link: str, button: str) -> None:
    desk.goto(her_page)
    desk.get_by_role("link", name=link, exact=True).click()
    _confirm(desk, button)


def _confirm(desk: Page, button: str) -> None:
    desk.get_by_role("button", name="Show what follows").click()
    expect(desk.get_by_role("region", name="What follows")).to_be_visible()
    desk.get_by_role("button", name=button).click()
    expect(desk.locator("[data-toast]")).to_contain_text("Renee T.")


def _export_and_erase(admin: Page, number: int) -> None:
    admin.goto(f"/admin/people/{number}")
    with admin.expect_download() as download:
        admin.get_by_role("button", name="Download as JSON").click()
    record = download.value.path().read_text()
    assert all(trace in record.lower() for trace in TRACES)
    admin.goto(f"/admin/people/{number}/erase")
    admin.get_by_label("Type their name").fill("Renee Tamm")
    admin.get_by_role("button", name="Erase Renee T.").click()
    expect(admin.get_by_role("main")).not_to_contain_text("Renee")


def _traces_of(center: Center) -> list[str]:
    """Where she is still told of: tables, files of messages, and the ledger."""
    engine = databases.engine_for(center.settings.database)
    with engine.connect() as connection:
        said = {table.name: str(connection.execute(table.select()).all()) for table in tables_of(connection)}
    engine.dispose()
    files = [path for path in center.settings.instance.rglob("*") if path.suffix in {".eml", ".jsonl"}]
    said |= {path.name: path.read_text() for path in files}
    return [name for name, text in said.items() if any(trace in text.lower() for trace in TRACES)]
