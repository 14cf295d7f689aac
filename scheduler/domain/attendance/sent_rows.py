"""What devices sent, as rows: found again when it comes twice, and kept with what became of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, insert, or_, select
from sqlalchemy.orm import Session as Database

from scheduler.domain.attendance.holding import note
from scheduler.domain.attendance.merging import NEVER_SAVED, Outcome
from scheduler.domain.attendance.models import Mark, SentMark, Sheet
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
    Why,
)
from scheduler.domain.attendance.writing import columns_of
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.roles import Actor
from scheduler.domain.schedule.models import Occurrence
from scheduler.store.asking import executed, rows

MARK: Final = "mark"
"""What a SentMark is that is no number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who made the marks, on which device (none: one that is not known any more).

    ``asks``: they are there, and can be asked. ``trusted``: the sheet was handed to them, whatever is known
    of their device.
    """

    actor: Actor
    device_id: int | None
    is_ended: bool = False
    asks: bool = True
    trusted: bool = False


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
    *(SentMark.person_id, SentMark.what, SentMark.made_at, SentMark.outcome, SentMark.revision),
    *(SentMark.sent_by, SentMark.device_id, SentMark.occurrence_id, SentMark.why),
).where(
    or_(
        SentMark.uid.in_(bindparam("uids", expanding=True)),
        SentMark.occurrence_id == bindparam("occurrence"),
    )
)


_ADDED: Final = insert(SentMark)


def known_of(session: Database, sender: Sender, batch: Batch) -> tuple[tuple[Known, ...], frozenset[str]]:
    """What came before from this device for this sheet, and again; and uids that are other marks' already.

    Those are not for this sender to hear of. One statement.
    """
    asked = {"uids": sorted(batch.uids | batch.after), "occurrence": batch.occurrence_id}
    known: list[Known] = []
    foreign: set[str] = set()
    for uid, person, what, made_at, outcome, agreed, *sent in rows(session, _FOUND, asked):
        by, device, occurrence, why = sent
        is_theirs = by == sender.actor.person_id and occurrence == batch.occurrence_id
        if not is_theirs:
            foreign |= {uid} & batch.uids
        elif uid in batch.uids | batch.after or (device is not None and device == sender.device_id):
            about = what if person is None else person
            kept_for = Why(why) if why else None
            known.append(Known(uid, about, made_at, Outcome(outcome), agreed, kept_for))
    return tuple(known), frozenset(foreign)


def ever_on(session: Database, occurrence_id: int, persons: Collection[int]) -> set[int]:
    """Those of the persons who have a mark on the sheet, or ever had a place in its series."""
    if not persons:
        return set()
    enrolled = (
        select(Enrollment.person_id)
        .join(Occurrence, Occurrence.series_id == Enrollment.series_id)
        .where(Occurrence.id == occurrence_id, Enrollment.person_id.in_(persons))
    )
    marked = select(Mark.person_id).join(Sheet, Sheet.id == Mark.sheet_id)
    marked = marked.where(Sheet.occurrence_id == occurrence_id, Mark.person_id.in_(persons))
    return set(session.scalars(enrolled.union(marked)))


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


def without_strangers(
    session: Database, occurrence_id: int, decided: Sequence[Decided]
) -> tuple[tuple[Decided, ...], frozenset[str]]:
    """The same, where nobody waits for a coordinator who never was on the sheet; and the uids of such marks.

    Of them nothing is kept.
    """
    off = {each.sent.wanted.person_id for each in decided if _is_off(each) and not each.again}
    strangers = off - ever_on(session, occurrence_id, off)
    told = tuple(
        Decided(each.sent, Outcome.NOT_EXPECTED, NEVER_SAVED, None)
        if each.sent.wanted.person_id in strangers
        else each
        for each in decided
    )
    return told, frozenset(each.sent.uid for each in told if each.sent.wanted.person_id in strangers)


def _is_off(each: Decided) -> bool:
    return each.outcome is Outcome.NOT_EXPECTED or each.why is Why.NOT_EXPECTED


def _row(
    sender: Sender, occurrence_id: int, each: Decided | Number | WalkedIn, now: datetime
) -> dict[str, Any]:
    return {
        "uid": each.sent.uid,
        "device_id": sender.device_id,
        "sent_by": sender.actor.person_id,
        "occurrence_id": occurrence_id,
        **_said(each.sent),
        "made_at": each.sent.made_at,
        "received_at": now,
        "outcome": each.outcome,
        "revision": each.agreed,
        "why": each.why or "",
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
