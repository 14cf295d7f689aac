"""Overlaps in words: which room or person is taken, by what, and when."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.models import Identity
from scheduler.domain.places.models import Room, Site
from scheduler.domain.places.zones import zone_named
from scheduler.domain.schedule.conflicts import Booking, Holder, Overlap
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.wall_time import local_of
from scheduler.domain.schedule.words import English
from scheduler.errors import Conflict
from scheduler.store.asking import rows

_TITLES: Final = (
    select(Occurrence.id, Series.title, Series.timezone)
    .join(Series, Series.id == Occurrence.series_id)
    .where(Occurrence.id.in_(bindparam("occurrences", expanding=True)))
)
_ROOMS: Final = (
    select(Room.id, Room.name, Site.name)
    .outerjoin(Site, Site.id == Room.site_id)
    .where(Room.id.in_(bindparam("rooms", expanding=True)))
)
_PEOPLE: Final = select(Identity.person_id, Identity.short_name).where(
    Identity.person_id.in_(bindparam("persons", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody or something is taken when it is wanted.

    `wanted` is the occurrence that wants it (below zero: not made yet), `wanted_at` its instant. `title` is
    the session that has it, from `local_start` to `local_end` in `timezone`; an empty title: nobody's
    business here, so only "busy" is told.
    """

    holder: Holder
    held: int
    name: str
    wanted: int
    wanted_at: datetime
    title: str
    occurrence_id: int | None
    local_start: datetime
    local_end: datetime
    timezone: str
    only_warns: bool

    @property
    def sentence(self) -> str:
        """One line of plain English."""
        span = English().times(self.local_start.time(), self.local_end.time())
        when = f"{English().date(self.local_start.date(), year=False)}, {span}"
        if not self.title:
            return f"{self.name} is busy on {when}."
        return f"{self.name} is taken on {when}: {self.title}."


class Taken(Conflict):
    """A room or a facilitator is taken; `clashes` tell by what. A coordinator may override with a reason."""

    def __init__(self, clashes: Collection[Clash]) -> None:
        self.clashes = tuple(clashes)
        super().__init__(" ".join(clash.sentence for clash in self.clashes[:3]))


def clashes_of(
    session: Database, overlaps: Iterable[Overlap], *, wanted: Collection[int], untold: Collection[int] = ()
) -> tuple[Clash, ...]:
    """The overlaps as seen by the occurrences in `wanted`, in order of time; two statements.

    What a facilitator attends as a member is nobody's business, nor is what a member leads; nor are the
    occurrences in `untold`.
    """
    sides = [_sides(overlap, wanted) for overlap in overlaps]
    titles = _titles(session, {theirs.occurrence for _, theirs in sides})
    names = _names(session, {booking for booking, _ in sides})
    found = [
        _clash(
            mine,
            theirs,
            names[mine.resource],
            titles.get(theirs.occurrence, ("", "UTC")),
            is_untold=theirs.occurrence in untold,
        )
        for mine, theirs in sides
    ]
    return tuple(sorted(found, key=lambda clash: (clash.wanted_at, clash.holder, clash.held)))


def _sides(overlap: Overlap, wanted: Collection[int]) -> tuple[Booking, Booking]:
    """What is wanted, and what stands in its way."""
    if overlap.first.occurrence in wanted and overlap.second.occurrence not in wanted:
        return overlap.first, overlap.second
    return overlap.second, overlap.first


def _clash(
    mine: Booking, theirs: Booking, name: str, session_of: tuple[str, str], *, is_untold: bool
) -> Clash:
    title, timezone = session_of
    is_private = is_untold or {mine.holder, theirs.holder} == {Holder.FACILITATOR, Holder.MEMBER}
    zone = zone_named(timezone)
    return Clash(
        holder=mine.holder,
        held=mine.held,
        name=name,
        wanted=mine.occurrence,
        wanted_at=mine.starts,
        title="" if is_private else title,
        occurrence_id=None if is_private or theirs.occurrence < 0 else theirs.occurrence,
        local_start=local_of(theirs.starts, zone),
        local_end=local_of(theirs.ends, zone),
        timezone=timezone,
        only_warns=Holder.MEMBER in (mine.holder, theirs.holder),
    )


def _titles(session: Database, occurrences: set[int]) -> dict[int, tuple[str, str]]:
    found = rows(session, _TITLES, {"occurrences": list(occurrences)})
    return {occurrence: (title, timezone) for occurrence, title, timezone in found}


def _names(session: Database, bookings: set[Booking]) -> dict[tuple[bool, int], str]:
    rooms = {booking.held for booking in bookings if booking.holder is Holder.ROOM}
    persons = {booking.held for booking in bookings if booking.holder is not Holder.ROOM}
    named = rows(session, _ROOMS, {"rooms": list(rooms)}) if rooms else ()
    people = rows(session, _PEOPLE, {"persons": list(persons)}) if persons else ()
    names = {(True, room): f"{site}, {name}" if site else name for room, name, site in named}
    return names | {(False, person): name for person, name in people}
