"""Taking back a change of the plan, while nothing was built on it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session as Database

from scheduler.domain.enrollment import service as enrollment
from scheduler.domain.enrollment.queries import covers
from scheduler.domain.people.roles import SYSTEM, Actor
from scheduler.domain.places.models import Room
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.changes import Change
from scheduler.domain.planning.concerned import hold_all, persons_of, persons_of_series
from scheduler.domain.planning.looking import Wanted, look, require_free
from scheduler.domain.planning.moving import length_of
from scheduler.domain.planning.reach import require_within
from scheduler.domain.planning.reopening import reopen_lifted
from scheduler.domain.planning.standing import spare_rooms, stand
from scheduler.domain.roster.models import Duty, Post
from scheduler.domain.schedule.models import Cause, Holiday, Occurrence, Series
from scheduler.domain.schedule.queries import LONGEST
from scheduler.domain.schedule.wall_time import local_of
from scheduler.errors import NotFound, Refused
from scheduler.store.audit import record
from scheduler.store.memory import ENDED, BuiltUpon, Memory, Step, load, steps_of, take_back
from scheduler.store.revisions import raise_calendars

KEPT: Final = timedelta(hours=24)
"""So long a change can be taken back. Then it is forgotten: titles and reasons stand in what it remembers."""

BUILT: Final = {
    "occurrence": "One of these sessions was changed since.",
    "cause": "One of these sessions was cancelled or put back since.",
    "duty": "Who leads was changed since.",
    "post": "Who leads was changed since.",
    "enrollment": "Who belongs to it was changed since.",
    "series": "The series was changed since.",
    "sheet": "Something was recorded for one of these sessions since.",
    "device_sheet": "Somebody has the sheet of one of these sessions on a device.",
    "sent_mark": "Something was recorded for one of these sessions since.",
}
BUILT_ON: Final = "Something was built on this since."


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back: the occurrences and the series that it had touched and that are there."""

    change: Change
    occurrences: tuple[int, ...]
    series: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Touched:
    """What the steps of a change are about, by ids; rooms and persons are those that it would take back.

    ``whole`` are the series of which it changed more than single occurrences.
    """

    occurrences: frozenset[int]
    series: frozenset[int]
    whole: frozenset[int]
    rooms: frozenset[int]
    persons: frozenset[int]


def undo_change(session: Database, *, actor: Actor, change_id: int, now: datetime) -> Undone:
    """Everything is as it was before; calendars see it as one more change.

    Any coordinator who may plan all that it touched may undo it, for 24 hours: what a colleague did by
    mistake must not wait for them. Raises NotFound for what is no change of the plan or out of reach; Refused
    where it is older, was undone already, something was built on it, or a session of it has begun or should
    have; Taken where somebody else has a room or a facilitator by now.
    """
    touched = require_reach(session, actor, _load(session, change_id), now=now)
    rooms = touched.rooms | spare_rooms(session, now=now)
    hold_all(session, touched.series, rooms=rooms, persons=touched.persons)
    memory = _load(session, change_id)
    if memory.made_at + KEPT < now:
        raise Refused("This is more than a day ago. Change it by hand.")
    steps = steps_of(memory)
    require_nothing_begun(session, steps, touched.occurrences, now)
    before = _concerned(session, memory, touched)
    if Change(memory.kind).is_of_series:
        _require_nothing_since(session, memory, steps, touched.series)
    _require_holidays(session, steps)
    try:
        take_back(session, memory, aside=[Occurrence.original_start], now=now)
    except BuiltUpon as built:
        raise Refused(BUILT.get(built.table, BUILT_ON)) from built
    reopen_lifted(session, touched.occurrences, now=now)
    _follow_causes(session, touched.occurrences)
    _require_in_line(session, touched.occurrences)
    _require_posts(session, touched.occurrences)
    stand(session, touched.occurrences, now=now)
    _require_places(session, steps, now)
    require_still_free(session, touched.occurrences, viewer=actor)
    raise_calendars(session, before | _concerned(session, memory, touched), now=now)
    _note(session, actor, memory, touched, now)
    return Undone(Change(memory.kind), *_there(session, touched))


def require_reach(session: Database, actor: Actor, memory: Memory, *, now: datetime) -> Touched:
    """What the change touched. Raises NotFound where a part of it is out of the actor's reach."""
    touched = _touched(session, memory)
    require_within(
        session,
        actor,
        series=touched.whole,
        occurrences=touched.occurrences,
        rooms=touched.rooms,
        on=now.date(),
    )
    return touched


