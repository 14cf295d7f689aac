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
from scheduler.domain.attendance.holding import Opened, begin, hold_sheet, note, require_open
from scheduler.domain.attendance.merging import Outcome
from scheduler.domain.attendance.opening import LOCKS_AFTER, Phase
from scheduler.domain.attendance.sent_rows import (
    Batch,
    Sender,
    ever_on,
    known_of,
    remember_sent,
    without_strangers,
)
from scheduler.domain.attendance.statuses import are_within
from scheduler.domain.attendance.sync import (
    Decided,
    Known,
    Number,
    Sent,
    SentWalkIn,
    Terms,
    WalkedIn,
    Why,
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
from scheduler.domain.attendance.writing import Standing, Write, standing, write
from scheduler.domain.enrollment.queries import members_of
from scheduler.domain.people.models import Person
from scheduler.domain.people.roles import Actor
from scheduler.domain.schedule.models import Occurrence
from scheduler.errors import NotFound


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the marks, numbers and walk-ins for one sheet.

    ``timezone`` is that of the session; ``minutes`` how long it lasts. ``unfit`` are the uids of marks with
    minutes that are not within it, ``foreign`` those that belong to other marks already. ``is_hidden``: the
    sender may not see what stands on it. ``counted_by`` and ``counted_at`` tell of its numbers, ``written``
    by uid which rows of walk-ins it has.
    """

    timezone: str
    minutes: int
    marks: tuple[Decided, ...]
    numbers: tuple[Number, ...]
    walk_ins: tuple[WalkedIn, ...] = ()
    unfit: frozenset[str] = frozenset()
    foreign: frozenset[str] = frozenset()
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

    Raises NotFound for a sheet that the sender may not take and never held, and Refused before its day.
    """
    opened = _opened(session, sender, batch)
    if opened is None:
        return _kept_blindly(session, sender, batch, now)
    phase = opened.phase(now, locks)
    why = Why.EARLY if phase is Phase.NOT_YET and not sender.asks else CLOSED_BY.get(phase)
    if why is None:
        require_open(opened, now, locks)
    known, foreign = known_of(session, sender, batch)
    unfit = frozenset(sent.uid for sent in batch.marks + batch.walk_ins if not _fits(sent, opened))
    fit = batch.without(foreign | unfit)
    hidden = _hidden(session, opened, fit)
    there = standing(session, opened.sheet.id, fit.persons - hidden)
    decided = decide(
        fit.marks,
        stands=there.saved,
        known=known,
        on_it=members_of(session, [batch.occurrence_id]) - hidden if fit.marks else (),
        by=sender.actor.person_id,
        now=now,
        terms=Terms(why or (Why.COUNTING if opened.by_heads else None), sender.asks),
        absent=saying_so(session, batch.occurrence_id, fit.filled),
    )
    numbers = _numbers(opened, fit, known, why, sender)
    walk_ins = decided_walk_ins(session, opened, fit, known, why)
    _save_marks(session, opened, there, decided, sender.actor, now)
    _save_numbers(session, opened, numbers, sender.actor, now)
    save_walk_ins(session, opened, walk_ins, sender.actor, now)
    told, strange = without_strangers(session, batch.occurrence_id, decided)
    kept = [each for each in told if each.sent.uid not in strange]
    remember_sent(session, sender, batch.occurrence_id, [*kept, *numbers, *walk_ins], now)
    return Taken(
        timezone=opened.timezone,
        minutes=_minutes(opened.starts_at, opened.ends_at),
        marks=told,
        numbers=numbers,
        walk_ins=walk_ins,
        unfit=unfit,
        foreign=foreign,
        counted_by=opened.sheet.counted_by,
        counted_at=opened.sheet.counted_at,
        written=written_down(session, batch.occurrence_id, [sent.uid for sent in fit.walk_ins]),
    )


def _opened(session: Database, sender: Sender, batch: Batch) -> Opened | None:
    """The sheet under its lock; none where it was theirs and is no more, and for a device that was ended."""
    try:
        opened = hold_sheet(session, sender.actor, batch.occurrence_id, batch.persons)
    except NotFound:
        if sender.trusted or has_held(session, sender.actor.person_id or 0, batch.occurrence_id):
            return None
        raise
    return None if sender.is_ended else opened


def _kept_blindly(session: Database, sender: Sender, batch: Batch, now: datetime) -> Taken:
    """All is kept aside; what stands on the sheet is not looked at, and so tells nothing."""
    found = session.get(Occurrence, batch.occurrence_id, with_for_update={"key_share": True})
    if found is None:
        raise NotFound("There is no such sheet.")
    known, foreign = known_of(session, sender, batch)
    batch = batch.without(foreign)
    decided = decide(
        batch.marks,
        stands={},
        known=known,
        on_it=ever_on(session, batch.occurrence_id, batch.persons),
        by=sender.actor.person_id,
        now=now,
        terms=(terms := Terms(Why.ENDED if sender.is_ended else Why.NOT_THEIRS, sender.asks)),
    )
    numbers = decide_numbers(batch.numbers, stands={}, known=known, terms=terms)
    walk_ins = decide_walk_ins(batch.walk_ins, known=known, why=terms.why)
    keep_walk_ins_blindly(session, batch.occurrence_id, walk_ins, sender.actor, now)
    told, strange = without_strangers(session, batch.occurrence_id, decided)
    kept = [each for each in told if each.sent.uid not in strange]
    remember_sent(session, sender, batch.occurrence_id, [*kept, *numbers, *walk_ins], now)
    minutes = _minutes(found.starts_at, found.ends_at)
    return Taken("UTC", minutes, told, numbers, walk_ins, foreign=foreign, is_hidden=True)


def _fits(sent: Sent | SentWalkIn, opened: Opened) -> bool:
    length = _minutes(opened.starts_at, opened.ends_at)
    value = sent.wanted.value if isinstance(sent, Sent) else sent.value
    return all(each is None or are_within(each, length) for each in (value.late_minutes, value.left_minutes))


def _minutes(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds() // 60)


def _hidden(session: Database, opened: Opened, batch: Batch) -> set[int]:
    """Colleagues whose lines are not the business of whoever sends: for them these are not on the sheet."""
    if opened.private is None:
        return set()
    hidden = select(Person.id).where(Person.id.in_(batch.persons), Person.id.in_(opened.private))
    return set(session.scalars(hidden))


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
