"""Who a walk-in was: a member, looked up by their exact full name, gets the mark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance import queries, service
from scheduler.domain.attendance.confirming import renew
from scheduler.domain.attendance.merging import Outcome, Saved, Wanted
from scheduler.domain.attendance.models import Mark, WalkIn, WalkInName
from scheduler.domain.attendance.opening import LOCKS_AFTER
from scheduler.domain.attendance.statuses import Value
from scheduler.domain.attendance.walk_ins import value_of_walk_in
from scheduler.domain.attendance.walking_in import ONLY_COUNTED, hold_with_names, takes_names, walk_in_on
from scheduler.domain.people.finding import Found, Sight, called_exactly
from scheduler.domain.people.roles import Actor, Role
from scheduler.domain.stays.queries import hold_on, stays_of
from scheduler.errors import Invalid, Refused
from scheduler.store.audit import record

MATCHED: Final = "A walk-in was matched."
"""Why the mark on a sheet that was handed in was changed, where nobody says it better."""
NOBODY: Final = "No member has this name. Type all of it, as it is on record."
MORE_THAN_ONE: Final = "More than one person has this name. Ask the front desk."


@dataclass(frozen=True, slots=True)
class Member:
    """The one member who has the name; what is unusual about their being there on that day."""

    person_id: int
    name: str
    on_hold: bool
    in_a_stay: bool


@dataclass(frozen=True, slots=True)
class Matched:
    """What became of the mark; ``saved`` is how it stands, theirs where it is a conflict with ``value``."""

    member: Member
    outcome: Outcome
    value: Value
    saved: Saved


def member_called(
    session: Database, *, actor: Actor, occurrence_id: int, name: str, sight: Sight, on: date
) -> Member:
    """The member with exactly this full name, if there is one only, for somebody who may take this sheet.

    Raises NotFound for whoever may not, and Refused where it has no names, whatever was typed; Invalid on
    ``name``, with the same words for somebody who is not there and somebody out of ``sight``.
    """
    head = queries.head_of(session, actor=actor, occurrence_id=occurrence_id)
    if not takes_names(head.kind, by_heads=head.is_by_heads):
        raise Refused(ONLY_COUNTED)
    found = called_exactly(session, name, role=Role.MEMBER, sight=sight)
    if not found:
        raise Invalid(NOBODY, "name")
    if len(found) > 1:
        raise Invalid(MORE_THAN_ONE, "name")
    return _member(session, found[0], on)


def mark_member(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    name: str,
    sight: Sight,
    now: datetime,
    value: Value | None = None,
    walk_in_id: int | None = None,
    seen: int = 0,
    keep: bool = False,
    reason: str = "",
    locks: timedelta = LOCKS_AFTER,
) -> Matched:
    """Mark a member who was not expected, with ``value`` or as the walk-in who they turned out to be.

    Through the save of every mark: another one that stands is a conflict, unless it has the revision
    ``seen``; with ``keep`` it stays, and the walk-in is matched all the same. Matched, the typed name goes.
    Raises as `member_called`, as `service.save_marks`, and NotFound or Conflict for a walk-in who is not on
    the sheet any more, or was matched by somebody else.
    """
    if walk_in_id is None and not (value and value.is_in_the_room):  # told before anybody is looked up
        raise Invalid("Say how they were there: present, late, or left early.", "status")
    member = member_called(
        session, actor=actor, occurrence_id=occurrence_id, name=name, sight=sight, on=now.date()
    )
    opened = hold_with_names(session, actor, occurrence_id, now, locks, member.person_id)
    row = walk_in_on(session, opened, walk_in_id) if walk_in_id is not None else None
    wanted = value_of_walk_in(row) if row else value or Value()
    if row:
        row.person_id = member.person_id  # counts no more, before the mark does
        session.flush()
    why = reason or (MATCHED if row else "")
    [result] = service.save_marks(
        session,
        actor=actor,
        occurrence_id=occurrence_id,
        marks=[Wanted(member.person_id, wanted, seen or _taken_back(session, opened.sheet.id, member))],
        now=now,
        reason=why,
        locks=locks,
        came=[member.person_id],
    )
    if row and result.outcome is Outcome.CONFLICT and not keep:
        row.person_id = None
        session.flush()
    elif row:
        if opened.is_submitted and result.outcome is not Outcome.APPLIED:
            renew(session, opened, actor=actor, now=now, reason=why)
        _matched(session, row, actor=actor, occurrence_id=occurrence_id, now=now)
    return Matched(member, Outcome.UNCHANGED if keep else result.outcome, wanted, result.saved)


def _matched(session: Database, row: WalkIn, *, actor: Actor, occurrence_id: int, now: datetime) -> None:
    row.matched_by, row.matched_at = actor.person_id, now
    row.revision += 1
    session.execute(delete(WalkInName).where(WalkInName.walk_in_id == row.id))
    record(
        session,
        at=now,
        actor=actor,
        action="sheet.matched",
        subject="sheet",
        subject_id=occurrence_id,
        person_id=row.person_id,
        detail={"walk_in": row.id},
    )
    session.flush()


def _taken_back(session: Database, sheet_id: int | None, member: Member) -> int:
    """The revision of a mark that says nothing any more: nobody is asked about it. 0 where there is none."""
    query = select(Mark.revision).where(
        Mark.sheet_id == sheet_id, Mark.person_id == member.person_id, Mark.status.is_(None)
    )
    return session.scalar(query) or 0


def _member(session: Database, found: Found, on: date) -> Member:
    stays = stays_of(session, found.id)
    return Member(
        found.id,
        found.name,
        on_hold=hold_on(session, found.id, on) is not None,
        in_a_stay=any(stay.holds(on) for stay in stays),
    )
