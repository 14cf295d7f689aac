"""Recording sheets that were taken elsewhere."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance import queries, service
from scheduler.domain.attendance.assembly import Change, Line
from scheduler.domain.attendance.merging import Outcome, Wanted
from scheduler.domain.attendance.past import PastMark, PastSheet
from scheduler.domain.attendance.statuses import Status, Value
from scheduler.domain.people.roles import SYSTEM
from tests.support import factories
from tests.support.evenings import Group
from tests.support.people import Everybody
from tests.support.statements import counted

LATE = Value(Status.LATE, late_minutes=8)


def test_past_sheets_read_like_those_taken_here(people: Everybody, group: Group, session: Database) -> None:
    dana, renee = people.facilitator, people.member
    end = group.during + timedelta(hours=2)
    past = PastSheet(
        group.occurrence, dana.id, group.during, end, marks=(PastMark(renee.id, LATE),), walk_ins=2
    )
    made = service.record_past_sheets(session, actor=SYSTEM, sheets=[past], now=end)
    assert made == 1
    page = queries.sheet(session, actor=dana.actor, occurrence_id=group.occurrence)
    assert page.lines == (
        Line(people.other_member.id, "Marcus T."),
        Line(renee.id, "Renee T.", True, LATE, 1, "Dana R.", end),
    )
    assert page.history == (Change("Renee T.", LATE, "Dana R.", end),)
    assert (page.head.walk_ins, page.head.submitted_by, page.head.submitted_at) == (2, "Dana R.", end)
    result = service.save_marks(
        session,
        actor=dana.actor,
        occurrence_id=group.occurrence,
        marks=[Wanted(renee.id, Value(Status.PRESENT), seen=1)],
        now=end,
        reason="Came on foot",
    )
    assert result[0].outcome is Outcome.APPLIED


def test_many_past_sheets_take_few_statements(people: Everybody, group: Group, session: Database) -> None:
    members = [factories.member(session, f"Member {letter}") for letter in "ABCDEFGHIJ"]
    sheets = []
    for week in range(1, 41):
        start = datetime(2026, 7, 14, 19) - timedelta(weeks=week)
        occurrence = factories.occurrence(session, group.series, start)
        marks = tuple(PastMark(member, LATE) for member in members)
        sheets.append(PastSheet(occurrence, people.facilitator.id, group.during, group.during, marks))
    with counted(session) as statements:
        made = service.record_past_sheets(session, actor=SYSTEM, sheets=sheets, now=group.during)
    assert made == 400
    assert len(statements) <= 6


def test_no_sheets_are_no_statements(people: Everybody, session: Database, now: datetime) -> None:
    with counted(session) as statements:
        assert service.record_past_sheets(session, actor=SYSTEM, sheets=[], now=now) == 0
    assert statements == []