def clean_up(session: Database, *, now: datetime) -> None:
    """Forget the changes that nobody can undo any more."""
    old = delete(Memory).where(Memory.person_id.is_(None), Memory.made_at < now - KEPT)
    session.execute(old.where(Memory.kind != ENDED))


def require_still_free(session: Database, occurrences: Collection[int], *, viewer: Actor = SYSTEM) -> None:
    """Raises Taken where what these hold for themselves alone, another holds for itself by now.

    What stands there without holding it (it was overridden, or made all the same) may have been beside it
    before.
    """
    query = select(Occurrence).where(Occurrence.id.in_(occurrences), Occurrence.booked)
    rows = session.scalars(query.execution_options(populate_existing=True)).all()
    held = select(Duty.occurrence_id, Duty.person_id).where(
        Duty.occurrence_id.in_([row.id for row in rows]), Duty.exclusive
    )
    leaders = [tuple(row) for row in session.execute(held)]
    shared = set(session.scalars(select(Room.id).where(Room.shared)))
    wanted = [
        Wanted(
            row.id,
            row.starts_at,
            row.ends_at,
            room_id=row.room_id if row.exclusive and row.room_id not in shared else None,
            facilitators=tuple(person for number, person in leaders if number == row.id),
        )
        for row in rows
    ]
    beside = _beside(session, rows, {person for _, person in leaders})
    for held_alone, guests in (
        ([replace(each, facilitators=()) for each in wanted], beside[0]),
        ([replace(each, room_id=None) for each in wanted], beside[1]),
    ):
        require_free(look(session, held_alone, leaving=guests, viewer=viewer))


def _beside(
    session: Database, rows: Sequence[Occurrence], persons: Collection[int]
) -> tuple[set[int], set[int]]:
    """Occurrences that are in a room of these, or led by one of the persons, without holding them alone."""
    if not rows:
        return set(), set()
    begin = min(row.starts_at for row in rows) - LONGEST
    here = Occurrence.room_id.in_({row.room_id for row in rows}) & Occurrence.exclusive.is_(False)
    rooms = select(Occurrence.id).where(here, Occurrence.booked, Occurrence.ends_at > begin)
    led = Duty.person_id.in_(persons) & Duty.exclusive.is_(False)
    leads = select(Duty.occurrence_id).where(led, Duty.booked, Duty.ends_at > begin)
    return set(session.scalars(rooms)), set(session.scalars(leads))


def _load(session: Database, change_id: int) -> Memory:
    memory = load(session, change_id)
    if memory.person_id is not None or memory.kind not in set(Change):
        raise NotFound("There is nothing to undo.")
    return memory


def _touched(session: Database, memory: Memory) -> Touched:
    steps = steps_of(memory)
    led = select(Duty.occurrence_id).where(Duty.id.in_(_keys(steps, "duty")))
    occurrences = _keys(steps, "occurrence") | _values(steps, "occurrence_id") | set(session.scalars(led))
    standing = select(Occurrence.series_id).where(Occurrence.id.in_(occurrences))
    held = select(Post.series_id).where(Post.id.in_(_keys(steps, "post")))
    whole = _keys(steps, "series") | _values(steps, "series_id") | set(session.scalars(held))
    return Touched(
        occurrences=frozenset(occurrences),
        series=frozenset(whole.union(session.scalars(standing))),
        whole=frozenset(whole),
        rooms=frozenset(_values(steps, "room_id")),
        persons=frozenset(_values(steps, "person_id")),
    )


def _keys(steps: Sequence[Step], table: str) -> set[int]:
    return {step.key for step in steps if step.table == table}


def _values(steps: Sequence[Step], column: str) -> set[int]:
    """What the rows say of a column, before and after."""
    sides = (side for step in steps for side in (step.before, step.after) if side)
    return {side[column] for side in sides if side.get(column) is not None}


def require_nothing_begun(
    session: Database, steps: Sequence[Step], occurrences: Collection[int], now: datetime
) -> None:
    begun = select(Occurrence.id).where(Occurrence.id.in_(occurrences), Occurrence.starts_at <= now).limit(1)
    if session.scalar(begun) is not None:
        raise Refused("A session of it has begun. What is past stays as it was.")
    before = (step.before["starts_at"] for step in steps if step.before and "starts_at" in step.before)
    if any(datetime.fromisoformat(starts_at) <= now for starts_at in before):
        raise Refused("The time before is past by now.")


