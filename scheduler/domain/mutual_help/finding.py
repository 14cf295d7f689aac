"""Which meetings somebody looks for, and the days on which they stand. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from scheduler.domain.mutual_help.fellowships import short_name_of
from scheduler.domain.mutual_help.queries import Listed
from scheduler.domain.mutual_help.types import CLOSED, OPEN, STEP_FREE


@dataclass(frozen=True, slots=True)
class Wish:
    """What to show. ``weekday`` is 0 for Monday, None for all days; ``words`` must all be found somewhere."""

    weekday: int | None = None
    words: str = ""
    online: bool = False
    open_to_all: bool = False
    step_free: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """The meetings of one date, by their wall times."""

    on: date
    meetings: tuple[Listed, ...]


def is_open(meeting: Listed) -> bool | None:
    """May anybody come? None where the list does not say."""
    if OPEN in meeting.types:
        return True
    return False if CLOSED in meeting.types else None


def is_step_free(meeting: Listed) -> bool:
    return not STEP_FREE.isdisjoint(meeting.types)


def matches(meeting: Listed, wish: Wish) -> bool:
    """Is it one that is looked for?"""
    return (
        (wish.weekday is None or meeting.weekday == wish.weekday)
        and (not wish.online or meeting.is_online)
        and (not wish.open_to_all or is_open(meeting) is True)
        and (not wish.step_free or is_step_free(meeting))
        and _has_words(meeting, wish.words)
    )


def by_day(meetings: Iterable[Listed], wish: Wish, *, today: date) -> tuple[Day, ...]:
    """The next seven days, today first, without those that have no meeting."""
    found: dict[int, list[Listed]] = {}
    for meeting in meetings:
        if matches(meeting, wish):
            found.setdefault((meeting.weekday - today.weekday()) % 7, []).append(meeting)
    return tuple(
        Day(today + timedelta(days=ahead), tuple(sorted(found[ahead], key=_by_hour)))
        for ahead in sorted(found)
    )


def at_most(days: Iterable[Day], most: int) -> tuple[Day, ...]:
    """The first days, until they hold that many meetings; the last of them may be cut short."""
    kept: list[Day] = []
    for day in days:
        if most <= 0:
            break
        kept.append(replace(day, meetings=day.meetings[:most]))
        most -= len(day.meetings)
    return tuple(kept)


def _by_hour(meeting: Listed) -> tuple[object, ...]:
    return meeting.starts, meeting.name.casefold(), meeting.anchor


def _has_words(meeting: Listed, words: str) -> bool:
    if not words:
        return True
    parts = (meeting.name, meeting.place, meeting.address, meeting.region, short_name_of(meeting.fellowship))
    text = " ".join(parts).casefold()
    return all(word in text for word in words.casefold().split())
