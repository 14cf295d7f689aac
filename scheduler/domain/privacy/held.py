"""Everything that is held about a person, as plain values. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

Value = int | float | str | bool | None | list["Value"] | dict[str, "Value"]
Row = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Held:
    """What is held about a person at an instant (UTC).

    ``tables`` has the rows about them by the names of their tables, the oldest first; instants and dates in
    them are ISO 8601, and beside each number of something that has a name stands that name. ``acts`` counts
    what they did as staff: those rows are about other people.
    """

    at: datetime
    person_id: int
    tables: Mapping[str, tuple[Row, ...]]
    acts: Mapping[str, int]

    def as_value(self) -> Row:
        """The whole of it as what JSON can hold."""
        return {
            "made_at": self.at.isoformat(),
            "person": self.person_id,
            "held": {name: list(rows) for name, rows in self.tables.items()},
            "done_as_staff": dict(self.acts),
        }
