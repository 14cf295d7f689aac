"""The board: what stands in it, what its address says, and the form beside it."""

import json
import re
from datetime import date, datetime
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scheduler.domain.places.models import Room
from scheduler.domain.places.queries import rooms
from scheduler.domain.places.service import make_room, make_site
from scheduler.domain.places.values import RoomDraft, SiteDraft
from scheduler.domain.planning.ending import end_series
from scheduler.domain.planning.holiday_drafts import HolidayDraft
from scheduler.domain.planning.holidays import keep_holidays
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.planning.stopping import cancel_occurrence
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Occurrence
from tests.conftest import Clients
from tests.domain.planning.center import FIRST, Center
from tests.domain.planning.shut import close, lift
from tests.support.people import Everybody
from tests.web.coordinator.desk import Desk, text_of, toasts

DAY = "/coordinator/board?date=2026-07-21"


@pytest.fixture
def page(center: Center) -> str:
    """The form of the first Tuesday evening group, led by Dana."""
    made = center.make(leads=[center.people.facilitator.id], members=[center.people.member.id])
    return f"/coordinator/occurrences/{made.occurrences[0]}/change"


def number(page: str) -> int:
    return int(page.split("/")[3])


def undo(desk: Desk, after: str) -> TestResponse:
    return desk.send_from(after, "/coordinator/plan/undo", toast=True)


def asked_by_htmx(client: FlaskClient, page: str, **more: Any) -> Any:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(DAY).text)
    assert token is not None
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/coordinator/board?span=week&site=1"}
    return client.post(page, data={"csrf_token": token[1], **more}, headers=headers)


def test_the_day_is_a_list_whose_entries_lead_to_the_form(desk: Desk, page: str) -> None:
    shown = desk.get(DAY)
    assert "1 session." in shown
    assert re.findall(r'<a class="title" href="([^"]+)">', shown) == [page]
    assert "7:00 PM Tuesday evening group Group , Elm Street, room 2, Dana R., 1/12" in text_of(shown)


def test_its_data_are_what_stands_in_the_span_of_the_address(desk: Desk, center: Center, page: str) -> None:
    center.make(title="Cooking", kind=Kind.SKILLS, room_id=None, first_start=datetime(2026, 7, 21, 9))

    def titles(query: str) -> list[str]:
        answer = desk.client.get(f"/coordinator/board/data?{query}")
        assert (answer.status_code, answer.mimetype) == (200, "application/json")
        return [row[9] for row in answer.get_json()["sessions"]]

    assert titles("date=2026-07-21&kind=group") == ["Tuesday evening group"]
    assert titles("date=2026-07-25&span=week") == ["Cooking", "Tuesday evening group"]
    assert titles("date=2026-07-25&span=week&kind=skills") == ["Cooking"]
    assert len(titles("date=2026-08-11&span=month")) == 12
    assert titles(f"date=2026-07-21&who={center.people.other_member.id}") == []


@pytest.mark.parametrize(
    "query",
    ["date=tomorrow", "span=year", "by=hats", "kind=ball", "site=x", "who=9999999999", "date=0001-01-01"],
)
def test_an_address_that_says_nothing_is_not_there(desk: Desk, query: str) -> None:
    for address in ("/coordinator/board", "/coordinator/board/data"):
        desk.get(f"{address}?{query}", status=404)


def test_a_view_is_kept_from_step_to_step(desk: Desk, center: Center) -> None:
    page = desk.get("/coordinator/board?date=2026-07-31&span=month&by=people&kind=group")
    for first in ("2026-06-30", "2026-08-01"):
        assert f"/coordinator/board?date={first}&amp;span=month&amp;by=people&amp;kind=group" in page
    assert "/coordinator/week?week=2026-07-31&amp;kind=group" in page


def columns(page: str) -> list[str]:
    found = re.search(r'data-columns="([^"]*)"', page)
    assert found is not None
    return [name for _, name, *_ in json.loads(unescape(found[1]))]


