"""Finding people by what a coordinator types."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session as Database

from scheduler.domain.people import service
from scheduler.domain.people.finding import Found, found_by, holders_of, person_of
from scheduler.domain.people.models import Person
from scheduler.domain.people.roles import SYSTEM, Role
from tests.support.people import Everybody


def make(session: Database, now: datetime, name: str, role: Role = Role.MEMBER) -> int:
    return service.make_person(session, actor=SYSTEM, name=name, email=None, roles=[role], now=now)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("rené", ["Renée Ångström"]),
        ("RENEE", ["Renée Ångström"]),
        ("ang", ["Renée Ångström"]),
        ("ang ren", ["Renée Ångström"]),
        ("nee", []),
        ("o'n", ["Pat O'Neill"]),
        ("%", []),
        ("_", []),
        ("  \x00 ", []),
        ("", []),
    ],
)
def test_the_beginnings_of_names_find_a_person(
    session: Database, now: datetime, typed: str, expected: list[str]
) -> None:
    for name in ("Renée Ångström", "Pat O'Neill"):
        make(session, now, name)
    assert [found.name for found in found_by(session, typed)] == expected


def test_answers_come_by_name_and_not_too_many(session: Database, now: datetime) -> None:
    for name in ("Ann Cole", "Ann Abbot", "Ann Bell"):
        make(session, now, name)
    assert [found.name for found in found_by(session, "ann", most=2)] == ["Ann Abbot", "Ann Bell"]


def test_by_role_only_those_who_hold_it_and_are_not_disabled(session: Database, now: datetime) -> None:
    make(session, now, "Ann Abbot", Role.FACILITATOR)
    gone, member = make(session, now, "Ann Bell"), make(session, now, "Ann Cole")
    session.get_one(Person, gone).disabled_at = now
    session.flush()
    assert [found.id for found in found_by(session, "ann", role=Role.MEMBER)] == [member]
    assert [(found.name, found.active) for found in found_by(session, "ann b")] == [("Ann Bell", False)]


def test_a_person_is_told_with_their_roles(people: Everybody, session: Database, now: datetime) -> None:
    assert person_of(session, people.member.id) == Found(
        people.member.id, "Renee Tamm", "Renee T.", people.member.email, frozenset({Role.MEMBER}), True
    )
    assert person_of(session, 10_000) is None


def test_two_who_read_alike_are_told_apart(people: Everybody, session: Database, now: datetime) -> None:
    make(session, now, "Dana Rush", Role.FACILITATOR)
    assert [found.short_name for found in holders_of(session, Role.FACILITATOR)] == [
        "Dana Rowe",
        "Dana Rush",
        "Femi A.",
    ]
