"""What cannot be taken back: steps before two records became one, and what would put two stays on one day."""

from collections.abc import Callable
from datetime import date

import pytest

from scheduler.domain.admissions.admit import Admission, admit
from scheduler.domain.admissions.change import change
from scheduler.domain.admissions.outcome import Outcome, Verb
from scheduler.domain.admissions.undo import CHANGED, JOINED, PLAN_CHANGED, TWO_AT_ONCE, last_done, undo
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.privacy.merge import merge
from scheduler.domain.stays.models import Hold, Stay
from scheduler.errors import NotFound, Refused
from scheduler.store.memory import Memory
from scheduler.store.transaction import transaction
from tests.domain.admissions.life import DAY, FIRST_DAY, TODAY, WEEK, Life
from tests.domain.planning.center import Center


def admitted(life: Life) -> Outcome:
    return life.admit(TODAY - 2 * WEEK)


def discharged(life: Life) -> Outcome:
    life.admit(TODAY - 2 * WEEK)
    return life.discharge(TODAY - DAY)


def welcomed_back(life: Life) -> Outcome:
    life.admit(TODAY - 2 * WEEK)
    life.hold(TODAY - WEEK)
    return life.back(TODAY)


def join(center: Center, first: int, second: int) -> None:
    center.do(
        lambda session, now, **_: merge(session, actor=SYSTEM, first_id=first, second_id=second, now=now)
    )


@pytest.mark.parametrize("step", [admitted, discharged, welcomed_back])
def test_a_step_before_records_were_joined_stays_as_it_is(
    life: Life, center: Center, step: Callable[[Life], Outcome]
) -> None:
    other = Life(center, center.people.other_member.id)
    outcome, theirs = step(life), other.admit(TODAY)
    join(center, life.person, other.person)
    before = life.picture()
    assert center.ask(last_done, life.person) is None
    for refused in (outcome, theirs):
        with pytest.raises(Refused if refused is outcome else NotFound) as raised:
            life.undo(refused)
        assert refused is theirs or str(raised.value) == JOINED
    assert life.picture() == before


def test_what_closed_them_is_no_step_and_later_steps_are_undone_as_ever(life: Life, center: Center) -> None:
    outcome = admitted(life)
    join(center, life.person, center.people.other_member.id)
    [_, closed] = center.rows(Memory, person_id=life.person)
    with pytest.raises(NotFound):
        center.do(undo, person_id=life.person, memory_id=closed.id)
    before = life.picture()
    assert life.undo(life.discharge(TODAY)) is Verb.DISCHARGE
    assert life.picture() == before
    with pytest.raises(Refused, match=JOINED):
        life.undo(outcome)


def test_a_counselor_whose_record_was_joined_is_not_put_back(life: Life, center: Center) -> None:
    dana, other = center.people.facilitator.id, center.people.other_facilitator.id
    center.do(admit, person_id=life.person, admission=Admission(TODAY, counselor_id=dana))
    stay = life.stay()
    words = {"stay_id": stay.id, "revision": stay.revision, "program_id": None, "site_id": None}
    outcome = center.do(change, counselor_id=None, **words)
    join(center, other, dana)
    with pytest.raises(Refused, match=PLAN_CHANGED):
        life.undo(outcome)
    assert life.stay().counselor_id is None


def of_stay(life: Life) -> Stay:
    return Stay(person_id=life.person, admitted_on=TODAY + DAY, changed_at=life.center.now)


def of_hold(life: Life) -> Hold:
    first: date = FIRST_DAY + WEEK
    words = {"stay_id": life.stay().id, "person_id": life.person, "made_at": life.center.now}
    return Hold(from_date=first, places="kept", **words)


def test_two_stays_or_two_pauses_on_one_day_are_never_made(life: Life, center: Center) -> None:
    life.admit(TODAY - WEEK)
    life.hold(FIRST_DAY)
    for step, row in (
        (lambda: life.back(FIRST_DAY + DAY), of_hold),
        (lambda: life.discharge(TODAY), of_stay),
    ):
        outcome = step()
        with center.sessions() as session, transaction(session):
            session.add(row(life))
        before = life.picture()
        with pytest.raises(Refused, match=TWO_AT_ONCE):
            life.undo(outcome)
        assert life.picture() == before
    assert set(CHANGED) == {"stay", "hold", "enrollment", "feed"}
