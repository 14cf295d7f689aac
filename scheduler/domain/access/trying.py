"""Counting tries: of passwords, of codes, of second steps, all by the address that was typed."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people import lockout
from scheduler.domain.people.models import Lockout
from scheduler.store.adding import add_once


def count_try(session: Database, *, key: str, limit: lockout.Limit, now: datetime) -> bool:
    """Count one try of the address behind ``key``, and say whether it may be made.

    To be committed before the password is looked at: guesses made at the same moment wait for each
    other here, and cannot all find the count as it was before them.
    """
    add_once(session, Lockout, {"key": key, "failures": 0, "last_failure_at": now}, key="key")
    row = session.scalars(select(Lockout).where(Lockout.key == key).with_for_update()).one()
    after = lockout.after_try(lockout.Tries(row.failures, row.last_failure_at, row.locked_until), limit, now)
    if after is None:
        return False
    row.failures, row.last_failure_at, row.locked_until = after.failures, now, after.locked_until
    return True


def forget_tries(session: Database, *, key: str) -> None:
    """Forget the count: the right one was given."""
    session.execute(delete(Lockout).where(Lockout.key == key))
