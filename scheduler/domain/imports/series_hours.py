"""When a row of a list begins, and how long it takes: "7 PM", "7-8:30pm"; "90", "1.5 hours". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time
from typing import Final

from scheduler.domain.schedule.plans import LONGEST_MINUTES
from scheduler.domain.schedule.spoken_dates import Hours, hours_of
from scheduler.domain.schedule.spoken_words import Cursor
from scheduler.domain.schedule.wall_time import minutes_between
from scheduler.errors import Invalid

NO_TIME: Final = "This is not a time. Write it like 7:00 PM."
NO_LENGTH: Final = "This is not a length. Write minutes, like 90."
DISAGREE: Final = "The length and the end do not agree."
NO_END: Final = "Say how long it takes, or when it ends."

_SECONDS: Final = re.compile(r"\b(\d{1,2}:\d\d):\d\d\b")
_BARE: Final = re.compile(r"\b(\d{1,2}):(\d\d)\b(?! ?[ap]\.?m\b)", re.IGNORECASE)
_OF_24: Final = re.compile(r"\b(0\d|1[3-9]|2[0-3]):\d\d")
_HALF: Final = re.compile(r"\d ?[ap]\.?m\b", re.IGNORECASE)
_LENGTH: Final = re.compile(
    r"(?:(?P<hours>\d{1,2}(?:\.\d{1,2})?) ?(?:h|hr|hrs|hour|hours))?"
    r"(?: ?(?:and )?(?P<minutes>\d{1,4}) ?(?:m|min|mins|minute|minutes)?\.?)?",
    re.IGNORECASE,
)
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d\d)(?::00)?")


def has_24_hours(cells: Iterable[str]) -> bool:
    """Are these the times of a clock with 24 hours? Then 11:30 among them is in the morning."""
    told = list(cells)
    return any(map(_OF_24.search, told)) and not any(map(_HALF.search, told))


def read_hours(text: str, *, of_24: bool) -> Hours:
    """When it begins, and the end where the cell tells that too. Raises Invalid."""
    words = Cursor(_plain(text, of_24=of_24))
    found = hours_of(words)
    if found is None or not words.is_over():
        raise Invalid(NO_TIME)
    return found


def read_end(text: str, start: time, *, of_24: bool) -> time:
    """The end that stands in a cell of its own; without AM or PM it has that of the start. Raises Invalid."""
    half = "am" if start.hour < 12 else "pm"
    begins = f"{(start.hour + 11) % 12 + 1}:{start.minute:02} {half}"
    found = read_hours(f"{begins} to {_plain(text, of_24=of_24)}", of_24=False)
    if found.end is None:
        raise Invalid(NO_TIME)
    return found.end


def read_length(text: str) -> int:
    """Minutes; a number alone is one of minutes, unless it could only be hours. Raises Invalid."""
    clock, said = _CLOCK.fullmatch(text), _LENGTH.fullmatch(text)
    if clock:
        minutes = int(clock[1]) * 60 + int(clock[2])
    elif said and (said["hours"] or said["minutes"]):
        minutes = round(float(said["hours"] or 0) * 60) + int(said["minutes"] or 0)
    else:
        raise Invalid(NO_LENGTH)
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise Invalid(f"A session takes from 1 to {LONGEST_MINUTES} minutes.")
    return minutes


def minutes_of(start: time, end: time) -> int:
    """From the start to the end, over midnight if that is at most four hours. Raises Invalid."""
    return minutes_between(start, end)


def _plain(text: str, *, of_24: bool) -> str:
    """Without seconds; times of a clock with 24 hours so that nothing else can be meant."""
    without = _SECONDS.sub(r"\1", text)
    is_plain = of_24 or without != text
    return _BARE.sub(_clear, without) if is_plain else without


def _clear(found: re.Match[str]) -> str:
    hour = int(found[1])
    if hour in (10, 11, 12):
        return f"{hour}:{found[2]} {'pm' if hour == 12 else 'am'}"
    return f"{hour:02}:{found[2]}"
