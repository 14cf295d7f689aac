"""Text, links and numbers out of lists that others publish, made safe to keep and to show."""

from __future__ import annotations

import html
import re
import unicodedata

from scheduler.domain.places.values import is_join_link

_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs"})
_ADDRESS = re.compile(r"\S+@\S+\.\w+")
_NUMBER = re.compile(r"(?<![\w.])\+?\(?\d{3}\)?[ .\-]?\d{3}[ .\-]?\d{4}(?!\w)")
_DIALABLE = re.compile(r"\+?[\d (][\d ().,;#*\-]{5,58}")


def clean(value: object, *, most: int) -> str:
    """One line of at most `most` characters, composed (NFC), without control, bidirectional or half
    characters.

    What is neither text nor a number is empty. Entities are resolved: lists made by WordPress carry
    `&#8217;`. A joiner between letters goes too; no meeting's name needs one.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = html.unescape(str(value)[: most * 8])
    kept = (" " if letter.isspace() else letter for letter in text)
    visible = "".join(letter for letter in kept if unicodedata.category(letter) not in _INVISIBLE)
    line = " ".join(unicodedata.normalize("NFC", visible).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def without_mail(text: str) -> str:
    """The text without the e-mail addresses in it: they are often a person's own."""
    return " ".join(_ADDRESS.sub("", text).split())


def without_contacts(text: str) -> str:
    """The text without the e-mail addresses and telephone numbers in it. Not for notes on joining: a
    meeting's number at its provider looks like a telephone's.
    """
    return " ".join(_NUMBER.sub("", without_mail(text)).split())


def secure_link(value: object) -> str:
    """The link if it is an https address that may be shown, else the empty text."""
    text = value.strip() if isinstance(value, str) else ""
    return text if is_join_link(text) else ""


def dialable(value: object) -> str:
    """A conference number as one may dial it, with pauses and codes; empty if it is anything else."""
    text = clean(value, most=60)
    return text if _DIALABLE.fullmatch(text) else ""
