"""Attendance without a network: nothing lost, nothing doubled, every conflict shown, no name in the clear."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.attendance.absences import say_absent
from scheduler.domain.attendance.devices import end
from scheduler.domain.attendance.models import Mark, MarkChange, SentMark, Sheet, WalkIn, WalkInName
from scheduler.domain.attendance.not_meeting import record_not_met
from scheduler.domain.attendance.statuses import Excuse
from scheduler.domain.people.models import Device, PersonRole
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.kinds import CauseType
from scheduler.domain.schedule.models import Cause, Occurrence
from scheduler.store.transaction import transaction
from tests.support import browsing, factories
from tests.support.browsing import Served
from tests.support.evenings import AT_SEVEN, evening_group, late_meeting
from tests.support.people import Everybody

pytestmark = pytest.mark.browser

PATIENCE = 20_000
"""Milliseconds: a busy machine is slow, and a save that failed is tried again after a while."""
PHONE = {"width": 360, "height": 740}
NOW = AT_SEVEN + timedelta(minutes=8)
NAMES = ("Renee", "Marcus", "Alma", "Pratt", "Dana", "Rowe", "Tamm", "Tull")
SYNC = "**/device/sync"

# All that the phone's database holds: how many rows each store has, and what they say as text. What is locked
# comes as its bytes.
STORED = """async () => {
  const ask = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  const db = await ask(indexedDB.open("kept"));
  const said = [];
  const tell = (value) => {
    if (value instanceof ArrayBuffer) said.push(new TextDecoder("latin1").decode(value));
    else if (ArrayBuffer.isView(value)) tell(value.buffer);
    else if (value instanceof CryptoKey) said.push(`key, extractable: ${value.extractable}`);
    else if (value && typeof value === "object") Object.entries(value).flat().forEach(tell);
    else said.push(String(value));
  };
  const counts = {};
  for (const store of db.objectStoreNames) {
    const rows = await ask(db.transaction(store).objectStore(store).getAll());
    counts[store] = rows.length;
    rows.forEach(tell);
  }
  db.close();
  return [counts, said.join("\\n")];
}"""
CACHED = """async () => {
  const said = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const kept = await cache.match(request, { ignoreVary: true });
      said[new URL(request.url).pathname] = await kept.text();
    }
  }
  return said;
}"""
NOTHING = {"device": 0, "outbox": 0, "sealed": 0, "sheets": 0, "told": 0}


@dataclass(frozen=True, slots=True)
class Phone:
    """Dana's phone, at the time of her Tuesday evening group: Renee, Marcus and Alma are expected."""

    context: BrowserContext
    served: Served
    people: Everybody
    sessions: sessionmaker[Database]
    occurrence: int
    alma: int

    @property
    def sheet(self) -> str:
        return f"{self.served.address}/facilitator/sheets/{self.occurrence}"

    @property
    def today(self) -> str:
        return f"{self.served.address}/facilitator/today"

    def open(self, address: str) -> Page:
        """A new page with a signal; what is needed without one is on the phone when this answers."""
        page = self._page(address)
        browsing.until_kept(page)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        return page

    def restart(self, address: str) -> Page:
        """All is closed, the phone comes back in flight mode, and the page is opened anew."""
        self.signal(False)
        for page in self.context.pages:
            page.close()
        return self._page(address)

    def _page(self, address: str) -> Page:
        page = self.context.new_page()
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        page.goto(address)
        return page

    def signal(self, has: bool) -> None:
        self.context.set_offline(not has)

    def sign_in(self, secret: str) -> None:
        self.served.sign_in(self.context, secret)

    @property
    def saved(self) -> Mapping[int, tuple[str | None, int]]:
        """What the server has: each person's mark, and how often it was changed."""
        with self.sessions() as session:
            found = session.execute(select(Mark.id, Mark.person_id, Mark.status)).all()
            changes = list(session.scalars(select(MarkChange.mark_id)))
        return {person: (status, changes.count(mark)) for mark, person, status in found}


@pytest.fixture(autouse=True)
def _tuesday_evening() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def phone(
    context: BrowserContext, served: Served, people: Everybody, sessions: sessionmaker[Database]
) -> Phone:
    with sessions() as session, transaction(session):
        group = evening_group(session, people)
        alma = factories.member(session, "Alma Pratt")
        factories.enrollment(session, group.series, alma)
    served.sign_in(context, people.facilitator.secret)
    return Phone(context, served, people, sessions, group.occurrence, alma)


