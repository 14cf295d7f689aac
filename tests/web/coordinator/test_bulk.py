"""Many sessions: chosen in a list, changed together, undone as one."""

from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.roster.models import Duty
from tests.domain.planning.center import FIRST, Center
from tests.web.coordinator.desk import Desk, said, text_of, toasts

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
