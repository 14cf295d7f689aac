"""What stands in the way of a series is solved in its form: another room, another hour, or a reason."""

import re
from dataclasses import replace
from datetime import timedelta

from scheduler.domain.schedule.models import Series
from scheduler.domain.schedule.recurrence import SINGLE
from tests.domain.planning.center import FIRST, TUESDAYS, Center
from tests.web.coordinator.desk import Desk, text_of
from tests.web.coordinator.test_new_series import NEW, PREVIEW, SMALL, defaults


def ways(html: str) -> dict[str, str]:
    """What each remedy says, with what it sends."""
    found = re.findall(r'name="instead" value="([^"]+)"[^>]*>([^<]+)<', html)
    return {text: value for value, text in found}


ROOM, HALL, LATER = "Elm Street, room 3 (holds 10)", "Elm Street, hall", "At 8:30 PM"


def test_a_new_series_goes_to_another_room_or_hour_and_keeps_all_else(desk: Desk, center: Center) -> None:
    center.make(rule=replace(TUESDAYS, count=3))
    typed = {**SMALL, "room": str(center.room), "capacity": "9", "ends": "20:30"}
    refused = desk.send(NEW, NEW, **typed)
    assert refused.status_code == 409
    offered = ways(refused.text)
    assert list(offered) == [ROOM, HALL, LATER]
    for pressed, changed in (
        (ROOM, f'<option selected value="{center.other_room}">'),
        (LATER, 'value="22:00"'),  # its end goes along
    ):
        shown = desk.client.post(PREVIEW, data={**typed, **defaults(desk), "instead": offered[pressed]})
        assert shown.status_code == 200
        assert (ways(shown.text), "Something is in the way" in shown.text) == ({}, False)
        assert 'value="Evening skills"' in shown.text
        assert changed in shown.text
    assert [row.room_id for row in center.rows(Series)] == [center.room]
    kept = desk.send_from(refused.text, NEW, **typed, override_reason="Both fit.")
    assert kept.status_code == 303


def test_only_what_helps_on_every_date_is_offered(desk: Desk, center: Center) -> None:
    dana, other = center.people.facilitator.id, center.people.other_facilitator.id
    center.make(leads=[dana], rule=replace(TUESDAYS, count=2))
    typed = {**SMALL, "room": str(center.room)}

    def offered(**more: str) -> list[str]:
        return list(ways(desk.send(NEW, NEW, **typed, **more).text))

    assert offered(lead=str(dana)) == [LATER]  # no room helps against that
    assert offered(lead=str(other)) == [ROOM, HALL, LATER]
    assert offered(capacity="12") == [HALL, LATER]
    words = {"repeats": "words", "words": "every Tuesday 7 to 8:30 PM"}
    assert offered(**words) == [ROOM, HALL]  # an hour in words is changed there
    later = FIRST + timedelta(weeks=9)
    center.make(room_id=center.other_room, first_start=later, rule=SINGLE)
    center.make(first_start=later + timedelta(minutes=90), rule=SINGLE)
    assert offered() == [HALL, "At 5:30 PM"]


def test_a_series_that_is_changed_is_not_in_its_own_way(desk: Desk, center: Center) -> None:
    center.make(title="Talk", first_start=FIRST - timedelta(hours=2), rule=replace(TUESDAYS, count=3))
    made = center.make(leads=[center.people.facilitator.id]).series_id
    page = f"/coordinator/series/{made}/edit"
    shown = desk.send(page, page, starts="18:00")
    assert "Something is in the way" in text_of(shown.text)
    offered = ways(shown.text)
    assert list(offered) == [HALL, "At 6:30 PM"]
    typed = {"title": "Group", "first_day": "2026-07-21", "starts": "18:00", "minutes": "90"}
    sent = {**defaults(desk), **typed, "revision": "1", "room": str(center.room)}
    after = desk.client.post(f"{page}/preview", data={**sent, "instead": offered["At 6:30 PM"]})
    assert after.status_code == 200
    assert 'value="18:30"' in after.text
    assert "Something is in the way" not in text_of(after.text)
