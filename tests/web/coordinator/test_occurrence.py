"""One occurrence: moved, cancelled, put back, led by somebody else."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from scheduler.domain.planning.ending import end_series
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.models import Cause
from scheduler.domain.schedule.recurrence import Frequency, Rule
from tests.domain.planning.center import FIRST, Center
from tests.web.coordinator.desk import Desk, said, text_of, toasts


@pytest.fixture
def page(center: Center) -> str:
    """The first Tuesday evening group, led by Dana."""
    made = center.make(leads=[center.people.facilitator.id], members=[center.people.member.id])
    return f"/coordinator/occurrences/{made.occurrences[0]}"


def number(page: str) -> int:
    return int(page.rpartition("/")[2])


def test_the_page_says_when_where_who_and_how_many(desk: Desk, page: str) -> None:
    shown = text_of(desk.get(page))
    for words in (
        "Tuesday, July 21 Time 7:00 to 8:30 PM Place Elm Street, room 2 Kind Group Expected 1/12",
        "Dana R. Lead",
    ):
        assert words in shown


def test_it_is_moved_with_a_reason_and_moved_back_by_undo(desk: Desk, center: Center, page: str) -> None:
    after = desk.saved(
        page,
        f"{page}/move",
        **{"move-at": "18:00", "move-room": str(center.other_room), "move-reason": "Painting"},
    )
    assert toasts(after) == ["Moved to Tuesday, July 21, 6:00 PM, Elm Street, room 3."]
    row = center.occurrence(number(page))
    assert (row.local_start, row.room_id, row.move_reason) == (
        FIRST.replace(hour=18),
        center.other_room,
        "Painting",
    )
    undone = desk.send_from(after, "/coordinator/plan/undo", toast=True)
    assert (undone.status_code, undone.location) == (303, page)
    assert toasts(desk.get(page)) == ["It is as it was before."]
    row = center.occurrence(number(page))
    assert (row.local_start, row.room_id, row.own_start, row.own_room) == (FIRST, center.room, False, False)


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"move-reason": ""}, {"Reason": "Give a reason."}),
        ({"move-day": "2026-07-14"}, {"Starts": "This time is past."}),
        ({"move-day": ""}, {"Day": "Choose a day."}),
        (
            {"move-day": "2027-03-14", "move-at": "02:30"},
            {"Starts": "The clocks change that night, and that time does not exist. Choose another time."},
        ),
    ],
)
def test_a_move_that_makes_no_sense_is_said_beside_its_field(
    desk: Desk, center: Center, page: str, typed: dict[str, str], wrong: dict[str, str]
) -> None:
    assert desk.refused(page, f"{page}/move", **{"move-reason": "Painting", **typed}) == wrong
    assert center.occurrence(number(page)).local_start == FIRST


def test_a_move_into_a_taken_room_needs_a_reason_to_keep_both(desk: Desk, center: Center, page: str) -> None:
    center.make(title="Cooking", first_start=FIRST.replace(hour=17), room_id=center.room)
    typed = {"move-at": "18:00", "move-reason": "Painting"}
    assert desk.refused(page, f"{page}/move", status=409, **typed) == {
        "": "Elm Street, room 2 is taken on July 21, 5:00 to 6:30 PM: Cooking."
    }
    desk.saved(page, f"{page}/move", **typed, **{"move-override_reason": "Half an hour only"})
    assert center.occurrence(number(page)).override_reason == "Half an hour only"


def test_a_stale_move_shows_both_versions_and_can_be_sent_again(
    desk: Desk, center: Center, page: str
) -> None:
    center.do(
        move_occurrence,
        occurrence_id=number(page),
        revision=1,
        local_start=FIRST.replace(hour=20),
        room_id=center.room,
        reason="Later",
    )
    typed = {"move-at": "18:00", "move-reason": "Earlier", "move-revision": "1"}
    answer = desk.send(page, f"{page}/move", **typed)
    assert answer.status_code == 409
    shown = text_of(answer.text)
    assert "Somebody changed this in the meantime" in shown
    assert "Starts 8:00 PM 6:00 PM" in shown
    assert "Reason Later Earlier" in shown
    assert desk.send_from(answer.text, f"{page}/move").status_code == 303
    assert center.occurrence(number(page)).local_start == FIRST.replace(hour=18)


def test_it_is_cancelled_with_a_reason_and_put_back_by_undo(desk: Desk, center: Center, page: str) -> None:
    after = desk.saved(page, f"{page}/cancel", **{"cancel-reason": "No heat"})
    assert toasts(after) == ["Tuesday evening group is cancelled."]
    assert "Cancelled No heat (Odile K., just now)" in text_of(after)
    assert not center.occurrence(number(page)).booked
    undone = desk.send_from(after, "/coordinator/plan/undo", toast=True)
    assert (undone.status_code, undone.location) == (303, page)
    assert center.occurrence(number(page)).booked
    assert center.rows(Cause) == []


def test_a_cancellation_needs_a_reason(desk: Desk, center: Center, page: str) -> None:
    assert desk.refused(page, f"{page}/cancel") == {"Reason": "Give a reason."}
    assert center.occurrence(number(page)).booked


def test_what_was_taken_meanwhile_is_put_back_only_with_a_reason(
    desk: Desk, center: Center, page: str
) -> None:
    desk.saved(page, f"{page}/cancel", **{"cancel-reason": "No heat"})
    center.make(title="Cooking", first_start=FIRST, override="The later ones collide")
    assert desk.refused(page, f"{page}/restore", status=409) == {
        "": "Elm Street, room 2 is taken on July 21, 7:00 to 8:30 PM: Cooking."
    }
    desk.saved(page, f"{page}/restore", **{"restore-override_reason": "Both fit"})
    assert center.occurrence(number(page)).booked


def test_somebody_else_leads_once(desk: Desk, center: Center, page: str) -> None:
    [duty] = center.rows(Duty, occurrence_id=number(page))
    femi = center.people.other_facilitator.id
    after = desk.saved(page, f"{page}/substitute", **{f"duty{duty.id}-person": str(femi)})
    assert "Femi A. Lead, for Dana R." in text_of(after)
    assert desk.refused(page, f"{page}/substitute") == {"Who leads instead": "Choose who leads instead."}


def test_what_began_cannot_be_changed(desk: Desk, center: Center, page: str, now: datetime) -> None:
    with time_machine.travel(now + timedelta(days=7), tick=False):
        shown = desk.get(page)
        assert "This session has begun" in shown
        assert f'href="/facilitator/sheets/{number(page)}"' in shown
        assert f"{page}/move" not in shown
        answer = desk.client.post(
            f"{page}/cancel", data={**_token(desk), "cancel-reason": "Late", "cancel-revision": "1"}
        )
    assert answer.status_code == 422
    assert said(answer) == {"": "This session has begun. What is past stays as it was."}


def _token(desk: Desk) -> dict[str, str]:
    return {"csrf_token": desk.token()}


def test_what_does_not_exist_is_not_there(desk: Desk, center: Center) -> None:
    desk.get("/coordinator/occurrences/999", status=404)
    data = _token(desk)
    assert desk.client.post("/coordinator/occurrences/999/move", data=data).status_code == 404


def test_nothing_changes_without_the_token(desk: Desk, center: Center, page: str) -> None:
    answer = desk.client.post(f"{page}/cancel", data={"cancel-reason": "No heat", "cancel-revision": "1"})
    assert answer.status_code == 400
    assert center.occurrence(number(page)).booked


def test_this_and_following_are_moved_once_what_follows_was_seen(
    desk: Desk, center: Center, page: str
) -> None:
    later = f"/coordinator/occurrences/{number(page) + 3}"
    typed = {"move-at": "18:00", "move-how_far": "following"}
    answer = desk.send(later, f"{later}/move", **typed)
    assert answer.status_code == 200
    shown = text_of(answer.text)
    assert (
        "Not saved yet Look at what follows, then save."
        " Then it meets: Every Tuesday, 6:00 to 7:30 PM. 23 sessions change."
    ) in shown
    assert "1 member expected there, 23 duties go along." in shown
    assert center.occurrence(number(later)).local_start == FIRST + timedelta(weeks=3)
    changed_mind = desk.send_from(answer.text, f"{later}/move", **{"move-how_far": "all"})
    assert "26 sessions change." in text_of(changed_mind.text)
    saved = desk.send_from(answer.text, f"{later}/move")
    assert saved.status_code == 303
    after = desk.get(saved.location)
    assert toasts(after) == ["Moved to Tuesday, August 11, 6:00 PM, Elm Street, room 2. 22 others with it."]
    assert center.occurrence(number(page)).local_start == FIRST
    assert center.occurrence(number(later) + 1).local_start == (FIRST + timedelta(weeks=4)).replace(hour=18)
    assert desk.send_from(after, "/coordinator/plan/undo", toast=True).status_code == 303
    assert center.occurrence(number(later) + 1).local_start == FIRST + timedelta(weeks=4)


def test_what_would_do_something_else_by_now_is_shown_again(desk: Desk, center: Center, page: str) -> None:
    typed = {"move-at": "18:00", "move-how_far": "all"}
    shown = desk.send(page, f"{page}/move", **typed)
    assert "26 sessions change." in text_of(shown.text)
    center.do(end_series, series_id=1, revision=1, last=date(2026, 8, 1))
    again = desk.send_from(shown.text, f"{page}/move")
    assert again.status_code == 200
    assert "2 sessions change." in text_of(again.text)
    assert set(center.starts(1)) == {FIRST, FIRST + timedelta(weeks=1)}
    assert desk.send_from(again.text, f"{page}/move").status_code == 303
    assert center.starts(1)[0] == FIRST.replace(hour=18)


def test_a_post_that_would_be_handed_over_otherwise_is_shown_again(
    desk: Desk, center: Center, page: str
) -> None:
    [duty] = center.rows(Duty, occurrence_id=number(page))
    femi = str(center.people.other_facilitator.id)
    typed = {f"duty{duty.id}-person": femi, f"duty{duty.id}-how_far": "all"}
    shown = desk.send(page, f"{page}/substitute", **typed)
    center.do(end_series, series_id=1, revision=1, last=date(2026, 8, 1))
    again = desk.send_from(shown.text, f"{page}/substitute")
    assert (again.status_code, "2 sessions change." in text_of(again.text)) == (200, True)
    assert {person for _, person in center.leaders(1)} == {center.people.facilitator.id}


def test_what_follows_tells_the_new_rule_and_which_days_are_new_and_gone(desk: Desk, center: Center) -> None:
    rule = Rule(Frequency.WEEKLY, weekdays=(1, 3), count=6)
    made = center.make(rule=rule)
    page = f"/coordinator/occurrences/{made.occurrences[3]}"
    typed = {"move-day": "2026-07-31", "move-at": "18:00", "move-how_far": "following"}
    shown = text_of(desk.send(page, f"{page}/move", **typed).text)
    assert (
        "Then it meets: Every Tuesday and Friday, 6:00 to 7:30 PM, 3 times."
        " New: Fri, July 31; Fri, August 7. No more: Thu, July 30; Thu, August 6."
    ) in shown
    form = desk.get(f"{page}/change").replace(f'action="{page}/change"', f'action="{page}/change/preview"')
    change = {"day": "2026-07-31", "at": "18:00", "scope": "following"}
    shown = text_of(desk.send_from(form, f"{page}/change/preview", **change).text)
    assert "New: Fri, July 31; Fri, August 7. No more: Thu, July 30; Thu, August 6." in shown


def test_what_follows_stays_where_only_the_reason_is_missing(desk: Desk, center: Center, page: str) -> None:
    form = desk.get(f"{page}/change")
    refused = desk.send_from(form, f"{page}/change", at="18:00", reason="")
    assert refused.status_code == 422
    shown = text_of(refused.text)
    assert "Give a reason." in shown
    assert "What follows" in shown


def test_what_is_in_the_way_of_the_following_is_shown_and_needs_a_reason(
    desk: Desk, center: Center, page: str
) -> None:
    center.make(title="Cooking", first_start=FIRST.replace(hour=17), room_id=center.room)
    answer = desk.send(page, f"{page}/move", **{"move-at": "18:00", "move-how_far": "all"})
    said_of = text_of(answer.text)
    assert "Elm Street, room 2 is taken on 26 of the dates, from July 21 on: Cooking" in said_of
    assert desk.send_from(answer.text, f"{page}/move").status_code == 409
    saved = desk.send_from(answer.text, f"{page}/move", **{"move-override_reason": "Half an hour"})
    assert saved.status_code == 303


def test_one_session_is_longer_than_the_others(desk: Desk, center: Center, page: str) -> None:
    desk.saved(page, f"{page}/move", **{"move-minutes": "120", "move-reason": "A guest speaks"})
    row = center.occurrence(number(page))
    assert (row.own_minutes, row.ends_at - row.starts_at) == (120, timedelta(hours=2))
    assert "7:00 to 9:00 PM" in text_of(desk.get(page))


def test_somebody_else_leads_from_now_on(desk: Desk, center: Center, page: str) -> None:
    [duty] = center.rows(Duty, occurrence_id=number(page))
    typed = {
        f"duty{duty.id}-person": str(center.people.other_facilitator.id),
        f"duty{duty.id}-how_far": "following",
    }
    answer = desk.send(page, f"{page}/substitute", **typed)
    assert "26 sessions change." in text_of(answer.text)
    saved = desk.send_from(answer.text, f"{page}/substitute")
    assert saved.status_code == 303
    after = desk.get(saved.location)
    assert "Femi A. Lead" in text_of(after)
    assert desk.send_from(after, "/coordinator/plan/undo", toast=True).status_code == 303
    assert {each.person_id for each in center.rows(Duty)} == {center.people.facilitator.id}


def test_the_last_change_can_be_undone_on_its_page_by_any_coordinator(
    desk: Desk, center: Center, page: str
) -> None:
    center.do(
        move_occurrence,
        occurrence_id=number(page),
        revision=1,
        local_start=FIRST.replace(hour=20),
        room_id=center.room,
        reason="Later",
    )
    shown = desk.get(page)
    assert "Last changed just now. Undo the last change" in text_of(shown)
    assert desk.send_from(shown, "/coordinator/plan/undo").status_code == 303
    assert center.occurrence(number(page)).local_start == FIRST
    assert "Undo the last change" not in desk.get(page)


def test_what_cannot_be_undone_says_why(desk: Desk, center: Center, page: str) -> None:
    after = desk.saved(page, f"{page}/move", **{"move-at": "18:00", "move-reason": "Painting"})
    desk.saved(page, f"{page}/move", **{"move-at": "17:00", "move-reason": "Painting"})
    refused = desk.send_from(after, "/coordinator/plan/undo", toast=True)
    assert refused.status_code == 422
    assert "One of these sessions was changed since." in text_of(refused.text)
    token = {"csrf_token": desk.token()}
    assert desk.client.post("/coordinator/plan/undo", data={**token, "change": "99"}).status_code == 404


def test_an_old_reason_is_not_carried_into_the_next_move(desk: Desk, center: Center, page: str) -> None:
    desk.saved(page, f"{page}/move", **{"move-at": "18:00", "move-reason": "Boiler"})
    for address in (page, f"{page}/change"):
        shown = desk.get(address)
        assert 'value="18:00"' in shown
        assert 'value="Boiler"' not in shown