def test_narrowed_to_a_site_the_rooms_are_those_of_the_site(desk: Desk, center: Center) -> None:
    away = center.do(make_site, site=SiteDraft("Hill Road", "America/New_York"))
    center.do(make_room, room=RoomDraft("room 9", away))
    assert columns(desk.get(DAY))[-2:] == ["Hill Road, room 9", "No room"]
    assert columns(desk.get(f"{DAY}&site={away}")) == ["Hill Road, room 9"]
    assert columns(desk.get(f"{DAY}&span=week&site={away}")) == ["Hill Road, room 9"]
    assert columns(desk.get(f"{DAY}&by=sites&site={away}")) == ["Hill Road"]
    assert "No lead" in columns(desk.get(f"{DAY}&by=people&site={away}"))


def test_what_is_not_in_use_is_hidden_by_the_address_and_stays_so(desk: Desk) -> None:
    shown, hidden = desk.get(DAY), desk.get(f"{DAY}&empty=hidden")
    assert ("data-in-use" in shown, "data-in-use" in hidden) == (False, True)
    assert "/coordinator/board?date=2026-07-22&amp;empty=hidden" in hidden
    assert "Filter: Rooms in use" in text_of(hidden)


def test_what_follows_is_shown_and_nothing_is_saved(desk: Desk, center: Center, page: str) -> None:
    shown = desk.send(page, f"{page}", at="18:00", room=str(center.other_room)).text
    assert "Give a reason." in shown
    sent = {"day": "2026-07-21", "at": "18:00", "minutes": "90", "room": str(center.other_room)}
    foreseen = asked_by_htmx(desk.client, f"{page}/preview", **sent, scope="one", revision="1")
    assert foreseen.status_code == 200
    told = text_of(foreseen.text)
    for words in (
        "Not saved yet Move “Tuesday evening group”?",
        "From Tue, July 21, 7:00 to 8:30 PM Elm Street, room 2",
        "To Tue, July 21, 6:00 to 7:30 PM Elm Street, room 3",
        "Elm Street, room 3 is free and holds 10.",
        "Dana R. leads, and is free.",
        "2 calendars change.",
        "This and following",
    ):
        assert words in told
    row = center.occurrence(number(page))
    assert (row.local_start, row.room_id, row.revision) == (FIRST, center.room, 1)


def test_one_is_moved_lengthened_and_handed_over_at_once_and_undo_takes_all_of_it_back(
    desk: Desk, center: Center, page: str
) -> None:
    ines = center.people.other_facilitator.id
    after = desk.saved(
        page,
        page,
        at="18:00",
        minutes="60",
        room=str(center.other_room),
        lead=str(ines),
        reason="Painting",
    )
    assert toasts(after) == [
        "Tuesday evening group is moved to Tuesday, July 21, 6:00 PM, Elm Street, room 3."
    ]
    assert _stands(center, page) == (FIRST.replace(hour=18), 60, center.other_room, ines)
    undone = undo(desk, after)
    assert undone.status_code == 303
    assert _stands(center, page) == (FIRST, 90, center.room, center.people.facilitator.id)


