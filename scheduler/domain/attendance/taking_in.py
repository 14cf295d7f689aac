"""What devices send is taken in, sheet by sheet: saved where it can be, and kept aside where it cannot."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.absences import saying_so
from scheduler.domain.attendance.assembly import HEADCOUNT, WALK_INS
from scheduler.domain.attendance.devices import has_held
from scheduler.domain.attendance.history import keep
from scheduler.domain.attendance.holding import Opened, begin, goes_on_of, hold_sheet, note, require_open
from scheduler.domain.attendance.merging import Outcome
from scheduler.domain.attendance.opening import LOCKS_AFTER, Phase
from scheduler.domain.attendance.sent_limits import Told, among, ever_on, told_of
from scheduler.domain.attendance.sent_rows import Batch, Sender, before, remember_sent
from scheduler.domain.attendance.statuses import are_within
from scheduler.domain.attendance.sync import (
    Decided,
    Known,
    Number,
    Sent,
    SentWalkIn,
    Terms,
    WalkedIn,
    decide,
    decide_numbers,
    decide_walk_ins,
)
from scheduler.domain.attendance.walking_in_later import (
    decided_walk_ins,
    keep_walk_ins_blindly,
    save_walk_ins,
    written_down,
)
from scheduler.domain.attendance.why import Why
from scheduler.domain.attendance.writing import Standing, Write, standing, write
from scheduler.domain.enrollment.queries import members_of
from scheduler.domain.people.roles import Actor
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.domain.stays.policy import private_members
from scheduler.errors import NotFound


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the marks, numbers and walk-ins for one sheet.

    ``timezone`` is that of the session; ``minutes`` how long it lasts. ``unfit`` are the uids of marks with
    minutes that are not within it, ``foreign`` those that belong to other marks already, ``crowded`` those
    that were too many. ``is_hidden``: the sender may not see what stands on it. ``counted_by`` and
    ``counted_at`` tell of its numbers, ``written`` by uid which rows of walk-ins it has.
    """

    timezone: str
    minutes: int
    marks: tuple[Decided, ...]
    numbers: tuple[Number, ...]
    walk_ins: tuple[WalkedIn, ...] = ()
    unfit: frozenset[str] = frozenset()
    foreign: frozenset[str] = frozenset()
    crowded: frozenset[str] = frozenset()
    is_hidden: bool = False
    counted_by: int | None = None
    counted_at: datetime | None = None
    written: Mapping[str, int] = field(default_factory=dict)


CLOSED_BY: Final = {
    Phase.STOPPED: Why.CANCELLED,
    Phase.NOT_MET: Why.NOT_MET,
    Phase.LOCKED: Why.LOCKED,
    Phase.CLOSED: Why.SUBMITTED,
}
"""Phases in which nothing is saved by itself."""


def take_in(
    session: Database, *, sender: Sender, batch: Batch, now: datetime, locks: timedelta = LOCKS_AFTER
) -> Taken:
    """Take in what a device sent for one sheet. What came before changes nothing.

    A mark of somebody whose record was joined with another one is that other one's.

    Raises NotFound for a sheet that the sender may not take and never held, and Refused before its day.
    """
    opened = _opened(session, sender, batch)
    if opened is None:
        batch = batch.of(goes_on_of(session, batch.persons))
        return _kept_blindly(session, sender, batch, now)
    joined = frozenset(sent.uid for sent in batch.marks if sent.wanted.person_id in opened.goes_on)
    batch = batch.of(opened.goes_on)
    phase = opened.phase(now, locks)
    why = Why.EARLY if phase is Phase.NOT_YET and not sender.asks else CLOSED_BY.get(phase)
    if why is None:
        require_open(opened, now, locks)
    earlier = before(session, sender, batch)
    unfit = frozenset(sent.uid for sent in batch.marks + batch.walk_ins if not _fits(sent, opened))
    fit = batch.without(earlier.foreign | unfit if sender.asks else earlier.foreign)
    hidden = among(session, fit.persons, opened.private)
    there = standing(session, opened.sheet.id, fit.persons - hidden)
    decided = decide(
        fit.marks,
        stands=there.saved,
        known=earlier.known,
        on_it=members_of(session, [batch.occurrence_id]) - hidden if fit.marks else (),
        by=sender.actor.person_id,
        now=now,
        terms=Terms(why or (Why.COUNTING if opened.by_heads else None), sender.asks),
        absent=saying_so(session, batch.occurrence_id, fit.filled),
        unfit=unfit,
        joined=joined,
    )
    told = told_of(
        session,
        sender,
        batch.occurrence_id,
        marks=decided,
        numbers=_numbers(opened, fit, earlier.known, why, sender),
        walk_ins=decided_walk_ins(session, opened, fit, earlier.known, why, unfit),
        hidden=hidden,
    )
    _save(session, opened, there, told, sender.actor, now)
    remember_sent(session, sender, batch.occurrence_id, told.kept, now)
    return Taken(
        timezone=opened.timezone,
        minutes=_minutes(opened.starts_at, opened.ends_at),
        marks=told.marks,
        numbers=told.numbers,
        walk_ins=told.walk_ins,
        unfit=unfit if sender.asks else frozenset(),
        foreign=earlier.foreign,
        crowded=told.crowded,
        counted_by=opened.sheet.counted_by,
        counted_at=opened.sheet.counted_at,
        written=written_down(session, batch.occurrence_id, [sent.uid for sent in fit.walk_ins]),
    )


