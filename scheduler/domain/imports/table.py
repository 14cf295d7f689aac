"""A list as it was read from a file: a heading, and rows of text. Pure."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, replace
from typing import Final

from scheduler.errors import Invalid

NO_HEADING: Final = "Choose the row in which the headings stand, with other rows under it."


@dataclass(frozen=True, slots=True)
class Row:
    """One row, with as many cells as headings or more; ``number`` is the one that spreadsheets show.

    ``formulas`` are the places of cells that a spreadsheet computes: a text may look the same.
    """

    number: int
    cells: tuple[str, ...]
    formulas: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Table:
    """The heading and the rows under it, as text. ``note`` says what was guessed, or left unread.

    ``number`` is the row of the heading, ``above`` are those over it that say anything, and are not read.
    """

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
    number: int = 1
    above: tuple[Row, ...] = ()

    @property
    def lines(self) -> tuple[Row, ...]:
        """All rows of the file that say anything."""
        return (*self.above, Row(self.number, self.headings), *self.rows)


def headed_by(table: Table, number: int) -> Table:
    """The same file, its heading in another row. Raises Invalid where there is none, or nothing under it."""
    lines = [replace(row, cells=_without_end(row.cells)) for row in table.lines]
    heading = next((row for row in lines if row.number == number), None)
    if heading is None or heading is lines[-1]:
        raise Invalid(NO_HEADING)
    width = len(heading.cells)
    under = (replace(row, cells=filled(row.cells, width)) for row in lines if row.number > number)
    above = tuple(row for row in lines if row.number < number)
    return Table(heading.cells, tuple(under), table.note, number, above)


def filled(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """As many cells as headings, or more."""
    return (*cells, *("",) * (width - len(cells)))


def _without_end(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Without empty cells at the end."""
    width = max((place for place, cell in enumerate(cells, 1) if cell), default=0)
    return cells[:width]


def packed(table: Table) -> bytes:
    """The table in few bytes."""
    rows, above = (
        [[row.number, sorted(row.formulas), *row.cells] for row in part] for part in (table.rows, table.above)
    )
    plain = [table.headings, rows, table.note, table.number, above]
    return zlib.compress(json.dumps(plain, ensure_ascii=False).encode())


def unpacked(source: bytes) -> Table:
    """The table that :func:`packed` was given."""
    headings, *parts, note, number, over = json.loads(zlib.decompress(source))
    rows, above = (
        tuple(Row(each, tuple(cells), frozenset(formulas)) for each, formulas, *cells in part)
        for part in (*parts, over)
    )
    return Table(tuple(headings), rows, note, number, above)
