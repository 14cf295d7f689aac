"""Namesakes on a sheet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance import queries, service
from scheduler.domain.attendance.alike import Called, names_of
from scheduler.domain.attendance.distinguishing import distinguish
from scheduler.domain.attendance.statuses import Status
from scheduler.domain.people.models import Identity
from scheduler.errors import Invalid, NotFound
from tests.support import factories
from tests.support.evenings import Group
from tests.support.people import Everybody

people = st.lists(
    st.builds(
        Called,
        person_id=st.integers(1, 50),
        short_name=st.sampled_from(["Maria G.", "maria g.", "Marí\u00e1 G.", "Marcus T."]),
        distinction=st.sampled_from(["", "B.", "b.", "1", "2"]),
    ),
    max_size=8,
    unique_by=lambda each: each.person_id,
)


@given(people)
def test_no_two_are_called_alike_whatever_was_chosen_in_whatever_order(found: list[Called]) -> None:
    names = names_of(found)
    assert names == names_of(reversed(found))
    assert len({name.casefold() for name in names.values()}) == len(found)
    for each in found:
        assert names[each.person_id].startswith(each.short_name)


def test_a_number_is_in_the_order_of_ids_and_somebody_alone_has_none() -> None:
    same = [
        Called(9, "Maria G."),
        Called(4, "Maria G."),
        Called(7, "Maria G.", "B."),
        Called(5, "Marcus T.", "2"),
    ]
    assert names_of(same) == {
        4: "Maria G. (1)",
        7: "Maria G. (B.)",
        9: "Maria G. (2)",
        5: "Marcus T.",
    }
    assert names_of([*same, Called(12, "Maria G.")])[9] == "Maria G. (2)", "who comes later changes no number"


def test_whoever_takes_the_sheet_chooses_and_only_its_namesakes_show_it(
    people: Everybody, group: Group, session: Database
) -> None:
    dana = {"actor": people.facilitator.actor, "occurrence_id": group.occurrence}
    other = factories.member(session, "Renee Tucker")
    factories.enrollment(session, group.series, other)
    service.mark_rest(session, **dana, status=Status.PRESENT, now=group.during)

    def names() -> list[str]:
        page = queries.sheet(session, **dana)
        assert sorted({change.short_name for change in page.history}) == sorted(
            line.short_name for line in page.lines
        )
        return [line.short_name for line in page.lines]

    assert names() == ["Marcus T.", "Renee T. (1)", "Renee T. (2)"]
    distinguish(session, **dana, chosen={other: " B. ", people.other_member.id: "X"}, now=group.during)
    assert names() == ["Marcus T.", "Renee T. (1)", "Renee T. (B.)"]
    with pytest.raises(Invalid):
        distinguish(session, **dana, chosen={other: "Tucker"}, now=group.during)
    for actor, person in ((people.other_facilitator, other), (people.facilitator, people.coordinator.id)):
        with pytest.raises(NotFound):
            distinguish(
                session,
                actor=actor.actor,
                occurrence_id=group.occurrence,
                chosen={person: "A"},
                now=group.during,
            )
    distinguish(session, **dana, chosen={other: ""}, now=group.during)
    assert session.get_one(Identity, other).distinction is None
