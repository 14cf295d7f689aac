"""A week's data for the board: 600 occurrences as rows, beside the page that loads them one by one."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import msgspec
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session as Database

from benchmarks.databases import analyze, fresh
from benchmarks.measuring import Figure
from benchmarks.planning_center import MONDAY, ZONE, make_planning_center
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.models import Identity
from scheduler.domain.places.models import Room
from scheduler.domain.planning.board import Shown, standing_between
from scheduler.domain.planning.reach import Reach
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.stays.models import Hold

WEEK = MONDAY + timedelta(weeks=2)


def figures(dialect: str, address: str, _folder: Path) -> list[Figure]:
    """CPU of this process; on a database in another process that is the server's part alone."""
    with fresh(address, "bench_board") as engine:
        center = make_planning_center(engine)
        analyze(engine)
        reach = Reach(center.coordinator, None, WEEK)
        with Database(engine) as session:
            value = _cpu_ms(lambda: _data(session, reach), 25)
        slow = _cpu_ms(lambda: _naively(engine), 3)
        with Database(engine) as session:
            assert _counted(msgspec.json.decode(_data(session, reach))) == _counted_naively(engine)
    name = f"the board's week of 600 occurrences, {dialect}"
    return [
        Figure.beside(f"{name}: CPU", value, "ms", baseline=slow, target=5),
        replace(
            Figure.beside(f"{name}: times as fast as the lazy loop", slow / value, "x", target=15),
            better="higher",
        ),
    ]


def _data(session: Database, reach: Reach) -> bytes:
    found = standing_between(session, WEEK, 7, reach=reach, shown=Shown(), reader_zone=ZONE.key)
    return msgspec.json.encode(found)


def _naively(engine: Engine) -> bytes:
    """As it is first written: each occurrence asks for its series, its room, who leads, who is expected."""
    with Database(engine) as session:
        return msgspec.json.encode(list(_lazily(session)))


def _lazily(session: Database) -> Iterator[dict[str, Any]]:
    week = Occurrence.local_start.between(_midnight(WEEK), _midnight(WEEK + timedelta(days=7)))
    for each in session.scalars(select(Occurrence).where(week).order_by(Occurrence.starts_at)):
        series = session.get_one(Series, each.series_id)
        room = session.get(Room, each.room_id)
        duties = session.scalars(select(Duty).where(Duty.occurrence_id == each.id)).all()
        names = [session.get_one(Identity, duty.person_id).short_name for duty in duties]
        day = each.original_start.date()
        belong = session.scalars(select(Enrollment).where(Enrollment.series_id == each.series_id)).all()
        expected = [one for one in belong if _holds(one, day) and not _is_away(session, one.person_id, day)]
        yield {
            "id": each.id,
            "title": series.title,
            "kind": series.kind,
            "start": each.local_start,
            "end": each.ends_at,
            "room": room.name if room else "",
            "leads": names,
            "expected": len(expected),
        }


def _holds(term: Enrollment | Hold, day: date) -> bool:
    return term.from_date <= day and (term.until_date is None or day <= term.until_date)


def _is_away(session: Database, person_id: int, day: date) -> bool:
    holds = session.scalars(select(Hold).where(Hold.person_id == person_id))
    return any(_holds(each, day) for each in holds)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)


def _cpu_ms(act: Callable[[], object], runs: int) -> float:
    act()
    spent = []
    for _ in range(runs):
        begin = process_time()
        act()
        spent.append(process_time() - begin)
    return median(spent) * 1000


def _counted(found: dict[str, Any]) -> tuple[int, int]:
    return len(found["sessions"]), sum(row[11] for row in found["sessions"])


def _counted_naively(engine: Engine) -> tuple[int, int]:
    found = msgspec.json.decode(_naively(engine))
    return len(found), sum(each["expected"] for each in found)
