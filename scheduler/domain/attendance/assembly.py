"""A sheet put together: who is expected, and what was recorded of each. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from math import inf
from operator import itemgetter
from typing import Final

from scheduler.domain.attendance import door
from scheduler.domain.attendance.alike import Called, names_of
from scheduler.domain.attendance.lasting import Span, is_recorded
from scheduler.domain.attendance.opening import LOCKS_AFTER, Phase, locks_at, phase_of
from scheduler.domain.attendance.statuses import UNMARKED, Excuse, Value
from scheduler.domain.people.names import search_name
from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.counts import NO_LIMITS, Counts, Off
from scheduler.domain.schedule.kinds import Counting, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands above the names: the session, and what was recorded of it as a whole.

    ``local_start`` is the naive wall time in ``timezone`` at which it now stands, all other times are
    instants in UTC. ``by`` fields are short names. ``room_holds`` may be unknown. ``is_led``: by a duty of
    the viewer; ``is_online``: in a room that is only a link; ``may_reopen``: the viewer may open it again
    where it is locked. ``walked_in`` is how many walk-ins have a row; ``unplanned``: a facilitator started it
    on the spot. ``checks_in``: members come in by themselves; ``last_change`` is the newest of what its marks
    became (0: nothing is saved).
    """

    occurrence_id: int
    lineage_id: int
    title: str
    kind: Kind
    counting: Counting
    timezone: str
    local_start: datetime
    starts_at: datetime
    ends_at: datetime
    booked: bool
    room_name: str
    site_name: str
    room_holds: int | None
    headcount: int | None
    walk_ins: int
    counted_by: str | None
    counted_at: datetime | None
    submitted_by: str | None
    submitted_at: datetime | None
    not_met_by: str | None = None
    not_met_at: datetime | None = None
    not_met_reason: str = ""
    is_led: bool = False
    reopened_at: datetime | None = None
    may_reopen: bool = False
    counts: Counts = NO_LIMITS
    is_online: bool = False
    walked_in: int = 0
    checks_in: bool = False
    last_change: int = 0
    unplanned: bool = False

    @property
    def planned(self) -> Span:
        """From when to when it was planned."""
        return Span(self.starts_at, self.ends_at)

    @property
    def is_recorded(self) -> bool:
        """Whether it is said, where the sheet is handed in, how the session was held."""
        return is_recorded(self.kind, self.counting)

    @property
    def is_by_heads(self) -> bool:
        """Whether the sheet is a number without names."""
        return self.counting is Counting.HEADS

    @property
    def minutes(self) -> int:
        """Elapsed minutes from start to end."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    def locks_at(self, after: timedelta = LOCKS_AFTER) -> datetime:
        """When nothing on the sheet is changed any more, in UTC."""
        return locks_at(self.ends_at, self.reopened_at, after)

    def door_is_open(self, now: datetime, after: timedelta = LOCKS_AFTER) -> bool:
        """Whether members can come in by themselves now."""
        is_taken = self.phase(now, after) is Phase.OPEN
        return self.checks_in and is_taken and door.is_open(self.starts_at, self.ends_at, now)

    def phase(self, now: datetime, after: timedelta = LOCKS_AFTER) -> Phase:
        """Whether the sheet may be taken now; it locks so long ``after`` the session's end."""
        return phase_of(
            self.local_start,
            zone_named(self.timezone),
            booked=self.booked,
            not_met=self.not_met_at is not None,
            submitted=self.submitted_at is not None,
            locks=self.locks_at(after),
            now=now,
        )


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody said that they can't make it, and why, if they told: a proposal, and no mark."""

    reason: Excuse | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a sheet: ``revision`` 0 is a mark never saved; ``by`` and ``at`` tell who saved it.

    A person with a mark who is not ``expected`` any more stays on the sheet. ``absence``: they said before
    it began that they can't make it. ``distinction`` is what was chosen to tell them from others of their
    short name; in order, the short name has it, or a number, where the line ``is_alike`` another.
    ``paper_line`` is the one that they signed on paper.
    """

    person_id: int
    short_name: str
    expected: bool = True
    value: Value = UNMARKED
    revision: int = 0
    by: str | None = None
    at: datetime | None = None
    absence: Absence | None = None
    distinction: str = ""
    is_alike: bool = False
    paper_line: int | None = None

    @property
    def is_proposed(self) -> bool:
        """Whether *excused* waits for the facilitator to confirm it: a mark that was saved stands."""
        return self.absence is not None and self.expected and self.value.is_unmarked

    @property
    def is_private(self) -> bool:
        """Whether it stands for a colleague whose line is not the viewer's business."""
        return not self.person_id


PRIVATE: Final = Line(0, "", expected=False)
"""A place is taken, and no more."""


