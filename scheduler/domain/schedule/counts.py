"""What of a session a payer counts: how many people at least and at most, and how many minutes. Pure.

Limits differ by payer and state, so they are settings of a series and never constants (DOMAIN, Groups).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MOST_COUNTED: Final = 10_000
"""People: as many as a series may have places."""
LONGEST_COUNTED: Final = 24 * 60
"""Minutes: no session lasts longer."""


class Off(StrEnum):
    """How a session is beside what counts."""

    TOO_FEW = "too_few"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Counts:
    """Limits of people in the room and of minutes; none: no such limit."""

    least_people: int | None = None
    most_people: int | None = None
    least_minutes: int | None = None
    most_minutes: int | None = None

    def of_people(self, here: int) -> Off | None:
        """How so many people in the room are beside what counts; none where they count."""
        return _off(here, self.least_people, self.most_people)

    def of_minutes(self, minutes: int) -> Off | None:
        """The same for the minutes of the session."""
        return _off(minutes, self.least_minutes, self.most_minutes)


NO_LIMITS: Final = Counts()


def wrong_counts(counts: Counts) -> dict[str, str]:
    """What is wrong with such limits, by field."""
    people = _wrong("people", counts.least_people, counts.most_people, MOST_COUNTED)
    return people | _wrong("minutes", counts.least_minutes, counts.most_minutes, LONGEST_COUNTED)


def _wrong(what: str, least: int | None, most: int | None, largest: int) -> dict[str, str]:
    given = {f"least_{what}": least, f"most_{what}": most}
    wrong = {
        field: f"Give a number from 1 to {largest}, or none."
        for field, number in given.items()
        if number is not None and not 1 <= number <= largest
    }
    if not wrong and least is not None and most is not None and least > most:
        wrong[f"most_{what}"] = "This is less than the least."
    return wrong


def _off(number: int, least: int | None, most: int | None) -> Off | None:
    if most is not None and number > most:
        return Off.TOO_MANY
    return Off.TOO_FEW if least is not None and number < least else None
