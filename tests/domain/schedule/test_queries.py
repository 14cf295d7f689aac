from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session as Database

from scheduler.domain.schedule.dates import ALL_MADE
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.models import Series
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.queries import SeriesView, all_series, series_view
from scheduler.domain.schedule.recurrence import Frequency, Rule
from tests.support import factories


def test_a_series_is_told_with_its_place(session: Database) -> None:
    room_id = factories.room(session)
    group = factories.series(session, room_id=room_id)
    assert series_view(session, group) == SeriesView(
        id=group,
        lineage_id=group,
        revision=1,
        plan=Plan(
            kind=Kind.GROUP,
            title="Tuesday evening group",
            first_start=datetime(2026, 7, 14, 19),
            minutes=90,
            timezone="America/New_York",
            rule=Rule(Frequency.WEEKLY, weekdays=(1,)),
            room_id=room_id,
            counting=Counting.MINUTES,
        ),
        ends_on=None,
        made_until=None,
        room_name="room 2",
        site_name="Elm Street",
        join_link="",
    )
    assert series_view(session, 99) is None


def test_listed_meetings_are_not_planned_here(session: Database, now: datetime) -> None:
    listed = factories.series(session, listed=True)
    assert series_view(session, listed) is None
    assert all_series(session, now=now) == ()


def test_series_that_are_over_are_told_apart(session: Database, now: datetime) -> None:
    running, over = factories.series(session, "b running"), factories.series(session, "A over")
    factories.occurrence(session, over, datetime(2026, 7, 7, 19))
    session.get_one(Series, over).made_until = ALL_MADE
    session.get_one(Series, running).made_until = date(2027, 1, 1)
    last = factories.series(session, "C last one")
    factories.occurrence(session, last, datetime(2026, 7, 21, 19))
    session.get_one(Series, last).made_until = ALL_MADE
    session.flush()
    assert [each.id for each in all_series(session, now=now)] == [running, last]
    assert [each.id for each in all_series(session, now=now, ended=True)] == [over]
    assert [each.id for each in all_series(session, now=now + timedelta(days=7))] == [running]
