from datetime import datetime

import pytest
from sqlalchemy.orm import Session as Database

from scheduler.domain.places.queries import RoomView, SiteView, room, rooms, site, sites
from scheduler.domain.places.service import make_room, make_site
from scheduler.domain.places.values import RoomDraft, SiteDraft, is_join_link
from scheduler.errors import Invalid
from tests.support.people import Everybody

ELM = SiteDraft("  Elm\tStreet ", "America/New_York", "12 Elm Street")


def test_a_site_and_its_rooms_are_listed(people: Everybody, session: Database, now: datetime) -> None:
    actor = people.coordinator.actor
    elm = make_site(session, actor=actor, site=ELM, now=now)
    make_site(session, actor=actor, site=SiteDraft("Bay Street", "America/Chicago"), now=now)
    two = make_room(session, actor=actor, room=RoomDraft("room 2", elm, capacity=14), now=now)
    link = "https://meet.example.org/room?id=9"
    online = make_room(session, actor=actor, room=RoomDraft("Online A", None, link, shared=True), now=now)
    one = make_room(session, actor=actor, room=RoomDraft("Room 1", elm), now=now)
    assert [each.name for each in sites(session)] == ["Bay Street", "Elm Street"]
    assert site(session, elm) == SiteView(elm, "Elm Street", "12 Elm Street", "America/New_York", 1)
    assert rooms(session) == (
        RoomView(one, "Room 1", elm, "Elm Street", "", None, shared=False, revision=1),
        RoomView(two, "room 2", elm, "Elm Street", "", 14, shared=False, revision=1),
        RoomView(online, "Online A", None, "", link, None, shared=True, revision=1),
    )
    assert [each.full_name for each in rooms(session)] == [
        "Elm Street, Room 1",
        "Elm Street, room 2",
        "Online A",
    ]
    assert (room(session, 99), site(session, 99)) == (None, None)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (SiteDraft(" ", "America/New_York"), "name"),
        (SiteDraft("x" * 81, "America/New_York"), "name"),
        (SiteDraft("Elm Street", "Mars/Olympus"), "timezone"),
        (SiteDraft("Elm Street", "America/New_York", "x" * 301), "address"),
    ],
)
def test_a_site_that_makes_no_sense_is_refused(
    people: Everybody, session: Database, now: datetime, draft: SiteDraft, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        make_site(session, actor=people.coordinator.actor, site=draft, now=now)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (RoomDraft("", 1), "name"),
        (RoomDraft("room 2", 99), "site_id"),
        (RoomDraft("room 2"), "join_link"),
        (RoomDraft("room 2", None, "http://meet.example.org/a"), "join_link"),
        (RoomDraft("room 2", 1, capacity=0), "capacity"),
    ],
)
def test_a_room_that_makes_no_sense_is_refused(
    people: Everybody, session: Database, now: datetime, draft: RoomDraft, field: str
) -> None:
    make_site(session, actor=people.coordinator.actor, site=ELM, now=now)
    with pytest.raises(Invalid) as refused:
        make_room(session, actor=people.coordinator.actor, room=draft, now=now)
    assert list(refused.value.fields) == [field]


def test_two_rooms_of_a_site_have_two_names(people: Everybody, session: Database, now: datetime) -> None:
    actor = people.coordinator.actor
    elm = make_site(session, actor=actor, site=ELM, now=now)
    bay = make_site(session, actor=actor, site=SiteDraft("Bay Street", "America/Chicago"), now=now)
    make_room(session, actor=actor, room=RoomDraft("room 2", elm), now=now)
    make_room(session, actor=actor, room=RoomDraft("room 2", bay), now=now)
    with pytest.raises(Invalid):
        make_room(session, actor=actor, room=RoomDraft(" room  2", elm), now=now)
    with pytest.raises(Invalid):
        make_site(session, actor=actor, site=SiteDraft("Elm Street", "America/Chicago"), now=now)


@pytest.mark.parametrize(
    "link",
    [
        "http://meet.example.org/a",
        "javascript:alert(1)",
        "https://",
        "https:///a",
        "https://user@meet.example.org/a",
        "https://meet.example.org:99999/a",
        "https://[::1/a",
        "https://meet.example.org/a b",
        "https://meet.example.org/\n",
        "https://meet.example.org/" + "a" * 500,
        "meet.example.org",
    ],
)
def test_a_join_link_is_an_https_address(link: str) -> None:
    assert not is_join_link(link)
    assert is_join_link("https://meet.example.org/a?b=c#d")


def test_rooms_stand_in_the_order_in_which_people_count(
    people: Everybody, session: Database, now: datetime
) -> None:
    actor = people.coordinator.actor
    elm = make_site(session, actor=actor, site=ELM, now=now)
    for name in ("Room 10", "room 2", "Hall", "²Annex", "Room 1b"):
        make_room(session, actor=actor, room=RoomDraft(name, elm), now=now)
    assert [each.name for each in rooms(session)] == ["Hall", "Room 1b", "room 2", "Room 10", "²Annex"]
