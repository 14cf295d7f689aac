"""Who may be somebody who is known already."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.admissions.alike import Alike, alike
from scheduler.domain.people.finding import Sight
from scheduler.domain.people.models import Identity, Person
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import disable, make_person


@pytest.fixture
def rene(session: Database, now: datetime) -> int:
    made = make_person(
        session, actor=SYSTEM, name="René Vogt", email="rene@example.org", roles=[Role.MEMBER], now=now
    )
    known = update(Identity).where(Identity.person_id == made)
    session.execute(known.values(birth_year=1988, phone="(555) 010-0142"))
    return made


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"name": "rene  VOGT", "birth_year": 1988}, True),
        ({"name": "Rene Vogt", "birth_year": 1989}, False),
        ({"name": "Rene Vogt", "birth_year": None}, True),
        ({"name": "Rene Vogts", "birth_year": 1988}, False),
        ({"name": "René", "birth_year": 1988}, False),
        ({"name": "A. Nother", "birth_year": None, "email": " RENE@example.org "}, True),
        ({"name": "A. Nother", "birth_year": 1990, "phone": "(555) 010-0142"}, True),
        ({"name": "A. Nother", "birth_year": 1990, "phone": "555 010 01.42"}, True),
        ({"name": "A. Nother", "birth_year": 1990, "phone": "+1 555 010 0142 ext. 7"}, True),
        ({"name": "A. Nother", "birth_year": 1990, "phone": "010-0142"}, False),
        ({"name": "A. Nother", "birth_year": 1990, "phone": "none"}, False),
        ({"name": "A. Nother", "birth_year": 1988, "phone": "(555) 010-0143", "email": "a@b.org"}, False),
        ({"name": "A. Nother", "birth_year": 1988, "phone": "", "email": ""}, False),
    ],
)
def test_the_same_name_and_year_or_the_same_channel(
    session: Database, rene: int, typed: dict[str, Any], found: bool
) -> None:
    known = Alike(rene, "René Vogt", 1988, "rene@example.org", "(555) 010-0142", True)
    assert alike(session, **typed) == ((known,) if found else ())


def test_a_number_that_is_kept_with_an_extension_is_found_without_it_and_with_another(
    session: Database, rene: int
) -> None:
    kept = update(Identity).where(Identity.person_id == rene).values(phone="+1 (555) 010-0142 x12")
    session.execute(kept)
    numbers = ("555 010 0142", "5550100142 EXT 3", "5550100143", "0142 12")
    found = [len(alike(session, name="A. Nother", birth_year=None, phone=each)) for each in numbers]
    assert found == [1, 1, 0, 0]


def test_of_many_ten_are_told_by_name(session: Database, now: datetime) -> None:
    for number in range(12):
        make_person(session, actor=SYSTEM, name=f"Ada {number:02}", email=None, roles=[], now=now)
    session.execute(update(Identity).values(phone="555 010 0142"))
    found = alike(session, name="A. Nother", birth_year=None, phone="555 010 0142")
    assert [each.name for each in found] == [f"Ada {number:02}" for number in range(10)]


def test_a_year_that_is_not_known_may_be_the_same(session: Database, rene: int) -> None:
    session.execute(update(Identity).where(Identity.person_id == rene).values(birth_year=None))
    assert [each.person_id for each in alike(session, name="Rene Vogt", birth_year=1970)] == [rene]


def test_somebody_disabled_is_shown_as_such(session: Database, rene: int, now: datetime) -> None:
    disable(session, actor=SYSTEM, person_id=rene, now=now)
    assert [each.active for each in alike(session, name="Rene Vogt", birth_year=1988)] == [False]


@pytest.mark.parametrize("column", ["erased_at", "merged_into"])
def test_erased_and_merged_records_are_nobody_s(
    session: Database, rene: int, now: datetime, column: str
) -> None:
    other = make_person(session, actor=SYSTEM, name="Ada Ito", email=None, roles=[], now=now)
    gone = {"erased_at": now, "merged_into": other}[column]
    session.execute(update(Person).where(Person.id == rene).values({column: gone}))
    assert alike(session, name="Rene Vogt", birth_year=1988) == ()


def test_who_is_out_of_sight_is_not_told(session: Database, rene: int) -> None:
    sight = Sight(among=select(Person.id).where(Person.id != rene))
    assert alike(session, name="Rene Vogt", birth_year=1988, sight=sight) == ()


def test_of_a_colleague_whose_business_it_is_not_only_the_name_is_told(session: Database, rene: int) -> None:
    sight = Sight(private=select(Person.id).where(Person.id == rene))
    found = alike(session, name="Rene Vogt", birth_year=1988, sight=sight)
    assert found == (Alike(rene, "René Vogt", None, None, None, True),)
