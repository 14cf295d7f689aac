"""The words that rules are typed in, one after the other. Pure; English."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from scheduler.errors import Invalid

LONGEST: Final = 5000
FIELD: Final = "words"
DAY_NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAYS: Final = {
    word: day
    for day, name in enumerate(each.lower() for each in DAY_NAMES)
    for word in (name, f"{name}s", name[:3], f"{name[:3]}s")
} | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_DAY_LETTERS: Final = {
    "m": 0,
    "mo": 0,
    "t": 1,
    "tu": 1,
    "w": 2,
    "we": 2,
    "th": 3,
    "f": 4,
    "fr": 4,
    "sa": 5,
    "su": 6,
}
"""As they stand in a cell with several: T/Th, MWF. A single S may be two days."""
_DAY_LETTER: Final = re.compile("th|tu|t|mo|m|we|w|fr|f|sa|su")
MONTHS: Final = {
    word: month
    for month in range(1, 13)
    for name in (f"{date(2000, month, 1):%B}".lower(),)
    for word in (name, name[:3])
} | {"sept": 9}
_COUNTED = (
    ("one", "first"),
    ("two", "second"),
    ("three", "third"),
    ("four", "fourth"),
    ("five", "fifth"),
    ("six", "sixth"),
    ("seven", "seventh"),
    ("eight", "eighth"),
    ("nine", "ninth"),
    ("ten", "tenth"),
    ("eleven", "eleventh"),
    ("twelve", "twelfth"),
)
_NUMBERS: Final = {word: number for number, (word, _) in enumerate(_COUNTED, 1)}
_ORDINALS: Final = {word: number for number, (_, word) in enumerate(_COUNTED, 1)} | {"last": -1}
_TOKEN = re.compile(
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}/[0-9]{1,2}(?:/(?:[0-9]{4}|[0-9]{2}))?|[0-9]{1,2}:[0-9]{2}"
    r"|[0-9]+(?:st|nd|rd|th)?|[^\W\d_]+(?:['’][^\W\d_]+)?|\S"
)
_ALIKE: Final = {
    **dict.fromkeys(("–", "—", "‑"), "-"),
    **dict.fromkeys(("&", "+", "/"), "and"),
    **dict.fromkeys(("till", "til"), "until"),
    ";": ",",
    "each": "every",
    "thru": "through",
}
_JOINED: Final = (
    (re.compile(r"\b([ap])\.\s?m\b\.?"), r"\1m"),
    (re.compile(r"-to-last\b"), " to last"),
    (re.compile(r"\bbi-"), "bi"),
    (re.compile(r"\beveryday\b"), "every day"),
)


class Cursor:
    """A place among the words. Every method is quick: nothing is looked at twice but by `back`."""

    def __init__(self, text: str) -> None:
        """Raises Invalid for nothing at all, and for more than anybody types."""
        if len(text) > LONGEST:
            raise Invalid(f"Use at most {LONGEST} letters.", field=FIELD)
        text = text.lower()
        for pattern, plain in _JOINED:
            text = pattern.sub(plain, text)
        found = [(word, each.end()) for each in _TOKEN.finditer(text) for word in _spelled(each[0])]
        self._words = [word for word, _ in found]
        self._ends = [end for _, end in found]
        self.place = 0

    @property
    def end(self) -> int:
        """Where the words that are read end in the text; dates stand there as they were given."""
        return self._ends[min(self.place, len(self._ends)) - 1] if self.place else 0

    def ahead(self, words: int = 0) -> str:
        """A word that is still to come; empty after the last."""
        place = self.place + words
        return self._words[place] if place < len(self._words) else ""

    def pop(self) -> str:
        """The next word, which is read then."""
        word = self.ahead()
        self.place += 1
        return word

    def take(self, *phrases: str) -> bool:
        """Read the first of these phrases that stands here, if one does."""
        for phrase in phrases:
            words = phrase.split()
            if self._words[self.place : self.place + len(words)] == words:
                self.place += len(words)
                return True
        return False

    def is_over(self) -> bool:
        """Are all words read?"""
        return self.place >= len(self._words)

    def not_understood(self) -> Invalid:
        """What to raise for the word that stands here."""
        word = self.ahead()[:30]
        if not word:
            return Invalid("Something is missing at the end.", field=FIELD)
        return Invalid(f"“{word}” is not understood here.", field=FIELD)


def _spelled(word: str) -> tuple[str, ...]:
    """The words that a word stands for; letters of days in their order are those days: MWF, TTh."""
    if word == ".":
        return ()
    letters = _DAY_LETTER.findall(word)
    days = [_DAY_LETTERS[each] for each in letters]
    if word in WEEKDAYS or "".join(letters) != word or days != sorted(set(days)):
        return (_ALIKE.get(word, word),)
    return tuple(" and ".join(DAY_NAMES[day].lower() for day in days).split())


def number(word: str) -> int | None:
    """A number in digits or letters, or none. Raises Invalid for one that nobody means."""
    if word.isascii() and word.isdigit():
        if len(word) > 4:
            raise Invalid(f"{word[:12]} is too large a number.", field=FIELD)
        return int(word)
    return _NUMBERS.get(word)


def ordinal(word: str) -> int | None:
    """Third, 3rd, last (-1); or none."""
    if word[:1].isdigit() and word[-2:] in {"st", "nd", "rd", "th"}:
        return number(word[:-2])
    return _ORDINALS.get(word)
