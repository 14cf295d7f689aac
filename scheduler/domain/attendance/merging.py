"""What the save of a mark does to what was saved before. Pure.

Different people never get in each other's way: every mark is decided by itself. For the same person the
first saved stays, and whoever came second is shown both and chooses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scheduler.domain.attendance.statuses import UNMARKED, Value


class Outcome(StrEnum):
    """What became of one mark of a save."""

    APPLIED = "applied"
    UNCHANGED = "unchanged"
    """It says what was saved already (the same save again), or had nothing to fill."""
    CONFLICT = "conflict"
    """Somebody saved another mark meanwhile: theirs stands, and this one is a question."""
    NOT_EXPECTED = "not_expected"
    """This person is not on the sheet."""
    KEPT = "kept"
    """It came from a device, and cannot be saved by itself: it waits for a coordinator."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A mark as it stands: ``revision`` counts its changes, 0 is one never saved. ``at`` is in UTC."""

    value: Value = UNMARKED
    revision: int = 0
    by: int | None = None
    at: datetime | None = None


NEVER_SAVED = Saved()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A mark that somebody saves: what it should say, and the revision that they saw.

    ``only_if_unmarked`` fills a gap (*All present*, *Rest absent*): a mark that came meanwhile stays, and
    is no question; so does the gap of somebody who says that they can't make it.
    """

    person_id: int
    value: Value
    seen: int = 0
    only_if_unmarked: bool = False


def outcome_of(wanted: Wanted, saved: Saved, *, says_absent: bool = False) -> Outcome:
    """What saving ``wanted`` over ``saved`` does; ``says_absent``: they say that they can't come."""
    if wanted.value == saved.value:
        return Outcome.UNCHANGED
    if wanted.only_if_unmarked:
        return Outcome.APPLIED if saved.value == UNMARKED and not says_absent else Outcome.UNCHANGED
    return Outcome.APPLIED if wanted.seen == saved.revision else Outcome.CONFLICT


def number_outcome(wanted: int, saved: int | None, seen: int | None) -> Outcome:
    """The same for a number (walk-ins, a headcount): it is saved only over the number that was seen."""
    if wanted == saved:
        return Outcome.UNCHANGED
    return Outcome.APPLIED if seen == saved else Outcome.CONFLICT
