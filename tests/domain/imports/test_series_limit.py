"""One list makes so many sessions and no more; what is too much is a list of its own."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.imports import series_limit
from scheduler.domain.imports.judging import Outcome
from scheduler.domain.imports.series_columns import SERIES
from scheduler.domain.imports.series_limit import MOST_SESSIONS, TOO_MANY_SESSIONS
from scheduler.domain.schedule.models import Occurrence, Series
from tests.domain.imports.lists import Desk

HEADING = "Title | Day | Time | Length"


def daily(number: int) -> str:
    return f"Dosing {number} | every day | 7 AM | 60"


def test_rows_beyond_so_many_sessions_are_refused(desk: Desk) -> None:
    plan = replace(desk, kind=SERIES)
    batch = plan.bring(HEADING, *map(daily, range(40)), "Choir | Tuesday | 7 PM | 60")
    rows = plan.look(batch).rows
    new = [row.outcome is Outcome.NEW for row in rows]
    assert new == [True] * (MOST_SESSIONS // 183) + [False] * (41 - MOST_SESSIONS // 183)
    assert {row.effect.reasons for row in rows if row.outcome is not Outcome.NEW} == {(TOO_MANY_SESSIONS,)}


def test_as_many_as_it_may_are_made_and_the_rest_is_left_out(
    desk: Desk, sessions: sessionmaker[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(series_limit, "MOST_SESSIONS", 52)
    plan = replace(desk, kind=SERIES)
    weekly = [f"Choir {number} | Tuesday | 7 PM | 60" for number in range(3)]
    done = plan.apply(plan.bring(HEADING, *weekly))
    assert (done.new, len(done.left_out)) == (2, 1)
    with sessions() as session:
        assert session.scalars(select(Series.title).order_by(Series.id)).all() == ["Choir 0", "Choir 1"]
        assert session.scalar(select(func.count(Occurrence.id))) == 52