@dataclass(frozen=True, slots=True)
class WalkInLine:
    """Somebody who came, was not expected, and is not matched with anybody yet; no ``name``: it was removed.

    ``revision`` counts its changes; ``by`` and ``at`` tell who saved it, and when (UTC).
    """

    id: int
    name: str | None
    value: Value
    revision: int
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts above the names: of how many people how many are marked, and how many were there."""

    people: int
    marked: int
    here: int


def in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """By name, and people of one name always in the same order: nobody moves while marks are made. Each is
    called so that nobody else is. Taken on paper, the sheet keeps the order of its lines.
    """
    listed = [(line.paper_line or inf, search_name(line.short_name), line.person_id, line) for line in lines]
    many = Counter(name for _, name, _, _ in listed)
    alike = [line for _, name, _, line in listed if many[name] > 1]
    names = names_of(Called(line.person_id, line.short_name, line.distinction) for line in alike)
    return tuple(
        replace(line, short_name=names[person], is_alike=True) if person in names else line
        for _, _, person, line in sorted(listed, key=itemgetter(0, 1, 2))
    )


def tally_of(lines: Iterable[Line], walk_ins: int = 0) -> Tally:
    """Count the lines, and so many more who came and were not expected."""
    values = [line.value for line in lines]
    return Tally(
        people=len(values) + walk_ins,
        marked=sum(not value.is_unmarked for value in values) + walk_ins,
        here=sum(value.is_in_the_room for value in values) + walk_ins,
    )


def unmarked_of(lines: Iterable[Line]) -> int:
    """How many of those expected have no mark."""
    return sum(line.expected and line.value.is_unmarked for line in lines)


def state_of(lines: Iterable[Line], walk_ins: int) -> str:
    """What tells a sheet that somebody saw from the same sheet with another mark or guest on it."""
    revisions = [line.revision for line in lines]
    return f"{len(revisions)}.{sum(revisions)}.{walk_ins}"


@dataclass(frozen=True, slots=True)
class Change:
    """What a mark became, by whom and when (UTC).

    A ``reason`` makes it a correction, after the sheet was handed in; ``before`` is what it was until then.
    """

    short_name: str
    value: Value
    by: str | None
    at: datetime
    reason: str = ""
    before: Value = UNMARKED


HEADCOUNT: Final = "headcount"
WALK_INS: Final = "walk_ins"
NAMED: Final = "named_walk_ins"
REOPENED: Final = "reopened"


@dataclass(frozen=True, slots=True)
class Entry:
    """What was done to a sheet after it was handed in, or locked: ``what`` is one of the four above.

    ``number`` is what it became and ``before`` what it was, if that is known; ``by`` a short name; ``at`` in
    UTC.
    """

    what: str
    number: int | None
    before: int | None
    by: str | None
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class LastCount:
    """An earlier headcount of the same series; ``local_start`` is when that was, on its own clock."""

    number: int
    local_start: datetime


@dataclass(frozen=True)  # without slots: it keeps what was counted
class SheetPage:
    """A whole sheet. One counted by heads has no lines, and no names; others have no ``last_count``.

    ``taken`` places are those of colleagues whom the viewer does not see here; ``entries`` is what was
    done to the sheet as a whole after it was handed in, or locked.
    """

    head: Head
    lines: tuple[Line, ...] = ()
    history: tuple[Change, ...] = ()
    last_count: LastCount | None = None
    taken: int = 0
    entries: tuple[Entry, ...] = ()
    walk_ins: tuple[WalkInLine, ...] = ()

    @property
    def corrections(self) -> tuple[Change, ...]:
        """What was changed after the sheet was handed in, the newest first."""
        return tuple(change for change in self.history if change.reason)

    @property
    def recounts(self) -> tuple[Entry, ...]:
        """The same for its numbers."""
        return tuple(entry for entry in self.entries if entry.what != REOPENED)

    @property
    def openings(self) -> tuple[Entry, ...]:
        """Each time that it was opened again, the newest first."""
        return tuple(entry for entry in self.entries if entry.what == REOPENED)

    @cached_property
    def tally(self) -> Tally:
        """How many of the people on the sheet are marked, and were there, walk-ins with a row too."""
        return tally_of(self.lines, len(self.walk_ins))

    @cached_property
    def unmarked(self) -> int:
        """How many of those expected have no mark."""
        return unmarked_of(self.lines)

    @property
    def state(self) -> str:
        """See `state_of`."""
        return state_of(self.lines, self.head.walk_ins + len(self.walk_ins))

    @property
    def present(self) -> int:
        """How many people were in the room, guests without a name too."""
        return (self.head.headcount or 0) if self.head.is_by_heads else self.tally.here + self.head.walk_ins

    @property
    def people_off(self) -> Off | None:
        """How that is beside what counts; too few it can only be once everybody is marked."""
        off = self.head.counts.of_people(self.present)
        return None if off is Off.TOO_FEW and (self.unmarked or not self.tally.marked) else off

    @property
    def proposed(self) -> int:
        """How many of those say that they can't make it."""
        return sum(line.is_proposed for line in self.lines)

    @property
    def saved_at(self) -> datetime | None:
        """When something was last saved on it, in UTC."""
        instants = [line.at for line in self.lines] + [walk_in.at for walk_in in self.walk_ins]
        instants.append(self.head.counted_at)
        return max((at for at in instants if at), default=None)