def tap(page: Page, name: str, times: int = 1) -> None:
    for _ in range(times):
        page.locator(".mark", has_text=name).locator(".name").click()


def word(page: Page, name: str) -> str:
    return page.locator(".mark", has_text=name).locator(".word").inner_text()


def line(page: Page, said: str) -> None:
    expect(page.locator("#save-line")).to_contain_text(said, use_inner_text=True, timeout=PATIENCE)


def stored(page: Page) -> tuple[dict[str, int], str]:
    counts, text = page.evaluate(STORED)
    return counts, text


def until_stored(page: Page, **rows: int) -> None:
    """Wait until the phone's stores have so many rows, and no others any."""

    def holds() -> bool:
        try:
            return stored(page)[0] == NOTHING | rows
        except Error:
            return False  # the page was being left at this moment

    browsing.until(page, holds)


def test_in_flight_mode_a_sheet_opens_is_marked_closed_and_opened_again_and_goes_out_once(
    phone: Phone,
) -> None:
    phone.open(phone.today)
    page = phone.restart(phone.today)
    expect(page.get_by_role("heading", name="Kept on this phone")).to_be_visible()
    assert browsing.serious(page) == []
    page.get_by_role("link", name="Tuesday evening group").click()
    tap(page, "Renee T.")
    tap(page, "Marcus T.", times=2)
    assert word(page, "Marcus T.") == "Late, 8 min"
    line(page, "No signal. 2 marks wait on this phone.")
    expect(page.locator("#submit")).to_have_text("Submit when there is a signal")
    page.reload()
    line(page, "No signal. 2 marks wait on this phone.")
    page = phone.restart(phone.sheet)
    line(page, "No signal. 2 marks wait on this phone.")
    marks = [word(page, name) for name in ("Renee T.", "Marcus T.", "Alma P.")]
    assert marks == ["Present", "Late, 8 min", "not marked"]
    assert (browsing.serious(page), browsing.sideways(page), browsing.small_targets(page)) == ([], 0, [])
    page.get_by_role("button", name="Rest absent").click()
    line(page, "No signal. 3 marks wait on this phone.")
    phone.signal(True)
    line(page, "Saved on the server")
    page.get_by_role("button", name="Submit the sheet").click()
    page.wait_for_url(f"{phone.sheet}/confirm")
    page.get_by_role("button", name="Submit the sheet").click()
    page.wait_for_url(phone.today)
    expect(page.get_by_text("Submitted: 2 of 3 here.")).to_be_visible()
    assert phone.saved == {
        phone.people.member.id: ("present", 1),
        phone.people.other_member.id: ("late", 1),
        phone.alma: ("absent", 1),
    }


def test_nothing_on_the_phone_says_a_name_in_the_clear_and_the_cached_page_holds_nobody(phone: Phone) -> None:
    page = phone.open(phone.sheet)
    phone.signal(False)
    tap(page, "Renee T.")
    line(page, "No signal. 1 mark waits on this phone.")
    cached: dict[str, str] = page.evaluate(CACHED)
    assert set(cached) == {
        "/kept",
        *(f"/static/{name}" for name in ("dist/site.css", "dist/site.js", "dist/kept.js", "img/mark.svg")),
    }
    counts, text = stored(page)
    assert counts == NOTHING | {"device": 1, "outbox": 1, "sheets": 1}
    assert "key, extractable: false" in text
    assert [name for name in NAMES if name in text or any(name in kept for kept in cached.values())] == []
    assert "csrf_token" not in cached["/kept"]


def write_down(page: Page, name: str, late: str = "") -> None:
    page.get_by_label("First name and initial").fill(name)
    if late:
        page.locator(".walk-in .st.late").click()
        page.get_by_label("Minutes late").last.fill(late)
    page.get_by_role("button", name="Write down").click()


def walked_in(page: Page) -> list[str]:
    return [one.replace("\n", " ") for one in page.locator("#walk-ins li > div.name").all_inner_texts()]


