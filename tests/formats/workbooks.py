"""Workbooks that tests make: whole ones, and what hostile ones are made of."""

import io
import zipfile
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

SHEET = "xl/worksheets/sheet1.xml"
BEGIN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END = b"</sheetData></worksheet>"


def workbook(*rows: Sequence[object], sheets: int = 1) -> bytes:
    """A whole workbook with these rows in its first sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for _ in range(1, sheets):
        book.create_sheet()
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_parts(parts: Mapping[str, bytes], *, of: bytes | None = None) -> bytes:
    """A workbook with some of its parts replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(of or workbook(("Name",), ("Ada Lovelace",)))) as whole,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in whole.namelist():
            made.writestr(name, parts.get(name, whole.read(name)))
        for name in parts.keys() - set(whole.namelist()):
            made.writestr(name, parts[name])
    return out.getvalue()


def with_sheet(content: bytes) -> bytes:
    """A workbook whose sheet has this between its beginning and its end."""
    return with_parts({SHEET: BEGIN + content + END})
