"""Numbers that an address or a form sends, whatever was typed: read here, and nowhere else in pages."""

from typing import Final

LARGEST: Final = 2**31 - 1
"""What an id can be at most; no database holds more."""


def whole(text: str | None, *, most: int = LARGEST) -> int | None:
    """The number from 0 to ``most`` (at most `LARGEST`) that ASCII digits say; none for anything else.

    Long ones are not read at all: ``int`` fails beyond some thousand digits, and takes its time before that.
    """
    if not text or len(text) > len(str(LARGEST)) or not (text.isascii() and text.isdigit()):
        return None
    number = int(text)
    return number if number <= most else None


def page_of(text: str | None) -> int:
    """Which page of a list is asked for, from 1 on; the first for nonsense."""
    return max(1, whole(text, most=99_999) or 1)
