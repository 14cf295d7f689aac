"""XLSX workbooks, read and written by ``python -m scheduler.formats.workbooks read|write``.

A process of its own, so that a hostile file meets limits that the system itself keeps, and a large one does
not slow the pages that are served meanwhile. :mod:`scheduler.formats.xlsx_tables` starts it.
"""

from __future__ import annotations

import io
import json
import sys
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook, load_workbook

from scheduler.domain.imports.table import Table
from scheduler.errors import Invalid
from scheduler.formats.archives import require_harmless
from scheduler.formats.tables import MOST_COLUMNS, harmless, table_of

MOST_MEMORY = 1024 * 1024 * 1024
MOST_SECONDS = 20
"""Of computing."""
DAMAGED = "The file is damaged: it cannot be opened as a workbook."
FIRST_SHEET = "The file has several sheets: the first was read."


def read(data: bytes) -> Table:
    """The table in the first sheet of a workbook. Raises Invalid."""
    try:
        require_harmless(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions that no cell's value needs
            book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            note = FIRST_SHEET if len(book.worksheets) > 1 else ""
            return table_of(_records(book.worksheets[0]), note)
    except (Invalid, MemoryError):
        raise
    except Exception as error:  # a library of many readers; each kind of nonsense ends in another error
        raise Invalid(DAMAGED) from error


def write(table: Any) -> bytes:
    """A workbook with one sheet, ``Sheet1``, of text; no cell of it is computed."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    for row in table:
        sheet.append([harmless(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _records(sheet: Any) -> Iterator[list[str]]:
    sheet.reset_dimensions()  # what the file says of its size need not be true
    for row in sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True):
        yield [_text(value) for value in row]


def _text(value: object) -> str:
    """A value as a person reads it: 1985 for 1985.0, 2026-07-14 for a midnight; a formula is its text."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str | int | float | time):
        return str(value)
    return "="  # the formula of several cells


def _limit() -> None:
    try:
        import resource
    except ImportError:  # no such limits on this system; the waiting process has one
        return
    for kind, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS)):
        hard = resource.getrlimit(kind)[1]
        if hard == resource.RLIM_INFINITY or hard > most:
            resource.setrlimit(kind, (most, hard))


def main(act: str) -> None:
    """Read a workbook into JSON, or write one from it. A refusal is an answer too."""
    _limit()
    data = sys.stdin.buffer.read()
    if act == "write":
        sys.stdout.buffer.write(write(json.loads(data)))
        return
    try:
        found = read(data)
        rows = [[row.number, sorted(row.formulas), *row.cells] for row in found.rows]
        answer: object = [found.headings, rows, found.note, found.number]
    except Invalid as error:
        answer = {"refused": str(error)}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))


if __name__ == "__main__":
    main(sys.argv[1])
