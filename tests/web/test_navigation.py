"""Which nav a page has."""

import pytest

from scheduler.domain.people.roles import Role
from scheduler.web import navigation

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
        ("auth.sign_in", "Sign in"),
        ("auth.sign_out", None),
        (None, None),
    ],
)
def test_the_page_or_what_it_stands_below_is_current(endpoint: str | None, label: str | None) -> None:
    audience = endpoint.partition(".")[0] if endpoint else ""
    current = navigation.current_of(endpoint, navigation.AUDIENCES.get(audience, navigation.PUBLIC))
    assert (str(current.label) if current else None) == label
