"""Pausing: nothing is expected, and what becomes of the place is chosen."""

from datetime import date

import pytest

from scheduler.domain.admissions.outcome import What
from scheduler.domain.enrollment.queries import members_by_occurrence
from scheduler.domain.stays.models import Hold
from scheduler.domain.stays.reasons import Places
from scheduler.errors import Conflict, Invalid, NotFound, Refused
from scheduler.store.audit import AuditEntry
from tests.domain.admissions.life import DAY, FIRST_DAY, TODAY, WEEK, Life, lines
from tests.domain.planning.center import Center

GROUP = "Tuesday evening group"


def test_a_hold_pauses_what_is_expected_and_says_so(life: Life, center: Center) -> None:
    made = center.make(members=[life.person])
    life.individual()
    life.admit()
    outcome = life.hold(FIRST_DAY, FIRST_DAY + 2 * WEEK - DAY)
    assert lines(outcome) == [
        (What.PAUSED, FIRST_DAY, FIRST_DAY + 2 * WEEK - DAY, 4),
        (What.NOBODY_COMES, "Individual", 2),
        (What.PLACE_KEPT, GROUP),
    ]
    expected = center.ask(members_by_occurrence, made.occurrences[:4])
    assert sorted(expected) == list(made.occurrences[2:4])
    [row] = center.rows(Hold)
    assert (row.from_date, row.until_date, row.places) == (FIRST_DAY, date(2026, 8, 3), "kept")
    assert row.made_by == center.people.coordinator.id
    assert center.last_audit() == ("hold.made", "stay", outcome.stay_id)


def test_an_open_hold_lasts_until_they_are_welcomed_back(life: Life, center: Center) -> None:
    made = center.make(members=[life.person])
    life.admit()
    outcome = life.hold(TODAY, places=Places.FREED)
    assert lines(outcome) == [(What.PAUSED, TODAY, 26), (What.PLACE_FREED, GROUP)]
    assert center.ask(members_by_occurrence, made.occurrences) == {}


def test_a_freed_place_is_another_s_meanwhile_and_a_kept_one_is_not(life: Life, center: Center) -> None:
    made = center.make(members=[life.person], capacity=1)
    life.admit()
    kept = life.hold(TODAY)
    with pytest.raises(Conflict, match="full"):
        life.join(made.series_id, center.people.other_member.id)
    life.undo(kept)
    life.hold(TODAY, places=Places.FREED)
    life.join(made.series_id, center.people.other_member.id)


def test_the_member_s_calendar_alone_sees_it(life: Life, center: Center) -> None:
    center.make(members=[life.person, center.people.other_member.id], leads=[center.people.facilitator.id])
    life.admit()
    assert center.raised_by(lambda: life.hold(TODAY)) == {life.person}


def test_two_pauses_of_one_date_are_refused(life: Life) -> None:
    life.admit()
    life.hold(TODAY, TODAY + WEEK)
    with pytest.raises(Refused):
        life.hold(TODAY + WEEK)
    life.hold(TODAY + WEEK + DAY)


def test_a_pause_lies_in_its_stay_and_forwards(life: Life) -> None:
    life.admit()
    for first, last in ((TODAY - DAY, None), (TODAY + WEEK, TODAY)):
        with pytest.raises(Invalid):
            life.hold(first, last)


def test_a_stale_page_and_a_stay_that_is_not_there_are_refused(life: Life) -> None:
    life.admit()
    with pytest.raises(Conflict):
        life.hold(TODAY, revision=7)
    with pytest.raises(NotFound):
        life.hold(TODAY, stay_id=999)


def test_nobody_is_paused_after_discharge(life: Life) -> None:
    life.admit()
    life.discharge()
    with pytest.raises(Invalid):
        life.hold(TODAY)


def test_undone_it_is_as_if_it_had_not_been(life: Life, center: Center) -> None:
    center.make(members=[life.person])
    life.individual()
    life.admit()
    before = life.picture()
    outcome = life.hold(TODAY, places=Places.FREED)
    assert center.raised_by(lambda: life.undo(outcome)) == {life.person}
    assert life.picture() == before
    assert center.last_audit() == ("life.undone", "person", life.person)
    [entry] = center.rows(AuditEntry, action="life.undone")
    assert entry.detail == {"what": "hold", "memory": outcome.memory_id}


def test_who_has_the_freed_place_keeps_it_when_the_pause_is_to_be_undone(life: Life, center: Center) -> None:
    made = center.make(members=[life.person], capacity=1)
    life.admit()
    outcome = life.hold(TODAY, places=Places.FREED)
    life.join(made.series_id, center.people.other_member.id)
    with pytest.raises(Conflict, match="Somebody else has the place in Tuesday evening group by now"):
        life.undo(outcome)
