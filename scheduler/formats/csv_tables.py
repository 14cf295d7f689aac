"""Comma-separated values, with the encodings and separators that spreadsheets write."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from scheduler.domain.imports.table import Table
from scheduler.errors import Invalid
from scheduler.formats.tables import ACTIVE, harmless, table_of

SEPARATORS = ",;\t"
LOOKED_AT = 20
"""Records by which the separator is guessed."""
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins alike
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WINDOWS = "The file names no encoding: it was read as Windows text. Look at the names with accents."
_COMPUTED = f"""(?='*"*[{re.escape("".join(ACTIVE))}])"""
INSIDE = re.compile(rf"(?<=[;\t\r\n]){_COMPUTED}")
"""Where a cell would begin that is computed, for a spreadsheet with another separator than the comma."""
MARKED = re.compile(rf"(?<=[;\t\r\n])'{_COMPUTED}")
NO_TEXT = "This is neither a CSV nor an XLSX file. Save the list as one of them."


def read_csv(data: bytes) -> Table:
    """The table in a CSV file. Raises Invalid."""
    text, note = _text_of(data)
    if "\0" in text:
        raise Invalid(NO_TEXT)
    separator, text = _named_separator(text)
    return table_of(_records(text, separator or _separator_of(text)), note)


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as CSV in UTF-8, marked so that spreadsheets know, with no cell that they would compute.

    Nor is there one where they split it at semicolons or tabs: quotes alone keep only the first cell whole.
    """
    return b"".join(streamed_csv(headings, rows))


def streamed_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The same line by line, for a table of any length."""
    yield codecs.BOM_UTF8
    for row in itertools.chain([headings], rows):
        out = io.StringIO(newline="")
        csv.writer(out, quoting=csv.QUOTE_ALL).writerow([INSIDE.sub("'", harmless(cell)) for cell in row])
        yield out.getvalue().encode()


def _text_of(data: bytes) -> tuple[str, str]:
    """The text of a file, and what is to be said of how it was read."""
    marked = next((encoding for mark, encoding in MARKS if data.startswith(mark)), None)
    encoding = marked or _unmarked(data)
    try:
        return data.decode(encoding), WINDOWS if encoding == "cp1252" else ""
    except UnicodeDecodeError:
        raise Invalid(NO_TEXT) from None


def _unmarked(data: bytes) -> str:
    begin = data[:1000]
    for encoding, zeros in (("utf-16-le", begin[1::2]), ("utf-16-be", begin[::2])):
        if zeros.count(0) * 2 > len(zeros):  # most letters of most lists are ASCII: each second byte is 0
            return encoding
    try:
        data.decode()
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _named_separator(text: str) -> tuple[str, str]:
    """The separator that Excel names in a line of its own before the table, or none; and the rest."""
    line, _, rest = text.partition("\n")
    named = line.rstrip("\r")
    return (named[4], rest) if len(named) == 5 and named.startswith("sep=") else ("", text)


def _separator_of(text: str) -> str:
    """The separator by which the first records have the most cells; a comma where none has more than one.

    Where those are as many, lines of one cell at the beginning do not count: a name stands above the table.
    """
    begin = text[:100_000]

    def cells(separator: str) -> tuple[int, int, int]:
        try:
            first = [record for record, _ in zip(_records(begin, separator), range(LOOKED_AT), strict=False)]
        except Invalid:  # a quoted cell that is cut off, or one that means nothing with this separator
            return begin.partition("\n")[0].count(separator), 0, 0
        wide = [len(record) for record in first if record]
        under = itertools.dropwhile(lambda width: width == 1, wide)
        return min(wide, default=0), min(under, default=0), sum(wide)

    return max(SEPARATORS, key=cells)


def _records(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for record in reader:
            yield [MARKED.sub("", cell) for cell in record]
    except csv.Error:
        raise Invalid(
            f"The file is not whole: a quotation mark is open or stands wrong near line {reader.line_num}."
        ) from None
