"""From one series to another: the place is never lost."""

import pytest

from scheduler.domain.admissions.outcome import What
from scheduler.domain.admissions.undo import undo
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.planning.membership import end_enrollment
from scheduler.errors import Conflict, Invalid, NotFound, Refused
from tests.domain.admissions.life import DAY, FIRST_DAY, TODAY, WEEK, Life, lines
from tests.domain.planning.center import FIRST, Center

GROUP = "Tuesday evening group"


def mornings(center: Center, **more: object) -> int:
    return center.make(
        room_id=None, title="Morning group", first_start=FIRST.replace(hour=9), **more
    ).series_id


def own(center: Center, person: int) -> Enrollment:
    row: Enrollment = center.rows(Enrollment, person_id=person)[0]
    return row


def test_a_member_goes_on_in_another_group(life: Life, center: Center) -> None:
    evening, morning = center.make(members=[life.person]).series_id, mornings(center)
    stay = life.admit().stay_id
    outcome = life.transfer(own(center, life.person), morning, FIRST_DAY + WEEK)
    assert lines(outcome) == [
        (What.ENROLLED, "Morning group", FIRST_DAY + WEEK),
        (What.LEFT, GROUP, FIRST_DAY + WEEK - DAY),
    ]
    assert life.terms() == [
        (evening, FIRST_DAY, FIRST_DAY + WEEK - DAY),
        (morning, FIRST_DAY + WEEK, None),
    ]
    assert {row.stay_id for row in center.rows(Enrollment)} == {stay}
    assert center.last_audit() == ("enrollment.transferred", "series", morning)


def test_before_they_began_it_is_only_the_other_group(life: Life, center: Center) -> None:
    center.make(members=[life.person])
    morning = mornings(center)
    outcome = life.transfer(own(center, life.person), morning, TODAY)
    assert lines(outcome)[1] == (What.LEFT, GROUP)
    assert life.terms() == [(morning, FIRST_DAY, None)]


def test_without_a_place_there_the_old_one_stays(life: Life, center: Center) -> None:
    center.make(members=[life.person])
    morning = mornings(center, capacity=1, members=[center.people.other_member.id])
    before = life.picture()
    with pytest.raises(Conflict, match="full"):
        life.transfer(own(center, life.person), morning, FIRST_DAY)
    assert life.picture() == before


def test_closed_and_unknown_groups_late_days_and_stale_pages_are_refused(life: Life, center: Center) -> None:
    evening = center.make(members=[life.person]).series_id
    closed, morning = mornings(center, closed=True), mornings(center)
    row = own(center, life.person)
    with pytest.raises(Refused):
        life.transfer(row, closed, FIRST_DAY)
    with pytest.raises(NotFound):
        life.transfer(row, 999, FIRST_DAY)
    with pytest.raises(Invalid):
        life.transfer(row, evening, FIRST_DAY)
    with pytest.raises(Conflict):
        life.transfer(row, morning, FIRST_DAY, revision=9)
    with pytest.raises(NotFound):
        life.transfer(row, morning, FIRST_DAY, enrollment_id=999)


def test_undone_they_are_where_they_were(life: Life, center: Center) -> None:
    center.make(members=[life.person])
    morning = mornings(center)
    life.admit()
    before = life.picture()
    for first in (FIRST_DAY, FIRST_DAY + WEEK):
        uids = {row.uid: row.sequence for row in center.rows(Enrollment)}
        life.undo(life.transfer(own(center, life.person), morning, first))
        assert life.picture() == before
        [row] = center.rows(Enrollment)
        assert row.sequence > uids[row.uid]


def test_who_has_the_old_place_keeps_it_when_it_is_to_be_undone(life: Life, center: Center) -> None:
    evening = center.make(members=[life.person], capacity=1).series_id
    outcome = life.transfer(own(center, life.person), mornings(center), FIRST_DAY)
    life.join(evening, center.people.other_member.id)
    with pytest.raises(Conflict, match="Somebody else has the place"):
        life.undo(outcome)


def test_what_a_coordinator_changed_since_keeps_a_transfer(life: Life, center: Center) -> None:
    center.make(members=[life.person])
    outcome = life.transfer(own(center, life.person), mornings(center), FIRST_DAY + WEEK)
    [new] = center.rows(Enrollment, until_date=None)
    words = {"enrollment_id": new.id, "revision": new.revision}
    center.do(end_enrollment, until_date=FIRST_DAY + 5 * WEEK, **words)
    before = life.picture()
    with pytest.raises(Refused, match="What they belong to was changed since"):
        life.undo(outcome)
    assert life.picture() == before


def test_nobody_undoes_what_was_done_to_another(life: Life, center: Center) -> None:
    outcome = life.admit()
    with pytest.raises(NotFound):
        center.do(undo, person_id=center.people.other_member.id, memory_id=outcome.memory_id)
    with pytest.raises(NotFound):
        center.do(undo, person_id=life.person, memory_id=999)
