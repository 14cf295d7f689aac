"""Somebody is admitted, for the first time or again."""

import pytest

from scheduler.domain.admissions.admit import left_behind
from scheduler.domain.admissions.outcome import What
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.roles import Role
from scheduler.domain.people.service import give_role
from scheduler.domain.planning.ending import end_series
from scheduler.domain.stays.models import Stay
from scheduler.errors import Conflict, Invalid, Refused
from tests.domain.admissions.life import DAY, FIRST_DAY, TODAY, WEEK, Life, lines
from tests.domain.planning.center import Center

GROUP = "Tuesday evening group"


def test_a_stay_takes_what_they_belong_to_already(life: Life, center: Center) -> None:
    center.make(members=[life.person])
    center.make(members=[center.people.other_member.id], room_id=None)
    outcome = life.admit(counselor_id=center.people.facilitator.id)
    assert lines(outcome) == [(What.STAY_BEGINS, TODAY), (What.ADOPTED, GROUP)]
    [stay] = center.rows(Stay)
    assert (stay.admitted_on, stay.counselor_id, stay.kept_by) == (TODAY, center.people.facilitator.id, None)
    assert [row.stay_id for row in center.rows(Enrollment)] == [outcome.stay_id, None]
    assert center.last_audit() == ("stay.begun", "stay", outcome.stay_id)


def test_a_colleague_s_stay_is_the_business_of_who_made_it(life: Life, center: Center) -> None:
    dana = center.people.facilitator.id
    center.do(give_role, person_id=dana, role=Role.MEMBER)
    life.person = dana
    life.admit()
    assert life.stay().kept_by == center.people.coordinator.id


def test_one_stay_at_a_time(life: Life) -> None:
    life.admit()
    with pytest.raises(Refused):
        life.admit(TODAY + WEEK)


def test_only_members_are_admitted_and_only_to_what_is_there(life: Life, center: Center) -> None:
    for words in ({"program_id": 99}, {"site_id": 99}, {"counselor_id": life.person}):
        with pytest.raises(Invalid) as refused:
            life.admit(**words)
        assert list(refused.value.fields) == list(words)
    life.person = center.people.facilitator.id
    with pytest.raises(Invalid):
        life.admit()


def test_undone_there_was_no_admission(life: Life, center: Center) -> None:
    center.make(members=[life.person])
    before = life.picture()
    life.undo(life.admit())
    assert life.picture() == before


def test_what_was_enrolled_since_keeps_an_admission(life: Life, center: Center) -> None:
    made = center.make()
    outcome = life.admit()
    life.join(made.series_id, life.person)
    with pytest.raises(Refused, match="What they belong to was changed since"):
        life.undo(outcome)


def test_readmitted_they_are_in_their_groups_again_where_there_is_a_place(life: Life, center: Center) -> None:
    group = center.make(members=[life.person]).series_id
    small = center.make(members=[life.person], room_id=None, capacity=1, title="Small group").series_id
    over = center.make(members=[life.person], room_id=None, title="Cooking").series_id
    life.admit()
    center.now += 2 * WEEK
    life.discharge(FIRST_DAY)
    center.do(end_series, series_id=over, revision=1, last=FIRST_DAY + WEEK)
    again = FIRST_DAY + WEEK + DAY
    life.join(small, center.people.other_member.id, FIRST_DAY + DAY)
    offered = center.ask(left_behind, life.person, on=again)
    assert [each.title for each in offered] == ["Small group", GROUP]
    outcome = life.readmit(again, series=[group, small])
    assert [line for line in lines(outcome) if line[0] is not What.BUSY_THEN] == [
        (What.STAY_BEGINS, again),
        (What.ENROLLED, GROUP, again),
        (What.NO_PLACE, "Small group"),
    ]
    assert life.terms()[-1] == (group, again, None)
    assert center.rows(Enrollment, stay_id=outcome.stay_id)[0].series_id == group
    assert len(center.rows(Stay)) == 2


def test_a_readmission_undone_leaves_the_first_stay_alone(life: Life, center: Center) -> None:
    group = center.make(members=[life.person]).series_id
    life.admit()
    life.discharge()
    before = life.picture()
    outcome = life.readmit(TODAY + WEEK, series=[group])
    assert center.raised_by(lambda: life.undo(outcome)) == {life.person}
    assert life.picture() == before


def test_nobody_is_readmitted_while_they_are_here(life: Life) -> None:
    life.admit()
    with pytest.raises(Refused):
        life.readmit(TODAY + WEEK)
    with pytest.raises(Conflict):
        life.discharge(revision=9)
