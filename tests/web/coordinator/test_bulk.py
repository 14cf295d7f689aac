"""Many sessions: chosen in a list, changed together, undone as one."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from werkzeug.test import TestResponse

from scheduler.domain.people.roles import Role
from scheduler.domain.places.models import Room
from scheduler.domain.places.service import make_room, make_site
from scheduler.domain.places.values import RoomDraft, SiteDraft
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.planning.stopping import restore_occurrence
from scheduler.domain.privacy.limiting import limit_role
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.recurrence import SINGLE
from tests.domain.planning.center import FIRST, Center
from tests.web.coordinator.desk import Desk, again, said, text_of, toasts

BULK = "/coordinator/bulk"
WEEK = "/coordinator/week?week=2026-07-21"


@pytest.fixture
def group(center: Center) -> tuple[int, ...]:
    made = center.make(leads=[center.people.facilitator.id], members=[center.people.member.id])
    return made.occurrences


def choose(desk: Desk, center: Center, *numbers: int, page: str = WEEK, **typed: Any) -> TestResponse:
    """Tick these in a list, and fill in what to do with them."""
    chosen = [f"{number}:{center.occurrence(number).revision}" for number in numbers]
    first = desk.send(page, BULK, chosen=chosen)
    assert first.status_code == 200, first.text[-500:]
    if not typed:
        return first
    return desk.send_from(first.text, BULK, chosen=chosen, **typed)


def test_a_list_offers_what_is_to_come_to_be_chosen(
    desk: Desk, center: Center, group: tuple[int, ...]
) -> None:
    assert f'name="chosen" value="{group[0]}:1"' in desk.get(WEEK)
    series = f"/coordinator/series/{center.occurrence(group[0]).series_id}"
    shown = text_of(choose(desk, center, *group[:2], page=series).text)
    assert "2 sessions" in shown
    assert "Tuesday, July 21, Elm Street, room 2, Dana R." in shown


def test_one_box_takes_all_of_a_day_that_the_list_shows_and_is_to_come(desk: Desk, center: Center) -> None:
    words = {"rule": SINGLE, "room_id": None}
    (gone,) = center.make(first_start=datetime(2026, 7, 15, 7), **words).occurrences
    two = [
        center.make(title=title, first_start=datetime(2026, 7, 15, hour), **words).occurrences[0]
        for title, hour in (("Talk", 18), ("Cooking", 20))
    ]
    (alone,) = center.make(first_start=datetime(2026, 7, 16, 18), **words).occurrences
    html = desk.get("/coordinator/week?week=2026-07-15")
    boxes = re.findall(r'name="chosen" value="([^"]+)"[^>]*aria-label="Choose all of ([^"]+)"', html)
    assert boxes == [(f"{two[0]}:1,{two[1]}:1", "Wednesday, July 15")]
    asked = desk.send_from(html, BULK, chosen=[boxes[0][0], f"{two[0]}:1"])
    assert "2 sessions" in text_of(asked.text)
    assert (f"{gone}:1" in asked.text, f"{alone}:1" in asked.text) == (False, False)
    assert desk.send_from(html, BULK, chosen=f"{two[0]}:1,").status_code == 404


def test_many_are_cancelled_once_what_follows_was_seen_and_put_back_by_undo(
    desk: Desk, center: Center, group: tuple[int, ...]
) -> None:
    answer = choose(desk, center, *group[:3], act="stop", reason="Flood")
    assert answer.status_code == 200
    assert "3 sessions change. 1 member expected there, 3 duties go along." in text_of(answer.text)
    assert center.occurrence(group[0]).booked
    chosen = [f"{number}:1" for number in group[:3]]
    saved = desk.send_from(answer.text, BULK, chosen=chosen)
    assert (saved.status_code, saved.location) == (303, WEEK)
    after = desk.get(saved.location)
    assert toasts(after) == ["3 sessions are changed."]
    assert [center.occurrence(number).booked for number in group[:4]] == [False, False, False, True]
    assert desk.send_from(after, "/coordinator/plan/undo", toast=True).status_code == 303
    assert all(center.occurrence(number).booked for number in group)


def test_they_are_undone_from_the_page_of_any_of_them_and_of_their_series(
    desk: Desk, center: Center, group: tuple[int, ...]
) -> None:
    for page in (
        f"/coordinator/occurrences/{group[2]}",
        f"/coordinator/series/{center.occurrence(group[0]).series_id}",
    ):
        answer = choose(desk, center, *group[:3], act="days", days="1", reason="Flood")
        chosen = [f"{number}:{center.occurrence(number).revision}" for number in group[:3]]
        desk.get(desk.send_from(answer.text, BULK, chosen=chosen).location)
        shown = desk.get(page)
        said = "Last changed just now. 3 sessions were changed together. Undo the last change"
        assert said in text_of(shown)
        assert desk.send_from(shown, "/coordinator/plan/undo").status_code == 303
        assert center.starts(center.occurrence(group[0]).series_id)[:2] == [FIRST, FIRST + timedelta(weeks=1)]
        assert "Undo the last change" not in desk.get(page)


def test_one_that_is_in_the_way_is_left_out_there(desk: Desk, center: Center, group: tuple[int, ...]) -> None:
    wednesday = FIRST + timedelta(days=1)
    center.make(title="Cooking", first_start=wednesday, rule=SINGLE)
    answer = choose(desk, center, *group[:3], act="days", days="1", reason="Fair")
    shown = text_of(answer.text)
    assert shown.count("Elm Street, room 2 is taken on July 22, 7:00 to 8:30 PM: Cooking.") == 2
    assert "Then: Wednesday, July 29, 7:00 PM, Elm Street, room 2, Dana R." in shown
    others = [f"{number}:1" for number in group[1:3]]
    again = desk.send_from(answer.text, BULK, chosen=others)
    assert "Change 2 sessions" in again.text
    assert desk.send_from(again.text, BULK, chosen=others).status_code == 303
    starts = [center.occurrence(number).local_start.day for number in group[:3]]
    assert starts == [21, 29, 5]


def test_the_button_that_cancels_says_so(desk: Desk, center: Center, group: tuple[int, ...]) -> None:
    shown = choose(desk, center, *group[:2], act="stop", reason="Flood").text
    assert "Cancel 2 sessions" in shown
    assert "Change 2 sessions" not in shown


def test_saving_and_undoing_lead_to_where_they_were_chosen(
    desk: Desk, center: Center, group: tuple[int, ...]
) -> None:
    series = f"/coordinator/series/{center.occurrence(group[0]).series_id}"
    later = "/coordinator/week?week=2026-08-04&site=1"
    for page in (series, later):
        answer = choose(desk, center, *group[:3], page=page, act="days", days="1", reason="Flood")
        chosen = [f"{number}:{center.occurrence(number).revision}" for number in group[:3]]
        saved = desk.send_from(answer.text, BULK, chosen=chosen)
        assert saved.location.rstrip("?") == page
        undone = desk.send_from(desk.get(page), "/coordinator/plan/undo", toast=True)
        assert undone.location.rstrip("?") == page


@pytest.mark.parametrize(
    "back",
    ["https://elsewhere.example/", "//elsewhere.example/coordinator/week", "/me", "/coordinator/bulk", "x"],
)
def test_no_form_leads_out_of_the_plan(desk: Desk, center: Center, group: tuple[int, ...], back: str) -> None:
    answer = choose(desk, center, *group[:2], act="days", days="1", reason="Flood", back=back)
    chosen = [f"{number}:1" for number in group[:2]]
    assert desk.send_from(answer.text, BULK, chosen=chosen).location == "/coordinator/week?week=2026-07-21"
    undo = {"chosen": "", "back": back}
    undone = desk.send_from(desk.get(WEEK), "/coordinator/plan/undo", toast=True, **undo)
    assert undone.location.startswith("/coordinator/series/")


def test_what_stays_as_it_is_is_told_beside_it_before(
    desk: Desk, center: Center, group: tuple[int, ...]
) -> None:
    typed = {"act": "days", "days": "7", "direction": "earlier", "reason": "Fair"}
    answer = choose(desk, center, group[0], group[1], **typed)
    shown = text_of(answer.text)
    assert "1 stays as it is: see why beside it." in shown
    assert "Stays as it is: This time is past." in shown
    saved = desk.send_from(answer.text, BULK, chosen=[f"{number}:1" for number in group[:2]])
    assert saved.status_code == 409  # the first one is still in the room
    assert "Reason to keep both" in saved.text


def test_another_room_and_another_lead(desk: Desk, center: Center, group: tuple[int, ...]) -> None:
    answer = choose(desk, center, *group[:2], act="room", room=str(center.other_room), reason="Paint")
    chosen = [f"{number}:1" for number in group[:2]]
    assert desk.send_from(answer.text, BULK, chosen=chosen).status_code == 303
    other = center.people.other_facilitator.id
    answer = choose(desk, center, *group[:2], act="lead", person=str(other))
    chosen = [f"{number}:2" for number in group[:2]]
    assert desk.send_from(answer.text, BULK, chosen=chosen).status_code == 303
    assert [center.occurrence(number).room_id for number in group[:3]] == [
        center.other_room,
        center.other_room,
        center.room,
    ]
    assert [each.person_id for each in center.rows(Duty)][:3] == [other, other, center.people.facilitator.id]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"act": "stop"}, {"Reason": "Give a reason."}),
        ({"act": "days", "reason": "Fair"}, {"Days": "Say by how many days, up to 366."}),
        ({"act": "lead"}, {"Who leads": "Choose who leads instead."}),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    desk: Desk, center: Center, group: tuple[int, ...], typed: dict[str, str], wrong: dict[str, str]
) -> None:
    answer = choose(desk, center, group[0], **typed)
    assert (answer.status_code, said(answer)) == (422, wrong)


def test_a_session_that_somebody_changed_is_shown_as_it_stands_and_decided_anew(
    desk: Desk, center: Center, group: tuple[int, ...]
) -> None:
    answer = choose(desk, center, group[0], act="stop", reason="Flood")
    center.do(
        move_occurrence,
        occurrence_id=group[0],
        revision=1,
        local_start=FIRST + timedelta(hours=1),
        room_id=center.room,
        reason="Later",
    )
    stale = desk.send_from(answer.text, BULK, chosen=[f"{group[0]}:1"])
    assert stale.status_code == 409
    assert "8:00 PM" in text_of(stale.text)
    assert center.occurrence(group[0]).booked
    shown = desk.send_from(stale.text, BULK, chosen=[f"{group[0]}:2"])
    assert desk.send_from(shown.text, BULK, chosen=[f"{group[0]}:2"]).status_code == 303


def test_none_too_many_and_made_up_ones_change_nothing(
    desk: Desk, center: Center, group: tuple[int, ...]
) -> None:
    none = desk.send(WEEK, BULK)
    assert (none.status_code, "Choose at least one session first." in text_of(none.text)) == (422, True)
    many = desk.send(WEEK, BULK, chosen=[f"{number}:1" for number in range(1, 502)])
    assert many.status_code == 422
    for made_up in ("9999:1", "x", "1:x", ":"):
        assert desk.send(WEEK, BULK, chosen=[made_up]).status_code == 404


def done(desk: Desk, center: Center, *numbers: int, **typed: Any) -> None:
    chosen = [f"{number}:{center.occurrence(number).revision}" for number in numbers]
    shown = choose(desk, center, *numbers, **typed)
    assert desk.send_from(shown.text, BULK, chosen=chosen).status_code == 303


def lately(desk: Desk, center: Center, number: int) -> list[str]:
    """What the page lists of changes that were made together."""
    _, _, told = choose(desk, center, number).text.partition('id="together"')
    return [text_of(each) for each in re.findall(r'<p class="grow">(.*?)</p>', told, re.DOTALL)]


def test_the_page_lists_what_was_changed_together_and_can_still_be_undone(
    desk: Desk, center: Center, group: tuple[int, ...], now: datetime
) -> None:
    assert lately(desk, center, group[5]) == []
    done(desk, center, *group[:3], act="stop", reason="Flood")
    done(desk, center, group[3], group[4], act="room", room=str(center.other_room), reason="Paint")
    told = [f"{number} sessions: Tuesday evening group just now, Odile K." for number in (2, 3)]
    assert lately(desk, center, group[5]) == told
    page = choose(desk, center, group[5]).text
    undone = desk.send_from(page, "/coordinator/plan/undo")  # the first of them
    assert undone.status_code == 303
    assert [center.occurrence(each).room_id for each in group[3:5]] == [center.room] * 2
    assert lately(desk, center, group[5]) == told[1:]
    row = center.occurrence(group[1])
    center.do(restore_occurrence, occurrence_id=row.id, revision=row.revision)
    assert lately(desk, center, group[5]) == []


def test_after_a_day_or_once_one_has_begun_it_is_listed_no_more(
    desk: Desk, center: Center, group: tuple[int, ...], now: datetime
) -> None:
    done(desk, center, *group[1:3], act="stop", reason="Flood")
    with time_machine.travel(now + timedelta(hours=23), tick=False):
        assert len(lately(desk, center, group[5])) == 1
    with time_machine.travel(now + timedelta(hours=25), tick=False):
        assert lately(desk, center, group[5]) == []


def test_somebody_limited_to_sites_is_told_only_what_they_could_undo(
    desk: Desk, center: Center, group: tuple[int, ...]
) -> None:
    away = center.do(make_site, site=SiteDraft("Hill Road", "America/New_York"))
    hill = center.make(title="Hill", room_id=center.do(make_room, room=RoomDraft("room 9", away))).occurrences
    done(desk, center, group[1], hill[1], act="stop", reason="Flood")
    done(desk, center, group[2], group[3], act="stop", reason="Flood")
    [elm] = {each.site_id for each in center.rows(Room) if each.site_id} - {away}
    who = center.people.coordinator.id
    center.do(limit_role, person_id=who, role=Role.COORDINATOR, sites=[elm])
    assert lately(again(desk, center), center, group[5]) == [
        "2 sessions: Tuesday evening group just now, Odile K."
    ]
