"""Many people at once, written straight into the tables."""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session as Database

from scheduler.demo.names import FAMILY, GIVEN
from scheduler.domain.people import names
from scheduler.domain.people.models import Identity, Person, PersonRole
from scheduler.domain.people.roles import Role
from scheduler.store.revisions import CalendarRevision

NOW = datetime(2026, 7, 15, 20, tzinfo=UTC)


def full_names(how_many: int, seed: int = 90) -> Iterator[str]:
    """Names as they come: many share a first name, some all of it."""
    random = Random(seed)
    for _ in range(how_many):
        yield f"{random.choice(GIVEN)} {random.choice(FAMILY)}"


def make_members(engine: Engine, how_many: int) -> None:
    """So many members without accounts, with ids from 1 on."""
    numbers = range(1, how_many + 1)
    with Database(engine) as session, session.begin():
        session.execute(insert(Person), [{"id": each, "created_at": NOW, "revision": 1} for each in numbers])
        session.execute(
            insert(Identity),
            [
                {
                    "person_id": each,
                    "name": name,
                    "short_name": names.short_name(name),
                    "search_name": names.search_name(name),
                }
                for each, name in zip(numbers, full_names(how_many), strict=True)
            ],
        )
        session.execute(
            insert(PersonRole),
            [{"person_id": each, "role": Role.MEMBER, "given_at": NOW} for each in numbers],
        )
        session.execute(
            insert(CalendarRevision),
            [{"person_id": each, "revision": 1, "raised_at": NOW} for each in numbers],
        )
