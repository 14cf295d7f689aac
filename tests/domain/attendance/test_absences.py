"""Somebody says beforehand that they can't make it: a proposal on the sheet, and nothing more by itself."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.attendance import confirming, queries, service
from scheduler.domain.attendance.absences import absences_of, say_absent, say_coming
from scheduler.domain.attendance.assembly import Absence
from scheduler.domain.attendance.leading import led_by
from scheduler.domain.attendance.merging import Outcome, Wanted
from scheduler.domain.attendance.models import AbsenceNotice
from scheduler.domain.attendance.statuses import UNMARKED, Excuse, Status, Value
from scheduler.domain.people.models import PersonRole
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.privacy.erase import erase
from scheduler.domain.privacy.merge import merge
from scheduler.domain.schedule.models import Occurrence
from scheduler.errors import Invalid, NotFound, Refused
from scheduler.store.audit import AuditEntry
from scheduler.store.transaction import transaction
from tests.support import factories
from tests.support.evenings import AT_SEVEN, Group
from tests.support.people import Everybody, Someone

Sessions = sessionmaker[Database]
NOON = AT_SEVEN - timedelta(hours=7)
"""Of the day itself: the sheet is open, and the group has not begun."""
UNWELL = Absence(Excuse.UNWELL)


def says(
    sessions: Sessions,
    who: Someone,
    group: Group,
    *,
    of: Someone | None = None,
    verb: Callable[..., None] = say_absent,
    now: datetime = NOON,
    **more: Any,
) -> None:
    person_id = (of or who).id
    with sessions() as session, transaction(session):
        verb(session, actor=who.actor, occurrence_id=group.occurrence, person_id=person_id, now=now, **more)


def rest(sessions: Sessions, people: Everybody, group: Group, status: Status, now: datetime) -> list[str]:
    with sessions() as session, transaction(session):
        results = service.mark_rest(
            session, actor=people.facilitator.actor, occurrence_id=group.occurrence, status=status, now=now
        )
    return [result.outcome for result in results]


def lines(sessions: Sessions, people: Everybody, group: Group) -> dict[str, tuple[Value, Absence | None]]:
    with sessions() as session:
        page = queries.sheet(session, actor=people.facilitator.actor, occurrence_id=group.occurrence)
    return {line.short_name: (line.value, line.absence) for line in page.lines}


def test_a_word_is_a_proposal_that_can_be_taken_back_and_said_again_and_each_is_on_record(
    sessions: Sessions, people: Everybody, group: Group
) -> None:
    renee = people.member
    says(sessions, renee, group)
    says(sessions, renee, group)
    says(sessions, renee, group, reason=Excuse.UNWELL)
    says(sessions, renee, group)  # the same button again takes no reason away
    assert lines(sessions, people, group) == {"Marcus T.": (UNMARKED, None), "Renee T.": (UNMARKED, UNWELL)}
    says(sessions, renee, group, verb=say_coming)
    says(sessions, renee, group, verb=say_coming)
    assert lines(sessions, people, group)["Renee T."] == (UNMARKED, None)
    says(sessions, people.coordinator, group, of=renee, reason=Excuse.WORK)
    with sessions() as session:
        row = session.scalars(select(AbsenceNotice)).one()
        assert (row.person_id, row.reason, row.said_by, row.taken_back_at) == (
            renee.id,
            "work",
            people.coordinator.id,
            None,
        )
        acts = session.execute(
            select(AuditEntry.action, AuditEntry.actor, AuditEntry.person_id, AuditEntry.detail)
        ).all()
    said = [tuple(act) for act in acts if act.action.startswith("absence.")]
    assert said == [
        ("absence.said", renee.id, renee.id, {}),
        ("absence.said", renee.id, renee.id, {}),
        ("absence.taken_back", renee.id, renee.id, {}),
        ("absence.said", people.coordinator.id, renee.id, {}),
    ]


def test_who_fills_the_gaps_leaves_them_out_and_the_facilitator_decides(
    sessions: Sessions, people: Everybody, group: Group
) -> None:
    renee, during = people.member, group.during
    says(sessions, renee, group, reason=Excuse.UNWELL)
    filled = rest(sessions, people, group, Status.PRESENT, during)
    assert sorted(filled) == [Outcome.APPLIED, Outcome.UNCHANGED]
    assert rest(sessions, people, group, Status.ABSENT, during) == [Outcome.UNCHANGED] * 2
    assert lines(sessions, people, group) == {
        "Marcus T.": (Value(Status.PRESENT), None),
        "Renee T.": (UNMARKED, UNWELL),
    }
    dana = people.facilitator
    with sessions() as session:
        page = queries.sheet(session, actor=dana.actor, occurrence_id=group.occurrence)
        led = led_by(session, dana.id, AT_SEVEN - timedelta(days=1), AT_SEVEN + timedelta(days=1))
    assert (page.unmarked, page.proposed, led[0].unmarked, led[0].say_absent) == (1, 1, 1, 1)
    with sessions() as session, transaction(session), pytest.raises(Invalid, match="no mark"):
        confirming.submit(session, actor=dana.actor, occurrence_id=group.occurrence, now=during)
    excused = Value(Status.EXCUSED, excuse=Excuse.UNWELL)
    with sessions() as session, transaction(session):
        wanted = [Wanted(renee.id, excused)]
        service.save_marks(
            session, actor=dana.actor, occurrence_id=group.occurrence, marks=wanted, now=during
        )
    with sessions() as session:
        page = queries.sheet(session, actor=dana.actor, occurrence_id=group.occurrence)
        led = led_by(session, dana.id, AT_SEVEN - timedelta(days=1), AT_SEVEN + timedelta(days=1))
        assert session.get_one(Occurrence, group.occurrence).booked
    assert (page.unmarked, page.proposed, led[0].unmarked, led[0].say_absent) == (0, 0, 0, 0)


def test_a_mark_that_stands_already_stands(sessions: Sessions, people: Everybody, group: Group) -> None:
    assert rest(sessions, people, group, Status.PRESENT, NOON) == [Outcome.APPLIED] * 2
    says(sessions, people.member, group)
    with sessions() as session:
        page = queries.sheet(session, actor=people.facilitator.actor, occurrence_id=group.occurrence)
    assert page.proposed == 0
    assert [line.value for line in page.lines] == [Value(Status.PRESENT)] * 2


def test_only_of_oneself_where_one_is_expected_and_until_it_begins(
    sessions: Sessions, people: Everybody, group: Group, meeting: Group
) -> None:
    renee, marcus = people.member, people.other_member
    with sessions() as session, transaction(session):
        factories.enrollment(session, meeting.series, renee.id)
        called_off = factories.occurrence(session, group.series, datetime(2026, 7, 21, 19), booked=False)
        on_hold = factories.occurrence(session, group.series, datetime(2026, 7, 28, 19))
        factories.hold(session, renee.id, date(2026, 7, 27), date(2026, 7, 29))
    for who, of, where, now, refused in (
        (renee, marcus, group.occurrence, NOON, NotFound),
        (people.other_facilitator, renee, group.occurrence, NOON, NotFound),
        (people.facilitator, people.coordinator, group.occurrence, NOON, NotFound),
        (renee, renee, meeting.occurrence, NOON, NotFound),  # counted by heads
        (renee, renee, on_hold, NOON, NotFound),
        (renee, renee, 10_000, NOON, NotFound),
        (renee, renee, called_off, NOON, Refused),
        (renee, renee, group.occurrence, AT_SEVEN, Refused),
    ):
        there = Group(group.series, group.post, where, group.during)
        for verb in (say_absent, say_coming):
            with pytest.raises(refused):
                says(sessions, who, there, of=of, verb=verb, now=now)
    ids = [group.occurrence, meeting.occurrence, called_off]
    says(sessions, renee, group, now=AT_SEVEN - timedelta(seconds=1))
    with sessions() as session:
        assert session.scalars(select(AbsenceNotice.occurrence_id)).all() == [group.occurrence]
        assert absences_of(session, renee.id, ids, now=NOON) == {group.occurrence: Absence()}
        assert absences_of(session, marcus.id, ids, now=NOON) == {group.occurrence: None}
        assert absences_of(session, renee.id, ids, now=AT_SEVEN) == {}


def test_of_a_colleague_who_is_a_member_nobody_else_says_it(
    sessions: Sessions, people: Everybody, group: Group
) -> None:
    """Odile does not see Femi among the members; Dana, who leads, does."""
    with sessions() as session, transaction(session):
        factories.enrollment(session, group.series, people.other_facilitator.id)
        session.add(PersonRole(person_id=people.other_facilitator.id, role="member", given_at=NOON))
    with pytest.raises(NotFound):
        says(sessions, people.coordinator, group, of=people.other_facilitator)
    says(sessions, people.facilitator, group, of=people.other_facilitator)
    assert lines(sessions, people, group)["Femi A."] == (UNMARKED, Absence())


def test_it_goes_when_a_record_is_erased_and_over_when_two_are_joined(
    sessions: Sessions, people: Everybody, group: Group
) -> None:
    renee, marcus = people.member, people.other_member
    with sessions() as session, transaction(session):
        later = factories.occurrence(session, group.series, datetime(2026, 7, 21, 19))
    says(sessions, renee, group)
    says(sessions, renee, group, verb=say_coming, now=NOON + timedelta(minutes=2))
    says(sessions, marcus, group, now=NOON + timedelta(minutes=1))
    with sessions() as session, transaction(session):
        session.add(AbsenceNotice(occurrence_id=later, person_id=marcus.id, said_at=NOON, reason="work"))
    with sessions() as session, transaction(session):
        merge(session, actor=SYSTEM, first_id=renee.id, second_id=marcus.id, now=NOON)
    with sessions() as session:
        rows = session.scalars(select(AbsenceNotice).order_by(AbsenceNotice.occurrence_id)).all()
        told = [(row.person_id, row.reason, row.taken_back_at is None) for row in rows]
    assert told == [(renee.id, None, False), (renee.id, "work", True)]
    with sessions() as session, transaction(session):
        erase(session, actor=SYSTEM, person_id=renee.id, now=NOON, kept_until=date(2032, 1, 1))
    with sessions() as session:
        assert session.scalars(select(AbsenceNotice)).all() == []