def test_walk_ins_are_written_down_in_flight_mode_and_stand_on_the_sheet_once(phone: Phone) -> None:
    phone.open(phone.sheet)
    page = phone.restart(phone.sheet)
    page.locator(".walk-in > summary").click()
    write_down(page, " ")
    expect(page.get_by_text("Type a first name and an initial, 40 letters at most.")).to_be_visible()
    write_down(page, "Nora Quist", late="90")
    expect(page.get_by_text("Give the minutes as a number from 1 to 89")).to_be_visible()
    write_down(page, "Nora Quist", late="5")
    write_down(page, "Nora Q.")
    write_down(page, "Ben")
    page.get_by_role("button", name="Take Ben off the sheet").click()
    line(page, "No signal. 2 marks wait on this phone.")
    page.reload()
    line(page, "No signal. 2 marks wait on this phone.")
    who = ["Nora Q. walk-in Late, 5 min waits on this phone", "Nora Q. walk-in Present waits on this phone"]
    assert walked_in(page) == who
    expect(page.locator(".tally").first).to_have_text("2 of 5 marked 2 here")
    assert (browsing.serious(page), browsing.sideways(page), browsing.small_targets(page)) == ([], 0, [])
    assert [name for name in ("Nora", "Quist", "Ben") if name in stored(page)[1]] == []
    phone.signal(True)
    line(page, "Saved on the server")
    expect(page.locator("#walk-ins details")).to_have_count(2)
    assert walked_in(page) == []
    page.locator("#walk-ins summary").first.click()
    expect(page.get_by_role("button", name="Take off the sheet").first).to_be_visible()
    page = phone.restart(phone.sheet)
    expect(page.locator("#walk-ins li")).to_have_count(2)
    assert walked_in(page) == ["Nora Q. walk-in Late, 5 min", "Nora Q. walk-in Present"]
    phone.signal(True)
    page.goto(phone.sheet)
    page.locator(".walk-in > summary").click()
    write_down(page, "Ada")
    tap(page, "Renee T.")
    line(page, "Saved on the server")
    page.get_by_role("button", name="Rest absent").click()
    line(page, "Saved on the server")
    page.get_by_role("button", name="Submit the sheet").click()
    page.wait_for_url(f"{phone.sheet}/confirm")
    page.get_by_role("button", name="Submit the sheet").click()
    page.wait_for_url(phone.today)
    expect(page.get_by_text("Submitted: 4 of 6 here.")).to_be_visible()
    with phone.sessions() as session:
        found = session.execute(select(WalkInName.name, WalkIn.late_minutes).join(WalkIn).order_by(WalkIn.id))
        assert [tuple(row) for row in found] == [("Nora Q.", 5), ("Nora Q.", None), ("Ada", None)]


def test_two_devices_on_one_sheet_ask_which_is_right_also_after_a_restart(
    phone: Phone, browser: Browser
) -> None:
    phone.open(phone.sheet)
    page = phone.restart(phone.sheet)
    tap(page, "Marcus T.", times=3)
    tap(page, "Renee T.")
    line(page, "No signal. 2 marks wait on this phone.")
    elsewhere = browser.new_context(service_workers="block")
    phone.served.sign_in(elsewhere, phone.people.coordinator.secret)
    desk = elsewhere.new_page()
    desk.goto(phone.sheet)
    tap(desk, "Marcus T.")
    line(desk, "Saved on the server")
    elsewhere.close()
    phone.signal(True)
    line(page, "Needs you: 1 question. The rest is saved.")
    page = phone.restart(phone.sheet)
    line(page, "Needs you: 1 question. The rest is saved.")
    said = page.locator(".which .opt > span").all_inner_texts()
    assert said[0] == "Odile K., 7:08 PM"
    phone.signal(True)
    page.goto(phone.today)
    expect(page.get_by_text("Needs you: 1 question: Tuesday evening group")).to_be_visible()
    page.get_by_role("link", name="Open the sheet").last.click()
    page.locator(".opt", has_text="You").click()
    line(page, "Saved on the server")
    people = phone.people
    assert phone.saved == {people.member.id: ("present", 1), people.other_member.id: ("absent", 2)}
    until_stored(page, device=1, sheets=1)


def test_an_answer_that_was_lost_and_a_clock_a_day_wrong_double_nothing(phone: Phone) -> None:
    page = phone.context.new_page()
    page.clock.install(time=NOW - timedelta(days=1))
    page.goto(phone.sheet)
    browsing.until_kept(page)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route(SYNC, lose)
    tap(page, "Renee T.", times=2)
    page.clock.run_for(1000)
    line(page, "No signal. 1 mark waits on this phone.")
    saved = phone.saved
    assert saved[phone.people.member.id][0] == "late"
    page.unroute(SYNC)
    page.clock.run_for(60_000)
    line(page, "Saved on the server")
    assert word(page, "Renee T.") == "Late, 8 min"
    assert phone.saved == saved
    with phone.sessions() as session:
        at = session.scalars(select(Mark.marked_at)).one()
    assert abs(at - NOW) < timedelta(minutes=3)


