"""Tables as files, whatever the kind: CSV and XLSX."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from scheduler.domain.imports.table import Table
from scheduler.errors import Invalid
from scheduler.formats.csv_tables import read_csv, write_csv
from scheduler.formats.tables import EMPTY, require_size
from scheduler.formats.xlsx_tables import read_xlsx, write_xlsx

OLD_OR_LOCKED = (
    "This is an old Excel file, or one with a password. Save it as XLSX or CSV without a password."
)

NO_TABLE = "This is neither a CSV nor an XLSX file."
OTHERS = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
"""What other files begin with: any bytes would pass for a CSV file of strange words."""


class FileKind(StrEnum):
    """The kinds that are written; the value is the end of a file's name."""

    CSV = "csv"
    XLSX = "xlsx"


TYPES = {
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def read_table(data: bytes) -> Table:
    """The table in a file, its kind told by how it begins, never by its name. Raises Invalid."""
    require_size(len(data))
    if not data:
        raise Invalid(EMPTY)
    if data.startswith(b"PK"):
        return read_xlsx(data)
    if data.startswith(OTHERS):
        raise Invalid(NO_TABLE)
    if data.startswith(b"\xd0\xcf\x11\xe0"):  # the container of old documents, and of encrypted new ones
        raise Invalid(OLD_OR_LOCKED)
    return read_csv(data)


def write_table(kind: FileKind, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A file of this kind, with no cell that a spreadsheet would compute."""
    return write_xlsx(headings, rows) if kind is FileKind.XLSX else write_csv(headings, rows)
