"""Whom a series expects on a date. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.domain.schedule.terms import Term


@dataclass(frozen=True, slots=True)
class Expectation:
    """Who belongs to a series from when until when, as pairs of a person and a term, and their holds."""

    belonging: Sequence[tuple[int, Term]]
    holds: Mapping[int, Sequence[Term]]

    def on(self, day: date) -> tuple[int, ...]:
        """The persons who are expected at what is held, by the rule, on a local date."""
        return tuple(
            person
            for person, term in self.belonging
            if term.holds(day) and not any(hold.holds(day) for hold in self.holds.get(person, ()))
        )
