"""The code that a screen at the door shows, another one each half minute, and what a scan is worth. Pure.

A code is a keyed hash of the session and of the half minute, so that nothing is stored, and every node of the
service knows it. The present one and the one before are taken: a picture of the screen is worth nothing after
a minute, whoever it was sent to.
"""

from __future__ import annotations

import hmac
import re
from datetime import UTC, datetime, timedelta
from typing import Final

from scheduler.domain.access.digits import keyed
from scheduler.domain.attendance.statuses import Status, Value, late_by_the_clock

STEP: Final = timedelta(seconds=30)
"""How long a code is shown. It is taken for as long again: a phone needs some seconds to open it."""
PASS_LASTS: Final = timedelta(minutes=10)
"""How long a scan is good for: signing in by a code that comes by mail takes some minutes."""
OPENS: Final = timedelta(minutes=30)
"""So long before the start people are at the door of this session, and not of another one."""
_LENGTH: Final = 20
"""Hexadecimal digits: 80 bits, of which nobody guesses one within a minute."""
_FORM: Final = re.compile(rf"([1-9][0-9]{{0,17}})-([0-9a-f]{{{_LENGTH}}})", re.ASCII)


def code_at(secret_key: str, occurrence_id: int, now: datetime) -> str:
    """What the screen shows now."""
    return _code(secret_key, occurrence_id, _step(now))


def turns_at(now: datetime) -> datetime:
    """When the screen shows the next one, in UTC."""
    return datetime.fromtimestamp((_step(now) + 1) * STEP.total_seconds(), UTC)


def scanned(secret_key: str, code: str, now: datetime) -> int | None:
    """The occurrence at whose door this code stands now; none for one that is over, or never was."""
    found = _FORM.fullmatch(code)
    if found is None:
        return None
    occurrence_id, present = int(found[1]), _step(now)
    taken = [_code(secret_key, occurrence_id, step) for step in (present, present - 1)]
    fits = [hmac.compare_digest(code, each) for each in taken]
    return occurrence_id if any(fits) else None


def is_open(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether somebody can come in by themselves: from half an hour before the start until the end."""
    return starts_at - OPENS <= now < ends_at


def value_at(starts_at: datetime, ends_at: datetime, now: datetime) -> Value:
    """What is marked of who comes in now: present, or late by the clock once a whole minute is over."""
    if now < starts_at + timedelta(minutes=1):
        return Value(Status.PRESENT)
    return Value(Status.LATE, late_by_the_clock(starts_at, ends_at, now))


def _step(now: datetime) -> int:
    return int(now.timestamp() // STEP.total_seconds())


def _code(secret_key: str, occurrence_id: int, step: int) -> str:
    return f"{occurrence_id}-{keyed(secret_key, 'door', str(occurrence_id), str(step))[:_LENGTH]}"
