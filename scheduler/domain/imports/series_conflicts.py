"""What stands in the way of the rows of a list of series: in what stands, and among the rows themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session as Database

from scheduler.domain.imports.judging import Outcome
from scheduler.domain.imports.series_judging import JudgedSeries, Making
from scheduler.domain.imports.series_limit import starts_ahead
from scheduler.domain.imports.series_taken import Taken
from scheduler.domain.people.roles import Actor
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.looking import told
from scheduler.domain.roster.queries import facilitators_taken
from scheduler.domain.schedule.conflicts import Booking, Holder, Overlap
from scheduler.domain.schedule.dates import meetings_at
from scheduler.domain.schedule.queries import rooms_taken

TOLD = 3
"""Conflicts of a row that are told."""


@dataclass(frozen=True, slots=True)
class _Wanting:
    """A row with what it wants to take, its occurrences numbered below zero."""

    row: JudgedSeries
    bookings: tuple[Booking, ...]


def with_conflicts(
    session: Database,
    rows: Sequence[JudgedSeries],
    *,
    shared: frozenset[int],
    overrides: Mapping[int, str],
    viewer: Actor,
    now: datetime,
) -> tuple[JudgedSeries, ...]:
    """The same rows; those for which a room or a facilitator is taken are refused, saying by what.

    A row whose number has a reason in ``overrides`` is taken all the same. Nothing collides in ``shared``
    rooms. Six statements at most, however long the list is.
    """
    wanting = _wanting(rows, shared, now)
    taken = Taken(_standing(session, [booking for each in wanting for booking in each.bookings]))
    found: dict[int, tuple[Overlap, ...]] = {}
    number_of: dict[int, int] = {}
    for each in wanting:
        number = each.row.draft.number
        number_of.update((booking.occurrence, number) for booking in each.bookings)
        overlaps = taken.in_the_way(each.bookings, TOLD)
        if overlaps:
            found[number] = overlaps
        if not overlaps or overrides.get(number):
            taken.take(each.bookings)
    sentences = _sentences(session, found, number_of, viewer)
    return tuple(_judged(row, sentences.get(row.draft.number, ()), overrides) for row in rows)


def _judged(row: JudgedSeries, said: tuple[str, ...], overrides: Mapping[int, str]) -> JudgedSeries:
    if not said:
        return row
    reason = overrides.get(row.draft.number, "")
    if reason:
        effect = replace(row.effect, remarks=(*row.effect.remarks, *said))
        return replace(row, is_in_the_way=True, override=reason, effect=effect)
    effect = replace(row.effect, reasons=(*row.effect.reasons, *said))
    return replace(row, outcome=Outcome.REFUSED, does=Outcome.SAME, is_in_the_way=True, effect=effect)


def _wanting(rows: Sequence[JudgedSeries], shared: frozenset[int], now: datetime) -> list[_Wanting]:
    found: list[_Wanting] = []
    made = 0
    for row in rows:
        if row.does is Outcome.NEW and row.effect.making is not None:
            bookings = _bookings(row.effect.making, shared, made, now)
            made = min((booking.occurrence for booking in bookings), default=made)
            found.append(_Wanting(row, bookings))
    return found


def _bookings(making: Making, shared: frozenset[int], made: int, now: datetime) -> tuple[Booking, ...]:
    """What the occurrences up to the horizon take."""
    plan, zone = making.plan, zone_named(making.plan.timezone)
    held = [(Holder.FACILITATOR, each) for each in making.leads]
    if plan.room_id is not None and plan.room_id not in shared:
        held.insert(0, (Holder.ROOM, plan.room_id))
    if not held:
        return ()
    return tuple(
        Booking(holder, who, meeting.starts_at, meeting.ends_at, made - place)
        for place, meeting in enumerate(meetings_at(starts_ahead(plan, now), plan.minutes, zone), 1)
        for holder, who in held
    )


def _standing(session: Database, wanted: Sequence[Booking]) -> list[Booking]:
    if not wanted:
        return []
    begin, end = min(each.starts for each in wanted), max(each.ends for each in wanted)
    rooms = {each.held for each in wanted if each.holder is Holder.ROOM}
    persons = {each.held for each in wanted if each.holder is Holder.FACILITATOR}
    standing = rooms_taken(session, rooms, begin, end)
    return standing + facilitators_taken(session, persons, begin, end)


def _sentences(
    session: Database,
    found: Mapping[int, tuple[Overlap, ...]],
    number_of: Mapping[int, int],
    viewer: Actor,
) -> dict[int, tuple[str, ...]]:
    """What is told of each row: of another row by its number, of what stands as anywhere."""
    overlaps = [overlap for each in found.values() for overlap in each]
    wanted = frozenset(overlap.second.occurrence for overlap in overlaps)
    clashes = told(session, overlaps, wanted=wanted, viewer=viewer) if overlaps else ()
    said: dict[int, dict[str, None]] = {number: {} for number in found}
    beside = {
        (overlap.second.occurrence, overlap.second.resource): number_of.get(overlap.first.occurrence)
        for overlap in overlaps
    }
    for clash in clashes:
        row = beside[clash.wanted, (clash.holder is Holder.ROOM, clash.held)]
        line = f"{clash.name} is taken by row {row} of this list." if row else clash.sentence
        said[number_of[clash.wanted]][line] = None
    return {number: tuple(lines) for number, lines in said.items()}
