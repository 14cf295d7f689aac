"""The coordinator's main way by keyboard alone: a series, a member, a move, a cancel and its undo."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler import clock
from scheduler.domain.schedule.recurrence import Frequency, Rule
from tests.domain.planning.center import Center
from tests.support.browsing import Served
from tests.support.people import Everybody

pytestmark = pytest.mark.browser

MOST_STOPS = 80
MONDAYS = Rule(Frequency.WEEKLY, weekdays=(0,))


@pytest.fixture
def center(sessions: sessionmaker[Database], people: Everybody) -> Center:
    center = Center(sessions, people, clock.now())
    center.open()
    return center


@pytest.fixture
def keys(page: Page, served: Served, center: Center, people: Everybody) -> "Keys":
    served.sign_in(page.context, people.coordinator.secret)
    return Keys(page, served.address)


class Keys:
    """Somebody without a mouse."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self._address = address

    def open(self, path: str) -> None:
        self.page.goto(self._address + path)

    def to(self, wanted: Locator) -> None:
        """Tab until ``wanted`` has the focus."""
        for _stop in range(MOST_STOPS):
            if wanted.evaluate("e => e === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"the keyboard does not reach {wanted}")

    def press(self, wanted: Locator, key: str = "Enter") -> None:
        self.to(wanted)
        self.page.keyboard.press(key)

    def type(self, wanted: Locator, text: str) -> None:
        self.to(wanted)
        self.page.keyboard.type(text)


def next_monday() -> datetime:
    """A Monday at least two days ahead, in New York."""
    today = datetime.combine(clock.now().astimezone(ZoneInfo("America/New_York")).date(), datetime.min.time())
    return today + timedelta(days=7 - today.weekday() + (7 if today.weekday() > 4 else 0))


def fill_in(keys: Keys) -> datetime:
    first, page = next_monday(), keys.page
    keys.type(page.get_by_label("Title", exact=True), "Evening skills")
    keys.type(page.get_by_label("First day"), first.strftime("%m%d%Y"))
    keys.type(page.get_by_label("Starts"), "0700PM")
    keys.type(page.get_by_role("spinbutton", name="Minutes", exact=True), "90")
    return first


def test_a_series_is_made_with_its_dates_shown_first(keys: Keys, center: Center) -> None:
    page = keys.page
    keys.open("/coordinator/week")
    keys.press(page.get_by_role("link", name="New").first)
    first = fill_in(keys)
    preview = page.locator("#preview")
    keys.press(page.get_by_role("checkbox", name="Wed"), "Space")
    expect(preview.locator(".inwords")).to_have_text("Every Wednesday, 7:00 to 8:30 PM.")
    keys.press(page.get_by_role("checkbox", name="Wed"), "Space")
    expect(preview.locator(".inwords")).to_have_text("Every Monday, 7:00 to 8:30 PM.")
    expect(preview.locator("ol.ten li")).to_have_count(10)
    expect(preview.locator("ol.ten li").first).to_have_text(re.compile(rf"^Mon, {first:%B} {first.day}"))
    keys.press(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Evening skills")
    expect(page.get_by_text("Every Monday, 7:00 to 8:30 PM.")).to_be_visible()


def test_the_dates_follow_a_rule_in_words_while_it_is_typed(keys: Keys, center: Center) -> None:
    page = keys.page
    keys.open("/coordinator/series/new")
    first = fill_in(keys)
    words, said = page.get_by_label("When it meets"), page.locator("#preview .inwords")
    keys.to(page.get_by_label("Places"))
    expect(said).to_have_text("Every Monday, 7:00 to 8:30 PM.")
    page.get_by_role("radio", name="In words").check()
    expect(page.get_by_role("checkbox", name="Mon")).to_be_hidden()
    expect(words).to_have_value("Every Monday")
    keys.to(words)
    page.keyboard.press("Control+a")
    page.keyboard.type("every 2 weeks on Mon")
    expect(said).to_have_text("Every 2 weeks on Monday, 7:00 to 8:30 PM.")
    page.keyboard.type("day and Thursday, 4 tims")
    expect(page.locator("#preview")).to_contain_text("“4” is not understood here.")
    for _letter in range(2):
        page.keyboard.press("Backspace")
    page.keyboard.type("mes")
    expect(said).to_have_text("Every 2 weeks on Monday and Thursday, 7:00 to 8:30 PM, 4 times.")
    expect(words).to_be_focused()
    expect(page.locator("ol.ten li")).to_have_count(4)
    keys.press(page.locator("summary", has_text="Add dates"))
    left_out = first + timedelta(days=3)
    keys.type(page.get_by_label("Not on"), f"{left_out:%B} {left_out.day}")
    expect(page.locator("ol.ten li")).to_have_count(3)
    expect(said).to_contain_text(f"4 times, not on {left_out:%B} {left_out.day}")
    keys.press(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Evening skills")


def test_a_taken_room_is_named_while_typing_and_kept_with_a_reason(keys: Keys, center: Center) -> None:
    first, page = next_monday(), keys.page
    center.make(first_start=first.replace(hour=19), rule=MONDAYS, title="Cooking")
    keys.open("/coordinator/series/new")
    fill_in(keys)
    keys.press(page.get_by_label("Room"), "ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Room")).to_have_value(str(center.room))
    keys.to(page.get_by_label("Places"))
    preview = page.locator("#preview")
    expect(preview.get_by_text("Something is in the way")).to_be_visible()
    expect(preview.locator("li.bump").first).to_contain_text("Room taken")
    keys.type(page.get_by_label("Reason to keep both"), "They share it")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Evening skills")


def test_what_is_wrong_gets_the_focus_and_leads_to_its_field(keys: Keys, center: Center) -> None:
    page = keys.page
    keys.open("/coordinator/series/new")
    keys.press(page.get_by_role("button", name="Save"))
    expect(page.locator(".error-summary")).to_be_focused()
    keys.press(page.get_by_role("link", name="Starts: Say when it starts."))
    expect(page.get_by_label("Starts")).to_be_focused()


def test_rows_that_belong_to_another_choice_are_away(keys: Keys, center: Center) -> None:
    page = keys.page
    keys.open("/coordinator/series/new")
    expect(page.get_by_label("Days of the month")).to_be_hidden()
    expect(page.get_by_label("Fellowship")).to_be_hidden()
    keys.to(page.get_by_role("radio", name="Group"))
    for _kind in range(2):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Fellowship")).to_be_visible()
    expect(page.get_by_role("radio", name="Heads")).to_be_checked()
    keys.to(page.get_by_role("radio", name="Weekly"))
    for _choice in range(2):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Days of the month")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Mon")).to_be_hidden()


