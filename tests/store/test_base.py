"""How instants and wall times are kept."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Dialect, bindparam, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session as Database

from scheduler.store.base import UtcInstant, WallTime

LITE: Dialect = sqlite.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own
TIMES = (
    datetime(2026, 7, 14, 23),
    datetime(2026, 7, 14, 23, 0, 59, 7),
    datetime(1, 1, 1),
    datetime(9999, 12, 31, 23, 59, 59, 999999),
)


@pytest.mark.parametrize("at", TIMES)
def test_sqlite_keeps_the_text_that_it_always_kept(at: datetime) -> None:
    theirs = sqlite.DATETIME().bind_processor(LITE)  # type: ignore[no-untyped-call]
    for kind, value in ((UtcInstant(), at.replace(tzinfo=UTC)), (WallTime(), at)):
        ours = kind.dialect_impl(LITE).bind_processor(LITE)
        assert ours is not None
        assert (ours(value), ours(None)) == (theirs(at), None)


@pytest.mark.parametrize("hours", [-5, 0, 14])
def test_an_instant_comes_back_in_utc_and_a_wall_time_as_it_was(session: Database, hours: int) -> None:
    at = datetime(2026, 7, 14, 23, 0, 59, 7, timezone(timedelta(hours=hours)))
    wall = at.replace(tzinfo=None)
    query = select(bindparam("at", at, UtcInstant()), bindparam("wall", wall, WallTime()))
    (found,) = session.execute(query)
    assert tuple(found) == (at.astimezone(UTC), wall)
    assert found[0].tzinfo is UTC
