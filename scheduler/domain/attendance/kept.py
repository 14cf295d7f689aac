"""Marks from devices that were kept aside: a coordinator applies them, or sets them aside for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, or_, select, text, update
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import aliased

from scheduler.domain.attendance.assembly import WALK_INS, in_order
from scheduler.domain.attendance.holding import note
from scheduler.domain.attendance.merging import Outcome, Wanted
from scheduler.domain.attendance.models import WAITS, Mark, SentMark, Sheet, WalkIn, WalkInName
from scheduler.domain.attendance.opening import LOCKS_AFTER
from scheduler.domain.attendance.policy import is_shared, leads, may_reopen
from scheduler.domain.attendance.queries import lines
from scheduler.domain.attendance.service import count_walk_ins, save_marks, set_headcount
from scheduler.domain.attendance.statuses import Value, are_within
from scheduler.domain.attendance.sync import WALK_IN
from scheduler.domain.attendance.walking_in import write_down_after_all
from scheduler.domain.attendance.walking_in_later import forget_kept_name
from scheduler.domain.attendance.why import Why
from scheduler.domain.attendance.writing import value_of
from scheduler.domain.people.models import Identity
from scheduler.domain.people.roles import Actor
from scheduler.domain.planning.looking import reason_of
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.stays.policy import private_members
from scheduler.errors import Conflict, NotFound, Refused
from scheduler.store.asking import rows

MOST: Final = 200
"""How many of them a page shows, the oldest first."""
APPLIED, SET_ASIDE = "applied", "set_aside"
SETTLED: Final = "Somebody else settled this in the meantime."
LEFT: Final = "What stood was left."
"""Why it was set aside, where whoever made it says so."""
CHANGED: Final = "What stands there was changed in the meantime. Look again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One that waits: ``what`` is a mark, the number that it is, or a walk-in; ``person`` whom it is about,
    empty also for a walk-in whose name was removed.

    ``local_start`` is naive, in ``timezone``; the instants are in UTC. ``stands`` and ``stands_number`` are
    what the sheet says now, at ``revision``; ``is_booked``: the session takes place; ``is_submitted``:
    applying it is a correction. ``is_led``: the viewer leads the session; ``is_asked``: they made it, and
    settle it themselves.
    """

    uid: str
    occurrence_id: int
    title: str
    local_start: datetime
    starts_at: datetime
    ends_at: datetime
    timezone: str
    is_booked: bool
    is_submitted: bool
    is_led: bool
    is_asked: bool
    by: str
    person_id: int | None
    person: str
    what: str
    value: Value
    number: int | None
    why: Why
    made_at: datetime
    received_at: datetime
    stands: Value
    stands_number: int | None
    revision: int

    @property
    def is_walk_in(self) -> bool:
        """Whether somebody was written down who was not expected."""
        return self.what == WALK_IN

    @property
    def seen(self) -> str:
        """What the page shows as standing there, for a form to send back."""
        return str(self.revision if self.person_id else self.stands_number)


def waiting(session: Database, *, actor: Actor, occurrence_id: int | None = None) -> tuple[Waiting, ...]:
    """What waits within the reach of a coordinator, the oldest session first. One statement, and one for each
    session of which somebody's mark waits.
    """
    mine = [_in_reach(actor)]
    if occurrence_id is not None:
        mine.append(SentMark.occurrence_id == occurrence_id)
    return _found(session, actor, *mine)


def waiting_of(session: Database, *, actor: Actor) -> tuple[Waiting, ...]:
    """What of the actor's own waits. As many statements as `waiting`."""
    return _found(session, actor, SentMark.sent_by == actor.person_id)


def number_waiting(session: Database, *, actor: Actor) -> int:
    """How many wait within the reach of a coordinator. One statement."""
    query = (
        select(func.count())
        .select_from(SentMark)
        .join(Occurrence, Occurrence.id == SentMark.occurrence_id)
        .join(Series, Series.id == Occurrence.series_id)
        .where(text(WAITS), _in_reach(actor))
    )
    return session.scalar(query) or 0


