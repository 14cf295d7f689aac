"""What devices sent, as rows: found again when it comes twice, and kept with what became of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import and_, bindparam, insert, or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.devices import Known as Device
from scheduler.domain.attendance.holding import note
from scheduler.domain.attendance.merging import Outcome
from scheduler.domain.attendance.models import SentMark
from scheduler.domain.attendance.statuses import UNMARKED
from scheduler.domain.attendance.sync import (
    WALK_IN,
    Decided,
    Known,
    Number,
    Sent,
    SentNumber,
    SentWalkIn,
    WalkedIn,
)
from scheduler.domain.attendance.why import Why
from scheduler.domain.attendance.writing import columns_of
from scheduler.domain.people.roles import Actor
from scheduler.store.asking import executed, rows

MARK: Final = "mark"
"""What a SentMark is that is no number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who made the marks, on which device (none: one that is not known any more).

    ``asks``: they are there, and can be asked. ``why`` all that they send is kept aside, if it is: nothing
    that was made before ``since`` can be theirs, so that it is taken to be made then.
    """

    actor: Actor
    device_id: int | None
    since: datetime
    why: Why | None = None
    asks: bool = True


BEFORE: Final = timedelta(days=1)
"""Nothing is taken to be made longer before a device was."""


def sender_of(actor: Actor, device: Device, *, asks: bool = True) -> Sender:
    """Who sends from a device that is known; who is there, signed in themselves, whatever ended before."""
    revoked = Why.REVOKED if device.is_revoked and not asks else None
    why = Why.ENDED if device.is_ended else revoked
    return Sender(actor=actor, device_id=device.id, since=device.first_at - BEFORE, why=why, asks=asks)


@dataclass(frozen=True, slots=True)
class Batch:
    """What a device sent for one sheet."""

    occurrence_id: int
    marks: tuple[Sent, ...] = ()
    numbers: tuple[SentNumber, ...] = ()
    walk_ins: tuple[SentWalkIn, ...] = ()

    @property
    def persons(self) -> set[int]:
        """Whom the marks are about."""
        return {sent.wanted.person_id for sent in self.marks}

    @property
    def filled(self) -> set[int]:
        """Those whose marks only fill a gap."""
        return {sent.wanted.person_id for sent in self.marks if sent.wanted.only_if_unmarked}

    @property
    def all(self) -> tuple[Sent | SentNumber | SentWalkIn, ...]:
        """The marks, then the numbers and the walk-ins."""
        return self.marks + self.numbers + self.walk_ins

    @property
    def uids(self) -> set[str]:
        """The names of all of it."""
        return {sent.uid for sent in self.all}

    @property
    def after(self) -> set[str]:
        """What the same hand made before, as it says."""
        return {sent.after for sent in self.all} - {""}

    def by(self, until: datetime) -> tuple[Batch, Batch]:
        """What was made until then, and what was made later."""
        late = {sent.uid for sent in self.all if sent.at is not None and sent.at > until}
        return self.without(late), self.without(self.uids - late)

    def of(self, goes_on: Mapping[int, int]) -> Batch:
        """The same, about the records that go on where others were joined with them."""
        return replace(self, marks=tuple(_about(sent, goes_on) for sent in self.marks))

    def without(self, uids: Collection[str]) -> Batch:
        """The same without these."""
        return Batch(
            self.occurrence_id,
            tuple(sent for sent in self.marks if sent.uid not in uids),
            tuple(sent for sent in self.numbers if sent.uid not in uids),
            tuple(sent for sent in self.walk_ins if sent.uid not in uids),
        )


_FOUND: Final = select(
    SentMark.uid,
    *(SentMark.person_id, SentMark.what, SentMark.clock_at, SentMark.outcome, SentMark.revision),
    *(SentMark.sent_by, SentMark.occurrence_id, SentMark.why, SentMark.made_at),
).where(
    or_(
        SentMark.uid.in_(bindparam("uids", expanding=True)),
        and_(
            SentMark.occurrence_id == bindparam("occurrence"),
            SentMark.sent_by == bindparam("by"),
            SentMark.device_id == bindparam("device"),
        ),
    )
)


_ADDED: Final = insert(SentMark)


@dataclass(frozen=True, slots=True)
class Before:
    """What came before for a sheet: ``known`` is what the same device sent, and what came again.

    ``foreign`` are uids that are other marks' already, also where one named something else before. Those are
    not for this sender to hear of.
    """

    known: tuple[Known, ...]
    foreign: frozenset[str]


def before(session: Database, sender: Sender, batch: Batch) -> Before:
    """What came before from this sender. One statement."""
    me, named = sender.actor.person_id, {sent.uid: about_of(sent) for sent in batch.all}
    uids, sheet = sorted(named.keys() | batch.after), batch.occurrence_id
    asked = {"uids": uids, "occurrence": sheet, "by": me, "device": sender.device_id}
    known: list[Known] = []
    foreign: set[str] = set()
    for uid, person, what, clock_at, outcome, agreed, by, occurrence, why, at in rows(session, _FOUND, asked):
        about = what if person is None else person
        is_theirs = by == me and occurrence == sheet
        if is_theirs and named.get(uid, about) == about:
            kept_for = Why(why) if why else None
            known.append(Known(uid, about, clock_at or at, Outcome(outcome), agreed, kept_for, at))
        elif uid in named:
            foreign.add(uid)
    return Before(tuple(known), frozenset(foreign))


def remember_sent(
    session: Database,
    sender: Sender,
    occurrence_id: int,
    decided: Sequence[Decided | Number | WalkedIn],
    now: datetime,
) -> None:
    """Keep what came, and what became of it. At most one statement, and the audit's."""
    kept = [_row(sender, occurrence_id, each, now) for each in decided if not each.again]
    if kept:
        executed(session, _ADDED, kept)
    if aside := sum(bool(row["why"]) for row in kept):
        note(session, sender.actor, "sheet.kept_aside", occurrence_id, now, {"marks": aside})


