"""The board with a mouse, by keyboard, on a phone, and while somebody else plans too."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.planning.moving import move_occurrence
from tests.browser.test_series_form import MONDAYS, next_monday
from tests.domain.planning.center import Center
from tests.support import browsing
from tests.support.browsing import Served
from tests.support.people import Everybody

pytestmark = pytest.mark.browser

DESK = {"width": 1440, "height": 900}
HALF_AN_HOUR = 33
"""Pixels of the drawing."""


@pytest.fixture
def center(sessions: sessionmaker[Database], people: Everybody) -> Center:
    """A group at 10 on Monday in room 2, and one at 1 in room 3."""
    center = Center(sessions, people, clock.now())
    center.open()
    monday = next_monday()
    dana, femi = people.facilitator.id, people.other_facilitator.id
    center.make(
        title="Morning group",
        first_start=monday + timedelta(hours=10),
        rule=MONDAYS,
        leads=[dana],
        members=[people.member.id],
    )
    center.make(
        title="Cooking",
        first_start=monday + timedelta(hours=13),
        rule=MONDAYS,
        leads=[femi],
        room_id=center.other_room,
    )
    return center


@pytest.fixture
def board(page: Page, served: Served, center: Center, people: Everybody) -> Page:
    served.sign_in(page.context, people.coordinator.secret)
    page.set_viewport_size(DESK)
    page.goto(address(served))
    expect(session(page, "Morning group")).to_be_visible()
    return page


def address(served: Served, more: str = "") -> str:
    return f"{served.address}/coordinator/board?date={next_monday().date().isoformat()}{more}"


def session(page: Page, title: str) -> Locator:
    return page.locator(".ec-event:not(.is-ghost)", has_text=title)


def drag(page: Page, what: Locator, *, to: Locator | None = None, down: int = 0) -> None:
    """By its upper edge: as far down as said, and into the middle of another."""
    box, goal = what.bounding_box(), to.bounding_box() if to else None
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 8
    across = goal["x"] + goal["width"] / 2 - x if goal else 0
    page.mouse.move(x, y)
    page.mouse.down()
    for part in (0.3, 0.7, 1):
        page.mouse.move(x + across * part, y + down * part, steps=4)
    page.mouse.up()


def stands(center: Center, title_start: int = 1) -> tuple[datetime, int | None]:
    row = center.occurrence(title_start)
    return row.local_start, row.room_id


def test_a_drop_is_a_proposal_that_is_put_back_or_saved_and_undone(board: Page, center: Center) -> None:
    said: list[str] = []
    board.on("console", lambda message: said.append(message.text))
    ten = next_monday() + timedelta(hours=10)
    group, panel = session(board, "Morning group"), board.locator("#panel")
    drag(board, group, down=4 * HALF_AN_HOUR)
    expect(panel.get_by_role("heading", name="Move “Morning group”?")).to_be_focused()
    expect(board.locator(".is-ghost")).to_contain_text("was here")
    expect(group).to_contain_text("Not saved")
    for words in ("Not saved yet", "10:00 to 11:30 AM", "12:00 to 1:30 PM", "room 2 is free and holds 14."):
        expect(panel).to_contain_text(words)
    assert browsing.serious(board) == []
    board.keyboard.press("Escape")
    expect(board.locator(".is-ghost")).to_have_count(0)
    expect(panel).to_be_hidden()
    assert stands(center) == (ten, center.room)

    drag(board, group, down=4 * HALF_AN_HOUR)
    panel.get_by_label("This and following").check()
    expect(panel).to_contain_text("sessions change, for 1 member.")
    panel.get_by_label("Only this one").check()
    panel.get_by_label("Reason").fill("Painting")
    panel.get_by_role("button", name="Move it").click()
    toast = board.locator("[data-toast]")
    expect(toast).to_contain_text("Morning group is moved to Monday")
    assert stands(center) == (ten + timedelta(hours=2), center.room)
    expect(session(board, "Morning group")).to_be_focused()
    toast.get_by_role("button", name="Undo").click()
    expect(board.locator("[data-toast]")).to_contain_text("It is as it was before.")
    expect(session(board, "Morning group")).to_be_focused()
    assert stands(center) == (ten, center.room)
    assert said == []


def test_what_was_still_being_looked_at_is_dropped_once_it_is_saved(board: Page, center: Center) -> None:
    """Its answer would call the change that was just saved somebody else's."""
    panel, asked, dropped = board.locator("#panel"), list[Route](), list[str]()
    drag(board, session(board, "Morning group"), down=4 * HALF_AN_HOUR)
    panel.get_by_label("Reason").fill("Painting")

    def hold(route: Route) -> None:
        asked.append(route)

    def save_late(route: Route) -> None:
        board.unroute("**/change")
        board.wait_for_timeout(100)  # milliseconds
        assert dropped == ["preview"]
        route.continue_()

    board.on("requestfailed", lambda request: dropped.append(request.url.rsplit("/", 1)[-1]))
    board.route("**/change/preview", hold)
    board.route("**/change", save_late)
    panel.get_by_label("This and following").check()
    browsing.until(board, lambda: len(asked) == 1)
    panel.get_by_label("Only this one").check()
    panel.get_by_role("button", name="Move it").click()
    expect(board.locator("[data-toast]")).to_contain_text("Morning group is moved to Monday")
    assert (dropped, len(asked)) == (["preview"], 1)