def apply_kept(
    session: Database,
    *,
    actor: Actor,
    occurrence_id: int,
    uid: str,
    seen: int | None,
    reason: str,
    now: datetime,
    locks: timedelta = LOCKS_AFTER,
) -> None:
    """Save it over what was ``seen`` to stand, as a correction where the sheet was handed in.

    Raises NotFound for what is neither in the actor's reach nor theirs to answer; Conflict where something
    else stands or it was settled; Refused and Invalid (field ``reason``) as a save of a mark.
    """
    kept = _one(session, actor, occurrence_id, uid)
    _require_fit(kept)
    common: dict[str, Any] = {"actor": actor, "occurrence_id": occurrence_id, "now": now}
    common |= {"reason": reason, "locks": locks}
    if kept.person_id is not None:
        marks = [Wanted(kept.person_id, kept.value, seen=seen or 0)]
        came = [kept.person_id] if kept.why is Why.NOT_EXPECTED else []  # they say so who apply it
        outcome = save_marks(session, marks=marks, came=came, **common)[0].outcome
    elif kept.is_walk_in:
        write_down_after_all(session, sent_as=kept.uid, value=kept.value, **common)
        outcome = Outcome.APPLIED
    elif kept.what == WALK_INS:
        number = kept.number or 0
        outcome = count_walk_ins(session, number=number, seen=seen or 0, **common).outcome
    else:
        outcome = set_headcount(session, number=kept.number or 0, seen=seen, **common).outcome
    if outcome is Outcome.CONFLICT:
        raise Conflict(CHANGED)
    if outcome is Outcome.NOT_EXPECTED:
        raise Refused("This person is not on the sheet any more.")
    _settle(session, actor, kept, APPLIED, reason.strip(), now)
    note(session, actor, "sheet.kept_applied", occurrence_id, now, {"marks": 1})


