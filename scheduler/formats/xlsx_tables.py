"""XLSX files, read and written by a process of their own (see :mod:`scheduler.formats.workbooks`)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence

from scheduler.domain.imports.table import Row, Table
from scheduler.errors import Invalid

PATIENCE = 30
"""Seconds by the clock on the wall."""
TOO_MUCH = "The file takes too long or too much room to read. Save the list as CSV and try again."


def read_xlsx(data: bytes) -> Table:
    """The table in the first sheet of a workbook. Raises Invalid."""
    answer = json.loads(_apart("read", data))
    if isinstance(answer, dict):
        raise Invalid(answer["refused"])
    headings, rows, note = answer
    return Table(tuple(headings), tuple(Row(number, tuple(cells)) for number, cells in rows), note)


def write_xlsx(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as a workbook of one sheet, with no cell that a spreadsheet would compute."""
    return _apart("write", json.dumps([headings, *map(list, rows)]).encode())


def _apart(act: str, given: bytes) -> bytes:
    """What the other process answers. It knows none of our settings and secrets."""
    try:
        done = subprocess.run(  # noqa: S603 -- our own program and interpreter
            [sys.executable, "-m", "scheduler.formats.workbooks", act],
            input=given,
            capture_output=True,
            timeout=PATIENCE,
            check=True,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        raise Invalid(TOO_MUCH) from None
    return done.stdout
