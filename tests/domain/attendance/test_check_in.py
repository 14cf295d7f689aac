"""A member comes in by themselves."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.access.digits import new_browser
from scheduler.domain.attendance import confirming, service
from scheduler.domain.attendance.arrivals import News, news_of
from scheduler.domain.attendance.checking_in import check_in
from scheduler.domain.attendance.merging import Outcome, Wanted
from scheduler.domain.attendance.models import Mark, MarkChange, Sheet
from scheduler.domain.attendance.not_meeting import record_not_met
from scheduler.domain.attendance.statuses import UNMARKED, Status, Value
from scheduler.domain.schedule.models import Series
from scheduler.errors import NotFound
from scheduler.store.audit import AuditEntry
from scheduler.store.transaction import transaction
from tests.support import factories
from tests.support.evenings import AT_SEVEN, Group
from tests.support.people import Everybody, Someone

Sessions = sessionmaker[Database]
SCAN = AT_SEVEN + timedelta(minutes=3, seconds=20)
"""Three whole minutes late; signing in takes a while more."""
THEN = SCAN + timedelta(minutes=4)


@pytest.fixture(autouse=True)
def _with_a_screen(sessions: Sessions, group: Group) -> None:
    choose(sessions, group, check_in=True)


def choose(sessions: Sessions, group: Group, **columns: object) -> None:
    with sessions() as session, transaction(session):
        series = session.get_one(Series, group.series)
        for name, value in columns.items():
            setattr(series, name, value)


def comes(
    sessions: Sessions, who: Someone, group: Group, scan: datetime = SCAN, now: datetime | None = None
) -> bool:
    with sessions() as session, transaction(session):
        return check_in(
            session,
            actor=who.actor,
            occurrence_id=group.occurrence,
            scanned_at=scan,
            once=new_browser(),
            now=now or scan + (THEN - SCAN),
        )


def mark(sessions: Sessions, who: Someone, group: Group, person: Someone, value: Value, seen: int) -> Outcome:
    with sessions() as session, transaction(session):
        wanted = [Wanted(person.id, value, seen=seen)]
        results = service.save_marks(
            session, actor=who.actor, occurrence_id=group.occurrence, marks=wanted, now=THEN
        )
    return results[0].outcome


def told(sessions: Sessions) -> list[tuple[int, str | None, int | None, int | None, int]]:
    """Every mark: whose, what, by whom, and how often it was changed."""
    with sessions() as session:
        rows = session.scalars(select(Mark).order_by(Mark.person_id)).all()
        return [(row.person_id, row.status, row.late_minutes, row.marked_by, row.revision) for row in rows]


def test_they_are_late_by_the_clock_of_their_scan_and_it_says_that_they_did_it(
    sessions: Sessions, people: Everybody, group: Group
) -> None:
    renee, marcus = people.member, people.other_member
    assert comes(sessions, renee, group)
    assert comes(sessions, renee, group)  # twice is once
    assert comes(sessions, marcus, group, AT_SEVEN - timedelta(minutes=30))
    assert told(sessions) == [
        (renee.id, "late", 3, renee.id, 1),
        (marcus.id, "present", None, marcus.id, 1),
    ]
    with sessions() as session:
        changes = session.execute(select(MarkChange.status, MarkChange.marked_by, MarkChange.marked_at))
        assert [tuple(row) for row in changes] == [
            ("late", renee.id, THEN),
            ("present", marcus.id, AT_SEVEN - timedelta(minutes=26)),
        ]
        noted = select(AuditEntry.actor, AuditEntry.person_id, AuditEntry.subject_id)
        acts = session.execute(noted.where(AuditEntry.action == "sheet.checked_in"))
        assert {tuple(row) for row in acts} == {
            (renee.id, renee.id, group.occurrence),
            (marcus.id, marcus.id, group.occurrence),
        }


def test_a_facilitator_s_mark_stands_and_they_can_correct_what_the_clock_said(
    sessions: Sessions, people: Everybody, group: Group
) -> None:
    renee, marcus, dana = people.member, people.other_member, people.facilitator
    present, absent = Value(Status.PRESENT), Value(Status.ABSENT)
    assert mark(sessions, dana, group, marcus, absent, 0) is Outcome.APPLIED
    assert not comes(sessions, marcus, group)
    assert comes(sessions, renee, group)
    assert mark(sessions, dana, group, renee, present, 0) is Outcome.CONFLICT  # she did not see it yet
    assert mark(sessions, dana, group, renee, present, 1) is Outcome.APPLIED
    assert not comes(sessions, renee, group)
    assert mark(sessions, dana, group, marcus, UNMARKED, 1) is Outcome.APPLIED
    assert comes(sessions, marcus, group)
    assert told(sessions) == [
        (renee.id, "present", None, dana.id, 2),
        (marcus.id, "late", 3, marcus.id, 3),
    ]


def test_nobody_comes_in_who_is_not_expected_or_at_another_time_or_where_it_was_not_chosen(
    sessions: Sessions, people: Everybody, group: Group, meeting: Group
) -> None:
    renee = people.member
    with sessions() as session, transaction(session):
        factories.enrollment(session, meeting.series, renee.id)
        later = factories.occurrence(session, group.series, datetime(2026, 7, 21, 19))
        called_off = factories.occurrence(session, group.series, datetime(2026, 7, 28, 19), booked=False)
        not_met = factories.occurrence(session, group.series, datetime(2026, 8, 4, 19))
        factories.hold(session, people.other_member.id, date(2026, 7, 13), date(2026, 7, 15))
        away = Group(group.series, group.post, later, SCAN)
    choose(sessions, meeting, check_in=True)
    week = timedelta(weeks=1)
    with sessions() as session, transaction(session):
        record_not_met(
            session, actor=people.coordinator.actor, occurrence_id=not_met, reason="Snow", now=SCAN + 3 * week
        )
    for who, where, scan, now in (
        (people.other_facilitator, group, SCAN, THEN),
        (people.facilitator, group, SCAN, THEN),  # who leads is not on it
        (people.other_member, group, SCAN, THEN),  # on hold
        (renee, meeting, SCAN, THEN),  # heads, and mutual help
        (renee, group, AT_SEVEN - timedelta(minutes=31), THEN),
        (renee, group, AT_SEVEN - timedelta(minutes=31), AT_SEVEN - timedelta(minutes=29)),
        (renee, group, group.during + timedelta(hours=2), group.during + timedelta(hours=2)),
        (renee, group, SCAN, SCAN + timedelta(minutes=10)),
        (renee, group, SCAN, SCAN - timedelta(seconds=1)),
        (renee, away, SCAN, THEN),
        (renee, Group(0, 0, called_off, SCAN), SCAN + 2 * week, THEN + 2 * week),
        (renee, Group(0, 0, not_met, SCAN), SCAN + 3 * week, THEN + 3 * week),
        (renee, Group(0, 0, 10_000, SCAN), SCAN, THEN),
    ):
        assert not comes(sessions, who, where, scan, now)
    for chosen in ({"check_in": False}, {"counting": "heads"}, {"kind": "mutual_help"}):
        choose(sessions, group, **{"check_in": True, "counting": "minutes", "kind": "group", **chosen})
        assert not comes(sessions, renee, group)
    choose(sessions, group, check_in=True, counting="names", kind="skills")
    with sessions() as session, transaction(session):
        confirming.submit(
            session, actor=people.facilitator.actor, occurrence_id=group.occurrence, now=SCAN, anyway=True
        )
    assert not comes(sessions, renee, group)
    assert told(sessions) == []
    with sessions() as session:
        assert session.scalars(select(Sheet.occurrence_id).order_by(Sheet.id)).all() == [
            not_met,
            group.occurrence,
        ]


def test_an_open_sheet_is_told_what_it_does_not_know(
    sessions: Sessions, people: Everybody, group: Group
) -> None:
    renee, marcus, dana = people.member, people.other_member, people.facilitator

    def news(after: int, who: Someone = dana) -> tuple[int, dict[str, Value], set[int]]:
        with sessions() as session:
            found = news_of(session, actor=who.actor, occurrence_id=group.occurrence, after=after)
        return found.last, {line.short_name: line.value for line in found.lines}, set(found.others)

    assert news(0) == (0, {}, set())
    assert comes(sessions, renee, group)
    mark(sessions, dana, group, marcus, Value(Status.PRESENT), 0)
    late, present = Value(Status.LATE, 3), Value(Status.PRESENT)
    first, both, others = news(0)
    assert (both, others) == ({"Renee T.": late, "Marcus T.": present}, {renee.id})
    assert news(first) == (first, {}, set())
    mark(sessions, people.coordinator, group, marcus, Value(Status.ABSENT), 1)
    last, changed, others = news(first)
    assert (last > first, changed, others) == (True, {"Marcus T.": Value(Status.ABSENT)}, {marcus.id})
    with sessions() as session:
        assert news_of(session, actor=dana.actor, occurrence_id=group.occurrence, after=last) == News(last)
        for stranger in (renee, people.other_facilitator):
            with pytest.raises(NotFound):
                news_of(session, actor=stranger.actor, occurrence_id=group.occurrence, after=0)
