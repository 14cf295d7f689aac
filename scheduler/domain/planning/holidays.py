"""Keeping the calendar of holidays: days on which sessions of some kinds do not meet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.booking import book
from scheduler.domain.planning.concerned import (
    hold_all,
    hold_occurrence,
    persons_of,
    require_to_come,
)
from scheduler.domain.planning.holiday_drafts import HolidayDraft, checked
from scheduler.domain.planning.observing import LOCAL_DAY, Observed, observe_days
from scheduler.domain.planning.standing import spare_rooms, stand
from scheduler.domain.planning.stopping import Restored
from scheduler.domain.schedule.kinds import CauseType, Kind
from scheduler.domain.schedule.models import (
    Cause,
    Holiday,
    HolidayException,
    HolidayKind,
    Occurrence,
    Series,
)
from scheduler.domain.schedule.service import lift
from scheduler.errors import Conflict, NotFound, Refused
from scheduler.store.audit import record
from scheduler.store.base import require_revision
from scheduler.store.locks import hold_days
from scheduler.store.revisions import raise_calendars


@dataclass(frozen=True, slots=True)
class Kept:
    """The new holidays by their ids, and what became of sessions; `known` ones were there already."""

    holidays: tuple[int, ...]
    known: tuple[HolidayDraft, ...] = ()
    observed: Observed = field(default_factory=Observed)


def keep_holidays(
    session: Database,
    *,
    actor: Actor,
    drafts: Collection[HolidayDraft],
    kinds: Collection[Kind],
    today: date,
    now: datetime,
) -> Kept:
    """On these local dates sessions of these kinds do not meet, also those that are made later.

    A day of that date and name that is there already is left as it is. What has begun is left. Raises Invalid
    as `checked`.
    """
    wanted = checked(drafts, kinds, today=today)
    hold_days(session)
    there = {
        HolidayDraft(row.day, row.name)
        for row in session.execute(
            select(Holiday.day, Holiday.name).where(Holiday.day.in_([draft.day for draft in wanted]))
        )
    }
    new = [draft for draft in wanted if draft not in there]
    rows = [Holiday(day=each.day, name=each.name, made_by=actor.person_id, made_at=now) for each in new]
    session.add_all(rows)
    session.flush()
    _say_kinds(session, rows, kinds)
    numbers = tuple(row.id for row in rows)
    observed = _observe(session, numbers, [draft.day for draft in new], now)
    for number in numbers:
        record(session, at=now, actor=actor, action="holiday.made", subject="holiday", subject_id=number)
    return Kept(numbers, tuple(draft for draft in wanted if draft in there), observed)


def change_kinds(
    session: Database,
    *,
    actor: Actor,
    holiday_id: int,
    revision: int,
    kinds: Collection[Kind],
    now: datetime,
) -> Observed:
    """What does not meet on a holiday from now on; without any kind the holiday goes as a whole.

    Raises NotFound; Conflict where `revision` is not the newest; Refused where sessions on it have begun and
    it would go.
    """
    hold_days(session)
    holiday = session.get(Holiday, holiday_id, populate_existing=True)
    if holiday is None:
        raise NotFound("There is no such holiday.")
    require_revision(holiday, revision)
    session.execute(delete(HolidayKind).where(HolidayKind.holiday_id == holiday_id))
    _say_kinds(session, [holiday], kinds)
    observed = _observe(session, [holiday_id], [holiday.day], now)
    if not kinds:
        _remove(session, holiday)
    action = "holiday.changed" if kinds else "holiday.removed"
    record(session, at=now, actor=actor, action=action, subject="holiday", subject_id=holiday_id)
    return observed


def take_back_holidays(
    session: Database, *, actor: Actor, holidays: Collection[int], now: datetime
) -> Observed:
    """Days that were just kept go again, and their sessions come back as far as nothing is in their way.

    Raises NotFound for one that is not there; Conflict where one was changed since; Refused where sessions on
    it have begun.
    """
    hold_days(session)
    query = select(Holiday).where(Holiday.id.in_(holidays)).order_by(Holiday.id)
    rows = session.scalars(query.execution_options(populate_existing=True)).all()
    if not rows or len(rows) != len(set(holidays)):
        raise NotFound("There is no such holiday.")
    if any(row.revision != 1 for row in rows):
        raise Conflict("One of these days was changed since. Change it by hand.")
    session.execute(delete(HolidayKind).where(HolidayKind.holiday_id.in_(holidays)))
    observed = _observe(session, holidays, [row.day for row in rows], now)
    for row in rows:
        number = row.id
        _remove(session, row)
        record(session, at=now, actor=actor, action="holiday.removed", subject="holiday", subject_id=number)
    return observed


def meet_all_the_same(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    revision: int,
    override: str = "",
    now: datetime,
) -> Restored:
    """One session meets although it stands on a holiday; it takes place where nothing else stops it.

    Raises NotFound, Conflict where `revision` is not the newest or no holiday stops it, Refused once it
    should have begun, Taken where its room or somebody who leads was taken and `override` gives no reason.
    """
    _, occurrence = hold_occurrence(session, occurrence_id)
    require_revision(occurrence, revision)
    require_to_come(occurrence, now=now)
    query = select(Cause.holiday_id).where(
        Cause.occurrence_id == occurrence_id, Cause.holiday_id.is_not(None)
    )
    stopping = [each for each in session.scalars(query) if each is not None]
    if not stopping:
        raise Conflict("No holiday stops this session.")
    for each in stopping:
        session.add(HolidayException(holiday_id=each, occurrence_id=occurrence_id))
        lift(session, occurrence=occurrence, cause=CauseType.HOLIDAY, holiday_id=each, now=now)
    found = book(session, occurrence, override=override, viewer=actor, now=now) if occurrence.booked else None
    raise_calendars(session, persons_of(session, [occurrence_id]), now=now)
    record(
        session,
        actor=actor,
        at=now,
        action="occurrence.meets_anyway",
        subject="occurrence",
        subject_id=occurrence_id,
        detail={
            "takes_place": occurrence.booked,
        },
    )
    overridden, warnings = (found.refused, found.warnings) if found else ((), ())
    return Restored(occurrence_id, occurrence.booked, overridden, warnings, change_id=None)


def keep_the_holiday(
    session: Database, *, actor: Actor, occurrence_id: int, revision: int, now: datetime
) -> bool:
    """Take back that one session meets all the same: what still stands on the holiday does not meet.

    Answers whether that stops it. Raises NotFound, Conflict where `revision` is not the newest or no holiday
    was set aside for it, Refused once it has begun.
    """
    _, occurrence = hold_occurrence(session, occurrence_id, rooms=spare_rooms(session, now=now))
    require_revision(occurrence, revision)
    require_to_come(occurrence, now=now)
    exceptions = HolidayException.occurrence_id == occurrence_id
    if session.scalar(select(HolidayException.holiday_id).where(exceptions).limit(1)) is None:
        raise Conflict("No holiday was set aside for this session.")
    session.execute(delete(HolidayException).where(exceptions))
    stops = occurrence_id in stand(session, [occurrence_id], now=now).stopped
    raise_calendars(session, persons_of(session, [occurrence_id]), now=now)
    record(
        session,
        actor=actor,
        at=now,
        action="occurrence.keeps_holiday",
        subject="occurrence",
        subject_id=occurrence_id,
    )
    return stops


def left_out_for(session: Database, occurrence_id: int) -> tuple[str, ...]:
    """The names of the holidays on which this session meets all the same. One statement."""
    query = select(Holiday.name).join(HolidayException, HolidayException.holiday_id == Holiday.id)
    return tuple(
        session.scalars(query.where(HolidayException.occurrence_id == occurrence_id).order_by(Holiday.id))
    )


def _say_kinds(session: Database, holidays: Collection[Holiday], kinds: Collection[Kind]) -> None:
    session.add_all(
        HolidayKind(holiday_id=holiday.id, kind=kind.value) for holiday in holidays for kind in sorted(kinds)
    )
    session.flush()


def _observe(session: Database, holidays: Collection[int], days: Collection[date], now: datetime) -> Observed:
    """Lock all series that meet on these days, or were stopped by these holidays, and observe them."""
    stopped = exists().where(Cause.occurrence_id == Occurrence.id, Cause.holiday_id.in_(holidays))
    concerned = (
        select(Occurrence.series_id)
        .join(Series, Series.id == Occurrence.series_id)
        .where(Series.listed.is_(False), Occurrence.starts_at > now, or_(LOCAL_DAY.in_(days), stopped))
    )
    hold_all(session, set(session.scalars(concerned)), rooms=spare_rooms(session, now=now))
    observed = observe_days(session, holidays, now=now)
    stood = stand(session, observed.back.keys(), now=now)
    raise_calendars(session, persons_of(session, observed.concerned | stood.concerned), now=now)
    return observed


def _remove(session: Database, holiday: Holiday) -> None:
    if session.scalar(select(Cause.id).where(Cause.holiday_id == holiday.id).limit(1)) is not None:
        raise Refused("Sessions on this day have begun. What is past stays as it was.")
    session.execute(delete(HolidayException).where(HolidayException.holiday_id == holiday.id))
    session.execute(delete(Holiday).where(Holiday.id == holiday.id))
