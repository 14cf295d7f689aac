"""All conflicts of 26 weeks, in centers of three sizes, beside the loop over every pair."""

import math
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from benchmarks.crowd import NOW
from benchmarks.databases import analyze, fresh
from benchmarks.measuring import Figure, median_ms
from benchmarks.planning_center import SERIES, WEEKS, make_planning_center
from scheduler.domain.people.models import Person
from scheduler.domain.places.models import Room
from scheduler.domain.planning.colliding import collisions, meetings_apart
from scheduler.domain.roster.queries import facilitators_taken
from scheduler.domain.schedule.conflicts import Booking
from scheduler.domain.schedule.queries import rooms_taken

SCALES: Final = (1, 2, 4)
LOOPED: Final = 2
"""Weeks that the loop goes through; it takes with the square of the weeks, and is told for all of them."""


def figures(dialect: str, address: str, _folder: Path) -> list[Figure]:
    """The smallest center beside the loop; the larger ones beside what n log n would take from there."""
    found: list[Figure] = []
    first = 0.0
    for scale in SCALES:
        with fresh(address, f"bench_conflicts_{scale}") as engine:
            make_planning_center(engine, scale)
            analyze(engine)
            with Database(engine) as session:
                spent = median_ms(lambda session=session: _all(session), runs=7)
                looped = _looped(session) if scale == 1 else 0.0
        first = first or spent
        name = f"all conflicts, {SERIES * scale:,} sessions a week, {dialect}"
        if scale == 1:
            found.append(Figure.beside(f"{name} (loop over pairs)", spent, "ms", baseline=looped, target=150))
        else:
            grown = first * _n_log_n(scale) / _n_log_n(1)
            found.append(Figure.beside(f"{name} (n log n)", spent, "ms", baseline=grown, target=grown))
    return found


def _all(session: Database) -> None:
    collisions(session, now=NOW)
    meetings_apart(session, now=NOW)


def _n_log_n(scale: int) -> float:
    number = SERIES * WEEKS * scale
    return number * math.log(number)


def _looped(session: Database) -> float:
    """Milliseconds of every pair of what rooms and those who lead are taken for, members left out."""
    end = NOW + timedelta(weeks=LOOPED)
    rooms, persons = (set(session.scalars(select(table.id))) for table in (Room, Person))
    taken = [*rooms_taken(session, rooms, NOW, end), *facilitators_taken(session, persons, NOW, end)]
    return median_ms(lambda: _pairs(taken), runs=1) * (WEEKS / LOOPED) ** 2


def _pairs(bookings: list[Booking]) -> int:
    return sum(
        one.held == two.held and one.holder is two.holder and one.starts < two.ends and two.starts < one.ends
        for one, two in combinations(bookings, 2)
    )
