"""A table from a file that nobody here wrote, and a table as a file: CSV and XLSX.

A file is refused as a whole, with one sentence, where it is too large, damaged or no table; what is wrong
with a row is for whoever knows what its cells mean. Nothing in a file is ever computed: a formula stays text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from scheduler.domain.imports.table import Row, Table, filled
from scheduler.domain.people.names import clean
from scheduler.errors import Invalid

LARGEST_FILE = 10 * 1024 * 1024
MOST_ROWS = 10_000
"""Rows under the heading that say anything."""
MOST_COLUMNS = 60
LONGEST_CELL = 500
"""Characters of a cell that are kept: no value that is asked for is longer."""
MOST_TEXT = 20_000_000
"""Characters in all cells together: one long text may stand in every cell of a small file."""
MOST_BLANK = 100_000
"""Rows that may be passed over because nothing stands in them."""

TOO_LARGE = f"The file is larger than {LARGEST_FILE // 1024 // 1024} MB. Nothing was read."
TOO_MANY = f"The file has more than {MOST_ROWS:,} rows. Split it, and read one part after another."
TOO_WIDE = f"The file has more than {MOST_COLUMNS} columns. Leave out those that are not needed."
EMPTY = "The file is empty."
NO_ROWS = "The file has a heading and nothing under it."

ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a cell begins with that spreadsheets take for something to be computed; the last four are full-width,
which those of East Asia read as the same signs."""


def require_size(size: int) -> None:
    """Raises Invalid if a file has too many bytes; where its size is known, ask before it is read."""
    if size > LARGEST_FILE:
        raise Invalid(TOO_LARGE)


def table_of(records: Iterable[Sequence[str]], note: str = "") -> Table:
    """The table that these records make: the first that says anything is the heading.

    Stops at the first record that is one too many. Raises Invalid.
    """
    numbered = _told(records)
    first = next(numbered, None)
    if first is None:
        raise Invalid(EMPTY)
    headings = first.cells
    if len(headings) > MOST_COLUMNS:
        raise Invalid(TOO_WIDE)
    rows = tuple(islice(numbered, MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise Invalid(TOO_MANY)
    if not rows:
        raise Invalid(NO_ROWS)
    width = len(headings)
    under = tuple(replace(row, cells=filled(row.cells, width)) for row in rows)
    return Table(headings, under, note, first.number)


def _told(records: Iterable[Sequence[str]]) -> Iterator[Row]:
    """The records that say anything, by number, cleaned and without empty cells at their ends."""
    blank = text = 0
    for number, record in enumerate(records, 1):
        cells = [_cell(each) for each in islice(record, MOST_COLUMNS + 1)]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            blank += 1
            if blank > MOST_BLANK:
                raise Invalid(TOO_MANY)
            continue
        text += sum(map(len, cells))
        if text > MOST_TEXT:
            raise Invalid(TOO_LARGE)
        yield Row(number, tuple(cells), _formulas(cells, record))


def _formulas(cells: Sequence[str], record: Sequence[str]) -> frozenset[int]:
    """The places of cells that a spreadsheet computes: one with a mark is text."""
    both = enumerate(zip(cells, record, strict=False))
    return frozenset(place for place, (cell, text) in both if cell[:1] == "=" and text[:1] != "'")


def _cell(text: str) -> str:
    """A cell as it is kept; the mark that made it harmless in a spreadsheet is taken off again."""
    text = text[:LONGEST_CELL]
    return clean(text[1:] if text[:1] == "'" and _may_be_marked(text) else text)


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: with a mark, an apostrophe, before it.

    So has what begins with apostrophes itself, of which reading would take one off.
    """
    return f"'{cell}" if _may_be_marked(cell) else cell


def _may_be_marked(text: str) -> bool:
    return text.lstrip("'").startswith(ACTIVE)
