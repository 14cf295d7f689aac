"""Why each entry stands in a calendar, and why what could does not; in English, for commands. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from scheduler.domain.calendars.content import MOST_EVENTS, Shown, shown_of
from scheduler.domain.calendars.runs import uid_of
from scheduler.domain.calendars.sources import Cover, Meeting, Plan, Run, Wishes, Wording
from scheduler.domain.calendars.values import Entry, Master, Single
from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.kinds import CauseType
from scheduler.domain.schedule.words import English, in_words

Causes = Mapping[tuple[int, datetime], frozenset[CauseType]]
"""Why meetings do not take place, by series and original start."""


@dataclass(frozen=True, slots=True)
class Background:
    """What a calendar does not say itself, but for those who ask why.

    `relocated` are the meetings that a closure put elsewhere, by series and original start. `begun` says
    since when somebody belongs, without a gap, to what a series continues, by series and the first date of
    that enrollment or post.
    """

    causes: Causes = field(default_factory=dict)
    relocated: Collection[tuple[int, datetime]] = ()
    begun: Mapping[tuple[int, date], date] = field(default_factory=dict)


MOST_DATES: Final = 10
_NO_DATE: Final = "None of its dates lies within the calendar."
_ENGLISH: Final = English()
_CAUSES: Final = {
    CauseType.COORDINATOR: "a coordinator called it off",
    CauseType.CLOSURE: "its place is closed",
    CauseType.HOLIDAY: "it is a holiday",
    CauseType.CHANGED: "the plan was changed",
    CauseType.TAKEN: "its room or who leads is taken",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """An entry, why it is there, and what is special about some of its dates.

    Without an `entry` it is a series of which nothing stands in the calendar.
    """

    series_id: int
    kind: str
    entry: Entry | None
    when: str
    why: str
    notes: tuple[str, ...] = ()


def reasons(
    sources: Iterable[Run | Cover], wishes: Wishes, wording: Wording, background: Background
) -> list[Reason]:
    """Each entry of the calendar in the order of its dates, then what is left out, each once: a hold makes
    several runs of one enrollment.
    """
    found = [each for shown in shown_of(sources, wishes, wording) for each in _of(shown, wishes, background)]
    shown = sorted((each for each in found if each.entry), key=_start)
    there = {each.series_id for each in shown}
    left_out = (each for each in found if not each.entry)
    said = (each for each in left_out if each.why != _NO_DATE or each.series_id not in there)
    return [*shown, *{(each.series_id, each.why): each for each in said}.values()]


def _start(reason: Reason) -> tuple[str, int]:
    return f"{reason.entry.start:%Y-%m-%dT%H:%M}" if reason.entry else "", reason.series_id


def _of(shown: Shown, wishes: Wishes, background: Background) -> Iterator[Reason]:
    source, plan = shown.source, shown.source.plan
    try:
        told = [_told(entry, source, background) for entry in shown.entries]
        error = shown.error
    except Exception as broken:  # noqa: BLE001 - whatever is wrong with one record, the others are told
        told, error = [], broken
    yield from told
    if error is not None:
        why = f"It cannot be written ({type(error).__name__}): its rule, its zone or its place is broken."
        yield Reason(plan.id, plan.kind, None, "", why)
    elif shown.left_out:
        why = f"{shown.left_out} of its dates: a calendar holds {MOST_EVENTS:,} at most."
        yield Reason(plan.id, plan.kind, None, "", why)
    elif not told:
        yield Reason(plan.id, plan.kind, None, "", _why_not(plan, wishes))


def _told(entry: Entry, source: Run | Cover, background: Background) -> Reason:
    notes = _notes(entry, source, background)
    return Reason(
        source.plan.id, source.plan.kind, entry, _when(entry, source), why(source, background), tuple(notes)
    )


def _why_not(plan: Plan, wishes: Wishes) -> str:
    if not wishes.of(plan.kind).shown:
        return "Its kind is not chosen."
    if plan.is_daily_dosing and not wishes.daily_dosing:
        return "Daily dosing is not chosen."
    return _NO_DATE


def why(source: Run | Cover, background: Background) -> str:
    """What brought somebody's calendar this enrollment, post or cover."""
    if isinstance(source, Cover):
        return "Stands in for a colleague on this date."
    first, until = source.since or source.from_date, source.until_date
    since = background.begun.get((source.plan.id, first), first)
    if since == until or source.plan.rule.is_single:
        return f"{_as_what(source, single=True)}."
    parts = [f"{_as_what(source, single=False)} since {_date(since)}"]
    if first < source.from_date:
        parts.append(f"and again since {_date(source.from_date)}, after a hold")
    if until is not None:
        parts.append(f"until {_date(until)}")
    return " ".join(parts) + "."