def _opened(session: Database, sender: Sender, batch: Batch) -> Opened | None:
    """The sheet under its lock; none where it was theirs and is no more, and where all is kept aside."""
    try:
        opened = hold_sheet(session, sender.actor, batch.occurrence_id, batch.persons)
    except NotFound:
        if has_held(session, sender.actor.person_id or 0, batch.occurrence_id):
            return None
        raise
    return None if sender.why else opened


def _kept_blindly(session: Database, sender: Sender, batch: Batch, now: datetime) -> Taken:
    """All is kept aside; what stands on the sheet is not looked at, and so tells nothing."""
    named = select(Occurrence).join(Series, Series.id == Occurrence.series_id)
    named = named.where(Occurrence.id == batch.occurrence_id, Series.listed.is_(False))
    found = session.scalar(named.with_for_update(of=Occurrence, key_share=True))
    if found is None:
        raise NotFound("There is no such sheet.")
    earlier = before(session, sender, batch)
    batch = batch.without(earlier.foreign)
    hidden = _hidden_from(session, sender, batch)
    decided = decide(
        batch.marks,
        stands={},
        known=earlier.known,
        on_it=ever_on(session, batch.occurrence_id, batch.persons - hidden),
        by=sender.actor.person_id,
        now=now,
        terms=(terms := Terms(sender.why or Why.NOT_THEIRS, sender.asks)),
    )
    told = told_of(
        session,
        sender,
        batch.occurrence_id,
        marks=decided,
        numbers=decide_numbers(batch.numbers, stands={}, known=earlier.known, terms=terms),
        walk_ins=decide_walk_ins(batch.walk_ins, known=earlier.known, why=terms.why),
        hidden=hidden,
    )
    keep_walk_ins_blindly(session, batch.occurrence_id, told.walk_ins, sender.actor, now)
    remember_sent(session, sender, batch.occurrence_id, told.kept, now)
    minutes = _minutes(found.starts_at, found.ends_at)
    return Taken(
        timezone="UTC",
        minutes=minutes,
        marks=told.marks,
        numbers=told.numbers,
        walk_ins=told.walk_ins,
        foreign=earlier.foreign,
        crowded=told.crowded,
        is_hidden=True,
    )


def _hidden_from(session: Database, sender: Sender, batch: Batch) -> set[int]:
    """Colleagues who never were on the sheet for whoever sends: a device only held what its person led."""
    if has_held(session, sender.actor.person_id or 0, batch.occurrence_id):
        return set()
    return among(session, batch.persons, private_members(sender.actor))


def _fits(sent: Sent | SentWalkIn, opened: Opened) -> bool:
    length = _minutes(opened.starts_at, opened.ends_at)
    value = sent.wanted.value if isinstance(sent, Sent) else sent.value
    return all(each is None or are_within(each, length) for each in (value.late_minutes, value.left_minutes))


def _minutes(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds() // 60)


def _numbers(
    opened: Opened, batch: Batch, known: Collection[Known], why: Why | None, sender: Sender
) -> tuple[Number, ...]:
    fitting = HEADCOUNT if opened.by_heads else WALK_INS
    stands = {WALK_INS: opened.sheet.walk_ins, HEADCOUNT: opened.sheet.headcount}
    numbers: tuple[Number, ...] = ()
    for what in (WALK_INS, HEADCOUNT):
        terms = Terms(why or (None if what == fitting else Why.COUNTING), sender.asks)
        of_it = [each for each in batch.numbers if each.what == what]
        numbers += decide_numbers(of_it, stands=stands, known=known, terms=terms)
    return numbers


def _save(
    session: Database, opened: Opened, there: Standing, told: Told, actor: Actor, now: datetime
) -> None:
    _save_marks(session, opened, there, told.marks, actor, now)
    _save_numbers(session, opened, told.numbers, actor, now)
    save_walk_ins(session, opened, told.walk_ins, actor, now)


def _save_marks(
    session: Database,
    opened: Opened,
    there: Standing,
    decided: Sequence[Decided],
    actor: Actor,
    now: datetime,
) -> None:
    writes = [
        Write(each.sent.wanted.person_id, each.saved.value, each.saved.revision)
        for each in decided
        if each.outcome is Outcome.APPLIED and not each.again
    ]
    if writes:
        begin(session, opened, now)
        sheet = opened.sheet
        write(session, sheet.id, there.ids, writes, by=actor.person_id, now=now)
        note(session, actor, "sheet.marked", sheet.occurrence_id, now, {"marks": len(writes)})


def _save_numbers(
    session: Database, opened: Opened, numbers: Sequence[Number], actor: Actor, now: datetime
) -> None:
    for each in numbers:
        if each.outcome is Outcome.APPLIED and not each.again:
            begin(session, opened, now)
            sheet, what, number = opened.sheet, each.sent.what, each.sent.number
            setattr(sheet, what, number)
            sheet.counted_by, sheet.counted_at = actor.person_id, now
            keep(session, sheet, what, number, actor=actor, now=now, reason="")
            note(session, actor, "sheet.counted", sheet.occurrence_id, now, {what: number})
