"""The nightly work: once a day, whoever does it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.attendance.models import Sheet, WalkIn, WalkInName
from scheduler.domain.people.models import Lockout, OneTimeLink, SignIn
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.planning.making import make_series
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.models import Occurrence
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.recurrence import Frequency, Rule
from scheduler.jobs.daily import name_of
from scheduler.jobs.worker import Worker
from scheduler.store.outbox import Outbox
from scheduler.store.transaction import transaction
from tests.jobs.conftest import Time
from tests.support import factories
from tests.support.people import Everybody

Sessions = sessionmaker[Database]
Workers = Callable[..., Worker]


@pytest.mark.parametrize(
    ("now", "zone", "name"),
    [
        (datetime(2026, 7, 15, 6, 59, tzinfo=UTC), "America/New_York", "daily 2026-07-14"),
        (datetime(2026, 7, 15, 7, 0, tzinfo=UTC), "America/New_York", "daily 2026-07-15"),
        (datetime(2026, 7, 15, 7, 0, tzinfo=UTC), "Europe/Berlin", "daily 2026-07-15"),
    ],
)
def test_a_day_begins_at_three_in_the_night(now: datetime, zone: str, name: str) -> None:
    assert name_of(now, zone) == name


def test_two_workers_do_it_once_a_day(sessions: Sessions, workers: Workers, time: Time) -> None:
    both = [workers(), workers()]
    done = []
    for _hour in range(49):
        done.append(sum(worker.run_all() for worker in both))
        time.passes(hours=1)
    assert sum(done) == 3
    with sessions() as session:
        names = session.scalars(select(Outbox.once).order_by(Outbox.id)).all()
    assert names == ["daily 2026-07-15", "daily 2026-07-16", "daily 2026-07-17"]


def test_it_plans_further_ahead(sessions: Sessions, workers: Workers, time: Time, people: Everybody) -> None:
    plan = Plan(
        kind=Kind.GROUP,
        title="Thursday group",
        first_start=datetime(2026, 7, 16, 19),
        minutes=90,
        timezone="America/New_York",
        rule=Rule(Frequency.WEEKLY, weekdays=(3,)),
    )
    with sessions() as session, transaction(session):
        make_series(session, actor=SYSTEM, plan=plan, now=time.now)

    def last() -> datetime:
        with sessions() as session:
            return session.scalars(select(func.max(Occurrence.local_start))).one()

    assert last() == datetime(2027, 1, 7, 19)
    workers().run_all()
    assert last() == datetime(2027, 1, 7, 19)
    time.passes(days=14)
    workers().run_all()
    assert last() == datetime(2027, 1, 21, 19)


def test_it_clears_away_what_is_over(
    sessions: Sessions, workers: Workers, time: Time, people: Everybody
) -> None:
    now = time.now
    with sessions() as session, transaction(session):
        for number, ends in enumerate([now - timedelta(seconds=1), now + timedelta(seconds=1)]):
            session.add(
                SignIn(person_id=people.member.id, secret_hash=f"{number}", created_at=now, expires_at=ends)
            )
            month_ago = ends - timedelta(days=30)
            session.add(
                OneTimeLink(
                    person_id=people.member.id, purpose="reset", created_at=month_ago, expires_at=month_ago
                )
            )
            session.add(Lockout(key=f"{number}", failures=1, last_failure_at=ends - timedelta(days=1)))
        elsewhere = factories.occurrence(session, factories.series(session), datetime(2026, 7, 13, 19))
        sheet = Sheet(occurrence_id=elsewhere, opened_at=now)
        session.add(sheet)
        session.flush()
        _walked_in(session, sheet.id, "Old N.", now - timedelta(days=3, seconds=1))
        _walked_in(session, sheet.id, "New N.", now - timedelta(days=2))
    workers(walk_in_days=3).run_all()
    with sessions() as session:
        assert session.scalars(select(WalkInName.name)).all() == ["New N."]
        assert session.scalars(select(WalkIn.status)).all() == ["present"] * 2
        assert session.scalars(
            select(SignIn.secret_hash).where(SignIn.expires_at < now + timedelta(days=1))
        ).all() == ["1"]
        assert len(session.scalars(select(OneTimeLink)).all()) == 1
        assert session.scalars(select(Lockout.key)).all() == ["1"]


def _walked_in(session: Database, sheet_id: int, name: str, at: datetime) -> None:
    walk_in = WalkIn(sheet_id=sheet_id, status="present", marked_at=at)
    session.add(walk_in)
    session.flush()
    session.add(WalkInName(walk_in_id=walk_in.id, name=name, written_at=at))