def _stands(center: Center, page: str) -> tuple[datetime, int, int | None, int]:
    row = center.occurrence(number(page))
    [duty] = [each for each in center.rows(Duty) if each.occurrence_id == row.id]
    return (
        row.local_start,
        int((row.ends_at - row.starts_at).total_seconds() // 60),
        row.room_id,
        duty.person_id,
    )


def test_this_and_following_are_moved_together_once_shown(desk: Desk, center: Center, page: str) -> None:
    shown = desk.send(page, page, at="18:00", scope="following")
    assert (shown.status_code, "26 sessions change, for" in text_of(shown.text)) == (200, True)
    assert center.starts(1)[0] == FIRST
    done = desk.send_from(shown.text, page)
    assert done.status_code == 303
    [toast] = toasts(desk.get(done.location))
    assert toast.endswith("others went with it.")
    rows = center.rows(Occurrence)
    assert {row.local_start.hour for row in rows} == {18}


def test_what_would_move_others_than_was_shown_is_shown_again(desk: Desk, center: Center, page: str) -> None:
    shown = desk.send(page, page, at="18:00", scope="all")
    center.do(end_series, series_id=1, revision=1, last=date(2026, 8, 1))
    again = desk.send_from(shown.text, page)
    assert (again.status_code, "2 sessions change, for" in text_of(again.text)) == (200, True)
    assert center.starts(1)[0] == FIRST
    assert desk.send_from(again.text, page).status_code == 303
    assert center.starts(1)[0] == FIRST.replace(hour=18)


def test_a_drop_onto_a_taken_room_says_why_and_which_are_free(desk: Desk, center: Center, page: str) -> None:
    center.make(title="Cooking", room_id=center.other_room)
    answer = asked_by_htmx(
        desk.client,
        f"{page}/preview",
        day="2026-07-21",
        at="19:00",
        minutes="90",
        room=str(center.other_room),
        scope="one",
        revision="1",
        dropped="yes",
    )
    assert answer.status_code == 409
    assert 'data-state="refused"' in answer.text
    told = text_of(answer.text)
    assert "Elm Street, room 3 is taken on July 21, 7:00 to 8:30 PM: Cooking." in told
    assert "Free then Elm Street, hall" in told
    assert "<html" not in answer.text


def test_a_refused_drop_offers_no_room_that_is_closed_then(desk: Desk, center: Center, page: str) -> None:
    site = center.ask(lambda session: session.get_one(Room, center.hall).site_id)
    center.make(title="Cooking", room_id=center.other_room)
    sent = {"day": "2026-07-21", "at": "20:00", "minutes": "90", "room": str(center.other_room)}

    def free() -> list[str]:
        told = asked_by_htmx(desk.client, f"{page}/preview", **sent, scope="one", revision="1", dropped="yes")
        assert told.status_code == 409
        return re.findall(r'name="instead"[^>]*>([^<]+)<', told.text)

    attic = center.do(make_room, room=RoomDraft("attic", site))
    assert free() == ["Elm Street, attic", "Elm Street, hall"]
    evening = (datetime(2026, 7, 21, 21), datetime(2026, 7, 22))
    one = close(center, span=evening, room_id=center.hall)
    assert free() == ["Elm Street, attic"]
    close(center, span=(datetime(2026, 7, 21, 8), datetime(2026, 7, 21, 20)), room_id=attic)
    assert free() == ["Elm Street, attic"]
    lift(center, one.closure_id)
    close(center, span=evening, site_id=site, choices={})
    assert free() == []


def test_rooms_that_hold_those_expected_come_first_and_a_small_one_is_a_warning(
    desk: Desk, center: Center
) -> None:
    [site] = {each.site_id for each in center.ask(rooms) if each.site_id}
    closet = center.do(make_room, room=RoomDraft("closet", site, capacity=1))
    center.do(make_room, room=RoomDraft("den", site, capacity=2))
    two = [center.people.member.id, center.people.other_member.id]
    page = f"/coordinator/occurrences/{center.make(members=two).occurrences[0]}/change"
    center.make(title="Cooking", room_id=center.other_room)
    sent = {"day": "2026-07-21", "at": "19:00", "minutes": "90", "scope": "one", "revision": "1"}
    taken = asked_by_htmx(desk.client, f"{page}/preview", **sent, room=str(center.other_room), dropped="yes")
    offered = re.findall(r'name="instead"[^>]*>([^<]+)<', taken.text)
    assert offered == ["Elm Street, den (holds 2)", "Elm Street, hall", "Elm Street, closet (holds 1)"]
    warning = "Elm Street, closet holds 1, 2 are expected."
    assert text_of(taken.text).count(warning) == 1
    small = asked_by_htmx(desk.client, f"{page}/preview", **sent, room=str(closet), dropped="yes")
    assert warning in text_of(small.text)
    assert "is free and holds" not in text_of(small.text)


def test_a_stale_drop_is_refused_with_the_newer_state(desk: Desk, center: Center, page: str) -> None:
    center.do(
        move_occurrence,
        occurrence_id=number(page),
        revision=1,
        local_start=FIRST.replace(hour=17),
        room_id=center.room,
        reason="Heat",
    )
    sent = {"day": "2026-07-21", "at": "18:00", "minutes": "90", "room": str(center.room), "scope": "one"}
    answer = asked_by_htmx(desk.client, f"{page}/preview", **sent, revision="1", dropped="yes")
    assert answer.status_code == 409
    assert 'data-state="stale"' in answer.text
    told = text_of(answer.text)
    assert "Somebody changed this in the meantime" in told
    assert "or put it back to keep theirs." in told
    assert "Tue, July 21, 5:00 to 6:30 PM" in told


def test_a_drop_onto_somebody_else_names_who_led(desk: Desk, center: Center, page: str) -> None:
    dana, ines = center.people.facilitator.id, center.people.other_facilitator.id
    sent = {"day": "2026-07-21", "at": "19:00", "minutes": "90", "room": str(center.room), "scope": "one"}
    answer = asked_by_htmx(
        desk.client, f"{page}/preview", **sent, revision="1", dropped="yes", **{"from": dana, "lead": ines}
    )
    assert (answer.status_code, 'data-state="proposed"' in answer.text) == (200, True)
    sent["from"] = str(ines)
    answer = asked_by_htmx(desk.client, f"{page}/preview", **sent, revision="1", dropped="yes", lead=dana)
    assert (answer.status_code, 'data-state="stale"' in answer.text) == (409, True)


def test_saved_from_the_panel_the_board_comes_again_and_undo_comes_back_to_it(
    desk: Desk, center: Center, page: str
) -> None:
    """The board is of another week: it goes to the one in which the session stands, and keeps the rest."""
    sent = {"day": "2026-07-21", "at": "18:00", "minutes": "90", "room": str(center.room), "scope": "one"}
    answer = asked_by_htmx(desk.client, page, **sent, revision="1", reason="Heat")
    board = "/coordinator/board?date=2026-07-21&span=week&site=1"
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, board)
    undone = undo(desk, desk.get(board))
    assert (undone.status_code, undone.location) == (303, board)