def _require_nothing_since(
    session: Database, memory: Memory, steps: Sequence[Step], series: Collection[int]
) -> None:
    """Raises Refused where these series got a date or a post that the change knows nothing of."""
    for model, table in ((Post, "post"), (Occurrence, "occurrence")):
        later = select(model.id).where(
            model.series_id.in_(series),
            model.changed_at > memory.made_at,
            model.id.not_in(_keys(steps, table)),
        )
        if session.scalar(later.limit(1)) is not None:
            raise Refused(BUILT[table])


def _require_holidays(session: Database, steps: Sequence[Step]) -> None:
    """Raises Refused where a session would be stopped by a holiday that is on no calendar any more."""
    causes = [step.before for step in steps if step.table == "cause" and step.before]
    named = {cause["holiday_id"] for cause in causes if cause.get("holiday_id") is not None}
    if named - set(session.scalars(select(Holiday.id).where(Holiday.id.in_(named)))):
        raise Refused("A holiday that this was about was taken off the calendar since.")


def _follow_causes(session: Database, occurrences: Collection[int]) -> None:
    """Each takes place when it has no cause, whatever got one or lost its last one in the meantime."""
    is_caused = exists().where(Cause.occurrence_id == Occurrence.id)
    followed = update(Occurrence).where(Occurrence.id.in_(occurrences)).values(booked=~is_caused)
    session.execute(followed.execution_options(synchronize_session=False))
    session.expire_all()


def _require_in_line(session: Database, occurrences: Collection[int]) -> None:
    """Raises Refused where one should follow its series again, and that says something else by now."""
    query = select(Occurrence, Series).join(Series, Series.id == Occurrence.series_id)
    for row, series in session.execute(query.where(Occurrence.id.in_(occurrences))):
        minutes = (row.ends_at - row.starts_at) // timedelta(minutes=1)
        differs = (
            not row.own_start and row.local_start != row.original_start,
            not row.own_room and row.room_id != series.room_id,
            row.booked and minutes != length_of(series, row),
        )
        if any(differs):
            raise Refused(BUILT["series"])


def _require_posts(session: Database, occurrences: Collection[int]) -> None:
    """Raises Refused where the holder of a post would lead on a date that is not the post's by now.

    Whatever the clocks said when that was changed: two may have changed it at one instant.
    """
    query = (
        select(Duty.id)
        .join(Occurrence, Occurrence.id == Duty.occurrence_id)
        .join(Post, (Post.id == Duty.post_id) & (Post.person_id == Duty.person_id))
        .where(Occurrence.id.in_(occurrences), Occurrence.booked, ~covers(Post))
    )
    if session.scalar(query.limit(1)) is not None:
        raise Refused(BUILT["post"])


def _require_places(session: Database, steps: Sequence[Step], now: datetime) -> None:
    """Raises Invalid where more members belong to a series by now than it had places for."""
    rows = session.scalars(select(Series).where(Series.id.in_(_keys(steps, "series")))).all()
    for row in rows:
        today = local_of(now, zone_named(row.timezone)).date()
        enrollment.require_room_for_all(session, series_id=row.id, capacity=row.capacity, on=today)


def _concerned(session: Database, memory: Memory, touched: Touched) -> set[int]:
    """Whose calendars show what stands now; none shows what was decided."""
    if Change(memory.kind) is Change.KEEP:
        return set()
    if Change(memory.kind).is_of_series:
        return persons_of_series(session, *touched.series)
    return persons_of(session, touched.occurrences)


def _there(session: Database, touched: Touched) -> tuple[tuple[int, ...], tuple[int, ...]]:
    occurrences = select(Occurrence.id).where(Occurrence.id.in_(touched.occurrences)).order_by(Occurrence.id)
    series = select(Series.id).where(Series.id.in_(touched.series)).order_by(Series.id)
    return tuple(session.scalars(occurrences)), tuple(session.scalars(series))


def _note(session: Database, actor: Actor, memory: Memory, touched: Touched, now: datetime) -> None:
    is_one = len(touched.occurrences) == 1 and not Change(memory.kind).is_of_series
    record(
        session,
        actor=actor,
        at=now,
        action="plan.undone",
        subject="occurrence" if is_one else "series",
        subject_id=min(touched.occurrences if is_one else touched.series),
        detail={
            "what": memory.kind,
            "change": memory.id,
            "occurrences": len(touched.occurrences),
        },
    )
