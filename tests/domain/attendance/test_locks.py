"""Sheets lock, and are opened again."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance import confirming, queries, service
from scheduler.domain.attendance.agenda import agenda_of
from scheduler.domain.attendance.assembly import HEADCOUNT, REOPENED, Entry
from scheduler.domain.attendance.leading import led_by
from scheduler.domain.attendance.merging import Wanted
from scheduler.domain.attendance.models import SheetChange
from scheduler.domain.attendance.not_meeting import record_not_met
from scheduler.domain.attendance.opening import Phase
from scheduler.domain.attendance.reopening import reopen
from scheduler.domain.attendance.statuses import Status, Value
from scheduler.domain.people.roles import Actor, Role
from scheduler.errors import Invalid, NotFound, Refused
from scheduler.store.audit import AuditEntry
from tests.support.evenings import Group
from tests.support.people import Everybody

DAY = timedelta(days=1)
PRESENT = Value(Status.PRESENT)


@pytest.mark.parametrize("who", ["facilitator", "coordinator"])
def test_a_locked_sheet_takes_nothing_from_anybody_and_keeps_what_it_has(
    people: Everybody, group: Group, session: Database, who: str
) -> None:
    renee, actor = people.member.id, getattr(people, who).actor
    save = partial(service.save_marks, session, occurrence_id=group.occurrence)
    save(actor=people.facilitator.actor, marks=[Wanted(renee, PRESENT)], now=group.during)
    late = {"actor": actor, "occurrence_id": group.occurrence, "now": group.during + 15 * DAY}
    absent = [Wanted(renee, Value(Status.ABSENT), seen=1)]
    refused: list[Callable[[], object]] = [
        partial(service.save_marks, session, marks=absent, reason="So it was", **late),
        partial(service.mark_rest, session, status=Status.PRESENT, **late),
        partial(service.count_walk_ins, session, number=1, seen=0, **late),
        partial(confirming.submit, session, anyway=True, **late),
        partial(record_not_met, session, reason="Snow", **late),
    ]
    for act in refused:
        with pytest.raises(Refused, match="This sheet is locked"):
            act()
    page = queries.sheet(session, actor=actor, occurrence_id=group.occurrence)
    assert page.head.phase(late["now"]) is Phase.LOCKED
    assert [line.value for line in page.lines if line.person_id == renee] == [PRESENT]


def test_another_number_of_days_locks_sooner(people: Everybody, group: Group, session: Database) -> None:
    dana, now = people.facilitator.actor, group.during + 3 * DAY
    marks = [Wanted(people.member.id, PRESENT)]
    with pytest.raises(Refused):
        service.save_marks(
            session, actor=dana, occurrence_id=group.occurrence, marks=marks, now=now, locks=2 * DAY
        )
    service.save_marks(
        session, actor=dana, occurrence_id=group.occurrence, marks=marks, now=now, locks=4 * DAY
    )


def test_a_coordinator_opens_it_again_and_it_stands_on_the_sheet_and_on_the_facilitators_today(
    people: Everybody, group: Group, session: Database
) -> None:
    odile, dana, late = people.coordinator.actor, people.facilitator.actor, group.during + 40 * DAY
    confirming.submit(session, actor=dana, occurrence_id=group.occurrence, now=group.during, anyway=True)
    reopen(session, actor=odile, occurrence_id=group.occurrence, reason=" Two were mixed up ", now=late)
    page = queries.sheet(session, actor=dana, occurrence_id=group.occurrence)
    assert page.openings == (Entry(REOPENED, None, None, "Odile K.", late, "Two were mixed up"),)
    phases = [page.head.phase(late + days * DAY) for days in (0, 13, 14)]
    assert phases == [Phase.CLOSED, Phase.CLOSED, Phase.LOCKED]
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "sheet.reopened")).one()
    assert (entry.actor, entry.subject_id, entry.detail) == (odile.person_id, group.occurrence, {})
    led = led_by(session, people.facilitator.id, late - 15 * DAY, late + 8 * DAY)
    agenda = agenda_of(led, late)
    assert [one.occurrence_id for one in agenda.reopened] == [group.occurrence]
    assert (agenda.debts, agenda.today, agenda_of(led, late + 14 * DAY).reopened) == ((), (), ())


def test_only_a_coordinator_in_reach_opens_one_that_is_locked_and_says_why(
    people: Everybody, group: Group, session: Database
) -> None:
    odile, late = people.coordinator.actor, group.during + 40 * DAY
    again = partial(reopen, session, occurrence_id=group.occurrence)
    elsewhere = Actor(
        people.coordinator.id, None, frozenset({Role.COORDINATOR}), frozenset({(Role.COORDINATOR, 10_000)})
    )
    for actor in (people.facilitator.actor, people.administrator.actor, people.member.actor, elsewhere):
        with pytest.raises(NotFound):
            again(actor=actor, reason="Mixed up", now=late)
    with pytest.raises(Invalid) as missing:
        again(actor=odile, reason=" ", now=late)
    assert missing.value.fields == {"reason": "Give a reason."}
    with pytest.raises(Refused, match="This sheet is not locked"):
        again(actor=odile, reason="Mixed up", now=group.during + DAY)
    again(actor=odile, reason="Never taken", now=late)
    with pytest.raises(Refused, match="This sheet is not locked"):
        again(actor=odile, reason="Never taken", now=late)


def test_a_number_is_corrected_with_a_reason_and_what_it_was_is_kept(
    people: Everybody, meeting: Group, session: Database
) -> None:
    femi = people.other_facilitator.actor
    count = partial(service.set_headcount, session, actor=femi, occurrence_id=meeting.occurrence)
    count(number=17, seen=None, now=meeting.during)
    confirming.submit(session, actor=femi, occurrence_id=meeting.occurrence, now=meeting.during)
    later = meeting.during + DAY
    with pytest.raises(Invalid) as missing:
        count(number=18, seen=17, now=later)
    assert missing.value.fields.keys() == {"reason"}
    count(number=18, seen=17, now=later, reason="One came late")
    page = queries.sheet(session, actor=femi, occurrence_id=meeting.occurrence)
    assert (page.head.headcount, page.recounts) == (
        18,
        (Entry(HEADCOUNT, 18, 17, "Femi A.", later, "One came late"),),
    )
    rows = session.execute(select(SheetChange.what, SheetChange.number, SheetChange.reason)).all()
    assert rows == [(HEADCOUNT, 17, ""), (HEADCOUNT, 18, "One came late")]
