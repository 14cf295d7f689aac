"""Values to PDF, by typst: tagged (PDF/UA), so that it can be read aloud. What people typed stays text."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typst

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

STANDARD: Final = "ua-1"
NO_TYPE: Final = "□"
"""Stands for a sign that no typeface of this computer has."""
_COVERED: Final = ((0x20, 0x24F), (0x370, 0x52F), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x205E))
"""Blocks that the typeface has that comes with typst: Latin, Greek, Cyrillic, punctuation."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, a sentence, and a table; each row has as many cells as there are ``heads``."""

    title: str
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed. ``title`` stands in the reader's window too, and must be neutral."""

    title: str
    intro: tuple[str, ...]
    sections: tuple[Section, ...]


def as_pdf(paper: DataclassInstance, *, template: Path) -> bytes:
    """The pages of ``paper`` (:class:`Paper`, or what else its typst ``template`` lays out).

    Signs that this computer has no type for are shown as a box. Takes a second for some thousand rows: not to
    be called with a transaction open.
    """
    data = asdict(paper)
    try:
        return _compiled(_clean(data, covered_only=False), template)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        return _compiled(_clean(data, covered_only=True), template)


def _compiled(data: object, template: Path) -> bytes:
    pages: bytes = typst.compile(
        template.read_bytes(),
        format="pdf",
        sys_inputs={"record": json.dumps(data)},
        pdf_standards=[STANDARD],
    )
    return pages


def _clean(value: object, *, covered_only: bool) -> object:
    """The same without what is no text; with ``covered_only`` without what the own typeface lacks as well."""
    if isinstance(value, str):
        return "".join(_sign(sign, covered_only=covered_only) for sign in unicodedata.normalize("NFC", value))
    if isinstance(value, dict):
        return {name: _clean(each, covered_only=covered_only) for name, each in value.items()}
    if isinstance(value, Sequence):
        return [_clean(each, covered_only=covered_only) for each in value]
    return value


def _sign(sign: str, *, covered_only: bool) -> str:
    if sign == "\n":
        return sign
    if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Cn"}:
        return ""
    covered = any(first <= ord(sign) <= last for first, last in _COVERED)
    return sign if covered or not covered_only else NO_TYPE
