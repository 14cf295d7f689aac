"""What a person's calendar contains: docs/feeds.md, "Events", without a database and without a clock."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Final

from scheduler.domain.calendars.display import Display
from scheduler.domain.calendars.languages import language_of
from scheduler.domain.calendars.runs import entries_of_run
from scheduler.domain.calendars.sources import Cover, Run, Wishes, Wording
from scheduler.domain.calendars.values import CalendarContent, Entry, Master, Stamp

_log = logging.getLogger(__name__)


MOST_EVENTS: Final = 2_000
"""So many events does one calendar hold, a master counted with its exceptions; writing them takes a second.

Four groups of which each single meeting is moved are less than a tenth of that.
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a calendar has of one source. `left_out`: how many events there was no place for; `error` is what
    was wrong with a broken one.
    """

    source: Run | Cover
    entries: tuple[Entry, ...]
    left_out: int = 0
    error: Exception | None = None


def content_of(
    sources: Iterable[Run | Cover], wishes: Wishes, wording: Wording, stamp: Stamp
) -> CalendarContent:
    """The whole calendar, its entries in a fixed order. A source that cannot be shown as a whole is
    counted.
    """
    found = list(shown_of(sources, wishes, wording))
    entries = [entry for shown in found for entry in shown.entries]
    return CalendarContent(
        name=wording.spoken(wishes.language).calendar_name,
        begins=wishes.begins,
        stamp=stamp,
        entries=tuple(sorted(entries, key=_start)),
        cancelled=language_of(wishes.language).cancelled,
        missing=tuple(shown.source.plan.id for shown in found if shown.error or shown.left_out),
    )


def shown_of(sources: Iterable[Run | Cover], wishes: Wishes, wording: Wording) -> Iterator[Shown]:
    """What each source shows. Meetings from the list come last: chosen freely, they must not take the place
    of what a center plans. Where there is none left, the latest are left out.
    """
    places = MOST_EVENTS
    for source in sorted(sources, key=lambda source: source.plan.listed):
        try:
            entries = entries_of(source, wishes, wording)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one record, the others are served
            _log.warning("left series %d out of a calendar: %s", source.plan.id, type(error).__name__)
            yield Shown(source, (), error=error)
            continue
        kept = _first_of(entries, places)
        places -= _events_of(kept)
        left_out = _events_of(entries) - _events_of(kept)
        if left_out:
            _log.warning("left %d events of series %d out of a calendar", left_out, source.plan.id)
        yield Shown(source, tuple(kept), left_out)


def _first_of(entries: list[Entry], places: int) -> list[Entry]:
    """The earliest entries, no more than there is a place for."""
    if _events_of(entries) <= places:
        return entries
    ordered = sorted(entries, key=_start)
    so_many = accumulate(_events_of([entry]) for entry in ordered)
    return [entry for entry, count in zip(ordered, so_many, strict=True) if count <= places]


def _events_of(entries: Iterable[Entry]) -> int:
    return sum(1 + len(entry.overrides) if isinstance(entry, Master) else 1 for entry in entries)


def _start(entry: Entry) -> tuple[datetime, str]:
    return entry.start.replace(tzinfo=None), entry.uid


def entries_of(source: Run | Cover, wishes: Wishes, wording: Wording) -> list[Entry]:
    """What one enrollment, post or cover shows. A broken record may raise anything."""
    if not wishes.shows(source.plan):
        return []
    display = Display.of(source.plan, wishes, wording)
    if isinstance(source, Run):
        return entries_of_run(source, display)
    latest = max(source.meeting.original, source.meeting.start).date()
    return [display.single(source.uid, source.meeting)] if latest >= wishes.begins else []


def farewell(wishes: Wishes, wording: Wording, stamp: Stamp) -> CalendarContent:
    """The empty calendar that takes everything off a phone."""
    return content_of((), wishes, wording, stamp)