def _as_what(run: Run, *, single: bool) -> str:
    if run.is_post:
        return "Leads it: has a post"
    if run.plan.listed:
        return "Chose this meeting from the list"
    return "A single booking" if single else "Enrolled"


def _when(entry: Entry, source: Run | Cover) -> str:
    """The rule in words, from the entry's own first date; of an entry on its own, its date."""
    plan = source.plan
    if isinstance(entry, Master):
        rule = in_words(plan.rule.bare, plan.first, plan.minutes, _ENGLISH)
        return f"{rule[:-1]}, from {_date(entry.start.date())} ({plan.zone})"
    meeting = _meeting_of(entry, source)
    return f"{_moment(meeting.start)}, {meeting.minutes} minutes ({plan.zone})"


def _meeting_of(entry: Single, source: Run | Cover) -> Meeting:
    if isinstance(source, Cover):
        return source.meeting
    known = {uid_of(source.uid, meeting.original): meeting for meeting in source.meetings}
    if entry.uid in known:
        return known[entry.uid]
    start = _local(entry, source.plan)
    of_start = next((meeting for meeting in source.meetings if meeting.start == start), None)
    return of_start or Meeting(start, start, source.plan.minutes)


def _local(entry: Single, plan: Plan) -> datetime:
    zone = zone_named(plan.zone)
    return entry.start if entry.zone else entry.start.astimezone(zone).replace(tzinfo=None)


def _notes(entry: Entry, source: Run | Cover, background: Background) -> Iterator[str]:
    if isinstance(entry, Single):
        meeting = _meeting_of(entry, source)
        if meeting.is_moved:
            yield f"moved from {_moment(meeting.original)}"
        yield from _differs(meeting, source, background)
        return
    meetings = {meeting.original: meeting for meeting in source.meetings} if isinstance(source, Run) else {}
    for override in entry.overrides:
        meeting = meetings[override.original]
        moved = [f"moved to {_moment(meeting.start)}"] if meeting.is_moved else []
        yield f"{_moment(override.original)}: {'; '.join([*moved, *_differs(meeting, source, background)])}"
    if entry.exclusions:
        dates = [_date(at.date()) for at in entry.exclusions[:MOST_DATES]]
        more = len(entry.exclusions) - len(dates)
        yield f"not on {'; '.join(dates)}{f'; and {more} more' if more else ''}"


def _differs(meeting: Meeting, source: Run | Cover, background: Background) -> Iterator[str]:
    """What else is not as the rule says."""
    plan = source.plan
    if meeting.minutes != plan.minutes:
        yield f"lasts {meeting.minutes} minutes"
    if (meeting.place, meeting.link) != (plan.place, plan.link):
        where = meeting.place or ("online" if meeting.link else "no place")
        closed = (plan.id, meeting.original) in background.relocated
        yield f"held elsewhere: {where}, since {'its place is closed' if closed else 'it was moved there'}"
    if meeting.stopped:
        found = sorted(background.causes.get((plan.id, meeting.original), ()))
        lent = isinstance(source, Run) and source.is_post
        why_else = "a colleague leads it" if lent else "it does not take place"
        yield "cancelled: " + (", ".join(_CAUSES[cause] for cause in found) or why_else)


def _moment(at: datetime) -> str:
    return f"{_ENGLISH.weekday(at.weekday())}, {_date(at.date())}, {_ENGLISH.clock(at.time())}"


def _date(day: date) -> str:
    return _ENGLISH.date(day, year=True)
