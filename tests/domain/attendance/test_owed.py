"""Sheets that were not submitted by the next morning."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance import service
from scheduler.domain.attendance.confirming import submit
from scheduler.domain.attendance.not_meeting import record_not_met
from scheduler.domain.attendance.opening import LOCKS_AFTER
from scheduler.domain.attendance.owed import owed_sheets
from scheduler.domain.attendance.reopening import reopen
from scheduler.domain.attendance.statuses import Status
from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.places.models import Room
from tests.support import factories
from tests.support.evenings import AT_SEVEN, Group
from tests.support.people import Everybody
from tests.support.statements import counted

MORNING = AT_SEVEN + timedelta(hours=12)
MIDNIGHT = AT_SEVEN + timedelta(hours=5)


def test_each_is_asked_for_from_the_next_day_on_until_it_locks(
    people: Everybody, group: Group, meeting: Group, session: Database
) -> None:
    odile = people.coordinator.actor

    def owed(now: datetime, **more: int | None) -> list[int]:
        with counted(session.get_bind()) as statements:
            found = owed_sheets(session, actor=odile, now=now, **more)
        assert len(statements) == 1
        return [one.occurrence_id for one in found]

    both = [meeting.occurrence, group.occurrence]
    assert owed(MIDNIGHT - timedelta(minutes=1)) == [], "it is still its day"
    assert owed(MIDNIGHT) == owed(MORNING) == both, "the shorter one locks first"
    elm = session.query(Room.site_id).filter_by(name="hall").scalar()
    assert (owed(MORNING, site_id=elm), owed(MORNING, site_id=999)) == (both, [])
    [_, one] = owed_sheets(session, actor=odile, now=MORNING)
    assert (one.title, one.leads, one.is_begun) == ("Tuesday evening group", ("Dana R.",), False)
    locked = one.locks_at
    assert owed(locked - timedelta(seconds=1)) == [group.occurrence]
    assert owed(locked) == []
    sheet = {"actor": odile, "occurrence_id": group.occurrence, "now": locked}
    reopen(session, **sheet, reason="It was forgotten")
    assert owed(locked + LOCKS_AFTER / 2) == [group.occurrence]
    service.mark_rest(session, **sheet, status=Status.PRESENT)
    submit(session, **sheet)
    assert owed(locked + LOCKS_AFTER / 2) == []


def test_what_does_not_take_place_or_is_not_theirs_is_not_asked_for(
    people: Everybody, group: Group, meeting: Group, session: Database
) -> None:
    odile = people.coordinator
    factories.occurrence(session, group.series, datetime(2026, 7, 13, 19), booked=False)
    elsewhere = frozenset({(Role.COORDINATOR, 999)})
    limited = Actor(odile.id, None, frozenset({Role.COORDINATOR}), elsewhere)
    assert owed_sheets(session, actor=limited, now=MORNING) == ()
    assert owed_sheets(session, actor=people.facilitator.actor, now=MORNING) == ()
    record_not_met(session, actor=odile.actor, occurrence_id=group.occurrence, reason="Snow", now=MORNING)
    [one] = owed_sheets(session, actor=odile.actor, now=MORNING)
    assert one.occurrence_id == meeting.occurrence