def test_a_member_is_found_and_enrolled(keys: Keys, center: Center) -> None:
    page, made = keys.page, center.make(first_start=next_monday().replace(hour=19), rule=MONDAYS)
    keys.open(f"/coordinator/series/{made.series_id}")
    keys.press(page.locator("summary", has_text="Enroll somebody"))
    keys.type(page.get_by_label("Find a member"), "ren")
    page.keyboard.press("Enter")
    keys.press(page.get_by_role("radio", name="Renee Tamm"), "Space")
    keys.press(page.get_by_role("button", name="Enroll"))
    expect(page.get_by_role("link", name="Renee T.")).to_be_visible()


def test_a_session_is_moved_cancelled_and_put_back_by_undo(keys: Keys, center: Center) -> None:
    page, made = keys.page, center.make(first_start=next_monday().replace(hour=19), rule=MONDAYS)
    keys.open(f"/coordinator/occurrences/{made.occurrences[0]}")
    keys.type(page.get_by_label("Starts"), "0630PM")
    keys.type(page.get_by_label("Reason").first, "The hall is needed")
    keys.press(page.get_by_role("button", name="Move it"))
    expect(page.locator(".toast")).to_contain_text("6:30 PM")
    keys.type(page.get_by_label("Reason").last, "No heat")
    keys.press(page.get_by_role("button", name="Cancel this session"))
    expect(page.locator(".toast")).to_contain_text("is cancelled")
    keys.press(page.get_by_role("button", name="Undo", exact=True))
    expect(page.locator(".toast")).to_contain_text("as it was before")
    assert center.occurrence(made.occurrences[0]).booked


