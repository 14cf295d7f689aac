"""Threads that begin together, each with a transaction of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.errors import Conflict
from scheduler.store.transaction import transaction

T = TypeVar("T")
Act = Callable[[Database], T]


def race(sessions: sessionmaker[Database], acts: Sequence[Act[T]]) -> list[T | Conflict]:
    """What each act answered, or the conflict that it met; any other error is raised."""
    together = Barrier(len(acts))

    def run(act: Act[T]) -> T | Conflict:
        together.wait()
        try:
            with sessions() as session, transaction(session):
                return act(session)
        except Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def winners(answers: Sequence[T | Conflict]) -> list[T]:
    """The answers that are no conflict."""
    return [answer for answer in answers if not isinstance(answer, Conflict)]
