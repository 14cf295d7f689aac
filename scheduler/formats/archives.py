"""The ZIP archive and the XML that a workbook is made of: bounded before anything of it is built.

What is refused here would otherwise take gigabytes (an archive of zeros, a row of a million empty cells, an
entity of entities) before a reader finds that it is no list.
"""

from __future__ import annotations

import io
import zipfile
from typing import Final
from xml.parsers import expat

from scheduler.errors import Invalid

MOST_PARTS = 2_000
MOST_BYTES = 80 * 1024 * 1024
"""Of all parts together, inflated."""
MOST_ELEMENTS = 1_500_000
"""Of a sheet, or of the texts that its cells share: 10,000 rows of 60 columns, and the parts of a cell."""
MOST_IN_ROW = 5_000
"""A row is built as a whole, and it is in rows that a list is read."""
NO_ROW: Final = 1_000_000
"""Deeper than any element is."""
MOST_IN_OTHERS = 60_000
"""Elements of styles and lists of parts."""
AT_ONCE: Final = 256 * 1024

DAMAGED = "The file is damaged: it cannot be opened as a workbook."
LOCKED = "The file has a password. Save it without one."
UNPACKS = "The file unpacks to more than a list of 10,000 rows. Nothing was read."
ENTITIES = "The file holds definitions that no spreadsheet writes. Nothing was read."


class _TooMuch(Exception):
    """Ends the look at a part."""


def require_harmless(data: bytes) -> None:
    """Raises Invalid unless this is a whole ZIP archive whose parts a workbook's reader can take.

    A part is never inflated beyond the size that its directory names.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise Invalid(LOCKED)
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
                raise Invalid(UNPACKS)
            for part in parts:
                _look_at(archive, part)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, ValueError):
        raise Invalid(DAMAGED) from None


def _look_at(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Read a part as XML, keeping nothing of it. One that is no XML is a picture, which nobody reads."""
    look = _Look()
    with archive.open(part) as stream:
        try:
            while some := stream.read(AT_ONCE):
                look.parser.Parse(some)
            look.parser.Parse(b"", True)
        except expat.ExpatError:
            if part.filename.endswith((".xml", ".rels")):
                raise Invalid(DAMAGED) from None
        except _TooMuch:
            raise Invalid(UNPACKS) from None


class _Look:
    """Counts elements; refuses definitions of types and entities."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse
        self._left = self._left_in_row = self._depth = 0
        self._row_depth = NO_ROW

    def _begin(self, name: str, _attributes: dict[str, str]) -> None:
        if not self._depth:
            kind = name.rpartition(" ")[2]
            self._left = MOST_ELEMENTS if kind in {"worksheet", "sst"} else MOST_IN_OTHERS
        self._depth += 1
        self._left -= 1
        if self._depth > self._row_depth:
            self._left_in_row -= 1
        elif name.endswith(" row"):
            self._row_depth, self._left_in_row = self._depth, MOST_IN_ROW
        if self._left < 0 or self._left_in_row < 0:
            raise _TooMuch

    def _end(self, _name: str) -> None:
        if self._depth == self._row_depth:
            self._row_depth = NO_ROW
        self._depth -= 1

    def _refuse(self, *_declared: object) -> None:
        raise Invalid(ENTITIES)
