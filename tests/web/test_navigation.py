"""Which nav a page has."""

import re

import pytest

from scheduler.domain.people.roles import Role
from scheduler.web import navigation
from tests.conftest import Clients
from tests.support.people import Everybody

EVERYTHING = frozenset(Role)


@pytest.mark.parametrize("audience", ["member", "facilitator", "coordinator", "admin"])
def test_a_page_of_an_audience_has_its_nav(audience: str) -> None:
    assert navigation.audience_of(audience, EVERYTHING) == audience


@pytest.mark.parametrize(
    ("roles", "home"),
    [
        (EVERYTHING, "coordinator"),
        (frozenset({Role.MEMBER, Role.FACILITATOR}), "facilitator"),
        (frozenset({Role.MEMBER, Role.ADMINISTRATOR}), "member"),
        (frozenset({Role.ADMINISTRATOR}), "admin"),
        (frozenset[Role](), None),
    ],
)
def test_a_page_for_all_has_the_nav_of_where_one_is_at_home(roles: frozenset[Role], home: str | None) -> None:
    assert navigation.audience_of("auth", roles) == home


def test_a_thumb_has_room_for_five_and_the_last_leads_to_what_only_a_desk_shows() -> None:
    for audience, links in navigation.AUDIENCES.items():
        narrow = [link for link in links if link.width != "wide"]
        assert len(narrow) <= 5, audience
        assert (narrow[-1].width == "narrow") is any(link.width == "wide" for link in links), audience


def test_more_is_the_page_of_what_it_lists(clients: Clients, people: Everybody) -> None:
    client = clients(people.coordinator)
    html = client.get("/coordinator/places").text
    lit = re.findall(r'<li(?: class="(\w+)")?><a href="([^"]+)" aria-current', html)
    assert lit == [("wide", "/coordinator/places"), ("narrow", "/coordinator/more")]
    listed = client.get("/coordinator/more").text.partition("<main")[2]
    wide = re.findall(r'<li class="wide"><a href="([^"]+)"', html)
    assert wide == ["/coordinator/desk", "/coordinator/places", "/me"]
    assert all(f'href="{each}"' in listed for each in wide)


def test_a_visitor_has_the_public_nav() -> None:
    assert navigation.links_of(None) == navigation.PUBLIC


@pytest.mark.parametrize(
    ("endpoint", "label"),
    [
        ("member.new_address", "Calendar"),
        ("facilitator.sheet", "Today"),
        ("admin.new_person", "People"),
        ("admin.programs_change", "Programs"),
        ("coordinator.week", "Board"),
        ("coordinator.occurrence", "Board"),
        ("coordinator.bulk", "Board"),
        ("coordinator.find", "Board"),
        ("coordinator.holidays_add", "Places"),
        ("coordinator.closures_new", "Places"),
        ("coordinator.series_edit", "Series"),
        ("coordinator.more", "More"),
        ("auth.sign_in", "Sign in"),
        ("auth.sign_out", None),
        (None, None),
    ],
)
def test_the_page_or_what_it_stands_below_is_current(endpoint: str | None, label: str | None) -> None:
    audience = endpoint.partition(".")[0] if endpoint else ""
    current = navigation.current_of(endpoint, navigation.AUDIENCES.get(audience, navigation.PUBLIC))
    assert (str(current.label) if current else None) == label
