"""Sites and rooms."""

import pytest

from scheduler.domain.places.models import Room, Site
from scheduler.domain.places.values import RoomDraft
from scheduler.domain.planning.venues import edit_room
from tests.domain.planning.center import Center
from tests.web.coordinator.desk import Desk, text_of, toasts

PLACES = "/coordinator/places"


def test_the_list_tells_sites_with_their_rooms(desk: Desk, center: Center) -> None:
    shown = text_of(desk.get(PLACES))
    assert "Elm Street New York time" in shown
    for words in ("hall no limit Shared", "room 2 holds 14", "room 3 holds 10"):
        assert words in shown


def test_an_empty_center_is_told_where_to_begin(desk: Desk) -> None:
    assert "No places yet" in desk.get(PLACES)


def test_a_site_is_made(desk: Desk, center: Center) -> None:
    page = f"{PLACES}/sites/new"
    after = desk.saved(page, "", name="Harbor Road", address="12 Harbor Road", timezone="America/Chicago")
    assert toasts(after) == ["Harbor Road is saved."]
    site = center.rows(Site)[-1]
    assert (site.name, site.address, site.timezone) == ("Harbor Road", "12 Harbor Road", "America/Chicago")


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"name": ""}, {"Name": "Give it a name."}),
        ({"name": "Elm Street"}, {"Name": "Another site has this name."}),
        ({"timezone": "Nowhere/Land"}, {"Time zone": "There is no time zone with that name."}),
    ],
)
def test_a_site_that_makes_no_sense_is_said_beside_its_field(
    desk: Desk, center: Center, typed: dict[str, str], wrong: dict[str, str]
) -> None:
    assert desk.refused(f"{PLACES}/sites/new", "", **{"name": "Harbor Road", **typed}) == wrong


def test_an_online_room_is_made(desk: Desk, center: Center) -> None:
    page = f"{PLACES}/rooms/new"
    typed = {"name": "Online A", "site": "", "join_link": "https://meet.example/a", "shared": "y"}
    assert "Online A" in desk.saved(page, "", **typed)
    room = center.rows(Room)[-1]
    assert (room.site_id, room.join_link, room.capacity, room.shared) == (
        None,
        "https://meet.example/a",
        None,
        True,
    )


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"join_link": ""}, {"Join link": "Choose a site, or give the link of an online room."}),
        ({"join_link": "http://x"}, {"Join link": "A join link begins with https:// and names a host."}),
        ({"capacity": "many"}, {"Holds": "Type a whole number."}),
    ],
)
def test_a_room_that_makes_no_sense_is_said_beside_its_field(
    desk: Desk, center: Center, typed: dict[str, str], wrong: dict[str, str]
) -> None:
    values = {"name": "Online A", "site": "", "join_link": "https://meet.example/a", **typed}
    assert desk.refused(f"{PLACES}/rooms/new", "", **values) == wrong


def test_a_new_room_is_in_the_site_that_one_came_from(desk: Desk, center: Center) -> None:
    desk.saved(f"{PLACES}/sites/new", "", name="Harbor Road")
    for query, site in (("", "Elm Street"), (f"?site={center.rows(Site)[-1].id}", "Harbor Road")):
        desk.saved(f"{PLACES}/rooms/new{query}", "", name="room 9")
        where = center.rows(Room)[-1].site_id
        assert [each.name for each in center.rows(Site, id=where)] == [site]


def test_a_site_and_a_room_are_changed(desk: Desk, center: Center) -> None:
    [site] = center.rows(Site)
    desk.saved(f"{PLACES}/sites/{site.id}", "", name="Elm Street 4")
    desk.saved(f"{PLACES}/rooms/{center.room}", "", capacity="20")
    assert (center.rows(Site)[0].name, center.rows(Room, id=center.room)[0].capacity) == ("Elm Street 4", 20)


def test_a_stale_form_shows_both_versions(desk: Desk, center: Center) -> None:
    page = f"{PLACES}/rooms/{center.room}"
    stale = desk.get(page)
    [site] = center.rows(Site)
    center.do(edit_room, room_id=center.room, revision=1, room=RoomDraft("room 2b", site.id, capacity=14))
    answer = desk.send_from(stale, "", name="room 2c", page=page)
    assert answer.status_code == 409
    assert "Name room 2b room 2c" in text_of(answer.text)
    assert desk.send_from(answer.text, "", page=page).status_code == 303
    assert center.rows(Room, id=center.room)[0].name == "room 2c"


def test_what_does_not_exist_is_not_there(desk: Desk, center: Center) -> None:
    desk.get(f"{PLACES}/sites/999", status=404)
    desk.get(f"{PLACES}/rooms/999", status=404)
