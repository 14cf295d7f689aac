"""A free place and time in two weeks of a center, with four people who must be there."""

from datetime import date, time, timedelta
from pathlib import Path

from sqlalchemy.orm import Session as Database

from benchmarks.crowd import NOW
from benchmarks.databases import analyze, fresh
from benchmarks.measuring import Figure, median_ms
from benchmarks.planning_center import ZONE, make_planning_center
from scheduler.domain.places.queries import rooms
from scheduler.domain.planning.finding_place import STEP, Wish
from scheduler.domain.planning.searching import find_place
from scheduler.domain.schedule.kinds import Kind

MONDAY = date(2026, 7, 20)


def figures(dialect: str, address: str, _folder: Path) -> list[Figure]:
    """Where much is free, and where nothing is, so that all starts and rooms are tried."""
    with fresh(address, "bench_finding") as engine:
        center = make_planning_center(engine)
        analyze(engine)
        persons = (*center.facilitators[:2], *center.members[:2])
        span = {"first": MONDAY, "last": MONDAY + timedelta(days=13)}
        hours = {"earliest": time(8), "latest": time(21), "zone": ZONE, "persons": persons}
        with Database(engine) as session:
            offered = rooms(session)
            found = {}
            for name, places, weeks in (("once", 12, 1), ("weekly for 8 weeks", 12, 8), ("too many", 900, 1)):
                wish = Wish(minutes=90, places=places, weeks=weeks, **span, **hours)
                found[name] = median_ms(
                    lambda wish=wish: find_place(session, wish, kind=Kind.GROUP, rooms=offered, now=NOW), 7
                )
            tried = 14 * int((timedelta(hours=13) - wish.length) / STEP + 1) * len(offered)
    name = f"a free place among {tried:,} in two weeks, {dialect}"
    return [Figure.beside(f"{name}: {each}", spent, "ms", target=200) for each, spent in found.items()]
