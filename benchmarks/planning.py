"""Moving one occurrence and making a series in a full plan, beside an empty commit of the same database."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import sessionmaker

from benchmarks.crowd import NOW
from benchmarks.databases import analyze, fresh
from benchmarks.measuring import Figure
from benchmarks.planning_center import MONDAY, ZONE, Center, make_planning_center
from scheduler.domain.planning.making import NewEnrollment, NewPost, make_series
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.models import Occurrence
from scheduler.domain.schedule.plans import Plan
from scheduler.domain.schedule.recurrence import Frequency, Rule
from scheduler.store.transaction import transaction

RUNS = 40
MEMBERS = 12
OVER = "As measured"
"""What collides is kept with a reason, so that every call goes to its end."""


def figures(dialect: str, address: str, _folder: Path) -> list[Figure]:
    """Wall time of the service call with its commit, less that of a commit that writes one row."""
    with fresh(address, "bench_planning") as engine:
        center = make_planning_center(engine)
        analyze(engine)
        commit = _spent(lambda: _touch(engine, center))
        moved = _spent(_moving(engine, center))
        made = _spent(_making(engine, center))
    plan = f"in a plan of 600 a week, {dialect}"
    return [
        *_figures(f"moving one occurrence {plan}", moved, commit, target=3),
        *_figures(f"making a weekly series of 26 weeks {plan}", made, commit, target=40),
    ]


def _figures(
    name: str, spent: tuple[float, float], commit: tuple[float, float], *, target: float
) -> list[Figure]:
    wall, cpu = (own - base for own, base in zip(spent, commit, strict=True))
    beyond = Figure.beside(f"{name}: beyond the commit", wall, "ms", baseline=commit[0], target=target)
    return [beyond, Figure.beside(f"{name}: CPU of this process", cpu, "ms", baseline=commit[1])]


def _spent(act: Callable[[], object]) -> tuple[float, float]:
    """Medians in milliseconds, on the wall and of this process, after three that do not count."""
    spent = []
    for run in range(RUNS + 3):
        wall, cpu = perf_counter(), process_time()
        act()
        if run >= 3:
            spent.append(((perf_counter() - wall) * 1000, (process_time() - cpu) * 1000))
    return median(wall for wall, _ in spent), median(cpu for _, cpu in spent)


def _touch(engine: Engine, center: Center) -> None:
    with sessionmaker(engine)() as session, transaction(session):
        change = text("UPDATE site SET revision = revision + 1 WHERE id = :id")
        session.execute(change, {"id": center.sites[0]})


def _moving(engine: Engine, center: Center) -> Callable[[], object]:
    """One occurrence of another series each time, by five minutes, in its own room."""
    sessions = sessionmaker(engine, expire_on_commit=False)
    to_come = Occurrence.starts_at > NOW + timedelta(weeks=3)
    with sessions() as session:
        query = select(Occurrence).where(to_come, Occurrence.series_id.in_(center.series[: RUNS + 3]))
        rows = {row.series_id: row for row in session.scalars(query.order_by(Occurrence.starts_at.desc()))}
    waiting = iter(list(rows.values()))

    def act() -> None:
        row = next(waiting)
        with sessions() as session, transaction(session):
            move_occurrence(
                session,
                actor=center.coordinator,
                occurrence_id=row.id,
                revision=row.revision,
                local_start=row.local_start + timedelta(minutes=5),
                room_id=row.room_id,
                reason="The room is cleaned",
                override=OVER,
                now=NOW,
            )

    return act


def _making(engine: Engine, center: Center) -> Callable[[], object]:
    """A weekly group with a lead and twelve members, in one room after the other."""
    sessions = sessionmaker(engine, expire_on_commit=False)
    numbers = count()

    def act() -> None:
        number = next(numbers)
        day = MONDAY + timedelta(days=number % 5)
        plan = Plan(
            kind=Kind.GROUP,
            title=f"Group {number}",
            first_start=datetime.combine(day, datetime.min.time()) + timedelta(hours=21, minutes=30),
            minutes=60,
            timezone=ZONE.key,
            rule=Rule(Frequency.WEEKLY, weekdays=(day.weekday(),)),
            room_id=center.rooms[number % len(center.rooms)],
            capacity=MEMBERS,
            counting=Counting.MINUTES,
        )
        members = [
            center.members[(number * MEMBERS + place) % len(center.members)] for place in range(MEMBERS)
        ]
        with sessions() as session, transaction(session):
            make_series(
                session,
                actor=center.coordinator,
                plan=plan,
                posts=[NewPost(center.facilitators[number % len(center.facilitators)])],
                enrollments=[NewEnrollment(person) for person in members],
                override=OVER,
                now=NOW,
            )

    return act
