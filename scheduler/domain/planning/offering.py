"""Which remedies a conflict has: asked of what is planned around it, for a page of conflicts at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, column, or_, select, values
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment.queries import members_taken
from scheduler.domain.places.models import Room
from scheduler.domain.places.queries import RoomView
from scheduler.domain.planning.grouping import Fact, Group, Trouble
from scheduler.domain.planning.planned import Planned
from scheduler.domain.planning.remedies import Does, Remedy, other_lead, other_room, other_time
from scheduler.domain.roster.models import Duty
from scheduler.domain.roster.queries import facilitators_taken
from scheduler.domain.schedule.conflicts import Booking, Holder
from scheduler.domain.schedule.diary import Diary
from scheduler.domain.schedule.models import Closure, Occurrence
from scheduler.domain.schedule.queries import LONGEST, rooms_taken
from scheduler.store.asking import rows
from scheduler.store.base import UtcInstant

MEMBERS_ASKED = 20
"""Members whose other times are looked at; with more of them hardly any time is free for all."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A remedy as a button says it: of which session (its first one), and the room's name, or when."""

    remedy: Remedy
    planned: Planned
    room: RoomView | None = None


@dataclass(frozen=True, slots=True)
class _Side:
    group: Group
    planned: Planned
    facts: tuple[Fact, ...]


def offers_for(
    session: Database,
    groups: Iterable[Group],
    firsts: Mapping[int, Planned],
    *,
    rooms: Sequence[RoomView],
    leads: Sequence[int],
    now: datetime,
) -> Mapping[str, tuple[Offer, ...]]:
    """What would end each of the groups, for all of its times, by the group's key. Seven statements.

    One that is overridden may be ended too.
    `firsts` are the occurrences of each group's first time, `rooms` and `leads` those that may be offered. Of
    two sessions the one with fewer members is changed rather.
    """
    sides = [side for group in groups for side in _sides(group, firsts, now)]
    if not sides:
        return {}
    during = _during(session, sides)
    begin = min(fact.starts_at for side in sides for fact in side.facts) - LONGEST
    end = max(fact.ends_at for side in sides for fact in side.facts) + LONGEST
    closed = rooms_closed(session, begin, end)
    diary = Diary([*_taken(session, sides, begin, end), *closed])
    shut = Diary(closed)
    shared = {room.id for room in rooms if room.shared}
    found: defaultdict[str, list[Offer]] = defaultdict(list)
    for number, side in enumerate(sides):
        taken = {room for room, _ in during[number] if room is not None and room not in shared}
        taken |= {room.id for room in rooms if not _is_open(room, side, shut)}
        busy = {person for _, person in during[number]}
        found[side.group.key] += _offers(side, rooms, taken, [one for one in leads if one not in busy])
    for side in _smaller(sides):
        minutes = other_time(
            side.facts, diary, persons=side.group.persons[:MEMBERS_ASKED], shared=shared, after=now
        )
        if minutes is not None:
            remedy = Remedy(Does.LATER, side.facts[0].series_id, minutes)
            found[side.group.key].append(Offer(remedy, side.planned))
    return {key: tuple(offers) for key, offers in found.items()}


def rooms_closed(session: Database, begin: datetime, end: datetime) -> list[Booking]:
    """When rooms are closed between two instants, as bookings of no occurrence (0). One statement."""
    query = (
        select(Room.id, Closure.starts_at, Closure.ends_at)
        .join(Closure, or_(Closure.room_id == Room.id, Closure.site_id == Room.site_id))
        .where(Closure.lifted_at.is_(None), Closure.starts_at < end, Closure.ends_at > begin)
    )
    return [Booking(Holder.ROOM, room, starts, ends, 0) for room, starts, ends in rows(session, query)]


def _sides(group: Group, firsts: Mapping[int, Planned], now: datetime) -> Iterator[_Side]:
    """Those of its sessions that are to come, the one with fewer members first."""
    found = []
    for series_id in dict.fromkeys(group.series):
        facts = group.side(series_id, after=now)
        first = next((fact for fact in group.times[0] if fact.series_id == series_id), None)
        if facts and first is not None and first.id in firsts:
            found.append(_Side(group, firsts[first.id], facts))
    yield from sorted(found, key=lambda side: (side.planned.expected, -side.planned.series_id))


def _smaller(sides: Iterable[_Side]) -> list[_Side]:
    """The first of each group that can be put off; two who are kept apart are for a coordinator to part."""
    first = {side.group.key: side for side in reversed(list(sides))}
    return [side for side in first.values() if side.group.trouble is not Trouble.APART]


def _offers(
    side: _Side, rooms: Sequence[RoomView], taken: Collection[int], leads: Sequence[int]
) -> Iterator[Offer]:
    group, series_id = side.group, side.facts[0].series_id
    if group.trouble is Trouble.ROOM and not _leads_twice(group):
        room = other_room(rooms, taken, site_id=side.facts[0].site_id, expected=side.planned.expected)
        if room is not None:
            yield Offer(Remedy(Does.ROOM, series_id, room.id), side.planned, room)
    elif group.trouble is Trouble.FACILITATOR:
        person = other_lead(leads, Diary(()), side.facts)
        if person is not None:
            yield Offer(Remedy(Does.LEAD, series_id, person), side.planned)


def _leads_twice(group: Group) -> bool:
    """Somebody leads both, and nobody wanted it so: that comes first, or no other room can be booked."""
    for time in group.times:
        leads = [{duty.person_id for duty in fact.duties if not duty.reason} for fact in time]
        if len(leads) == 2 and leads[0] & leads[1]:
            return True
    return False


def _is_open(room: RoomView, side: _Side, shut: Diary) -> bool:
    return all(shut.is_free(Holder.ROOM, room.id, fact.starts_at, fact.ends_at) for fact in side.facts)


def _during(session: Database, sides: Sequence[_Side]) -> dict[int, set[tuple[int | None, int | None]]]:
    """The rooms and people that are taken while something of a side takes place, by the side's number."""
    asked = [
        (number, fact.starts_at - LONGEST, fact.starts_at, fact.ends_at)
        for number, side in enumerate(sides)
        for fact in side.facts
    ]
    instants = [column(name, UtcInstant()) for name in ("earliest", "begins", "ends")]
    spans = values(column("side", Integer), *instants, name="span").data(asked).cte("span")
    query = (
        select(spans.c.side, Occurrence.room_id, Duty.person_id)
        .select_from(spans)
        .join(
            Occurrence,
            (Occurrence.starts_at > spans.c.earliest)
            & (Occurrence.starts_at < spans.c.ends)
            & (Occurrence.ends_at > spans.c.begins),
        )
        .outerjoin(Duty, Duty.occurrence_id == Occurrence.id)
        .where(Occurrence.booked)
        .distinct()
    )
    found: dict[int, set[tuple[int | None, int | None]]] = {number: set() for number in range(len(sides))}
    for number, room, person in rows(session, query):
        found[number].add((room, person))
    return found


def _taken(session: Database, sides: Iterable[_Side], begin: datetime, end: datetime) -> list[Booking]:
    """What the sessions that may be put off have in their way: their own room, leads and members."""
    smaller = _smaller(sides)
    rooms = {fact.room_id for side in smaller for fact in side.facts if fact.room_id is not None}
    leads = {duty.person_id for side in smaller for fact in side.facts for duty in fact.duties}
    members = {person for side in smaller for person in side.group.persons[:MEMBERS_ASKED]}
    found = rooms_taken(session, rooms, begin, end)
    found += facilitators_taken(session, leads | members, begin, end)
    return found + members_taken(session, members, begin, end)
