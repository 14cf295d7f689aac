"""Nobody came: whoever takes the sheet says so, and takes it back."""

from datetime import timedelta

import pytest

from tests.conftest import Clients
from tests.support.evenings import AT_SEVEN, Group
from tests.support.people import Everybody, Someone
from tests.web.coordinator.desk import text_of
from tests.web.facilitator.conftest import Traveller
from tests.web.facilitator.test_walk_ins import Door

OFFERED = "We did not meet"
SAID = "Did not meet: Nobody came"


@pytest.fixture
def dana(clients: Clients, people: Everybody, group: Group) -> Door:
    return Door(clients(people.facilitator), group)


@pytest.fixture
def femi(clients: Clients, people: Everybody, meeting: Group) -> Door:
    return Door(clients(people.other_facilitator), meeting)


def test_whoever_leads_says_on_the_sheet_that_nobody_met_and_takes_it_back(dana: Door) -> None:
    assert OFFERED in dana.look()
    asked = dana.post("not-met", 422)
    assert "Give a reason" in asked
    assert 'aria-describedby="not-met-error"' in asked
    dana.post("not-met", 303, **{"not-met": "Nobody came"})
    said = text_of(dana.look())
    assert SAID in said
    assert "Recorded by Dana R." in said
    assert "Take it back" in said
    assert "Did not meet" in dana.client.get("/facilitator/today").text
    dana.post("met", 409, seen="Another reason")
    dana.post("met", 303, seen="Nobody came")
    assert "of 2 marked" in text_of(dana.look())


def test_a_meeting_that_only_counts_says_it_the_same_way(femi: Door) -> None:
    assert OFFERED in femi.look()
    femi.post("not-met", 303, **{"not-met": "Nobody came"})
    assert SAID in text_of(femi.look())


def test_it_is_not_offered_before_it_begins_nor_once_somebody_was_there(
    clients: Clients, evening: Traveller, people: Everybody, group: Group
) -> None:
    evening.move_to(AT_SEVEN - timedelta(minutes=1))
    dana = Door(clients(people.facilitator), group)
    assert OFFERED not in dana.look()
    assert "It has not begun yet." in dana.post("not-met", 409, **{"not-met": "Nobody came"})
    evening.move_to(AT_SEVEN + timedelta(minutes=6))
    dana.post("marks", 303, tap=str(people.member.id), **unsaved(people.member))
    assert OFFERED not in dana.look()
    assert "Marks were recorded." in dana.post("not-met", 409, **{"not-met": "Nobody came"})


def test_a_locked_sheet_that_says_so_stays_as_it_is(dana: Door, evening: Traveller) -> None:
    dana.post("not-met", 303, **{"not-met": "Nobody came"})
    evening.shift(timedelta(days=15))
    said = text_of(dana.look())
    assert SAID in said
    assert "Take it back" not in said


def unsaved(member: Someone) -> dict[str, str]:
    """The fields of somebody who has no mark yet."""
    return {f"was-{member.id}": "", f"seen-{member.id}": "0", f"status-{member.id}": ""}
