"""Counting wrong passwords: what is decided, and that guesses at the same moment cannot slip through."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from time import sleep

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.access.trying import count_try
from scheduler.domain.people.lockout import Limit, Tries, after_try, key_of
from scheduler.domain.people.models import Lockout
from scheduler.store.transaction import transaction
from tests.support.rounds import rounds

AT = datetime(2026, 7, 15, 20, tzinfo=UTC)
LIMIT = Limit(tries=3, wait=timedelta(minutes=15))
GUESSES = 24
Sessions = sessionmaker[Database]


def test_so_many_go_on_and_the_last_of_them_locks() -> None:
    first = after_try(Tries(), LIMIT, AT)
    assert first == Tries(1, AT, None)
    second = after_try(first, LIMIT, AT)
    assert second == Tries(2, AT, None)
    third = after_try(second, LIMIT, AT)
    assert third == Tries(3, AT, AT + LIMIT.wait)
    assert after_try(third, LIMIT, AT + LIMIT.wait - timedelta(seconds=1)) is None


def test_after_the_wait_it_begins_anew() -> None:
    later = AT + LIMIT.wait
    assert after_try(Tries(3, AT, later), LIMIT, later) == Tries(1, later, None)


def test_what_is_long_ago_is_forgotten() -> None:
    later = AT + LIMIT.wait
    assert after_try(Tries(2, AT, None), LIMIT, later - timedelta(seconds=1)) is not None
    assert after_try(Tries(2, AT, None), LIMIT, later) == Tries(1, later, None)


def test_a_try_while_locked_does_not_make_the_wait_longer(sessions: Sessions) -> None:
    for minutes in (0, 0, 0, 5, 10):
        with sessions() as session, transaction(session):
            count_try(session, key="a", limit=LIMIT, now=AT + timedelta(minutes=minutes))
    with sessions() as session:
        assert session.scalars(select(Lockout.locked_until)).one() == AT + LIMIT.wait


def test_the_key_is_the_same_for_every_way_to_type_an_address_and_needs_the_secret() -> None:
    assert key_of("secret", " A@B.org ") == key_of("secret", "a@b.org")
    assert key_of("secret", "a@b.org") != key_of("another", "a@b.org")


@pytest.mark.stress
def test_of_guesses_at_the_same_moment_only_so_many_go_on(sessions: Sessions) -> None:
    def guess(key: str) -> bool:
        with sessions() as session, transaction(session):
            return count_try(session, key=key, limit=LIMIT, now=AT)

    with ThreadPoolExecutor(GUESSES) as threads:
        for turn in rounds(20):
            assert sum(threads.map(guess, [f"address {turn}"] * GUESSES)) == LIMIT.tries


@pytest.mark.stress
def test_counted_after_the_comparison_many_would(sessions: Sessions) -> None:
    """The twin: look whether it is locked, compare for a while, count what was wrong."""

    def guess(_number: int) -> bool:
        with sessions() as session:
            known = session.get(Lockout, "a")
            locked = known is not None and known.locked_until is not None
        if locked:
            return False
        sleep(0.05)  # as long as a hash takes
        with sessions() as session, transaction(session):
            count_try(session, key="a", limit=LIMIT, now=AT)
        return True

    with ThreadPoolExecutor(GUESSES) as threads:
        assert sum(threads.map(guess, range(GUESSES))) > 2 * LIMIT.tries
