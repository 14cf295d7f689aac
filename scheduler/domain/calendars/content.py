"""What a person's calendar contains: docs/feeds.md, "Events", without a database and without a clock."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from scheduler.domain.calendars.display import Display
from scheduler.domain.calendars.languages import language_of
from scheduler.domain.calendars.runs import entries_of_run
from scheduler.domain.calendars.sources import Cover, Run, Wishes, Wording
from scheduler.domain.calendars.values import CalendarContent, Entry, Stamp

_log = logging.getLogger(__name__)


def content_of(
    sources: Iterable[Run | Cover], wishes: Wishes, wording: Wording, stamp: Stamp
) -> CalendarContent:
    """The whole calendar, its entries in a fixed order. A source that cannot be shown is left out and
    counted.
    """
    entries: list[Entry] = []
    missing: list[int] = []
    for source in sources:
        try:
            entries += entries_of(source, wishes, wording)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one record, the others are served
            _log.warning("left series %d out of a calendar: %s", source.plan.id, type(error).__name__)
            missing.append(source.plan.id)
    return CalendarContent(
        name=wording.spoken(wishes.language).calendar_name,
        begins=wishes.begins,
        stamp=stamp,
        entries=tuple(sorted(entries, key=lambda entry: (entry.start.replace(tzinfo=None), entry.uid))),
        cancelled=language_of(wishes.language).cancelled,
        missing=tuple(missing),
    )


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