def _require_fit(kept: Waiting) -> None:
    length = int((kept.ends_at - kept.starts_at).total_seconds() // 60)
    minutes = (kept.value.late_minutes, kept.value.left_minutes)
    if not all(each is None or are_within(each, length) for each in minutes):
        raise Refused("The minutes are not within the session any more. Mark it on the sheet instead.")


def set_aside(
    session: Database, *, actor: Actor, occurrence_id: int, uid: str, reason: str, now: datetime
) -> None:
    """Have it never be applied; it stays on record with the reason. Raises as `apply_kept`."""
    kept = _one(session, actor, occurrence_id, uid)
    reason = reason_of(reason, field="reason", needed=True)
    _settle(session, actor, kept, SET_ASIDE, reason, now)
    if kept.is_walk_in:
        forget_kept_name(session, occurrence_id, uid)
    note(session, actor, "sheet.kept_set_aside", occurrence_id, now, {"marks": 1})


def _one(session: Database, actor: Actor, occurrence_id: int, uid: str) -> Waiting:
    found = _found(
        session,
        actor,
        or_(_in_reach(actor), _asked(actor)),
        SentMark.occurrence_id == occurrence_id,
        SentMark.uid == uid,
    )
    if not found:
        raise NotFound("There is no such mark.")
    return found[0]


def _settle(session: Database, actor: Actor, kept: Waiting, how: str, reason: str, now: datetime) -> None:
    done = (
        update(SentMark)
        .where(SentMark.uid == kept.uid, SentMark.settled_at.is_(None))
        .values(settled=how, settled_at=now, settled_by=actor.person_id, reason=reason)
        .returning(SentMark.uid)
    )
    if session.scalar(done) is None:
        raise Conflict(SETTLED)


def _in_reach(actor: Actor) -> ColumnElement[bool]:
    """In the reach of a coordinator, but for colleagues whose marks are not their business."""
    private = private_members(actor)
    mine = may_reopen(actor)
    if private is None:
        return mine
    return and_(mine, or_(SentMark.person_id.is_(None), SentMark.person_id.not_in(private)))


def _asked(actor: Actor) -> ColumnElement[bool]:
    """Who made it and leads the session is asked which, as on the sheet, where somebody else was faster.

    And about all that waits of a group that keeps its number to itself, which no coordinator sees.
    """
    is_theirs = SentMark.why == Why.CONFLICT.value
    return and_(SentMark.sent_by == actor.person_id, leads(actor), or_(is_theirs, ~is_shared()))


def _found(session: Database, actor: Actor, *conditions: ColumnElement[bool]) -> tuple[Waiting, ...]:
    query = _query(actor).where(text(WAITS), *conditions)
    query = query.order_by(Occurrence.starts_at, SentMark.made_at, SentMark.uid).limit(MOST)
    found = list(rows(session, query))
    led = {row[1]: bool(row[9]) for row in found if row[11] is not None}
    names = {number: _names_on(session, actor, number, is_led=is_led) for number, is_led in led.items()}
    return tuple(_waiting(row, names.get(row[1], {}).get(row[11], row[12] or "")) for row in found)


def _names_on(session: Database, actor: Actor, occurrence_id: int, *, is_led: bool) -> dict[int, str]:
    """What its sheet calls those who are on it for this actor."""
    there = lines(session, occurrence_id, private=None if is_led else private_members(actor))
    return {each.person_id: each.short_name for each in in_order(there) if each.person_id}


def _query(actor: Actor) -> Any:
    sender, person = aliased(Identity), aliased(Identity)
    number = case((SentMark.what == WALK_INS, func.coalesce(Sheet.walk_ins, 0)), else_=Sheet.headcount)
    return (
        select(
            *(SentMark.uid, SentMark.occurrence_id, Series.title, Occurrence.local_start),
            *(Occurrence.starts_at, Occurrence.ends_at, Series.timezone, Occurrence.booked),
            *(Sheet.submitted_at, leads(actor), sender.short_name, SentMark.person_id),
            func.coalesce(person.short_name, WalkInName.name),
            *(SentMark.what, SentMark.status, SentMark.late_minutes, SentMark.left_minutes),
            *(SentMark.excuse, SentMark.number, SentMark.why, SentMark.made_at, SentMark.received_at),
            *(Mark.status, Mark.late_minutes, Mark.left_minutes, Mark.excuse),
            *(number, func.coalesce(Mark.revision, 0), _asked(actor)),
        )
        .select_from(SentMark)
        .join(Occurrence, Occurrence.id == SentMark.occurrence_id)
        .join(Series, Series.id == Occurrence.series_id)
        .join(sender, sender.person_id == SentMark.sent_by)
        .outerjoin(person, person.person_id == SentMark.person_id)
        .outerjoin(Sheet, Sheet.occurrence_id == SentMark.occurrence_id)
        .outerjoin(Mark, (Mark.sheet_id == Sheet.id) & (Mark.person_id == SentMark.person_id))
        .outerjoin(WalkIn, (WalkIn.sheet_id == Sheet.id) & (WalkIn.sent_as == SentMark.uid))
        .outerjoin(WalkInName, WalkInName.walk_in_id == WalkIn.id)
    )


def _waiting(row: tuple[Any, ...], person: str) -> Waiting:
    return Waiting(
        uid=row[0],
        occurrence_id=row[1],
        title=row[2],
        local_start=row[3],
        starts_at=row[4],
        ends_at=row[5],
        timezone=row[6],
        is_booked=bool(row[7]),
        is_submitted=row[8] is not None,
        is_led=bool(row[9]),
        by=row[10],
        person_id=row[11],
        person=person,
        what=row[13],
        value=value_of(*row[14:18]),
        number=row[18],
        why=Why(row[19]),
        made_at=row[20],
        received_at=row[21],
        stands=value_of(*row[22:26]),
        stands_number=row[26],
        revision=row[27],
        is_asked=bool(row[28]),
    )
