"""What somebody next to the owner would read of their calendar: shown before it is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.domain.calendars.sources import Cover, Meeting, Run, Titles, Wording
from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.kinds import Kind
from scheduler.domain.schedule.wall_time import instant_of
from scheduler.errors import Invalid


@dataclass(frozen=True, slots=True)
class Sample:
    """The owner's own next meeting, with all that an entry could say of it; instants are in UTC.

    One that is ``made_up`` stands in for somebody who has no meeting. A ``daily_dose`` is a window of hours,
    and shown only where its owner chose it.
    """

    title: str
    discreet_title: str
    place: str
    link: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    made_up: bool = False
    kind: Kind = Kind.GROUP
    daily_dose: bool = False

    def said(self, wording: Wording) -> dict[Titles, str]:
        """What would stand above it in each style."""
        return {
            titles: wording.title(titles, full=self.title, discreet=self.discreet_title) for titles in Titles
        }

    @property
    def untitled(self) -> frozenset[Titles]:
        """The styles in which it has no title of its own."""
        own = self.said(Wording(plain_title=""))
        return frozenset(titles for titles in Titles if not own[titles])


def next_of_each(sources: Iterable[Run | Cover], now: datetime) -> list[Sample]:
    """The first meeting of each kind that takes place after `now`, the earliest first, so that whatever is
    left out, the next one is among them. Daily doses count as a kind. A broken series has none.
    """
    firsts: dict[tuple[Kind, bool], Sample] = {}
    for sample in sorted(_all(sources, now), key=lambda sample: sample.starts_at):
        firsts.setdefault((sample.kind, sample.daily_dose), sample)
    return list(firsts.values())


def next_meeting(sources: Iterable[Run | Cover], now: datetime, *, telling: bool = False) -> Sample | None:
    """The first meeting that takes place after `now`, or none. A broken series has none.

    `telling`: rather the first that has a discreet title of its own, so that each style shows what it is.
    """
    return min(
        (sample for sample in _all(sources, now) if not sample.daily_dose),
        key=lambda sample: (telling and not sample.discreet_title, sample.starts_at),
        default=None,
    )


def _all(sources: Iterable[Run | Cover], now: datetime) -> Iterator[Sample]:
    return (sample for source in sources for sample in _samples(source) if sample.starts_at > now)


def _samples(source: Run | Cover) -> Iterator[Sample]:
    plan = source.plan
    try:
        zone, kind, daily_dose = zone_named(plan.zone), Kind(plan.kind), plan.is_daily_dosing
    except (Invalid, ValueError):
        return
    for meeting in _meetings(source):
        if not meeting.stopped:
            starts_at = instant_of(meeting.start, zone)
            ends_at = starts_at + timedelta(minutes=meeting.minutes)
            yield Sample(
                plan.title,
                plan.discreet_title,
                meeting.place,
                meeting.link,
                starts_at,
                ends_at,
                plan.zone,
                kind=kind,
                daily_dose=daily_dose,
            )


def _meetings(source: Run | Cover) -> Iterator[Meeting]:
    if isinstance(source, Cover):
        yield source.meeting
        return
    for meeting in source.meetings:
        day = meeting.original.date()
        if source.from_date <= day and (source.until_date is None or day <= source.until_date):
            yield meeting
