"""Taking hold of a sheet, before anything is written on it, and the trace of what was."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Executable, Select, bindparam, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.models import Sheet
from scheduler.domain.attendance.opening import LOCKS_AFTER, Phase, locks_at, phase_of
from scheduler.domain.attendance.policy import asked_by, leads, like, may_reopen, may_take
from scheduler.domain.people.models import Person
from scheduler.domain.people.roles import Actor
from scheduler.domain.places.zones import zone_named
from scheduler.domain.planning.looking import reason_of
from scheduler.domain.schedule.kinds import Counting, Kind
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.stays.policy import private_members
from scheduler.errors import Invalid, NotFound, Refused
from scheduler.store.asking import executed, rows
from scheduler.store.audit import Detail, record


@dataclass(frozen=True, slots=True)
class Opened:
    """A sheet to write on, and when its session begins: a naive wall time in ``timezone``, and in UTC.

    ``is_new``: nothing was recorded so far, and it is not kept yet. ``private`` colleagues are not on it for
    this actor (none: everybody is). ``may_reopen``: this actor may open it again where it is locked.
    ``goes_on`` is, by record that was joined with another one, the one that goes on in its place.
    """

    sheet: Sheet
    is_new: bool
    local_start: datetime
    timezone: str
    starts_at: datetime
    ends_at: datetime
    booked: bool
    kind: Kind
    counting: Counting
    private: Select[int] | None
    may_reopen: bool
    goes_on: Mapping[int, int]

    def phase(self, now: datetime, locks: timedelta = LOCKS_AFTER) -> Phase:
        """Whether marks may be saved on it now."""
        return phase_of(
            self.local_start,
            zone_named(self.timezone),
            booked=self.booked,
            not_met=self.sheet.not_met_at is not None,
            submitted=self.is_submitted,
            locks=locks_at(self.ends_at, self.sheet.reopened_at, locks),
            now=now,
        )

    @property
    def by_heads(self) -> bool:
        """Whether the sheet is a number without names."""
        return self.counting is Counting.HEADS

    @property
    def is_submitted(self) -> bool:
        """Whether it was handed in, so that every change of it is a correction."""
        return self.sheet.submitted_at is not None

    def is_locked(self, now: datetime, locks: timedelta = LOCKS_AFTER) -> bool:
        """Whether it is too long ago to change anything, whatever else stands against it."""
        return now >= locks_at(self.ends_at, self.sheet.reopened_at, locks)


def hold_sheet(
    session: Database,
    actor: Actor,
    occurrence_id: int,
    persons: Collection[int] = (),
    *,
    allowed: ColumnElement[bool] | None = None,
) -> Opened:
    """Lock the occurrence, and load its sheet; one that is not there yet is kept by `begin`.

    ``allowed``: another condition on its Occurrence and Series than that the actor may take it. Raises
    NotFound for who may not.
    """
    goes_on = _hold_persons(session, actor, persons)
    asked = {"occurrence": occurrence_id}
    query = _held_by(like(actor)) if allowed is None else _held(actor, allowed)
    locked = executed(session, query, asked | asked_by(actor)).first()
    if locked is None or not locked.may:
        raise NotFound("There is no such sheet.")
    local_start, zone, starts_at, ends_at, booked, kind, counting, _, is_led, reopens = tuple(locked)
    found = session.scalar(_FRESH, asked)
    return Opened(
        sheet=found or Sheet(occurrence_id=occurrence_id, walk_ins=0, not_met_reason=""),
        is_new=found is None,
        local_start=local_start,
        timezone=zone,
        starts_at=starts_at,
        ends_at=ends_at,
        booked=booked,
        kind=Kind(kind),
        counting=Counting(counting),
        private=None if is_led else private_members(actor),
        may_reopen=bool(reopens),
        goes_on=goes_on,
    )


@lru_cache
def _held_by(actor: Actor) -> Select[*tuple[Any, ...]]:
    return _held(actor, may_take(actor))


def _held(actor: Actor, allowed: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Occurrence.local_start,
            Series.timezone,
            Occurrence.starts_at,
            Occurrence.ends_at,
            Occurrence.booked,
            Series.kind,
            Series.counting,
            allowed.label("may"),
            leads(actor).label("is_led"),
            may_reopen(actor).label("may_reopen"),
        )
        .join(Series, Series.id == Occurrence.series_id)
        .where(Occurrence.id == bindparam("occurrence"), Series.listed.is_(False))
        .with_for_update(of=Occurrence, key_share=True)
    )


_FRESH: Final = (
    select(Sheet)
    .where(Sheet.occurrence_id == bindparam("occurrence"))
    .execution_options(populate_existing=True)
)
LOCKED: Final = "This sheet is locked: its session is too long ago. A coordinator can open it again."


def require_open(opened: Opened, now: datetime, locks: timedelta = LOCKS_AFTER) -> None:
    """Raises Refused where no marks may be saved now."""
    phase = opened.phase(now, locks)
    if phase is Phase.STOPPED:
        raise Refused("This session is cancelled, so it has no sheet.")
    if phase is Phase.NOT_YET:
        raise Refused("This sheet opens on the day of the session.")
    if phase is Phase.NOT_MET:
        raise Refused(f"It is recorded that nobody met: {opened.sheet.not_met_reason}")
    if phase is Phase.LOCKED:
        raise Refused(LOCKED)


def open_sheet(
    session: Database,
    actor: Actor,
    occurrence_id: int,
    now: datetime,
    locks: timedelta,
    persons: Collection[int] = (),
) -> Opened:
    """The sheet, if it may be written on now; begun where it was not there yet. Raises as the two above."""
    opened = hold_sheet(session, actor, occurrence_id, persons)
    require_open(opened, now, locks)
    begin(session, opened, now)
    return opened


def require_unlocked(opened: Opened, now: datetime, locks: timedelta = LOCKS_AFTER) -> None:
    """Raises Refused for a sheet that is locked."""
    if opened.is_locked(now, locks):
        raise Refused(LOCKED)


def reason_for(opened: Opened, reason: str) -> str:
    """Why something is changed: asked for once the sheet was handed in, and not kept before.

    Raises Invalid on field ``reason`` where it is missing or too long.
    """
    if not opened.is_submitted:
        return ""
    if not reason.strip():
        raise Invalid("This sheet was handed in. Say why it is changed.", "reason")
    return reason_of(reason, field="reason", needed=True)


def begin(session: Database, opened: Opened, now: datetime) -> None:
    """Keep a sheet that was not there yet."""
    if opened.is_new:
        opened.sheet.opened_at = now
        session.add(opened.sheet)
        session.flush()


def note(
    session: Database, actor: Actor, action: str, occurrence_id: int | None, now: datetime, detail: Detail
) -> None:
    """An audit entry, in the transaction of the change."""
    record(
        session,
        at=now,
        actor=actor,
        action=action,
        subject="sheet",
        subject_id=occurrence_id,
        detail=detail,
    )


_PERSONS: Final = (
    select(Person.id, Person.merged_into)
    .where(Person.id.in_(bindparam("persons", expanding=True)))
    .order_by(Person.id)
)
_HELD_PERSONS: Final = _PERSONS.with_for_update(read=True)
_JOINED: Final = _PERSONS.where(Person.merged_into.is_not(None))


def goes_on_of(session: Database, persons: Collection[int]) -> dict[int, int]:
    """By record that was joined with another one the one that goes on in its place. One statement."""
    return _going_on(session, _JOINED, persons) if persons else {}


def _hold_persons(session: Database, actor: Actor, persons: Collection[int]) -> dict[int, int]:
    """The same of whom marks are about, held together with whoever acts."""
    # A mark refers to persons, which planning locks before occurrences. Taken in the same order here (and
    # shared, so that sheets do not wait for each other), the two never wait for one another in a circle. A
    # weaker lock would let a mark be saved for a record that is being joined with another at this moment.
    if session.get_bind().dialect.name == "sqlite":
        return goes_on_of(session, persons)
    goes_on = _going_on(session, _HELD_PERSONS, {*persons, actor.person_id} - {None})
    return {person: other for person, other in goes_on.items() if person in persons}


def _going_on(session: Database, query: Executable, persons: Collection[int | None]) -> dict[int, int]:
    found = rows(session, query, {"persons": list(persons)})
    return {person: other for person, other in found if other is not None}