def test_marks_outlast_an_expired_sign_in_and_go_out_when_that_person_is_back(phone: Phone) -> None:
    page = phone.open(phone.sheet)
    phone.context.clear_cookies()
    tap(page, "Renee T.")
    line(page, "You are signed out. 1 mark waits on this phone.")
    page.close()
    phone.sign_in(phone.people.facilitator.secret)
    page = phone.open(phone.sheet)
    line(page, "Saved on the server")
    assert phone.saved == {phone.people.member.id: ("present", 1)}


def test_when_somebody_else_signs_in_what_waited_is_sealed_and_sent_and_the_names_go(phone: Phone) -> None:
    page = phone.open(phone.sheet)
    phone.context.clear_cookies()
    tap(page, "Renee T.")
    line(page, "You are signed out. 1 mark waits on this phone.")
    page.close()
    phone.sign_in(phone.people.member.secret)
    page = phone.context.new_page()
    page.goto(f"{phone.served.address}/member/week")
    until_stored(page)
    assert phone.saved == {phone.people.member.id: ("present", 1)}


def reassign(session: Database, phone: Phone) -> None:
    session.execute(update(Duty).values(person_id=phone.people.other_facilitator.id))


def call_off(session: Database, phone: Phone) -> None:
    session.get_one(Occurrence, phone.occurrence).booked = False
    cause = CauseType.COORDINATOR
    session.add(Cause(occurrence_id=phone.occurrence, type=cause, made_at=NOW, reason="Snow"))


def end_device(session: Database, phone: Phone) -> None:
    session.execute(update(Device).values(ended_at=NOW))


def take_role(session: Database, phone: Phone) -> None:
    session.execute(delete(PersonRole).where(PersonRole.person_id == phone.people.facilitator.id))


@pytest.mark.parametrize(("act", "why"), [(end_device, "ended"), (take_role, "not_theirs")])
def test_a_device_that_was_ended_and_one_without_the_role_lose_the_names_and_no_mark(
    phone: Phone, act: Callable[[Database, Phone], None], why: str
) -> None:
    def none_anew(route: Route) -> None:
        if route.request.headers.get("x-device"):
            route.continue_()
        else:
            route.abort()

    phone.open(phone.sheet)
    phone.context.route("**/device/sheets", none_anew)
    page = phone.restart(phone.sheet)
    tap(page, "Renee T.")
    line(page, "No signal. 1 mark waits on this phone.")
    with phone.sessions() as session, transaction(session):
        act(session, phone)
    phone.signal(True)
    until_stored(page)
    with phone.sessions() as session:
        assert session.scalars(select(SentMark.why)).all() == [why]
    assert phone.saved == {}


def test_two_tabs_that_send_at_once_make_one_change(phone: Phone) -> None:
    page = phone.open(phone.sheet)
    other = phone.open(phone.sheet)
    phone.signal(False)
    tap(page, "Renee T.")
    line(page, "No signal. 1 mark waits on this phone.")
    other.reload()
    tap(other, "Marcus T.")
    line(other, "No signal. 2 marks wait on this phone.")
    phone.signal(True)
    for tab in (page, other):
        line(tab, "Saved on the server")
        assert (word(tab, "Renee T."), word(tab, "Marcus T.")) == ("Present", "Present")
    people = phone.people
    assert phone.saved == {people.member.id: ("present", 1), people.other_member.id: ("present", 1)}


def test_after_three_days_the_names_go_and_what_waits_is_sealed_and_sent(phone: Phone) -> None:
    phone.context.clock.install(time=NOW)
    page = phone.open(phone.sheet)
    phone.signal(False)
    tap(page, "Renee T.")
    line(page, "No signal. 1 mark waits on this phone.")
    phone.context.clock.set_system_time(NOW + timedelta(hours=73))
    page.reload()
    expect(page.get_by_text("What waited is kept on this phone.")).to_be_visible()
    until_stored(page, sealed=1)
    phone.signal(True)
    until_stored(page, device=1, sheets=1)
    assert phone.saved == {phone.people.member.id: ("present", 1)}


