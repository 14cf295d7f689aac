"""The demonstration center as it stands in the database."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.demo.accounts import ACCOUNTS
from scheduler.demo.center import make_center
from scheduler.domain.attendance.models import AbsenceNotice, Mark, Sheet
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.enrollment.week import occurrences_of_member
from scheduler.domain.mutual_help.models import ListedMeeting
from scheduler.domain.people.credentials import credentials_of
from scheduler.domain.people.models import Credential, Identity, PersonRole
from scheduler.domain.people.passwords import LEAST, require_good
from scheduler.domain.places.models import Room, Site
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.roster.queries import duties_of_person
from scheduler.domain.schedule.conflicts import Booking, Holder, overlaps
from scheduler.domain.schedule.models import Cause, Occurrence, Series
from scheduler.errors import Refused
from scheduler.store.base import Base
from tests.support.demonstration import Demonstration, fill
from tests.support.people import Everybody

NEW_YORK = ZoneInfo("America/New_York")


def count(center: Database, table: type[Base]) -> int:
    return center.scalar(select(func.count()).select_from(table)) or 0


def rows_of(center: Database, query: Any) -> list[tuple[str, int]]:
    return [(name, number) for name, number in center.execute(query)]


def person(center: Database, email: str) -> int:
    return center.scalars(select(Identity.person_id).where(Identity.email == email)).one()


def test_it_has_the_size_that_was_promised(center: Database) -> None:
    assert (count(center, Site), count(center, Room), count(center, ListedMeeting)) == (3, 9, 40)
    roles = select(PersonRole.role, func.count()).group_by(PersonRole.role)
    assert dict(rows_of(center, roles)) == {
        "administrator": 1,
        "coordinator": 1,
        "facilitator": 25,
        "member": 180,
        "reviewer": 1,
        "trusted_servant": 1,
    }
    groups = select(func.count()).select_from(Series).where(Series.kind == "group")
    assert center.scalar(groups) == 14


def test_nearly_all_past_sheets_are_handed_in_and_two_are_owed(
    center: Database, demonstration: Demonstration
) -> None:
    past = (
        select(Occurrence.id, Sheet.submitted_at)
        .join(Series, Series.id == Occurrence.series_id)
        .outerjoin(Sheet, Sheet.occurrence_id == Occurrence.id)
        .where(Series.listed.is_(False), Occurrence.booked)
        .where(Occurrence.ends_at < demonstration.now - timedelta(minutes=25))
    )
    states = Counter(submitted is not None for _, submitted in center.execute(past))
    assert states[True] > 1500
    assert states[False] == 2
    late = select(func.count()).select_from(Sheet).where(Sheet.submitted_at > demonstration.now)
    assert center.scalar(late) == 0


def test_attendance_is_plausible(center: Database) -> None:
    marks = dict(rows_of(center, select(Mark.status, func.count()).group_by(Mark.status)))
    total = sum(marks.values())
    assert set(marks) == {"present", "late", "left_early", "excused", "absent"}
    assert 0.7 < marks["present"] / total < 0.85
    assert 0.05 < marks["absent"] / total < 0.15
    heads = select(Sheet.headcount).where(Sheet.headcount.is_not(None))
    assert all(8 <= number < 24 for number in center.scalars(heads))


def test_nothing_collides_but_for_one_collision_that_somebody_wanted(center: Database) -> None:
    rooms = (
        select(Occurrence.room_id, Occurrence.starts_at, Occurrence.ends_at, Occurrence.id)
        .join(Room, Room.id == Occurrence.room_id)
        .where(Occurrence.booked, Room.shared.is_(False))
    )
    duties = select(Duty.person_id, Duty.starts_at, Duty.ends_at, Duty.occurrence_id).where(Duty.booked)
    bookings = [Booking(Holder.ROOM, *row) for row in center.execute(rooms)]
    bookings += [Booking(Holder.FACILITATOR, *row) for row in center.execute(duties)]
    [found] = list(overlaps(bookings))
    wanted = select(Occurrence.id).where(Occurrence.override_reason != "")
    assert center.scalars(wanted).one() in {found.first.occurrence, found.second.occurrence}


def test_sessions_were_cancelled_and_moved_and_somebody_stood_in(center: Database) -> None:
    causes = select(Cause.type, func.count()).group_by(Cause.type).order_by(Cause.type)
    assert rows_of(center, causes) == [("coordinator", 8), ("holiday", 3)]
    moved = select(func.count()).select_from(Occurrence).where(Occurrence.own_start)
    assert center.scalar(moved) == 6
    stood_in = select(func.count()).select_from(Duty).join(Post, Post.id == Duty.post_id)
    assert center.scalar(stood_in.where(Duty.person_id != Post.person_id)) == 4


def test_the_week_of_its_member_has_something_of_everything(
    center: Database, demonstration: Demonstration
) -> None:
    monday = datetime(2026, 7, 13, 4, tzinfo=UTC)
    week = occurrences_of_member(
        center, person(center, "member@demo.example"), monday, monday + timedelta(weeks=1)
    )
    assert [(each.title, each.local_start, each.is_moved, each.takes_place) for each in week] == [
        ("Talk with Dana", datetime(2026, 7, 16, 10), False, True),
        ("Thursday evening group", datetime(2026, 7, 16, 19), False, True),
        ("Saturday meeting", datetime(2026, 7, 18, 9), False, True),
        ("Job skills", datetime(2026, 7, 18, 17, 30), True, True),
        (
            "",
            datetime(2026, 7, 19, 18),
            False,
            False,
        ),  # the title may name others
    ]


def test_its_facilitator_leads_today(center: Database, demonstration: Demonstration) -> None:
    begin = datetime(2026, 7, 16, tzinfo=NEW_YORK).astimezone(UTC)
    today = duties_of_person(
        center, person(center, "facilitator@demo.example"), begin, begin + timedelta(days=1)
    )
    titles = [duty.title for duty in today]
    assert titles[0] == "Morning check-in"
    assert titles[-1] == "Thursday evening group"
    assert "Talk with Dana" in titles


def test_it_shows_limits_credentials_and_somebody_who_can_t_make_it(
    center: Database, demonstration: Demonstration
) -> None:
    limits = select(Series.least_people, Series.most_people, Series.least_minutes).where(
        Series.least_people.is_not(None)
    )
    found = Counter(tuple(row) for row in center.execute(limits))
    assert found == {(2, 12, 60): 7, (2, 10, 60): 1}
    dana, today = person(center, "facilitator@demo.example"), demonstration.now.date()
    held = credentials_of(center, dana)
    assert [each.kind for each in held] == ["Group supervisor", "Certified counselor"]
    over = center.scalars(select(Credential.person_id).where(Credential.valid_until < today)).all()
    assert len(over) == 1
    says = (
        select(Series.title, AbsenceNotice.reason)
        .join(Occurrence, Occurrence.id == AbsenceNotice.occurrence_id)
        .join(Series, Series.id == Occurrence.series_id)
    )
    assert [tuple(row) for row in center.execute(says)] == [("Thursday evening group", "work")]


def test_members_come_and_go(center: Database) -> None:
    today = date(2026, 7, 16)
    runs = center.execute(select(Enrollment.from_date, Enrollment.until_date)).all()
    assert len(runs) > 350
    assert sum(last is not None and last < today for _, last in runs) > 60
    assert sum(last is not None and last > today for _, last in runs) > 30
    assert sum(first > today for first, _ in runs) > 5


def test_accounts_have_passwords_that_pages_would_accept() -> None:
    for account in ACCOUNTS:
        assert len(account.password) >= LEAST
        require_good(account.password, about=[account.name, account.email])
    assert [account.email for account in ACCOUNTS] == [
        "admin@demo.example",
        "coordinator@demo.example",
        "facilitator@demo.example",
        "member@demo.example",
        "servant@demo.example",
        "reviewer@demo.example",
    ]


@pytest.mark.databases("postgresql")
def test_it_can_be_made_on_postgresql_too(database_url: str, sessions: sessionmaker[Database]) -> None:
    fill(database_url, datetime(2026, 7, 19, 20, tzinfo=UTC))
    with sessions() as session:
        assert count(session, Series) > 100


def test_a_database_that_holds_anybody_is_refused(
    people: Everybody, session: Database, now: datetime
) -> None:
    with pytest.raises(Refused, match="This database holds people already"):
        make_center(session, hashes={}, timezone="America/New_York", now=now)
