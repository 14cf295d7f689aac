"""That nobody met, recorded afterwards: it stands in the way of marks, and marks stand in its way."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.attendance import confirming, queries, service
from scheduler.domain.attendance.agenda import agenda_of
from scheduler.domain.attendance.leading import led_by
from scheduler.domain.attendance.merging import Wanted
from scheduler.domain.attendance.models import Mark, Sheet
from scheduler.domain.attendance.not_meeting import record_not_met, take_back_not_met
from scheduler.domain.attendance.opening import Phase
from scheduler.domain.attendance.recorded import recorded_of
from scheduler.domain.attendance.statuses import UNMARKED, Status, Value
from scheduler.domain.schedule.models import Cause, Occurrence
from scheduler.errors import Conflict, Invalid, NotFound, Refused
from scheduler.store.audit import AuditEntry
from scheduler.store.revisions import CalendarRevision
from scheduler.store.transaction import transaction
from tests.support import factories
from tests.support.evenings import Group
from tests.support.people import Everybody, Someone

SNOW = "Snow: the house was shut"
DAY = timedelta(days=1)
ROUNDS = 6


def record(session: Database, who: Someone, group: Group, reason: str = SNOW) -> None:
    record_not_met(session, actor=who.actor, occurrence_id=group.occurrence, reason=reason, now=group.during)


def take_back(session: Database, who: Someone, group: Group, seen: str = SNOW) -> None:
    take_back_not_met(session, actor=who.actor, occurrence_id=group.occurrence, seen=seen, now=group.during)


def mark(session: Database, who: Someone, group: Group, person: int, value: Value, seen: int = 0) -> None:
    marks = [Wanted(person, value, seen)]
    service.save_marks(
        session, actor=who.actor, occurrence_id=group.occurrence, marks=marks, now=group.during
    )


def test_it_is_on_the_sheet_and_on_record_and_the_plan_and_calendars_stay(
    people: Everybody, group: Group, session: Database
) -> None:
    calendars = dict(iter(session.execute(select(CalendarRevision.person_id, CalendarRevision.revision))))
    record(session, people.coordinator, group, f"  {SNOW} ")
    head = queries.head_of(session, actor=people.facilitator.actor, occurrence_id=group.occurrence)
    assert (head.not_met_by, head.not_met_at, head.not_met_reason) == ("Odile K.", group.during, SNOW)
    assert head.phase(group.during) is Phase.NOT_MET
    row = session.get_one(Occurrence, group.occurrence)
    assert (row.booked, row.revision, row.sequence, session.query(Cause).count()) == (True, 1, 0, 0)
    assert calendars == dict(
        iter(session.execute(select(CalendarRevision.person_id, CalendarRevision.revision)))
    )
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.subject, entry.subject_id, entry.actor, entry.detail) == (
        "sheet.not_met",
        "sheet",
        group.occurrence,
        people.coordinator.id,
        {},
    )


def test_nobody_missed_it_and_no_sheet_is_asked_for(
    people: Everybody, group: Group, session: Database
) -> None:
    record(session, people.coordinator, group)
    span = group.during - DAY, group.during + DAY
    [recorded] = recorded_of(session, people.member.id, *span, most=9)
    assert (recorded.value, recorded.not_met) == (UNMARKED, True)
    led = led_by(session, people.facilitator.id, *span)
    tonight, tomorrow = (agenda_of(led, group.during + days * DAY) for days in (0, 1))
    assert (tonight.next, [one.is_not_met for one in tonight.today]) == (None, [True])
    assert tomorrow.debts == ()


def test_taken_back_the_sheet_can_be_taken(people: Everybody, group: Group, session: Database) -> None:
    odile, dana, renee = people.coordinator, people.facilitator, people.member.id
    record(session, odile, group)
    take_back(session, odile, group)
    take_back(session, odile, group)
    sheet = session.scalars(select(Sheet)).one()
    assert (sheet.not_met_at, sheet.not_met_by, sheet.not_met_reason) == (None, None, "")
    mark(session, dana, group, renee, Value(Status.PRESENT))
    actions = [entry.action for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert actions[-3:] == ["sheet.not_met", "sheet.not_met_taken_back", "sheet.marked"]


def test_marks_stand_in_its_way_until_they_are_taken_back(
    people: Everybody, group: Group, session: Database
) -> None:
    mark(session, people.facilitator, group, people.member.id, Value(Status.ABSENT))
    with pytest.raises(Refused, match=r"Marks were recorded\. Take them back first\."):
        record(session, people.coordinator, group)
    mark(session, people.facilitator, group, people.member.id, UNMARKED, seen=1)
    record(session, people.coordinator, group)


def test_guests_and_heads_stand_in_its_way_but_none_do_not(
    people: Everybody, group: Group, meeting: Group, session: Database
) -> None:
    now, femi = group.during, people.other_facilitator.actor
    service.count_walk_ins(
        session,
        actor=people.facilitator.actor,
        occurrence_id=group.occurrence,
        number=1,
        seen=0,
        now=now,
    )
    for number, seen in ((4, None), (0, 4)):
        service.set_headcount(
            session, actor=femi, occurrence_id=meeting.occurrence, number=number, seen=seen, now=now
        )
        if number:
            with pytest.raises(Refused, match="People were counted"):
                record(session, people.coordinator, meeting)
    record(session, people.coordinator, meeting)
    with pytest.raises(Refused, match="People were counted"):
        record(session, people.coordinator, group)


def test_a_sheet_that_was_handed_in_stays(people: Everybody, group: Group, session: Database) -> None:
    dana = people.facilitator.actor
    confirming.submit(session, actor=dana, occurrence_id=group.occurrence, now=group.during, anyway=True)
    with pytest.raises(Refused, match="The sheet was handed in"):
        record(session, people.coordinator, group)


def test_nothing_is_recorded_where_nobody_met(people: Everybody, group: Group, session: Database) -> None:
    record(session, people.coordinator, group)
    dana = {"actor": people.facilitator.actor, "occurrence_id": group.occurrence, "now": group.during}
    saves: list[Callable[[], object]] = [
        lambda: mark(session, people.facilitator, group, people.member.id, Value(Status.PRESENT)),
        lambda: service.mark_rest(session, status=Status.ABSENT, **dana),
        lambda: service.count_walk_ins(session, number=1, seen=0, **dana),
        lambda: confirming.submit(session, anyway=True, **dana),
    ]
    for save in saves:
        with pytest.raises(Refused, match=f"It is recorded that nobody met: {SNOW}"):
            save()


def test_before_it_begins_it_can_only_be_cancelled(
    people: Everybody, group: Group, session: Database
) -> None:
    odile = people.coordinator.actor
    early = group.during - timedelta(hours=1)
    with pytest.raises(Refused, match="It has not begun yet"):
        record_not_met(session, actor=odile, occurrence_id=group.occurrence, reason=SNOW, now=early)
    session.get_one(Occurrence, group.occurrence).booked = False
    session.flush()
    with pytest.raises(Refused, match="This session was cancelled"):
        record(session, people.coordinator, group)


@pytest.mark.parametrize(("reason", "wrong"), [(" ", "Give a reason."), ("x" * 301, "A reason has at most")])
def test_it_wants_a_reason(
    people: Everybody, group: Group, session: Database, reason: str, wrong: str
) -> None:
    with pytest.raises(Invalid, match=wrong) as refusal:
        record(session, people.coordinator, group, reason)
    assert set(refusal.value.fields) == {"reason"}


def test_of_two_coordinators_the_first_reason_stands(
    people: Everybody, group: Group, session: Database
) -> None:
    record(session, people.coordinator, group)
    record(session, people.coordinator, group)
    with pytest.raises(Conflict, match=f"Somebody recorded this already: {SNOW}"):
        record(session, people.coordinator, group, "Nobody came")
    with pytest.raises(Conflict, match=f"Somebody recorded another reason: {SNOW}"):
        take_back(session, people.coordinator, group, seen="Nobody came")
    assert session.query(AuditEntry).filter_by(action="sheet.not_met").count() == 1


def test_it_is_no_business_of_who_may_not_take_the_sheet(
    people: Everybody, group: Group, session: Database
) -> None:
    with pytest.raises(NotFound):
        record(session, people.other_facilitator, group)


Act = Callable[[Database], object]


def at_once(sessions: sessionmaker[Database], *acts: Act) -> list[str]:
    """What becomes of both, by name."""
    said: list[str] = []
    together = Barrier(len(acts))

    def run(act: Act) -> None:
        together.wait(timeout=30)
        try:
            with sessions() as session, transaction(session):
                act(session)
        except (Conflict, Refused) as error:
            said.append(type(error).__name__)
        else:
            said.append("done")

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(said)


def both_say(sessions: sessionmaker[Database]) -> bool:
    """Is there a mark on a sheet of which nobody met?"""
    with sessions() as session:
        marked = select(Mark.id).join(Sheet, Sheet.id == Mark.sheet_id)
        query = marked.where(Mark.status.is_not(None), Sheet.not_met_at.is_not(None))
        return session.scalar(query) is not None


def test_somebody_marks_at_the_same_moment_and_only_one_of_them_is_saved(
    sessions: sessionmaker[Database], people: Everybody, group: Group
) -> None:
    def save(session: Database, on: Group) -> None:
        mark(session, people.coordinator, on, people.member.id, Value(Status.PRESENT))

    for each in _evenings(sessions, group):
        acts = (lambda s, on=each: record(s, people.coordinator, on), lambda s, on=each: save(s, on))
        assert at_once(sessions, *acts) == ["Refused", "done"]
    assert not both_say(sessions)


def _evenings(sessions: sessionmaker[Database], group: Group) -> list[Group]:
    """More evenings of the group, without a sheet."""
    with sessions() as session, transaction(session):
        return [
            replace(
                group, occurrence=factories.occurrence(session, group.series, datetime(2026, 7, 1 + day, 19))
            )
            for day in range(1, ROUNDS + 1)
        ]


@pytest.mark.databases("postgresql")
def test_without_taking_the_occurrence_first_both_are_saved(
    sessions: sessionmaker[Database], people: Everybody, group: Group
) -> None:
    """The same without the lock, which shows that the test above can fail."""
    looked = Barrier(2)
    with sessions() as session, transaction(session):
        mark(session, people.facilitator, group, people.member.id, Value(Status.PRESENT))
        mark(session, people.facilitator, group, people.member.id, UNMARKED, seen=1)

    def say(session: Database) -> None:
        assert session.query(Mark).filter(Mark.status.is_not(None)).count() == 0
        looked.wait(timeout=30)
        session.query(Sheet).update({"not_met_at": group.during, "not_met_reason": SNOW})

    def save(session: Database) -> None:
        assert session.query(Sheet).filter(Sheet.not_met_at.is_not(None)).count() == 0
        looked.wait(timeout=30)
        session.query(Mark).update({"status": "present"})

    assert at_once(sessions, say, save) == ["done", "done"]
    assert both_say(sessions)
