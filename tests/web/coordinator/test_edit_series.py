"""Changing a series: what follows is said before it is saved."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from scheduler.domain.planning.editing import edit_series
from scheduler.domain.planning.ending import end_series
from scheduler.domain.schedule.models import Series
from tests.domain.planning.center import EVENING, FIRST, Center
from tests.web.coordinator.desk import Desk, said, text_of, toasts


def page_of(series_id: int) -> str:
    return f"/coordinator/series/{series_id}/edit"


@pytest.fixture
def begun(center: Center) -> str:
    """A group that has met twice, with Dana and Renee."""
    people = center.people
    made = center.make(
        first_start=FIRST - timedelta(weeks=2), leads=[people.facilitator.id], members=[people.member.id]
    )
    return page_of(made.series_id)


def test_the_form_shows_what_stands_and_its_next_dates(desk: Desk, center: Center, begun: str) -> None:
    page = desk.get(begun)
    for value in ("Tuesday evening group", "Evening class", "19:00", "90", "12"):
        assert f'value="{value}"' in page
    shown = text_of(page)
    assert "First day Tue, July 7" in shown
    assert "Every Tuesday, 7:00 to 8:30 PM. The next 10 dates Tue, July 21" in shown


def test_a_name_is_saved_at_once(desk: Desk, center: Center, begun: str) -> None:
    after = desk.saved(begun, begun, title="Evening group", capacity="14")
    assert toasts(after) == ["Evening group is saved."]
    [series] = center.rows(Series)
    assert (series.title, series.capacity, series.revision) == ("Evening group", 14, 2)


def test_another_hour_is_saved_once_what_follows_was_shown(desk: Desk, center: Center, begun: str) -> None:
    answer = desk.send(begun, begun, starts="18:00")
    assert answer.status_code == 200
    shown = text_of(answer.text)
    assert "Not saved yet Look at what follows, then save." in shown
    assert "From Tuesday, July 21 on it is a new series with the same members and posts." in shown
    assert len(center.rows(Series)) == 1
    assert desk.send_from(answer.text, begun).status_code == 303
    old, new = center.rows(Series)
    assert (new.first_start, new.lineage_id) == (FIRST.replace(hour=18), old.lineage_id)
    assert center.leaders(new.id)[0] == (FIRST.date(), center.people.facilitator.id)


def test_other_than_what_was_shown_is_shown_again(desk: Desk, center: Center, begun: str) -> None:
    shown = desk.send(begun, begun, starts="20:00")
    again = desk.send_from(shown.text, begun, starts="17:00", weekdays=["4"])
    assert again.status_code == 200
    assert "Not saved yet" in text_of(again.text)
    assert "Every Friday, 5:00 to 6:30 PM." in text_of(again.text)
    assert len(center.rows(Series)) == 1
    assert desk.send_from(again.text, begun).status_code == 303
    assert center.rows(Series)[1].first_start == datetime(2026, 7, 24, 17)


def test_what_follows_otherwise_by_now_is_shown_again(desk: Desk, center: Center, begun: str) -> None:
    shown = desk.send(begun, begun, starts="18:00")
    center.make(title="Cooking", first_start=FIRST.replace(hour=17), minutes=90)
    again = desk.send_from(shown.text, begun)
    assert again.status_code == 200
    assert "Elm Street, room 2 is taken" in text_of(again.text)
    assert desk.send_from(again.text, begun, override_reason="A folding wall").status_code == 303


def test_before_it_began_everything_changes_in_place(desk: Desk, center: Center) -> None:
    made = center.make()
    page = page_of(made.series_id)
    answer = desk.send(page, page, first_day="2026-07-22", weekdays=["2"])
    assert "All that is still to come changes." in text_of(answer.text)
    desk.send_from(answer.text, page)
    assert center.starts(made.series_id)[0] == datetime(2026, 7, 22, 19)


def test_the_preview_is_a_part_for_scripts(desk: Desk, center: Center, begun: str) -> None:
    headers = {"HX-Request": "true"}
    data = {
        "csrf_token": desk.token(),
        "kind": "group",
        "title": "x",
        "starts": "19:00",
        "minutes": "90",
        "weeks": "2",
        "timezone": "America/New_York",
        "repeats": "weekly",
        "weekdays": "1",
        "counting": "minutes",
        "ending": "open",
        "revision": "1",
        "room": str(center.room),
    }
    answer = desk.client.post(f"{begun}/preview", data=data, headers=headers)
    shown = text_of(answer.text)
    assert shown.startswith("In words Every 2 weeks on Tuesday, 7:00 to 8:30 PM. What follows")
    assert "13 dates are gone." in shown
    assert len(center.rows(Series)) == 1


def test_fewer_places_than_members_are_refused(desk: Desk, center: Center) -> None:
    people = center.people
    made = center.make(members=[people.member.id, people.other_member.id])
    page = page_of(made.series_id)
    assert desk.refused(page, page, capacity="1") == {
        "Places": "2 members belong to this group. There must be a place for each."
    }


def test_another_room_that_is_taken_needs_a_reason(desk: Desk, center: Center, begun: str) -> None:
    center.make(title="Cooking", room_id=center.other_room)
    answer = desk.send(begun, begun, room=str(center.other_room))
    assert (
        "Elm Street, room 3 is taken on 26 of the dates, from July 21 on: Cooking, 7:00 to 8:30 PM."
        in text_of(answer.text)
    )
    refused = desk.send_from(answer.text, begun)
    assert refused.status_code == 409
    assert desk.send_from(refused.text, begun, override_reason="A folding wall").status_code == 303


def test_a_stale_form_shows_both_versions(desk: Desk, center: Center, begun: str) -> None:
    stale = desk.get(begun)
    [series] = center.rows(Series)
    plan = replace(EVENING, first_start=series.first_start, room_id=center.room, title="Theirs")
    center.do(edit_series, series_id=series.id, revision=1, plan=plan)
    answer = desk.send_from(stale, begun, title="Mine")
    assert answer.status_code == 409
    assert "Title Theirs Mine" in text_of(answer.text)
    assert center.rows(Series)[0].title == "Theirs"
    assert desk.send_from(answer.text, begun).status_code == 303
    assert center.rows(Series)[0].title == "Mine"


def test_what_makes_no_sense_is_said_beside_its_field(desk: Desk, center: Center, begun: str) -> None:
    assert desk.refused(begun, begun, discreet_title="NA meeting") == {
        "Discreet title": "“NA” gives away what this is. Choose another title."
    }
    answer = desk.send(begun, begun, ends="18:00", minutes="")
    assert said(answer) == {"Ends": "The end is before the start. Did you mean 8:30 PM?"}


def test_a_change_begins_with_any_session_that_is_to_come(desk: Desk, center: Center) -> None:
    made = center.make(members=[center.people.member.id])
    begins = made.occurrences[3]
    page = f"/coordinator/series/{made.series_id}/edit"
    assert f'href="{page}?since={begins}"' in desk.get(f"/coordinator/occurrences/{begins}")
    address = f"{page}?since={begins}"
    assert "From Tue, August 11 Starts" in text_of(desk.get(address))
    assert "From Tuesday, August 11 on Earlier sessions stay as they are." in text_of(desk.get(address))
    answer = desk.send(address, page, title="Autumn group")
    assert answer.status_code == 200
    assert "Look at what follows, then save." in text_of(answer.text)
    saved = desk.send_from(answer.text, page)
    assert saved.status_code == 303
    assert saved.location != f"/coordinator/series/{made.series_id}"
    assert [center.series(number).title for number in (made.series_id, made.series_id + 1)] == [
        "Tuesday evening group",
        "Autumn group",
    ]
    after = desk.get(saved.location)
    assert desk.send_from(after, "/coordinator/plan/undo", toast=True).status_code == 303
    assert len(center.occurrences(made.series_id)) == 26
    assert desk.client.get(f"{page}?since=9999").status_code == 404


def test_an_ended_series_says_so_and_stays_open_where_that_is_chosen(desk: Desk, center: Center) -> None:
    people = center.people
    made = center.make(leads=[people.facilitator.id], members=[people.member.id])
    page = page_of(made.series_id)
    center.do(end_series, series_id=made.series_id, revision=1, last=datetime(2026, 8, 4).date())
    shown = desk.get(page)
    assert 'value="until" checked' in shown
    assert "Every Tuesday, 7:00 to 8:30 PM, until August 4." in text_of(shown)
    desk.saved(page, page, title="Evening group")
    assert center.series(made.series_id).ends_on == datetime(2026, 8, 4).date()
    answer = desk.send(page, page, ending="open")
    assert "23 dates are new. 1 member and 1 post go on with it." in text_of(answer.text)
    after = desk.get(desk.send_from(answer.text, page).location)
    assert toasts(after) == ["Evening group is saved."]
    assert center.series(made.series_id).ends_on is None
    assert len(center.leaders(made.series_id)) == 26
    assert desk.send_from(after, "/coordinator/plan/undo", toast=True).status_code == 303
    assert len(center.leaders(made.series_id)) == 3
