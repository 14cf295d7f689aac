"""From one local date until another, both included: how long an enrollment or a post lasts. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
