"""Erasing somebody with years of marks among many others."""

from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from benchmarks.crowd import NOW
from benchmarks.databases import analyze, fresh
from benchmarks.marks import make_marks
from benchmarks.measuring import Figure, seconds
from scheduler.domain.attendance.models import Mark
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.privacy.erase import erase
from scheduler.store.transaction import transaction

MARKS = 500_000
TIMES = 5


def figures(dialect: str, address: str, _folder: Path) -> list[Figure]:
    """The slowest of several people, each erased in a transaction of its own, the commit included."""
    with fresh(address, "bench_erasing") as engine:
        make_marks(engine, MARKS)
        analyze(engine)
        with Database(engine) as session:
            most = select(Mark.person_id).group_by(Mark.person_id).order_by(func.count().desc()).limit(TIMES)
            people = list(session.scalars(most))

        def one(person_id: int) -> None:
            with Database(engine) as session, transaction(session):
                erase(session, actor=SYSTEM, person_id=person_id, now=NOW, kept_until=date(2033, 7, 15))

        slowest = max(seconds(lambda person_id=each: one(person_id)) for each in people)
    return [Figure.beside(f"erase one of 2,000 with {MARKS:,} marks, {dialect}", slowest, "s", target=1)]
