"""The sheet in a browser: taps that are saved behind one's back, and a line that never lies."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.access.beginning import begin_sign_in
from scheduler.domain.planning.starting import series_led_by, start_session
from scheduler.store.transaction import transaction
from tests.support import browsing, factories
from tests.support.browsing import Served
from tests.support.evenings import AT_SEVEN, Group, evening_group
from tests.support.people import Everybody, Someone

pytestmark = pytest.mark.browser

PATIENCE = 20_000
"""Milliseconds: a busy machine is slow, and a save that failed is tried again after a while."""

NAMES = (
    *("Alma Pratt", "Bernard Osei", "Celeste Wynn", "Devon Kim", "Esther Malik", "Goran Lind"),
    *("Imani Ford", "Joaquin Reyes", "Katarzyna Wolf", "Theodora Blum"),
)
PHONE = {"width": 360, "height": 740}
SYNC = "**/device/sync"


@pytest.fixture(autouse=True)
def _tuesday_evening() -> Iterator[None]:
    with time_machine.travel(AT_SEVEN + timedelta(minutes=8)):
        yield


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    """Without the worker, which has tests of its own (test_offline.py)."""
    return {**browser_context_args, "service_workers": "block"}


@pytest.fixture
def group(sessions: sessionmaker[Database], people: Everybody) -> Group:
    """Twelve people, of whom two have an account."""
    with sessions() as session, transaction(session):
        made = evening_group(session, people)
        for name in NAMES:
            factories.enrollment(session, made.series, factories.member(session, name))
    return made


@pytest.fixture
def address(served: Served, group: Group) -> str:
    return f"{served.address}/facilitator/sheets/{group.occurrence}"


@pytest.fixture
def sheet(page: Page, served: Served, people: Everybody, address: str) -> Page:
    """The sheet, open on Dana's phone."""
    served.sign_in(page.context, people.facilitator.secret)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(address)
    return browsing.until_kept(page)


@pytest.fixture
def second(browser: Browser, served: Served, people: Everybody, address: str, sheet: Page) -> Iterator[Page]:
    """The same sheet on another device, where Odile is signed in."""
    context = browser.new_context(service_workers="block")
    served.sign_in(context, people.coordinator.secret)
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def tap(page: Page, name: str, times: int = 1) -> None:
    for _ in range(times):
        page.locator(".mark", has_text=name).locator(".name").click()


def word(page: Page, name: str) -> str:
    return page.locator(".mark", has_text=name).locator(".word").inner_text()


def line(page: Page, said: str) -> None:
    """The line of truth says so, sooner or later."""
    expect(page.locator("#save-line")).to_contain_text(said, use_inner_text=True, timeout=PATIENCE)


def fresh(page: Page, name: str) -> str:
    """What the server says of somebody."""
    page.reload()
    return word(page, name)


def test_a_tap_is_present_and_further_taps_walk_through_the_marks(sheet: Page) -> None:
    said = []
    for _ in range(4):
        tap(sheet, "Alma P.")
        said.append(word(sheet, "Alma P."))
    assert said == ["Present", "Late, 8 min", "Absent", "not marked"]


def test_why_somebody_is_excused_is_chosen_behind_the_dots_and_the_row_keeps_it_to_itself(
    sheet: Page,
) -> None:
    row = sheet.locator(".mark", has_text="Alma P.")
    row.locator("[data-open]").click()
    row.locator("[value=excused]").check(force=True)
    row.get_by_label("Reason").select_option("another appointment")
    line(sheet, "Saved on the server")
    assert fresh(sheet, "Alma P.") == "Excused"
    row.locator("[data-open]").click()
    expect(row.get_by_label("Reason")).to_have_value("appointment")
    tap(sheet, "Alma P.")
    line(sheet, "Saved on the server")
    assert fresh(sheet, "Alma P.") == "Present"


def test_twelve_people_with_three_exceptions_take_eight_taps_and_one_more(
    sheet: Page, served: Served
) -> None:
    """The worst three: all absent, which is two taps each after *All present*."""
    sheet.expose_function("count", lambda: taps.append(1))
    taps: list[int] = []
    sheet.evaluate("document.addEventListener('click', (event) => event.isTrusted && window.count(), true)")
    sheet.get_by_role("button", name="All present").click()
    for name in ("Goran L.", "Joaquin R.", "Renee T."):
        tap(sheet, name, times=2)
    expect(sheet.locator("#n-here")).to_have_text("9")
    line(sheet, "Saved on the server")
    assert len(taps) == 7
    sheet.get_by_role("button", name="Submit the sheet").click()
    expect(sheet.get_by_text("Dana R. led, 7:00 to 8:30 PM, no break.")).to_be_visible()
    sheet.get_by_role("button", name="Submit the sheet").click()  # the ninth, which confirms that
    sheet.wait_for_url(f"{served.address}/facilitator/today")
    expect(sheet.get_by_text("Submitted: 9 of 12 here.")).to_be_visible()


