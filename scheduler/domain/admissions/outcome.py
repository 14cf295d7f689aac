"""What became of a member's life here, line by line. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Verb(StrEnum):
    """What was done to a member; it names a memory."""

    ADMIT = "admit"
    CHANGE = "change"
    HOLD = "hold"
    WELCOME_BACK = "welcome_back"
    CALL_OFF = "call_off"
    """A pause was taken away before any day of it counted."""
    READMIT = "readmit"
    TRANSFER = "transfer"
    DISCHARGE = "discharge"


class What(StrEnum):
    """One kind of consequence. `day` and `until` of an effect are local dates."""

    STAY_BEGINS = "stay_begins"
    STAY_ENDS = "stay_ends"
    ADOPTED = "adopted"
    """An enrollment that belonged to no stay belongs to this one."""
    PAUSED = "paused"
    """Nothing is expected from `day` until `until`; `count` sessions."""
    RESUMED = "resumed"
    """Everything is expected again from `day` on."""
    NEVER_PAUSED = "never_paused"
    """The pause from `day` on is taken away as a whole: it had not begun before they were back."""
    PLACE_KEPT = "place_kept"
    PLACE_FREED = "place_freed"
    PLACE_BACK = "place_back"
    """They are expected from `day` on; none: as if there had been no pause."""
    PLACE_TAKEN = "place_taken"
    """Somebody else has the place: the enrollment ended before the pause."""
    PLACE_LATER = "place_later"
    """The same, but from `day` on it is theirs again."""
    NO_PLACE = "no_place"
    """They were not enrolled again: the group is full, closed or over."""
    ENDED_MEANWHILE = "ended_meanwhile"
    MOVED_MEANWHILE = "moved_meanwhile"
    """The group goes on at other times, with them in it, from `day` on."""
    CHANGED_MEANWHILE = "changed_meanwhile"
    ENROLLED = "enrolled"
    LEFT = "left"
    """The last day of an enrollment is `day`; none: it had not begun, and never was."""
    NOBODY_COMES = "nobody_comes"
    """Sessions that were for this member alone stay planned, and expect nobody; `count` of them."""
    CALLED_OFF = "called_off"
    """Sessions that were for this member alone do not take place any more; `count` of them."""
    HOLDS_END = "holds_end"
    FEEDS_EMPTIED = "feeds_emptied"
    FEEDS_STAY = "feeds_stay"
    """Feeds go on, and show nothing after the last day."""
    BUSY_THEN = "busy_then"
    """The member has something else at the time of `count` sessions."""
    KEPT_APART = "kept_apart"
    """They would meet somebody there whom they are kept apart from."""


LOSSES = frozenset(
    {
        What.PLACE_TAKEN,
        What.PLACE_LATER,
        What.NO_PLACE,
        What.ENDED_MEANWHILE,
        What.BUSY_THEN,
        What.KEPT_APART,
    }
)
"""What a coordinator should look at twice."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One consequence; `title` and `series_id` name the series that it is about, where there is one."""

    what: What
    title: str = ""
    series_id: int | None = None
    day: date | None = None
    until: date | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verb did. `memory_id` is what takes it back. Nobody is written to by any of them.

    `stay_id` is empty for a transfer of somebody without a stay.
    """

    memory_id: int
    stay_id: int | None
    effects: tuple[Effect, ...]
