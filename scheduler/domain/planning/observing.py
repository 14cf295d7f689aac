"""What holidays that stand do to the sessions on their days, when they are made and ever after."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, Select, bindparam, delete, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Session as Database

from scheduler.domain.places.models import Room
from scheduler.domain.planning.coming_back import Became, Coming, kept_out
from scheduler.domain.planning.reopening import firm_bookings
from scheduler.domain.roster.models import Duty
from scheduler.domain.schedule.conflicts import Booking, Holder
from scheduler.domain.schedule.kinds import CauseType
from scheduler.domain.schedule.models import (
    Cause,
    Holiday,
    HolidayException,
    HolidayKind,
    Occurrence,
    Series,
)
from scheduler.domain.schedule.service import stop_all, touch
from scheduler.store.asking import rows as tuples
from scheduler.store.base import UtcInstant

LOCAL_DAY: ColumnElement[date] = func.date(Occurrence.local_start, type_=Date)
"""The local date on which an occurrence now stands: holidays are compared with it."""


@dataclass(frozen=True, slots=True)
class Observed:
    """The occurrences that a holiday stopped, and what came of those that no holiday stops any more."""

    stopped: frozenset[int] = frozenset()
    back: Mapping[int, Became] = field(default_factory=dict)

    @property
    def concerned(self) -> frozenset[int]:
        return self.stopped | self.back.keys()


def observe(session: Database, occurrences: Collection[int], *, now: datetime) -> Observed:
    """Stop those that meet on a holiday of their kind, and let go of those that do not any more.

    It never fails. They are flushed, and all that they hold is locked. What comes back but has its room or
    who leads taken by now stays stopped until a coordinator puts it back. Calendars are the
    caller's to raise.
    """
    return _observe(session, _OF_OCCURRENCES, {"numbers": list(occurrences), "now": now})


def observe_days(session: Database, holidays: Collection[int], *, now: datetime) -> Observed:
    """The same for all that stands on these holidays, or was stopped by them."""
    return _observe(session, _OF_HOLIDAYS, {"numbers": list(holidays), "now": now})


@dataclass(frozen=True, slots=True)
class _Questions:
    """Whom holidays stop that they have not stopped yet, and whom they stop no more; built once."""

    to_stop: Select[Occurrence, Holiday]
    over: Select[int, Occurrence]


def _asking(about: InstrumentedAttribute[int]) -> _Questions:
    to_come = (
        Series.listed.is_(False),
        Occurrence.starts_at > bindparam("now", type_=UtcInstant()),
        about.in_(bindparam("numbers", expanding=True)),
    )
    stopped_by = exists().where(Cause.occurrence_id == Occurrence.id, Cause.holiday_id == Holiday.id)
    to_stop = (
        select(Occurrence, Holiday)
        .join(Series, Series.id == Occurrence.series_id)
        .join(Holiday, _stands_on_it())
        .where(*to_come, ~stopped_by)
        .order_by(Occurrence.id, Holiday.id)
    )
    over = (
        select(Cause.id, Occurrence)
        .join(Occurrence, Occurrence.id == Cause.occurrence_id)
        .join(Series, Series.id == Occurrence.series_id)
        .join(Holiday, Holiday.id == Cause.holiday_id)
        .where(*to_come, ~_stands_on_it())
        .order_by(Occurrence.starts_at, Occurrence.id)
    )
    anew = {"populate_existing": True}
    return _Questions(to_stop.execution_options(**anew), over.execution_options(**anew))


def _stands_on_it() -> ColumnElement[bool]:
    """Does an Occurrence (of its Series) stand on a Holiday on which its kind does not meet?"""
    of_kind = exists().where(HolidayKind.holiday_id == Holiday.id, HolidayKind.kind == Series.kind)
    excepted = exists().where(
        HolidayException.holiday_id == Holiday.id, HolidayException.occurrence_id == Occurrence.id
    )
    return (Holiday.day == LOCAL_DAY) & of_kind & ~excepted


ANY_TIME_ZONE: Final = timedelta(days=1)
"""By so much the local day is at most behind that of UTC."""
ANY_HOLIDAY: Final = exists().where(Holiday.day >= bindparam("since"))
"""Is a holiday to come, from the day ``since`` on?"""
_OF_OCCURRENCES: Final = _asking(Occurrence.id)
_OF_HOLIDAYS: Final = _asking(Holiday.id)


def _observe(session: Database, questions: _Questions, asked: Mapping[str, Any]) -> Observed:
    now: datetime = asked["now"]
    to_stop = [(row, holiday) for row, holiday in session.execute(questions.to_stop, asked)]
    stopped = _stop(session, to_stop, now)
    over = [(cause, row) for cause, row in session.execute(questions.over, asked)]
    return Observed(stopped, _let_go(session, over, now) if over else {})


def _stop(session: Database, found: Sequence[tuple[Occurrence, Holiday]], now: datetime) -> frozenset[int]:
    for holiday in {holiday.id: holiday for _, holiday in found}.values():
        rows = [row for row, of in found if of.id == holiday.id]
        for row in rows:
            row.revision += 1
        stop_all(
            session,
            rows,
            cause=CauseType.HOLIDAY,
            reason=holiday.name,
            made_by=holiday.made_by,
            holiday_id=holiday.id,
            now=now,
        )
    return frozenset(row.id for row, _ in found)


def _let_go(session: Database, over: Sequence[tuple[int, Occurrence]], now: datetime) -> dict[int, Became]:
    """Lift these causes; what no other stops comes back if nothing is in its way."""
    causes = {cause for cause, _ in over}
    rows = list({row.id: row for _, row in over}.values())
    still = _stopped_otherwise(session, rows, causes)
    coming = [row for row in rows if row.id not in still]
    out = kept_out(*_bookings(session, coming))
    _lift(session, causes, out)
    for row in coming:
        row.booked = row.id not in out
    for row in rows:
        row.revision += 1
        touch(row, now=now)
    session.flush()
    became = {row.id: Became.TAKEN if row.id in out else Became.RESTORED for row in coming}
    return became | dict.fromkeys(still, Became.STOPPED)


def _stopped_otherwise(session: Database, rows: Sequence[Occurrence], lifted: Collection[int]) -> set[int]:
    query = select(Cause.occurrence_id).where(
        Cause.occurrence_id.in_([row.id for row in rows]), Cause.id.not_in(lifted)
    )
    return set(session.scalars(query))


def _lift(session: Database, causes: Collection[int], out: Collection[int]) -> None:
    """What cannot come back waits for a coordinator to put it back."""
    kept: set[int] = set()
    for cause in session.scalars(
        select(Cause).where(Cause.id.in_(causes), Cause.occurrence_id.in_(out)).order_by(Cause.id)
    ):
        if cause.occurrence_id not in kept:
            cause.type, cause.holiday_id = CauseType.TAKEN.value, None
            kept.add(cause.occurrence_id)
    session.flush()
    session.execute(delete(Cause).where(Cause.id.in_(causes), Cause.holiday_id.is_not(None)))


def _bookings(session: Database, coming: Sequence[Occurrence]) -> tuple[list[Coming], list[Booking]]:
    """What those that would come back want firmly, and what stands firmly in those rooms and for them."""
    if not coming:
        return [], []
    wants: dict[int, list[Booking]] = {row.id: [] for row in coming}
    shared = set(session.scalars(select(Room.id).where(Room.shared)))
    for row in coming:
        if row.room_id is not None and row.exclusive and row.room_id not in shared:
            wants[row.id].append(Booking(Holder.ROOM, row.room_id, row.starts_at, row.ends_at, row.id))
    led = select(Duty.person_id, Duty.starts_at, Duty.ends_at, Duty.occurrence_id)
    for found in tuples(session, led.where(Duty.occurrence_id.in_(wants), Duty.exclusive)):
        booking = Booking(Holder.FACILITATOR, *found)
        wants[booking.occurrence].append(booking)
    held = {(each.holder, each.held) for bookings in wants.values() for each in bookings}
    rooms = [number for holder, number in held if holder is Holder.ROOM]
    persons = [number for holder, number in held if holder is Holder.FACILITATOR]
    begin, end = min(row.starts_at for row in coming), max(row.ends_at for row in coming)
    standing = firm_bookings(session, rooms, persons, begin, end)
    return [Coming(number, tuple(bookings)) for number, bookings in wants.items()], standing
