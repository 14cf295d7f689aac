"""Return after hold is nothing, where nothing else has changed: in all tables, and in the calendar."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from scheduler.domain.calendars.content import content_of
from scheduler.domain.calendars.source_queries import sources_of
from scheduler.domain.calendars.sources import Titles, Wishes, Wording, alike
from scheduler.domain.calendars.values import Entry, Stamp
from scheduler.domain.enrollment.queries import members_by_occurrence
from scheduler.domain.planning.choosing import choose_listed
from scheduler.domain.schedule.models import Occurrence
from scheduler.domain.schedule.recurrence import Frequency, Rule
from scheduler.domain.stays.reasons import Places
from scheduler.store.base import Base
from scheduler.store.transaction import transaction
from tests.domain.admissions.life import DAY, FIRST_DAY, TODAY, WEEK, Life
from tests.domain.planning.center import Center
from tests.support import factories

BEGINS = date(2026, 4, 20)
SAVED = {"revision", "sequence", "changed_at"}
NOTED = {"audit_entry", "audit_person", "memory", "calendar_revision"}
"""Tables that say what was done, and that something was; all others say what is."""

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def full_life(life: Life, center: Center) -> Life:
    """In a full group, one that is joined later, one that was left, alone with a counselor, and elsewhere."""
    center.make(members=[life.person, center.people.other_member.id], capacity=2)
    life.individual()
    later = center.make(title="Skills", rule=Rule(Frequency.DAILY, 3), room_id=None)
    over = center.make(title="Over", room_id=None)
    with center.sessions() as session, transaction(session):
        listed = factories.series(session, "Nooners", listed=True)
    life.admit(TODAY)
    life.join(later.series_id, life.person, FIRST_DAY + WEEK)
    life.join(over.series_id, life.person, FIRST_DAY, FIRST_DAY + 2 * WEEK)
    center.do(choose_listed, series_id=listed, person_id=life.person)
    return life


def all_rows(life: Life) -> Rows:
    """Everything in the database that says what is, without what only ever rises."""
    with life.center.sessions() as session:
        return {
            name: [
                {key: row[key] for key in row if key not in SAVED}
                for row in session.execute(select(table).order_by(*table.primary_key.columns)).mappings()
            ]
            for name, table in Base.metadata.tables.items()
            if name not in NOTED
        }


def entries(life: Life) -> tuple[Entry, ...]:
    """What the member's calendar shows."""
    wishes = Wishes(Titles.FULL, show_place=True, show_link=True, begins=BEGINS, kinds=alike(10))
    with life.center.sessions() as session:
        sources = sources_of(session, life.person, BEGINS)
    content = content_of(sources, wishes, Wording(), Stamp(1, life.center.now))
    assert content.left_out == 0
    return content.entries


def expected(life: Life) -> dict[int, tuple[date, bool]]:
    """The occurrences by their original date, and whether they expect the member."""
    with life.center.sessions() as session:
        starts = {row.id: row.original_start.date() for row in session.scalars(select(Occurrence))}
        people = members_by_occurrence(session, list(starts))
    return {number: (day, life.person in people.get(number, ())) for number, day in starts.items()}


first_days = st.integers(0, 40).map(lambda days: TODAY + days * DAY)
lengths = st.one_of(st.none(), st.integers(0, 40))
places = st.sampled_from(Places)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=first_days, length=lengths, places=places, early=st.integers(0, 3))
def test_back_before_the_hold_begins_or_undone_it_never_was(
    full_life: Life, first: date, length: int | None, places: Places, early: int
) -> None:
    life = full_life
    rows, shown = all_rows(life), entries(life)
    last = None if length is None else first + length * DAY
    made = life.hold(first, last, places=places)
    assert entries(life) != shown
    life.undo(made)
    assert (all_rows(life), entries(life)) == (rows, shown)
    life.hold(first, last, places=places)
    life.back(first - early * DAY)
    assert (all_rows(life), entries(life)) == (rows, shown)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=first_days, length=lengths, places=places, after=st.integers(1, 40))
def test_back_later_only_the_days_between_are_without_expectation(
    full_life: Life, first: date, length: int | None, places: Places, after: int
) -> None:
    life = full_life
    rows, shown, before = all_rows(life), entries(life), expected(life)
    last = None if length is None else first + length * DAY
    back_on = first + (after if length is None else min(after, length + 1)) * DAY
    made = life.hold(first, last, places=places)
    back = life.back(back_on)
    assert expected(life) == {
        number: (day, was and not first <= day < back_on) for number, (day, was) in before.items()
    }
    now = all_rows(life)
    [hold] = now.pop("hold")
    assert (hold["from_date"], hold["until_date"]) == (first, back_on - DAY)
    assert now == {name: found for name, found in rows.items() if name != "hold"}
    life.undo(back)
    life.undo(made)
    assert (all_rows(life), entries(life)) == (rows, shown)
