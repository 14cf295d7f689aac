"""One thing done to many occurrences at once: all of what can be done, in one transaction, or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.people.eligible import require_role
from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.planning.acts import (
    Act,
    Chosen,
    Left,
    MoveDays,
    Standing,
    Stop,
    ToLead,
    ToRoom,
    checked,
    hindrance,
)
from scheduler.domain.planning.booking import book_all
from scheduler.domain.planning.changes import Change, remember
from scheduler.domain.planning.concerned import CHANGED, hold_all, load_room, persons_of
from scheduler.domain.planning.consequences import Consequences, consequences_of
from scheduler.domain.planning.looking import Look, Wanted, look, require_free
from scheduler.domain.planning.moving import length_of, meeting_to_come, place
from scheduler.domain.planning.reach import require_within
from scheduler.domain.planning.standing import spare_rooms
from scheduler.domain.roster.models import Duty
from scheduler.domain.roster.positions import Position
from scheduler.domain.roster.service import duties_in, hand_over
from scheduler.domain.schedule.kinds import BY_COORDINATORS, CauseType
from scheduler.domain.schedule.models import Cause, Occurrence, Series
from scheduler.domain.schedule.service import stop, touch
from scheduler.errors import Conflict, Invalid, NotFound
from scheduler.store.audit import record
from scheduler.store.revisions import raise_calendars

MOST: Final = 500
"""So many occurrences may be chosen at once: nearly a week of the largest center, or ten years of a group."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was done and what could not be. `change_id` is what `undoing` takes back; 0: nothing was done."""

    done: tuple[int, ...]
    left: tuple[Left, ...]
    consequences: Consequences
    change_id: int


def do_to_many(
    session: Database,
    *,
    actor: Actor,
    chosen: Collection[Chosen],
    act: Act,
    override: str = "",
    now: datetime,
) -> Summary:
    """Do the act to every chosen occurrence that it can be done to; the others are told, with the reason.

    All that can be is done, or nothing: raises Taken with all that collides unless `override` gives a reason.
    Raises NotFound where one does not exist or is out of the actor's reach, Conflict where one was changed
    since it was seen, Invalid on `chosen` for none or more than 500, on `days`, `reason`, `room_id` and
    `person_id`.
    """
    act = checked(act)
    rows, series = _held(session, actor, chosen, act, now)
    duties = _duties(session, rows)
    cancelled = _cancelled(session, rows)
    standing = [
        Standing(row, series[row.series_id], tuple(duties.get(row.id, ())), row.id in cancelled)
        for row in rows
    ]
    left = [Left(each.row.id, why) for each in standing if (why := hindrance(each, act, now=now))]
    doing = [row for row in rows if row.id not in {each.occurrence_id for each in left}]
    numbers = tuple(row.id for row in doing)
    if not doing:
        return Summary((), tuple(left), consequences_of(session, ()), 0)
    before = persons_of(session, numbers)
    with remember(session, Change.BULK, occurrences=numbers, actor=actor, now=now) as remembered:
        if isinstance(act, ToLead):
            found = _lead(session, doing, duties, act, override=override, viewer=actor, now=now)
        else:
            found = _do(session, doing, series, act, override=override, actor=actor, now=now)
    raise_calendars(session, before | persons_of(session, numbers), now=now)
    for row in doing:
        _note(session, actor, row, act, now)
    told = consequences_of(session, numbers, conflicts=found.refused, warnings=found.warnings)
    return Summary(numbers, tuple(left), told, remembered.id)