def about_of(sent: Sent | SentNumber | SentWalkIn) -> int | str:
    """The person whom it is about, or what it counts, or that it is a walk-in."""
    if isinstance(sent, Sent):
        return sent.wanted.person_id
    return sent.what if isinstance(sent, SentNumber) else WALK_IN


def _about(sent: Sent, goes_on: Mapping[int, int]) -> Sent:
    person = sent.wanted.person_id
    if person not in goes_on:
        return sent
    return replace(sent, wanted=replace(sent.wanted, person_id=goes_on[person]))


def _row(
    sender: Sender, occurrence_id: int, each: Decided | Number | WalkedIn, now: datetime
) -> dict[str, Any]:
    return {
        "uid": each.sent.uid,
        "device_id": sender.device_id,
        "sent_by": sender.actor.person_id,
        "occurrence_id": occurrence_id,
        **_said(each.sent),
        "made_at": max(sender.since, each.sent.at or each.sent.made_at),
        "clock_at": each.sent.made_at,
        "received_at": now,
        "outcome": str(each.outcome),
        "revision": each.agreed,
        "why": str(each.why or ""),
        "settled": "",
        "reason": "",
    }


def _said(sent: Sent | SentNumber | SentWalkIn) -> dict[str, Any]:
    if isinstance(sent, SentNumber):
        return _counted(sent)
    if isinstance(sent, SentWalkIn):  # what they are called stands in WalkInName only
        about = {"person_id": None, "what": WALK_IN, **columns_of(sent.value)}
        return about | {"number": None, "seen": None, "fills": False}
    wanted = sent.wanted
    about = {"person_id": wanted.person_id, "what": MARK, **columns_of(wanted.value)}
    return about | {"number": None, "seen": wanted.seen, "fills": wanted.only_if_unmarked}


def _counted(sent: SentNumber) -> dict[str, Any]:
    about = {"person_id": None, "what": sent.what, **columns_of(UNMARKED)}
    return about | {"number": sent.number, "seen": sent.seen, "fills": False}
