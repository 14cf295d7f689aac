"""What a facilitator leads, sorted by when it is due. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.domain.attendance.opening import LOCKS_AFTER, Phase, locks_at, phase_of
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.wall_time import local_of, zone_named

LINGERS = timedelta(minutes=30)
"""For so long after its end a sheet is still the first thing to open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Led:
    """An occurrence at which a facilitator has a duty.

    Local times are naive, in ``timezone``; ``original_start`` is where the rule has it. ``others`` are the
    short names of who leads with them; ``covers`` whom they stand in for. ``expected`` counts members,
    ``unmarked`` those of them without a mark, ``say_absent`` those of these who say that they can't make it;
    ``members`` are their short names in an individual session.
    """

    occurrence_id: int
    title: str
    kind: Kind
    counting: Counting
    timezone: str
    original_start: datetime
    local_start: datetime
    starts_at: datetime
    ends_at: datetime
    booked: bool
    position: str
    covers: str | None
    others: tuple[str, ...]
    members: tuple[str, ...]
    room_name: str
    site_name: str
    join_link: str
    expected: int
    unmarked: int
    here: int
    headcount: int | None
    submitted_at: datetime | None
    not_met_at: datetime | None = None
    reopened_at: datetime | None = None
    say_absent: int = 0

    @property
    def is_by_heads(self) -> bool:
        """Whether its sheet is a number without names."""
        return self.counting is Counting.HEADS

    @property
    def is_moved(self) -> bool:
        """Whether it stands at another time than the rule has it."""
        return self.local_start != self.original_start

    @property
    def is_submitted(self) -> bool:
        """Whether its sheet was handed in."""
        return self.submitted_at is not None

    @property
    def is_not_met(self) -> bool:
        """Whether it was recorded that nobody met."""
        return self.not_met_at is not None

    @property
    def wants_sheet(self) -> bool:
        """Whether its sheet is still to be handed in."""
        return self.booked and not self.is_submitted and not self.is_not_met

    def phase(self, now: datetime) -> Phase:
        """Whether its sheet has begun, so that there is something to look at."""
        zone = zone_named(self.timezone)
        return phase_of(self.local_start, zone, booked=self.booked, not_met=self.is_not_met, now=now)

    def days_from(self, now: datetime) -> int:
        """Days from today to its day, both on the clock of its series."""
        return (self.local_start.date() - local_of(now, zone_named(self.timezone)).date()).days


@dataclass(frozen=True, slots=True)
class Agenda:
    """``next`` is what to open first, if something is left today; ``today`` the rest of today, both by time;
    ``debts`` past sheets that were not submitted, the newest first; ``reopened`` those that were submitted
    and are open again; ``later`` the days after."""

    next: Led | None
    today: tuple[Led, ...]
    debts: tuple[Led, ...]
    reopened: tuple[Led, ...]
    later: tuple[Led, ...]


def agenda_of(led: Iterable[Led], now: datetime, locks: timedelta = LOCKS_AFTER) -> Agenda:
    """Sort what somebody leads; each occurrence has its own today, by the clock of its series.

    ``locks``: how long after its end a sheet locks; it is asked for until then.
    """
    by_time = sorted(led, key=lambda one: (one.starts_at, one.occurrence_id))
    today = [one for one in by_time if one.days_from(now) == 0]
    open_ones = [one for one in today if one.wants_sheet]
    first = next((one for one in open_ones if now < one.ends_at + LINGERS), None) or next(
        iter(open_ones), None
    )
    return Agenda(
        next=first,
        today=tuple(one for one in today if one is not first),
        debts=tuple(one for one in reversed(by_time) if one.days_from(now) < 0 and is_owed(one, now, locks)),
        reopened=tuple(one for one in reversed(by_time) if is_open_again(one, now, locks)),
        later=tuple(one for one in by_time if one.days_from(now) > 0),
    )


def is_owed(one: Led, now: datetime, locks: timedelta = LOCKS_AFTER) -> bool:
    """Whether its sheet should have been submitted by now, and is not locked."""
    return one.wants_sheet and one.ends_at <= now < locks_at(one.ends_at, one.reopened_at, locks)


def is_open_again(one: Led, now: datetime, locks: timedelta = LOCKS_AFTER) -> bool:
    """Whether its sheet was submitted, locked, and opened again so that it can be corrected."""
    reopened = one.booked and one.is_submitted and one.reopened_at is not None
    return reopened and now < locks_at(one.ends_at, one.reopened_at, locks)
