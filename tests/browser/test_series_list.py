"""A list of series as a coordinator has it, from the file to the way back; a free time found by keyboard."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.planning.making import make_series
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Series
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.recurrence import Frequency, Rule
from scheduler.store.transaction import transaction
from tests.support import factories
from tests.support.browsing import Served
from tests.support.people import Everybody

pytestmark = pytest.mark.browser

ZONE = "America/New_York"
LIST = """PLAN FOR WINTER;;
;;
Group;Type;Days;When;How long;Place;Shoe size
Early risers;Grp;M/W/F;7 AM;60;Elm Street Room 1;37
Step study;12-step;everyday;7-8 PM;;Elm Street, Room 1;
Cooking;cookery;T/Th;noon;60;;
"""


def tomorrow() -> date:
    """Where the center is."""
    return (clock.now().astimezone(ZoneInfo(ZONE)) + timedelta(days=1)).date()


@pytest.fixture
def desk(page: Page, served: Served, people: Everybody, sessions: sessionmaker[Database]) -> Page:
    """A coordinator at a center with one room, in which somebody walks every evening at half past seven."""
    now, first = clock.now(), datetime.combine(tomorrow(), time(19, 30))
    with sessions() as session, transaction(session):
        room = factories.room(session, "Room 1")
        plan = Plan(Kind.OTHER, "Evening walk", first, 60, ZONE, Rule(Frequency.DAILY), room_id=room)
        make_series(session, actor=SYSTEM, plan=plan, now=now)
    served.sign_in(page.context, people.coordinator.secret)
    return page


def test_a_messy_list_is_mapped_seen_applied_and_taken_back(
    desk: Page, served: Served, sessions: sessionmaker[Database]
) -> None:
    def titles() -> list[str]:
        with sessions() as session:
            return list(session.scalars(select(Series.title).order_by(Series.id)))

    desk.goto(f"{served.address}/coordinator/series")
    desk.get_by_role("link", name="From a list").click()
    data = {"name": "plan.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    desk.get_by_label("The list").set_input_files(files=[data])  # type: ignore[list-item]
    desk.get_by_role("button", name="Read the list").click()
    expect(desk.get_by_text("The headings stand in row 3.")).to_be_visible()
    expect(desk.get_by_label("When", exact=True)).to_have_value("time")
    desk.get_by_label("Place", exact=True).select_option("room")
    desk.get_by_role("button", name="Show what follows").click()

    expect(desk.get_by_text("Every Monday, Wednesday and Friday, 7:00 to 8:00 AM.")).to_be_visible()
    desk.get_by_role("link", name="Refused: 2").click()
    expect(desk.get_by_text("Elm Street, Room 1 is taken on").first).to_be_visible()
    expect(desk.get_by_text("There is no such kind. There are: group,")).to_be_visible()
    desk.get_by_label("Reason to make it all the same").fill("They walk outside")
    desk.get_by_role("button", name="Keep these choices").click()
    desk.get_by_role("button", name="Make 2 series").click()
    expect(desk.get_by_text("2 series are new.")).to_be_visible()
    assert titles() == ["Evening walk", "Early risers", "Step study"]
    desk.get_by_role("button", name="Take it back").click()
    expect(desk.get_by_text("All of it was taken back.")).to_be_visible()
    assert titles() == ["Evening walk"]


def test_a_free_time_is_found_by_keyboard(desk: Page, served: Served) -> None:
    desk.goto(f"{served.address}/coordinator/week")
    desk.get_by_role("link", name="Find a time").press("Enter")
    desk.get_by_label("From").press_sequentially(f"{tomorrow():%m%d%Y}")
    minutes = desk.get_by_label("Minutes")
    minutes.press("ControlOrMeta+a")
    minutes.press_sequentially("45")
    for label, typed in (("Not before", "0700PM"), ("Over by", "0930PM")):
        desk.get_by_label(label).press_sequentially(typed)
    desk.get_by_role("button", name="Find", exact=True).press("Enter")
    expect(desk.get_by_text("Elm Street, Room 1 is taken on")).to_be_visible()
    first = desk.get_by_role("region", name="Free, the best first").get_by_role("link").first
    first.press("Enter")
    expect(desk.get_by_label("Starts", exact=True)).to_have_value("20:30")
    expect(desk.get_by_label("Minutes", exact=True)).to_have_value("45")
