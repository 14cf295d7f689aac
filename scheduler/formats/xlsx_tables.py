"""XLSX files, read and written by a process of their own (see :mod:`scheduler.formats.workbooks`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from scheduler.domain.imports.table import Row, Table
from scheduler.errors import Invalid
from scheduler.formats.apart import Failed, ask

PATIENCE = 30
"""Seconds by the clock on the wall."""
TOO_MUCH = "The file takes too long or too much room to read. Save the list as CSV and try again."


def read_xlsx(data: bytes) -> Table:
    """The table in the first sheet of a workbook. Raises Invalid."""
    answer = json.loads(_apart("read", data))
    if isinstance(answer, dict):
        raise Invalid(answer["refused"])
    headings, rows, note, heading = answer
    under = tuple(Row(number, tuple(cells), frozenset(formulas)) for number, formulas, *cells in rows)
    return Table(tuple(headings), under, note, heading)


def write_xlsx(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as a workbook of one sheet, with no cell that a spreadsheet would compute."""
    return _apart("write", json.dumps([headings, *map(list, rows)]).encode())


def _apart(act: str, given: bytes) -> bytes:
    try:
        return ask("scheduler.formats.workbooks", act, given=given, patience=PATIENCE)
    except Failed:
        raise Invalid(TOO_MUCH) from None
