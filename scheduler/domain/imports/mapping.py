"""Which column holds what: as it was taken the last time, guessed by heading and cells, and checked. Pure."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from scheduler.domain.imports.table import Table, headed_by
from scheduler.domain.people.names import search_name
from scheduler.domain.schedule.written_dates import Order
from scheduler.errors import Invalid

SAMPLES: Final = 5
"""Cells of a column that are shown."""
LOOKED_AT: Final = 50
"""Cells of a column by which it is guessed."""
HEADED_WITHIN: Final = 10
"""Rows among which the heading may stand."""
ENOUGH_KNOWN: Final = 2
"""Known headings that a row has to have, to be one that has other rows above it."""


Fields = Sequence[StrEnum | None]
"""What each column of a list holds; none: nothing that is asked for."""


@dataclass(frozen=True, slots=True)
class ListKind:
    """What a list can be of, by its ``name``, and what its cells can say.

    ``known_as`` are folded headings with the field that each
    stands for, ``unsure`` those that may stand for several (what stands in the column decides, else the first
    it is), ``by_cells`` guesses by what stands in a column, ``settled`` mends a whole guess, and
    ``problems`` says by form field what is wrong with a choice. ``dated`` may be dates, and the ``optional``
    are what a row can be taken without, by the word for it.
    """

    name: str
    fields: type[StrEnum]
    known_as: Mapping[str, StrEnum]
    dated: frozenset[StrEnum]
    optional: Mapping[StrEnum, str]
    problems: Callable[[Fields], dict[StrEnum | None, str]]
    unsure: Mapping[str, Sequence[StrEnum]] = dataclasses.field(default_factory=dict)
    by_cells: Callable[[Sequence[str]], Iterator[StrEnum]] = lambda _cells: iter(())
    settled: Callable[[Table, list[StrEnum | None]], list[StrEnum | None]] = lambda _table, found: found
    most_rows: int | None = None


def known_as(words: Mapping[Any, str]) -> dict[str, StrEnum]:
    """The field of each word, from words with bars between."""
    return {word: field for field, several in words.items() for word in several.split("|")}


def folded(heading: str) -> str:
    """A heading as it is remembered and compared: lower case, without accents and signs."""
    return " ".join(re.sub(r"[\W_]+", " ", search_name(heading)).split())


def samples(table: Table, column: int, most: int = SAMPLES) -> tuple[str, ...]:
    """The first cells of a column that say anything, each once."""
    found: dict[str, None] = {}
    for row in table.rows:
        if row.cells[column]:
            found[row.cells[column]] = None
        if len(found) == most:
            break
    return tuple(found)


def with_headings(kind: ListKind, table: Table) -> Table:
    """The table with its heading in the row that has the most known headings.

    One below the first is taken only where each row above it has fewer cells: a name, a date, an address.
    """
    told = [(row, [cell for cell in row.cells if cell]) for row in table.lines[:HEADED_WITHIN]]
    best = max(told, key=lambda each: _known(kind, each[1]))
    above = told[: told.index(best)]
    is_wider = all(len(cells) < len(best[1]) for _, cells in above)
    if not above or not is_wider or _known(kind, best[1]) < ENOUGH_KNOWN or best[0] is table.lines[-1]:
        return table
    return headed_by(table, best[0].number)


def _known(kind: ListKind, cells: Sequence[str]) -> int:
    return sum(folded(cell) in {*kind.known_as, *kind.unsure} for cell in cells)


def guess(kind: ListKind, table: Table, remembered: Mapping[str, str]) -> tuple[StrEnum | None, ...]:
    """What each column seems to hold, no field twice; none: nothing that is asked for.

    First as it was taken the last time (``remembered``: folded heading to field, or empty), then by heading,
    then by what stands in it.
    """
    found: list[StrEnum | None] = []
    for column, heading in enumerate(table.headings):
        likely = _likely(kind, table, column, folded(heading), remembered)
        found.append(next((each for each in likely if each is None or each not in found), None))
    return tuple(kind.settled(table, found))


def _likely(
    kind: ListKind, table: Table, column: int, heading: str, remembered: Mapping[str, str]
) -> Iterator[StrEnum | None]:
    if heading in remembered:
        yield _named(kind, remembered[heading])
    if heading in kind.known_as:
        yield kind.known_as[heading]
    by_cells = tuple(kind.by_cells(samples(table, column, LOOKED_AT)))
    unsure = kind.unsure.get(heading, ())
    yield from (each for each in by_cells if each in unsure)
    yield from unsure
    yield from by_cells


def _named(kind: ListKind, name: str) -> StrEnum | None:
    return next((field for field in kind.fields if field == name), None)


def checked(kind: ListKind, fields: Fields, headings: Sequence[str]) -> tuple[StrEnum | None, ...]:
    """The same, if a list can be read by it.

    Raises Invalid on ``column<n>`` for a field that is chosen twice or needs another, and on the whole form
    for what is missing.
    """
    wrong: dict[str, str] = {}
    for column, field in enumerate(fields):
        if field is not None and field in fields[:column]:
            first = headings[fields.index(field)] or f"column {fields.index(field) + 1}"
            wrong[f"column{column}"] = f"This is chosen already, for {first}."
    for blamed, problem in kind.problems(fields).items():
        wrong[f"column{fields.index(blamed)}" if blamed is not None else ""] = problem
    if wrong:
        raise Invalid.many(wrong)
    return tuple(fields)


ORDER: Final = "order"
LENIENT: Final = "lenient"
"""What a batch keeps beside its columns: how dates are read, and whether rows are taken without bad cells."""


def as_stored(fields: Fields, order: Order | None = None) -> dict[str, str]:
    """As a batch keeps it: column to field, without those that are not read, and how dates are read."""
    columns = {str(column): field.value for column, field in enumerate(fields) if field is not None}
    return columns if order is None else {**columns, ORDER: order.value}


def order_in(stored: Mapping[str, str]) -> Order | None:
    """How dates are read, if somebody said it."""
    return Order(stored[ORDER]) if ORDER in stored else None


def as_read(kind: ListKind, stored: Mapping[str, str], width: int) -> tuple[StrEnum | None, ...]:
    """The other way round."""
    return tuple(_named(kind, stored.get(str(column), "")) for column in range(width))