def test_the_line_says_saved_only_after_the_server_said_so(sheet: Page) -> None:
    held: list[Route] = []
    sheet.route(SYNC, lambda route: held.append(route))  # noqa: PLW0108 -- Playwright looks at the function
    line(sheet, "Ready. Nothing to save yet.")
    tap(sheet, "Alma P.")
    line(sheet, "Not saved yet…")
    sheet.wait_for_timeout(1000)
    line(sheet, "Not saved yet…")
    held[0].continue_()
    line(sheet, "Saved on the server")
    line(sheet, "7:08 PM")
    assert fresh(sheet, "Alma P.") == "Present"


def test_marks_wait_on_the_phone_without_signal_and_go_out_with_it(sheet: Page) -> None:
    sheet.context.set_offline(True)
    tap(sheet, "Alma P.")
    tap(sheet, "Goran L.", times=3)
    line(sheet, "No signal. 2 marks wait on this phone.")
    waiting = sheet.locator(".mark", has_text="Goran L.").locator(".wait")
    expect(waiting).to_be_visible()
    sheet.context.set_offline(False)
    line(sheet, "Saved on the server")
    expect(waiting).to_be_hidden()
    assert [fresh(sheet, "Alma P."), word(sheet, "Goran L.")] == ["Present", "Absent"]


def test_marks_wait_while_signed_out_and_go_out_after_the_next_sign_in(
    sheet: Page, served: Served, people: Everybody
) -> None:
    """In another tab, say: the page's own token is old by then, and its marks are not."""
    sheet.context.clear_cookies()
    tap(sheet, "Alma P.")
    line(sheet, "You are signed out. 1 mark waits on this phone.")
    served.sign_in(sheet.context, people.facilitator.secret)
    line(sheet, "Saved on the server")
    assert fresh(sheet, "Alma P.") == "Present"


SLOW_TO_LOCK = """
    const real = SubtleCrypto.prototype.encrypt;
    let begin;
    window.begun = new Promise((resolve) => (begin = resolve));
    const held = new Promise((resolve) => (window.goOn = resolve));
    SubtleCrypto.prototype.encrypt = async function (...given) {
      begin();
      await held;
      return real.apply(this, given);
    };
"""
"""Marks are locked before they are stored; here none is until ``goOn``."""


def test_a_mark_made_while_another_one_is_stored_is_stored_and_sent_too(sheet: Page) -> None:
    sheet.evaluate(f"() => {{ {SLOW_TO_LOCK} }}")
    tap(sheet, "Alma P.")
    sheet.evaluate("() => window.begun")
    tap(sheet, "Bernard O.")  # while the one before is on its way to the disk
    tap(sheet, "Alma P.", times=2)
    sheet.evaluate("() => goOn()")
    line(sheet, "Saved on the server")
    assert (fresh(sheet, "Alma P."), fresh(sheet, "Bernard O.")) == ("Absent", "Present")


def test_marks_are_stored_anew_once_the_browser_emptied_its_store(sheet: Page, served: Served) -> None:
    """Short of room, or told so by whoever has the phone, it closes the store under an open page."""
    tap(sheet, "Alma P.")
    line(sheet, "Saved on the server")
    emptied = {"origin": served.address, "storageTypes": "indexeddb"}
    sheet.context.new_cdp_session(sheet).send("Storage.clearDataForOrigin", emptied)
    tap(sheet, "Bernard O.")
    line(sheet, "Saved on the server")
    assert fresh(sheet, "Bernard O.") == "Present"


def test_leaving_with_unsaved_marks_asks_nothing_and_the_next_page_sends_them(sheet: Page) -> None:
    sheet.route(SYNC, lambda route: route.abort())
    tap(sheet, "Alma P.")
    line(sheet, "No signal. 1 mark waits on this phone.")
    sheet.unroute(SYNC)
    sheet.get_by_role("link", name="Back").click()
    with sheet.expect_response(SYNC) as sent:
        assert "/today" in sheet.url
    assert [result["outcome"] for result in sent.value.json()["results"]] == ["applied"]


