"""What somebody next to the owner would read of their calendar: shown before it is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.domain.calendars.sources import Cover, Meeting, Run
from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.wall_time import instant_of
from scheduler.errors import Invalid


@dataclass(frozen=True, slots=True)
class Sample:
    """The owner's own next meeting, with all that an entry could say of it; instants are in UTC.

    An empty title is none that this calendar would show: the next plainer one stands for it. One that is
    ``made_up`` stands in for somebody who has no meeting.
    """

    title: str
    discreet_title: str
    place: str
    link: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    made_up: bool = False


def next_meeting(sources: Iterable[Run | Cover], now: datetime, *, telling: bool = False) -> Sample | None:
    """The first meeting that takes place after `now`, or none. A broken series has none.

    `telling`: rather the first that has a discreet title of its own, so that each style shows what it is.
    """
    samples = (sample for source in sources for sample in _samples(source) if sample.starts_at > now)
    return min(
        samples,
        key=lambda sample: (telling and not sample.discreet_title, sample.starts_at),
        default=None,
    )


def _samples(source: Run | Cover) -> Iterator[Sample]:
    plan = source.plan
    try:
        zone = zone_named(plan.zone)
    except Invalid:
        return
    for meeting in _meetings(source):
        if not meeting.stopped:
            starts_at = instant_of(meeting.start, zone)
            ends_at = starts_at + timedelta(minutes=meeting.minutes)
            yield Sample(
                plan.title, plan.discreet_title, meeting.place, meeting.link, starts_at, ends_at, plan.zone
            )


def _meetings(source: Run | Cover) -> Iterator[Meeting]:
    if isinstance(source, Cover):
        yield source.meeting
        return
    for meeting in source.meetings:
        day = meeting.original.date()
        if source.from_date <= day and (source.until_date is None or day <= source.until_date):
            yield meeting
