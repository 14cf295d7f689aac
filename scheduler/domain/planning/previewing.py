"""What a series would come to, before it is saved. Writes nothing, and locks nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session as Database

from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.concerned import load_room, load_series, occurrences_in
from scheduler.domain.planning.continuing import continuation, has_begun
from scheduler.domain.planning.looking import Wanted, look
from scheduler.domain.schedule.clashes import Clash
from scheduler.domain.schedule.dates import Meeting, meetings_at
from scheduler.domain.schedule.editing import keeps_time
from scheduler.domain.schedule.models import Occurrence
from scheduler.domain.schedule.plans import Plan, checked, checked_words
from scheduler.domain.schedule.queries import plan_of
from scheduler.domain.schedule.recurrence import occurrences
from scheduler.domain.schedule.wall_time import instant_of, local_of


@dataclass(frozen=True, slots=True)
class PreviewDate:
    """One date: its naive local start, its span in UTC, and what it collides with."""

    local_start: datetime
    starts_at: datetime
    ends_at: datetime
    clashes: tuple[Clash, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """The plan with clean texts and its own first date; its next dates; and the local dates within them on
    which the clocks change.
    """

    plan: Plan
    dates: tuple[PreviewDate, ...]
    clock_changes: tuple[date, ...]

    @property
    def clashes(self) -> tuple[Clash, ...]:
        return tuple(clash for each in self.dates for clash in each.clashes)


def preview(
    session: Database,
    *,
    plan: Plan,
    leads: Sequence[int] = (),
    series_id: int | None = None,
    now: datetime,
    most: int = 10,
) -> Preview:
    """The next dates of a plan, with those who would lead them.

    With `series_id` it is an edit of that series: the dates are those from its next occurrence on, and what
    it holds now is no conflict. Raises as `make_series` and `edit_series` do for what makes no sense.
    """
    plan, own = _resolved(session, plan, series_id, now)
    room = load_room(session, plan.room_id)
    own_room = None if room is None or room.shared else room.id
    zone = zone_named(plan.timezone)
    today = datetime.combine(local_of(now, zone).date(), time.min)
    starts = occurrences(plan.rule, plan.first_start, today if own else None, limit=most + 1)
    meetings = [each for each in meetings_at(starts, plan.minutes, zone) if not own or each.starts_at > now][
        :most
    ]
    wanted = [
        Wanted(-1 - place, each.starts_at, each.ends_at, own_room, tuple(leads))
        for place, each in enumerate(meetings)
    ]
    found = look(session, wanted, leaving=[row.id for row in own])
    by_date: dict[int, list[Clash]] = defaultdict(list)
    for clash in (*found.refused, *found.warnings):
        by_date[clash.wanted].append(clash)
    return Preview(
        plan,
        tuple(_date(meeting, by_date[-1 - place]) for place, meeting in enumerate(meetings)),
        clock_changes([each.local_start for each in meetings], zone),
    )


def clock_changes(starts: Sequence[datetime], zone: ZoneInfo) -> tuple[date, ...]:
    """The local dates between the first and the last start on which the clocks change."""
    if not starts:
        return ()
    days = (starts[-1].date() - starts[0].date()).days
    dates = [starts[0].date() + timedelta(days=day) for day in range(days + 1)]
    return tuple(day for day in dates if _length(day, zone) != timedelta(days=1))


def _length(day: date, zone: ZoneInfo) -> timedelta:
    begin = datetime.combine(day, time.min)
    return instant_of(begin + timedelta(days=1), zone) - instant_of(begin, zone)


def _date(meeting: Meeting, clashes: Sequence[Clash]) -> PreviewDate:
    return PreviewDate(meeting.local_start, meeting.starts_at, meeting.ends_at, tuple(clashes))


def _resolved(
    session: Database, plan: Plan, series_id: int | None, now: datetime
) -> tuple[Plan, Sequence[Occurrence]]:
    """The plan as it would be kept, and the occurrences that it would take over."""
    if series_id is None:
        return checked(plan, now=now), ()
    old = plan_of(load_series(session, series_id))
    rows = occurrences_in(session, series_id)
    if not has_begun(rows, now=now):
        return checked(plan, now=now), rows
    plan = checked_words(plan)
    to_come = [row for row in rows if row.starts_at > now]
    if keeps_time(old, plan):
        return plan, to_come
    going_on = continuation(old, plan, rows, now=now)
    return going_on.plan, to_come
