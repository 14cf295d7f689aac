"""Ending a conflict, once or as often as it recurs, in one change that can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session as Database

from scheduler.domain.people.eligible import require_role
from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.planning.apart import Apart, would_meet
from scheduler.domain.planning.booking import book_all
from scheduler.domain.planning.changes import Change, remember
from scheduler.domain.planning.concerned import (
    CHANGED,
    hold_series,
    load_occurrence,
    load_room,
    persons_of,
)
from scheduler.domain.planning.grouping import Group, Trouble
from scheduler.domain.planning.keeping import keep_warned
from scheduler.domain.planning.looking import Look, Wanted, look, reason_of, require_free
from scheduler.domain.planning.moving import length_of, meeting_to_come, place
from scheduler.domain.planning.overview import conflicts_ahead
from scheduler.domain.planning.reach import Kind, Reach
from scheduler.domain.planning.remedies import FURTHEST, Does, Remedy
from scheduler.domain.planning.standing import spare_rooms
from scheduler.domain.roster.service import duties_in, hand_over
from scheduler.domain.schedule.clashes import Clash, Taken
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.schedule.service import touch
from scheduler.errors import Conflict, Invalid, NotFound
from scheduler.store.audit import record
from scheduler.store.base import require_revision
from scheduler.store.revisions import raise_calendars

WHY: Final = "Two sessions collided."
"""Why a session was moved, where nobody typed a reason."""


@dataclass(frozen=True, slots=True)
class Solved:
    """How many sessions were changed, what only warns, and what `undoing` takes back."""

    change_id: int
    occurrences: tuple[int, ...]
    warnings: tuple[Clash, ...]
    apart: tuple[Apart, ...] = ()


def solve(
    session: Database,
    *,
    actor: Actor,
    key: str,
    seen: str,
    remedy: Remedy,
    only_next: bool = False,
    reason: str = "",
    now: datetime,
) -> Solved:
    """Apply a remedy to all times of a conflict that are to come, or `only_next` to the nearest one.

    What only warns is kept without any session being changed, and that can be taken back at any time.
    `key` names the group and `seen` is how it stood on the page. Raises NotFound for a session that is not in
    it, Conflict where it stands otherwise by now, Taken where the new place collides with something else,
    Invalid on `reason` without one where both are kept, and else as the verbs of `moving` and `leading`.
    """
    trouble, numbers = _parsed(key)
    if remedy.series_id not in numbers or (remedy.does is Does.LATER and abs(remedy.value) > FURTHEST):
        raise NotFound("There is no such conflict.")
    rooms = spare_rooms(session, beside=remedy.value if remedy.does is Does.ROOM else None, now=now)
    persons = [remedy.value] if remedy.does is Does.LEAD else []
    series = hold_series(session, remedy.series_id, rooms=rooms, persons=persons)
    group = _found(session, actor, trouble, numbers, key=key, seen=seen, does=remedy.does, now=now)
    if group.only_warns and remedy.does in {Does.KEEP, Does.TAKE_BACK}:
        return _decide(session, actor, group, remedy.does, only_next=only_next, reason=reason, now=now)
    side = group.side(remedy.series_id, after=now)[: 1 if only_next else None]
    if not side:
        raise Conflict(CHANGED)
    case = _Case(actor, series, [load_occurrence(session, fact.id) for fact in side], remedy, now)
    ids = [row.id for row in case.rows]
    before = persons_of(session, ids)
    with remember(session, Change.BULK, occurrences=ids, actor=actor, now=now) as remembered:
        if remedy.does is Does.LEAD:
            found = _hand_over(session, case, group.held)
        elif remedy.does is Does.KEEP:
            found = _keep_both(session, case, reason)
        else:
            found = _move(session, case)
    if remedy.does is not Does.KEEP:
        raise_calendars(session, before | persons_of(session, ids), now=now)
    record(
        session,
        actor=actor,
        at=now,
        action="conflict.solved",
        subject="series",
        subject_id=remedy.series_id,
        detail={
            "how": remedy.does.value,
            "occurrences": len(ids),
            "change": remembered.id,
        },
    )
    apart = would_meet(session, actor=actor, occurrences=ids, persons=persons, now=now)
    return Solved(remembered.id, tuple(ids), found.warnings, apart)


@dataclass(frozen=True, slots=True)
class _Case:
    """The occurrences that change, loaded under the lock, and how."""

    actor: Actor
    series: Series
    rows: Sequence[Occurrence]
    remedy: Remedy
    now: datetime


def _parsed(key: str) -> tuple[Trouble, list[int]]:
    """What is wrong, and the series in it. Raises NotFound for no key."""
    name, *parts = key.split("-")
    if name not in set(Trouble) or not all(part.isdecimal() and len(part) < 10 for part in parts):
        raise NotFound("There is no such conflict.")
    trouble = Trouble(name)
    return trouble, [int(part) for part in parts[2 if trouble is Trouble.APART else 1 :]]


def _found(
    session: Database,
    actor: Actor,
    trouble: Trouble,
    numbers: Sequence[int],
    *,
    key: str,
    seen: str,
    does: Does,
    now: datetime,
) -> Group:
    """The group as it now stands. Raises Conflict where that is not what was seen, or is kept already."""
    reach = _reach(actor, now)
    both = numbers if len(numbers) == 2 else ()  # the other one is nobody's business here, and not known
    for group in conflicts_ahead(session, reach=reach, now=now, series=both):
        if group.key == key and group.seen == seen and group.trouble is trouble:
            if does is Does.KEEP and not group.is_open:
                break
            if does is Does.TAKE_BACK and not group.can_be_taken_back:
                break
            return group
    raise Conflict(CHANGED)


def _decide(
    session: Database,
    actor: Actor,
    group: Group,
    does: Does,
    *,
    only_next: bool,
    reason: str,
    now: datetime,
) -> Solved:
    """Keep what only warns, or ask about it anew."""
    warned = group.warned_after(now)
    if only_next:
        warned = tuple(each for each in warned if each.occurrence_id == warned[0].occurrence_id)
    if not warned:
        raise Conflict(CHANGED)
    why = reason_of(reason, field="reason", needed=True) if does is Does.KEEP else ""
    change = keep_warned(session, group, warned, why, actor=actor, now=now)
    return Solved(change, tuple(dict.fromkeys(each.occurrence_id for each in warned)), ())


def _move(session: Database, case: _Case) -> Look:
    remedy, reach = case.remedy, _reach(case.actor, case.now)
    if remedy.does is Does.ROOM:
        load_room(session, remedy.value)
        if not reach.holds(session, Kind.ROOM, remedy.value):
            raise Invalid("Choose one of the rooms.", field="room_id")
    for row in case.rows:
        require_revision(row, row.revision)
        later = timedelta(minutes=remedy.value if remedy.does is Does.LATER else 0)
        length = length_of(case.series, row)
        meeting = meeting_to_come(case.series, row.local_start + later, length, case.now)
        room_id = remedy.value if remedy.does is Does.ROOM else row.room_id
        place(case.series, row, meeting, length, room_id, WHY)
        touch(row, now=case.now)
    found = book_all(session, case.rows, override=_kept(session, case), viewer=case.actor, now=case.now)
    if found.rooms_taken:
        raise Taken(found.refused)
    return found


def _kept(session: Database, case: _Case) -> str:
    """Why who leads was wanted twice already: another room at the same time changes nothing of that."""
    if case.remedy.does is not Does.ROOM:
        return ""
    reasons = (duty.override_reason for duty in duties_in(session, [row.id for row in case.rows]))
    return next(filter(None, reasons), "")


def _keep_both(session: Database, case: _Case, reason: str) -> Look:
    reason = reason_of(reason, field="reason", needed=True)
    for row in case.rows:
        require_revision(row, row.revision)
    return book_all(session, case.rows, override=reason, viewer=case.actor, now=case.now)


def _hand_over(session: Database, case: _Case, held: int) -> Look:
    """Somebody else has the duties of the one who is wanted twice."""
    person, ids = case.remedy.value, [row.id for row in case.rows]
    require_role(session, [person], Role.FACILITATOR)
    if not _reach(case.actor, case.now).holds(session, Kind.PERSON, person):
        raise Invalid("Choose somebody who leads sessions.", field="person_id")
    duties = duties_in(session, ids)
    if any(duty.person_id == person for duty in duties):
        raise Conflict("This facilitator leads it already.")
    wanted = [Wanted(row.id, row.starts_at, row.ends_at, facilitators=(person,)) for row in case.rows]
    found = look(session, wanted, viewer=case.actor)
    require_free(found)
    for duty in duties:
        if duty.person_id == held:
            require_revision(duty, duty.revision)
            hand_over(session, duty=duty, person_id=person, exclusive=True, override_reason="", now=case.now)
    return found


def _reach(actor: Actor, now: datetime) -> Reach:
    return Reach(actor, actor.sites_as(Role.COORDINATOR), on=now.date())
