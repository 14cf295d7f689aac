"""Names: how they are cleaned, shortened and searched. Pure."""

import re
import unicodedata
from typing import Final

LONGEST = 200
ERASED: Final = "Erased person"
JOINED: Final = "Joined record"
"""What stands where a name was."""

_JOINERS: Final = "\u200c\u200d"
"""Invisible, but part of the spelling in Persian, in Indic scripts, and of composed pictures."""
_STRAY_JOINER: Final = re.compile(rf"(?<![^\0-\u024f{_JOINERS}])[{_JOINERS}]+|[{_JOINERS}]+(?![^\0-\u024f])")
"""A joiner anywhere but between two characters beyond the Latin alphabets."""
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs"})
"""Categories of what nobody sees: controls, zero widths, turns of the writing direction, half characters."""
_BLANK: Final = "\u034f\u115f\u1160\u2800\u3164\uffa0"
"""Characters of other categories that show as nothing."""

_ATOM: Final = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_EMAIL: Final = re.compile(
    rf"(?=.{{1,254}}\Z)(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*",
    re.IGNORECASE | re.ASCII,
)
"""RFC 5321: a dot-string of at most 64 characters, and a host of labels; 254 in all, and only ASCII."""


def clean(text: str) -> str:
    """``text`` without what nobody sees (tabs and line ends become spaces), spaces folded."""
    if text.isascii() and text.isprintable():  # as most are: nothing in it can be unseen
        return " ".join(text.split())
    spaced = (" " if character in "\t\r\n" else character for character in text)
    seen = "".join(character for character in spaced if _is_seen(character))
    return " ".join(unicodedata.normalize("NFC", _STRAY_JOINER.sub("", seen)).split())


def _is_seen(character: str) -> bool:
    if character in _JOINERS:
        return True  # decided by its neighbors
    return unicodedata.category(character) not in _UNSEEN and character not in _BLANK


def short_name(name: str) -> str:
    """ "First L.", what colleagues and sheets show; a single name stays as it is."""
    words = name.split()
    return f"{words[0]} {words[-1][0].upper()}." if len(words) > 1 else name


def search_name(name: str) -> str:
    """``name`` in lower case without accents, so that "Renée" is found as "renee"."""
    if name.isascii():
        return name.casefold()
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(each for each in letters if not unicodedata.combining(each) and each not in _JOINERS)


def clean_email(text: str) -> str:
    """An address as it is stored and compared: folded to lower case, without spaces around."""
    return clean(text).casefold()


def is_email(address: str) -> bool:
    """Whether this can be an address that every server takes; quoted names and other alphabets are none."""
    return _EMAIL.fullmatch(address) is not None