def test_moved_to_another_day_the_board_goes_there_and_undo_back(
    desk: Desk, center: Center, page: str
) -> None:
    after = desk.send(page, page, day="2026-07-23", reason="Heat")
    assert after.location == "/coordinator/board?date=2026-07-23"
    assert undo(desk, desk.get(after.location)).location == "/coordinator/board?date=2026-07-21"


def test_the_panel_says_why_it_does_not_meet_and_puts_it_back(desk: Desk, center: Center, page: str) -> None:
    center.do(cancel_occurrence, occurrence_id=number(page), revision=1, reason="No heat")
    assert "No heat It does not meet. Put it back first, then move it." in text_of(desk.get(page))
    done = desk.send(page, page.replace("/change", "/restore"))
    assert (done.status_code, done.location) == (303, "/coordinator/board?date=2026-07-21")
    assert center.occurrence(number(page)).booked
    assert undo(desk, desk.get(done.location)).location == done.location
    assert not center.occurrence(number(page)).booked


def test_a_holiday_is_named_on_its_day_and_in_the_panel(desk: Desk, center: Center, page: str) -> None:
    day = HolidayDraft(date(2026, 7, 21), "Founders Day")
    center.do(keep_holidays, drafts=[day], kinds=[Kind.GROUP], today=center.now.date())
    for query in ("date=2026-07-21", "date=2026-07-23&span=week", "date=2026-07-01&span=month"):
        shown = desk.get(f"/coordinator/board?{query}")
        assert 'data-holidays="{&#34;2026-07-21&#34;: &#34;Founders Day&#34;}"' in shown
        assert ("Founders Day" in text_of(shown)) is (query == "date=2026-07-21")
    assert "It does not meet on this holiday." in text_of(desk.get(page))
    done = desk.send(page, page.replace("/change", "/meet-anyway"))
    assert (done.status_code, done.location) == (303, "/coordinator/board?date=2026-07-21")
    assert center.occurrence(number(page)).booked


def test_an_empty_place_opens_the_form_of_a_series_filled_in(desk: Desk, center: Center) -> None:
    page = desk.get(
        f"/coordinator/series/new?first_day=2026-07-21&starts=10:15&room={center.room}&lead=nobody"
    )
    assert 'value="2026-07-21"' in page
    assert 'value="10:15"' in page
    assert f'<option selected value="{center.room}">' in page


def test_nobody_else_sees_the_board(clients: Clients, people: Everybody) -> None:
    for address in ("/coordinator/board", "/coordinator/board/data"):
        for person in (people.member, people.facilitator, people.administrator):
            assert clients(person).get(address).status_code == 404
        answer = clients(people.outsider).get(address)
        assert (answer.status_code, answer.location) == (303, f"/sign-in?next={address}")