def test_a_mark_whose_answer_was_lost_is_no_question(sheet: Page) -> None:
    """The server saved it, the phone never heard of it, and the facilitator taps again."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    sheet.route(SYNC, lose, times=1)
    tap(sheet, "Alma P.")
    line(sheet, "No signal.")
    tap(sheet, "Alma P.")
    line(sheet, "Saved on the server")
    assert sheet.locator(".which").count() == 0
    assert fresh(sheet, "Alma P.") == "Late, 8 min"


@pytest.mark.parametrize(("choice", "stands"), [("Dana R.", "Present"), ("You", "Absent")])
def test_the_second_of_two_is_shown_both_and_submitting_waits(
    sheet: Page, second: Page, choice: str, stands: str
) -> None:
    tap(sheet, "Marcus T.")
    line(sheet, "Saved on the server")
    tap(second, "Marcus T.", times=3)
    tap(second, "Alma P.")
    line(second, "Needs you: 1 question. The rest is saved.")
    question = second.locator(".which")
    assert question.locator("h2").inner_text() == "Which is right for Marcus T.?"
    assert question.locator(".opt b").all_inner_texts() == ["Present", "Absent"]
    assert question.locator(".opt > span").all_inner_texts() == ["Dana R., 7:08 PM", "You, 7:08 PM"]
    submit = second.locator("#submit")
    assert (submit.inner_text(), submit.is_disabled()) == ("Answer 1 question, then submit", True)
    question.get_by_role("button", name=choice).click()
    line(second, "Saved on the server")
    assert (submit.inner_text(), submit.is_disabled()) == ("Submit the sheet", False)
    assert [fresh(second, "Marcus T."), word(second, "Alma P.")] == [stands, "Present"]


def test_somebody_with_two_devices_reads_which_mark_came_from_the_other(
    sheet: Page,
    browser: Browser,
    served: Served,
    people: Everybody,
    address: str,
    sessions: sessionmaker[Database],
) -> None:
    with sessions() as session, transaction(session):
        dana, at = people.facilitator.id, AT_SEVEN + timedelta(minutes=8)
        secret = begin_sign_in(session, person_id=dana, lasts=timedelta(days=1), now=at)
    with browser.new_context(service_workers="block") as tablet:
        served.sign_in(tablet, secret)
        other = tablet.new_page()
        other.goto(address)
        tap(sheet, "Marcus T.")
        line(sheet, "Saved on the server")
        row = other.locator(".mark", has_text="Marcus T.")
        row.get_by_role("button", name="All choices for Marcus T.").click()
        row.get_by_text("Absent", exact=True).click()
        line(other, "Needs you: 1 question. The rest is saved.")
        said = other.locator(".which .opt > span").all_inner_texts()
        assert said == ["You, on another device, 7:08 PM", "You, 7:08 PM"]


def test_all_present_asks_nothing_of_those_marked_meanwhile(sheet: Page, second: Page) -> None:
    tap(sheet, "Goran L.", times=3)
    line(sheet, "Saved on the server")
    second.get_by_role("button", name="All present").click()
    line(second, "Saved on the server")
    assert second.locator(".which").count() == 0
    assert [word(second, "Goran L."), word(second, "Alma P.")] == ["Absent", "Present"]
    expect(second.get_by_role("button", name="All present")).to_be_hidden()


def test_undo_goes_back_step_by_step(sheet: Page) -> None:
    undo = sheet.get_by_role("button", name="Undo")
    tap(sheet, "Alma P.", times=2)
    sheet.get_by_role("button", name="All present").click()
    line(sheet, "Saved on the server")
    undo.click()
    assert [word(sheet, "Alma P."), word(sheet, "Goran L.")] == ["Late, 8 min", "not marked"]
    undo.click()
    assert word(sheet, "Alma P.") == "Present"
    undo.click()
    expect(undo).to_have_attribute("aria-disabled", "true")
    line(sheet, "Saved on the server")
    assert fresh(sheet, "Alma P.") == "not marked"


def test_the_dots_open_all_five_with_time_in_the_row(sheet: Page) -> None:
    row = sheet.locator(".mark", has_text="Katarzyna W.")
    dots = row.get_by_role("button", name="All choices for Katarzyna W.")
    dots.click()
    expect(dots).to_have_attribute("aria-expanded", "true")
    row.get_by_text("Left early", exact=True).click()
    row.get_by_label("Left at").fill("19:50")
    row.get_by_label("Left at").blur()
    assert word(sheet, "Katarzyna W.") == "Left early, 7:50 PM"
    assert row.locator("[data-there]").inner_text() == "50 of 90 min"
    line(sheet, "Saved on the server")
    assert fresh(sheet, "Katarzyna W.") == "Left early, 7:50 PM"


def test_nothing_moves_under_a_tap_on_another_row_right_after_typing(sheet: Page) -> None:
    """Leaving a field draws what follows from it, and a tap that began elsewhere would be lost."""
    row = sheet.locator(".mark", has_text="Devon K.")
    row.get_by_role("button", name="All choices for Devon K.").click()
    row.get_by_text("Late", exact=True).click()
    row.get_by_label("Minutes late").fill("")
    row.get_by_label("Minutes late").blur()
    assert word(sheet, "Devon K.") == "Late"
    row.get_by_label("Minutes late").fill("7")
    below = sheet.locator(".mark", has_text="Esther M.")
    before = below.bounding_box()
    row.get_by_label("Minutes late").blur()
    assert word(sheet, "Devon K.") == "Late, 7 min"
    assert row.locator("[data-came]").inner_text() == "came at 7:07 PM"
    assert below.bounding_box() == before


def test_members_of_one_s_groups_are_chosen_by_rows_that_a_thumb_hits(
    sheet: Page, served: Served, people: Everybody, sessions: sessionmaker[Database]
) -> None:
    now = AT_SEVEN + timedelta(hours=2)
    with sessions() as session, transaction(session):
        plan = replace(series_led_by(session, people.facilitator.id, now=now)[0].plan, room_id=None)
        plan = replace(plan, first_start=datetime(2026, 7, 14, 21))
        occurrence = start_session(session, actor=people.facilitator.actor, plan=plan, now=now)
    sheet.goto(f"{served.address}/facilitator/sheets/{occurrence}")
    sheet.get_by_text("From my groups").click()
    rows = [box for each in sheet.locator(".from-groups label").all() if (box := each.bounding_box())]
    assert (len(rows), [box for box in rows if box["height"] < 44]) == (12, [])
    assert browsing.sideways(sheet) == 0


@pytest.mark.parametrize(
    ("choice", "label", "typed", "said"),
    [
        ("Late", "Minutes late", "9999", "from 1 to 89"),
        ("Late", "Minutes late", "-5", "from 1 to 89"),
        ("Left early", "Left at", "21:45", "That time is not within the session."),
    ],
)
def test_what_cannot_be_is_said_in_its_row_and_stops_nobody_else(
    sheet: Page, choice: str, label: str, typed: str, said: str
) -> None:
    row = sheet.locator(".mark", has_text="Katarzyna W.")
    row.get_by_role("button", name="All choices for Katarzyna W.").click()
    row.get_by_text(choice, exact=True).click()
    field = row.get_by_label(label)
    field.fill(typed)
    field.blur()
    expect(row.locator(".error")).to_contain_text(said)
    for name in ("Alma P.", "Goran L.", "Marcus T."):
        tap(sheet, name)
    line(sheet, "Needs you: 1 mark. The rest is saved.")
    assert field.input_value() == typed
    sheet.locator("#submit").click()
    expect(field).to_be_focused()
    assert "/submit" not in sheet.url
    assert [fresh(sheet, "Alma P."), word(sheet, "Goran L."), word(sheet, "Marcus T.")] == ["Present"] * 3


def test_a_mark_the_server_refuses_goes_back_and_never_returns_by_undo(sheet: Page) -> None:
    def refuse(route: Route) -> None:
        (mark,) = route.request.post_data_json["marks"]
        result = {"uid": mark["uid"], "outcome": "refused", "reason": "That is too long."}
        route.fulfill(json={"saved_at": "7:08 PM", "results": [result]})

    sheet.route(SYNC, refuse, times=1)
    tap(sheet, "Alma P.")
    line(sheet, "Needs you: 1 mark.")
    row = sheet.locator(".mark", has_text="Alma P.")
    expect(row.locator(".error")).to_contain_text("That is too long.")
    assert word(sheet, "Alma P.") == "not marked"
    tap(sheet, "Alma P.", times=2)
    sheet.get_by_role("button", name="Undo").click()
    assert word(sheet, "Alma P.") != "Present"


def test_a_long_press_opens_the_row_and_marks_nothing(sheet: Page) -> None:
    sheet.locator(".mark", has_text="Alma P.").locator(".name").click(delay=700)
    expect(sheet.locator(".mark", has_text="Alma P.").locator(".more")).to_be_visible()
    assert word(sheet, "Alma P.") == "not marked"


def test_the_keyboard_does_everything(sheet: Page) -> None:
    sheet.locator(".mark", has_text="Alma P.").locator(".name").focus()
    sheet.keyboard.press("Enter")
    assert word(sheet, "Alma P.") == "Present"
    sheet.keyboard.press("Tab")
    sheet.keyboard.press("Space")
    sheet.keyboard.press("Tab")
    for _ in range(3):
        sheet.keyboard.press("ArrowRight")
    assert word(sheet, "Alma P.") == "Excused"
    sheet.keyboard.press("Escape")
    assert sheet.evaluate("document.activeElement.getAttribute('aria-expanded')") == "false"
    line(sheet, "Saved on the server")
    assert fresh(sheet, "Alma P.") == "Excused"


def test_guests_without_a_name_are_counted_up_and_down(sheet: Page) -> None:
    guest = sheet.get_by_role("button", name="Guest without a name")
    shown = sheet.locator("[data-shown]")
    for _ in range(3):
        guest.click()
    sheet.get_by_role("button", name="One guest fewer").click()
    expect(shown).to_have_text("2")
    line(sheet, "Saved on the server")
    sheet.get_by_role("button", name="Undo").click()
    line(sheet, "Saved on the server")
    sheet.reload()
    expect(shown).to_have_text("3")


def test_who_saved_what_is_there_as_soon_as_it_is_saved(sheet: Page) -> None:
    tap(sheet, "Alma P.", times=2)
    line(sheet, "Saved on the server")
    came = sheet.locator(".mark", has_text="Alma P.").locator("[data-came]")
    expect(came).to_have_text("came at 7:08 PM")
    sheet.get_by_role("link", name="Who saved what").click()
    expect(sheet.locator("#who")).to_contain_text("Alma P.: Late, 8 min Dana R., Tuesday, July 14, 7:08 PM")


def test_people_without_a_mark_are_asked_about_before_submitting(sheet: Page) -> None:
    tap(sheet, "Alma P.")
    sheet.get_by_role("button", name="Submit the sheet").click()
    expect(sheet.get_by_text("11 people have no mark")).to_be_visible()
    sheet.get_by_role("alert").get_by_role("button", name="Rest absent").click()
    expect(sheet.locator("#n-marked")).to_have_text("12")


def test_a_phone_whose_clock_is_a_day_wrong_counts_late_by_the_server_s(
    page: Page, served: Served, people: Everybody, address: str
) -> None:
    page.clock.install(time=AT_SEVEN - timedelta(days=1))
    served.sign_in(page.context, people.facilitator.secret)
    page.goto(address)
    tap(page, "Alma P.", times=2)
    assert word(page, "Alma P.") == "Late, 8 min"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_sheet_is_for_everybody(sheet: Page, second: Page, theme: str) -> None:
    """Also while a row is open and a question stands."""
    sheet.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    tap(second, "Marcus T.", times=3)
    line(second, "Saved on the server")
    tap(sheet, "Marcus T.")
    sheet.get_by_role("button", name="All choices for Goran L.").click()
    line(sheet, "Needs you")
    assert browsing.serious(sheet) == []
    for width in (320, 360, 768, 1440):
        sheet.set_viewport_size({"width": width, "height": 740})
        assert browsing.sideways(sheet) == 0
        assert browsing.small_targets(sheet) == []


def test_without_a_script_every_row_has_its_name_and_its_choices(
    browser: Browser, served: Served, people: Everybody, address: str
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]
    served.sign_in(context, people.facilitator.secret)
    page = context.new_page()
    page.goto(address)
    tap(page, "Alma P.")
    assert word(page, "Alma P.") == "Present"
    page.locator("#row-1").get_by_text("Excused").click()
    page.get_by_role("button", name="Save the marks").click()
    assert [word(page, "Renee T."), word(page, "Alma P.")] == ["Excused", "Present"]
    context.close()


def test_somebody_without_the_duty_sees_nothing(
    page: Page, served: Served, people: Everybody, address: str
) -> None:
    def visit(somebody: Someone) -> str:
        served.sign_in(page.context, somebody.secret)
        page.goto(address)
        return page.inner_text("main")

    assert "There is nothing here" in visit(people.other_facilitator)
