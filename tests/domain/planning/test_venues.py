from datetime import UTC, datetime, timedelta

import pytest

from scheduler.domain.places.queries import RoomView, room, site
from scheduler.domain.places.values import RoomDraft, SiteDraft
from scheduler.domain.planning.venues import edit_room, edit_site
from scheduler.domain.schedule.recurrence import SINGLE
from scheduler.errors import Conflict, Invalid, NotFound
from tests.domain.planning.center import FIRST, Center


def test_a_room_changes_and_so_do_the_calendars_of_all_who_meet_there(center: Center) -> None:
    people = center.people
    center.make(leads=[people.facilitator.id], members=[people.member.id])
    center.make(leads=[people.other_facilitator.id], room_id=center.other_room)
    draft = RoomDraft("Blue room", site_id=1, capacity=9)
    raised = center.raised_by(lambda: center.do(edit_room, room_id=center.room, revision=1, room=draft))
    assert raised == {people.facilitator.id, people.member.id}
    assert center.ask(room, center.room) == RoomView(
        center.room, "Blue room", 1, "Elm Street", "", 9, shared=False, revision=2
    )


def test_a_site_changes_and_so_do_the_calendars_of_all_its_rooms(center: Center) -> None:
    people = center.people
    center.make(leads=[people.facilitator.id])
    center.make(leads=[people.other_facilitator.id], room_id=center.other_room)
    draft = SiteDraft("Harbor Road", "America/New_York", "4 Harbor Road")
    raised = center.raised_by(lambda: center.do(edit_site, site_id=1, revision=1, site=draft))
    assert raised == {people.facilitator.id, people.other_facilitator.id}
    changed = center.ask(site, 1)
    assert changed is not None
    assert (changed.name, changed.address, changed.revision) == ("Harbor Road", "4 Harbor Road", 2)


def test_a_room_that_is_not_shared_any_more_holds_one_at_a_time(center: Center) -> None:
    first = center.make(room_id=center.hall, rule=SINGLE)
    second = center.make(room_id=center.hall, rule=SINGLE)
    alone = center.make(room_id=center.hall, rule=SINGLE, first_start=FIRST + timedelta(days=1))
    draft = RoomDraft("hall", site_id=1)
    center.do(edit_room, room_id=center.hall, revision=1, room=draft)
    flags = [center.occurrences(made.series_id)[0].exclusive for made in (first, second, alone)]
    assert flags == [False, False, True]


def test_a_room_that_becomes_shared_holds_several_and_the_past_stays(center: Center) -> None:
    made = center.make()
    center.now = datetime(2026, 8, 5, 16, tzinfo=UTC)
    draft = RoomDraft("room 2", site_id=1, shared=True)
    center.do(edit_room, room_id=center.room, revision=1, room=draft)
    assert [each.exclusive for each in center.occurrences(made.series_id)] == [True] * 3 + [False] * 23
    center.make(first_start=datetime(2026, 8, 11, 19))


def test_stale_forms_and_what_does_not_exist_are_refused(center: Center) -> None:
    draft, place = RoomDraft("Blue room", site_id=1), SiteDraft("Harbor Road", "America/New_York")
    with pytest.raises(Conflict):
        center.do(edit_room, room_id=center.room, revision=2, room=draft)
    with pytest.raises(Conflict):
        center.do(edit_site, site_id=1, revision=2, site=place)
    with pytest.raises(NotFound):
        center.do(edit_room, room_id=99, revision=1, room=draft)
    with pytest.raises(NotFound):
        center.do(edit_site, site_id=99, revision=1, site=place)
    with pytest.raises(Invalid):
        center.do(edit_room, room_id=center.room, revision=1, room=RoomDraft("room 3", site_id=1))
