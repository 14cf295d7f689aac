"""Looking before writing: what would collide, and whether a coordinator may go on all the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.queries import members_taken
from scheduler.domain.people.names import clean
from scheduler.domain.people.roles import SYSTEM, Actor, Role
from scheduler.domain.planning.reach import occurrences_at
from scheduler.domain.roster.queries import facilitators_taken
from scheduler.domain.schedule.clashes import Clash, Taken, clashes_of
from scheduler.domain.schedule.conflicts import Booking, Holder, Overlap, overlaps_with
from scheduler.domain.schedule.models import Occurrence
from scheduler.domain.schedule.queries import rooms_taken
from scheduler.errors import Invalid
from scheduler.store.asking import plan_for_values

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Wanted:
    """An occurrence as it is wanted; its number is below zero where it is not made yet.

    No `room_id`: it has none, or one that is shared, where nothing collides.
    """

    occurrence: int
    starts_at: datetime
    ends_at: datetime
    room_id: int | None = None
    facilitators: tuple[int, ...] = ()
    members: tuple[int, ...] = ()

    def bookings(self) -> Iterator[Booking]:
        held = [(Holder.ROOM, self.room_id)] if self.room_id is not None else []
        held += [(Holder.FACILITATOR, person) for person in self.facilitators]
        held += [(Holder.MEMBER, person) for person in self.members]
        for holder, who in held:
            if who is not None:
                yield Booking(holder, who, self.starts_at, self.ends_at, self.occurrence)


@dataclass(frozen=True, slots=True)
class Look:
    """What was found. `reason` is why a coordinator goes on all the same, or empty.

    `rooms_taken` are occurrences whose room is taken, `leaders_taken` pairs of an occurrence and a person;
    `expected` are the members of what is wanted.
    """

    wanted: frozenset[int]
    refused: tuple[Clash, ...]
    warnings: tuple[Clash, ...]
    rooms_taken: frozenset[int]
    leaders_taken: frozenset[tuple[int, int]]
    expected: set[int]
    reason: str

    def without(self, *, stopped: Collection[int], moved: Collection[int] = ()) -> Look:
        """The same but for what those wanted that are stopped, and the rooms of those that are elsewhere."""
        in_rooms = {*stopped, *moved}
        told = [
            tuple(
                clash
                for clash in clashes
                if clash.wanted not in (in_rooms if clash.holder is Holder.ROOM else stopped)
            )
            for clashes in (self.refused, self.warnings)
        ]
        return replace(
            self,
            refused=told[0],
            warnings=told[1],
            rooms_taken=self.rooms_taken - in_rooms,
            leaders_taken=frozenset(pair for pair in self.leaders_taken if pair[0] not in stopped),
        )

    def hold_on_room(self, occurrence: int, *, is_shared: bool = False) -> tuple[bool, str]:
        """Is the room exclusively this occurrence's; if it is overridden, why."""
        if occurrence in self.rooms_taken:
            return False, self.reason
        return not is_shared, ""

    def hold_on_person(self, occurrence: int, person: int) -> tuple[bool, str]:
        """Does the facilitator lead this alone then; if it is overridden, why."""
        is_taken = (occurrence, person) in self.leaders_taken
        return not is_taken, self.reason if is_taken else ""


def look(
    session: Database,
    wanted: Sequence[Wanted],
    *,
    override: str = "",
    leaving: Collection[int] = (),
    viewer: Actor = SYSTEM,
) -> Look:
    """What the wanted occurrences collide with, but for those in `leaving`. Five statements at most.

    Of what is out of the `viewer`'s reach as a coordinator only *busy* is told, for one statement more.
    Raises Invalid on `override` for a reason that is too long.
    """
    reason = reason_of(override, field="override")
    numbers = frozenset(each.occurrence for each in wanted)
    found = _overlaps(session, wanted, numbers | set(leaving))
    clashes = told(session, found, wanted=numbers, viewer=viewer)
    sides = [side for overlap in found if not overlap.only_warns for side in (overlap.first, overlap.second)]
    return Look(
        wanted=numbers,
        refused=tuple(clash for clash in clashes if not clash.only_warns),
        warnings=tuple(clash for clash in clashes if clash.only_warns),
        rooms_taken=frozenset(side.occurrence for side in sides if side.holder is Holder.ROOM),
        leaders_taken=frozenset(
            (side.occurrence, side.held) for side in sides if side.holder is Holder.FACILITATOR
        ),
        expected={member for each in wanted for member in each.members},
        reason=reason,
    )


def told(
    session: Database, found: Sequence[Overlap], *, wanted: Collection[int], viewer: Actor
) -> tuple[Clash, ...]:
    """These overlaps in words, as seen by the `wanted` occurrences. Three statements at most.

    Of what is out of the `viewer`'s reach as a coordinator only *busy* is told.
    """
    untold = _out_of_reach(session, found, viewer)
    return clashes_of(session, found, wanted=wanted, untold=untold) if found else ()


def require_free(found: Look) -> None:
    """Raises Taken unless nothing firm collides, or a reason was given."""
    if found.refused and not found.reason:
        raise Taken(found.refused)


def reason_of(text: str, *, field: str, needed: bool = False) -> str:
    """A reason with clean letters. Raises Invalid on `field` if it is too long, or needed and empty."""
    reason = clean(text)
    if needed and not reason:
        raise Invalid("Give a reason.", field=field)
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"A reason has at most {LONGEST_REASON} letters.", field=field)
    return reason


def _out_of_reach(session: Database, found: Sequence[Overlap], viewer: Actor) -> frozenset[int]:
    sites = viewer.sites_as(Role.COORDINATOR)
    if sites is None or not found:
        return frozenset()
    numbers = {number for overlap in found for number in overlap.occurrences}
    return frozenset(
        session.scalars(select(Occurrence.id).where(Occurrence.id.in_(numbers), ~occurrences_at(sites)))
    )


def _overlaps(session: Database, wanted: Sequence[Wanted], leaving: Collection[int]) -> list[Overlap]:
    bookings = [booking for each in wanted for booking in each.bookings()]
    if not bookings:
        return []
    begin, end = min(each.starts_at for each in wanted), max(each.ends_at for each in wanted)
    if len(wanted) > 1:
        plan_for_values(session)
    rooms = {booking.held for booking in bookings if booking.holder is Holder.ROOM}
    persons = {booking.held for booking in bookings if booking.holder is not Holder.ROOM}
    standing = rooms_taken(session, rooms, begin, end)
    standing += facilitators_taken(session, persons, begin, end)
    standing += members_taken(session, persons, begin, end)
    return overlaps_with(bookings, [each for each in standing if each.occurrence not in leaving])
