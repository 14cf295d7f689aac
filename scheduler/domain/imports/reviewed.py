"""What applying a list would do, as values. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from scheduler.domain.imports.judging import Choice, Outcome
from scheduler.domain.schedule.written_dates import ColumnDates


class Numbered(Protocol):
    """A row as it was read: its number, and the name or title in it."""

    @property
    def number(self) -> int: ...

    @property
    def name(self) -> str: ...


class Telling(Protocol):
    """What taking a row does, as far as it is told in words."""

    @property
    def reasons(self) -> tuple[str, ...]: ...

    @property
    def remarks(self) -> tuple[str, ...]: ...


class AnyJudged(Protocol):
    """What is true of a row and what it means, whatever the list is of."""

    @property
    def draft(self) -> Numbered: ...

    @property
    def outcome(self) -> Outcome: ...

    @property
    def does(self) -> Outcome: ...

    @property
    def known(self) -> int | None: ...

    @property
    def twin(self) -> int | None: ...

    @property
    def choice(self) -> Choice | None: ...

    @property
    def could_do_without(self) -> bool: ...

    @property
    def effect(self) -> Telling: ...


AnyRow = TypeVar("AnyRow", bound=AnyJudged)


@dataclass(frozen=True, slots=True)
class Held:
    """The ids of what applying a list locks."""

    rooms: frozenset[int] = frozenset()
    persons: frozenset[int] = frozenset()
    series: frozenset[int] = frozenset()

    def is_within(self, other: Held) -> bool:
        """Does the other hold all of it?"""
        persons, series = self.persons <= other.persons, self.series <= other.series
        return self.rooms <= other.rooms and persons and series


@dataclass(frozen=True, slots=True)
class Reviewed(Generic[AnyRow]):
    """Each row and what it means, as things stand. ``known`` are the names of those who are meant, by id.

    ``held`` is what applying it concerns. ``dates`` say how they were read, ``is_lenient`` whether rows are
    taken without what cannot be read.
    """

    rows: tuple[AnyRow, ...]
    known: Mapping[int, str]
    note: str
    revision: int
    held: Held = Held()
    dates: tuple[ColumnDates, ...] = ()
    is_lenient: bool = False

    def of(self, outcome: Outcome) -> tuple[AnyRow, ...]:
        """The rows of one outcome."""
        return tuple(row for row in self.rows if row.outcome is outcome)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows there are of each outcome."""
        found = Counter(row.outcome.value for row in self.rows)
        return {outcome.value: found[outcome.value] for outcome in Outcome}

    @property
    def could_do_without(self) -> int:
        """How many refused rows could be taken without the cells that are to blame."""
        return sum(row.could_do_without for row in self.rows)


@dataclass(frozen=True, slots=True)
class Prepared:
    """The rows of a list, read, and what was decided of them: for one ``revision`` of it.

    ``drafts`` are of people or of series, by ``kind``. ``overrides`` are the reasons to take a row although
    something stands in its way. ``zone`` is that of a row without a place, ``now`` when it was read.
    """

    kind: str
    drafts: tuple[Any, ...]
    choices: Mapping[int, Choice]
    overrides: Mapping[int, str]
    note: str
    revision: int
    zone: str
    now: datetime
    dates: tuple[ColumnDates, ...] = ()
    is_lenient: bool = False
