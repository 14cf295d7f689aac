"""Taking what a change concerns, in one order."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.people.models import Person
from scheduler.errors import Conflict
from scheduler.store.locks import lock
from scheduler.store.transaction import transaction
from tests.support import factories
from tests.support.people import Everybody

Sessions = sessionmaker[Database]
PERSONS = range(1, 7)


@pytest.mark.databases("postgresql")
def test_changes_that_cross_each_other_both_get_through(sessions: Sessions, people: Everybody) -> None:
    """Each locks the same persons, named in another order; see the twin in test_transaction.py."""
    with sessions() as session, transaction(session):
        rooms = [factories.room(session, name) for name in ("one", "two", "three")]

    def change(number: int) -> str:
        chance = random.Random(number)  # noqa: S311 -- the same orders every time
        try:
            for _round in range(10):
                with sessions() as session, transaction(session):
                    lock(
                        session,
                        persons=chance.sample(PERSONS, len(PERSONS)),
                        rooms=chance.sample(rooms, len(rooms)),
                    )
                    session.get_one(Person, chance.choice(PERSONS)).revision += 1
        except Conflict as conflict:
            return str(conflict)
        return "done"

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(change, range(8))) == {"done"}


def test_whoever_comes_second_waits_until_the_first_is_done(sessions: Sessions, people: Everybody) -> None:
    person_id, order = people.member.id, []
    locked = threading.Event()

    def first() -> None:
        with sessions() as session, transaction(session):
            lock(session, persons=[person_id])
            locked.set()
            threading.Event().wait(0.3)
            order.append("first")

    def second() -> None:
        locked.wait(5)
        with sessions() as session, transaction(session):
            lock(session, persons=[person_id])
            order.append("second")

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(first), threads.submit(second)]:
            done.result()
    assert order == ["first", "second"]


def test_nothing_to_lock_asks_nothing(session: Database) -> None:
    lock(session)
