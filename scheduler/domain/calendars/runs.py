"""One enrollment or post as entries of a calendar.

The meetings that were made are the authority. What they and the rule disagree about becomes an exclusion (a
date of the rule that is no meeting) or a single entry (a meeting that is no date of the rule); after the
last one made, the rule is the authority. So a calendar stays the same when more meetings are made, and
never ends at a horizon.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from scheduler.domain.calendars.apart import apart
from scheduler.domain.calendars.clock_changes import DAY
from scheduler.domain.calendars.display import Display
from scheduler.domain.calendars.repeats import dates_of, repeats_of
from scheduler.domain.calendars.sources import Meeting, Plan, Run
from scheduler.domain.calendars.values import Entry, Master, Override, Repeats, Single
from scheduler.domain.schedule.recurrence import FURTHEST_AHEAD
from scheduler.domain.schedule.wall_time import instant_of


def entries_of_run(run: Run, display: Display) -> list[Entry]:
    """A master with what must stand beside it, or entries that stand alone where no rule can be told."""
    dates = _Dates.of(run, display)
    repeats = None if display.at_night else repeats_of(run.plan.rule)
    if repeats is None:
        return list(_singles(run, display, dates))
    return list(_recurring(run, display, dates, repeats))


def uid_of(uid: str, original: datetime) -> str:
    """The name of one meeting of a run that stands alone: always the same, and telling nothing."""
    return hashlib.sha256(f"{uid} {original:%Y-%m-%dT%H:%M}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class _Window:
    """The local dates that the calendar may show of a run, both included; no last one: it stays open."""

    first: date
    last: date | None

    @classmethod
    def of(cls, run: Run, display: Display) -> _Window:
        ends = [day for day in (run.until_date, run.plan.ends_on) if day is not None]
        return cls(max(run.from_date, display.wishes.begins), min(ends, default=None))

    def holds(self, original: datetime) -> bool:
        return self.first <= original.date() and (self.last is None or original.date() <= self.last)


@dataclass(frozen=True, slots=True)
class _Dates:
    """The dates of a run within what is shown.

    `meetings` by original start; `ruled` the rule's own dates up to `display.ends`, or further where an end
    or a skipped date is to be found; `following` the next one of the rule after them, if it goes on; `added`
    what is added to the rule and not made yet.
    """

    meetings: dict[datetime, Meeting]
    ruled: list[datetime]
    following: datetime | None
    made_until: date
    skipped: frozenset[date]
    added: list[datetime]

    @classmethod
    def of(cls, run: Run, display: Display) -> _Dates:
        window, rule = _Window.of(run, display), run.plan.rule
        meetings = {meeting.original: meeting for meeting in run.meetings if window.holds(meeting.original)}
        is_open = rule.until is None and rule.count is None and window.last is None
        begin = _midnight(window.first)
        latest = max(meetings, default=begin).date() + DAY
        furthest = max((display.ends if is_open else display.far, *(day + DAY for day in rule.skipped)))
        reach = _midnight(max(latest, furthest))
        skipped, made_until = frozenset(rule.skipped), run.plan.made_until or date.min
        ruled, following = _ruled(run.plan, begin, reach)
        if following and all(original.date() in skipped for original in ruled):  # it begins after all that
            ruled, following = _ruled(run.plan, following, following + DAY)
        return cls(
            meetings,
            [original for original in ruled if window.holds(original)],
            following if following and window.holds(following) else None,
            made_until,
            skipped,
            [at for at in rule.added if window.holds(at) and at.date() > made_until and at not in meetings],
        )

    @property
    def instances(self) -> list[datetime]:
        """The rule's dates that are meetings: made, or not yet to be made."""
        return [at for at in self.ruled if at in self.meetings or self._is_to_come(at.date())]

    def _is_to_come(self, day: date) -> bool:
        return day > self.made_until and day not in self.skipped


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)


def _ruled(plan: Plan, begin: datetime, reach: datetime) -> tuple[list[datetime], datetime | None]:
    """The rule's own dates from `begin` up to `reach`, and the next one, if there is one within two years."""
    rule = plan.rule.bare
    soon = reach + timedelta(weeks=6)
    dates = list(dates_of(rule, plan.first, begin, soon))
    ruled = [original for original in dates if original < reach]
    later = iter(dates[len(ruled) :])
    return ruled, next(later, None) or next(dates_of(rule, plan.first, soon, soon + FURTHEST_AHEAD), None)


def _singles(run: Run, display: Display, dates: _Dates) -> Iterator[Single]:
    to_come = [*dates.instances, *dates.added]
    meetings = {original: display.to_come(original) for original in to_come} | dates.meetings
    for original in sorted(meetings):
        if original.date() < display.ends:
            yield display.single(uid_of(run.uid, original), meetings[original])


def _recurring(run: Run, display: Display, dates: _Dates, repeats: Repeats) -> Iterator[Entry]:
    alone = _alone(dates, display)
    for original in sorted(alone.union(dates.added)):
        meeting = dates.meetings.get(original) or display.to_come(original)
        yield display.single(uid_of(run.uid, original), meeting)
    kept = [original for original in dates.instances if original not in alone]
    if len(kept) == 1 and dates.following is None:
        yield display.single(run.uid, dates.meetings.get(kept[0]) or display.to_come(kept[0]))
    elif kept:
        yield _master(run, display, dates, repeats, kept)


def _alone(dates: _Dates, display: Display) -> set[datetime]:
    """Meetings that the rule does not have, and moved or longer ones that a master cannot carry."""
    moved = {meeting.original: meeting.start for meeting in dates.meetings.values() if meeting.is_moved}
    usual = display.plan.minutes
    changed = moved.keys() | {at for at, meeting in dates.meetings.items() if meeting.minutes != usual}
    neighbors = [*dates.instances, *([dates.following] if dates.following else [])]
    alone = (dates.meetings.keys() - set(dates.ruled)) | apart(neighbors, moved)
    return alone | {original for original in changed if display.is_touched(dates.meetings[original])}


def _master(run: Run, display: Display, dates: _Dates, repeats: Repeats, kept: Sequence[datetime]) -> Master:
    """`kept` are the original starts of its instances, at least one.

    An end more than two years after the span is left open: a later span brings it in time.
    """
    plan, start, last = run.plan, kept[0], kept[-1]
    usual = display.details(plan.place, plan.link)
    length = timedelta(minutes=plan.minutes)
    shown, goes_on = set(kept), dates.following is not None
    made = (dates.meetings[original] for original in kept if original in dates.meetings)
    return Master(
        uid=run.uid,
        zone=plan.zone,
        start=start,
        end=start + length,
        repeats=repeats,
        until=None if goes_on else instant_of(last, display.zone),
        exclusions=tuple(
            at for at in dates.ruled if start < at and (goes_on or at < last) and at not in shown
        ),
        overrides=tuple(
            o for o in (_override(meeting, display) for meeting in made) if o.differs(length, usual)
        ),
        details=usual,
        series_id=plan.id,
    )


def _override(meeting: Meeting, display: Display) -> Override:
    return Override(
        original=meeting.original,
        start=meeting.start,
        end=meeting.start + timedelta(minutes=meeting.minutes),
        stopped=meeting.stopped,
        details=display.details(meeting.place, meeting.link),
    )