def test_a_refused_drop_goes_back_and_says_why_with_free_rooms(board: Page, center: Center) -> None:
    group, panel = session(board, "Morning group"), board.locator("#panel")
    drag(board, group, to=session(board, "Cooking"), down=6 * HALF_AN_HOUR)
    expect(panel).to_contain_text("Elm Street, room 3 is taken")
    expect(board.locator(".is-moving, .is-ghost")).to_have_count(0)
    with board.expect_request(lambda request: request.method == "POST") as sent:
        panel.get_by_label("Reason", exact=False).first.press("Enter")
    assert sent.value.url.endswith("/change")  # Enter does what the form is for, and takes no room
    expect(panel).to_contain_text("Elm Street, room 3 is taken")
    panel.get_by_role("button", name="Elm Street, hall").click()
    expect(panel).to_contain_text("Elm Street, hall takes several at once.")
    expect(board.locator(".ec-event.is-moving")).to_have_count(1)
    panel.get_by_role("button", name="Put it back", exact=True).click()
    expect(board.locator(".is-moving, .is-ghost")).to_have_count(0)


def test_a_stale_drop_is_refused_and_the_newer_state_is_shown(board: Page, center: Center) -> None:
    noon = next_monday() + timedelta(hours=12)
    center.do(
        move_occurrence,
        occurrence_id=1,
        revision=1,
        local_start=noon,
        room_id=center.room,
        reason="Heat",
    )
    drag(board, session(board, "Morning group"), down=-HALF_AN_HOUR)
    panel = board.locator("#panel")
    expect(panel).to_contain_text("Somebody changed this in the meantime")
    expect(session(board, "Morning group").locator(".l")).to_contain_text("12")
    assert stands(center) == (noon, center.room)


def test_whatever_the_mouse_does_the_keyboard_does_in_the_form(board: Page, center: Center) -> None:
    group, panel = session(board, "Morning group"), board.locator("#panel")
    group.focus()
    board.keyboard.press("Enter")
    expect(panel.get_by_role("heading", name="Morning group")).to_be_focused()
    panel.get_by_label("Starts").fill("14:30")
    panel.get_by_label("Minutes").fill("60")
    panel.get_by_label("Lead").select_option(label="Femi A.")
    expect(panel).to_contain_text("Femi A. leads, and is free.")
    expect(board.locator(".ec-event.is-moving")).to_contain_text("Not saved")
    panel.get_by_label("Reason").fill("Painting")
    panel.get_by_label("Reason").press("Enter")
    expect(board.locator("[data-toast]")).to_contain_text("2:30 PM")
    row = center.occurrence(1)
    assert (row.local_start, row.own_minutes) == (next_monday() + timedelta(hours=14, minutes=30), 60)


