"""Somebody comes who was not expected: written down by name, counted, matched, forgotten."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance import queries, service
from scheduler.domain.attendance.assembly import Tally, WalkInLine
from scheduler.domain.attendance.confirming import submit
from scheduler.domain.attendance.matching import MATCHED, MORE_THAN_ONE, NOBODY, Member, mark_member
from scheduler.domain.attendance.merging import Outcome, Wanted
from scheduler.domain.attendance.models import SheetRecord, WalkIn, WalkInName
from scheduler.domain.attendance.not_meeting import record_not_met
from scheduler.domain.attendance.statuses import UNMARKED, Status, Value
from scheduler.domain.attendance.walk_ins import Unmatched, forget_names, unmatched
from scheduler.domain.attendance.walking_in import (
    LONGEST_NAME,
    add_walk_in,
    change_walk_in,
    first_and_initial,
)
from scheduler.domain.people.finding import EVERYBODY, Sight
from scheduler.domain.people.models import Person
from scheduler.domain.people.names import short_name
from scheduler.domain.people.roles import SYSTEM, Role
from scheduler.domain.people.service import make_person
from scheduler.domain.planning.reach import Reach
from scheduler.domain.schedule.models import Series
from scheduler.errors import Conflict, Invalid, NotFound, Refused
from scheduler.store.audit import AuditEntry
from tests.support.evenings import Group
from tests.support.people import Everybody, Someone

PRESENT, LATE, ABSENT = Value(Status.PRESENT), Value(Status.LATE, 6), Value(Status.ABSENT)


def adds(
    session: Database, who: Someone, group: Group, name: str, value: Value = PRESENT, **more: Any
) -> int:
    more = {"now": group.during, **more}
    return add_walk_in(
        session, actor=who.actor, occurrence_id=group.occurrence, name=name, value=value, **more
    )


def matches(session: Database, who: Someone, group: Group, name: str, **more: Any) -> Any:
    more = {"now": group.during, "sight": EVERYBODY, **more}
    return mark_member(session, actor=who.actor, occurrence_id=group.occurrence, name=name, **more)


def page(session: Database, who: Someone, group: Group) -> Any:
    return queries.sheet(session, actor=who.actor, occurrence_id=group.occurrence)


@given(st.text(max_size=300))
def test_of_any_name_no_more_than_a_first_name_and_an_initial_is_kept(typed: str) -> None:
    try:
        kept = first_and_initial(typed)
    except Invalid:
        return
    assert 0 < len(kept) <= LONGEST_NAME
    assert kept == short_name(kept)
    assert len(kept.split()) <= 2


def test_a_walk_in_is_on_the_sheet_with_the_name_and_counts(
    people: Everybody, group: Group, session: Database
) -> None:
    dana = people.facilitator
    first = adds(session, dana, group, " Nora   Quist ", sent_as="a")
    assert adds(session, dana, group, "Nora Q.", sent_as="a") == first
    second = adds(session, dana, group, "Ben", LATE)
    found = page(session, dana, group)
    assert found.walk_ins == (
        WalkInLine(first, "Nora Q.", PRESENT, 1, "Dana R.", group.during),
        WalkInLine(second, "Ben", LATE, 1, "Dana R.", group.during),
    )
    assert (found.tally, found.present, found.saved_at) == (Tally(4, 2, 2), 2, group.during)
    change = partial(change_walk_in, session, actor=dana.actor, occurrence_id=group.occurrence)
    change(walk_in_id=second, value=Value(Status.LATE, 9), seen=1, now=group.during)
    with pytest.raises(Conflict):
        change(walk_in_id=second, value=PRESENT, seen=1, now=group.during)
    change(walk_in_id=first, value=UNMARKED, seen=1, now=group.during)
    assert session.scalars(select(WalkInName.name)).all() == ["Ben"]
    with pytest.raises(NotFound):
        change(walk_in_id=first, value=PRESENT, seen=2, now=group.during)
    said = submit(session, actor=dana.actor, occurrence_id=group.occurrence, now=group.during, anyway=True)
    assert said.tally == Tally(3, 1, 1)
    with pytest.raises(Invalid, match="why"):
        change(walk_in_id=second, value=PRESENT, seen=2, now=group.during)
    change(walk_in_id=second, value=UNMARKED, seen=2, now=group.during, reason="Was next door")
    [entry] = page(session, dana, group).entries
    assert (entry.what, entry.number, entry.before, entry.reason) == ("named_walk_ins", 0, 1, "Was next door")
    details = session.scalars(select(AuditEntry.detail).where(AuditEntry.action.like("sheet.walk%"))).all()
    assert all(set(detail or {}) == {"walk_in"} for detail in details)


def test_only_who_was_there_walked_in_and_only_where_people_have_names(
    people: Everybody, group: Group, meeting: Group, session: Database
) -> None:
    dana = people.facilitator
    with pytest.raises(Invalid, match="was there"):
        adds(session, dana, group, "Nora Q.", ABSENT)
    with pytest.raises(Refused, match="only counted"):
        adds(session, people.other_facilitator, meeting, "Nora Q.")
    with pytest.raises(Refused, match="only counted"):
        matches(session, people.other_facilitator, meeting, "Renee Tamm", value=PRESENT)
    session.execute(update(Series).where(Series.id == group.series).values(kind="mutual_help"))
    with pytest.raises(Refused, match="only counted"):
        adds(session, dana, group, "Nora Q.")
    for outsider in (people.other_facilitator, people.member, people.administrator):
        with pytest.raises(NotFound):
            adds(session, outsider, group, "Nora Q.")
        with pytest.raises(NotFound):
            matches(session, outsider, group, "Renee Tamm", value=PRESENT)
    assert session.scalars(select(WalkIn)).all() == []


def test_nobody_met_is_not_recorded_while_somebody_walked_in(
    people: Everybody, group: Group, session: Database
) -> None:
    adds(session, people.facilitator, group, "Nora Q.")
    with pytest.raises(Refused, match="Walk-ins"):
        record_not_met(
            session,
            actor=people.coordinator.actor,
            occurrence_id=group.occurrence,
            reason="Snow",
            now=group.during,
        )


def test_a_walk_in_becomes_a_mark_and_the_name_goes(
    people: Everybody, group: Group, session: Database, now: datetime
) -> None:
    dana, odile = people.facilitator, people.coordinator
    nora = make_person(session, actor=SYSTEM, name="Nóra Quist", email=None, roles=[Role.MEMBER], now=now)
    row = adds(session, dana, group, "Nora Q.", LATE)
    listed = Unmatched(
        row, "Nora Q.", LATE, group.occurrence, "Tuesday evening group", datetime(2026, 7, 14, 19),
        "America/New_York",
    )  # fmt: skip
    assert unmatched(session, odile.actor) == unmatched(session, dana.actor) == (listed,)
    assert unmatched(session, people.other_facilitator.actor) == ()
    submit(session, actor=dana.actor, occurrence_id=group.occurrence, now=group.during, anyway=True)
    for name in ("Nora", "Nora Q.", "nora quis", "", "Dana Rowe"):
        with pytest.raises(Invalid, match=NOBODY):
            matches(session, odile, group, name, walk_in_id=row)
    done = matches(session, odile, group, " NORA  quist", walk_in_id=row)
    assert (done.member, done.outcome) == (Member(nora, "Nóra Quist", False, False), Outcome.APPLIED)
    found = page(session, odile, group)
    assert [line.value for line in found.lines if line.person_id == nora] == [LATE]
    assert (found.walk_ins, found.tally) == ((), Tally(3, 1, 1))
    counted = session.scalars(select(SheetRecord.present).order_by(SheetRecord.revision)).all()
    assert counted == [1, 1]  # as a walk-in, and as a member
    assert [change.reason for change in found.corrections] == [MATCHED]
    assert session.scalars(select(WalkInName)).all() == []
    [kept] = session.scalars(select(WalkIn))
    assert (kept.person_id, kept.matched_by, kept.matched_at) == (nora, odile.id, group.during)
    with pytest.raises(Conflict):
        matches(session, dana, group, "Renee Tamm", walk_in_id=row)


def test_two_of_one_name_are_nobody_and_so_is_who_is_out_of_sight_or_gone(
    people: Everybody, group: Group, session: Database, now: datetime
) -> None:
    odile = people.coordinator
    for name in ("Ada Stone", "ada stóne", "Max Old"):
        made = make_person(session, actor=SYSTEM, name=name, email=None, roles=[Role.MEMBER], now=now)
    session.get_one(Person, made).disabled_at = now
    with pytest.raises(Invalid, match=MORE_THAN_ONE):
        matches(session, odile, group, "Ada Stone", value=PRESENT)
    with pytest.raises(Invalid, match=NOBODY):
        matches(session, odile, group, "Max Old", value=PRESENT)
    nobody = Sight(among=select(Person.id).where(Person.id < 0))
    with pytest.raises(Invalid, match=NOBODY):
        matches(session, odile, group, "Renee Tamm", value=PRESENT, sight=nobody)
    colleague = make_person(
        session,
        actor=SYSTEM,
        name="Cleo Fox",
        email=None,
        roles=[Role.MEMBER, Role.FACILITATOR],
        now=now,
    )
    of_odile = Reach(odile.actor, None, on=now.date()).of_people()
    with pytest.raises(Invalid, match=NOBODY):
        matches(session, odile, group, "Cleo Fox", value=PRESENT, sight=of_odile)
    assert matches(session, odile, group, "Cleo Fox", value=PRESENT).member.person_id == colleague


def test_a_mark_that_stands_is_shown_beside_the_walk_in_and_one_of_both_is_picked(
    people: Everybody, group: Group, session: Database
) -> None:
    dana, renee = people.facilitator, people.member
    absent = Wanted(renee.id, ABSENT)
    service.save_marks(
        session, actor=dana.actor, occurrence_id=group.occurrence, marks=[absent], now=group.during
    )
    row, other = (adds(session, dana, group, "Renee T.") for _ in range(2))
    asked = matches(session, dana, group, "Renee Tamm", walk_in_id=row)
    assert (asked.outcome, asked.saved.value, asked.value) == (Outcome.CONFLICT, ABSENT, PRESENT)
    assert len(page(session, dana, group).walk_ins) == 2
    kept = matches(session, dana, group, "Renee Tamm", walk_in_id=other, keep=True)
    assert (kept.outcome, kept.saved.value) == (Outcome.UNCHANGED, ABSENT)
    taken = matches(session, dana, group, "Renee Tamm", walk_in_id=row, seen=asked.saved.revision)
    assert (taken.outcome, taken.saved.value) == (Outcome.APPLIED, PRESENT)
    assert page(session, dana, group).walk_ins == ()


def test_a_name_that_nobody_matched_goes_after_the_days_and_the_walk_in_still_counts(
    people: Everybody, group: Group, session: Database
) -> None:
    dana, days = people.facilitator, timedelta(days=14)
    adds(session, dana, group, "Nora Q.")
    forget_names(session, now=group.during + days, after=days)
    assert session.scalars(select(WalkInName.name)).all() == ["Nora Q."]
    forget_names(session, now=group.during + days + timedelta(minutes=1), after=days)
    found = page(session, dana, group)
    assert ([line.name for line in found.walk_ins], found.present) == ([None], 1)
    assert unmatched(session, dana.actor) == ()
