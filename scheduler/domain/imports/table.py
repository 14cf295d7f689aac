"""A list as it was read from a file: a heading, and rows of text. Pure."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One row, with as many cells as headings or more; ``number`` is the one that spreadsheets show."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The heading and the rows under it, as text. ``note`` says what was guessed, or left unread."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""


def packed(table: Table) -> bytes:
    """The table in few bytes."""
    plain = [table.headings, [[row.number, *row.cells] for row in table.rows], table.note]
    return zlib.compress(json.dumps(plain, ensure_ascii=False).encode())


def unpacked(source: bytes) -> Table:
    """The table that :func:`packed` was given."""
    headings, rows, note = json.loads(zlib.decompress(source))
    return Table(tuple(headings), tuple(Row(number, tuple(cells)) for number, *cells in rows), note)
