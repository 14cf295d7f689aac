"""Tasks: written with a change, taken by one worker, done at least once."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.errors import Refused
from scheduler.store import outbox
from scheduler.store.outbox import LEASE, TRIES, Backlog, Outbox, Task
from scheduler.store.transaction import transaction
from tests.support.rounds import rounds

Sessions = sessionmaker[Database]


def put(sessions: Sessions, now: datetime, count: int = 1) -> None:
    with sessions() as session, transaction(session):
        for number in range(count):
            outbox.enqueue(session, kind="greet", payload={"person_id": number}, now=now)


def take(sessions: Sessions, now: datetime) -> Task | None:
    with sessions() as session, transaction(session):
        return outbox.lease(session, now=now)


def settle(sessions: Sessions, task: Task | None, now: datetime, error: str = "") -> bool:
    assert task is not None
    with sessions() as session, transaction(session):
        if error:
            return outbox.fail(session, task, now=now, error=error)
        return outbox.finish(session, task, now=now)


@pytest.mark.stress
@pytest.mark.parametrize("_round", rounds(10))
def test_two_workers_never_take_the_same_task(sessions: Sessions, now: datetime, _round: int) -> None:
    put(sessions, now, 60)

    def work(_number: int) -> list[int]:
        taken = []
        while (task := take(sessions, now)) is not None:
            taken.append(task.id)
        return taken

    with ThreadPoolExecutor(6) as threads:
        taken = Counter(task for tasks in threads.map(work, range(6)) for task in tasks)
    assert len(taken) == 60
    assert set(taken.values()) == {1}


@pytest.mark.databases("postgresql")
def test_without_the_lock_they_would(sessions: Sessions, now: datetime) -> None:
    """The twin: the same query, and nothing that keeps a second from reading what the first takes."""
    put(sessions, now, 2)
    met = threading.Barrier(2)

    def take_carelessly(_number: int) -> int:
        with sessions() as session, transaction(session):
            row = session.scalars(select(Outbox).where(Outbox.run_at <= now).order_by(Outbox.id)).first()
            assert row is not None
            met.wait(5)
            row.attempts += 1
            return row.id

    with ThreadPoolExecutor(2) as threads:
        assert len(set(threads.map(take_carelessly, range(2)))) == 1


def put_and_fail(sessions: Sessions, now: datetime) -> None:
    with sessions() as session, transaction(session):
        outbox.enqueue(session, kind="greet", payload={}, now=now)
        raise Refused


def test_a_task_comes_with_its_change_or_not_at_all(sessions: Sessions, now: datetime) -> None:
    with pytest.raises(Refused):
        put_and_fail(sessions, now)
    assert take(sessions, now) is None


def test_the_oldest_that_is_due_comes_first_and_what_is_not_due_waits(
    sessions: Sessions, now: datetime
) -> None:
    with sessions() as session, transaction(session):
        for minutes, kind in ((5, "later"), (-1, "second"), (-2, "first")):
            run_at = now + timedelta(minutes=minutes)
            outbox.enqueue(session, kind=kind, payload={}, now=now, run_at=run_at)
    assert [task and task.kind for task in (take(sessions, now) for _ in range(3))] == [
        "first",
        "second",
        None,
    ]
    later = take(sessions, now + timedelta(minutes=5))
    assert later is not None


def test_what_is_done_is_done(sessions: Sessions, now: datetime) -> None:
    put(sessions, now)
    task = take(sessions, now)
    assert task == Task(id=1, kind="greet", payload={"person_id": 0}, attempts=1)
    assert settle(sessions, task, now)
    assert not settle(sessions, task, now)
    assert take(sessions, now + timedelta(days=1)) is None


def test_a_worker_that_dies_gives_its_task_back_and_cannot_finish_it_afterwards(
    sessions: Sessions, now: datetime
) -> None:
    put(sessions, now)
    dead = take(sessions, now)
    assert take(sessions, now + LEASE - timedelta(seconds=1)) is None
    again = take(sessions, now + LEASE)
    assert again == Task(id=1, kind="greet", payload={"person_id": 0}, attempts=2)
    assert not settle(sessions, dead, now + LEASE)
    assert not settle(sessions, dead, now + LEASE, error="late")
    assert settle(sessions, again, now + LEASE)


def test_what_fails_is_tried_again_after_longer_and_longer_and_then_left(
    sessions: Sessions, now: datetime
) -> None:
    put(sessions, now)
    waits = []
    for _try in range(TRIES):
        task = take(sessions, now)
        assert settle(sessions, task, now, error="the mail server answered 451")
        with sessions() as session:
            after = session.scalars(select(Outbox.run_at)).one()
        waits.append(after - now)
        now = after
    assert waits == [timedelta(minutes=2**number) for number in range(1, TRIES + 1)]
    assert take(sessions, now + timedelta(days=9)) is None
    with sessions() as session:
        assert outbox.backlog(session, now=now) == Backlog(1, "the mail server answered 451", None)


def test_a_waiting_worker_sees_whether_something_is_due(sessions: Sessions, now: datetime) -> None:
    with sessions() as session:
        assert not outbox.is_due(session, now=now)
    put(sessions, now)
    with sessions() as session:
        assert not outbox.is_due(session, now=now - timedelta(seconds=1))
        assert outbox.is_due(session, now=now)
        assert outbox.backlog(session, now=now) == Backlog(0, None, now)


def test_what_must_be_there_once_is_there_once(sessions: Sessions, now: datetime) -> None:
    def ask(day: int) -> None:
        with sessions() as session, transaction(session):
            outbox.enqueue_once(session, kind="daily", once=f"daily {day % 2}", now=now)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(ask, range(12)))
    with sessions() as session:
        assert sorted(session.scalars(select(Outbox.once))) == ["daily 0", "daily 1"]


def test_what_was_done_a_month_ago_is_cleared_away(sessions: Sessions, now: datetime) -> None:
    put(sessions, now, 2)
    settle(sessions, take(sessions, now), now)
    with sessions() as session, transaction(session):
        outbox.clean_up(session, now=now + timedelta(days=30))
    with sessions() as session, transaction(session):
        assert len(session.scalars(select(Outbox)).all()) == 2
        outbox.clean_up(session, now=now + timedelta(days=30, seconds=1))
        assert [row.done_at for row in session.scalars(select(Outbox))] == [None]
