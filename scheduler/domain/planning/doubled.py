"""What is taken twice in a span: rooms and those who lead, whoever looks and whatever they are shown.

Of two that hold the same room or facilitator at once one is not `exclusive`, or it would not stand there. So
of all in a span only those few are looked at, and what they overlap with is joined by the database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, func, literal, select, true, union_all
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import aliased

from scheduler.domain.places.models import Room
from scheduler.domain.planning.planned import Planned, Twice
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.conflicts import Holder
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.queries import between
from scheduler.store.asking import rows
from scheduler.store.base import UtcInstant

Condition = ColumnElement[bool]
Doubled = Mapping[tuple[int, Holder, int], Set[int]]
"""With which others an occurrence shares what it holds: by its id, the holder, and the id of what is held.
Who leads comes before rooms."""
_EARLIEST: Final = bindparam("earliest", type_=UtcInstant())
_END: Final = bindparam("end", type_=UtcInstant())


def doubled_between(session: Database, begin: datetime, end: datetime) -> Doubled:
    """What is taken twice between two instants, whatever the other is. One statement."""
    found: defaultdict[tuple[int, Holder, int], set[int]] = defaultdict(set)
    for holder, held, one, two in rows(session, _PAIRS, between(begin, end)):
        found[one, Holder(holder), held].add(two)
        found[two, Holder(holder), held].add(one)
    return found


def in_sight(session: Database, doubled: Doubled, shown: Set[int], within: Condition | None) -> Set[int]:
    """Those shown, and of what else they share something with what is `within` somebody's sight: a condition
    on Occurrence with its Series in the query, none for all. One statement, or none.
    """
    others = {each for (mine, *_), theirs in doubled.items() if mine in shown for each in theirs}
    hidden = others.difference(shown)
    if not hidden:
        return shown
    query = select(Occurrence.id).join(Series, Series.id == Occurrence.series_id)
    seen = session.scalars(query.where(Occurrence.id.in_(hidden), true() if within is None else within))
    return shown | set(seen)


def double_bookings(
    session: Database, planned: Sequence[Planned], *, within: Condition | None = None
) -> Mapping[int, tuple[Twice, ...]]:
    """What these hold that is taken twice, by occurrence: its room first, then people by name.

    One statement, or two.
    Of others only what is `within` somebody's sight is named (as :func:`in_sight`).
    """
    if not planned:
        return {}
    by_id = {each.id: each for each in planned}
    begin, end = min(each.starts_at for each in planned), max(each.ends_at for each in planned)
    doubled = doubled_between(session, begin, end)
    seen = in_sight(session, doubled, by_id.keys(), within)
    found: defaultdict[int, list[Twice]] = defaultdict(list)
    for (mine, holder, held), others in doubled.items():
        if mine in by_id:
            name, reason = _told(by_id[mine], holder, held)
            found[mine].append(Twice(holder, name, reason, tuple(sorted(seen & others))))
    return {occurrence: tuple(sorted(all_found, key=_rooms_first)) for occurrence, all_found in found.items()}


def _rooms_first(twice: Twice) -> tuple[bool, str]:
    return twice.holder is not Holder.ROOM, twice.name


def _told(each: Planned, holder: Holder, held: int) -> tuple[str, str]:
    if holder is Holder.ROOM:
        return each.place, each.override_reason
    duty = next(duty for duty in each.leading if duty.person_id == held)
    return duty.short_name, duty.override_reason


def _at_once(one: Any, two: Any) -> Condition:
    """Both take place and share time. The bounds on the start are what the index of `two` serves."""
    begins = (two.starts_at > _EARLIEST) & (two.starts_at < one.ends_at)
    return and_(begins, two.ends_at > one.starts_at, one.booked, two.booked, one.exclusive.is_(False))


def _begins(row: Any) -> Condition:
    """Nothing but the start: then the index answers alone."""
    condition: Condition = (row.starts_at > _EARLIEST) & (row.starts_at < _END)
    return condition


def _in_rooms() -> Any:
    one, two = aliased(Occurrence), aliased(Occurrence)
    # Behind a function, or a database might begin with `two`, of which there are more.
    room = func.coalesce(one.room_id, 0)
    return (
        select(literal(Holder.ROOM.value), one.room_id, one.id, two.id)
        .join(Room, (Room.id == one.room_id) & Room.shared.is_(False))
        .join(two, (two.room_id == room) & (two.id != one.id) & _at_once(one, two))
        .where(_begins(one))
    )


def _leading() -> Any:
    one, two = aliased(Duty), aliased(Duty)
    person = func.coalesce(one.person_id, 0)
    return (
        select(literal(Holder.FACILITATOR.value), one.person_id, one.occurrence_id, two.occurrence_id)
        .select_from(Occurrence)
        .join(one, one.occurrence_id == Occurrence.id)
        .join(two, (two.person_id == person) & (two.occurrence_id != one.occurrence_id) & _at_once(one, two))
        .where(_begins(Occurrence))
    )


_PAIRS: Final = union_all(_leading(), _in_rooms())
