"""Taking back what a closure did, session by session, where nothing changed since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, exists, or_, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.places.models import Room
from scheduler.domain.planning.closing_plan import Did
from scheduler.domain.planning.coming_back import Became, Coming, kept_out
from scheduler.domain.planning.shutting import rooms_shut
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.conflicts import Booking, Holder
from scheduler.domain.schedule.kinds import CauseType
from scheduler.domain.schedule.models import Cause, Closure, ClosureEffect, Occurrence, Series
from scheduler.domain.schedule.queries import between, within
from scheduler.domain.schedule.service import touch
from scheduler.store.asking import rows as tuples


@dataclass(frozen=True, slots=True)
class _Done:
    """One thing that a closure did, with what it was done to. `home` is the room that it goes back to."""

    effect: ClosureEffect
    row: Occurrence
    home: int | None
    is_home_shared: bool
    own_home: bool

    @property
    def is_move(self) -> bool:
        return self.effect.did == Did.MOVED.value

    @property
    def exclusive(self) -> bool:
        """Whether it would hold its room firmly, as it did before."""
        if not self.is_move:
            return self.row.exclusive
        return self.effect.from_exclusive and not self.is_home_shared


def effects_to_come(closure: Closure, *, now: datetime) -> Select[ClosureEffect, Occurrence, Series]:
    """What stands of what a closure did to occurrences that have not begun."""
    return (
        select(ClosureEffect, Occurrence, Series)
        .join(Occurrence, Occurrence.id == ClosureEffect.occurrence_id)
        .join(Series, Series.id == Occurrence.series_id)
        .where(ClosureEffect.closure_id == closure.id, ClosureEffect.became == "", Occurrence.starts_at > now)
        .order_by(Occurrence.starts_at, Occurrence.id)
    )


def effects_outside(
    session: Database, closure: Closure, *, among: Collection[int] | None = None, now: datetime
) -> frozenset[int]:
    """The occurrences to which the closure did something, but that are not in its place and time any more."""
    shut = rooms_shut(session, closure)
    return frozenset(
        done.row.id
        for done in _standing(session, closure, among, now)
        if done.home not in shut
        or not (done.row.starts_at < closure.ends_at and closure.starts_at < done.row.ends_at)
    )


def reopen(
    session: Database, closure: Closure, *, among: Collection[int] | None = None, now: datetime
) -> dict[int, Became]:
    """Take back what the closure did to all that is to come, or to those `among` some; all is locked.

    One whose room, or who leads it, was taken meanwhile stays stopped, then by a coordinator, who may put it
    back; or stays where it was put. What comes back is to be looked at by `stand`.
    """
    done = _standing(session, closure, among, now)
    became = _judge(session, closure, done)
    coming = [each for each in done if each.row.id not in became]
    out = kept_out(*_bookings(session, coming))
    became |= {each.row.id: Became.TAKEN if each.row.id in out else Became.RESTORED for each in coming}
    _lift_causes(session, closure, done, became)
    for each in done:
        _put_back(closure, each, became[each.row.id], now)
    session.flush()
    return {each.row.id: became[each.row.id] for each in done}


def reopen_lifted(session: Database, occurrences: Collection[int], *, now: datetime) -> None:
    """Take back what closures that are lifted or over by now have done to these, as lifting them does.

    They may stand again where such a closure had them: by the undoing of what was done in between. All is
    locked.
    """
    where_it_put_them = exists().where(
        Occurrence.id == ClosureEffect.occurrence_id, Occurrence.closure_id == ClosureEffect.closure_id
    )
    session.execute(
        update(ClosureEffect)
        .where(ClosureEffect.occurrence_id.in_(occurrences), where_it_put_them)
        .values(became="")
        .execution_options(synchronize_session=False)
    )
    has_some = exists().where(
        ClosureEffect.closure_id == Closure.id,
        ClosureEffect.occurrence_id.in_(occurrences),
        ClosureEffect.became == "",
    )
    over = or_(Closure.lifted_at.is_not(None), Closure.ends_at <= now)
    for closure in session.scalars(select(Closure).where(over, has_some).order_by(Closure.id)).all():
        reopen(session, closure, among=occurrences, now=now)


def _standing(
    session: Database, closure: Closure, among: Collection[int] | None, now: datetime
) -> list[_Done]:
    query = effects_to_come(closure, now=now)
    if among is not None:
        query = query.where(Occurrence.id.in_(among))
    found = session.execute(query.execution_options(populate_existing=True)).all()
    shared = frozenset(session.scalars(select(Room.id).where(Room.shared)))
    return [_done(effect, row, series, shared) for effect, row, series in found]


def _done(effect: ClosureEffect, row: Occurrence, series: Series, shared: Collection[int]) -> _Done:
    """A stopped one stayed where it is; one that was moved goes where it is held but for that."""
    home = row.room_id
    if effect.did == Did.MOVED.value:
        home = effect.from_room_id if effect.from_own_room else series.room_id
    return _Done(effect, row, home, home in shared, own_home=home != series.room_id)


def _judge(session: Database, closure: Closure, done: Sequence[_Done]) -> dict[int, Became]:
    """Those that do not come back, whatever is free."""
    causes = _causes(session, [each.row.id for each in done])
    moved_on = _moved_on(session, closure, [each.row.id for each in done])
    became: dict[int, Became] = {}
    for each in done:
        stopped_by = causes[each.row.id]
        if each.is_move and (each.row.closure_id, each.row.room_id) != (closure.id, each.effect.to_room_id):
            later = moved_on.get(each.row.id)
            became[each.row.id] = Became.CHANGED if later is None else Became.ELSEWHERE
            if later is not None:
                _splice(later, each.effect)
        elif stopped_by - {closure.id}:
            became[each.row.id] = Became.STOPPED
        elif not each.is_move and not stopped_by:
            became[each.row.id] = Became.CHANGED
    return became


def _causes(session: Database, occurrences: Collection[int]) -> dict[int, set[int]]:
    """What stops each: the ids of closures, and 0 for everything else."""
    query = select(Cause.occurrence_id, Cause.closure_id).where(Cause.occurrence_id.in_(occurrences))
    found: dict[int, set[int]] = defaultdict(set)
    for occurrence, closure in session.execute(query):
        found[occurrence].add(closure or 0)
    return found


def _moved_on(session: Database, closure: Closure, occurrences: Collection[int]) -> dict[int, ClosureEffect]:
    """What later closures did to sessions that this one had moved."""
    query = select(ClosureEffect).where(
        ClosureEffect.from_closure_id == closure.id,
        ClosureEffect.occurrence_id.in_(occurrences),
        ClosureEffect.became == "",
    )
    return {effect.occurrence_id: effect for effect in session.scalars(query)}


def _splice(later: ClosureEffect, earlier: ClosureEffect) -> None:
    """Lifting the later closure leads to where the session was before the earlier one."""
    later.from_room_id, later.from_own_room = earlier.from_room_id, earlier.from_own_room
    later.from_exclusive, later.from_override_reason = earlier.from_exclusive, earlier.from_override_reason
    later.from_move_reason, later.from_closure_id = earlier.from_move_reason, earlier.from_closure_id


def _bookings(session: Database, coming: Sequence[_Done]) -> tuple[list[Coming], list[Booking]]:
    """What those that would come back want firmly, and what stands firmly in those rooms and for them."""
    if not coming:
        return [], []
    leads = _led(session, [each.row.id for each in coming if not each.is_move])
    wanted = [
        Coming(
            each.row.id,
            (*_in_room(each.row, each.home if each.exclusive else None), *leads.get(each.row.id, ())),
            _in_room(each.row, each.row.room_id) if each.is_move and each.row.exclusive else (),
        )
        for each in coming
    ]
    begin, end = min(each.row.starts_at for each in coming), max(each.row.ends_at for each in coming)
    held = {(booking.holder, booking.held) for each in wanted for booking in each.wants}
    rooms = [room for holder, room in held if holder is Holder.ROOM]
    persons = [person for holder, person in held if holder is Holder.FACILITATOR]
    return wanted, firm_bookings(session, rooms, persons, begin, end)


def _in_room(row: Occurrence, room_id: int | None) -> tuple[Booking, ...]:
    return () if room_id is None else (Booking(Holder.ROOM, room_id, row.starts_at, row.ends_at, row.id),)


def _led(session: Database, occurrences: Collection[int]) -> dict[int, list[Booking]]:
    query = select(Duty.person_id, Duty.starts_at, Duty.ends_at, Duty.occurrence_id)
    found: dict[int, list[Booking]] = defaultdict(list)
    for row in tuples(session, query.where(Duty.occurrence_id.in_(occurrences), Duty.exclusive)):
        booking = Booking(Holder.FACILITATOR, *row)
        found[booking.occurrence].append(booking)
    return found


def firm_bookings(
    session: Database, rooms: Collection[int], persons: Collection[int], begin: datetime, end: datetime
) -> list[Booking]:
    """What holds these rooms and these facilitators for itself alone between two instants. Two statements."""
    in_rooms = select(Occurrence.room_id, Occurrence.starts_at, Occurrence.ends_at, Occurrence.id).where(
        Occurrence.room_id.in_(rooms),
        Occurrence.booked,
        Occurrence.exclusive,
        within(Occurrence.starts_at, Occurrence.ends_at),
    )
    led = select(Duty.person_id, Duty.starts_at, Duty.ends_at, Duty.occurrence_id).where(
        Duty.person_id.in_(persons),
        Duty.booked,
        Duty.exclusive,
        within(Duty.starts_at, Duty.ends_at),
    )
    asked = between(begin, end)
    found = [Booking(Holder.ROOM, *row) for row in tuples(session, in_rooms, asked)]
    return found + [Booking(Holder.FACILITATOR, *row) for row in tuples(session, led, asked)]


def _lift_causes(
    session: Database, closure: Closure, done: Sequence[_Done], became: dict[int, Became]
) -> None:
    """This closure stops them no more. What cannot come back waits for a coordinator."""
    out = [each.row.id for each in done if became[each.row.id] is Became.TAKEN and not each.is_move]
    for cause in session.scalars(
        select(Cause).where(Cause.closure_id == closure.id, Cause.occurrence_id.in_(out))
    ):
        cause.type, cause.closure_id = CauseType.TAKEN.value, None
    session.flush()
    over = [each.row.id for each in done]
    session.execute(delete(Cause).where(Cause.closure_id == closure.id, Cause.occurrence_id.in_(over)))


def _put_back(closure: Closure, each: _Done, became: Became, now: datetime) -> None:
    each.effect.became = became.value
    row, effect = each.row, each.effect
    if each.is_move and became in {Became.RESTORED, Became.STOPPED}:
        row.room_id, row.own_room = each.home, each.own_home
        row.exclusive, row.override_reason = each.exclusive, effect.from_override_reason
        row.move_reason, row.closure_id = effect.from_move_reason, effect.from_closure_id
    elif each.is_move and row.closure_id == closure.id:
        row.closure_id = None
    elif became is Became.RESTORED:
        row.booked = True
    else:
        return
    row.revision += 1
    touch(row, now=now)
