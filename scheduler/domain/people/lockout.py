"""How many passwords may be tried for one address. Pure.

Counted by the address as it was typed, known or not, so that being locked out tells nothing.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.domain.people.names import clean_email


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries, then so long a wait."""

    tries: int
    wait: timedelta


@dataclass(frozen=True, slots=True)
class Tries:
    """What is known of one address. ``last_at`` and ``locked_until`` are aware instants."""

    failures: int = 0
    last_at: datetime | None = None
    locked_until: datetime | None = None


def key_of(secret_key: str, address: str) -> str:
    """What the count of an address is kept under: a keyed hash, so that the table names nobody."""
    return hmac.new(secret_key.encode(), clean_email(address).encode(), hashlib.sha256).hexdigest()


def after_try(before: Tries, limit: Limit, now: datetime) -> Tries | None:
    """The count with one more try, or none where it may not be made.

    Counted before the password is looked at: of any number of tries at once, at most ``limit.tries``
    go on. A right password forgets the count; otherwise it is forgotten after ``limit.wait``.
    """
    if before.locked_until and now < before.locked_until:
        return None
    goes_on = before.locked_until is None and before.last_at is not None and now - before.last_at < limit.wait
    failures = 1 + (before.failures if goes_on else 0)
    return Tries(failures, now, now + limit.wait if failures >= limit.tries else None)