def test_the_preview_leaves_what_is_being_typed_alone(keys: Keys, center: Center) -> None:
    page = keys.page
    center.make(first_start=next_monday().replace(hour=19), rule=MONDAYS, title="Cooking")
    keys.open("/coordinator/series/new")
    fill_in(keys)
    page.get_by_label("Room").select_option(str(center.room))
    reason = page.get_by_label("Reason to keep both")
    keys.type(reason, "They share")
    page.get_by_label("Places").evaluate("e => e.dispatchEvent(new Event('change', {bubbles: true}))")
    with page.expect_response("**/series/preview"):
        page.keyboard.type(" it")
    expect(reason).to_have_value("They share it")
    expect(reason).to_be_focused()


def test_what_follows_is_asked_for_first_and_takes_the_focus(keys: Keys, center: Center) -> None:
    start = datetime.combine(clock.now().date() + timedelta(days=7), datetime.min.time()).replace(hour=15)
    rule = Rule(Frequency.WEEKLY, weekdays=(start.weekday(),))
    made = center.make(first_start=start, rule=rule, leads=[center.people.facilitator.id])
    keys.open(f"/coordinator/occurrences/{made.occurrences[1]}")
    form = keys.page.locator("form", has=keys.page.get_by_label("Starts"))
    move, ask = (form.get_by_role("button", name=name) for name in ("Move it", "Show what follows"))
    expect(move).to_be_visible()
    expect(ask).to_be_hidden()
    form.get_by_label("This and following").check()
    expect(move).to_be_hidden()
    form.get_by_label("Starts").fill("18:00")
    ask.click()
    shown = keys.page.locator("[data-focus]")
    expect(shown).to_be_focused()
    expect(shown).to_be_in_viewport()
    expect(shown).to_contain_text("Not saved yet")
    move.click()
    expect(keys.page.locator("[data-toast]")).to_contain_text("others with it.")


def test_what_the_words_say_of_day_and_hour_stands_in_the_fields(keys: Keys, center: Center) -> None:
    page = keys.page
    keys.open("/coordinator/series/new")
    page.get_by_role("radio", name="In words").check()
    words, first = page.get_by_label("When it meets"), page.get_by_label("First day")
    starts, ends = page.get_by_label("Starts"), page.get_by_label("Ends", exact=True)
    day = next_monday()
    words.fill(f"every Monday, 7 to 8:30 PM, starting {day:%B} {day.day}, {day.year}")
    expect(first).to_have_value(f"{day:%Y-%m-%d}")
    expect(starts).to_have_value("19:00")
    expect(ends).to_have_value("20:30")
    later = day + timedelta(days=7)
    words.fill(f"every Monday, 6 to 7:30 PM, starting {later:%B} {later.day}, {later.year}")
    expect(first).to_have_value(f"{later:%Y-%m-%d}")
    expect(starts).to_have_value("18:00")
    starts.fill("17:00")
    words.fill(f"every Monday, 6 to 7:30 PM, starting {later:%B} {later.day}, {later.year}, 5 times")
    expect(starts).to_have_value("17:00")
    expect(page.locator("#preview")).to_contain_text("The words say 6:00 PM")


def test_the_button_is_reached_below_the_dates_on_a_phone(keys: Keys, center: Center) -> None:
    page = keys.page
    page.set_viewport_size({"width": 360, "height": 740})
    keys.open("/coordinator/series/new")
    day = next_monday()
    page.get_by_label("Title", exact=True).fill("Evening skills")
    page.get_by_label("First day").fill(f"{day:%Y-%m-%d}")
    page.get_by_label("Starts").fill("19:00")
    page.get_by_label("Minutes", exact=True).fill("90")
    page.get_by_label("Title", exact=True).focus()
    expect(page.locator("#preview ol.ten li")).to_have_count(10)
    page.get_by_role("button", name="Save").click(timeout=5000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Evening skills")
