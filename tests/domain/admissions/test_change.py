"""Another program, site or counselor within the same stay."""

from typing import Any

import pytest

from scheduler.domain.admissions.change import change
from scheduler.domain.admissions.outcome import Outcome, Verb
from scheduler.domain.stays.models import Stay
from scheduler.errors import Conflict, Invalid, Refused
from tests.domain.admissions.life import Life
from tests.domain.planning.center import Center


def changed(life: Life, **more: Any) -> Outcome:
    stay = life.stay()
    words = {"stay_id": stay.id, "revision": stay.revision, "program_id": None, "site_id": None}
    return life.center.do(change, **{**words, "counselor_id": None, **more})


def test_another_counselor_looks_after_them_until_it_is_undone(life: Life, center: Center) -> None:
    dana, femi = center.people.facilitator.id, center.people.other_facilitator.id
    life.admit(counselor_id=dana)
    before = life.picture()
    outcome = changed(life, counselor_id=femi)
    [stay] = center.rows(Stay)
    assert (stay.counselor_id, stay.revision) == (femi, 3)
    assert center.last_audit() == ("stay.changed", "stay", stay.id)
    assert life.undo(outcome) is Verb.CHANGE
    assert life.picture() == before


def test_what_is_not_there_a_stale_page_and_a_stay_that_ended_are_refused(life: Life) -> None:
    life.admit()
    for field in ("program_id", "site_id", "counselor_id"):
        with pytest.raises(Invalid) as refused:
            changed(life, **{field: 999})
        assert list(refused.value.fields) == [field]
    with pytest.raises(Conflict):
        changed(life, revision=9)
    life.discharge()
    with pytest.raises(Refused):
        changed(life)