FULL = "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };"
BREAKS = (
    "Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException(); } })",
    "IDBFactory.prototype.open = () => { throw new DOMException('no', 'InvalidStateError'); }",
    "IDBFactory.prototype.open = () => ({})",  # never answers
    FULL,
)


def test_a_browser_that_stores_nothing_saves_by_forms_and_signs_out(phone: Phone, browser: Browser) -> None:
    for number, broken in enumerate(BREAKS, 1):
        private = browser.new_context()
        private.add_init_script(broken)
        phone.served.sign_in(private, phone.people.facilitator.secret)
        page = private.new_page()
        page.goto(phone.sheet)
        tap(page, "Renee T.")
        expect(page.get_by_text("This browser keeps nothing")).to_be_visible(timeout=PATIENCE)
        assert phone.saved[phone.people.member.id][1] == number
        line(page, "Saved on the server")
        page.goto(f"{phone.served.address}/facilitator/today")
        page.goto(f"{phone.served.address}/me")
        if number == len(BREAKS):
            page.get_by_role("button", name="Sign out").click()
            page.wait_for_url("**/sign-in*")
        private.close()


def test_a_mark_that_a_full_phone_cannot_store_waits_on_the_page_and_is_tried_again(phone: Phone) -> None:
    page = phone.open(phone.sheet)
    page.evaluate("() => { window.stores = IDBObjectStore.prototype.put; }")
    page.evaluate(f"() => {{ {FULL} }}")
    tap(page, "Renee T.")
    line(page, "This browser could not store it. 1 mark waits on this page.")
    page.evaluate("() => { IDBObjectStore.prototype.put = window.stores; }")
    line(page, "Saved on the server")
    assert phone.saved == {phone.people.member.id: ("present", 1)}


@pytest.mark.parametrize(("meanwhile", "sheets"), [(reassign, 0), (call_off, 1)])
def test_marks_of_a_session_that_is_not_theirs_any_more_are_kept_for_the_coordinator(
    phone: Phone, meanwhile: Callable[[Database, Phone], None], sheets: int
) -> None:
    phone.open(phone.sheet)
    page = phone.restart(phone.sheet)
    tap(page, "Renee T.")
    tap(page, "Marcus T.")
    line(page, "No signal. 2 marks wait on this phone.")
    with phone.sessions() as session, transaction(session):
        meanwhile(session, phone)
    phone.signal(True)
    expect(page.get_by_text("2 marks are kept for the coordinator.")).to_be_visible(timeout=PATIENCE)
    page.goto(phone.today)
    browsing.until(page, lambda: stored(page)[0]["outbox"] == 0)
    page.reload()
    expect(page.get_by_text("2 marks of yours wait for a coordinator")).to_be_visible()
    assert phone.saved == {}
    until_stored(page, device=1, sheets=sheets)


def test_signing_out_with_waiting_marks_warns_and_seals_them_and_the_next_contact_sends_them(
    phone: Phone,
) -> None:
    account = f"{phone.served.address}/me"
    page = phone.open(phone.sheet)
    page.route(SYNC, lambda route: route.abort())
    tap(page, "Renee T.")
    line(page, "No signal. 1 mark waits on this phone.")
    page.goto(account)
    phone.signal(False)
    dialog = page.get_by_role("dialog")
    page.get_by_role("button", name="Sign out").click()
    expect(dialog.get_by_role("heading", name="One mark waits on this phone")).to_be_visible()
    assert browsing.serious(page) == []
    dialog.get_by_role("button", name="Stay signed in").click()
    until_stored(page, device=1, outbox=1, sheets=1)
    page.get_by_role("button", name="Sign out").click()
    dialog.get_by_role("button", name="Sign out; the marks stay sealed on this phone").click()
    expect(page.get_by_text("What waited is kept on this phone.")).to_be_visible()
    expect(page.get_by_text("Nothing is kept here")).to_be_hidden()
    expect(page.get_by_role("link", name="Try Today again")).to_have_count(1)
    assert (browsing.serious(page), browsing.sideways(page)) == ([], 0)
    assert stored(page)[0] == NOTHING | {"device": 1, "sealed": 1}
    phone.signal(True)
    page.goto(account)
    assert "/sign-in" in page.url  # the worker told the server of it before anything was shown
    until_stored(page)
    assert phone.saved == {phone.people.member.id: ("present", 1)}


