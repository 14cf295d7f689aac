"""A JSON array from a file that nobody here wrote: bounded before it is parsed, and read one element at a
time.

A file is refused as a whole, with one sentence, when it is too large or is not a list; what is wrong
inside an element is the reader's business.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NoReturn

from scheduler.errors import Invalid

LARGEST_FILE = 20 * 1024 * 1024
LONGEST_ELEMENT = 64 * 1024
"""Characters that one element may take. Without it 20 MB of nested brackets would become half a gigabyte
of lists.
"""

_SPACE = re.compile(r"[ \t\r\n]*")
_PARTS = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[{]++|[\]}]', re.DOTALL)
"""What an element's end is found by: strings, and brackets outside them. Looks at each character once."""
_LONGEST_TOKEN = len(r'"\ud83d\ude00"')
"""A number, a word or an escape that the end of the window cuts off begins at most so far before it."""


@dataclass(frozen=True, slots=True)
class TooLong:
    """Stands for an element that is longer than :data:`LONGEST_ELEMENT`, which was passed over unread."""


def require_size(size: int) -> None:
    """Raises Invalid if a file has too many bytes; where its size is known, ask before it is read."""
    if size > LARGEST_FILE:
        raise Invalid(f"The file is larger than {LARGEST_FILE // 1024 // 1024} MB. Nothing was read.")


def text_of(stream: BinaryIO) -> str:
    """The text of a file, at most 20 MB of it, whatever the file's size.

    Read as UTF-8, UTF-16 or UTF-32 (RFC 7159 allowed them), and as Windows-1252 where it is none of
    these, since spreadsheets on Windows still write that. Raises Invalid.
    """
    data = stream.read(LARGEST_FILE + 1)
    require_size(len(data))
    for encoding in (json.detect_encoding(data), "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("The file is not text in UTF-8 or another encoding that can be read.")


def elements(text: str) -> Iterator[object]:
    """The elements of the array, one after another. Raises Invalid at the first thing that is not JSON.

    For an element that is too long comes a :class:`TooLong`, so that it is one row that is refused. What came
    before such an error was yielded already: take all elements before acting on any.
    """
    at = _after_space(text, 0)
    if at == len(text):
        raise Invalid("The file is empty.")
    if text[at] != "[":
        raise Invalid("The file holds something else than a list of meetings: it must begin with [.")
    at = _after_space(text, at + 1)
    if text[at : at + 1] == "]":
        return _require_end(text, at + 1)
    while True:
        element, at = _element(text, at)
        yield element
        mark = text[at : at + 1]
        if mark not in {",", "]"}:
            _broken(text, at)
        at = _after_space(text, at + 1)
        if mark == "]":
            return _require_end(text, at)


def _element(text: str, at: int) -> tuple[object, int]:
    """The element that begins at that place, and where what follows it begins."""
    window = text[at : at + LONGEST_ELEMENT]
    try:
        element, length = _DECODER.raw_decode(window)
    except json.JSONDecodeError as error:
        after = _end_of(text, at) if len(window) == LONGEST_ELEMENT and _is_cut(error, window) else 0
        if after - at <= LONGEST_ELEMENT:
            _broken(text, at + error.pos)
        return TooLong(), _after_space(text, after)
    except (RecursionError, ValueError):  # nested a thousand deep; NaN; an integer of 4,300 digits
        _broken(text, at)
    return element, _after_space(text, at + length)


def _is_cut(error: json.JSONDecodeError, window: str) -> bool:
    """Can this be the end of the window, and not the file's own fault?"""
    return error.msg.startswith("Unterminated string") or error.pos >= len(window) - _LONGEST_TOKEN


def _end_of(text: str, at: int) -> int:
    """Where the object, list or string that begins at that place ends; 0 where it does not. Keeps nothing."""
    depth = 0
    for part in _PARTS.finditer(text, at):
        first = part[0][0]
        depth += len(part[0]) if first in "[{" else -1 if first in "]}" else 0
        if depth <= 0:
            return part.end()
    return 0


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _require_end(text: str, at: int) -> None:
    at = _after_space(text, at)
    if at < len(text):
        _broken(text, at)


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _broken(text: str, at: int) -> NoReturn:
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    raise Invalid(f"The file is not whole JSON: it breaks off or goes wrong at line {line}, column {column}.")
