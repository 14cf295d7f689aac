"""From one local date until another, both included: how long an enrollment or a post lasts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.errors import Invalid


@dataclass(frozen=True, slots=True)
class Term:
    """`until_date` empty: open. Raises Invalid on field `until_date` where it lies before `from_date`."""

    from_date: date
    until_date: date | None = None

    def __post_init__(self) -> None:
        if self.until_date is not None and self.until_date < self.from_date:
            raise Invalid("The last date is before the first.", field="until_date")

    def holds(self, day: date) -> bool:
        return self.from_date <= day and (self.until_date is None or day <= self.until_date)

    def holds_from(self, day: date) -> bool:
        """Does it hold that date, or a later one?"""
        return self.until_date is None or day <= self.until_date

    def overlaps(self, other: Term) -> bool:
        """Is there a date that both hold?"""
        return self.from_date <= (other.until_date or date.max) and other.from_date <= (
            self.until_date or date.max
        )

    def ended_by(self, last: date | None) -> Term:
        """The same with no date after `last`; none: as it is. `last` is not before its first date."""
        if last is None or (self.until_date is not None and self.until_date <= last):
            return self
        return Term(self.from_date, last)

    def within(self, other: Term) -> Term:
        """The dates that both hold; there must be one."""
        first = max(self.from_date, other.from_date)
        last = min(self.until_date or date.max, other.until_date or date.max)
        return Term(first, None if last == date.max else last)

    def without(self, others: Iterable[Term]) -> tuple[Term, ...]:
        """What is left of it on the dates that none of the others holds, in order."""
        parts: list[Term] = []
        first = self.from_date
        for other in sorted(
            (each for each in others if each.overlaps(self)), key=lambda each: each.from_date
        ):
            if first < other.from_date:
                parts.append(Term(first, other.from_date - timedelta(days=1)))
            if other.until_date is None or other.until_date == date.max:
                return tuple(parts)
            first = max(first, other.until_date + timedelta(days=1))
        return (*parts, Term(first, self.until_date)) if self.holds_from(first) else tuple(parts)


@dataclass(frozen=True, slots=True)
class Cut:
    """What the end of a series did to terms: the last dates that those had which it cut, by id (empty: open),
    and how many would have begun later and never were.
    """

    own: Mapping[int, date | None]
    never: int
