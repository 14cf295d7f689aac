"""Finding a person among twenty thousand by the beginnings of their names."""

from pathlib import Path

from sqlalchemy.orm import Session as Database

from benchmarks.crowd import make_members
from benchmarks.databases import analyze, fresh
from benchmarks.measuring import Figure, median_ms
from scheduler.domain.people.finding import found_by, person_of
from scheduler.domain.people.queries import people

PEOPLE = 20_000
TYPED = {
    "one letter": "m",
    "a beginning": "marc",
    "two words": "lucia pal",
    "accents": "BJÖRN ríos",
    "nobody": "xyz",
}


def figures(dialect: str, address: str, _folder: Path) -> list[Figure]:
    """The slowest and the usual search; the baseline is one person found by their id."""
    with fresh(address, "bench_people") as engine:
        make_members(engine, PEOPLE)
        analyze(engine)
        with Database(engine) as session:
            by_id = median_ms(lambda: person_of(session, PEOPLE // 2))
            found = {
                name: median_ms(lambda text=text: found_by(session, text)) for name, text in TYPED.items()
            }
            listed = median_ms(lambda: people(session, typed="marc", limit=50, skip=0))
    slowest = max(found, key=lambda name: found[name])
    name = f"search {PEOPLE:,} people, {dialect}"
    return [
        Figure.beside(f"{name}: {slowest} (slowest)", found[slowest], "ms", baseline=by_id, target=20),
        Figure.beside(f"{name}: a beginning", found["a beginning"], "ms", baseline=by_id, target=20),
        Figure.beside(f"{name}: administrators' list", listed, "ms", baseline=by_id, target=20),
    ]