def _held(
    session: Database, actor: Actor, chosen: Collection[Chosen], act: Act, now: datetime
) -> tuple[Sequence[Occurrence], Mapping[int, Series]]:
    """The occurrences by time with their series, all locked, and as they were seen."""
    seen = {each.occurrence_id: each.revision for each in chosen}
    if not 1 <= len(seen) <= MOST:
        raise Invalid(f"Choose from 1 to {MOST} sessions.", field="chosen")
    of = select(Occurrence.series_id).join(Series, Series.id == Occurrence.series_id)
    ids = set(session.scalars(of.where(Occurrence.id.in_(seen), Series.listed.is_(False))))
    require_within(session, actor, series=(), occurrences=seen, on=now.date())
    rooms = spare_rooms(session, beside=act.room_id if isinstance(act, ToRoom) else None, now=now)
    persons = [act.person_id] if isinstance(act, ToLead) else []
    hold_all(session, ids, rooms=rooms, persons=persons)
    query = select(Occurrence).where(Occurrence.id.in_(seen), Occurrence.series_id.in_(ids))
    ordered = query.order_by(Occurrence.starts_at, Occurrence.id)
    rows = session.scalars(ordered.execution_options(populate_existing=True)).all()
    if len(rows) < len(seen):
        raise NotFound("There is no such session.")
    if any(row.revision != seen[row.id] for row in rows):
        raise Conflict(CHANGED)
    if isinstance(act, ToRoom):
        load_room(session, act.room_id)
    if isinstance(act, ToLead):
        require_role(session, [act.person_id], Role.FACILITATOR)
    found = select(Series).where(Series.id.in_(ids)).execution_options(populate_existing=True)
    return rows, {each.id: each for each in session.scalars(found)}


def _duties(session: Database, rows: Sequence[Occurrence]) -> Mapping[int, Sequence[Duty]]:
    """Who leads each, the lead first."""
    found: dict[int, list[Duty]] = defaultdict(list)
    for duty in duties_in(session, [row.id for row in rows]):
        found[duty.occurrence_id].append(duty)
    for duties in found.values():
        duties.sort(key=lambda duty: (duty.position != Position.LEAD, duty.id))
    return found


def _cancelled(session: Database, rows: Sequence[Occurrence]) -> frozenset[int]:
    numbers = [row.id for row in rows]
    query = select(Cause.occurrence_id).where(Cause.type.in_(BY_COORDINATORS))
    return frozenset(session.scalars(query.where(Cause.occurrence_id.in_(numbers))))


def _do(
    session: Database,
    rows: Sequence[Occurrence],
    series: Mapping[int, Series],
    act: Stop | MoveDays | ToRoom,
    *,
    override: str,
    actor: Actor,
    now: datetime,
) -> Look:
    for row in rows:
        row.revision += 1
        match act:
            case Stop():
                stop(
                    session,
                    occurrence=row,
                    cause=CauseType.COORDINATOR,
                    reason=act.reason,
                    made_by=actor.person_id,
                    now=now,
                )
            case MoveDays() | ToRoom():
                _put(row, series[row.series_id], act, now)
                touch(row, now=now)
    return book_all(session, rows, override=override, viewer=actor, now=now)


def _put(row: Occurrence, series: Series, act: MoveDays | ToRoom, now: datetime) -> None:
    start, room_id = row.local_start, row.room_id
    if isinstance(act, MoveDays):
        start += timedelta(days=act.days)
    else:
        room_id = act.room_id
    length = length_of(series, row)
    place(series, row, meeting_to_come(series, start, length, now), length, room_id, act.reason)


def _lead(
    session: Database,
    rows: Sequence[Occurrence],
    duties: Mapping[int, Sequence[Duty]],
    act: ToLead,
    *,
    override: str,
    viewer: Actor,
    now: datetime,
) -> Look:
    wanted = [Wanted(row.id, row.starts_at, row.ends_at, facilitators=(act.person_id,)) for row in rows]
    found = look(session, wanted, override=override, viewer=viewer)
    require_free(found)
    for row in rows:
        duty = duties[row.id][0]
        exclusive, reason = found.hold_on_person(row.id, act.person_id)
        duty.revision += 1
        hand_over(
            session,
            duty=duty,
            person_id=act.person_id,
            exclusive=exclusive,
            override_reason=reason,
            now=now,
        )
    return found


def _note(session: Database, actor: Actor, row: Occurrence, act: Act, now: datetime) -> None:
    """The same entry as that of one alone, so that the record of an occurrence says all that befell it."""
    action = {Stop: "occurrence.cancelled", ToLead: "duty.handed_over"}.get(type(act), "occurrence.moved")
    person = act.person_id if isinstance(act, ToLead) else None
    record(
        session,
        actor=actor,
        at=now,
        action=action,
        subject="occurrence",
        subject_id=row.id,
        person_id=person,
        detail={
            "together": True,
        },
    )
