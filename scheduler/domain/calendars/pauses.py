"""A member's holds break what they belong to into unbroken parts, each an entry of its own. Pure.

The part that begins an enrollment keeps its name; one that follows a hold is named after both, so that a hold
that ends on another day changes that part only, and a lifted one leaves the calendar as it was before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from scheduler.domain.schedule.terms import Term


@dataclass(frozen=True, slots=True)
class Pause:
    """A hold, with a name that no other one ever has."""

    name: str
    term: Term


def parts_of(uid: str, term: Term, pauses: Sequence[Pause]) -> list[tuple[str, Term]]:
    """What is left of a time outside the pauses, in order, each part with its name in calendars."""
    by_last_day = {pause.term.until_date: pause for pause in pauses}
    parts = []
    for part in term.without(pause.term for pause in pauses):
        if part.from_date == term.from_date:
            parts.append((uid, part))
        else:
            parts.append((_uid_after(uid, by_last_day[part.from_date - timedelta(days=1)]), part))
    return parts


def _uid_after(uid: str, pause: Pause) -> str:
    return hashlib.sha256(f"{uid} after {pause.name}".encode()).hexdigest()[:32]
