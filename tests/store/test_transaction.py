"""One change, one transaction: what stands and falls together, and who waits for whom."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, delete, insert, select, text, update
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import scoped_session, sessionmaker

from scheduler.domain.people.models import Lockout, Person, PersonRole
from scheduler.errors import Conflict, Refused
from scheduler.store.transaction import BUSY, TAKEN, USED, transaction
from tests.support.people import Everybody

AT = datetime(2026, 7, 15, 20, tzinfo=UTC)
Sessions = sessionmaker[Database]


@pytest.fixture
def counter(sessions: Sessions) -> str:
    """A row that writers read first and raise then."""
    with sessions() as session, transaction(session):
        session.add(Lockout(key="counter", failures=0, last_failure_at=AT))
    return "counter"


def count_of(sessions: Sessions) -> int:
    with sessions() as session:
        return session.scalars(select(Lockout.failures)).one()


def raise_by_one(session: Database) -> None:
    row = session.scalars(select(Lockout).with_for_update()).one()
    row.failures += 1


def test_writers_that_read_first_wait_for_each_other(sessions: Sessions, counter: str) -> None:
    def write(_number: int) -> None:
        with sessions() as session:
            session.scalars(select(Lockout.failures)).one()  # as the user loader does
            with transaction(session):
                raise_by_one(session)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(40)))
    assert count_of(sessions) == 40


@pytest.mark.databases("sqlite")
def test_without_it_the_second_writer_is_refused_at_once(sessions: Sessions, counter: str) -> None:
    """The twin: a plain BEGIN, and the lock asked for when it is too late; the timeout does not help."""
    with sessions() as first, sessions() as second:
        for session in (first, second):
            session.scalars(select(Lockout.failures)).one()
        first.execute(update(Lockout).values(failures=1))
        first.commit()
        with pytest.raises(OperationalError, match="database is locked"):
            second.execute(update(Lockout).values(failures=2))


def test_what_was_read_before_is_read_again_inside(sessions: Sessions, counter: str) -> None:
    with sessions() as session:
        row = session.scalars(select(Lockout)).one()
        with sessions() as other, transaction(other):
            raise_by_one(other)
        assert row.failures == 0
        with transaction(session):
            assert session.scalars(select(Lockout)).one().failures == 1


def raise_and_fail(sessions: Sessions) -> None:
    with sessions() as session, transaction(session):
        raise_by_one(session)
        session.flush()
        raise Refused


def test_all_of_it_is_written_or_nothing(sessions: Sessions, counter: str) -> None:
    with pytest.raises(Refused):
        raise_and_fail(sessions)
    assert count_of(sessions) == 0


def test_a_scoped_session_is_opened(sessions: Sessions, counter: str) -> None:
    with transaction(scoped_session(sessions)) as session:
        raise_by_one(session)
    assert count_of(sessions) == 1


def test_what_is_there_already_is_a_conflict(sessions: Sessions, counter: str) -> None:
    with sessions() as session, pytest.raises(Conflict, match=TAKEN), transaction(session):
        session.add(Lockout(key=counter, failures=0, last_failure_at=AT))


def test_what_is_used_by_now_or_needs_what_is_gone_is_a_conflict(
    sessions: Sessions, people: Everybody
) -> None:
    used = delete(Person).where(Person.id == people.member.id)
    needs = insert(PersonRole).values(person_id=404, role="member", given_at=AT)
    for statement in (used, needs):
        with sessions() as session, pytest.raises(Conflict) as raised, transaction(session):
            session.execute(statement)
        assert str(raised.value) == USED
    with sessions() as session:
        assert session.get(Person, people.member.id) is not None


def test_a_mistake_of_ours_stays_a_mistake(sessions: Sessions) -> None:
    with sessions() as session, pytest.raises((OperationalError, ProgrammingError)), transaction(session):
        session.execute(text("SELECT * FROM nothing_of_the_kind"))


@pytest.mark.databases("sqlite")
def test_a_database_that_stays_busy_is_a_conflict(engine: Engine, sessions: Sessions, counter: str) -> None:
    with sessions() as holds, sessions() as waits:
        waits.execute(text("PRAGMA busy_timeout = 50"))
        with transaction(holds):
            raise_by_one(holds)
            holds.flush()
            with pytest.raises(Conflict, match=BUSY), transaction(waits):
                raise_by_one(waits)


@pytest.mark.databases("postgresql")
def test_two_that_wait_for_each_other_end_in_a_conflict(sessions: Sessions) -> None:
    """The twin of the locks' fixed order: rows taken crosswise."""
    with sessions() as session, transaction(session):
        session.add_all(Lockout(key=key, failures=0, last_failure_at=AT) for key in "ab")
    met = threading.Barrier(2)

    def take(keys: str) -> str:
        try:
            with sessions() as session, transaction(session):
                for key in keys:
                    session.execute(select(Lockout).where(Lockout.key == key).with_for_update())
                    if key == keys[0]:
                        met.wait(5)
        except Conflict as conflict:
            return str(conflict)
        return "done"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(take, ["ab", "ba"])) == [BUSY, "done"]
