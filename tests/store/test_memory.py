"""What a change did, and taking it back: one memory over rows that a test changes by hand."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.stays.models import Hold, Stay
from scheduler.errors import NotFound, Refused
from scheduler.store.memory import (
    BuiltUpon,
    Kept,
    Memory,
    Scope,
    Step,
    difference,
    latest,
    load,
    remembering,
    steps_of,
    take_back,
)
from tests.support.people import Everybody

NOW = datetime(2026, 7, 15, 20, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
JULY_1, AUGUST_1 = date(2026, 7, 1), date(2026, 8, 1)
ROWS = st.dictionaries(
    st.tuples(st.sampled_from(["hold", "stay"]), st.integers(1, 4)),
    st.fixed_dictionaries({"places": st.integers(0, 2), "from_date": st.integers(0, 2)}),
)


@pytest.fixture
def stay(people: Everybody, session: Database) -> Stay:
    row = Stay(person_id=people.member.id, admitted_on=JULY_1, changed_at=NOW)
    session.add(row)
    session.flush()
    return row


def scopes(person_id: int) -> list[Scope]:
    return [
        Scope(Stay, Stay.person_id == person_id, ("discharged_on", "revision", "changed_at")),
        Scope(Hold, Hold.person_id == person_id),
    ]


def remembered(session: Database, person_id: int, *statements: Any) -> Memory:
    with remembering(
        session, scopes(person_id), person_id=person_id, kind="x", actor=SYSTEM, now=NOW
    ) as done:
        for statement in statements:
            session.execute(statement)
    return load(session, done.id)


def held(stay: Stay, **more: Any) -> dict[str, Any]:
    return {
        "stay_id": stay.id,
        "person_id": stay.person_id,
        "from_date": JULY_1,
        "places": "kept",
        "made_at": NOW,
        **more,
    }


def rows(session: Database) -> list[tuple[Any, ...]]:
    query = select(Hold.id, Hold.from_date, Hold.until_date, Hold.places, Hold.made_at).order_by(Hold.id)
    return [tuple(row) for row in session.execute(query)]


@given(before=ROWS, after=ROWS)
def test_the_steps_lead_from_one_state_to_the_other_and_back(before: Kept, after: Kept) -> None:
    steps = difference(before, after)
    assert follow(before, steps) == after
    back = tuple(Step(each.table, each.key, each.after, each.before) for each in steps)
    assert follow(after, back) == before
    assert difference(before, before) == ()


def follow(rows: Kept, steps: tuple[Step, ...]) -> Kept:
    found = {place: dict(values) for place, values in rows.items()}
    for step in steps:
        if step.after is None:
            del found[step.table, step.key]
        else:
            found[step.table, step.key] = {**found.get((step.table, step.key), {}), **step.after}
    return found


def test_what_was_made_is_remembered_whole_and_taken_away(stay: Stay, session: Database) -> None:
    memory = remembered(session, stay.person_id, insert(Hold).values(**held(stay)))
    [step] = steps_of(memory)
    assert (step.table, step.before) == ("hold", None)
    assert step.after == {
        "stay_id": stay.id,
        "person_id": stay.person_id,
        "from_date": "2026-07-01",
        "until_date": None,
        "places": "kept",
        "made_at": "2026-07-15T20:00:00+00:00",
        "made_by": None,
        "revision": 1,
    }
    assert latest(session, stay.person_id) is memory
    take_back(session, memory, now=LATER)
    assert (rows(session), memory.undone_at) == ([], LATER)
    assert latest(session, stay.person_id) is None


def test_what_was_changed_is_put_back_and_what_calendars_compare_rises(stay: Stay, session: Database) -> None:
    leave = update(Stay).values(discharged_on=AUGUST_1, revision=2, changed_at=LATER)
    memory = remembered(session, stay.person_id, leave)
    assert [step.before for step in steps_of(memory)] == [
        {"discharged_on": None, "revision": 1, "changed_at": "2026-07-15T20:00:00+00:00"}
    ]
    take_back(session, memory, now=NOW)
    session.refresh(stay)
    assert (stay.discharged_on, stay.revision) == (None, 3)
    assert stay.changed_at == LATER + timedelta(seconds=1)


def test_what_was_deleted_is_there_again_under_its_own_id(stay: Stay, session: Database) -> None:
    session.execute(insert(Hold).values(id=7, **held(stay, until_date=AUGUST_1)))
    before = rows(session)
    memory = remembered(session, stay.person_id, delete(Hold))
    assert rows(session) == []
    take_back(session, memory, now=LATER)
    assert rows(session) == before
    assert session.scalars(select(Hold.revision)).all() == [2]


def test_a_row_that_says_something_else_by_now_stops_it(stay: Stay, session: Database) -> None:
    memory = remembered(session, stay.person_id, insert(Hold).values(**held(stay)))
    session.execute(update(Hold).values(places="freed"))
    with pytest.raises(BuiltUpon) as built:
        take_back(session, memory, now=LATER)
    assert built.value.table == "hold"
    session.execute(delete(Hold))
    with pytest.raises(BuiltUpon):
        take_back(session, memory, now=LATER)


def test_a_row_that_another_refers_to_stops_it(people: Everybody, session: Database) -> None:
    marcus = people.other_member.id
    made = insert(Stay).values(id=5, person_id=marcus, admitted_on=JULY_1, changed_at=NOW)
    scope = [Scope(Stay, Stay.person_id == marcus)]
    with remembering(session, scope, person_id=marcus, kind="x", actor=SYSTEM, now=NOW) as done:
        session.execute(made)
    session.execute(insert(Hold).values(**held(session.get_one(Stay, 5))))
    with pytest.raises(BuiltUpon) as built:
        take_back(session, load(session, done.id), now=LATER)
    assert built.value.table == "hold"


def test_only_the_last_is_taken_back_and_only_once(stay: Stay, session: Database) -> None:
    first = remembered(session, stay.person_id, insert(Hold).values(**held(stay)))
    second = remembered(session, stay.person_id, update(Hold).values(places="freed", revision=2))
    with pytest.raises(Refused, match="Something else was done since"):
        take_back(session, first, now=LATER)
    take_back(session, second, now=LATER)
    with pytest.raises(Refused, match="undone already"):
        take_back(session, second, now=LATER)
    take_back(session, first, now=LATER)
    assert rows(session) == []


def test_what_was_never_done_is_not_there(session: Database) -> None:
    with pytest.raises(NotFound):
        load(session, 1)
