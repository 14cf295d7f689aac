"""Handing a sheet in."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance import confirming, queries, service
from scheduler.domain.attendance.assembly import Tally
from scheduler.domain.attendance.merging import Wanted
from scheduler.domain.attendance.statuses import Status, Value
from scheduler.errors import Invalid, NotFound
from tests.support.evenings import Group
from tests.support.people import Everybody


def test_a_sheet_with_every_mark_is_submitted_once(
    people: Everybody, group: Group, session: Database
) -> None:
    dana, odile = people.facilitator, people.coordinator
    absent = Wanted(people.member.id, Value(Status.ABSENT))
    service.save_marks(
        session, actor=dana.actor, occurrence_id=group.occurrence, marks=[absent], now=group.during
    )
    service.mark_rest(
        session, actor=dana.actor, occurrence_id=group.occurrence, status=Status.PRESENT, now=group.during
    )
    said = confirming.submit(session, actor=dana.actor, occurrence_id=group.occurrence, now=group.during)
    assert said == confirming.Submitted(Tally(people=2, marked=2, here=1), headcount=None)
    later = group.during + timedelta(hours=1)
    confirming.submit(session, actor=odile.actor, occurrence_id=group.occurrence, now=later)
    head = queries.sheet(session, actor=dana.actor, occurrence_id=group.occurrence).head
    assert (head.submitted_by, head.submitted_at) == ("Dana R.", group.during)


def test_somebody_without_a_mark_is_asked_about_first(
    people: Everybody, group: Group, session: Database
) -> None:
    dana = people.facilitator.actor
    with pytest.raises(Invalid) as warning:
        confirming.submit(session, actor=dana, occurrence_id=group.occurrence, now=group.during)
    assert warning.value.fields == {"unmarked": "Some people have no mark."}
    said = confirming.submit(
        session, actor=dana, occurrence_id=group.occurrence, now=group.during, anyway=True
    )
    assert said == confirming.Submitted(Tally(people=2, marked=0, here=0), headcount=None)


def test_a_meeting_counted_by_heads_needs_its_number(
    people: Everybody, meeting: Group, session: Database
) -> None:
    femi = people.other_facilitator.actor
    with pytest.raises(Invalid) as refusal:
        confirming.submit(
            session, actor=femi, occurrence_id=meeting.occurrence, now=meeting.during, anyway=True
        )
    assert refusal.value.fields == {"headcount": "Count the people first."}
    service.set_headcount(
        session, actor=femi, occurrence_id=meeting.occurrence, number=0, seen=None, now=meeting.during
    )
    said = confirming.submit(session, actor=femi, occurrence_id=meeting.occurrence, now=meeting.during)
    assert said == confirming.Submitted(Tally(0, 0, 0), headcount=0)


def test_nobody_else_submits(people: Everybody, group: Group, session: Database) -> None:
    for somebody in (people.member, people.other_facilitator, people.administrator):
        with pytest.raises(NotFound):
            confirming.submit(
                session, actor=somebody.actor, occurrence_id=group.occurrence, now=group.during, anyway=True
            )


def test_a_sheet_is_asked_about_before_its_session_has_begun(
    people: Everybody, group: Group, session: Database
) -> None:
    dana = people.facilitator.actor
    early = group.during - timedelta(hours=1)
    with pytest.raises(Invalid) as warning:
        confirming.submit(session, actor=dana, occurrence_id=group.occurrence, now=early, anyway=True)
    assert warning.value.fields == {"not_begun": "It has not begun yet."}
    said = confirming.submit(
        session, actor=dana, occurrence_id=group.occurrence, now=early, anyway=True, early=True
    )
    assert said == confirming.Submitted(Tally(people=2, marked=0, here=0), headcount=None)
