"""Closing a place from its page: asked, shown, done; whom to call; opened again."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask

from scheduler.domain.people.models import PersonRole
from scheduler.domain.people.roles import Role
from scheduler.domain.places.models import Room
from scheduler.domain.places.service import make_room, make_site
from scheduler.domain.places.values import RoomDraft, SiteDraft
from scheduler.domain.planning.closing import close_place
from scheduler.domain.planning.closure_drafts import ClosureDraft
from scheduler.domain.privacy.limiting import limit_role
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Closure, ClosureCall
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.errors import Invalid
from scheduler.store.audit import AuditEntry, AuditPerson
from tests.calendars.lint import Component, lint
from tests.domain.planning.center import Center
from tests.domain.planning.shut import RELOCATE, WEEK_OF_FIRST, close, lift
from tests.support.feeds import FULL, PHONE, subscribe
from tests.web.coordinator.desk import Desk, again, said, text_of, toasts

SKIPPED = "The clocks change that night, and that time does not exist. Choose another time."
NEW = "/coordinator/closures/new"
FLOOD = {"reason": "Water", "from_day": "2026-07-20", "until_day": "2026-07-25"}


def decided(desk: Desk, page: str, action: str, **typed: str) -> str:
    """What is shown first is sent as it is; answers the page after it was done."""
    shown = desk.send(page, action, **typed)
    assert shown.status_code == 200, said(shown)
    done = desk.send_from(shown.text, action)
    assert done.status_code == 303, text_of(done.text)
    return done.location


def place(center: Center) -> str:
    return f"room-{center.room}"


def test_it_asks_shows_and_then_closes(desk: Desk, center: Center) -> None:
    center.make(leads=[center.people.facilitator.id], members=[center.people.member.id])
    shown = desk.send(NEW, NEW, place=place(center), **FLOOD)
    assert shown.status_code == 200
    for words in (
        "1 session does not meet.",
        "1 member expects them.",
        "1 duty changes.",
        "Nothing is saved yet",
    ):
        assert words in text_of(shown.text)
    assert center.rows(Closure) == []
    done = desk.send_from(shown.text, NEW)
    assert done.status_code == 303
    [row] = center.rows(Closure)
    assert (row.room_id, row.reason, row.local_end) == (center.room, "Water", datetime(2026, 7, 25))
    page = text_of(desk.get(done.location))
    assert "Renee T." in page
    assert "0 of 2 reached" in page
    assert "Place closed" in text_of(desk.get("/coordinator/week?week=2026-07-21"))
    assert desk.send_from(shown.text, NEW).location == done.location
    assert len(center.rows(Closure)) == 1


def test_words_are_those_of_what_is_to_come_and_then_of_what_is(desk: Desk, center: Center) -> None:
    center.make()
    shown = desk.send(NEW, NEW, place=place(center), all="relocate", **FLOOD)
    assert "Goes to Elm Street, room 3" in text_of(shown.text)
    assert "You can open the place again at any time." in text_of(shown.text)
    done = desk.send_from(shown.text, NEW)
    page = text_of(desk.get(done.location))
    assert "Closes on Monday, July 20" in page
    assert "Now in Elm Street, room 3" in page
    opened = desk.send(done.location, f"{done.location}/lift")
    assert "at any time" not in text_of(opened.text)


def test_what_changed_since_it_was_shown_is_shown_again(desk: Desk, center: Center) -> None:
    shown = desk.send(NEW, NEW, place=place(center), **FLOOD)
    assert "No session changes." in text_of(shown.text)
    center.make()
    again = desk.send_from(shown.text, NEW)
    assert again.status_code == 200
    assert "1 session does not meet." in text_of(again.text)
    assert center.rows(Closure) == []


def test_from_now_until_tonight_is_there_already_and_a_link_chooses_the_place(
    desk: Desk, center: Center
) -> None:
    page = desk.get(f"{NEW}?place={place(center)}")
    values = dict(re.findall(r'name="((?:from|until)_\w+)"[^>]*value="([^"]*)"', page))
    values |= {
        name: value for value, name in re.findall(r'value="([^"]*)"[^>]*name="((?:from|until)_\w+)"', page)
    }
    assert values == {
        "from_day": "2026-07-15",
        "from_time": "16:00",
        "until_day": "2026-07-16",
        "until_time": "00:00",
    }
    assert f'selected value="{place(center)}"' in page


def test_medication_is_asked_about_once_there_is_any(desk: Desk, center: Center) -> None:
    center.make(kind=Kind.MEDICATION, title="Window", discreet_title="")
    refused = desk.refused(NEW, NEW, place=place(center), **FLOOD)
    assert refused == {"Medication visits": "Say what becomes of medication visits."}
    page = desk.get(decided(desk, NEW, NEW, place=place(center), medication="keep", **FLOOD))
    assert "1 session goes on in the closed place" in text_of(page)


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"place": ""}, {"Which place": "Choose a site or a room."}),
        ({"reason": ""}, {"Why": "Give a reason."}),
        ({"until_day": "2026-07-19"}, {"Until, day": "The end is before the start."}),
        (
            {"until_day": "2031-07-19"},
            {"Until, day": "A closure lasts two years at most. Then make another one."},
        ),
        (
            {"until_day": "2027-03-14", "until_time": "02:30"},
            {"Until, day": SKIPPED},
        ),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(
    desk: Desk, center: Center, typed: dict[str, str], wrong: dict[str, str]
) -> None:
    assert desk.refused(NEW, NEW, **{"place": place(center), **FLOOD, **typed}) == wrong
    assert center.rows(Closure) == []


def test_each_kind_may_go_its_own_way(desk: Desk, center: Center) -> None:
    number = center.make(kind=Kind.SKILLS, title="Cooking", discreet_title="").occurrences[0]
    other = center.make(rule=SINGLE, first_start=datetime(2026, 7, 22, 19)).occurrences[0]
    typed = {"skills": "relocate", "room": str(center.other_room)}
    decided(desk, NEW, NEW, place=place(center), **FLOOD, **typed)
    assert center.occurrence(number).room_id == center.other_room
    assert not center.occurrence(other).booked


def test_people_are_ticked_off_and_the_read_is_on_record(desk: Desk, center: Center) -> None:
    member = center.people.member.id
    center.make(members=[member])
    page = f"/coordinator/closures/{close(center).closure_id}"
    after = desk.saved(page, f"{page}/calls")
    assert "1 of 1 reached" in text_of(after)
    assert "Reached just now by" in text_of(after)
    [tick] = center.rows(ClosureCall)
    assert (tick.person_id, tick.reached_by) == (member, center.people.coordinator.id)
    part = desk.client.post(
        f"{page}/calls",
        data={"csrf_token": desk.token(), "person": member, "reached": "no"},
        headers={"HX-Request": "true"},
    )
    assert part.text.lstrip().startswith('<section id="calls"')
    assert "0 of 1 reached" in text_of(part.text)
    assert center.rows(ClosureCall) == []
    reads = {each.id for each in center.rows(AuditEntry, action="read", subject="closure")}
    assert {each.person_id for each in center.rows(AuditPerson) if each.entry_id in reads} == {member}


def test_a_colleague_s_member_side_is_only_counted_and_cannot_be_asked_for(
    desk: Desk, center: Center
) -> None:
    member, colleague = center.people.member.id, center.people.other_member.id
    center.make(members=[member, colleague])
    with center.sessions.begin() as session:
        session.add(PersonRole(person_id=colleague, role=Role.FACILITATOR.value, given_at=center.now))
    page = f"/coordinator/closures/{close(center).closure_id}"
    shown = text_of(desk.get(page))
    assert "0 of 1 reached" in shown
    assert "1 more place is taken by somebody whose name others see." in shown
    assert center.rows(ClosureCall) == []
    sent = {"csrf_token": desk.token(), "reached": "yes"}
    answers = [
        desk.client.post(f"{page}/calls", data={**sent, "person": number}).status_code
        for number in (colleague, center.people.administrator.id, 9999)
    ]
    assert answers == [404, 404, 404]


def test_it_is_opened_again_and_the_list_says_whom_to_call_once_more(desk: Desk, center: Center) -> None:
    number = center.make(members=[center.people.member.id]).occurrences[0]
    page = f"/coordinator/closures/{close(center).closure_id}"
    desk.saved(page, f"{page}/calls")
    shown = desk.send(page, f"{page}/lift")
    assert "1 session takes place again." in text_of(shown.text)
    assert not center.occurrence(number).booked
    with time_machine.travel(center.now + timedelta(minutes=5), tick=False):
        done = desk.send_from(shown.text, f"{page}/lift")
        assert done.status_code == 303, text_of(done.text)
        after = desk.get(done.location)
    assert toasts(after) == ["Elm Street, room 2 is open again."]
    assert center.occurrence(number).booked
    assert "0 of 1 reached" in text_of(after)
    assert "Takes place again" in text_of(after)


def test_it_is_closed_longer_and_shorter(desk: Desk, center: Center) -> None:
    numbers = center.make().occurrences
    page = f"/coordinator/closures/{close(center).closure_id}"
    decided(desk, page, f"{page}/end", until_day="2026-07-30")
    assert [center.occurrence(each).booked for each in numbers[:3]] == [False, False, True]
    decided(desk, page, f"{page}/end", until_day="2026-07-21", until_time="12:00")
    assert [center.occurrence(each).booked for each in numbers[:3]] == [True, True, True]
    refused = desk.refused(page, f"{page}/end", until_day="2026-07-14")
    assert refused == {"Until, day": "The end is before the start."}


def test_lists_show_what_is_closed_now_to_come_and_over(desk: Desk, center: Center) -> None:
    assert "Nothing is closed" in desk.get("/coordinator/closures")
    now = datetime(2026, 7, 15, 8)
    close(center, span=(now, now + timedelta(days=2)))
    close(center, span=(now + timedelta(days=9), now + timedelta(days=10)))
    lift(center, close(center).closure_id)
    shown = text_of(desk.get("/coordinator/closures"))
    assert (
        shown.index("Closed now") < shown.index("To come") < shown.index("Over") < shown.index("Opened again")
    )
    center.do(make_site, site=SiteDraft("Hill", "America/New_York"))
    assert "Close Hill" in desk.get("/coordinator/places")


@pytest.mark.parametrize("who", ["member", "facilitator"])
def test_calendars_say_cancelled_or_the_new_place_and_then_as_before(
    app: Flask, center: Center, who: str
) -> None:
    """The place stands only in the calendar whose owner wanted places."""
    person = getattr(center.people, who)
    center.make(members=[center.people.member.id], leads=[center.people.facilitator.id])
    with center.sessions.begin() as session:
        paths = [subscribe(session, person, center.now, choices) for choices in (FULL, PHONE)]

    def changed() -> list[list[tuple[str, str]]]:
        bodies = [app.test_client().get(path).data for path in paths]
        app.extensions["feeds"].notes.wait()
        app.extensions["feeds"].reader.close()
        return [
            [
                (_one(event, "STATUS"), _one(event, "LOCATION"))
                for event in lint(body).parts("VEVENT")
                if _one(event, "RECURRENCE-ID").startswith("20260721")
                or _one(event, "DTSTART") == "20260721T190000"
            ]
            for body in bodies
        ]

    before = changed()
    done = close(center)
    assert [each[-1][0] for each in changed()] == ["CANCELLED", "CANCELLED"]
    lift(center, done.closure_id)
    assert changed() == before
    close(center, RELOCATE)
    full, plain = changed()
    assert "room 3" in full[-1][1]
    assert all(where == "" for _, where in plain)


def _one(event: Component, name: str) -> str:
    found = event.of(name)
    return found[0].value if found else ""


def test_an_online_room_is_not_closed_nor_opened_by_who_is_limited_to_sites(
    desk: Desk, center: Center
) -> None:
    online = center.do(make_room, room=RoomDraft("Line 1", None, join_link="https://meet.example/1"))
    center.make(room_id=online)
    shut = close(center, room_id=online).closure_id
    page = f"/coordinator/closures/{shut}"
    before = desk.get(page)
    assert "Open it again" in before
    site = center.ask(lambda session: session.get_one(Room, center.room).site_id)
    coordinator = center.people.coordinator
    center.do(limit_role, person_id=coordinator.id, role=Role.COORDINATOR, sites=[site])
    limited = again(desk, center)
    assert f'value="room-{online}"' not in limited.get(NEW)
    assert f'value="{place(center)}"' in limited.get(NEW)
    assert said(limited.send(NEW, NEW, place=f"room-{online}", **FLOOD))["Which place"]
    assert "Close it for a while" not in limited.get(f"/coordinator/places/rooms/{online}")
    assert "Close it for a while" in limited.get(f"/coordinator/places/rooms/{center.room}")
    assert "Open it again" not in limited.get(page)
    token = limited.token()
    for action, typed in (("lift", {}), ("end", {"until_day": "2026-07-22", "until_time": "08:00"})):
        answer = limited.client.post(f"{page}/{action}", data={"csrf_token": token, "revision": "1", **typed})
        assert answer.status_code == 404
    [row] = center.rows(Closure)
    assert (row.lifted_at, row.local_end) == (None, datetime(2026, 7, 25))
    with pytest.raises(Invalid):
        center.ask(
            close_place,
            actor=replace(coordinator.actor, limits=frozenset({(Role.COORDINATOR, site)})),
            draft=ClosureDraft("Water", *WEEK_OF_FIRST, room_id=online),
            now=center.now,
        )