def _away(route: Route) -> None:
    route.fulfill(status=503, body="away")


def test_who_signed_out_without_a_signal_is_signed_out_before_any_page_opens_also_while_the_server_is_away(
    phone: Phone,
) -> None:
    account = f"{phone.served.address}/me"
    page = phone.open(phone.sheet)
    page.goto(account)
    phone.signal(False)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("Nothing is kept here")).to_be_visible()
    phone.context.route("**/*", _away)
    phone.signal(True)
    for address in (account, phone.today):
        page.goto(address)
        expect(page.get_by_text("Nothing is kept here")).to_be_visible()
    assert stored(page)[0] == NOTHING | {"device": 1}
    phone.context.unroute_all()
    page.goto(phone.sheet)
    assert "/sign-in" in page.url
    until_stored(page)


def test_who_signs_out_without_a_signal_leaves_every_page_that_is_open(phone: Phone) -> None:
    """Such a page could ask the server for more, which still takes the browser for signed in."""
    page, other = phone.open(phone.today), phone.open(f"{phone.served.address}/me/shared")
    page.goto(f"{phone.served.address}/me")
    phone.signal(False)
    page.get_by_role("button", name="Sign out").click()
    for each in (page, other):
        expect(each.get_by_text("Nothing is kept here")).to_be_visible()
        assert each.url == f"{phone.served.address}/kept"


def test_an_ended_device_is_signed_out_and_empty_at_its_next_contact_and_has_no_names_after_it(
    phone: Phone,
) -> None:
    page = phone.open(phone.today)
    with phone.sessions() as session, transaction(session):
        dana = phone.people.facilitator
        [device] = session.scalars(select(Device.id))
        end(session, actor=dana.actor, person_id=dana.id, device_id=device, now=NOW)
    for address in (phone.today, phone.sheet):
        page.goto(address)
        assert "/sign-in" in page.url
        until_stored(page)
    page = phone.restart(phone.sheet)
    expect(page.get_by_text("Nothing is kept here")).to_be_visible()


def test_a_headcount_is_taken_in_flight_mode_and_a_sheet_is_not_called_submitted(phone: Phone) -> None:
    with phone.sessions() as session, transaction(session):
        meeting = late_meeting(session, phone.people)
    phone.sign_in(phone.people.other_facilitator.secret)
    phone.open(phone.today)
    page = phone.restart(f"{phone.served.address}/facilitator/sheets/{meeting.occurrence}")
    expect(page.get_by_text("Room holds 40.")).to_be_visible()
    page.get_by_role("button", name="+10").click()
    page.get_by_role("button", name="One more").click()
    line(page, "No signal. 1 mark waits on this phone.")
    page.locator("#submit").click()
    line(page, "No signal. 1 mark waits on this phone.")
    assert (browsing.serious(page), browsing.sideways(page)) == ([], 0)
    phone.signal(True)
    line(page, "Saved on the server")
    with phone.sessions() as session:
        sheet = session.scalars(select(Sheet)).one()
    assert (sheet.headcount, sheet.submitted_at) == (11, None)


def test_in_flight_mode_it_stands_behind_the_dots_why_somebody_can_t_make_it(phone: Phone) -> None:
    who = phone.people.member
    with phone.sessions() as session, transaction(session):
        say_absent(
            session,
            actor=who.actor,
            occurrence_id=phone.occurrence,
            person_id=who.id,
            reason=Excuse.WORK,
            now=AT_SEVEN - timedelta(hours=1),
        )
    phone.open(phone.today)
    page = phone.restart(phone.sheet)
    page.get_by_role("button", name="All choices for Renee T.").click()
    expect(page.get_by_text("They said why: work or school.")).to_be_visible()
    page.get_by_role("button", name="All choices for Marcus T.").click()
    expect(page.get_by_text("They said why")).to_have_count(1)


def test_in_flight_mode_a_session_that_did_not_meet_is_not_called_cancelled(phone: Phone) -> None:
    with phone.sessions() as session, transaction(session):
        dana = phone.people.facilitator.actor
        record_not_met(session, actor=dana, occurrence_id=phone.occurrence, reason="Nobody came", now=NOW)
    phone.open(phone.today)
    page = phone.restart(phone.sheet)
    expect(page.get_by_text("It did not meet.")).to_be_visible()
    expect(page.get_by_text("This session is cancelled")).to_be_hidden()