def test_a_view_is_in_its_address_and_an_empty_place_begins_a_series(board: Page, served: Served) -> None:
    board.get_by_role("link", name="Week", exact=True).click()
    expect(session(board, "Cooking").first).to_be_visible()
    board.get_by_text("Filter").click()
    board.get_by_label("Led by").select_option(label="Dana R.")
    board.get_by_role("button", name="Show", exact=True).click()
    expect(board).to_have_url(re.compile(r"span=week.*who=\d+"))
    expect(session(board, "Morning group")).to_have_count(1)
    expect(session(board, "Cooking")).to_have_count(0)
    assert browsing.serious(board) == []
    board.go_back()
    expect(session(board, "Cooking")).to_have_count(1)

    board.goto(address(served))
    expect(session(board, "Morning group")).to_be_visible()
    box = session(board, "Morning group").bounding_box()
    assert box is not None
    board.mouse.click(box["x"] + 20, box["y"] + box["height"] + 2.5 * HALF_AN_HOUR)
    board.locator("#panel").get_by_role("link", name="New series here").click()
    expect(board.get_by_label("First day")).to_have_value(next_monday().date().isoformat())
    expect(board.get_by_label("Starts")).to_have_value(re.compile(r"^1[23]:\d\d"))
    expect(board.get_by_label("Room", exact=True)).to_have_value(re.compile(r"\d"))


def test_on_a_phone_the_board_is_a_list_by_day_with_the_same_form(board: Page, served: Served) -> None:
    board.set_viewport_size({"width": 360, "height": 740})
    board.goto(address(served))
    expect(board.locator(".ec")).to_have_count(0)
    board.get_by_role("link", name="Morning group").click()
    expect(board.get_by_role("heading", level=1, name="Morning group")).to_be_visible()
    assert browsing.sideways(board) == 0
    assert browsing.serious(board) == []
    board.get_by_label("Starts").fill("11:00")
    board.get_by_role("button", name="Show what follows").click()
    expect(board.get_by_role("heading", level=1, name="Move “Morning group”?")).to_be_visible()
    board.get_by_label("Reason").fill("Painting")
    board.get_by_role("button", name="Move it").click()
    expect(board.get_by_role("link", name="Morning group")).to_be_visible()
    expect(board.locator("[data-toast]")).to_contain_text("11:00 AM")


def test_rooms_that_are_not_in_use_can_be_hidden(board: Page, served: Served) -> None:
    rooms = board.locator(".ec-col-head .rm")
    expect(rooms).to_have_text(["Elm Street, hall", "Elm Street, room 2", "Elm Street, room 3", "No room"])
    button = board.locator(".filters > summary")
    before = button.bounding_box()
    button.click()
    after = button.bounding_box()
    assert before is not None
    assert after is not None
    assert (after["x"], round(after["y"] - before["y"], -1)) == (before["x"], 0)
    board.get_by_label("Columns").select_option("Rooms in use")
    board.get_by_role("button", name="Show", exact=True).click()
    expect(board).to_have_url(re.compile(r"empty=hidden"))
    expect(rooms).to_have_text(["Elm Street, room 2", "Elm Street, room 3"])


def test_a_finger_holds_a_session_and_drags_it(board: Page, center: Center) -> None:
    touch = board.context.new_cdp_session(board)
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    board.reload()
    box = session(board, "Morning group").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 8

    def at(what: str, down: float = 0) -> None:
        points = [] if what == "touchEnd" else [{"x": x, "y": y + down}]
        touch.send("Input.dispatchTouchEvent", {"type": what, "touchPoints": points})

    at("touchStart")
    expect(board.locator(".ec-event.ec-ghost, .ec-event.ec-preview, .ec-dragging").first).to_be_attached()
    for part in (0.3, 0.7, 1):
        at("touchMove", 2 * HALF_AN_HOUR * part)
    at("touchEnd")
    expect(board.locator("#panel")).to_contain_text("11:00 AM to 12:30 PM")
    expect(board.locator(".ec-event.is-moving")).to_have_count(1)
